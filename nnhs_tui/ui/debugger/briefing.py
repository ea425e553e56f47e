"""The presenting side of the speaker's notes: what is told, and commands from afar."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nnhs_tui.commands.commands import parse
from nnhs_tui.errors import NnhsError
from nnhs_tui.ui.debugger.presenting import BlankScreen, PresentingScreen

if TYPE_CHECKING:
    from nnhs_tui.present.presenting.briefing import Shown
    from nnhs_tui.ui.debugger.briefings import Briefings

PAGES = ("help", "legend", "about")
"""Commands that show a page of text."""

COVERS = {
    "BlankScreen": "",
    "PageScreen": "a page of text",
    "SelfTestScreen": "a self-test",
    "PickerScreen": "the list of scenarios",
}
"""What covers the debugger, in words."""


class BriefingScreen(PresentingScreen):
    """A debugger whose presenter may have terminals of their own."""

    briefings: Briefings | None = None
    """The presenter's terminals; None where nobody presents."""
    _began = 0.0

    async def begin_briefings(self) -> None:
        """Let the presenter's terminals attach; where that cannot be, say so and go on."""
        from nnhs_tui.store.presentations import has_sockets
        from nnhs_tui.ui.debugger.briefings import Briefings

        if not has_sockets():
            return
        self._began = time.monotonic()
        briefings = Briefings(self._make_briefing, self._carry_out_sent)
        try:
            await briefings.open()
        except (NnhsError, OSError) as error:
            self.row.refuse(f"no speaker's notes on a second terminal: {error}")
            self.redraw_soon()
            return
        self.briefings = briefings

    def brief(self) -> None:
        """Something on the screen has changed."""
        if self.briefings is not None:
            self.briefings.changed()

    def on_screen_resume(self) -> None:
        """What covered the step has gone; what comes over it comes with a command."""
        self.brief()

    def on_unmount(self) -> None:
        if self.briefings is not None:
            self.briefings.close()

    def _make_briefing(self) -> str | None:
        if not self.is_open:
            return None
        from nnhs_tui.present.presenting.briefing import as_line, briefing

        return as_line(briefing(self.scene, self._shown()))

    def _shown(self) -> Shown:
        """What the audience's screen shows beside the step."""
        from nnhs_tui.present.presenting.briefing import Shown

        top = self.app.screen
        replay, line, remark = self.replay, "", ""
        if replay is not None and replay.left:
            coming = replay.lines[replay.done]
            line = f"line {replay.done + 1} of {len(replay.lines)}: {coming.command}"
            remark = coming.caption
        return Shown(
            elapsed=time.monotonic() - self._began,
            message=self.row.text,
            playing=f"{self.autoplay.interval:g} s a step" if self.autoplay.playing else "",
            replay=line,
            remark=remark,
            covered="" if top is self else COVERS.get(type(top).__name__, "something else"),
            blanked=isinstance(top, BlankScreen),
            countdown=None if self.countdown is None else float(self.countdown.left),
            pointing=self.pointer is not None,
        )

    def _carry_out_sent(self, command: str) -> None:
        """A command has been sent; it waits its turn like a key."""
        self.app.call_later(self._steer, command)

    def _steer(self, command: str) -> None:
        """Carry out a command from afar: what covers the step goes, but for a blank screen.

        Behind that the presenter may prepare what is to be seen next.
        """
        from nnhs_tui.ui.screens.page import PageScreen

        top, word = self.app.screen, parse(command)[0].word
        if top is not self and not isinstance(top, (BlankScreen, PageScreen)):
            self.row.refuse(f"{COVERS.get(type(top).__name__, 'something')} is open there")
            self.brief()
            return
        is_done = False
        if isinstance(top, PageScreen):
            is_done = word in ("stop", *PAGES)
            top.dismiss()
        elif isinstance(top, BlankScreen) and word in ("blank", *PAGES):
            is_done = word == "blank"
            top.dismiss()
        if not is_done:
            self.run_command(command)
        self.brief()
