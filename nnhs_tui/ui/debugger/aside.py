"""What the debugger does beside stepping: pages and lists over it, and the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.errors import NnhsError, Refusal, printable, reason_of
from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.messages import MessageRow
from nnhs_tui.ui.debugger.sliced_work import WorkRunner
from nnhs_tui.ui.program import Program
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.themes import THEMES

if TYPE_CHECKING:
    from nnhs_tui.debugger.scene import Scene
    from nnhs_tui.debugger.session import Session


class AsideScreen(SizedScreen):
    """Commands of the debugger's screen that leave the session as it is."""

    autoplay: Autoplay
    work: WorkRunner
    row: MessageRow

    @property
    def session(self) -> Session:
        """The session on the screen."""
        raise NotImplementedError

    @property
    def scene(self) -> Scene:
        """What is on the screen."""
        raise NotImplementedError

    @property
    def is_open(self) -> bool:
        """Whether the session is there."""
        raise NotImplementedError

    def run_command(self, command: str) -> None:
        """Carry out a command string."""
        raise NotImplementedError

    def redraw_soon(self) -> None:
        """Draw once for all commands that are waiting."""
        raise NotImplementedError

    @property
    def program(self) -> Program:
        """The program the screen belongs to."""
        program: Program = self.app  # type: ignore[assignment]
        return program

    def halt(self) -> None:
        """Stop what runs by itself: playing, a training. What was computed stays."""
        self.autoplay.stop()
        self.work.stop()

    def _stop(self, _argument: str) -> None:
        was_playing, was_busy = self.autoplay.playing, self.work.is_running
        self.halt()
        if was_playing:
            self.row.say("paused")
        elif not was_busy:
            self.row.say("")

    def _help(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.screens.page import help_page

        self.app.push_screen(help_page())

    def _legend(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.screens.page import legend_page

        self.app.push_screen(legend_page())

    def _copy(self, argument: str) -> None:
        from nnhs_tui.debugger.quantities import value_at

        try:
            quantity = self.session.quantity(argument)
        except Refusal as refusal:
            self.row.refuse(str(refusal))
            return
        value = value_at(self.scene, quantity)
        if value is None:
            self.row.refuse(f"{self.session.name(quantity)} is not known yet")
        else:
            self._to_clipboard(self.scene.show(value))

    def _copy_formula(self, _argument: str) -> None:
        from nnhs_tui.present.panes.step import formula_text

        self._to_clipboard(formula_text(self.scene))

    def _to_clipboard(self, text: str) -> None:
        """OSC 52: the terminal itself copies, so it works over SSH; some have it switched off."""
        lines = list(map(printable, text.split("\n")))
        self.app.copy_to_clipboard("\n".join(lines))
        first, *others = lines
        self.row.say(f"copied {len(others) + 1} lines: {first} …" if others else f"copied: {first}")

    def _theme(self, argument: str) -> None:
        if argument in THEMES:
            self.program.wear(argument)
        else:
            self.row.refuse(f"theme takes one of {', '.join(THEMES)}; found {argument!r}")

    def _suspend(self, _argument: str) -> None:
        if refusal := self.program.suspend_to_shell():
            self.row.refuse(refusal)

    def _about(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.screens.page import about_page

        self.app.push_screen(about_page(self.session.scenario))

    def _test(self, argument: str) -> None:
        self.autoplay.stop()
        self.work.stop()
        from nnhs_tui.selftest.opening import open_test
        from nnhs_tui.ui.screens.selftest import SelfTestScreen

        try:
            opened = open_test(self.session, argument, self.program.shelf)
        except (NnhsError, MemoryError) as error:
            self.row.refuse(reason_of(error))
            return
        self.app.push_screen(SelfTestScreen(opened))

    def _scenarios(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.screens.picker import PickerScreen

        only = self.program.files.only
        self.app.push_screen(PickerScreen(self.session.scenario.path, only), self.go_on_in)

    def go_on_in(self, session: Session | None) -> None:
        """Go on in another scenario; None: stay in this one."""
        raise NotImplementedError

    def _palette(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.palette import open_palette

        open_palette(self)
