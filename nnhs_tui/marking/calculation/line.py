"""A line of a calculation: one quantity, what it is worked out from, and how."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import NEW, Quantity
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.operations.table import OPERATIONS

EXACT = Exact()

WHOLE = 2.0**53
"""From here on a double has no decimals."""

TIE = 1e-9
"""Of a unit: how far below a tie a double may be and still count as the tie."""

GIVEN, FORWARD, TIMES, SUM, OTHER = "given", "forward", "times", "sum", "other"
"""What kind of line it is: `times` is what arrives × a local derivative, or a rate × a gradient."""


def itself(value: Any) -> Any:
    """The work of a line that is one number, or of a local derivative that is one."""
    return value


@dataclass(frozen=True)
class Line:
    """One quantity. Its number is its place in the calculation."""

    quantity: Quantity
    kind: str
    operands: tuple[int, ...] = ()
    """Numbers of the lines it is worked out from; all stand above it."""
    work: Callable[..., Any] = itself
    """Operands' values → its value; of `times` the local derivative alone."""
    takes_arithmetic: bool = False
    """Whether the work rounds on its way: before the operands it is handed the arithmetic."""

    def value(self, values: Sequence[Any]) -> Any:
        """Its value, worked out from those of the lines above."""
        if self.kind == TIMES:
            return values[self.operands[0]] * self._local(values)
        return self._worked(values, EXACT)

    def _worked(self, values: Sequence[Any], arithmetic: Exact) -> Any:
        operands = [values[each] for each in self.operands]
        return self.work(*((arithmetic,) if self.takes_arithmetic else ()), *operands)

    def in_arithmetic(self, values: Any, arithmetic: Exact, given: Any) -> Any:
        """Its value with the local derivative and the result rounded as the arithmetic does.

        Args:
            given: what it is where it is worked out from nothing.
        """
        if not self.operands:
            return given
        if self.kind == TIMES:
            local = arithmetic.round(self._local(values))
            return arithmetic.round(values[self.operands[0]] * local)
        return arithmetic.round(self._worked(values, arithmetic))

    def by_hand(self, values: Sequence[Any], digits: int) -> Any:
        """Its value with the local derivative and the result rounded, as on paper."""
        if self.kind == TIMES:
            local = _rounded(self._local(values), digits)
            return _rounded(values[self.operands[0]] * local, digits)
        return _rounded(self._worked(values, RoundedDoubles(digits)), digits)

    def _local(self, values: Sequence[Any]) -> Any:
        return self.work(*[values[each] for each in self.operands[1:]])

    def is_trivial(self, mine: Sequence[Any], right: Sequence[Any], opname: str) -> bool:
        """Whether an earlier slip has left nothing to work out: a zero, or a gate that is shut."""
        if self.kind == TIMES:
            first = self.operands[0]
            return _vanished(mine[first], right[first]) or _vanished(
                self._local(mine), self._local(right)
            )
        pairs = [(mine[each], right[each]) for each in self.operands]
        if self.kind == SUM:
            return all(not own for own, _ in pairs) and any(true for _, true in pairs)
        operation = OPERATIONS.get(opname)
        if operation is not None and operation.is_product:
            return any(_vanished(*pair) for pair in pairs)
        if opname == "div":
            return _vanished(*pairs[0])
        if operation is not None and operation.gate is not None:
            own, true = pairs[0]
            return bool(operation.gate.is_shut(own) and not operation.gate.is_shut(true))
        # What is taken away in an update, its second operand.
        return opname == NEW and _vanished(*pairs[1])


class RoundedDoubles(Exact):
    """Doubles rounded as on paper, by functions of numpy alone, so that they run with letters."""

    name = "hand"

    def round(self, value: Any) -> Any:
        tens = 10.0**self.digits
        # A letter notes it as the one step that it is on paper too.
        put_through = getattr(value, "put_through", None)
        return half_up(value, tens) if put_through is None else put_through(half_up, tens)


def half_up(value: Any, tens: Any) -> Any:
    """Doubles rounded half away from zero, to as many decimals as the power of ten says."""
    return np.copysign(np.floor(np.abs(value) * tens + (0.5 + TIE)) / tens, value)


def _rounded(value: Any, digits: int) -> Any:
    """Half away from zero; a double a hair below a tie counts as the tie."""
    tens = 10.0**digits
    scaled = abs(float(value)) * tens
    if not scaled < WHOLE:
        return value
    return np.float64(math.copysign(math.floor(scaled + 0.5 + TIE) / tens, value))


def _vanished(mine: Any, right: Any) -> bool:
    return bool(mine == 0 and right != 0)
