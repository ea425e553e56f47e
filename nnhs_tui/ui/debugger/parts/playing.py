"""Playing: a step, or a line of the replay, by itself every so often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part

if TYPE_CHECKING:
    from nnhs_tui.ui.debugger.parts.carrying_out import CarryingOut
    from nnhs_tui.ui.debugger.parts.recorder import Recorder
    from nnhs_tui.ui.debugger.parts.replaying import Replaying
    from nnhs_tui.ui.debugger.parts.task import Task


class Playing(Part):
    """Steps by itself until the end of the round, a breakpoint or a key."""

    def __init__(
        self,
        debugger: Debugger,
        autoplay: Autoplay,
        carrying_out: CarryingOut,
        recorder: Recorder,
        replaying: Replaying,
        task: Task,
    ) -> None:
        super().__init__(debugger)
        self._autoplay, self._carrying_out = autoplay, carrying_out
        self._recorder, self._replaying, self._task = recorder, replaying, task

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"play": self._play, "faster": self._faster, "slower": self._slower}

    def halt(self) -> str:
        was_playing = self._autoplay.playing
        self._autoplay.stop()
        return "paused" if was_playing else ""

    def _play(self, _argument: str) -> None:
        if told := self.halt():
            self._debugger.row.say(told)
            return
        if not self._replaying.is_in_a_line:
            self._carrying_out.halt()
        if self.step():
            self._autoplay.start()
            self._debugger.row.say(self._autoplay.describe())

    def _faster(self, _argument: str) -> None:
        self._change(-1)

    def _slower(self, _argument: str) -> None:
        self._change(1)

    def _change(self, slower: int) -> None:
        self._autoplay.change(slower)
        self._debugger.row.say(self._autoplay.describe())

    def step(self) -> bool:
        """A step of playing, or a line of the replay; False at the end."""
        if self._replaying.has_lines_left:
            # While the class is at work, a replay that plays waits for it.
            is_asked = self._task.is_running and self._autoplay.playing
            return True if is_asked else self._replaying.carry_out_next()
        if self._carrying_out.is_running:
            # The last line of the replay.
            return True
        session = self._debugger.session
        if session.index + 1 >= session.total:
            self._debugger.row.say("the round is complete: apply takes the new parameters (key a)")
            self._debugger.redraw_soon()
            return False
        return self._step_on()

    def _step_on(self) -> bool:
        """Play one step; False where a breakpoint, or the end of the round, stops it."""
        from nnhs_tui.debugger.actions.breakpoints import play_on

        session, row = self._debugger.session, self._debugger.row
        self._task.halt()
        outcome, stopped_at = play_on(session)
        self._carrying_out.show(outcome)
        self._recorder.add("next" if stopped_at is None else "continue")
        self._debugger.redraw_soon()
        if stopped_at is not None:
            row.say(f"paused at {outcome.message}; Space plays on")
            return False
        more = session.index + 1 < session.total
        row.say(self._autoplay.describe() if more else "the end of the round")
        return more
