"""Curves in characters: braille dots for lines, bars for a row of numbers.

A braille character is 2 × 4 dots, so a curve in a pane of 30 × 8 cells has 60 × 32 of them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence

from nnhs_tui.present.text.lines import Line, Run, merge

BARS = "▁▂▃▄▅▆▇█"
FAR = 1e9
"""Dots above the plot at which a line towards something higher still may end."""
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of a dot in a braille character, by row and column."""


def sparkline(values: Sequence[float | None], width: int) -> str:
    """A bar for each of the last `width` numbers; a space for None.

    >>> sparkline([0.0, 1.0, None, 0.5], 10)
    '▁█ ▅'
    """
    shown = list(values)[-width:] if width > 0 else []
    known = [each for each in shown if each is not None and math.isfinite(each)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    return "".join(_bar(each, low, high) for each in shown)


def _bar(value: float | None, low: float, high: float) -> str:
    if value is None or not math.isfinite(value):
        return " "
    if high == low:
        return BARS[len(BARS) // 2 - 1]
    return BARS[round(_share(value, low, high) * (len(BARS) - 1) + 1e-9)]


def _share(value: float, low: float, high: float) -> float:
    """How far a number is on the way from one to another: 0 at `low`, 1 at `high`."""
    if math.isfinite(high - low):
        return (value - low) / (high - low)
    return (value / 2 - low / 2) / (high / 2 - low / 2)


class Plot:
    """Curves over a rectangle of numbers, on `width` × `height` cells."""

    def __init__(
        self, width: int, height: int, x: tuple[float, float], y: tuple[float, float]
    ) -> None:
        self.width, self.height = max(0, width), max(0, height)
        self._x, self._y = _span(x), _span(y)
        self._dots: dict[tuple[int, int], int] = {}
        self._signs: dict[tuple[int, int], Run] = {}
        self._roles: dict[tuple[int, int], str] = {}

    def curve(self, function: Callable[[float], float], role: str = "text") -> None:
        """A function's curve; where it is not a number there is a gap."""
        low, high = self._x
        columns = 2 * self.width
        xs = [low + (high - low) * (k + 0.5) / columns for k in range(columns)]
        self.points(((x, function(x)) for x in xs), role)

    def points(self, points: Iterable[tuple[float, float]], role: str = "text") -> None:
        """A line through points, from left to right."""
        last: tuple[float, float] | None = None
        for x, y in points:
            if not (math.isfinite(x) and math.isfinite(y)):
                last = None
                continue
            here = self._place(x, y)
            self._join(last or here, here, role)
            last = here

    def sign(self, x: float, y: float, text: str, role: str) -> None:
        """A character at a point."""
        column, row = self._place(x, y)
        self._signs[math.floor(row / 4), math.floor(column / 2)] = (text, role)

    def lines(self) -> list[Line]:
        """The plot as lines."""
        return [
            merge([self._cell(row, column) for column in range(self.width)])
            for row in range(self.height)
        ]

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """A point as (column, row) of dots, from the top left."""
        column = _share(x, *self._x) * (2 * self.width)
        row = _share(y, *self._y[::-1]) * (4 * self.height)
        return min(column, 2 * self.width - 1e-6), max(-FAR, min(row, 4 * self.height - 1e-6))

    def _join(self, start: tuple[float, float], stop: tuple[float, float], role: str) -> None:
        """Dots from one place to another, as far as they are inside."""
        (x0, y0), (x1, y1) = start, stop
        most = 4 * (self.width + self.height)
        steps = max(1, min(most, math.ceil(max(abs(x1 - x0), min(abs(y1 - y0), most)))))
        for k in range(steps + 1):
            column = math.floor(x0 + (x1 - x0) * k / steps)
            row = math.floor(y0 + (y1 - y0) * k / steps)
            if 0 <= column < 2 * self.width and 0 <= row < 4 * self.height:
                at = (row // 4, column // 2)
                self._dots[at] = self._dots.get(at, 0) | DOTS[row % 4][column % 2]
                self._roles[at] = role

    def _cell(self, row: int, column: int) -> Run:
        at = (row, column)
        if at in self._signs:
            return self._signs[at]
        if at in self._dots:
            return chr(0x2800 + self._dots[at]), self._roles[at]
        return " ", "text"


def _span(ends: tuple[float, float]) -> tuple[float, float]:
    """A range that is not empty."""
    low, high = ends
    if not (math.isfinite(low) and math.isfinite(high)):
        return -1.0, 1.0
    air = max(0.5, abs(low) / 1e6)
    # Above the largest number there is none.
    return (low, high) if high > low else (low - air, min(low + air, sys.float_info.max))
