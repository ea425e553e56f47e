"""How a function of one number becomes a row of the table."""

from __future__ import annotations

from typing import Any

from nnhs_tui.operations.formulas import fixed, template
from nnhs_tui.operations.operation import Operation, Rule


def unary(
    name: str, what: str, formula: str, slope: str, why: str, derivative: Rule, **more: Any
) -> Operation:
    """A function of one number whose forward rule the arithmetic has under the same name."""
    return Operation(
        name,
        what,
        lambda ar, x: ar.round(ar.function(name, x)),
        lambda ar, y, x: (ar.round(derivative(ar, y, x)),),
        template(formula),
        fixed(slope),
        fixed(why),
        is_function=True,
        **more,
    )
