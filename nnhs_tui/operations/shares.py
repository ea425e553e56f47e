"""A row's softmax in a graph of matrices: each share is an elementary operation of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.formulas import listed
from nnhs_tui.operations.operation import Needs, Operation
from nnhs_tui.operations.softmax import softmax, softmax_slopes


def _share(ar: Arithmetic, place: Any, *z: Any) -> Any:
    """The share at a place (from 1) of a softmax."""
    return softmax(ar, np.array(z))[int(place) - 1]


def _slopes(ar: Arithmetic, result: Any, place: Any, *z: Any) -> list[Any]:
    """Of one share: nothing for its place, then ∂a_j/∂z_i for each z_i."""
    slopes = softmax_slopes(ar, softmax(ar, np.array(z)))
    return [ar.one * 0, *slopes[:, int(place) - 1]]


def _formula(operands: Sequence[str]) -> str:
    """`exp(z2) / (exp(z1) + exp(z2))`, the place being the first operand."""
    powers = [f"exp({each})" for each in operands[1:]]
    return f"{powers[_place(operands) - 1]} / ({listed(' + ')(powers)})"


def _slope(place: int, result: str, operands: Sequence[str]) -> str:
    """a·(1 - a) for its own z, -a·a_i for another's."""
    if place == _place(operands):
        return f"{result}·(1 - {result})"
    return f"-{result}·softmax({operands[place]})"


def _place(operands: Sequence[str]) -> int:
    return round(float(operands[0]))


SHARE = Operation(
    "share",
    "One share of a row's softmax: its exponential, divided by the sum of all of them.",
    _share,
    _slopes,
    _formula,
    _slope,
    lambda place, y, operands: (
        "Every share of a softmax depends on every z: "
        "a_j·(1 - a_j) on its own, -a_j·a_i on another's."
    ),
    needs=Needs.OTHERS | Needs.ITSELF | Needs.RESULT,
    sign="softmax",
)
"""Its first operand is the place of its own z among the others."""
