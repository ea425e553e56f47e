"""What screens, and the terminal below them, may ask of the program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from nnhs_tui.ui.look import Look

if TYPE_CHECKING:
    from textual.geometry import Size
    from textual.screen import Screen

    from nnhs_tui.debugger.session import Session
    from nnhs_tui.hall.hall import Hall
    from nnhs_tui.lessons.lesson import Lesson
    from nnhs_tui.scenario.model import Scenario
    from nnhs_tui.selftest.shelf import Shelf
    from nnhs_tui.store.learned import Learned
    from nnhs_tui.store.places import Places
    from nnhs_tui.store.progress import Progress
    from nnhs_tui.ui.cast import Cast
    from nnhs_tui.ui.debugger.recording import Recording


@dataclass(frozen=True)
class Chosen:
    """What was chosen in a list."""

    session: Session
    lesson: Lesson | None = None


@dataclass(frozen=True)
class Files:
    """The files beside the scenario."""

    replay: Sequence[str] = ()
    """The lines of commands to carry out."""
    speed: float | None = None
    """Lines of the replay a second; None: all at once, or one at a key."""
    stepwise: bool = False
    """Whether the replay waits for a key before every line."""
    recording: Recording | None = None
    """What is done is written here."""
    cast: Cast | None = None
    """What the terminal shows is written here."""
    keeps_places: bool = False
    """Whether it is kept where one was when a scenario is left."""
    fresh: bool = False
    """Whether one begins at the start all the same."""
    presented: Sequence[str] | None = None
    """The panes shown with the step in large type; None: the usual screen."""
    lesson: Lesson | None = None
    """The lesson that one begins with, in its scenario."""
    hall: Hall | None = None
    """Those who follow; None where nobody can."""
    only: Sequence[Scenario] = ()
    """In a kiosk the only scenarios there are: no file is read after them, and none is written."""


class Program(Protocol):
    """The program as its screens know it."""

    look: Look
    """Signs, colours and theme."""
    files: Files

    @property
    def size(self) -> Size:
        """Columns and rows of the terminal."""

    @property
    def screen_stack(self) -> Sequence[Screen[Any]]:
        """The screens that lie over each other, the one on top last."""

    @property
    def screen(self) -> Screen[Any]:
        """The screen on top."""

    def push_screen(
        self, screen: Screen[Any], callback: Callable[[Any], object] | None = None, /
    ) -> object:
        """Show a screen over what is there; the callback is given what it ends with."""

    def call_later(self, call: Callable[..., object], /, *arguments: Any) -> object:
        """Call when what came before, such as keys, has had its effect."""

    def copy_to_clipboard(self, text: str, /) -> None:
        """Have the terminal copy a text."""

    def ring(self) -> None:
        """Ring the terminal's bell."""

    def exit(self, result: int, /) -> None:
        """Leave the program with an exit code."""

    @property
    def shelf(self) -> Shelf:
        """Where self-tests are kept."""

    @property
    def places(self) -> Places:
        """Where it is kept where one was in a scenario."""

    @property
    def progress(self) -> Progress:
        """How far one has come in each scenario."""

    @property
    def learned(self) -> Learned:
        """What became of the tasks of each lesson."""

    def wear(self, theme: str) -> None:
        """Take the colours of another theme."""

    def show_fault(self, fault: str) -> None:
        """Say in the debugger's message row what went wrong beside it; "" is nothing."""

    def suspend_to_shell(self) -> str:
        """Stop until the shell makes the program go on; why it cannot be done, "" if it can."""

    def open_debugger(self, session: Session, lesson: Lesson | None = None) -> None:
        """Step through a session, over what is there, with a lesson beside it or without."""
