"""Formulas and sentences made from texts: what the table of operations writes them with."""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.operations.operation import Texts


def fixed(*texts: str) -> Callable[[int, str, Texts], str]:
    """Templates, one for each operand: {0}, {1} are the operands, {y} the result."""
    return lambda place, result, operands: texts[place].format(*operands, y=result)


def template(text: str) -> Callable[[Texts], str]:
    """A formula with its operands put in."""
    return lambda operands: text.format(*operands)


def listed(joiner: str) -> Callable[[Texts], str]:
    """Operands joined, the middle of very long sums left out and counted."""

    def formula(operands: Texts) -> str:
        if len(operands) <= 16:
            return joiner.join(operands)
        left_out = f"… ({len(operands) - 5} more) …"
        return joiner.join([*operands[:3], left_out, *operands[-2:]])

    return formula


def call(name: str) -> Callable[[Texts], str]:
    """A function with its operands in brackets."""
    inside = listed(", ")
    return lambda operands: f"{name}({inside(operands)})"
