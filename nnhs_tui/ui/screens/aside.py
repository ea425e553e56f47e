"""What the debugger does beside stepping: pages and lists over it, and the clipboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.core.errors import Refusal
from nnhs_tui.ui.autoplay import Autoplay
from nnhs_tui.ui.messages import MessageRow
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.training import TrainingRunner

if TYPE_CHECKING:
    from nnhs_tui.core.scene import Scene
    from nnhs_tui.core.session import Session


class AsideScreen(SizedScreen):
    """Commands of the debugger's screen that leave the session as it is."""

    autoplay: Autoplay
    training: TrainingRunner
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

    def _stop(self, _argument: str) -> None:
        is_busy = self.training.is_running or self.autoplay.playing
        self.training.stop()
        if self.autoplay.playing:
            self.autoplay.stop()
            self.row.say("paused")
        elif not is_busy:
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
        from nnhs_tui.core.quantities import value_at

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
        from nnhs_tui.present.explain import explain

        told = explain(self.scene)
        value = self.scene.show(told.value)
        self._to_clipboard(f"{told.result} = {told.formula} = {told.numbers} = {value}")

    def _to_clipboard(self, text: str) -> None:
        """OSC 52: the terminal itself copies, so it works over SSH; some have it switched off."""
        self.app.copy_to_clipboard(text)
        self.row.say(f"copied: {text}")

    def _about(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.screens.page import about_page

        self.app.push_screen(about_page(self.session.scenario))

    def _scenarios(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.screens.picker import PickerScreen

        self.app.push_screen(PickerScreen(self.session.scenario.path))

    def _palette(self, _argument: str) -> None:
        self.autoplay.stop()
        from nnhs_tui.ui.palette import open_palette

        open_palette(self)
