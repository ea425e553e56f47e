"""The losses: one row each, like the table of operations.

A loss is a term for each output, then their sum times a factor. Backward it is one step for each
output: the formula of docs/scenario-format.md is taken in one go. o is an output, t its target, n
the number of outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Arithmetic


class Targets(Enum):
    """What the targets of a loss may be."""

    ANY = "any numbers"
    SHARES = "each from 0 to 1"
    DISTRIBUTION = "each from 0 to 1, and 1 together"
    SIGNS = "each 1 or -1"

    def allows(self, target: Any) -> bool:
        """Whether one target may be this number."""
        if self is Targets.SIGNS:
            return bool(abs(target) == 1)
        return self is Targets.ANY or bool(0 <= target <= 1)

    @property
    def each(self) -> str:
        """What one target may be, behind "expected"."""
        return {Targets.ANY: "any number", Targets.SIGNS: "1 or -1"}.get(
            self, "a number from 0 to 1"
        )


@dataclass(frozen=True)
class Loss:
    """A loss over n outputs."""

    name: str
    title: str
    convention: str
    """The definition, factors included: what a reader checks their own convention against."""
    term: Callable[[Arithmetic, Any, Any], Any]
    """(ar, o, t) → the rounded term of each output."""
    slope: Callable[[Arithmetic, Any, Any, int], Any]
    """(ar, o, t, n) → the rounded ∂L/∂o of each output."""
    term_formula: str
    """Template with {o} and {t}."""
    slope_formula: str
    """Template with {o}, {t} and {n}."""
    divided_by: int | None = 1
    """What the sum of the terms is divided by; None: by n."""
    is_square: bool = False
    """Whether a term is (o − t)², whose slope has a 2 in it."""
    targets: Targets = Targets.ANY
    """What its targets may be."""
    has_logarithm: bool = False
    """Whether outputs of 0 or 1 may have no term and no slope."""
    skips_zeros: bool = False
    """Whether an output whose target is 0 does not count."""
    article: str = "the "
    """What stands before its title in a sentence."""
    fused_with: str = ""
    """The activation with which its slope is o − t, in one step; "" for none."""
    why: str = "How far this output is from its target."
    """One sentence on a term."""
    side: Callable[[np.ndarray, np.ndarray], Sequence[int]] | None = None
    """(o, t) → on which side of its kink each term is, the kink being a side of its own."""

    @property
    def sign(self) -> str:
        """What stands in the circle of a term where it is drawn."""
        return "(o-t)²" if self.is_square else self.name.replace("_", "-")

    def divisor(self, n: int) -> int:
        """What the sum of the terms of n outputs is divided by."""
        return n if self.divided_by is None else self.divided_by

    def slope_factor(self, n: int) -> Fraction:
        """The number in front of what else the slope is made of: 2/n for the mean of squares."""
        return Fraction(2 if self.is_square else 1, self.divisor(n))

    def total(self, ar: Arithmetic, terms: Any) -> Any:
        """The loss of a sample from its terms (n,), rounded."""
        total, divisor = np.add.reduce(terms), self.divisor(len(terms))
        return ar.round(np.true_divide(total, divisor) if divisor != 1 else total)


def _square(ar: Arithmetic, o: Any, t: Any) -> Any:
    difference = o - t
    return ar.round(difference * difference)


def _weighted_log(ar: Arithmetic, weight: Any, value: Any) -> Any:
    """weight·ln(value), and 0 without a logarithm where the weight is 0."""
    none = weight == 0
    return np.where(
        none, weight * 0, weight * ar.function("log", np.where(none, value * 0 + 1, value))
    )


def _binary_cross_entropy(ar: Arithmetic, o: Any, t: Any) -> Any:
    return ar.round(-_weighted_log(ar, t, o) - _weighted_log(ar, 1 - t, 1 - o))


def _cross_entropy_slope(ar: Arithmetic, o: Any, t: Any, n: int) -> Any:
    none = t == 0
    return ar.round(np.where(none, t * 0, np.true_divide(-t, np.where(none, o * 0 + 1, o))))


def _huber(ar: Arithmetic, o: Any, t: Any) -> Any:
    """½d² where d = o − t is at most 1 in size, else |d| − ½ (Huber 1964)."""
    size = abs(o - t)
    half = ar.number(Decimal("0.5"))
    return ar.round(np.where(size <= 1, half * size * size, size - half))


def _huber_slope(ar: Arithmetic, o: Any, t: Any, n: int) -> Any:
    return ar.round(np.true_divide(np.minimum(np.maximum(o - t, -ar.one), ar.one), n))


def _signs(numbers: np.ndarray) -> list[int]:
    found: list[int] = (np.sign(numbers).astype(int) + 1).tolist()
    return found


SQUARED = "The square of how far this output is from its target."

LOSSES = {
    each.name: each
    for each in (
        Loss(
            "mse",
            "mean squared error",
            "(1/n) Σ (o - t)²",
            _square,
            lambda ar, o, t, n: ar.round(np.true_divide(2 * (o - t), n)),
            "({o} - {t})²",
            "(2/{n})·({o} - {t})",
            divided_by=None,
            is_square=True,
            why=SQUARED,
        ),
        Loss(
            "sse",
            "sum of squared errors",
            "Σ (o - t)²",
            _square,
            lambda ar, o, t, n: ar.round(2 * (o - t)),
            "({o} - {t})²",
            "2·({o} - {t})",
            is_square=True,
            why=SQUARED,
        ),
        Loss(
            "half_sse",
            "half the sum of squared errors",
            "½ Σ (o - t)²",
            _square,
            lambda ar, o, t, n: ar.round(o - t),
            "({o} - {t})²",
            "{o} - {t}",
            divided_by=2,
            is_square=True,
            why=SQUARED,
            article="",
        ),
        Loss(
            "bce",
            "binary cross-entropy",
            "-(1/n) Σ (t·ln o + (1 - t)·ln(1 - o))",
            _binary_cross_entropy,
            lambda ar, o, t, n: ar.round(np.true_divide(np.true_divide(o - t, o * (1 - o)), n)),
            "-({t}·ln {o} + (1 - {t})·ln(1 - {o}))",
            "({o} - {t}) / ({o}·(1 - {o})) / {n}",
            divided_by=None,
            targets=Targets.SHARES,
            has_logarithm=True,
        ),
        Loss(
            "cross_entropy",
            "cross-entropy",
            "-Σ t·ln o",
            lambda ar, o, t: ar.round(-_weighted_log(ar, t, o)),
            _cross_entropy_slope,
            "-{t}·ln {o}",
            "-{t}/{o}",
            targets=Targets.DISTRIBUTION,
            has_logarithm=True,
            skips_zeros=True,
            fused_with="softmax",
            why="Only outputs whose target is not 0 count.",
        ),
        Loss(
            "mae",
            "mean absolute error",
            "(1/n) Σ |o - t|",
            lambda ar, o, t: ar.round(abs(o - t)),
            lambda ar, o, t, n: ar.round(np.true_divide(np.sign(o - t) * ar.one, n)),
            "|{o} - {t}|",
            "sign({o} - {t}) / {n}",
            divided_by=None,
            side=lambda o, t: _signs(o - t),
        ),
        Loss(
            "huber",
            "Huber loss",
            "(1/n) Σ H(o - t), where H(d) is ½d² if |d| ≤ 1, else |d| - ½",
            _huber,
            _huber_slope,
            "H({o} - {t})",
            "max(-1, min(1, {o} - {t})) / {n}",
            divided_by=None,
            why="Near its target half the square of the distance, further off only the distance.",
        ),
        Loss(
            "hinge",
            "hinge loss",
            "(1/n) Σ max(0, 1 - t·o)",
            lambda ar, o, t: ar.round(np.maximum(1 - t * o, 0)),
            lambda ar, o, t, n: ar.round(np.true_divide(np.where(t * o < 1, -t, abs(t) * 0), n)),
            "max(0, 1 - {t}·{o})",
            "(-{t} if {t}·{o} < 1, else 0) / {n}",
            divided_by=None,
            targets=Targets.SIGNS,
            side=lambda o, t: _signs(1 - t * o),
            why="0 once the output has the sign of its target and is at least 1 in size.",
        ),
    )
}


def softmax_cross_entropy_slope(ar: Arithmetic, a: Any, t: Any) -> Any:
    """∂L/∂z of softmax and cross-entropy in one step: a − t (Bishop 2006, section 4.3.4)."""
    return ar.round(a - t)
