"""Measuring in pairs, and tables of what was measured.

On a machine that does other things besides, times of one moment can be compared and those of two
cannot: what is compared runs in turn, and the figure is the median of the ratios of neighbours.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Measure = Callable[[], float]
"""Runs something once and gives what it cost."""


@dataclass(frozen=True)
class Pairs:
    """What two things cost that ran in turn."""

    ours: Sequence[float]
    theirs: Sequence[float]

    @property
    def ratio(self) -> float:
        """Ours as a multiple of theirs: the median over the pairs."""
        return statistics.median(a / b for a, b in zip(self.ours, self.theirs, strict=True))

    @property
    def medians(self) -> tuple[float, float]:
        return statistics.median(self.ours), statistics.median(self.theirs)


def in_turn(ours: Measure, theirs: Measure, rounds: int) -> Pairs:
    """Measure two things in turn, after a first round that does not count."""
    ours(), theirs()
    measured = [(ours(), theirs()) for _ in range(rounds)]
    return Pairs([a for a, _ in measured], [b for _, b in measured])


def timed(action: Callable[[], object], least: float = 0.005) -> Measure:
    """The seconds one `action` takes, repeated so often that the clock is fine enough."""
    action()
    number, taken = 1, 0.0
    while (taken := _seconds(action, number)) < least:
        number = max(2 * number, int(number * least / max(taken, 1e-9)))
    return lambda: _seconds(action, number) / number


def _seconds(action: Callable[[], object], number: int) -> float:
    begin = time.perf_counter()
    for _ in range(number):
        action()
    return time.perf_counter() - begin


def least_seconds(action: Callable[[], object], rounds: int, least: float = 0.005) -> float:
    """The shortest of some measurements of one action: that which was disturbed the least."""
    gc.collect()
    measure = timed(action, least)
    return min(measure() for _ in range(rounds))


@dataclass(frozen=True)
class Goal:
    """A figure to reach."""

    limit: float
    unit: str = "×"
    at_least: bool = False

    def __str__(self) -> str:
        limit = f"{self.limit:.2f}" if self.limit < 1 else f"{self.limit:g}"
        return f"{'≥' if self.at_least else '≤'} {limit} {self.unit}".rstrip()

    def judge(self, figure: float) -> tuple[str, str]:
        """The last two columns of a row: the goal, and whether it was met."""
        reached = figure >= self.limit if self.at_least else figure <= self.limit
        return str(self), "met" if reached else "NOT met"


@dataclass
class Table:
    """Rows under a title; the first column stands left, the others right."""

    title: str
    heads: Sequence[str]
    rows: list[Sequence[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def __str__(self) -> str:
        width = len(self.heads)
        rows = [self.heads, *([*row, *[""] * (width - len(row))] for row in self.rows)]
        widths = [max(len(row[place]) for row in rows) for place in range(width)]
        lines = [self.title]
        for row in rows:
            others = [f"{cell:>{size}}" for cell, size in zip(row[1:], widths[1:], strict=True)]
            lines.append("  " + "  ".join([f"{row[0]:<{widths[0]}}", *others]).rstrip())
        return "\n".join([*lines, *(f"  {note}" for note in self.notes)])


def duration(seconds: float) -> str:
    """A time with three significant digits."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}" if seconds < 1000 * size else f"{seconds:.0f} s"
    return f"{seconds / 1e-9:.3g} ns"


def times(ratio: float) -> str:
    """A ratio as it is printed."""
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:.0f} ×"
