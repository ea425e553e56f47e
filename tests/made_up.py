"""Rows that are in no table, and put into them for the length of a test."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np

from nnhs_tui.marking.mistakes.table import Mistake
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.losses import Loss
from nnhs_tui.operations.operation import Needs, Operation
from nnhs_tui.operations.reductions import Reduction
from nnhs_tui.operations.update_rules import Part, UpdateRule

TENTH = Decimal("0.1")


def _slope(ar: Arithmetic, z: Any) -> Any:
    """1 above 0, a tenth elsewhere."""
    return np.where(z > 0, ar.one, ar.number(TENTH))[()]


LEAKY = Operation(
    "leaky",
    "Lets a tenth through below 0.",
    lambda ar, z: ar.round(z * _slope(ar, z)),
    lambda ar, a, z: (_slope(ar, z),),
    lambda operands: f"max({operands[0]}, 0.1·{operands[0]})",
    lambda place, a, operands: f"(1 if {operands[0]} > 0, else 0.1)",
    lambda place, a, operands: "Below 0 only a tenth is handed on.",
    needs=Needs.ITSELF,
    is_activation=True,
    is_function=True,
    side=lambda z: [int(np.sign(z[0])) + 1],
)
"""An activation, which graphs may call too, with a kink."""

CUBE = Operation(
    "cube",
    "The number three times as a factor.",
    lambda ar, x: ar.round(x * x * x),
    lambda ar, y, x: (ar.round(3 * x * x),),
    lambda operands: f"{operands[0]}³",
    lambda place, y, operands: f"3·{operands[0]}²",
    lambda place, y, operands: "The derivative of x³ is 3x².",
    needs=Needs.ITSELF,
    is_function=True,
)
"""A function of graphs alone."""

FOURTH = Loss(
    "fourth",
    "mean fourth power",
    "(1/n) Σ (o - t)⁴",
    lambda ar, o, t: ar.round((o - t) ** 4),
    lambda ar, o, t, n: ar.round(np.true_divide(4 * (o - t) ** 3, n)),
    "({o} - {t})⁴",
    "(4/{n})·({o} - {t})³",
    divided_by=None,
)

HALVED = Reduction("halved", lambda count: 2 * count)
"""Half the mean over the samples."""

HALF = Decimal("0.5")

HEAVY = UpdateRule(
    "heavy",
    lambda ar, at: ar.round(at["lr"] * at["m"]),
    "{lr} · {m}",
    "The ball rolls on: a step that makes {smaller} smaller.",
    ("lr", "m"),
    parts=(
        Part(
            "m",
            lambda ar, at: ar.round(ar.round(at["m"] * at["drag"]) + at["g"]),
            ("m", "g"),
            "{drag} · {m} + {g}",
            "What it had is slowed down by drag, and the gradient is added.",
            is_kept=True,
        ),
    ),
    numbers={"drag": HALF},
)
"""A rule that keeps a number of each parameter: half of what it was, and the gradient."""

SEVENFOLD = Mistake(
    "sevenfold",
    "the number is taken seven times",
    "Count how often you take it.",
    forward=lambda case: [case.ar.round(7 * case.right)],
    backward=lambda case: [case.ar.round(7 * case.right)],
)
"""A mistake at the values and the gradients of one sample."""
