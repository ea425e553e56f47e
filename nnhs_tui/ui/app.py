"""The program on the screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.events import Resize
from textual.screen import Screen

from nnhs_tui.core.errors import NnhsError
from nnhs_tui.ui.differ import DifferApp
from nnhs_tui.ui.keys import bindings
from nnhs_tui.ui.terminal import driver_class, end_on_signals
from nnhs_tui.ui.themes import THEME

if TYPE_CHECKING:
    from nnhs_tui.core.selftest.opening import Opened
    from nnhs_tui.core.session import Session
    from nnhs_tui.ui.cast import Cast
    from nnhs_tui.ui.recording import Recording
    from nnhs_tui.ui.screens.debugger import DebuggerScreen


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


Opening = Callable[[], "Session"]
"""Makes a session."""


class NnhsApp(DifferApp, inherit_bindings=False):
    """Shows a session, or without one the list of scenarios."""

    CSS_PATH = "nnhs.tcss"
    TITLE = "nnhs-tui"
    BINDINGS = bindings(("quit",))
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None

    def __init__(
        self,
        session: Session | Opening | None = None,
        *,
        files: Files | None = None,
        selftest: Opened | None = None,
        **keywords: Any,
    ) -> None:
        # The terminal's own colours. It must be said here: what NO_COLOR does is settled by it.
        super().__init__(ansi_color=True, **keywords)
        self.theme = THEME
        self.animation_level = "none"
        self.failure: NnhsError | None = None
        """Why the session could not be opened."""
        self._opening = session
        self._selftest = selftest
        """What is shown instead of a session."""
        self.files = files or Files()

    def get_default_screen(self) -> Screen[Any]:
        if self._selftest is not None:
            from nnhs_tui.ui.screens.selftest import SelfTestScreen

            return SelfTestScreen(self._selftest)
        if self._opening is None:
            from nnhs_tui.ui.screens.picker import PickerScreen

            return PickerScreen()
        from nnhs_tui.ui.screens.debugger import DebuggerScreen

        screen = DebuggerScreen(None if callable(self._opening) else self._opening)
        screen.keeps_place = self.files.keeps_places
        screen.is_fresh = self.files.fresh
        if self.files.presented is not None:
            screen.is_presenting, screen.wanted = True, tuple(self.files.presented)
        return screen

    def on_ready(self) -> None:
        self.screen.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """The first frame is there: now what need not come before it."""
        screen: DebuggerScreen = self.screen  # type: ignore[assignment]
        if callable(self._opening):
            try:
                session = self._opening()
            except NnhsError as error:
                self.failure = error
                self.exit(2, return_code=2)
                return
            screen.prepare_command_line()
            screen.open(session)
        if self._opening is None:
            return
        if self.files.recording is not None:
            screen.begin_recording(self.files.recording)
        if self.files.replay:
            from nnhs_tui.ui.replay import Replay

            replay = Replay(self.files.replay)
            screen.begin_replay(replay, self.files.speed, stepwise=self.files.stepwise)

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self._repaint)
        if not self.is_headless:
            end_on_signals(self)

    def on_resize(self, event: Resize) -> None:
        """A terminal that changes its size keeps what it likes of the old screen."""
        if self.files.cast is not None:
            self.show_fault(self.files.cast.resize(*event.size))
        self._repaint(self)

    def _repaint(self, _app: App[Any]) -> None:
        self.forget_frame()
        if self.screen_stack:
            self.screen.refresh()

    def show_fault(self, fault: str) -> None:
        """Say in the debugger's message row what went wrong beside it; "" is nothing."""
        from nnhs_tui.ui.screens.files import FilesScreen

        for screen in self.screen_stack:
            if isinstance(screen, FilesScreen):
                screen.tell(fault)

    def action_run(self, command: str) -> None:
        """The commands that work on every screen."""
        if command == "quit":
            self.exit(0)


def run(session: Session | Opening | None, files: Files | None = None) -> int:
    """Show the program until it is left; gives the exit code.

    Args:
        session: what to step through, or what makes it: then the first frame does not wait for the
            numbers. None shows the list of scenarios.
        files: what else is read and written.

    Raises:
        NnhsError: the session could not be made.
    """
    cast = files.cast if files is not None else None
    app = NnhsApp(session, files=files, driver_class=driver_class(cast))
    try:
        app.run()
    finally:
        if cast is not None:
            cast.close()
    if app.failure is not None:
        if cast is not None:
            cast.discard()
        raise app.failure
    return app.return_code or 0


def run_selftest(opened: Opened) -> int:
    """Show a self-test until it is left; gives the exit code."""
    app = NnhsApp(selftest=opened, driver_class=driver_class())
    app.run()
    return app.return_code or 0
