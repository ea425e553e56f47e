"""A calculation with one known mistake in it, to be found: where it was made, and which it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnhs_tui.debugger.quantity import NEW, VALUE, Quantity
from nnhs_tui.errors import NnhsError, Refusal
from nnhs_tui.lessons.spoiled import Spoiled, spoiled
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN, TRUNCATED, Mistake
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown

EASY, MEDIUM, HARD = "easy", "medium", "hard"
DEGREES = (EASY, MEDIUM, HARD)
OFFERED = {EASY: 3, MEDIUM: 5, HARD: 8}
"""How many mistakes are offered to choose from."""
MOST_TRIED = 400
"""Places at which mistakes are tried, until one is found."""


@dataclass(frozen=True)
class Puzzle:
    """Somebody's numbers, with one mistake."""

    questions: Questions
    names: tuple[str, ...]
    """The quantities, in the order of the calculation."""
    mistake: Mistake
    made_at: Question
    numbers: Spoiled
    degree: str
    offered: tuple[Mistake, ...]
    """The mistakes to choose from, the right one among them."""

    def shown(self, name: str) -> str:
        """The number that stands there, as it is written down."""
        question = self.questions.question(name)
        return shown(self.numbers.value(question), self.questions.digits)

    def right(self, name: str) -> str:
        """The number that should stand there; by hand where the scenario is."""
        question = self.questions.question(name)
        return question.right_in(self.questions.scenario.arithmetic)

    @property
    def place(self) -> int:
        """Which of the quantities it was made at, from 0."""
        return self.names.index(self.made_at.name)

    @property
    def told(self) -> str:
        """Where it was made, and which it is."""
        there, right = self.shown(self.made_at.name), self.right(self.made_at.name)
        return f"{self.made_at.name} = {there}: {self.mistake.words}; right is {right}"

    @cached_property
    def seen_at(self) -> int:
        """The last of the quantities that is off, from 0: at the degree hard just the last."""
        off = [n for n, name in enumerate(self.names) if self.shown(name) != self.right(name)]
        return len(self.names) - 1 if self.degree == HARD else off[-1]

    @cached_property
    def symptom(self) -> str:
        """What is seen at the end: a weight that moves the wrong way, or the first number that is
        off from the end; at the degree hard nothing."""
        return "" if self.degree == HARD else _symptom(self)


def puzzle(
    questions: Questions, names: Sequence[str], seed: int = 0, degree: str = MEDIUM
) -> Puzzle:
    """A mistake at a random place, such that the marking of these numbers finds it there.

    Args:
        names: the quantities that are seen, in the order of the calculation.

    Raises:
        Refusal: none can be made that shows.
    """
    draw = np.random.default_rng(seed)
    marker = Marker(questions)
    kinds = [each for each in KNOWN.values() if each.name != TRUNCATED]
    for name, mistake in _pairs(draw, names, kinds, degree):
        found = _made(questions, marker, names, name, mistake)
        if found is not None:
            offered = _offered(draw, mistake, kinds, OFFERED[degree])
            question = questions.question(name)
            return Puzzle(questions, tuple(names), mistake, question, found, degree, offered)
    raise Refusal("no known mistake can be put in here so that it shows")


def _pairs(
    draw: np.random.Generator, names: Sequence[str], kinds: Sequence[Mistake], degree: str
) -> Iterator[tuple[str, Mistake]]:
    """Places and mistakes at random; each mistake as often, however few places it has.

    What can be made with nearly any number comes last, but at the degree hard.
    """
    order = [kinds[n] for n in draw.permutation(len(kinds))]
    if degree != HARD:
        order.sort(key=lambda mistake: mistake.is_general)
    left = MOST_TRIED * 4
    for mistake in order:
        for n in draw.permutation(len(names))[:MOST_TRIED]:
            left -= 1
            if not left:
                return
            yield names[n], mistake


def _made(
    questions: Questions, marker: Marker, names: Sequence[str], name: str, mistake: Mistake
) -> Spoiled | None:
    """The numbers with a mistake, where the marking finds it, and no other, at its place."""
    try:
        numbers = spoiled(questions, mistake.name, name)
        answers = [
            (each, shown(numbers.value(questions.question(each)), questions.digits))
            for each in names
        ]
    except NnhsError:
        return None
    marked = marker.mark(answers)
    wrong = [each for each in marked if not each.is_right()]
    if len(wrong) != 1 or wrong[0].question.name != name or not wrong[0].mistakes:
        return None
    return numbers if wrong[0].mistakes[0] == mistake.name else None


def _offered(
    draw: np.random.Generator, right: Mistake, kinds: Sequence[Mistake], count: int
) -> tuple[Mistake, ...]:
    others = [each for each in kinds if each.name != right.name]
    chosen = [others[n] for n in draw.permutation(len(others))[: count - 1]]
    offered = [right, *chosen]
    return tuple(offered[n] for n in draw.permutation(len(offered)))


def _symptom(found: Puzzle) -> str:
    questions = found.questions
    for name in found.names:
        quantity = questions.question(name).quantity
        if quantity.kind == NEW:
            before = float(questions.value(questions.exact, _old(quantity)))
            moved = float(found.shown(name)) - before
            should = float(found.right(name)) - before
            if moved * should < 0:
                what = questions.names.name(quantity.node)
                return f"{what} moves the wrong way: it becomes {found.shown(name)}"
    name = found.names[found.seen_at]
    return f"{name} is {found.shown(name)}, and should be {found.right(name)}"


def _old(quantity: Quantity) -> Quantity:
    return Quantity(VALUE, quantity.node, round=quantity.round)
