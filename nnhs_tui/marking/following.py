"""Follow-through: what is right going on from a person's own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import Line
from nnhs_tui.marking.calculation.numbers import Numbers, own_numbers
from nnhs_tui.marking.calculation.places import flat_numbers
from nnhs_tui.marking.judge import (
    FOLLOWS,
    MISTAKE,
    RIGHT,
    ROUNDED,
    WRONG,
    Row,
    in_order,
    in_words,
    listed,
)
from nnhs_tui.marking.mistakes.at_quantity import mistaken
from nnhs_tui.marking.mistakes.noted import Open
from nnhs_tui.marking.second_look import Looks


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
        self._explained: dict[int, dict[int, set[str]]] = {}
        """Round → answer → the mistakes that give it."""
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
    def answered(self) -> Answered:
        """Which lines are answered, and which go on from that."""
        return answered(self.calculation, frozenset(self.by_line), self.end)

    @cached_property
    def own(self) -> list[Any]:
        """The values with all answers put in."""
        values = self._put_in()
        for number in self.answered.between:
            values[number] = self.lines[number].value(values)
        return values

    def _put_in(self) -> list[Any]:
        """The right values, and in the place of those that are answered the answers."""
        values = self.calculation.values[: self.end]
        for number, rows in self.by_line.items():
            values[number] = np.float64(rows[-1].typed)
        return values

    @cached_property
    def _own_array(self) -> np.ndarray:
        """(lines + 1,) the same values, and behind them a 0 for what has no line."""
        return np.array([*self.own, 0.0])

    def _settle(self, number: int, row: Row) -> None:
        slipped = self.slips[number]
        if slipped and self._follows(number, row, self.from_wrong[number]):
            return
        if self.answered.goes_on[number] and (
            self._follows(number, row, self._own_value(number))
            or self._follows_by_hand(number, row)
        ):
            return
        if row.is_trivial:
            # It only looks like a known mistake.
            row.verdict = WRONG
            return
        is_looked_at = self.looks.look_for_mistakes(row)
        if is_looked_at and row.verdict == WRONG and slipped:
            self._look_for_own_mistakes(number, row)

    @cached_property
    def own_by_hand(self) -> list[Any]:
        """The same with every step rounded that is not answered."""
        values, digits = self._put_in(), self.judge.questions.digits
        for number in self.answered.left_out:
            values[number] = self.lines[number].by_hand(values, digits)
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

    def _look_for_own_mistakes(self, number: int, row: Row) -> None:
        """A known mistake, made with one's own earlier numbers."""
        place = row.question.quantity.round or 0
        if place not in self._explained:
            self._explained[place] = self._explain_round(place, row)
        if row.place in self._explained[place]:
            found = in_order(self._explained[place][row.place])
        else:
            found = self._explain(number, row)
        if found:
            row.verdict, row.mistakes = MISTAKE, found
            told = f"going on from your own {listed(self._slips_of(number))}"
            row.message = f"{told}, this comes out when {in_words(found)}"

    def _explain_round(self, place: int, first: Row) -> dict[int, set[str]]:
        """The mistakes that give open answers of a round, by their places; those that are noted."""
        noted_round = self.judge.questions.noted.of(self.calculation, place)
        looked_at, answers = list[int](), list[Open]()
        for row in self._open[place]:
            if row.verdict and row is not first:
                continue
            known = noted_round.noted(row.question.in_its_round)
            if known is not None:
                looked_at.append(row.place)
                answers.append((known, self.judge.window(row)))
        if not answers:
            return {}
        numbers = flat_numbers(self.calculation, self._own_array, place)
        found = noted_round.explained(numbers, answers, self.judge.questions.digits)
        return dict(zip(looked_at, found, strict=True))

    @cached_property
    def _open(self) -> dict[int, list[Row]]:
        """Round → its answers that are not settled yet."""
        found: dict[int, list[Row]] = {}
        for row in chain.from_iterable(self.by_line.values()):
            if row.verdict in ("", WRONG):
                found.setdefault(row.question.quantity.round or 0, []).append(row)
        return found

    def _explain(self, number: int, row: Row) -> tuple[str, ...]:
        """The mistakes that give an answer, worked out for it alone."""
        quantity = row.question.quantity
        place, bare = quantity.round or 0, row.question.in_its_round
        self.judge.questions.noted.of(self.calculation, place).want(bare)
        if place not in self._numbers:
            self._numbers[place] = own_numbers(self.calculation, self._own_array, place)
        digits = self.judge.questions.digits
        candidates = mistaken(self._numbers[place], bare, digits, self._own_value(number))
        return self.judge.matching(row, candidates)

    def _own_value(self, number: int) -> Any:
        """What a line is, going by the person's own numbers in the lines above."""
        line, values = self.calculation.lines[number], self.own
        return line.value(values) if line.operands else values[number]


@dataclass(frozen=True)
class Answered:
    """The lines of a calculation, going by which of them are answered."""

    goes_on: bytearray
    """(lines,) whether an operand is answered, or goes on from an answer itself."""
    between: list[int]
    """Those that go on from an answer and are not answered themselves."""
    left_out: list[int]
    """All that are worked out and not answered."""


def answered(calculation: Calculation, numbers: frozenset[int], end: int) -> Answered:
    """What it means that these lines are answered, up to a line; kept for the next sheet."""
    key = numbers, end
    last, found = calculation.kept.get("answered", (None, None))
    if last != key:
        found = _answered(calculation.lines[:end], numbers)
        calculation.kept["answered"] = key, found
    assert isinstance(found, Answered)
    return found


def _answered(lines: Sequence[Line], numbers: frozenset[int]) -> Answered:
    goes_on, is_changed = bytearray(len(lines)), bytearray(len(lines))
    for number, line in enumerate(lines):
        goes_on[number] = any(is_changed[each] for each in line.operands)
        is_changed[number] = goes_on[number] or number in numbers
    left_out = [
        number for number, line in enumerate(lines) if line.operands and number not in numbers
    ]
    return Answered(goes_on, [each for each in left_out if goes_on[each]], left_out)


def _ones(bits: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
