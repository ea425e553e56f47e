"""The inside of an operation, as an explanation: the smaller steps a function is made of.

A function is one step: by hand it is rounded once, at its end. So the numbers inside are kept in
full, and the last of them is the value of the step itself, in both arithmetics.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context
from typing import Any

from nnhs_tui.core.record import Record
from nnhs_tui.core.schedule import UPDATE, Step
from nnhs_tui.core.tape import Tape

_FULL = Context(prec=24)
"""Digits kept inside, far more than are shown."""


@dataclass(frozen=True)
class SubStep:
    """One of the smaller steps."""

    symbol: str
    formula: str
    """With the symbols of the sub-steps before it, and z, in braces: `exp({A})`."""
    value: Any


def _sigmoid(z: Any) -> list[SubStep]:
    a = -z
    b = _exp(a)
    return [
        SubStep("A", "-{z}", a),
        SubStep("B", "exp({A})", b),
        SubStep("C", "1 + {B}", 1 + b),
        SubStep("a", "1 / {C}", None),
    ]


def _tanh(z: Any) -> list[SubStep]:
    up, down = _exp(z), _exp(-z)
    return [
        SubStep("P", "exp({z})", up),
        SubStep("N", "exp(-{z})", down),
        SubStep("a", "({P} - {N}) / ({P} + {N})", None),
    ]


def _alone(formula: str) -> Callable[[Any], list[SubStep]]:
    return lambda z: [SubStep("a", formula, None)]


_FORWARD: dict[str, Callable[[Any], list[SubStep]]] = {
    "sigmoid": _sigmoid,
    "tanh": _tanh,
    "relu": _alone("max(0, {z})"),
    "exp": _alone("exp({z})"),
    "log": _alone("log({z})"),
    "sqrt": _alone("sqrt({z})"),
    "sin": _alone("sin({z})"),
    "cos": _alone("cos({z})"),
}


def _sigmoid_slope(a: Any) -> list[SubStep]:
    return [SubStep("1 - a", "1 - {a}", 1 - a), SubStep("slope", "{a} · {1 - a}", None)]


def _tanh_slope(a: Any) -> list[SubStep]:
    return [SubStep("a²", "{a}²", a * a), SubStep("slope", "1 - {a²}", None)]


_BACKWARD: dict[str, Callable[[Any], list[SubStep]]] = {
    "sigmoid": _sigmoid_slope,
    "tanh": _tanh_slope,
    "relu": lambda a: [SubStep("slope", "1 if {z} > 0 else 0", None)],
    "exp": lambda a: [SubStep("slope", "{a}", None)],
    "log": lambda a: [SubStep("slope", "1 / {z}", None)],
    "sqrt": lambda a: [SubStep("slope", "1 / (2·{a})", None)],
    "sin": lambda a: [SubStep("slope", "cos({z})", None)],
    "cos": lambda a: [SubStep("slope", "-sin({z})", None)],
}

CURVES: dict[str, Callable[[float], float]] = {
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0,
    "tanh": math.tanh,
    "relu": lambda z: max(0.0, z),
    "exp": lambda z: math.exp(z) if z < 700 else math.inf,
    "log": lambda z: math.log(z) if z > 0 else math.nan,
    "sqrt": lambda z: math.sqrt(z) if z >= 0 else math.nan,
    "sin": math.sin,
    "cos": math.cos,
}
"""The functions that can be opened, as curves."""


def can_open(tape: Tape, step: Step) -> bool:
    """Whether the operation of a step has an inside to look at."""
    return step.phase != UPDATE and not step.is_join and tape.opname(step.node) in CURVES


def why_not(tape: Tape, step: Step) -> str:
    """Why there is nothing to open, in words."""
    if step.phase == UPDATE:
        return "this is one subtraction: there is nothing inside"
    if step.is_join or tape.opname(step.node) == "sum":
        return "this is a sum: there is nothing inside"
    if tape.opname(step.node) in ("product", "mul"):
        return "this is one multiplication: there is nothing inside"
    return "this is a single operation: there is nothing inside"


def inside(record: Record, node: int) -> list[SubStep]:
    """What happens inside an operation, forward; the last value is the operation's own."""
    z = record.value[record.tape.operands(node)[0]]
    return _ending(_FORWARD[record.tape.opname(node)](z), record.value[node])


def inside_slope(record: Record, node: int) -> list[SubStep]:
    """What the local derivative is made of; the last value is the local derivative."""
    steps = _BACKWARD[record.tape.opname(node)](record.value[node])
    return _ending(steps, record.local(node, 0))


def _ending(steps: list[SubStep], value: Any) -> list[SubStep]:
    return [*steps[:-1], SubStep(steps[-1].symbol, steps[-1].formula, value)]


def _exp(number: Any) -> Any:
    """e to this power in full, whichever kind of number it is."""
    if isinstance(number, float):
        return math.exp(number) if number < 700 else math.inf
    return _FULL.exp(number)
