"""The rounds in as few bytes as they need: the numbers each begins with, and its loss.

Doubles are kept as they are. Decimals of hand arithmetic are whole numbers of their last place,
so eight bytes hold them too; a round with a number that has more places, or does not fit, is kept
as decimals. Rows lie in blocks that are never copied as a whole; a what-if shares those before it.
"""

from __future__ import annotations

from decimal import Context, Decimal
from itertools import chain
from typing import Any

import numpy as np

from nnhs_tui.autodiff.memory import DECIMAL, Budget
from nnhs_tui.operations.arithmetic import PRECISION, Arithmetic

PLACES = 12
"""Decimals that are kept as whole numbers at most."""

BLOCK_BYTES = 2**14
"""How large a block of rows is; of rows that are larger a block has one."""

_WHOLE = 2**63
_CONTEXT = Context(prec=PRECISION)


class History:
    """Row k holds the numbers (numbers,) round k begins with; behind them the loss of k − 1.

    They are the parameters, and behind them what the update rule keeps of each.

    Args:
        first: (numbers,) of the first round.
        budget: what its arrays are taken from.

    Raises:
        OutOfMemory: the budget does not hold another row; those there are stay.
    """

    def __init__(self, ar: Arithmetic, first: np.ndarray, budget: Budget) -> None:
        self._is_hand = ar.name == "hand"
        self.width = len(first)
        """Numbers of a round."""
        self._places = _places(ar, first) if self._is_hand else 0
        self._budget = budget
        self._height = max(1, BLOCK_BYTES // (8 * (len(first) + 1)))
        """Rows of a block."""
        self._blocks: list[np.ndarray] = []
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
        decimals = DECIMAL * sum(row.nbytes for row in self._odd.values())
        return sum(block.nbytes for block in self._blocks) + decimals

    def append(self, after: np.ndarray, loss: Any) -> None:
        """A round more: the numbers (numbers,) it ends with, and its loss (or None)."""
        self._add(after, loss)

    def numbers(self, number: int) -> np.ndarray:
        """(numbers,) a round (from 0) begins with."""
        return self._row(number)[: self.width]

    def loss(self, number: int) -> Any:
        """The loss of a complete round (from 0)."""
        if number >= len(self):
            raise IndexError(number)
        return self._row(number + 1)[self.width]

    def losses(self) -> np.ndarray:
        """(complete rounds,) the losses as doubles, for a curve."""
        columns = [block[:, self.width] for block in self._blocks]
        column = np.concatenate(columns)[1 : self._count].astype(float)
        column /= 10**self._places
        for number, row in self._odd.items():
            if number:
                column[number - 1] = float(row[-1])
        return column

    def until(self, number: int) -> History:
        """A history that goes on by itself behind the rounds before `number`, which are shared."""
        other = object.__new__(History)
        vars(other).update(vars(self))
        other._count = number + 1
        whole, rest = divmod(number + 1, self._height)
        other._blocks = self._blocks[:whole]
        if rest:
            block = self._block()
            block[:rest] = self._blocks[whole][:rest]
            other._blocks.append(block)
        other._odd = {place: row for place, row in self._odd.items() if place <= number}
        return other

    def _block(self) -> np.ndarray:
        dtype = np.int64 if self._is_hand else np.float64
        shape = (self._height, self.width + 1)
        return self._budget.array(shape, dtype, is_first=not self._count)

    def _add(self, numbers: np.ndarray, loss: Any) -> None:
        place, line = divmod(self._count, self._height)
        if place == len(self._blocks):
            self._blocks.append(self._block())
        row, loss = self._blocks[place][line], 0 if loss is None else loss
        if not self._is_hand:
            row[:-1], row[-1] = numbers, loss
        elif not self._fill(row, numbers, loss):
            odd = self._budget.array(row.shape, object, is_first=not self._count)
            odd[:-1], odd[-1] = numbers, Decimal(loss)
            self._odd[self._count] = odd
            row[:] = 0
        self._count += 1

    def _fill(self, row: np.ndarray, numbers: np.ndarray, loss: Any) -> bool:
        """Put decimals into a row; False where one of them cannot be kept as a whole number."""
        for place, value in enumerate(chain(numbers, [loss])):
            whole = self._whole(value)
            if whole is None:
                return False
            row[place] = whole
        return True

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
            row: np.ndarray = self._stored(number)
            row.setflags(write=False)
            return row
        if number in self._odd:
            return self._odd[number]
        unit = -self._places
        values = [Decimal(each).scaleb(unit, _CONTEXT) for each in self._stored(number).tolist()]
        return np.array(values, object)

    def _stored(self, number: int) -> np.ndarray:
        place, line = divmod(number, self._height)
        row: np.ndarray = self._blocks[place][line]
        return row


def _places(ar: Arithmetic, first: np.ndarray) -> int:
    """The decimals of the arithmetic, or of the longest number to begin with."""
    finite = (each for each in first.tolist() if each.is_finite())
    written = (-int(each.as_tuple().exponent) for each in finite)
    return min(PLACES, max([ar.digits, *written]))
