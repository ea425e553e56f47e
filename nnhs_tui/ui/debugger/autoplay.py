"""Playing: a step by itself every so often. While nothing plays there is no timer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.timer import Timer

INTERVALS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Seconds from step to step, the fastest first."""
AT_FIRST = 1.0


class Autoplay:
    """Calls `step` at an interval until it returns False."""

    def __init__(self, step: Callable[[], bool], pump: MessagePump) -> None:
        self._step = step
        self._pump = pump
        self._timer: Timer | None = None
        self.interval = AT_FIRST
        """Seconds from step to step."""

    @property
    def playing(self) -> bool:
        return self._timer is not None

    def describe(self) -> str:
        """`playing, 1 s a step: …`."""
        how = "playing" if self.playing else "not playing"
        return f"{how}, {self.interval:g} s a step; < slower, > faster, Space " + (
            "pauses" if self.playing else "plays"
        )

    def start(self, interval: float | None = None) -> None:
        """Begin to play, at the interval of the last time or another one (seconds)."""
        self.stop()
        self.interval = self.interval if interval is None else interval
        self._timer = self._pump.set_interval(self.interval, self._tick)

    def stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def change(self, slower: int) -> None:
        """To the next slower (1) or faster (−1) of the usual intervals."""
        if slower > 0:
            self.interval = min((i for i in INTERVALS if i > self.interval), default=self.interval)
        else:
            self.interval = max((i for i in INTERVALS if i < self.interval), default=self.interval)
        if self.playing:
            self.start()

    def _tick(self) -> None:
        if self.playing and not self._step():
            self.stop()
