"""The smaller steps of the activations that have some.

The numbers are kept in full: a function is one step, which by hand is rounded once, at its end.
"""

from __future__ import annotations

import math
from decimal import Context, localcontext
from typing import Any

from nnhs_tui.operations.operation import Opened, SubStep
from nnhs_tui.operations.special import decimal_normal, exact_normal

_FULL = Context(prec=24)
"""Digits kept inside, far more than are shown."""


def opened_sigmoid(z: Any) -> list[SubStep]:
    """A = −z, B = exp A, C = 1 + B, a = 1/C."""
    a = -z
    b = _exp(a)
    return [
        SubStep("A", "-{z}", a),
        SubStep("B", "exp({A})", b),
        SubStep("C", "1 + {B}", 1 + b),
        SubStep("a", "1 / {C}"),
    ]


def opened_sigmoid_slope(a: Any) -> list[SubStep]:
    """a·(1 − a)."""
    return [SubStep("1 - a", "1 - {a}", 1 - a), SubStep("slope", "{a} · {1 - a}")]


def opened_tanh(z: Any) -> list[SubStep]:
    """(exp z − exp −z) / (exp z + exp −z)."""
    return [
        SubStep("P", "exp({z})", _exp(z)),
        SubStep("N", "exp(-{z})", _exp(-z)),
        SubStep("a", "({P} - {N}) / ({P} + {N})"),
    ]


def opened_tanh_slope(a: Any) -> list[SubStep]:
    """1 − a²."""
    return [SubStep("a²", "{a}²", a * a), SubStep("slope", "1 - {a²}")]


def opened_elu(z: Any) -> list[SubStep]:
    """z, or E = exp z and E − 1."""
    if z > 0:
        return [SubStep("a", "{z}")]
    return [SubStep("E", "exp({z})", _exp(z)), SubStep("a", "{E} - 1")]


def opened_softplus(z: Any) -> list[SubStep]:
    """E = exp z, C = 1 + E, a = ln C."""
    e = _exp(z)
    return [
        SubStep("E", "exp({z})", e),
        SubStep("C", "1 + {E}", 1 + e),
        SubStep("a", "ln({C})"),
    ]


def opened_gelu(z: Any) -> list[SubStep]:
    """The share of a normal distribution below z, and z times it."""
    with localcontext(_FULL):
        share = exact_normal(z) if isinstance(z, float) else decimal_normal(z)
    return [SubStep("Φ", "(1 + erf({z}/√2))/2", share), SubStep("a", "{z}·{Φ}")]


def opened_swish(z: Any) -> list[SubStep]:
    """s = σ(z) = 1/(1 + exp −z), and z times it."""
    share = 1 / (1 + _exp(-z))
    return [SubStep("s", "1 / (1 + exp(-{z}))", share), SubStep("a", "{z}·{s}")]


def written(symbol: str, formula: str) -> Opened:
    """One step, whose formula is written in another way here than in a step's own line."""
    return lambda number: [SubStep(symbol, formula)]


def _exp(number: Any) -> Any:
    """e to this power in full, whichever kind of number it is."""
    if isinstance(number, float):
        return math.exp(number) if number < 700 else math.inf
    return _FULL.exp(number)
