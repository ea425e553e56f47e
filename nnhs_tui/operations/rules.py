"""Rules of the table of operations that take more than a line."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.operation import Rule


def one(value: Any) -> Any:
    """1 in the shape and arithmetic of `value`."""
    return value * 0 + 1


def quotient(ar: Arithmetic, a: Any, b: Any) -> Any:
    """a/b."""
    return ar.round(np.true_divide(a, b))


def divisor_slope(ar: Arithmetic, a: Any, b: Any) -> Any:
    """−a/b²; where b² is beyond a double, or lost in 0, the same in two quotients."""
    square = b * b
    if isinstance(square, float) and square != 0 and math.isfinite(square):
        return ar.round(np.true_divide(-a, square))
    slope = np.true_divide(-a, square)
    if ar.name == "exact":
        is_fine = (square != 0) & np.isfinite(square)
        slope = np.where(is_fine, slope, np.true_divide(np.true_divide(-a, b), b))[()]
    return ar.round(slope)


def of_the_chosen(choose: Callable[[Sequence[Any]], Any]) -> Rule:
    """Local derivatives of max and min: 1 for the first that is chosen, 0 for the others."""

    def local(ar: Arithmetic, y: Any, *operands: Any) -> list[Any]:
        # The one that was chosen is found even where it is no number, which equals nothing.
        first = operands.index(choose(operands))
        return [one(x) * int(i == first) for i, x in enumerate(operands)]

    return local


def total(ar: Arithmetic, *operands: Any) -> Any:
    """Any number of terms, from left to right, rounded once."""
    found = operands[0]
    for each in operands[1:]:
        found = found + each
    return ar.round(found)
