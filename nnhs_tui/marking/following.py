"""Follow-through: what is right going on from a person's own numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import NEW, Quantity
from nnhs_tui.marking.answered import Answered, answered
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import EXACT, RoundedDoubles
from nnhs_tui.marking.calculation.numbers import Numbers, own_numbers
from nnhs_tui.marking.calculation.places import flat_numbers, update_of
from nnhs_tui.marking.judge import (
    CLOSE,
    FOLLOWS,
    RIGHT,
    ROUNDED,
    WRONG,
    Row,
    likeliest,
    listed,
)
from nnhs_tui.marking.mistakes.at_quantity import Found, mistaken, weights
from nnhs_tui.marking.mistakes.case import LOSS_GRADIENT, Likely, Through
from nnhs_tui.marking.mistakes.noted import Explaining, Look, NotedRound, Open
from nnhs_tui.marking.second_look import Looks
from nnhs_tui.operations.arithmetic import Exact

IN_FULL, FROM_OWN, BY_HAND = "in full", "from one's own", "by hand"
"""With all decimals; from the numbers that are written; with every step rounded."""

SETTLED = (RIGHT, ROUNDED, CLOSE)
"""Verdicts that the right numbers alone have given."""

MOST_TELLING = 20
"""Right answers that are looked at for how somebody works."""

Where = tuple[int, int]
"""A round, and which of its updates, from 0."""


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
        self._arrays: dict[str, np.ndarray] = {}
        self._numbers: dict[tuple[Where, str], Numbers] = {}
        self._explained: dict[tuple[Where, str], dict[int, Explaining]] = {}
        """(round, arithmetic) → answer → the mistakes that give it."""
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
        for number, rows in by_line.items():
            for row in rows:
                # What is right already matters only behind a slip, which touches it.
                if row.verdict not in SETTLED:
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
        """Whether somebody has written what is right where a slip leads to something else.

        A right number that is shown as 0 is right too where the slip leads to 0: it ends nothing.
        """
        if row.typed is None or row.verdict not in (RIGHT, ROUNDED):
            return False
        if self.from_wrong[number] == 0 != self.calculation.values[number]:
            return True
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
        self.looks.look_for_mistakes(row, lambda row: self._mistakes(number, row))
        if slipped and row.candidates:
            row.goes_on = f"going on from your own {listed(self._slips_of(number))}, "

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
        divisor = row.question.divisor
        is_it = self.judge.within(row.typed, float(value), 1)
        if not is_it and (
            divisor == 1 or not self.judge.within(row.typed, float(value) / divisor, 1)
        ):
            return False
        row.typed *= 1 if is_it else divisor
        line, opname = self.calculation.lines[number], self.calculation.opnames[number]
        names = self._slips_of(number)
        told = listed(names) if names else "rounded numbers"
        if line.is_trivial(self.from_wrong, self.calculation.values, opname):
            became = "the step is 0" if line.quantity.kind == NEW else "this is 0"
            left = "and nothing is left to work out"
            row.message = f"not counted as right: after your own {told} {became}, {left}"
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

    def _mistakes(self, number: int, row: Row) -> dict[str, Likely]:
        """The known mistakes that give an answer, made with one's own numbers.

        Where none of them is a slip these are the right ones, to as many decimals as they have.
        """
        found, is_own = list[tuple[str, Likely]](), bool(self.slips[number])
        if IN_FULL in self._ways and not is_own:
            right = self.judge.candidates(row, lambda through: self._is_open(number, through))
            found += right.items()
        place, arithmetics = self._where(row.question.quantity), self._arithmetics[is_own]
        missing = [each for each in arithmetics if (place, each.name) not in self._explained]
        if missing:
            self._explain_round(place, row, missing)
        for each in arithmetics:
            explaining = self._explained[place, each.name].get(row.place)
            if explaining is None:
                explaining = self._worked_out(number, row, each)
            for name, through, likely in explaining:
                if self._is_open(number, through):
                    found.append((name, likely))
        return likeliest(found)

    @cached_property
    def _arithmetics(self) -> tuple[list[Exact], list[Exact]]:
        """Those in which one's own numbers are gone on from: while they are right, after a slip."""
        by_hand: list[Exact] = [self._by_hand] if BY_HAND in self._ways else []
        in_full = [EXACT, *by_hand]
        is_from_own = FROM_OWN in self._ways
        return (
            in_full if is_from_own else by_hand,
            in_full if is_from_own or IN_FULL in self._ways else by_hand,
        )

    @cached_property
    def _ways(self) -> set[str]:
        """In which ways a person may have worked, going by the answers that are right.

        In full, from the numbers that are written, or with every step rounded: all in which as
        many of those answers come out as in the best one.
        """
        within, digits = self.judge.within, self.judge.questions.digits
        in_full = from_own = by_hand = looked_at = 0
        for number, (row, *_) in self.by_line.items():
            line, typed = self.lines[number], row.typed
            if row.verdict not in (RIGHT, ROUNDED) or not line.operands or typed is None:
                continue
            in_full += within(typed, row.question.exact, 0.5)
            from_own += within(typed, float(line.value(self.own)), 0.5)
            if self.judge.takes_hand:
                rounded = float(line.by_hand(self.own_by_hand, digits))
                by_hand += within(typed, rounded, 0.5)
            looked_at += 1
            if looked_at == MOST_TELLING:
                break
        came_out = {IN_FULL: in_full, FROM_OWN: from_own}
        if self.judge.takes_hand:
            came_out[BY_HAND] = by_hand
        return {way for way, count in came_out.items() if count == max(came_out.values())}

    def _is_open(self, number: int, through: Through) -> bool:
        """Whether none of what a mistake is carried through stands on the sheet."""
        place = self.lines[number].quantity.round
        for each in through:
            if each == LOSS_GRADIENT:
                if self.answered.behind_gradient[number]:
                    return False
            elif self.calculation.number(replace(each, round=place)) in self.by_line:
                return False
        return True

    @cached_property
    def _by_hand(self) -> RoundedDoubles:
        return RoundedDoubles(self.judge.questions.digits)

    def _worked_out(self, number: int, row: Row, arithmetic: Exact) -> Explaining:
        """The mistakes that give an answer, worked out for it alone."""
        place, bare = self._where(row.question.quantity), row.question.in_its_round
        self._noted(place, arithmetic).want(bare)
        low, high = self.judge.window(row)
        given = list(self._given(number, bare, arithmetic))
        weighed = weights((each.name, each.through) for each in given)
        return [
            (name, through, Likely(weighed[name][bool(through)], detail))
            for name, value, through, detail in given
            if low <= value <= high
        ]

    def _where(self, quantity: Quantity) -> Where:
        """The round of a quantity, and which of its updates it belongs to."""
        return quantity.round or 0, update_of(self.calculation.schedule, quantity)

    def _noted(self, place: Where, arithmetic: Exact) -> NotedRound:
        return self.judge.questions.noted.of(self.calculation, *place, arithmetic)

    def _array(self, arithmetic: Exact) -> np.ndarray:
        """(lines + 1,) what a person has, and behind it a 0 for what has no line."""
        if arithmetic.name not in self._arrays:
            values = self.own if arithmetic is EXACT else self.own_by_hand
            self._arrays[arithmetic.name] = np.array([*values, 0.0])
        return self._arrays[arithmetic.name]

    def _explain_round(self, place: Where, row: Row, arithmetics: Sequence[Exact]) -> None:
        """Find the mistakes that give the open answers of a round; those that are noted."""
        looks = dict[tuple[Where, str], Look]()
        for arithmetic in arithmetics:
            noted_round = self._noted(place, arithmetic)
            answers = self._noted_answers(place, row, noted_round)
            self._explained[place, arithmetic.name] = {}
            if answers:
                numbers = flat_numbers(self.calculation, self._array(arithmetic), *place)
                looks[place, arithmetic.name] = Look(noted_round, numbers, answers)
        if looks:
            questions = self.judge.questions
            found = questions.noted.explained(list(looks.values()), questions.digits)
            self._explained.update(zip(looks, found, strict=True))

    def _noted_answers(self, place: Where, first: Row, noted_round: NotedRound) -> dict[int, Open]:
        """The open answers of a round at whose quantities it is noted what mistakes give."""
        answers: dict[int, Open] = {}
        for row in self._open[place]:
            if row.verdict and row is not first:
                continue
            known = noted_round.noted(row.question.in_its_round)
            if known is not None:
                answers[row.place] = known, self.judge.window(row)
        return answers

    @cached_property
    def _open(self) -> dict[Where, list[Row]]:
        """Round and update → its answers that are not settled yet."""
        found: dict[Where, list[Row]] = {}
        for row in chain.from_iterable(self.by_line.values()):
            if row.verdict in ("", WRONG):
                found.setdefault(self._where(row.question.quantity), []).append(row)
        return found

    def _given(self, number: int, bare: Quantity, arithmetic: Exact) -> Iterator[Found]:
        """Every number that a mistake gives at a quantity, worked out for it alone."""
        place = self._where(bare)[1]
        number_of_round = self.lines[number].quantity.round or 0
        array, key = self._array(arithmetic), ((number_of_round, place), arithmetic.name)
        if key not in self._numbers:
            self._numbers[key] = own_numbers(
                self.calculation, array, number_of_round, arithmetic, place
            )
        digits, line = self.judge.questions.digits, self.lines[number]
        known = line.in_arithmetic(array, arithmetic, array[number])
        yield from mistaken(self._numbers[key], bare, digits, known)

    def _own_value(self, number: int) -> Any:
        """What a line is, going by the person's own numbers in the lines above."""
        line, values = self.calculation.lines[number], self.own
        return line.value(values) if line.operands else values[number]


def _ones(bits: int) -> Iterator[int]:
    """The places of the bits that are set, the lowest first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
