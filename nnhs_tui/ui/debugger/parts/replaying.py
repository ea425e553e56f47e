"""Replaying: the lines of a file carried out one after the other, like commands that are typed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnhs_tui.errors import Refusal
from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part
from nnhs_tui.ui.debugger.replay import Replay, ReplayLine
from nnhs_tui.ui.debugger.sliced_work import SLICE, soon
from nnhs_tui.ui.message_row import REFUSED_MARK

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nnhs_tui.ui.debugger.parts.carrying_out import CarryingOut


class Replaying(Part):
    """The file that is replayed, or none.

    Args:
        pump: where the next lines wait while keys are heard.
    """

    def __init__(
        self,
        debugger: Debugger,
        pump: MessagePump,
        autoplay: Autoplay,
        carrying_out: CarryingOut,
    ) -> None:
        super().__init__(debugger)
        self._pump, self._autoplay, self._carrying_out = pump, autoplay, carrying_out
        self.replay: Replay | None = None
        self._line: ReplayLine | None = None
        """The line that is being carried out."""
        self._is_handed_on = False
        """Whether it is just being handed on, as a command like any other."""
        self._is_hurrying = False
        """Whether it goes on by itself, as fast as it can."""

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"replay-next": self._next}

    @property
    def has_lines_left(self) -> bool:
        """Whether there is a line to carry out."""
        return self.replay is not None and self.replay.left > 0

    @property
    def is_in_a_line(self) -> bool:
        """Whether a line is being carried out."""
        return self._line is not None

    @property
    def is_hurrying(self) -> bool:
        """Whether it is on its way to the end by itself."""
        return self._is_hurrying

    def begin(self, replay: Replay, speed: float | None, *, stepwise: bool) -> None:
        """Carry out the commands of a file: at a speed (lines a second), one at a key, or all."""
        self.replay = replay
        if not (stepwise or speed):
            self._is_hurrying = True
            self.go_on()
            return
        if replay.faults:
            self._debugger.row.refuse(replay.told_faults())
        else:
            told = f"replay of {replay.left} lines: . carries out the next, Space plays them"
            self._debugger.row.say(told)
        if speed:
            self._autoplay.start(1 / speed)
        self._debugger.redraw_soon()

    def go_on(self) -> None:
        """Go on where a line is done: at once where nobody waits for a key."""
        if self._is_handed_on or self._carrying_out.is_running:
            return
        self._line_done()
        begun = time.monotonic()
        while self._is_hurrying and not self._carrying_out.is_running:
            assert self.replay is not None
            if not self.replay.left:
                self._is_hurrying = False
                if self.replay.faults:
                    self._debugger.row.refuse(self.replay.told_faults())
            elif time.monotonic() - begun > SLICE:
                soon(self._pump, self.go_on)
                return
            else:
                self.carry_out_next()

    def carry_out_next(self) -> bool:
        """Carry out the next line; False where none is left after it."""
        assert self.replay is not None
        if self.is_in_a_line:
            return True
        self._line = self.replay.next()
        playing, self._is_handed_on = self._autoplay.playing, True
        self._debugger.run_command(self._line.command)
        self._is_handed_on = False
        if playing and not self._autoplay.playing:
            self._autoplay.start(self._autoplay.interval)
        if not self._carrying_out.is_running:
            self._line_done()
        return self.replay.left > 0

    def _line_done(self) -> None:
        """Say what became of a line, or show its remark."""
        line, self._line = self._line, None
        if line is None or self.replay is None:
            return
        row = self._debugger.row
        if row.is_refusal:
            told = row.text.removeprefix(REFUSED_MARK)
            self.replay.faults.append(f"line {line.number}: {told}")
            row.refuse(self.replay.faults[-1])
        else:
            told = line.caption or ": ".join(filter(None, (line.command, row.text)))
            row.say(f"{self.replay.done}/{len(self.replay.lines)}  {told}")
        self._debugger.redraw_soon()

    def halt(self) -> str:
        """Stop, but for what is one of its lines."""
        was_hurrying = self._is_hurrying
        self._is_hurrying = was_hurrying and self._is_handed_on
        if not was_hurrying or self._is_hurrying or self.replay is None:
            return ""
        done = f"{self.replay.done} of {len(self.replay.lines)}"
        return f"the replay stopped after {done} lines: . carries out the next"

    def end(self) -> None:
        """Replay no more."""
        self.replay = None

    def _next(self, _argument: str) -> None:
        if self.replay is None:
            told = "nothing is being replayed; nnhs-tui run SCENARIO --replay FILE does"
            raise Refusal(told)
        if self.replay.left:
            self.carry_out_next()
        else:
            self._debugger.row.say("the replay is at its end")
