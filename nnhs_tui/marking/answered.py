"""What it means for the lines of a calculation that some of them are answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnhs_tui.debugger.quantity import GRAD
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import Line


@dataclass(frozen=True)
class Answered:
    """The lines of a calculation, going by which of them are answered."""

    goes_on: bytearray
    """(lines,) whether an operand is answered, or goes on from an answer itself."""
    between: list[int]
    """Those that go on from an answer and are not answered themselves."""
    behind_gradient: bytearray
    """(lines,) whether a gradient is answered that it is worked out from."""
    left_out: list[int]
    """All that are worked out and not answered."""


def answered(calculation: Calculation, numbers: frozenset[int], end: int) -> Answered:
    """What it means that these lines are answered, up to a line; kept for the next sheet."""
    key = numbers, end
    last, found = calculation.kept.get("answered", (None, None))
    if last != key:
        found = _answered(calculation.lines[:end], numbers)
        calculation.kept["answered"] = key, found
    assert isinstance(found, Answered)
    return found


def _answered(lines: Sequence[Line], numbers: frozenset[int]) -> Answered:
    goes_on, is_changed, behind = (bytearray(len(lines)) for _ in range(3))
    for number, line in enumerate(lines):
        goes_on[number] = any(is_changed[each] for each in line.operands)
        is_changed[number] = goes_on[number] or number in numbers
        behind[number] = any(
            behind[each] or (each in numbers and lines[each].quantity.kind == GRAD)
            for each in line.operands
        )
    left_out = [
        number for number, line in enumerate(lines) if line.operands and number not in numbers
    ]
    between = [each for each in left_out if goes_on[each]]
    return Answered(goes_on, between, behind, left_out)
