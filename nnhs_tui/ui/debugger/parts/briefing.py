"""The presenting side of the speaker's notes: what is told, and commands from afar."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from nnhs_tui.commands.commands import parse
from nnhs_tui.commands.row import TELLS
from nnhs_tui.errors import NnhsError
from nnhs_tui.labels import COVER
from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.part import Debugger, Part
from nnhs_tui.ui.screens.leaving import BLANK, OTHER, PAGE, LeftOnce

if TYPE_CHECKING:
    from nnhs_tui.present.presenting.briefing import Shown
    from nnhs_tui.ui.debugger.briefings import Briefings
    from nnhs_tui.ui.debugger.parts.pointer import Pointer
    from nnhs_tui.ui.debugger.parts.replaying import Replaying
    from nnhs_tui.ui.debugger.parts.task import Task


class Briefing(Part):
    """Tells the presenter's own terminals what is on the screen, and does what they send."""

    def __init__(
        self,
        debugger: Debugger,
        autoplay: Autoplay,
        replaying: Replaying,
        task: Task,
        pointer: Pointer,
    ) -> None:
        super().__init__(debugger)
        self._autoplay, self._replaying = autoplay, replaying
        self._task, self._pointer = task, pointer
        self._briefings: Briefings | None = None
        """The presenter's terminals; None where nobody presents."""
        self._began = 0.0

    async def begin(self) -> None:
        """Let the presenter's terminals attach; where that cannot be, say so and go on."""
        from nnhs_tui.store.presentations import has_sockets
        from nnhs_tui.ui.debugger.briefings import Briefings

        if not has_sockets():
            return
        self._began = time.monotonic()
        briefings = Briefings(self._make, self._take)
        try:
            await briefings.open()
        except (NnhsError, OSError) as error:
            told = f"no speaker's notes on a second terminal: {error}"
            self._debugger.row.refuse(told)
            self._debugger.redraw_soon()
            return
        self._briefings = briefings

    def brief(self) -> None:
        """Something on the screen has changed."""
        if self._briefings is not None:
            self._briefings.changed()

    def end(self) -> None:
        """The screen is left."""
        if self._briefings is not None:
            self._briefings.close()

    def _make(self) -> str | None:
        if not self._debugger.is_open:
            return None
        from nnhs_tui.present.presenting.briefing import as_line, briefing

        return as_line(briefing(self._debugger.scene, self._shown()))

    def _shown(self) -> Shown:
        """What the audience's screen shows beside the step."""
        from nnhs_tui.present.presenting.briefing import Shown

        top, autoplay, countdown = self._top, self._autoplay, self._task.countdown
        replay, line, remark = self._replaying.replay, "", ""
        if replay is not None and replay.left:
            coming = replay.lines[replay.done]
            line = f"line {replay.done + 1} of {len(replay.lines)}: {coming.command}"
            remark = coming.caption
        return Shown(
            elapsed=time.monotonic() - self._began,
            message=self._debugger.row.text,
            playing=f"{autoplay.interval:g} s a step" if autoplay.playing else "",
            replay=line,
            remark=remark,
            covered=COVER[top] if top not in ("", BLANK) else "",
            blanked=top == BLANK,
            countdown=None if countdown is None else float(countdown.left),
            pointing=self._pointer.is_on,
        )

    @property
    def _top(self) -> str:
        """What covers the debugger; "" where nothing does."""
        top: object = self._debugger.program.screen
        if top is self._debugger:
            return ""
        return top.cover if isinstance(top, LeftOnce) else OTHER

    def _take(self, command: str) -> None:
        """A command has been sent; it waits its turn like a key."""
        self._debugger.program.call_later(self._steer, command)

    def _steer(self, command: str) -> None:
        """Carry out a command from afar: what covers the step goes, but for a blank screen.

        Behind that the presenter may prepare what is to be seen next.
        """
        top, row = self._top, parse(command)[0].row
        if top not in ("", BLANK, PAGE):
            self._debugger.row.refuse(f"{COVER[top]} is open there")
            self.brief()
            return
        is_done = False
        if top == PAGE:
            is_done = row.word == "stop" or row.use == TELLS
            self._debugger.program.screen.dismiss()
        elif top == BLANK and (row.word == "blank" or row.use == TELLS):
            is_done = row.word == "blank"
            self._debugger.program.screen.dismiss()
        if not is_done:
            self._debugger.run_command(command)
        self.brief()
