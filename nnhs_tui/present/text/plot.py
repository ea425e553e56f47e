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
"""Dots above or below the plot at which a line towards something further still may end."""
EDGE = 1e-6
"""Of a dot: what lies so near to the lower or right edge lies on it."""
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
            if last is not None and self._is_pole(last, here):
                last = None
            self._join(last or here, here, role)
            last = here

    def _is_pole(self, one: tuple[float, float], other: tuple[float, float]) -> bool:
        """Whether a curve goes from below everything to above it between two neighbours."""
        low, high = sorted((one[1], other[1]))
        return abs(one[0] - other[0]) < 2 and low < 0 and high >= 4 * self.height

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
        # What lies on the lower or right edge belongs to the last dot; what is beyond stays there.
        if 0 <= row - 4 * self.height < EDGE:
            row -= 2 * EDGE
        return min(column, 2 * self.width - EDGE), max(-FAR, min(row, FAR))

    def _join(self, start: tuple[float, float], stop: tuple[float, float], role: str) -> None:
        """Dots from one place to another, as far as they are inside: cut off at the edge, not bent
        to it, so that a line keeps its slope."""
        clipped = _clipped(start, stop, (2 * self.width, 4 * self.height))
        if clipped is None:
            return
        (x0, y0), (x1, y1) = clipped
        steps = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0))))
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


Point = tuple[float, float]


def _clipped(start: Point, stop: Point, size: Point) -> tuple[Point, Point] | None:
    """The part of a line that is in a rectangle from (0, 0); None where none is.

    After Liang and Barsky, A new concept and method for line clipping (1984).
    """
    first, last = 0.0, 1.0
    for begin, end, most in zip(start, stop, size, strict=True):
        way = end - begin
        if not way:
            if not 0 <= begin <= most:
                return None
            continue
        enters, leaves = sorted((-begin / way, (most - begin) / way))
        first, last = max(first, enters), min(last, leaves)
    if first > last:
        return None
    (x0, y0), (x1, y1) = start, stop
    return (
        (x0 + (x1 - x0) * first, y0 + (y1 - y0) * first),
        (x0 + (x1 - x0) * last, y0 + (y1 - y0) * last),
    )


def _span(ends: tuple[float, float]) -> tuple[float, float]:
    """A range that is not empty."""
    low, high = ends
    if not (math.isfinite(low) and math.isfinite(high)):
        return -1.0, 1.0
    air = max(0.5, abs(low) / 1e6)
    # Above the largest number there is none.
    return (low, high) if high > low else (low - air, min(low + air, sys.float_info.max))
