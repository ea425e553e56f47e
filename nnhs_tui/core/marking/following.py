"""Follow-through: what is right going on from a person's own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.core.marking.calculation import Calculation
from nnhs_tui.core.marking.case import Numbers
from nnhs_tui.core.marking.judge import (
    FOLLOWS,
    MISTAKE,
    RIGHT,
    ROUNDED,
    WRONG,
    Row,
    in_words,
    listed,
)
from nnhs_tui.core.marking.mistakes import mistaken
from nnhs_tui.core.marking.numbers import own_numbers
from nnhs_tui.core.marking.second_look import Looks


class Following:
    """Works the calculation out again from a person's own numbers, line by line.

    Once with only the wrong ones put in and full precision elsewhere, once with all of them.
    """

    def __init__(
        self,
        looks: Looks,
        calculation: Calculation,
        rows: Sequence[Row],
        by_line: dict[int, list[Row]],
        rounds: int,
    ) -> None:
        self.looks, self.judge = looks, looks.judge
        self.calculation, self.by_line = calculation, by_line
        self.rows = rows
        self._numbers: dict[int, Numbers] = {}
        self._named: dict[int, tuple[str, ...]] = {}
        self.end = calculation.ends[rounds]
        """Lines that are gone through; later rounds are another sheet's."""
        self.lines = calculation.lines[: self.end]
        self.from_wrong: list[Any] = calculation.values[: self.end]
        self.slips = [0] * self.end
        """For each line the wrong answers it goes on from, as bits."""

    def run(self) -> None:
        slips, by_line = self.slips, self.by_line
        lines, users = self.lines, self.calculation.users
        touched = bytearray(len(users))
        for number in by_line:
            touched[number] = 1
        for number, line in enumerate(lines):
            if not touched[number]:
                continue
            slip = 0
            for each in line.operands:
                slip |= slips[each]
            if slip:
                slips[number] = slip
                self.from_wrong[number] = line.value(self.from_wrong)
            for row in by_line.get(number, ()):
                if not row.verdict:
                    self._settle(number, row)
                if row.is_wrong and not row.is_trivial:
                    self.from_wrong[number] = np.float64(row.typed)
                    slips[number] = slip = 1 << row.place
                elif slip and self._is_right_again(number, row):
                    self.from_wrong[number] = self.calculation.values[number]
                    slips[number] = slip = 0
            if slip:
                for user in users[number]:
                    touched[user] = 1

    def _is_right_again(self, number: int, row: Row) -> bool:
        """Whether somebody has written what is right where a slip leads to something else."""
        if row.typed is None or row.verdict not in (RIGHT, ROUNDED):
            return False
        return not self.judge.within(row.typed, float(self.from_wrong[number]), 1)

    @cached_property
    def own(self) -> tuple[list[Any], bytearray]:
        """The values with all answers put in; and whether one stands in the way to a line."""
        lines, values = self.lines, self.calculation.values[: self.end]
        changed = bytearray(len(lines))
        for number, line in enumerate(lines):
            rows = self.by_line.get(number)
            if rows:
                values[number] = np.float64(rows[-1].typed)
                changed[number] = 1
            elif any(changed[each] for each in line.operands):
                values[number] = line.value(values)
                changed[number] = 1
        return values, changed

    @cached_property
    def _own_array(self) -> np.ndarray:
        """(lines + 1,) the same values, and behind them a 0 for what has no line."""
        return np.array([*self.own[0], 0.0])

    def _settle(self, number: int, row: Row) -> None:
        slipped = self.slips[number]
        if slipped and self._follows(number, row, self.from_wrong[number]):
            return
        values, changed = self.own
        line = self.calculation.lines[number]
        own_value = line.value(values) if line.operands else values[number]
        if any(changed[each] for each in line.operands) and (
            self._follows(number, row, own_value) or self._follows_by_hand(number, row)
        ):
            return
        if row.is_trivial:
            # It only looks like a known mistake.
            row.verdict = WRONG
            return
        is_looked_at = self.looks.look_for_mistakes(row)
        if is_looked_at and row.verdict == WRONG and slipped:
            self._look_for_own_mistakes(number, row, own_value)

    @cached_property
    def own_by_hand(self) -> list[Any]:
        """The same with every step rounded that is not answered."""
        values, digits = self.calculation.values[: self.end], self.judge.questions.digits
        for number, line in enumerate(self.lines):
            rows = self.by_line.get(number)
            if rows:
                values[number] = np.float64(rows[-1].typed)
            elif line.operands:
                values[number] = line.by_hand(values, digits)
        return values

    def _follows_by_hand(self, number: int, row: Row) -> bool:
        line = self.calculation.lines[number]
        if not self.judge.takes_hand or not line.operands or row.is_trivial:
            return False
        value = line.by_hand(self.own_by_hand, self.judge.questions.digits)
        return self._follows(number, row, value)

    def _follows(self, number: int, row: Row, value: Any) -> bool:
        """Whether an answer is this value; where a slip has made that trivial it is not counted."""
        assert row.typed is not None
        if not self.judge.within(row.typed, float(value), 1):
            return False
        line, opname = self.calculation.lines[number], self.calculation.opnames[number]
        names = self._slips_of(number)
        told = listed(names) if names else "rounded numbers"
        if line.is_trivial(self.from_wrong, self.calculation.values, opname):
            row.message = f"not counted as right: after your own {told} this is 0 whatever one does"
            row.is_trivial = True
            return False
        row.verdict, row.follows_from = FOLLOWS, names
        row.message = f"right, going on from your own {told}"
        return True

    def _slips_of(self, number: int) -> tuple[str, ...]:
        slip = self.slips[number]
        if slip not in self._named:
            # Many answers go on from the same ones.
            self._named[slip] = tuple(self.rows[n].question.name for n in _ones(slip))
        return self._named[slip]

    def _look_for_own_mistakes(self, number: int, row: Row, own_value: Any) -> None:
        """A known mistake, made with one's own earlier numbers."""
        quantity = row.question.quantity
        place = quantity.round or 0
        if place not in self._numbers:
            self._numbers[place] = own_numbers(self.calculation, self._own_array, place)
        bare, digits = replace(quantity, round=None), self.judge.questions.digits
        candidates = mistaken(self._numbers[place], bare, digits, own_value)
        found = self.judge.matching(row, candidates)
        if found:
            row.verdict, row.mistakes = MISTAKE, found
            told = f"going on from your own {listed(self._slips_of(number))}"
            row.message = f"{told}, this comes out when {in_words(found)}"


def _ones(bits: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
