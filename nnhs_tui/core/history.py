"""The rounds in as few bytes as they need: the parameters each begins with, and its loss.

Doubles are kept as they are. Decimals of hand arithmetic are whole numbers of their last place,
so eight bytes hold them too; a round with a number that has more places, or does not fit, is kept
as decimals.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

import numpy as np

from nnhs_tui.core.arithmetic import PRECISION, Arithmetic

PLACES = 12
"""Decimals that are kept as whole numbers at most."""

_WHOLE = 2**63
_CONTEXT = Context(prec=PRECISION)


class History:
    """Row k holds the parameters (parameters,) round k begins with; behind them the loss of k − 1.

    Args:
        first: (parameters,) of the first round.
    """

    def __init__(self, ar: Arithmetic, first: np.ndarray) -> None:
        self._is_hand = ar.name == "hand"
        self._parameters = len(first)
        self._places = _places(ar, first) if self._is_hand else 0
        dtype = np.int64 if self._is_hand else np.float64
        self._rows: np.ndarray = np.zeros((4, len(first) + 1), dtype)
        self._odd: dict[int, np.ndarray] = {}
        """Rows that are kept as decimals."""
        self._count = 0
        self._add(first, None)

    def __len__(self) -> int:
        """How many rounds are complete: their losses and what they end with are known."""
        return self._count - 1

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return self._rows.nbytes + sum(row.nbytes for row in self._odd.values())

    def append(self, after: np.ndarray, loss: Any) -> None:
        """A round more: the parameters (parameters,) it ends with, and its loss (or None)."""
        self._add(after, loss)

    def parameters(self, number: int) -> np.ndarray:
        """(parameters,) a round (from 0) begins with."""
        return self._row(number)[: self._parameters]

    def loss(self, number: int) -> Any:
        """The loss of a complete round (from 0)."""
        if number >= len(self):
            raise IndexError(number)
        return self._row(number + 1)[self._parameters]

    def losses(self) -> np.ndarray:
        """(complete rounds,) the losses as doubles, for a curve."""
        column = self._rows[1 : self._count, self._parameters].astype(float)
        column /= 10**self._places
        for number, row in self._odd.items():
            if number:
                column[number - 1] = float(row[-1])
        return column

    def until(self, number: int) -> History:
        """A copy with the rounds before `number` alone."""
        other = object.__new__(History)
        vars(other).update(vars(self))
        other._count = number + 1
        other._rows = self._rows[: number + 1].copy()
        other._odd = {place: row for place, row in self._odd.items() if place <= number}
        return other

    def _add(self, parameters: np.ndarray, loss: Any) -> None:
        here = self._count
        if here == len(self._rows):
            more = np.zeros((max(4, here), self._rows.shape[1]), self._rows.dtype)
            self._rows = np.concatenate((self._rows, more))
        row = [*parameters.tolist(), 0 if loss is None else loss]
        whole = [self._whole(each) for each in row] if self._is_hand else row
        if None in whole:
            decimals = [each if isinstance(each, Decimal) else Decimal(each) for each in row]
            self._odd[here] = np.array(decimals, object)
        else:
            self._rows[here] = whole
        self._count += 1

    def _whole(self, value: Any) -> int | None:
        """A decimal as a whole number of its last place; None where that would not be exact."""
        number = Decimal(value)
        if not number.is_finite():
            return None
        scaled = int(number.scaleb(self._places, _CONTEXT))
        is_same = Decimal(scaled).scaleb(-self._places, _CONTEXT) == number
        return scaled if is_same and -_WHOLE <= scaled < _WHOLE else None

    def _row(self, number: int) -> np.ndarray:
        if not 0 <= number < self._count:
            raise IndexError(number)
        if not self._is_hand:
            row: np.ndarray = self._rows[number]
            row.setflags(write=False)
            return row
        if number in self._odd:
            return self._odd[number]
        unit = -self._places
        values = [Decimal(each).scaleb(unit, _CONTEXT) for each in self._rows[number].tolist()]
        return np.array(values, object)


def _places(ar: Arithmetic, first: np.ndarray) -> int:
    """The decimals of the arithmetic, or of the longest number to begin with."""
    finite = (each for each in first.tolist() if each.is_finite())
    written = (-int(each.as_tuple().exponent) for each in finite)
    return min(PLACES, max([ar.digits, *written]))
