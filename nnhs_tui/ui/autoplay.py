"""Playing: a step by itself every so often. While nothing plays there is no timer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

INTERVALS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds from step to step, the fastest first."""
AT_FIRST = INTERVALS.index(1.0)


class Autoplay:
    """Calls `step` at an interval until it returns False."""

    def __init__(self, step: Callable[[], bool], pump: MessagePump) -> None:
        self._step = step
        self._pump = pump
        self._timer: Timer | None = None
        self._speed = AT_FIRST

    @property
    def playing(self) -> bool:
        return self._timer is not None

    @property
    def interval(self) -> float:
        """Seconds from step to step."""
        return INTERVALS[self._speed]

    def describe(self) -> str:
        """`playing, 1 s a step: …`."""
        how = "playing" if self.playing else "not playing"
        return f"{how}, {self.interval:g} s a step; < slower, > faster, Space " + (
            "pauses" if self.playing else "plays"
        )

    def start(self) -> None:
        self.stop()
        self._timer = self._pump.set_interval(self.interval, self._tick)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def change(self, slower: int) -> None:
        """One speed slower (1) or faster (−1)."""
        self._speed = max(0, min(len(INTERVALS) - 1, self._speed + slower))
        if self.playing:
            self.start()

    def _tick(self) -> None:
        if self.playing and not self._step():
            self.stop()
