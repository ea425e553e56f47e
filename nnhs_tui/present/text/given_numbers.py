"""Given numbers as they stand on a sheet: in full, unless they are very long."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nnhs_tui.operations.numerals import as_decimal, half_away, is_long, plain, shown

LONGEST = 4
"""Given numbers with so many decimals more than asked are written in full."""
SHORT = 12
"""A number of so few digits was written by somebody, however small it is."""
ALMOST = 2
"""Longer ones with so many more: rounding them changes no answer by more than its last decimal."""
TINY = Decimal("1e-9")
"""What a number may be off by, of its size, and still be taken as written."""


def given_text(value: Any, digits: int) -> str:
    """A given number: in full unless it is very long.

    >>> given_text(0.125, 2), given_text(0.1257302210933933, 2), given_text(2.0, 2)
    ('0.125', '0.1257', '2.00')
    >>> given_text(1.2345e60, 2), given_text(1e-300, 2), given_text(5.551115123125783e-17, 2)
    ('1.2345E+60', '1E-300', '0.00')
    """
    number = as_decimal(value)
    if is_long(number):
        return plain(number)
    is_short = len(number.normalize().as_tuple().digits) <= SHORT
    if is_short and number and not half_away(number, digits + LONGEST):
        return plain(number)
    for more in (0, LONGEST):
        # The last bits of a double are no decimals anybody wrote: 1.8 - 3.3 + 0.15 is -1.35.
        near = half_away(number, digits + more)
        if abs(near - number) <= TINY * max(Decimal(1), abs(number)):
            return plain(near) if more else shown(near, digits)
    return shown(value, digits + ALMOST)
