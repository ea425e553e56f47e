"""Keys and the footer's hints, out of the table of commands."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding, BindingType

from nnhs_tui.commands.commands import BY_WORD, COMMANDS, Command, key_label
from nnhs_tui.present.text.lines import Line, Run, cells, clip, standing_for

PRIORITY = {"ctrl+q", "ctrl+p"}
"""Keys that also work while a text is being typed."""

HINTS = {
    "answer": "answer",
    "lesson": "lesson",
    "next-lesson": "next lesson",
    "next": "next",
    "back": "back",
    "into": "into",
    "out": "out",
    "next-phase": "next phase",
    "apply": "apply",
    "arithmetic": "exact/hand",
    "scenarios": "other scenarios",
    "help": "help",
    "quit": "quit",
    "about": "about",
    "legend": "signs",
    "test": "test",
    "command": "command",
    "play": "play",
    "blank": "blank",
}
"""The footer's commands with a word or two each, in their order on the screen."""


FOOTER = ("next", "back", "help", "quit", "command")
"""What there is while the scenario is being opened."""


def bindings(words: Iterable[str] | None = None, *, in_order: bool = False) -> list[BindingType]:
    """Bindings for the commands of the table, or for some of them.

    Args:
        in_order: carry out every key before the next is looked at. Else keys that come in one
            piece, as over a slow line, are handed on before the first of them has had its effect.
    """
    known = COMMANDS if words is None else [BY_WORD[word] for word in words if word in BY_WORD]
    return [_binding(command, key, in_order) for command in known for key in command.keys]


def _binding(command: Command, key: str, in_order: bool) -> Binding:
    argument = f" {key}" if command.word == "pane" else ""
    identity = f"{command.word}{argument.replace(' ', '-')}"
    return Binding(
        key,
        f"run('{command.word}{argument}')",
        command.title,
        show=False,
        priority=in_order or key in PRIORITY,
        tooltip=command.help,
        id=identity,
    )


def hints(words: Iterable[str], width: int) -> Line:
    """`n next  p back …`: of the words, the most useful first, as many as fit."""
    fitting: set[str] = set()
    room = width + 2
    for word in (each for each in words if BY_WORD[each].keys):
        room -= 2 + cells(_label(word)) + 1 + cells(HINTS[word])
        if room < 0:
            break
        fitting.add(word)
    runs: list[Run] = []
    for word in (each for each in HINTS if each in fitting):
        runs += [("  ", "text")] if runs else []
        what = f"do:{word}"
        runs.append((_label(word), standing_for("key", what)))
        runs.append((f" {HINTS[word]}", standing_for("dim", what)))
    return tuple(runs)


KeyTold = tuple[str, str, str]
"""A key of one screen, what it does, and the action that a click on it stands for; "" for none."""


def key_row(keys: Iterable[KeyTold], width: int) -> Line:
    """`Enter look  q leave`, cut where there is no room."""
    line: Line = ()
    for key, told, action in keys:
        what = f"do:{action}" if action else ""
        line += (("  ", "text"),) if line else ()
        line += ((key, standing_for("key", what)), (f" {told}", standing_for("dim", what)))
    return clip(line, width)


def _label(word: str) -> str:
    return key_label(BY_WORD[word].keys[0])
