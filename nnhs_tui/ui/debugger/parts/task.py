"""The task of a class: "now you", with the seconds that run down."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING

from nnhs_tui.errors import Refusal
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part

if TYPE_CHECKING:
    from textual.timer import Timer

    from nnhs_tui.ui.debugger.parts.presenting import Presenting

A_TASK = 60
"""Seconds that a task takes where nothing else is said."""
LONGEST = 3600


class Countdown:
    """Seconds that run down to 0."""

    def __init__(self, seconds: int) -> None:
        self.ends = monotonic() + seconds

    @property
    def left(self) -> int:
        """The seconds left, rounded up."""
        return max(0, -int(-(self.ends - monotonic()) // 1))


class Task(Part):
    """The step that is hidden until the class has worked it out."""

    def __init__(self, debugger: Debugger, presenting: Presenting) -> None:
        super().__init__(debugger)
        self._presenting = presenting
        self.countdown: Countdown | None = None
        """The time of a task that is running, or has run out."""
        self._clock: Timer | None = None

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"countdown": self._begin}

    @property
    def is_running(self) -> bool:
        """Whether there is time left."""
        return self.countdown is not None and self.countdown.left > 0

    def _begin(self, argument: str) -> None:
        seconds = argument or str(A_TASK)
        is_number = seconds.isascii() and seconds.isdigit() and len(seconds) < 5
        if not (is_number and 1 <= int(seconds) <= LONGEST):
            raise Refusal(f"countdown takes seconds from 1 to {LONGEST}, found {argument!r}")
        self._debugger.halt()
        self.countdown = Countdown(int(seconds))
        self._clock = self._debugger.set_interval(1.0, self.tick)
        self._tell()

    def tick(self) -> None:
        """A second has gone."""
        self._tell()
        self._debugger.redraw_soon()
        if self.countdown is not None and not self.countdown.left and self._clock is not None:
            # Seen by the clock, which is reversed now, and heard by who looks at their paper.
            self._clock.stop()
            self._debugger.program.ring()

    def _tell(self) -> None:
        """Without large type the time left stands in the last row."""
        if self.countdown is not None and not self._presenting.is_on:
            left = self.countdown.left
            self._debugger.row.say(f"now you: {left // 60}:{left % 60:02}; n shows the result")

    def halt(self) -> str:
        """The task is over: the step is shown again."""
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        self.countdown = None
        return ""
