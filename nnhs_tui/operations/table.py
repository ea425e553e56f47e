"""The table of operations: everything the program knows about each elementary operation.

One entry holds the forward rule, the local derivatives, the formula (the same template makes the
symbols and the numbers), the local derivative as a formula, the plain sentence that says why the
gradient is what it is, what can go wrong, and every property that the rest of the program asks
for (`operation.py` says which). To add an operation, add one entry here.

Rules work on single numbers and on arrays, in either arithmetic; `ar.round` is the r(…) of
docs/scenario-format.md. Sources of the derivatives: any school-book's table of derivatives; softmax
and the losses from Bishop, Pattern Recognition and Machine Learning (2006), sections 4.3.4 and 5.2.
"""

from __future__ import annotations

import operator

import numpy as np

from nnhs_tui.operations.formulas import call, fixed, listed, template
from nnhs_tui.operations.further import FURTHER_ACTIVATIONS, FURTHER_FUNCTIONS
from nnhs_tui.operations.operation import Gate, Needs, Operation
from nnhs_tui.operations.powers import power_fault, power_slope, power_slopes
from nnhs_tui.operations.rules import divisor_slope, of_the_chosen, one, quotient, total
from nnhs_tui.operations.shares import SHARE
from nnhs_tui.operations.softmax import softmax, softmax_slopes
from nnhs_tui.operations.substeps import (
    opened_sigmoid,
    opened_sigmoid_slope,
    opened_tanh,
    opened_tanh_slope,
    written,
)
from nnhs_tui.operations.unary import unary

NODE_OPERATIONS = (
    Operation(
        "copy",
        "The same number under another name.",
        lambda ar, x: ar.round(x),
        lambda ar, y, x: (one(x),),
        template("{0}"),
        fixed("1"),
        fixed("{y} is {0} itself, so what arrives is handed on unchanged."),
        operator=operator.pos,
        slopes_at_once=True,
        sign="=",
    ),
    Operation(
        "neg",
        "The sign turned round.",
        lambda ar, x: ar.round(-x),
        lambda ar, y, x: (-one(x),),
        template("-{0}"),
        fixed("-1"),
        fixed("When {0} grows, {y} falls by as much: the sign turns round."),
        operator=operator.neg,
        slopes_at_once=True,
        sign="-",
    ),
    Operation(
        "add",
        "Two numbers added up.",
        lambda ar, a, b: ar.round(a + b),
        lambda ar, y, a, b: (one(a), one(b)),
        template("{0} + {1}"),
        fixed("1", "1"),
        fixed(*(("A sum hands on what arrives unchanged to each of its terms.",) * 2)),
        operator=operator.add,
        slopes_at_once=True,
        sign="+",
    ),
    Operation(
        "sub",
        "The second number taken away from the first.",
        lambda ar, a, b: ar.round(a - b),
        lambda ar, y, a, b: (one(a), -one(b)),
        template("{0} - {1}"),
        fixed("1", "-1"),
        fixed(
            "What is added hands on what arrives unchanged.",
            "{1} is taken away: when it grows, {y} falls by as much, so the sign turns round.",
        ),
        operator=operator.sub,
        slopes_at_once=True,
        sign="-",
    ),
    Operation(
        "mul",
        "Two numbers multiplied.",
        lambda ar, a, b: ar.round(a * b),
        lambda ar, y, a, b: (ar.round(b), ar.round(a)),
        template("{0}·{1}"),
        fixed("{1}", "{0}"),
        fixed(
            "When {0} grows by 1, the product grows by {1}: the other factor is the derivative.",
            "When {1} grows by 1, the product grows by {0}: the other factor is the derivative.",
        ),
        operator=operator.mul,
        slopes_at_once=True,
        needs=Needs.OTHERS,
        sign="·",
    ),
    Operation(
        "div",
        "The first number divided by the second.",
        quotient,
        lambda ar, y, a, b: (quotient(ar, one(b), b), divisor_slope(ar, a, b)),
        template("{0} / {1}"),
        fixed("1/{1}", "-{0}/{1}²"),
        fixed(
            "When {0} grows by 1, the quotient grows by 1/{1}.",
            "The derivative of 1/x is -1/x²: a larger divisor makes the quotient smaller.",
        ),
        lambda a, b: "division by 0" if b == 0 else "",
        slopes_at_once=True,
        needs=Needs.OTHERS | Needs.ITSELF,
        sign="/",
    ),
    Operation(
        "pow",
        "The first number to the power of the second.",
        lambda ar, x, c: ar.round(ar.function("power", x, c)),
        power_slopes,
        template("{0}^{1}"),
        power_slope,
        fixed(
            "The derivative of x^c is c·x^(c-1): the exponent comes down as a factor.",
            "The derivative of c^x is c^x·ln c.",
        ),
        power_fault,
        by_hand=3,
        needs=Needs.OTHERS | Needs.ITSELF | Needs.RESULT,
        sign="^",
    ),
    unary(
        "exp",
        "e = 2.718… to the power of the number.",
        "exp({0})",
        "{y}",
        "exp is its own derivative: the result {y} is the slope.",
        lambda ar, y, x: y,
        slopes_at_once=True,
        needs=Needs.RESULT,
        has_exponential=True,
        reach=2.0,
    ),
    unary(
        "log",
        "The natural logarithm: e to which power gives the number?",
        "ln({0})",
        "1/{0}",
        "The derivative of ln x is 1/x.",
        lambda ar, y, x: np.true_divide(one(x), x),
        fault=lambda x: (
            "the logarithm of 0"
            if x == 0
            else "the logarithm of a negative number"
            if x < 0
            else ""
        ),
        slopes_at_once=True,
        needs=Needs.ITSELF,
        domain=(0.0, 4.0),
        opened=written("a", "log({z})"),
        slope_opened=written("slope", "1 / {z}"),
        sign="ln",
    ),
    unary(
        "sqrt",
        "The number whose square it is.",
        "√({0})",
        "1/(2·{y})",
        "The derivative of √x is 1/(2√x).",
        lambda ar, y, x: np.true_divide(one(y), 2 * y),
        fault=lambda x: (
            "the square root of a negative number" if x < 0 else "division by 0" if x == 0 else ""
        ),
        slopes_at_once=True,
        needs=Needs.RESULT,
        domain=(0.0, 4.0),
        opened=written("a", "sqrt({z})"),
        slope_opened=written("slope", "1 / (2·{a})"),
        sign="√",
    ),
    unary(
        "sin",
        "The sine, of an angle in radians.",
        "sin({0})",
        "cos({0})",
        "The derivative of sin x is cos x.",
        lambda ar, y, x: ar.function("cos", x),
        needs=Needs.ITSELF,
        is_periodic=True,
    ),
    unary(
        "cos",
        "The cosine, of an angle in radians.",
        "cos({0})",
        "-sin({0})",
        "The derivative of cos x is -sin x.",
        lambda ar, y, x: -ar.function("sin", x),
        needs=Needs.ITSELF,
        is_periodic=True,
    ),
    unary(
        "sigmoid",
        "The sigmoid 1/(1 + exp(-z)) squeezes any number into 0 … 1.",
        "σ({0})",
        "{y}·(1 - {y})",
        "The sigmoid's slope needs only its own result: {y}·(1 - {y}).",
        lambda ar, y, x: y * (1 - y),
        slopes_at_once=True,
        needs=Needs.RESULT,
        is_activation=True,
        has_exponential=True,
        reach=6.0,
        definition="σ(z) = 1/(1 + exp(-z))",
        opened=opened_sigmoid,
        slope_opened=opened_sigmoid_slope,
        sign="σ",
    ),
    unary(
        "tanh",
        "tanh squeezes any number into -1 … 1.",
        "tanh({0})",
        "1 - {y}²",
        "The slope of tanh needs only its own result: 1 - {y}².",
        lambda ar, y, x: 1 - y * y,
        slopes_at_once=True,
        needs=Needs.RESULT,
        is_activation=True,
        has_exponential=True,
        reach=3.0,
        opened=opened_tanh,
        slope_opened=opened_tanh_slope,
    ),
    Operation(
        "relu",
        "The ReLU lets what is above 0 through and makes the rest 0.",
        lambda ar, x: ar.round(np.maximum(x, 0)),
        lambda ar, y, x: (x > 0,),
        template("max({0}, 0)"),
        fixed("(1 if {0} > 0, else 0)"),
        fixed("Above 0 the ReLU hands on what arrives; at 0 and below the gate is shut: 0."),
        needs=Needs.ITSELF,
        is_activation=True,
        is_function=True,
        side=lambda z: [int(np.sign(z[0])) + 1],
        gate=Gate("ReLU", lambda z: z <= 0, "z ≤ 0"),
        reach=3.0,
        opened=written("a", "max(0, {z})"),
        slope_opened=written("slope", "1 if {z} > 0 else 0"),
        sign="ReLU",
    ),
    Operation(
        "max",
        "The largest of the numbers.",
        lambda ar, *operands: ar.round(max(operands)),
        of_the_chosen(max),
        call("max"),
        lambda place, y, operands: f"(1 if {operands[place]} is the largest, else 0)",
        lambda place, y, operands: "Only the largest counts (at a tie the first): the rest get 0.",
        needs=Needs.OTHERS | Needs.ITSELF,
        is_function=True,
        is_listed=True,
        side=lambda x: (x == x.max()).astype(int).tolist(),
    ),
    Operation(
        "min",
        "The smallest of the numbers.",
        lambda ar, *operands: ar.round(min(operands)),
        of_the_chosen(min),
        call("min"),
        lambda place, y, operands: f"(1 if {operands[place]} is the smallest, else 0)",
        lambda place, y, operands: "Only the smallest counts (at a tie the first): the rest get 0.",
        needs=Needs.OTHERS | Needs.ITSELF,
        is_function=True,
        is_listed=True,
        side=lambda x: (x == x.min()).astype(int).tolist(),
    ),
    *FURTHER_FUNCTIONS,
)
"""What a graph's expressions are made of."""

NEURON_OPERATIONS = (
    Operation(
        "product",
        "An input times its weight: one product of the neuron's sum.",
        lambda ar, w, x: ar.round(w * x),
        lambda ar, y, w, x: (x, w),
        template("{0}·{1}"),
        fixed("{1}", "{0}"),
        fixed(
            "The gradient of a weight is what arrives times its input.",
            "What arrives goes back to the input through the weight.",
        ),
        needs=Needs.OTHERS,
        in_sum=True,
        what_in_graph="One product of a sum: an entry of a row times one of a column.",
        sign="·",
    ),
    Operation(
        "sum",
        "The neuron adds up its products, and its bias where it has one.",
        total,
        lambda ar, y, *operands: [one(each) for each in operands],
        listed(" + "),
        lambda place, y, operands: "1",
        lambda place, y, operands: "A sum hands on what arrives unchanged to each of its terms.",
        what_in_graph="All the terms added up.",
        sign="+",
    ),
    Operation(
        "softmax",
        "Softmax turns the z's into shares that add up to 1.",
        lambda ar, place, *z: softmax(ar, np.array(z))[place],
        lambda ar, y, *a: softmax_slopes(ar, np.array(a)),
        # Its own exponential first, then all of them.
        lambda operands: f"{operands[0]} / ({listed(' + ')(operands[1:])})",
        # The outputs, its own one left empty.
        lambda place, y, operands: (
            f"-{y}·{operands[place]}" if operands[place] else f"{y}·(1 - {y})"
        ),
        lambda place, y, operands: (
            "Every output of a softmax depends on every z: "
            "a_j·(1 - a_j) on its own, -a_j·a_i on another's."
        ),
        is_activation=True,
        of_layer=True,
        in_words="exp(z) / (the sum of exp(z) over all neurons of the layer)",
    ),
)
"""What a neuron is made of besides: w·x, the sum of the products and the bias, softmax."""

OPERATIONS = {
    each.name: each for each in (*NODE_OPERATIONS, *FURTHER_ACTIVATIONS, *NEURON_OPERATIONS, SHARE)
}

CIRCUIT = ("neg", "exp", "add", "div")
"""The sigmoid as elementary operations: A = -z, B = exp A, C = 1 + B, a = 1/C."""
CIRCUIT_OF, CIRCUIT_NAME = "sigmoid", "circuit"
"""The activation that may be stepped so, and what it is called where it is."""


def activations() -> tuple[str, ...]:
    """What a layer's activation may be: the identity, which is no operation, first."""
    return ("identity", *(each.name for each in OPERATIONS.values() if each.is_activation))


def functions() -> tuple[str, ...]:
    """What a graph's expressions may call."""
    return tuple(each.name for each in OPERATIONS.values() if each.is_function)


def reserved() -> tuple[str, ...]:
    """The functions whose names a graph may not give to anything else."""
    return tuple(name for name in functions() if OPERATIONS[name].is_reserved)
