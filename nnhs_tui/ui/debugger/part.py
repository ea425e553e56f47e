"""What a part of the debugger's screen is, and what it may use of the screen it belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from textual.timer import Timer

    from nnhs_tui.commands.commands import Command
    from nnhs_tui.debugger.scene import Scene
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.lessons.lesson import Lesson
    from nnhs_tui.ui.message_row import MessageRow
    from nnhs_tui.ui.program import Program
    from nnhs_tui.ui.widgets.pane import Pane

Handler = Callable[[str], None]
"""Carries out a command, given its argument.

Raises:
    Refusal: it cannot be done.
"""


class Debugger(Protocol):
    """The debugger's screen as its parts know it."""

    row: MessageRow
    """Where to say what became of a command."""

    @property
    def session(self) -> Session:
        """The session; there is none before `is_open`."""

    @property
    def scene(self) -> Scene:
        """What is on the screen, or soon will be."""

    @property
    def is_open(self) -> bool:
        """Whether the session is there."""

    @property
    def program(self) -> Program:
        """The program the screen belongs to."""

    def pane(self, name: str) -> Pane:
        """A pane by its name."""

    def action_run(self, command: str) -> None:
        """Do what the key of a command does."""

    def run_command(self, command: str) -> None:
        """Carry out a command string; what becomes of it is seen on the screen."""

    def halt(self) -> str:
        """Stop what runs by itself; what was computed stays. Gives what to say of that."""

    def redraw_soon(self) -> None:
        """Draw once for all commands that are waiting."""

    def move_into(self, session: Session) -> None:
        """Go on with another session of the same scenario, at its own place."""

    def go_on_in(self, session: Session, lesson: Lesson | None = None) -> None:
        """Go on in another scenario, with a lesson beside it or without."""

    def set_class(self, on: bool, name: str, /) -> object:
        """Put a style class on the screen, or take it off."""

    def has_class(self, name: str, /) -> bool:
        """Whether the screen has a style class."""

    def set_interval(self, seconds: float, call: Callable[[], object], /) -> Timer:
        """Call something every so many seconds."""


class Part:
    """One thing that the debugger can do beside stepping.

    Args:
        debugger: the screen it belongs to.
    """

    def __init__(self, debugger: Debugger) -> None:
        self._debugger = debugger

    @property
    def commands(self) -> Mapping[str, Handler]:
        """The commands it carries out, by their words."""
        return {}

    def halt(self) -> str:
        """Stop what runs by itself; gives what to say of it, "" for nothing."""
        return ""

    def let_go(self) -> None:
        """Esc: choose nothing, and point at nothing, any more."""


def joined(parts: Iterable[Part], rows: Iterable[Command]) -> dict[str, Handler]:
    """The handler of every command, by its word.

    Args:
        rows: the commands of the screen that there are.

    Raises:
        LookupError: no part carries one of them out, or two do.
    """
    handlers: dict[str, Handler] = {}
    for part in parts:
        for word, handler in part.commands.items():
            if word in handlers:
                raise LookupError(f"two parts of the debugger carry out {word}")
            handlers[word] = handler
    for row in rows:
        if row.word not in handlers:
            raise LookupError(f"no part of the debugger carries out {row.word}")
    return handlers
