"""The program on the screen."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rich.color import ColorSystem
from textual.app import App
from textual.events import Event, Key, Paste, Resize
from textual.reactive import Reactive
from textual.screen import Screen

from nnhs_tui.errors import NnhsError, shortage
from nnhs_tui.ui.keys import bindings
from nnhs_tui.ui.look import FEW_COLOURS, MANY_COLOURS, NO_COLOURS, Look, look_here
from nnhs_tui.ui.program import Files
from nnhs_tui.ui.terminal.collector import settle_memory
from nnhs_tui.ui.terminal.driver import driver_class
from nnhs_tui.ui.terminal.leaving_it import end_on_signals, suspend
from nnhs_tui.ui.terminal.terminal_app import TerminalApp
from nnhs_tui.ui.themes import THEME, css_colours, shades_of
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.widget import Widget

    from nnhs_tui.boundary.table import Table
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.lessons.lesson import Lesson
    from nnhs_tui.selftest.opening import Opened
    from nnhs_tui.selftest.shelf import Shelf
    from nnhs_tui.store.learned import Learned
    from nnhs_tui.store.places import Places
    from nnhs_tui.store.progress import Progress
    from nnhs_tui.ui.debugger.screen import DebuggerScreen


COLOUR_SYSTEMS = {
    NO_COLOURS: ColorSystem.STANDARD,
    FEW_COLOURS: ColorSystem.STANDARD,
    MANY_COLOURS: ColorSystem.EIGHT_BIT,
}

LOOKED = 0.1
"""Seconds after which it is looked again whether the program still runs."""

Opening = Callable[[], "Session"]
"""Makes a session."""


class NnhsApp(TerminalApp, inherit_bindings=False):
    """Shows a session, or without one the list of scenarios."""

    CSS_PATH = "nnhs.tcss"
    TITLE = "nnhs-tui"
    BINDINGS = bindings(("quit", "suspend"))
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None
    # Set later, all styles would be worked out twice.
    theme = Reactive(THEME)
    hears_signals = True
    """Whether signals to the process are for this program alone."""

    def __init__(
        self,
        session: Session | Opening | None = None,
        *,
        files: Files | None = None,
        selftest: Opened | None = None,
        boundary: Table | None = None,
        look: Look | None = None,
        **keywords: Any,
    ) -> None:
        self.look = look or Look()
        """Signs, colours and theme."""
        if self.look.colours == NO_COLOURS:
            os.environ["NO_COLOR"] = "1"
        # The terminal's own colours. It must be said here: what NO_COLOR does is settled by it.
        super().__init__(ansi_color=True, **keywords)
        self.is_coloured, self.jumps = self.look.colours != NO_COLOURS, self.look.jumps
        # For what Textual draws by itself.
        self.limit_colours(COLOUR_SYSTEMS[self.look.colours])
        self.animation_level = "none"
        self.failure: NnhsError | None = None
        """Why the session could not be opened."""
        self._opening = session
        self._selftest, self._boundary = selftest, boundary
        """What is shown instead of a session."""
        self.files = files or Files()
        self._first: DebuggerScreen | None = None
        """The debugger's screen, where the program begins with one."""

    @cached_property
    def shelf(self) -> Shelf:
        """Where self-tests are kept."""
        from nnhs_tui.selftest import log
        from nnhs_tui.selftest.shelf import Memory

        return Memory() if self.files.only else log

    @cached_property
    def places(self) -> Places:
        """Where it is kept where one was in a scenario."""
        from nnhs_tui.store import places

        return places.InMemory() if self.files.only else places

    @cached_property
    def progress(self) -> Progress:
        """How far one has come in each scenario."""
        from nnhs_tui.store import progress

        return progress.InMemory() if self.files.only else progress

    @cached_property
    def learned(self) -> Learned:
        """What became of the tasks of each lesson."""
        from nnhs_tui.store import learned

        return learned.InMemory() if self.files.only else learned

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return css_colours(shades_of(self.look))

    def wear(self, theme: str) -> None:
        """Take the colours of another theme."""
        self.look = replace(self.look, theme=theme)
        self.refresh_css(animate=False)
        for screen in self.screen_stack:
            for pane in screen.query(Pane):
                pane.forget()
                pane.redraw()
        self._repaint(self)

    def get_default_screen(self) -> Screen[Any]:
        if self._selftest is not None:
            from nnhs_tui.ui.screens.selftest import SelfTestScreen

            return SelfTestScreen(self._selftest)
        if self._boundary is not None:
            from nnhs_tui.ui.screens.boundary import BoundaryScreen

            return BoundaryScreen(self._boundary)
        if self._opening is None:
            from nnhs_tui.ui.screens.picker import PickerScreen

            return PickerScreen()
        from nnhs_tui.ui.debugger.screen import DebuggerScreen

        session = None if callable(self._opening) else self._opening
        files = self.files
        self._first = DebuggerScreen(
            session, is_fresh=files.fresh, presented=files.presented, lesson=files.lesson
        )
        return self._first

    def open_debugger(self, session: Session, lesson: Lesson | None = None) -> None:
        """Step through a session, over what is there, with a lesson beside it or without."""
        from nnhs_tui.ui.debugger.screen import DebuggerScreen

        self.push_screen(DebuggerScreen(session, lesson=lesson))

    async def on_event(self, event: Event) -> None:
        """What is typed into a line has had its effect before the next key is looked at.

        Else keys that come in one piece would wait in the line's own queue, and of those behind its
        Enter nobody could say whether they are letters of the next line.
        """
        is_typed = isinstance(event, (Key, Paste)) and not event.is_forwarded
        taker = self.focused if is_typed and self.screen_stack else None
        await super().on_event(event)
        if taker is not None:
            await self._until_taken(taker)

    async def _until_taken(self, taker: Widget) -> None:
        """Wait until a widget has taken what it was given; no longer than the program runs."""
        taken = asyncio.Event()
        waits = taker.call_later(taken.set)
        while waits and not taken.is_set() and self.return_code is None:
            # A mistake in the widget ends its queue, and the program.
            with suppress(TimeoutError):
                await asyncio.wait_for(taken.wait(), LOOKED)

    def on_ready(self) -> None:
        self.call_later(self._begin)

    def _begin(self) -> None:
        """The first frame is there: now what need not come before it."""
        screen = self._first
        if self._opening is None or screen is None:
            self.call_later(settle_memory)
            return
        if callable(self._opening):
            try:
                session = self._opening()
            except (NnhsError, MemoryError) as error:
                self.failure = shortage(error) if isinstance(error, MemoryError) else error
                self.exit(2, return_code=2)
                return
            screen.parts.typed.typing.prepare()
            screen.open(session)
        parts = screen.parts
        if self.files.presented is not None:
            screen.call_later(parts.briefing.begin)
        if self.files.recording is not None:
            parts.recorder.begin(self.files.recording)
        if self.files.replay:
            from nnhs_tui.ui.debugger.replay import Replay

            replay = Replay(self.files.replay)
            parts.replaying.begin(replay, self.files.speed, stepwise=self.files.stepwise)

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self._repaint)
        if self.hears_signals and not self.is_headless:
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

    def bell(self) -> None:
        """Nothing: Textual rings for each key that a full line does not take."""

    def ring(self) -> None:
        """Ring the terminal's bell."""
        super().bell()

    def show_fault(self, fault: str) -> None:
        """Say in the debugger's message row what went wrong beside it; "" is nothing."""
        from nnhs_tui.ui.debugger.screen import DebuggerScreen

        for screen in self.screen_stack:
            if isinstance(screen, DebuggerScreen):
                screen.parts.recorder.tell(fault)

    @property
    def told_of_mistakes(self) -> str:
        """In a kiosk a mistake in the program does not show the program."""
        told = "nnhs-tui: a mistake in the program ended it; please tell what you did last"
        return told if self.files.only and self.files.hall is None else ""

    def action_run(self, command: str) -> None:
        """The commands that work on every screen."""
        if command == "quit":
            self.exit(0)
        elif command == "suspend":
            self.suspend_to_shell()

    def suspend_to_shell(self) -> str:
        """Stop until the shell makes the program go on; why it cannot be done, "" if it can."""
        if not self.has_shell:
            return "there is no shell to go back to"
        suspend()
        return ""


def run(
    session: Session | Opening | None, files: Files | None = None, look: Look | None = None
) -> int:
    """Show the program until it is left; gives the exit code.

    Args:
        session: what to step through, or what makes it: then the first frame does not wait for the
            numbers. None shows the list of scenarios.
        files: what else is read and written.
        look: signs, colours and theme; None: as the terminal has them.

    Raises:
        NnhsError: the session could not be made.
    """
    cast = files.cast if files is not None else None
    look = look or look_here()
    app = NnhsApp(session, files=files, look=look, driver_class=driver_class())
    try:
        app.run()
    finally:
        if cast is not None:
            cast.close()
    if app.failure is not None:
        if cast is not None:
            cast.discard()
        raise app.failure
    return code_of(app)


def run_selftest(opened: Opened, look: Look | None = None) -> int:
    """Show a self-test until it is left; gives the exit code."""
    app = NnhsApp(selftest=opened, look=look or look_here(), driver_class=driver_class())
    app.run()
    return code_of(app)


def run_boundary(table: Table, look: Look | None = None) -> int:
    """Show the boundary until it is left; gives the exit code."""
    app = NnhsApp(boundary=table, look=look or look_here(), driver_class=driver_class())
    app.run()
    return code_of(app)


def code_of(app: NnhsApp) -> int:
    """The exit code; of a mistake Textual tells none where a thread of its own made it."""
    return app.return_code or int(app.is_broken)
