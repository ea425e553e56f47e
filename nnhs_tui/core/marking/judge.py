"""What can be said of one answer by itself: right, rounded, close, a known mistake, or wrong."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nnhs_tui.core.arithmetic import PLAIN_LIMIT, as_decimal
from nnhs_tui.core.errors import printable
from nnhs_tui.core.marking.answers import LONGEST, read_answer
from nnhs_tui.core.marking.mistakes import WORDS
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
"""Beyond it nothing is an answer to a question about a smaller number."""


def largest_answer(value: float) -> float:
    """The largest number that can be meant for an answer where this one is right."""
    return max(LARGEST, min(1000 * abs(value), sys.float_info.max))


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
class Row:
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


class Judge:
    """Judges single answers to the questions of a scenario.

    Args:
        arithmetic: "exact" or "hand" where only that one is accepted, "" for both.
    """

    def __init__(self, questions: Questions, arithmetic: str = "") -> None:
        self.questions = questions
        self._takes_exact, self.takes_hand = arithmetic != "hand", arithmetic != "exact"
        self._unit = questions.unit

    def first_look(self, row: Row) -> tuple[str, str]:
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
        return abs(typed - value) <= (units + HAIR) * self._unit_at(value) + SLACK * math.ulp(value)

    def _unit_at(self, value: float) -> float:
        """One unit of the last decimal that is shown of such a number."""
        if abs(value) < PLAIN_LIMIT:
            return self._unit
        return self._unit * 10.0 ** as_decimal(value).adjusted()

    def close(self, row: Row) -> Marked:
        """A close answer, which may have been cut off."""
        asked = row.question
        marked = Marked(asked, row.text, CLOSE, row.message)
        assert row.typed is not None
        if not self._takes_exact or not self.within(row.typed, asked.cut_off, 0):
            return marked
        told = "close: one unit off; was it cut off where it should be rounded?"
        return replace(marked, message=told, mistakes=("truncated",))

    def look_for_mistakes(self, row: Row) -> None:
        """Settle an answer that follows from nothing: a known mistake, or wrong."""
        found = self.matching(row, self.questions.mistakes(row.question))
        if found:
            row.verdict, row.mistakes = MISTAKE, found
            row.message = f"this comes out when {in_words(found)}"
        else:
            row.verdict, row.message = WRONG, self._wrong(row)

    def _wrong(self, row: Row) -> str:
        """What is said of an answer that nothing explains; perhaps that decimals are missing."""
        read, digits = read_answer(row.text), self.questions.digits
        places = 0 if read is None else -int(read.value.as_tuple().exponent)
        asked = [row.question.exact, *([row.question.hand] if row.question.hand else [])]
        if 0 <= places < digits and row.typed is not None:
            half = (0.5 + HAIR) * 10.0**-places
            if any(abs(row.typed - each) <= half for each in asked):
                return f"wrong: too few decimals, {digits} are asked for"
        return "wrong"

    def matching(self, row: Row, candidates: Iterable[tuple[str, Any]]) -> tuple[str, ...]:
        """The names of the mistakes that give the answer, each once, in the table's order."""
        typed = row.typed
        assert typed is not None
        half = (0.5 + HAIR) * self._unit_at(typed) + SLACK * math.ulp(typed)
        low, high = typed - half, typed + half
        names = {name for name, value in candidates if low <= value <= high}
        return tuple(name for name in WORDS if name in names) if names else ()


def in_words(mistakes: Iterable[str]) -> str:
    return ", or when ".join(WORDS[each] for each in mistakes)


def _unreadable(text: str) -> str:
    if not text.strip():
        return "nothing is written here"
    return f"not a number: '{printable(text.strip()[:LONGEST])}'"


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence; of many only the first."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
