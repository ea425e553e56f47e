"""The help: what matters at this step on one page, and behind it every key, command and sign."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnhs_tui.commands.commands import BY_WORD, COMMANDS, Command, key_labels
from nnhs_tui.debugger.at_hand import at_hand
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.pages.legend import SIGNS, signs
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

LONGEST = 30
"""Columns of a command with its argument that has its sentence beside it, not below."""
WIDE = 76
"""Columns from which on a command has its sentence beside it."""
KEYS = 10
"""Columns of the keys on the first page."""
MOST = 17
"""Rows of commands on the first page, which is to fit 24."""
ALWAYS = ("about", "legend", "test", "edit", "break", "from", "train", "quit")
"""Commands worth knowing at any step."""
FINDING_OUT = ("break", "from")
"""Those of them that give their room to the keys of a lesson."""
TASKS = "Of a task: ✓ right at once, ~ right later or with a hint, · open."


def help_page(scene: Scene | None = None, of_lesson: Sequence[str] = ()) -> Page:
    """What matters at a step; without one, all there is.

    Args:
        of_lesson: the commands of the lesson that is open; none where there is no lesson.
    """
    whole = Page("all keys and signs", _whole, found=_found)
    if scene is None:
        return whole
    return Page(
        "keys and signs that matter here",
        lambda width: _short(scene, of_lesson, width),
        more=whole,
    )


def _short(scene: Scene, of_lesson: Sequence[str], width: int) -> list[Line]:
    """One page: the keys of the lesson and this step, then those always worth knowing."""
    here = [word for word in at_hand(scene) if word not in ("help", "command", "play", "quit")]
    left_out = FINDING_OUT if of_lesson else ()
    words = dict.fromkeys((*of_lesson, *here, *(each for each in ALWAYS if each not in left_out)))
    lines: list[Line] = []
    for command in (BY_WORD[word] for word in words if word in BY_WORD):
        if command.keys:
            key = fit(f"  {key_labels(command)}", KEYS - 1)
            lines += wrap(((f"{key} ", "key"), (command.help, "text")), width, KEYS)
    lines = lines[:MOST]
    told = (
        "What this step is about is reversed, what it has changed is bold. The mouse works too: "
        "click a number, and you are at the step that made it."
    )
    lines += [(), *wrap(((told, "text"),), width)]
    if of_lesson:
        lines += wrap(((TASKS, "text"),), width)
    more = (("?", "key"), (" again: every key, command and sign", "text"))
    return [*lines, *wrap(more, width)]


def _whole(width: int) -> list[Line]:
    lines: list[Line] = []
    for group in dict.fromkeys(command.group for command in COMMANDS):
        lines.append(((group.label, "title chosen"),))
        for command in (each for each in COMMANDS if each.group == group):
            lines += _command(command, width)
        lines.append(())
    lines += [(("Signs", "title chosen"),), *signs(width), ()]
    advice = (
        "A command can also be typed: : opens the command line, and Ctrl+P looks for one by its "
        "name. The mouse wheel scrolls the pane it is over; a click on a node, a number or the "
        "timeline runs there, a click on a key in the last row is that key."
    )
    return [*lines, *wrap(((advice, "text"),), width)]


def _command(command: Command, width: int) -> Iterator[Line]:
    """Keys, call and sentence of a command."""
    keys = max(len(key_labels(each)) for each in COMMANDS)
    words = max(len(each.call) for each in COMMANDS if len(each.call) <= LONGEST)
    wide, call = width >= WIDE, command.call
    key = (fit(key_labels(command), keys if wide else 9), "key")
    if not wide:
        yield from wrap((key, (" ", "text"), (call, "text")), width, 10)
        yield from wrap((("  ", "text"), (command.help, "dim")), width, 2)
        return
    head: Line = (("  ", "text"), key, (" ", "text"))
    if len(call) > words:
        yield from wrap((*head, (call, "text")), width, 2 + keys + 1)
        head, call = (((" " * (2 + keys + 1)), "text"),), ""
    head = (*head, (fit(call, words + 1), "text"))
    yield from wrap((*head, (command.help, "dim")), width, 2 + keys + 1 + words + 1)


def _found(width: int, search: str) -> list[Line]:
    """The commands and signs in which every word of a search is."""
    words = search.casefold().split()
    lines: list[Line] = []
    for command in COMMANDS:
        text = (key_labels(command), command.call, command.title, command.help)
        if _has(text, words):
            lines += _command(command, width)
    kept = [sign for sign in SIGNS if _has(sign[::2], words)]
    return [*lines, *signs(width, kept)] or [((" nothing has that in it", "dim"),)]


def _has(texts: Sequence[str], words: Sequence[str]) -> bool:
    whole = " ".join(texts).casefold()
    return all(word in whole for word in words)
