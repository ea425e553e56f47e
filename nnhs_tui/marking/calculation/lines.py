"""The lines of a calculation while it is written: each is appended, and found by its quantity."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.marking.calculation.line import GIVEN, Line


class Lines:
    """Lines in the order they are worked out in; they are only ever appended."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.values: list[Any] = []
        """What is right: the values of the record, line by line."""
        self.opnames: list[str] = []
        self.users: list[list[int]] = []
        """For each line those that are worked out from it."""
        self._number: dict[Quantity, int] = {}

    def number(self, quantity: Quantity) -> int | None:
        """The line of a quantity; None where it has none."""
        return self._number.get(quantity)

    def add(self, line: Line, opname: str, value: Any = None) -> int:
        """Append a line, and give its number.

        Args:
            value: what it is; None: what its operands make it.
        """
        number = len(self.lines)
        self.lines.append(line)
        self.users.append([])
        for each in line.operands:
            self.users[each].append(number)
        self.opnames.append(opname)
        self._number.setdefault(line.quantity, number)
        self.values.append(line.value(self.values) if value is None else value)
        return number

    def given(self, quantity: Quantity, value: Any) -> int:
        """Append a quantity that is worked out from nothing."""
        return self.add(Line(quantity, GIVEN), GIVEN, np.float64(value))

    def stands_for(self, number: int, quantity: Quantity) -> None:
        """Let a line that is there already be that of another quantity too."""
        self._number[quantity] = number
