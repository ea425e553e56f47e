"""A row of the table of commands: what it is called, what may stand behind it, what it touches."""

from __future__ import annotations

from dataclasses import dataclass

# What an argument is, for what reads or completes it.
CHOICE = "choice"
NUMBER = "number"
QUANTITY = "quantity"
PLACE = "place"
EDIT = "edit"
GOAL = "goal"
BREAKPOINT = "breakpoint"
FILE = "file"
LESSON = "lesson"
TEXT = "text"

# What a command touches beside the session and the screen.
NOTHING = "nothing"
CLIPBOARD = "clipboard"
FILES = "files"
SHELL = "shell"
HALL = "hall"
"""Those who follow, of whom there are some only while a presentation is served."""

# What a command is for, where it does not just do something to the session or the screen.
ACTS = "acts"
CHOSEN = "chosen"
"""It carries out what the chosen row or node stands for."""
PLAYS = "plays"
"""It says how steps, or the lines of a replay, follow each other."""
TELLS = "tells"
"""It shows a page of text."""
ASKS = "asks"
"""It waits for somebody at the keyboard."""
LEAVES = "leaves"


@dataclass(frozen=True)
class Argument:
    """What may stand behind a command's word."""

    usage: str
    """How it is written in the help, without brackets."""
    kind: str
    is_optional: bool = False
    """Whether it may be left out."""
    choices: tuple[str, ...] = ()
    """The words it may be, or may begin with."""

    @property
    def shown(self) -> str:
        """The usage, in brackets where it may be left out."""
        return f"[{self.usage}]" if self.is_optional else self.usage


def one_of(*choices: str, is_optional: bool = False) -> Argument:
    """An argument that is one of some words."""
    return Argument("|".join(choices), CHOICE, is_optional, choices)


A_QUANTITY = Argument("QUANTITY", QUANTITY, is_optional=True)
"""Without one it is that of the step in work."""


@dataclass(frozen=True)
class Row:
    """One command, as it stands in the table."""

    word: str
    keys: str
    """Key names as the terminal library calls them, with spaces between."""
    title: str
    """A few words, for the palette and the footer."""
    help: str
    """One sentence."""
    touches: str
    """What it touches beside the session and the screen; a kiosk has no command for files."""
    argument: Argument | None = None
    """None: it takes none."""
    use: str = ACTS


@dataclass(frozen=True, eq=False)
class Group:
    """Commands that stand together in the help."""

    name: str
    """The session's are carried out by the module of this name in `debugger/actions`."""
    label: str
    rows: tuple[Row, ...]
