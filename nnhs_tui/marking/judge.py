"""What can be said of one answer by itself: right, rounded, close, a known mistake, or wrong."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nnhs_tui.errors import printable
from nnhs_tui.marking.mistakes.case import Likely, Through
from nnhs_tui.marking.mistakes.table import KNOWN, TRUNCATED
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import PLAIN_LIMIT, as_decimal
from nnhs_tui.operations.written import LONGEST, is_date, read_answer

RIGHT, ROUNDED, CLOSE, FOLLOWS = "right", "rounded", "close", "follows"
MISTAKE, WRONG, BLANK, UNREADABLE = "mistake", "wrong", "blank", "unreadable"
VERDICTS = (RIGHT, ROUNDED, CLOSE, FOLLOWS, MISTAKE, WRONG, BLANK, UNREADABLE)
NO_ANSWER = (BLANK, UNREADABLE)

LENIENT = (CLOSE, FOLLOWS)
"""Verdicts that do not count as right where marking is strict."""

HAIR = 1e-6
"""Of a unit: what a double may be off at a border."""

SLACK = 4
"""How many doubles further a large number may be off besides."""


PLAIN = float(PLAIN_LIMIT)

LARGEST = 1e15
"""Beyond it nothing is an answer to a question about a smaller number."""


def largest_answer(value: float) -> float:
    """The largest number that can be meant for an answer where this one is right."""
    return max(LARGEST, min(1000 * abs(value), sys.float_info.max))


def is_right(verdict: str, *, strict: bool = False) -> bool:
    """Whether a verdict counts as right."""
    return verdict in (RIGHT, ROUNDED) or (verdict in LENIENT and not strict)


class Marked(NamedTuple):
    """An answer and what became of it."""

    question: Question
    answer: str
    """As it was written."""
    verdict: str
    message: str = ""
    mistakes: tuple[str, ...] = ()
    follows_from: tuple[str, ...] = ()
    """The wrong answers it goes on from."""
    repeats: str = ""
    """Where the same misunderstanding was made first; then it costs no further mark."""

    def is_right(self, *, strict: bool = False) -> bool:
        """Whether it counts as right."""
        return is_right(self.verdict, strict=strict)

    def costs(self, *, strict: bool = False) -> bool:
        """Whether it costs a mark: once for each idea, and every time where marking is strict."""
        return not self.is_right(strict=strict) and (strict or not self.repeats)


@dataclass(slots=True)
class Row:
    """An answer being marked."""

    question: Question
    text: str
    typed: float | None
    verdict: str = ""
    message: str = ""
    mistakes: tuple[str, ...] = ()
    follows_from: tuple[str, ...] = ()
    repeats: str = ""
    place: int = 0
    candidates: Mapping[str, Likely] = field(default_factory=dict)
    """The mistakes that would give it, and how likely each is before anything else is known."""
    goes_on: str = ""
    """How a message begins that tells of them: from which slip it was gone on."""
    is_trivial: bool = False
    """Whether an earlier slip has left nothing to work out; then it is no slip of its own."""
    window: tuple[float, float] | None = None
    """What `Judge.window` has found."""

    @property
    def is_wrong(self) -> bool:
        return self.verdict in (MISTAKE, WRONG)


Find = Callable[[Row], dict[str, Likely]]


def likeliest(found: Iterable[tuple[str, Likely]]) -> dict[str, Likely]:
    """Each name with the likeliest that it has, of several that are as likely the first."""
    best: dict[str, Likely] = {}
    for name, likely in found:
        if name not in best or likely.weight > best[name].weight:
            best[name] = likely
    return best


def _always(through: Through) -> bool:
    return True


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
        asked = row.question
        if row.typed is None and row.text.strip() == asked.expected:
            # Rounded up, the largest double is a number that no double is.
            return RIGHT, "right"
        if row.typed is None:
            return (UNREADABLE if row.text.strip() else BLANK), _unreadable(row.text)
        told = self._compared(asked, row.typed, 1)
        if asked.divisor != 1 and told[0] not in (RIGHT, ROUNDED):
            with_factor = self._compared(asked, row.typed, asked.divisor)
            if with_factor[0] in (RIGHT, ROUNDED) or not told[0]:
                told = with_factor
                # What is gone on from is the term itself.
                row.typed *= asked.divisor if told[0] else 1
        return told

    def _compared(self, asked: Question, typed: float, divisor: int) -> tuple[str, str]:
        """The same of an answer, going by the right number divided by another."""
        right = asked.exact / divisor
        if self._takes_exact and self.within(typed, right, 0.5):
            return RIGHT, "right"
        hand = asked.hand / divisor if self.takes_hand and asked.hand is not None else None
        is_near = hand is not None and self.within(typed, hand, 1)
        if hand is not None and is_near and self.within(typed, hand, 0.5):
            is_exact = self.within(typed, right, 0.5)
            return (RIGHT, "right") if is_exact else (ROUNDED, "right, rounded at every step")
        if not is_near and self._takes_exact:
            is_near = self.within(typed, right, 1)
            is_near = is_near or self.within(typed, float(asked.expected) / divisor, 1)
        if is_near:
            return CLOSE, "close: one unit of the last digit off, by rounding"
        return "", ""

    def within(self, typed: float, value: float, units: float) -> bool:
        """Whether an answer is so many units of the last decimal off at most, and a hair."""
        return abs(typed - value) <= self.limit(value, units) and math.isfinite(value)

    def limit(self, value: float, units: float) -> float:
        """How far an answer may be off where so many units of the last decimal are allowed."""
        unit = self._unit if -PLAIN < value < PLAIN else self._unit_of_large(value)
        return (units + HAIR) * unit + SLACK * math.ulp(value)

    def _unit_of_large(self, value: float) -> float:
        """One unit of the last decimal that is shown of a number with an exponent."""
        return self._unit * 10.0 ** as_decimal(value).adjusted()

    def close(self, row: Row) -> Marked:
        """A close answer, which may have been cut off."""
        asked = row.question
        marked = Marked(asked, row.text, CLOSE, row.message)
        assert row.typed is not None
        if not self._takes_exact or not self.within(row.typed, asked.cut_off, 0):
            return marked
        told = "close: one unit off; was it cut off where it should be rounded?"
        return marked._replace(message=told, mistakes=(TRUNCATED,))

    def look_for_mistakes(self, row: Row, find: Find | None = None) -> None:
        """Settle an answer that follows from nothing: a known mistake, or wrong.

        Args:
            find: finds the mistakes that give it; None: with the right numbers, all of them.
        """
        found = self.candidates(row, _always) if find is None else find(row)
        row.candidates = found
        row.verdict, row.message = MISTAKE if found else WRONG, self._wrong(row)

    def candidates(self, row: Row, is_open: Callable[[Through], bool]) -> dict[str, Likely]:
        """The mistakes that give an answer with the right numbers, and how likely each is.

        Args:
            is_open: whether a mistake may have been carried through these.
        """
        found = self.questions.mistakes(row.question).between(*self.window(row))
        return likeliest((name, likely) for name, through, likely in found if is_open(through))

    def _wrong(self, row: Row) -> str:
        """What is said of an answer that nothing explains; perhaps that decimals are missing."""
        assert row.typed is not None
        asked, digits = row.question, self.questions.digits
        off = abs(row.typed - asked.exact)
        if asked.hand is not None:
            off = min(off, abs(row.typed - asked.hand))
        # Not even a whole number is further off because it was rounded; most that is wrong is.
        read = read_answer(row.text) if off < 1 else None
        places = digits if read is None else -int(read.value.as_tuple().exponent)
        # A 0 is nothing that was rounded to fewer decimals.
        if row.typed and 0 <= places < digits and off <= (0.5 + HAIR) * 10.0**-places:
            return f"wrong: too few decimals, {digits} are asked for"
        return "wrong"

    def window(self, row: Row) -> tuple[float, float]:
        """Between which numbers, both included, lies what is written as this answer."""
        if row.window is None:
            typed = row.typed
            assert typed is not None
            half = self.limit(typed, 0.5)
            row.window = typed - half, typed + half
        return row.window


def in_words(mistakes: Mapping[str, Likely]) -> str:
    """What becomes of a number "when …", with which factor, place or neighbour it is."""
    return ", or when ".join(
        KNOWN[name].words + (f": {likely.detail}" if likely.detail else "")
        for name, likely in mistakes.items()
    )


def _unreadable(text: str) -> str:
    if not text.strip():
        return "nothing is written here"
    if is_date(text):
        told = "a date, which a spreadsheet makes of a number"
        return f"{told}: '{printable(text.strip()[:LONGEST])}'; expected the number as text"
    return f"not a number: '{printable(text.strip()[:LONGEST])}'"


def listed(names: Sequence[str]) -> str:
    """Names as in a sentence; of many only the first."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1]))) if names else ""
