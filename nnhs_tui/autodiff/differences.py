"""A slope found by trying, how far it can be trusted, and what it says of a computed gradient.

The central difference D(h) = (f(v + h) − f(v − h)) / 2h is off by c₂h² + c₄h⁴ + … for a smooth f,
and by about r/h for an f that is itself off by r. Both errors are looked at before anything is
said of a gradient:

- of three steps h, h/4, h/16 Richardson's extrapolation takes off the terms in h² and h⁴; how much
  the last two extrapolations differ is the error of what the curve does. Richardson, Phil. Trans.
  R. Soc. A 210 (1911), 307–357; Ridders, Advances in Engineering Software 4 (1982), 75–76; Press et
  al., Numerical Recipes (3rd ed. 2007), section 5.7, from which is also that v + h is rounded
  first, and h taken from it;
- r comes with every value of f: the roundings of all operations, each times how much it reaches f
  (a running error bound, Higham, Accuracy and Stability of Numerical Algorithms (2002), ch. 3).

Steps of many sizes are tried, about 1, about the size of v and about 1/|gradient|. A slope counts
only where its error is small beside it, and of several that differ the one of the smallest steps:
a slope is what is left as h becomes 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from nnhs_tui.errors import ComputationError

AGREES, DISAGREES = "ok", "disagrees"
KINK = "not differentiable here"
UNTRIED = "cannot be tried here"

STEP = 6e-6
"""The first h for values up to 1 in size: the cube root of a double's precision."""
FACTOR = 4.0
"""Each h is so many times smaller than the one before."""
TOLERANCE = 1e-6
"""What two equal gradients may differ by, of their size."""
TRUSTED = 1e-4
"""A slope is known where its error is at most so much of it; then ten times the error is allowed,
so that a gradient that is 1 % off is found everywhere."""
AT_ONCE = 1e-5
"""A slope as well known as this need not be compared with others."""
AMPLIFIED = 4
"""By how much the extrapolation makes the rounding of its smallest step larger, at most."""
TURN = 3.0
"""By how much an angle may differ at both ends of a step; a step over a whole turn sees nothing."""
FEWEST = 8
"""Doubles that a step must span at least."""


@dataclass(frozen=True)
class Probe:
    """What a gradient is the gradient of, at one place."""

    value: float
    rounding: float
    """By how much the value may be off, by the roundings of all operations."""
    ways: bytes
    """Which way every ReLU, max and min went."""
    angles: tuple[float, ...] = ()
    """What every sine and cosine was taken of."""


LOST = "it is lost in rounding"
UNDERFLOWING = 1e-150
"""Of smaller gradients a factor may be less than the smallest double: it is 0, or anything."""
TOO_WIDE = "every step is too large for the curve"
TOO_SMALL = "its factors are too small for doubles"

Objective = Callable[[float], Probe]
"""The probe with one number in place of its own; raises ComputationError where there is none."""


@dataclass(frozen=True)
class Trial:
    """A slope found by trying, and what it says of a gradient."""

    numeric: float
    """The slope; NaN where none could be had."""
    verdict: str
    reason: str = ""
    """Why it cannot be tried."""


@dataclass(frozen=True)
class _Slope:
    h: float
    slope: float
    rounding: float


@dataclass(frozen=True)
class _Window:
    """What three steps give together."""

    h: float
    slope: float
    rounding: float
    error: float
    """Of the curve and of rounding."""

    @property
    def is_known(self) -> bool:
        return self.error <= TRUSTED * abs(self.slope)

    @property
    def is_zero(self) -> bool:
        """Whether nothing is left of it but rounding."""
        return abs(self.slope) <= self.rounding

    @property
    def share(self) -> float:
        return self.error / abs(self.slope) if self.slope else math.inf


@dataclass
class _Trying:
    """The steps tried at a number, and what became of them."""

    at: float
    objective: Objective
    kept: dict[float, _Slope | None] = field(default_factory=dict)
    crossed: float | None = None
    """A slope over a kink."""
    is_too_wide: bool = False
    """Whether there was a step that is too large for the curve, whatever the others say."""
    failed: ComputationError | None = None
    """Of the first step that could not be computed."""

    def slope(self, wanted: float) -> _Slope | None:
        """D(h) with about this h; None across a kink, or where f has no value."""
        if wanted not in self.kept:
            self.kept[wanted] = self._slope(wanted)
        return self.kept[wanted]

    def _slope(self, wanted: float) -> _Slope | None:
        above = self.at + wanted
        h = above - self.at
        below = self.at - h
        if h < FEWEST * math.ulp(self.at) or not (math.isfinite(above) and math.isfinite(below)):
            return None
        try:
            up, down = self.objective(above), self.objective(below)
        except ComputationError as error:
            self.failed = self.failed or error
            return None
        half = above / 2 - below / 2
        slope = (up.value / 2 - down.value / 2) / half
        if up.ways != down.ways:
            self.crossed = slope if self.crossed is None else self.crossed
            return None
        if any(abs(a - b) > TURN for a, b in zip(up.angles, down.angles, strict=True)):
            self.is_too_wide = True
            return None
        if not math.isfinite(slope):
            return None
        return _Slope(h, slope, max(up.rounding, down.rounding) / half)

    def crosses(self, wanted: float) -> bool:
        """Whether a step of this h goes across a kink."""
        before, self.crossed = self.crossed, None
        crosses = self._slope(wanted) is None and self.crossed is not None
        self.crossed = before if before is not None else self.crossed
        return crosses

    def rounding_of_gradients(self) -> float:
        """About by how much a gradient may be off that is a sum of larger ones.

        Its terms are not known here. Each of them times the number is about what the term adds to
        the objective, and the rounding of that is.
        """
        return self.objective(self.at).rounding / (abs(self.at) or 1.0)

    def windows(self, steps: list[float]) -> Iterator[_Window]:
        """What each three steps give that follow one another."""
        for place in range(len(steps) - 2):
            three = [self.slope(h) for h in steps[place : place + 3]]
            if None not in three:
                found = _extrapolated(*three)  # type: ignore[arg-type]
                if math.isfinite(found.slope) and math.isfinite(found.error):
                    yield found


def tried(analytic: float, at: float, objective: Objective) -> Trial:
    """Try a gradient.

    Args:
        analytic: the gradient of the objective with respect to a number, as computed.
        at: the number.
        objective: what it is the gradient of; it is asked two to some hundred times.
    """
    trying = _Trying(at, objective)
    quick = _quick(analytic, trying)
    if quick is not None:
        return quick
    windows: list[_Window] = []
    for number, steps in enumerate(_bands(abs(at), abs(analytic))):
        for window in trying.windows(steps):
            windows.append(window)
            at_once = window.share <= AT_ONCE or (not analytic and number == 0)
            if at_once and _agree(analytic, window):
                return Trial(window.slope, AGREES)
    return _judged(analytic, windows, trying)


def _quick(analytic: float, trying: _Trying) -> Trial | None:
    """What one step, of nearly every gradient, says already."""
    scale = max(1.0, abs(trying.at))
    first = trying.slope(STEP * scale)
    if first is None:
        size = abs(trying.at)
        if trying.crossed is not None and trying.crosses((size or 1.0) * 1e-12):
            return Trial(trying.crossed, KINK)
        return None
    if analytic == 0 == first.slope:
        # Nothing moves, and should not: but a small step may be lost beside a large number.
        second = trying.slope(scale / FACTOR)
        return Trial(0.0, AGREES) if second is None or not second.slope else None
    largest = max(abs(analytic), abs(first.slope))
    close = abs(analytic - first.slope) <= TOLERANCE * largest
    return Trial(first.slope, AGREES) if close else None


def _bands(size: float, slope: float) -> Iterator[list[float]]:
    """The h to try for a number of that size, band by band, each from large to small."""
    scale = max(1.0, size)
    own = size if 0 < size != scale else 1.0
    yield _band(scale / FACTOR, 5)
    if own != scale:
        yield _band(own / FACTOR, 5)
    yield _band(scale * FACTOR**8, 29)
    if own != scale:
        yield _band(own * FACTOR**8, 29)
    if slope:
        yield _band(FACTOR**5 / slope, 10)


def _band(largest: float, count: int) -> list[float]:
    return [largest / FACTOR**k for k in range(count)] if math.isfinite(largest) else []


def _extrapolated(wide: _Slope, middle: _Slope, narrow: _Slope) -> _Window:
    """Richardson: (q·D(h/4) − D(h)) / (q − 1), with q = 4² takes off h², with q = 4⁴ then h⁴."""
    before = middle.slope + (middle.slope - wide.slope) / (FACTOR**2 - 1)
    after = narrow.slope + (narrow.slope - middle.slope) / (FACTOR**2 - 1)
    slope = after + (after - before) / (FACTOR**4 - 1)
    rounding = AMPLIFIED * max(narrow.rounding, middle.rounding / FACTOR)
    return _Window(narrow.h, slope, rounding, abs(after - before) + rounding)


def _agree(analytic: float, window: _Window) -> bool:
    difference = abs(analytic - window.slope)
    if window.is_known:
        largest = max(abs(analytic), abs(window.slope))
        return difference <= max(TOLERANCE * largest, 10 * window.error)
    return analytic == 0 == window.slope


def _judged(analytic: float, windows: list[_Window], trying: _Trying) -> Trial:
    """What all steps say together."""
    known = [each for each in windows if each.is_known]
    narrowest_first = sorted(windows, key=lambda each: each.h)
    zeros = list(takewhile(lambda each: each.is_zero, narrowest_first))
    if not analytic:
        # A gradient of 0 only agrees with steps that move nothing.
        zeros = [each for each in zeros if not each.slope]
    best = _limit(known, zeros) if known else None
    if best is None and zeros:
        best = min(zeros, key=lambda each: each.rounding)
        if analytic and abs(analytic) <= 10 * best.rounding:
            best = None
    if best is None:
        return _untried(windows, zeros, trying)
    if _agree(analytic, best):
        return Trial(best.slope, AGREES)
    if any(_agree(analytic, each) for each in known) or _is_contradicted(best, windows):
        return Trial(best.slope, UNTRIED, "steps of different sizes find different slopes")
    if abs(analytic - best.slope) <= 10 * trying.rounding_of_gradients():
        return Trial(best.slope, UNTRIED, LOST)
    if max(abs(analytic), abs(best.slope)) < UNDERFLOWING:
        return Trial(best.slope, UNTRIED, TOO_SMALL)
    if not _is_excluded_nearby(analytic, windows, trying.at):
        return Trial(best.slope, UNTRIED, LOST)
    return Trial(best.slope, DISAGREES)


def _is_excluded_nearby(analytic: float, windows: list[_Window], at: float) -> bool:
    """Whether a step no wider than the number itself, or 1, shows that the gradient is another.

    A wider one may know a slope well, and yet reach across a bend that is lost in rounding.
    """
    nearby = (each for each in windows if each.h <= max(1.0, abs(at)))
    return any(abs(each.slope - analytic) > 3 * each.error for each in nearby)


def _limit(known: list[_Window], zeros: list[_Window]) -> _Window:
    """The slope that is left as h becomes 0, as well known as can be."""
    limit = min(known, key=lambda each: each.h)
    narrower = [each for each in zeros if each.h < limit.h]
    zero = min(narrower, key=lambda each: each.rounding, default=None)
    if zero is not None and zero.rounding <= TRUSTED * abs(limit.slope):
        return zero
    best = min(known, key=lambda each: each.share)
    are_one = abs(best.slope - limit.slope) <= 10 * (best.error + limit.error)
    return best if are_one else limit


def _is_contradicted(best: _Window, windows: list[_Window]) -> bool:
    """Whether smaller steps, though less well, find something else."""
    narrower = (each for each in windows if each.h < best.h)
    return any(abs(w.slope - best.slope) > 3 * (w.error + best.error) for w in narrower)


def _untried(windows: list[_Window], zeros: list[_Window], trying: _Trying) -> Trial:
    """Why no slope is known."""
    if trying.is_too_wide and (not windows or not zeros):
        return Trial(windows[0].slope if windows else math.nan, UNTRIED, TOO_WIDE)
    if windows:
        numeric = windows[0].slope
        lost = any(each.rounding > TRUSTED * abs(each.slope) for each in windows)
        is_lost = bool(zeros) or (lost and all(each.rounding >= each.error / 2 for each in windows))
        told = LOST if is_lost else TOO_WIDE
        return Trial(numeric, UNTRIED, told)
    if trying.crossed is not None:
        return Trial(trying.crossed, UNTRIED, "a kink is closer than a step can be")
    if trying.failed is not None:
        error = trying.failed
        return Trial(math.nan, UNTRIED, f"beside it, {error.node} is {error.found}")
    return Trial(math.nan, UNTRIED, "there is no number a step away")
