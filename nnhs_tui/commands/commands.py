"""The commands: one table that keys, palette, `:` line, help, README and replay files are made of.

A command is a printable string, its word and perhaps an argument: `next`, `goto 12`. The session
carries out the ones that move through the record; the screen the ones about what is looked at.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from nnhs_tui.commands.row import NOTHING, Argument, Group, Row
from nnhs_tui.commands.screen_rows import SCREEN_GROUPS
from nnhs_tui.commands.session_rows import SESSION_GROUPS
from nnhs_tui.errors import Refusal, nearest, printable, quoted

SESSION, SCREEN = "session", "screen"


@dataclass(frozen=True)
class Command:
    """One command as a person meets it."""

    row: Row
    keys: tuple[str, ...]
    """Key names as the terminal library calls them; at first those of its row."""
    scope: str
    group: Group

    @property
    def word(self) -> str:
        return self.row.word

    @property
    def title(self) -> str:
        """A few words, for the palette and the footer."""
        return self.row.title

    @property
    def help(self) -> str:
        """One sentence."""
        return self.row.help

    @property
    def argument(self) -> Argument | None:
        """What may stand behind its word; None: nothing may."""
        return self.row.argument

    @property
    def needs_argument(self) -> bool:
        """Whether something must stand behind its word."""
        return self.row.argument is not None and not self.row.argument.is_optional

    @property
    def call(self) -> str:
        """The word with its argument, as the help shows it."""
        return f"{self.word} {self.row.argument.shown}" if self.row.argument else self.word

    @property
    def stays_inside(self) -> bool:
        """Whether it touches nothing beside the session and the screen."""
        return self.row.touches == NOTHING


def _commands(groups: tuple[Group, ...], scope: str) -> Iterator[Command]:
    for group in groups:
        for row in group.rows:
            yield Command(row, tuple(row.keys.split()), scope, group)


COMMANDS = [*_commands(SESSION_GROUPS, SESSION), *_commands(SCREEN_GROUPS, SCREEN)]

BY_WORD = {command.word: command for command in COMMANDS}

KEY_LABELS = {
    "right": "→",
    "left": "←",
    "up": "↑",
    "down": "↓",
    "home": "Home",
    "end": "End",
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "space": "Space",
    "colon": ":",
    "full_stop": ".",
    "greater_than_sign": ">",
    "less_than_sign": "<",
    "slash": "/",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "left_parenthesis": "(",
    "right_parenthesis": ")",
    "apostrophe": "'",
    "enter": "Enter",
    "escape": "Esc",
    "f5": "F5",
    "plus": "+",
    "equals_sign": "=",
    "minus": "-",
    "question_mark": "?",
    "f1": "F1",
    "ctrl+p": "Ctrl+P",
    "ctrl+q": "Ctrl+Q",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


LONGEST = 2000
"""Characters of a command at most: a condition of fifty parts fits."""


def use_keys(keys: Mapping[str, tuple[str, ...]]) -> None:
    """Give commands other keys.

    To be called at the start, before the screens are made: they bind the keys there are then.
    """
    for place, command in enumerate(COMMANDS):
        if command.word in keys:
            COMMANDS[place] = replace(command, keys=keys[command.word])
            BY_WORD[command.word] = COMMANDS[place]


def take_out(words: Iterable[str]) -> None:
    """Take commands out of the table, so that there is no key, entry or word for them.

    To be called at the start, as `use_keys`.
    """
    for word in words:
        COMMANDS.remove(BY_WORD.pop(word))


def key_label(key: str) -> str:
    """A key as it is printed.

    >>> key_label("right"), key_label("ctrl+x"), key_label("exclamation_mark"), key_label("f7")
    ('→', 'Ctrl+X', '!', 'F7')
    """
    if key in KEY_LABELS:
        return KEY_LABELS[key]
    if len(key) == 1:
        return _seen(key)
    *held, last = key.split("+")
    label = KEY_LABELS.get(last, last)
    if label == last and len(last) > 1:
        try:
            label = unicodedata.lookup(last.replace("_", " "))
        except KeyError:
            label = last.capitalize()
    label = "+".join([*(each.capitalize() for each in held), label.upper() if held else label])
    return _seen(label)


def _seen(label: str) -> str:
    """A label without anything that is not seen, blanks that are no spaces included."""
    shown = printable(label)
    return shown if shown.isprintable() else shown.encode("unicode_escape").decode()


def key_labels(command: Command) -> str:
    """The command's keys as printed: "n →"; all ten digits as "0…9"."""
    labels = " ".join(map(key_label, command.keys))
    return labels.replace("0 1 2 3 4 5 6 7 8 9", "0…9")


def parse(text: str) -> tuple[Command, str]:
    """Split a command string into its command and argument.

    A number alone is `goto`. Raises Refusal for what is no command, with the nearest one.

    >>> parse("goto 12")[0].word, parse("12")[1]
    ('goto', '12')
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise Refusal(f"a command of {len(text):,} characters; expected at most {LONGEST}")
    word, _, argument = text.partition(" ")
    argument = argument.strip()
    if word.isdigit() and not argument:
        word, argument = "goto", word
    command = BY_WORD.get(word)
    if command is None:
        near = nearest(word, BY_WORD)
        hint = f"did you mean {near}?" if near else "? shows all of them."
        raise Refusal(f"there is no command {quoted(word)}; {hint}")
    if argument and command.argument is None:
        raise Refusal(f"{word} takes no argument, found {quoted(argument)}")
    if command.argument is not None and command.needs_argument and not argument:
        raise Refusal(f"{word} needs {command.argument.usage}: {command.help}")
    return command, argument
