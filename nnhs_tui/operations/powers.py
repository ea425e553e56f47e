"""The power x^c: its local derivatives, as numbers and as formulas, and where it has no value."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.numerals import plain


def power_slopes(ar: Arithmetic, y: Any, x: Any, c: Any) -> tuple[Any, Any]:
    """∂(x^c)/∂x = c·x^(c−1), and x^c·ln x for the exponent; 0 where x^c does not change."""
    with_x = x * 0 if c == 0 else ar.round(c * ar.function("power", x, c - 1))
    with_c = x * 0 if x == 0 and c > 0 else ar.round(y * ar.function("log", x))
    return with_x, with_c


def power_slope(place: int, y: str, operands: Sequence[str]) -> str:
    """c·x^(c − 1), the exponent worked out where it is a number; x^y·ln x for the exponent."""
    x, c = operands
    if place == 1:
        return f"{y}·ln {x}"
    if not c.strip("()-").replace(".", "").isdigit():
        return f"{c}·{x}^({c} - 1)"
    lower = plain(Decimal(c.strip("()")) - 1)
    power = f"({lower})" if lower.startswith("-") else lower
    return f"{c}·{x}" if lower == "1" else f"{c}·{x}^{power}"


def power_fault(x: Any, c: Any) -> str:
    if x == 0 and c < 0:
        return "division by 0"
    return "a root of a negative number" if x < 0 and c != int(c) else ""
