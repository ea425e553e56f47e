"""Numbers that are shown rounded need not give the result that is shown: then with more decimals.

0.07 · 3.00 is 0.21, and 0.20 stands behind it where the first number is 0.0660.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from nnhs_tui.operations.numerals import shown
from nnhs_tui.present.text.worth import worth

MOST = 8
"""Decimals that are tried at most: more nobody reads."""

WORDS = "with more decimals: "
SHORT = "more decimals: ", "more: "
"""The same where there is little room."""

_SIGNS = re.compile(r" [=≈] ")
_BEHIND = re.compile(r"   \(.*$")
"""What is said behind a sum so far: `   (1 of 2 paths)`."""


@dataclass(frozen=True)
class Worked:
    """An equation between formulas of numbers: `0.50 - 0.5 · 0.13 = 0.50 - 0.07 = 0.43`."""

    sides: tuple[str, ...]
    worth: tuple[Decimal, ...]
    """What each side comes to."""
    result: str

    def comes_to(self, result: str, digits: int) -> bool:
        """Whether each side, worked out and rounded to so many decimals, is `result`."""
        return all(shown(each, digits) == result for each in self.worth)


def more_decimals(written: Callable[[int], str], digits: int) -> str:
    """`0.066 · 3.000 = 0.198`: the same equation with as many decimals as it takes to come out.

    Args:
        written: decimals → the equation written with so many; only what its numbers say counts.
        digits: how many are shown.

    Returns:
        "" where the numbers that are shown give the result that is shown, where they cannot be
        worked out because something is left out, and where MOST decimals do not suffice.
    """
    first = worked(written(digits))
    if first is None or first.comes_to(first.result, digits):
        return ""
    tried: list[tuple[int, Worked]] = []
    for more in range(digits + 1, MOST + 1):
        found = worked(written(more))
        if found is None:
            return ""
        tried.append((more, found))
        # Its result must not round to another one than is shown above it.
        if found.comes_to(found.result, more) and _rounds_to(found.result, first.result, digits):
            return _text(found, found.result)
        if found.comes_to(first.result, digits):
            return _text(found, first.result)
    # A result halfway between two roundings: 0.285 of which a double is a little less.
    for more, found in tried:
        if found.comes_to(found.result, more):
            return _text(found, found.result)
    return ""


def worked(text: str) -> Worked | None:
    """The numeric end of `z1 = p11 + p21 = 0.38 + 0.39 ≈ 0.78`; None where there is none."""
    *before, result = _SIGNS.split(_BEHIND.sub("", text))
    if not before or worth(result) is None:
        return None
    sides: list[str] = []
    values: list[Decimal] = []
    for side in reversed(before):
        value = worth(side)
        if value is None:
            break
        sides.insert(0, side)
        values.insert(0, value)
    return Worked(tuple(sides), tuple(values), result) if sides else None


def _rounds_to(result: str, shorter: str, digits: int) -> bool:
    return shown(Decimal(result), digits) == shorter


def _text(found: Worked, result: str) -> str:
    is_equal = found.worth[-1] == Decimal(result)
    return f"{' = '.join(found.sides)} {'=' if is_equal else '≈'} {result}"


def together(equations: Iterable[str], words: str = WORDS) -> str:
    """The line that says them; "" where there are none."""
    told = "; ".join(filter(None, equations))
    return f"{words}{told}" if told else ""
