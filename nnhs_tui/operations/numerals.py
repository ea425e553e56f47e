"""The strings that a person reads for numbers, and the rounding rule they go by."""

from __future__ import annotations

import decimal
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

Number = float | Decimal
"""A value of the tape: a double (exact) or a decimal (hand)."""


PLAIN_LIMIT = Decimal(10) ** 15
"""From here on a double has no decimals left to show: numbers are written with an exponent."""


_WIDE = decimal.Context(prec=2000, rounding=decimal.ROUND_HALF_UP)
"""For numbers that only change their writing: more digits than any of them has."""


def half_away(value: Decimal, digits: int) -> Decimal:
    """Round to `digits` decimals, ties away from zero; −0 becomes 0.

    >>> half_away(Decimal("0.285"), 2), half_away(Decimal("-0.825"), 2)
    (Decimal('0.29'), Decimal('-0.83'))
    """
    rounded = value.quantize(Decimal(1).scaleb(-digits), context=_WIDE)
    return rounded if rounded else abs(rounded)


def as_decimal(value: Number) -> Decimal:
    """The decimal a number stands for: of a double, its shortest decimal (0.1 is 0.1)."""
    return value if isinstance(value, Decimal) else Decimal(float.__repr__(float(value)))


@lru_cache(4096)
def shown(value: Number, digits: int) -> str:
    """A number as every screen, table and sheet prints it.

    >>> shown(0.285, 2), shown(-0.001, 2), shown(Decimal("1.5"), 0)
    ('0.29', '0.00', '2')
    """
    number = as_decimal(value)
    if not number.is_finite():
        return str(number)
    if is_long(number):
        return scientific(number, digits)
    return f"{half_away(number, digits):f}"


LEAST = -7
"""Places behind the point from which on a small number is written with an exponent."""


def total(numbers: Iterable[Number]) -> Decimal:
    """The sum of the decimals that numbers stand for; nothing of it is rounded.

    >>> total((0.1, 0.2, Decimal("0.3")))
    Decimal('0.6')
    """
    found = Decimal(0)
    for number in numbers:
        found = _WIDE.add(found, as_decimal(number))
    return found


def telling(value: Number, digits: int) -> str:
    """A number as it is shown; three significant digits of one that would be shown as 0.

    >>> telling(0.285, 2), telling(0.0033903, 2), telling(0.0, 2), telling(-3.39e-12, 2)
    ('0.29', '0.00339', '0.00', '-3.39e-12')
    """
    text, number = shown(value, digits), as_decimal(value)
    if not number.is_finite() or not number or float(text):
        return text
    if number.adjusted() < LEAST:
        return scientific(number, 2)
    return f"{half_away(number, 2 - number.adjusted()):f}"


def is_long(number: Decimal) -> bool:
    """Whether a number is so large that it is shown with an exponent."""
    return number.copy_abs() >= PLAIN_LIMIT


def scientific(number: Decimal, digits: int) -> str:
    """A number with an exponent and `digits` decimals before it, ties away from zero.

    >>> scientific(Decimal("1.005e60"), 2), scientific(Decimal("-0.00012345"), 1)
    ('1.01e+60', '-1.2e-4')
    """
    rounding = decimal.Context(prec=digits + 1, rounding=decimal.ROUND_HALF_UP)
    return f"{rounding.plus(number):.{digits}e}"


def plain(value: Number) -> str:
    """A number in full, as one would write it in a file.

    >>> plain(0.5), plain(3.0), plain(Decimal("-0.1250")), plain(1e200)
    ('0.5', '3', '-0.125', '1E+200')
    """
    number = as_decimal(value).normalize(_WIDE)
    return f"{number:f}" if -15 < number.adjusted() < 15 else str(number)


def decimals_of(value: Number) -> int:
    """How many decimals a number has as it is written, zeros at its end not counted.

    >>> decimals_of(0.25), decimals_of(Decimal("1.50")), decimals_of(1e60)
    (2, 1, -60)
    """
    return -int(as_decimal(value).normalize(_WIDE).as_tuple().exponent)
