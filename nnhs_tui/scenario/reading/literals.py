"""Numbers as they are written in files, and arithmetic between them."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import (
    MAX_EMAX,
    MIN_EMIN,
    ROUND_05UP,
    Context,
    Decimal,
    DecimalException,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from functools import lru_cache

from nnhs_tui.operations.pi import pi

_SMALLEST_EXPONENT = -400
"""Far below what a double or six decimals can tell from 0."""
_LONGEST = Context(prec=1000, rounding=ROUND_05UP, Emax=MAX_EMAX, Emin=MIN_EMIN)


@dataclass(frozen=True, slots=True)
class Constant:
    """A number in an expression, arithmetic between numbers already done."""

    exact: float
    """Folded in doubles."""
    written: Decimal
    """Folded in decimals of 50 digits; a single number just as it is written."""
    name: str = ""
    """How formulas write it, where that is not by its digits: `pi`."""


CONSTANTS = {
    "e": Constant(math.e, Decimal(1).exp(Context(prec=50)), "e"),
    "pi": Constant(math.pi, Context(prec=50).plus(pi(50)), "pi"),
}
"""Names of numbers, which a file may give to something else."""


ONE = Constant(1.0, Decimal(1))


class FoldingError(Exception):
    """Arithmetic between numbers that has no result; the text says which and why."""


@lru_cache(2**14)
def number(text: str) -> Decimal:
    """The number exactly as written; what no double tells from 0 is 0.

    A Decimal such as 1e-999999999 would be written out with a billion zeros somewhere, and one
    of millions of digits on a screen; beyond 1,000 digits the last one only says which side of
    the number before it this one lies on, so that all rounding stays right. Large files have the
    same few numbers many times, which are kept once.

    >>> number("0.285"), number("1e-999999999")
    (Decimal('0.285'), Decimal('0'))
    """
    try:
        value = Decimal(text)
    except InvalidOperation:
        # An exponent of twenty digits is more than a Decimal holds, either way.
        value = Decimal(repr(float(text)))
    if len(text) > _LONGEST.prec:
        value = _LONGEST.plus(value)
    if value.is_finite() and (not value or value.adjusted() < _SMALLEST_EXPONENT):
        return Decimal("-0") if value.is_signed() else Decimal(0)
    return value


@lru_cache(2**14)
def constant(text: str) -> Constant:
    """A number as an expression has it; the same for the same text, as it may be there often."""
    return Constant(float(text), number(text))


def fold(op: str, left: Constant, right: Constant) -> Constant:
    """The result of add, sub, mul, div or pow between two numbers.

    Powers go through doubles first, so `9 ** 9 ** 9` is an overflow and never an integer of
    millions of digits.

    Raises:
        FoldingError: For an overflow, a division by 0 and a root of a negative number.
    """
    a, b = left.exact, right.exact
    base = f"({_plain(a)})" if op == "pow" and a < 0 else _plain(a)
    shown = f"{base} {_SIGNS[op]} {_plain(b)}"
    try:
        exact = _IN_DOUBLES[op](a, b)
    except ZeroDivisionError:
        raise FoldingError(f"{shown} divides by 0") from None
    except OverflowError:
        raise FoldingError(f"{shown} is too large") from None
    if isinstance(exact, complex):
        raise FoldingError(f"{shown} is the root of a negative number")
    if math.isinf(exact):
        raise FoldingError(f"{shown} is too large")
    try:
        written = _IN_DECIMALS[op](left.written, right.written)
    except DecimalException:
        # 0 ** 0, and what only doubles keep within their range.
        written = Decimal(repr(exact))
    name = f"({_text(left)}{_JOINED[op]}{_text(right)})" if left.name or right.name else ""
    return Constant(exact, number(str(written)), name)


def negate(value: Constant) -> Constant:
    """The number with the other sign, not rounded."""
    name = f"(-{value.name})" if value.name else ""
    return Constant(-value.exact, value.written.copy_negate(), name)


def _text(value: Constant) -> str:
    return value.name or _plain(value.exact)


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0")


_DECIMALS = Context(
    prec=50, Emax=999999, Emin=-999999, traps=[InvalidOperation, DivisionByZero, Overflow]
)
_JOINED = {"add": " + ", "sub": " - ", "mul": "·", "div": "/", "pow": "^"}
_SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}
_IN_DOUBLES: dict[str, Callable[[float, float], float | complex]] = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": lambda a, b: a**b,
}
_IN_DECIMALS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "add": _DECIMALS.add,
    "sub": _DECIMALS.subtract,
    "mul": _DECIMALS.multiply,
    "div": _DECIMALS.divide,
    "pow": _DECIMALS.power,
}
