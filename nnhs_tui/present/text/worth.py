"""What a formula comes to when one works it out from the numbers that stand in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from nnhs_tui.operations.arithmetic import Unrounded
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.scenario.reading.literals import CONSTANTS

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TOKEN = re.compile(rf"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([{_RAISED}]+)|([^\W\d]\w*)|(.))")

_DECIMALS = Unrounded()

Function = Callable[..., Any]


class _NoFormula(Exception):
    """Something in the text is neither a number nor a sign of arithmetic."""


def worth(text: str) -> Decimal | None:
    """The number that a formula of numbers comes to, in decimals and not rounded.

    None where it is no such formula: with a symbol in it, or with terms left out. What has no
    value, such as 1/0.00, is NaN or infinity.

    >>> worth("2·(0.68 - 0.10)"), worth("(-0.50)²"), worth("z1 + 1.00")
    (Decimal('1.16'), Decimal('0.2500'), None)
    """
    with _DECIMALS.protected():
        try:
            reader = _Reader(text)
            found = reader.total()
        except _NoFormula:
            return None
        return None if reader.token else found


class _Reader:
    """Reads a formula from left to right; each method takes as much as belongs to it."""

    def __init__(self, text: str) -> None:
        self._tokens = iter(_TOKEN.finditer(text.strip()))
        self.token, self.kind = "", 0
        self._go_on()

    def _go_on(self) -> str:
        """The token in hand; the next one is taken up."""
        before = self.token
        found = next(self._tokens, None)
        self.kind = found.lastindex or 0 if found else 0
        self.token = found[self.kind] if found else ""
        return before

    def _expect(self, token: str) -> None:
        if self._go_on() != token:
            raise _NoFormula

    def total(self) -> Decimal:
        """`-a + b - c`."""
        is_negative = self.token == "-"
        if is_negative:
            self._go_on()
        found = -self._product() if is_negative else self._product()
        while self.token in ("+", "-"):
            sign, term = self._go_on(), self._product()
            found = found + term if sign == "+" else found - term
        return found

    def _product(self) -> Decimal:
        """`a·b / c`."""
        found = self._power()
        while self.token in ("·", "/"):
            sign, factor = self._go_on(), self._power()
            found = found * factor if sign == "·" else found / factor
        return found

    def _power(self) -> Decimal:
        """`a²` or `a^b`."""
        found = self._single()
        if self.kind == 2:
            raised = "".join(str(_RAISED.index(each)) for each in self._go_on())
            return _raised(found, Decimal(raised))
        if self.token == "^":
            self._go_on()
            return _raised(found, self._single())
        return found

    def _single(self) -> Decimal:
        """A number, what stands in brackets, or a function of either."""
        if self.kind == 1:
            return Decimal(self._go_on())
        if self.token in CONSTANTS:
            return CONSTANTS[self._go_on()].written
        if self.token == "|":
            self._go_on()
            size = abs(self.total())
            self._expect("|")
            return size
        if self.token == "(":
            (found,) = self._bracketed(1)
            return found
        function, most = _function(self._go_on())
        return _number(function(*self._bracketed(most) if self.token == "(" else [self._single()]))

    def _bracketed(self, most: int) -> list[Decimal]:
        self._expect("(")
        found = [self.total()]
        while self.token == "," and len(found) < most:
            self._go_on()
            found.append(self.total())
        self._expect(")")
        return found


def _raised(base: Decimal, exponent: Decimal) -> Decimal:
    return _number(_DECIMALS.function("power", base, exponent))


def _number(value: Any) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(int(value))


_MANY = 1000


def _function(sign: str) -> tuple[Function, int]:
    """The function that a sign such as `σ` or `ln` stands for in formulas, and what it takes."""
    for row in OPERATIONS.values():
        taken = ("z", "y")[: 1 + row.is_listed]
        if row.is_function and row.formula(taken) == f"{sign}({', '.join(taken)})":
            return (lambda *x, row=row: row.forward(_DECIMALS, *x)), _MANY if row.is_listed else 1
    raise _NoFormula
