"""Sheets that were filled in with the numbers of another one of the class."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from nnhs_tui.errors import NnhsError
from nnhs_tui.marking.judge import FOLLOWS, MISTAKE, NO_ANSWER, WRONG, Marked
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.question import Question

LOOKED_AT = 8
"""Of so many answers, the first, is asked whose they are."""
ENOUGH = 3
"""So many of them have to be wrong, and right on the other sheet."""
USUAL = 40
"""Where a class has seeds, those up to here may be among them, whatever sheets there are."""
MOST = 1000
"""Seeds that are tried at most."""


@dataclass(frozen=True)
class NumbersOf:
    """Whose numbers a sheet has."""

    seed: int | None
    """None: the scenario's own."""
    name: str = ""
    """Whose sheet that is, where it is among those that are marked."""

    @property
    def which(self) -> str:
        """In words, without a name: `seed 23`."""
        return "the file itself" if self.seed is None else f"seed {self.seed}"

    @property
    def told(self) -> str:
        """In words: `seed 23 (Willi)`."""
        return f"{self.which} ({self.name})" if self.name else self.which


class Neighbours:
    """Finds whose numbers a sheet has.

    Args:
        marker: of a seed; None: of the scenario's own numbers.
        owners: (seed, name) of the sheets of the class; only asked where one is needed.
    """

    def __init__(
        self,
        marker: Callable[[int | None], Marker],
        owners: Callable[[], Iterable[tuple[int | None, str]]],
    ) -> None:
        self._marker, self._owners = marker, owners
        self._kept: dict[int | None, dict[str, Question]] = {}

    @cached_property
    def _class(self) -> dict[int | None, str]:
        """Seed → whose sheet has it, those of the class first."""
        found: dict[int | None, str] = {}
        for seed, name in islice(self._owners(), MOST):
            found.setdefault(seed, name)
        usual = range(1, USUAL + 1) if found else ()
        return found | {seed: "" for seed in (None, *usual) if seed not in found}

    def numbers_of(self, answers: Sequence[Marked], own: int | None) -> NumbersOf | None:
        """Whose numbers these answers begin with; None where they are one's own, or nobody's."""
        given = (each for each in answers if each.verdict not in NO_ANSWER)
        first = list(islice(given, LOOKED_AT))
        wrong = [each for each in first if each.verdict in (FOLLOWS, MISTAKE, WRONG)]
        if len(wrong) < ENOUGH:
            return None
        for seed, name in self._class.items():
            if seed == own:
                continue
            questions = self._questions(seed, [each.question.name for each in first])
            pairs = zip(questions, (each.answer for each in first), strict=True)
            right = self._marker(own).right_at_once(pairs) if questions else 0
            if right >= max(ENOUGH, len(first) - 1):
                return NumbersOf(seed, name)
        return None

    def _questions(self, seed: int | None, names: Sequence[str]) -> list[Question]:
        """The questions of a seed; none where it has no numbers."""
        kept = self._kept.setdefault(seed, {})
        if not all(name in kept for name in names):
            kept.clear()
            try:
                asked = self._marker(seed).questions
                kept.update((name, asked.question(name)) for name in names)
            except NnhsError:
                return []
        return [kept[name] for name in names]


def without_follows(
    answers: Iterable[Marked], other: NumbersOf, marker: Marker
) -> Iterator[Marked]:
    """The answers of a sheet with another's numbers: nothing of them was worked out for it.

    Args:
        marker: that of the other's numbers.
    """
    for each in answers:
        if each.verdict not in (FOLLOWS, MISTAKE, WRONG):
            yield each
            continue
        there = marker.questions.question(each.question.name)
        if marker.right_at_once([(there, each.answer)]):
            told = f"wrong: right for {other.which}, not for this sheet's numbers"
        elif each.verdict == FOLLOWS:
            told = f"wrong: it goes on from the numbers of {other.which}"
        else:
            yield each
            continue
        plain = each._replace(mistakes=(), follows_from=(), repeats="")
        yield plain._replace(verdict=WRONG, message=told)
