"""Rows of the table: activations beside sigmoid, tanh, relu and softmax, and further functions.

Sources: leaky ReLU from Maas, Hannun and Ng (2013), ELU from Clevert, Unterthiner and Hochreiter
(2015), softplus from Dugas et al. (2000), GELU from Hendrycks and Gimpel (2016), swish from
Ramachandran, Zoph and Le (2017), the step from McCulloch and Pitts (1943).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.formulas import fixed, template
from nnhs_tui.operations.operation import Needs, Operation
from nnhs_tui.operations.substeps import (
    opened_elu,
    opened_gelu,
    opened_softplus,
    opened_swish,
    written,
)
from nnhs_tui.operations.unary import unary

LEAK = Decimal("0.01")
"""What a leaky ReLU lets through of a z that is not above 0."""


def _side_of_zero(operands: np.ndarray) -> list[int]:
    return [int(np.sign(operands[0])) + 1]


def _leak(ar: Arithmetic, z: Any) -> Any:
    leak: Any = ar.number(LEAK)
    return np.where(z > 0, ar.one, leak)[()]


def _at_most_zero(z: Any) -> Any:
    """z where it is at most 0, else 0: of a large z no exponential is taken."""
    return np.where(z > 0, z * 0, z)[()]


def _elu(ar: Arithmetic, z: Any) -> Any:
    return ar.round(np.where(z > 0, z, ar.function("expm1", _at_most_zero(z)))[()])


def _gelu_slope(ar: Arithmetic, z: Any) -> Any:
    return ar.function("normal", z) + z * ar.function("density", z)


def _swish_slope(ar: Arithmetic, z: Any) -> Any:
    share = ar.function("sigmoid", z)
    return share * (1 + z * (1 - share))


FURTHER_FUNCTIONS = (
    unary(
        "tan",
        "The tangent, of an angle in radians.",
        "tan({0})",
        "1 + {y}²",
        "The derivative of tan x is 1 + tan² x.",
        lambda ar, y, x: 1 + y * y,
        slopes_at_once=True,
        needs=Needs.RESULT,
        is_periodic=True,
        is_reserved=False,
        reach=1.5,
    ),
    unary(
        "abs",
        "The size of the number, without its sign.",
        "|{0}|",
        "(1 if {0} > 0, -1 if {0} < 0, 0 at 0)",
        "Above 0 the size grows with {0}, below it shrinks; at 0, where it turns, 0 is used.",
        lambda ar, y, x: np.sign(x) * ar.one,
        needs=Needs.ITSELF,
        is_reserved=False,
        side=_side_of_zero,
        reach=3.0,
        sign="|·|",
    ),
)
"""What graphs may call besides; a file may still give their names to something else."""

FURTHER_ACTIVATIONS = (
    Operation(
        "leaky_relu",
        "The leaky ReLU lets what is above 0 through, and a hundredth of the rest.",
        lambda ar, z: ar.round(z * _leak(ar, z)),
        lambda ar, a, z: (ar.round(_leak(ar, z)),),
        template("max({0}, 0.01·{0})"),
        fixed("(1 if {0} > 0, else 0.01)"),
        fixed("Above 0 the leaky ReLU hands on what arrives; at 0 and below a hundredth of it."),
        needs=Needs.ITSELF,
        is_activation=True,
        side=_side_of_zero,
        reach=3.0,
        opened=written("a", "max({z}, 0.01·{z})"),
        slope_opened=written("slope", "1 if {z} > 0 else 0.01"),
        sign="leaky",
    ),
    Operation(
        "elu",
        "The ELU lets what is above 0 through and bends the rest towards -1.",
        _elu,
        lambda ar, a, z: (ar.round(ar.function("exp", _at_most_zero(z))),),
        template("({0} if {0} > 0, else exp({0}) - 1)"),
        fixed("(1 if {0} > 0, else exp({0}))"),
        fixed("Above 0 the ELU hands on what arrives; below, its slope is that of exp({0}) - 1."),
        needs=Needs.ITSELF,
        is_activation=True,
        has_exponential=True,
        opened=opened_elu,
        slope_opened=written("slope", "1 if {z} > 0 else exp({z})"),
        sign="ELU",
        in_words="z if z > 0, else exp(z) - 1",
    ),
    Operation(
        "softplus",
        "Softplus is a ReLU whose corner at 0 is round.",
        lambda ar, z: ar.round(ar.function("softplus", z)),
        lambda ar, a, z: (ar.round(ar.function("sigmoid", z)),),
        template("ln(1 + exp({0}))"),
        fixed("σ({0})"),
        fixed("The derivative of ln(1 + exp x) is the sigmoid of x."),
        needs=Needs.ITSELF,
        is_activation=True,
        has_exponential=True,
        opened=opened_softplus,
        slope_opened=written("slope", "σ({z})"),
        definition="σ(z) = 1/(1 + exp(-z))",
    ),
    Operation(
        "gelu",
        "The GELU multiplies z by Φ(z), the share of a normal distribution that is below z.",
        lambda ar, z: ar.round(z * ar.function("normal", z)),
        lambda ar, a, z: (ar.round(_gelu_slope(ar, z)),),
        template("{0}·Φ({0})"),
        fixed("(Φ({0}) + {0}·φ({0}))"),
        fixed("{0} stands in both factors of {0}·Φ({0}): the product rule, with φ the slope of Φ."),
        needs=Needs.ITSELF,
        is_activation=True,
        opened=opened_gelu,
        slope_opened=written("slope", "Φ({z}) + {z}·φ({z})"),
        sign="GELU",
        definition="Φ(z) = (1 + erf(z/√2))/2 and its slope φ(z) = exp(-z²/2)/√(2π)",
    ),
    Operation(
        "swish",
        "Swish multiplies z by its sigmoid: a soft gate that z itself opens.",
        lambda ar, z: ar.round(z * ar.function("sigmoid", z)),
        lambda ar, a, z: (ar.round(_swish_slope(ar, z)),),
        template("{0}·σ({0})"),
        fixed("σ({0})·(1 + {0}·(1 - σ({0})))"),
        fixed("{0} stands in both factors of {0}·σ({0}): the product rule, with σ' = σ·(1 - σ)."),
        needs=Needs.ITSELF,
        is_activation=True,
        has_exponential=True,
        reach=6.0,
        opened=opened_swish,
        slope_opened=written("slope", "σ({z})·(1 + {z}·(1 - σ({z})))"),
        definition="σ(z) = 1/(1 + exp(-z))",
    ),
    Operation(
        "step",
        "The step fires or not: 1 from 0 on, 0 below.",
        lambda ar, z: ar.round(np.where(z >= 0, ar.one, ar.one * 0)[()]),
        lambda ar, a, z: (abs(z) * 0,),
        template("(1 if {0} ≥ 0, else 0)"),
        fixed("0"),
        fixed(
            "The step is flat on both sides of 0 and jumps there: it has no gradient, so nothing "
            "is handed on, whatever arrives."
        ),
        is_activation=True,
        side=_side_of_zero,
        reach=3.0,
        in_words="1 if z ≥ 0, else 0",
        opened=written("a", "1 if {z} ≥ 0 else 0"),
        slope_opened=written("slope", "0"),
    ),
)
"""What a layer may have besides; graphs do not call them."""
