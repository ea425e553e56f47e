"""Marking: one verdict and one message for each answer, in the order of cli.md.

Right to the digits asked, right when every step is rounded, close, right given one's own earlier
answers, a known mistake, wrong. Half a unit is inclusive, and a hair more, so that no double
decides; at a tie both neighbours are right; more digits than asked are welcome; 0 and −0 are one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.core.errors import printable
from nnhs_tui.core.marking.answers import LONGEST, read_answer
from nnhs_tui.core.marking.calculation import Calculation
from nnhs_tui.core.marking.case import Numbers
from nnhs_tui.core.marking.mistakes import WORDS, mistaken
from nnhs_tui.core.marking.numbers import own_numbers
from nnhs_tui.core.marking.questions import Question, Questions

RIGHT, ROUNDED, CLOSE, FOLLOWS = "right", "rounded", "close", "follows"
MISTAKE, WRONG, NOT_AN_ANSWER = "mistake", "wrong", "not-an-answer"
VERDICTS = (RIGHT, ROUNDED, CLOSE, FOLLOWS, MISTAKE, WRONG, NOT_AN_ANSWER)

LENIENT = (CLOSE, FOLLOWS)
"""Verdicts that do not count as right where marking is strict."""

HAIR = 1e-6
"""Of a unit: what a double may be off at a border."""

SLACK = 4
"""How many doubles further a large number may be off besides."""

LARGEST = 1e15
"""Beyond it nothing is an answer: such a number has no decimals that could be asked for."""

MOST_LINES = 300_000
"""Lines of a calculation that are worked out again from a person's own numbers."""


def is_right(verdict: str, *, strict: bool = False) -> bool:
    """Whether a verdict counts as right."""
    return verdict in (RIGHT, ROUNDED) or (verdict in LENIENT and not strict)


@dataclass(frozen=True)
class Marked:
    """An answer and what became of it."""

    question: Question
    answer: str
    """As it was written."""
    verdict: str
    message: str = ""
    mistakes: tuple[str, ...] = ()
    follows_from: tuple[str, ...] = ()
    """The wrong answers it goes on from."""


@dataclass
class _Row:
    """An answer being marked."""

    question: Question
    text: str
    typed: float | None
    verdict: str = ""
    message: str = ""
    mistakes: tuple[str, ...] = ()
    follows_from: tuple[str, ...] = ()
    place: int = 0
    is_trivial: bool = False
    """Whether an earlier slip has left nothing to work out; then it is no slip of its own."""

    @property
    def is_wrong(self) -> bool:
        return self.verdict in (MISTAKE, WRONG)


class Marker:
    """Marks answers to the questions of a scenario.

    Args:
        arithmetic: "exact" or "hand" where only that one is accepted, "" for both.
    """

    def __init__(self, questions: Questions, arithmetic: str = "") -> None:
        self.questions = questions
        self._takes_exact, self.takes_hand = arithmetic != "hand", arithmetic != "exact"
        self._unit = questions.unit

    def mark(self, answers: Iterable[tuple[str, str]]) -> list[Marked]:
        """Mark the answers of one person: (name of the quantity, what was written).

        Raises:
            Refusal: a name is not that of a quantity.
        """
        rows = []
        for place, (name, text) in enumerate(answers):
            read = read_answer(text)
            typed = None if read is None or abs(read.value) > LARGEST else float(read.value)
            rows.append(_Row(self.questions.question(name), text, typed, place=place))
        for row in rows:
            row.verdict, row.message = self._first_look(row)
        if not all(row.verdict for row in rows):
            self._second_look(rows)
        return [
            Marked(r.question, r.text, r.verdict, r.message, r.mistakes, r.follows_from)
            if r.verdict != CLOSE
            else self._close(r)
            for r in rows
        ]

    # What can be said of an answer by itself

    def _first_look(self, row: _Row) -> tuple[str, str]:
        """Its verdict and message, as far as the right number settles them; else ""."""
        asked, typed = row.question, row.typed
        if typed is None:
            return NOT_AN_ANSWER, _unreadable(row.text)
        if self._takes_exact and self.within(typed, asked.exact, 0.5):
            return RIGHT, "right"
        by_hand = self.takes_hand and asked.hand is not None
        if by_hand and self.within(typed, asked.hand, 0.5):  # type: ignore[arg-type]
            is_exact = self.within(typed, asked.exact, 0.5)
            return (RIGHT, "right") if is_exact else (ROUNDED, "right, rounded at every step")
        targets = [asked.exact, float(asked.expected)] if self._takes_exact else []
        targets += [asked.hand] if by_hand else []  # type: ignore[list-item]
        if any(self.within(typed, each, 1) for each in targets):
            return CLOSE, "close: one unit of the last digit off, by rounding"
        return "", ""

    def within(self, typed: float, value: float, units: float) -> bool:
        """Whether a number is so many units off at most."""
        if not math.isfinite(value):
            return False
        return abs(typed - value) <= (units + HAIR) * self._unit + SLACK * math.ulp(value)

    def _close(self, row: _Row) -> Marked:
        """A close answer, which may have been cut off."""
        asked = row.question
        marked = Marked(asked, row.text, CLOSE, row.message)
        assert row.typed is not None
        if not self._takes_exact or not self.within(row.typed, asked.cut_off, 0):
            return marked
        told = "close: one unit off; was it cut off where it should be rounded?"
        return replace(marked, message=told, mistakes=("truncated",))

    # What can be said of it beside the others

    def _second_look(self, rows: Sequence[_Row]) -> None:
        """Settle what the right numbers did not: follow-through, then known mistakes."""
        rounds = max(row.question.quantity.round or 0 for row in rows) + 1
        answered = sum(row.typed is not None for row in rows)
        if answered < 2 or self.questions.lines(rounds) > MOST_LINES:
            for row in rows:
                if not row.verdict:
                    self.look_for_mistakes(row)
            return
        calculation = self.questions.calculation(rounds)
        by_line: dict[int, list[_Row]] = {}
        for row in rows:
            number = calculation.number(row.question.quantity)
            if row.typed is not None and number is not None:
                by_line.setdefault(number, []).append(row)
            elif not row.verdict:
                self.look_for_mistakes(row)
        with np.errstate(all="ignore"):
            _Following(self, calculation, rows, by_line).run()

    def look_for_mistakes(self, row: _Row) -> None:
        """Settle an answer that follows from nothing: a known mistake, or wrong."""
        found = self.matching(row, self.questions.mistakes(row.question))
        if found:
            row.verdict, row.mistakes = MISTAKE, found
            row.message = f"this comes out when {_in_words(found)}"
        else:
            row.verdict, row.message = WRONG, self._wrong(row)

    def _wrong(self, row: _Row) -> str:
        """What is said of an answer that nothing explains; perhaps that decimals are missing."""
        read, digits = read_answer(row.text), self.questions.digits
        places = 0 if read is None else -int(read.value.as_tuple().exponent)
        asked = [row.question.exact, *([row.question.hand] if row.question.hand else [])]
        if 0 <= places < digits and row.typed is not None:
            half = (0.5 + HAIR) * 10.0**-places
            if any(abs(row.typed - each) <= half for each in asked):
                return f"wrong: too few decimals, {digits} are asked for"
        return "wrong"

    def matching(self, row: _Row, candidates: Iterable[tuple[str, Any]]) -> tuple[str, ...]:
        """The names of the mistakes that give the answer, each once, in the table's order."""
        typed = row.typed
        assert typed is not None
        half = (0.5 + HAIR) * self._unit + SLACK * math.ulp(typed)
        low, high = typed - half, typed + half
        names = {name for name, value in candidates if low <= value <= high}
        return tuple(name for name in WORDS if name in names) if names else ()


class _Following:
    """Works the calculation out again from a person's own numbers, line by line.

    Once with only the wrong ones put in and full precision elsewhere, once with all of them.
    """

    def __init__(
        self,
        marker: Marker,
        calculation: Calculation,
        rows: Sequence[_Row],
        by_line: dict[int, list[_Row]],
    ) -> None:
        self.marker, self.calculation, self.by_line = marker, calculation, by_line
        self.rows = rows
        self._numbers: dict[int, Numbers] = {}
        self.from_wrong: list[Any] = list(calculation.values)
        self.slips = [0] * len(calculation.lines)
        """For each line the wrong answers it goes on from, as bits."""

    def run(self) -> None:
        slips, by_line = self.slips, self.by_line
        lines, users = self.calculation.lines, self.calculation.users
        touched = bytearray(len(lines))
        for number in by_line:
            touched[number] = 1
        for number, is_touched in enumerate(touched):
            if not is_touched:
                continue
            slip, line = 0, lines[number]
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
            if slip:
                for user in users[number]:
                    touched[user] = 1

    @cached_property
    def own(self) -> tuple[list[Any], bytearray]:
        """The values with all answers put in; and whether one stands in the way to a line."""
        lines, values = self.calculation.lines, list(self.calculation.values)
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

    def _settle(self, number: int, row: _Row) -> None:
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
        self.marker.look_for_mistakes(row)
        if row.verdict == WRONG and slipped:
            self._look_for_own_mistakes(number, row, own_value)

    @cached_property
    def own_by_hand(self) -> list[Any]:
        """The same with every step rounded that is not answered."""
        values, digits = list(self.calculation.values), self.marker.questions.digits
        for number, line in enumerate(self.calculation.lines):
            rows = self.by_line.get(number)
            if rows:
                values[number] = np.float64(rows[-1].typed)
            elif line.operands:
                values[number] = line.by_hand(values, digits)
        return values

    def _follows_by_hand(self, number: int, row: _Row) -> bool:
        line = self.calculation.lines[number]
        if not self.marker.takes_hand or not line.operands or row.is_trivial:
            return False
        value = line.by_hand(self.own_by_hand, self.marker.questions.digits)
        return self._follows(number, row, value)

    def _follows(self, number: int, row: _Row, value: Any) -> bool:
        """Whether an answer is this value; where a slip has made that trivial it is not counted."""
        assert row.typed is not None
        if not self.marker.within(row.typed, float(value), 1):
            return False
        line, opname = self.calculation.lines[number], self.calculation.opnames[number]
        names = self._slips_of(number)
        told = _listed(names) if names else "rounded numbers"
        if line.is_trivial(self.from_wrong, self.calculation.values, opname):
            row.message = f"not counted as right: after your own {told} this is 0 whatever one does"
            row.is_trivial = True
            return False
        row.verdict, row.follows_from = FOLLOWS, names
        row.message = f"right, going on from your own {told}"
        return True

    def _slips_of(self, number: int) -> tuple[str, ...]:
        slip = self.slips[number]
        return tuple(row.question.name for place, row in enumerate(self.rows) if slip >> place & 1)

    def _look_for_own_mistakes(self, number: int, row: _Row, own_value: Any) -> None:
        """A known mistake, made with one's own earlier numbers."""
        quantity = row.question.quantity
        place = quantity.round or 0
        if place not in self._numbers:
            self._numbers[place] = own_numbers(self.calculation, self.own[0], place)
        bare, digits = replace(quantity, round=None), self.marker.questions.digits
        candidates = mistaken(self._numbers[place], bare, digits, own_value)
        found = self.marker.matching(row, candidates)
        if found:
            row.verdict, row.mistakes = MISTAKE, found
            told = f"going on from your own {_listed(self._slips_of(number))}"
            row.message = f"{told}, this comes out when {_in_words(found)}"


def _in_words(mistakes: Iterable[str]) -> str:
    return ", or when ".join(WORDS[each] for each in mistakes)


def _unreadable(text: str) -> str:
    if not text.strip():
        return "nothing is written here"
    return f"not a number: {printable(text.strip()[:LONGEST])!r}"


def _listed(names: Sequence[str]) -> str:
    """Names as in a sentence; of many only the first."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
