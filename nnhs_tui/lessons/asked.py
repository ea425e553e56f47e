"""A task made ready to be answered: its choices, what is right, and how an answer is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.quantity import NEW, VALUE, Quantity
from nnhs_tui.debugger.saving import text_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, printable, shorten
from nnhs_tui.lessons.lesson import (
    GROWS,
    MOST,
    SHRINKS,
    Choice,
    Fits,
    Number,
    Shape,
    Slip,
    Task,
    Which,
    fits,
)
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.spoiled import spoiled
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.loading import from_text
from nnhs_tui.scenario.model import Scenario


@dataclass(frozen=True)
class Said:
    """What is said of an answer."""

    is_right: bool
    text: str
    is_answer: bool = True
    """Whether it was one: what cannot be read costs nothing."""


@dataclass(frozen=True)
class Asked:
    """A task that can be answered."""

    task: Task
    questions: Questions
    """Of the scenario as the task changes it."""
    choices: tuple[str, ...] = ()
    """None where a number is asked for."""
    right: frozenset[int] = frozenset()
    """The right choices, from 0."""
    quantity: str = ""
    """The number that is asked for, by its full name."""

    @property
    def solution(self) -> str:
        """The right answer."""
        if not self.choices:
            question = self.questions.question(self.quantity)
            return question.right_in(self.questions.scenario.arithmetic)
        return " ".join(LETTERS[place] for place in sorted(self.right))

    def mark(self, answer: str) -> Said:
        """What is said of an answer."""
        return self._mark_choice(answer) if self.choices else self._mark_number(answer)

    def _mark_number(self, answer: str) -> Said:
        marked = Marker(self.questions).mark([(self.quantity, answer)])[0]
        is_answer = marked.verdict not in ("blank", "unreadable")
        return Said(marked.is_right(), marked.message, is_answer)

    def _mark_choice(self, answer: str) -> Said:
        chosen = self._chosen(answer)
        if chosen is None:
            told = f"expected a letter, a to {LETTERS[len(self.choices) - 1]}"
            if len(self.right) > 1:
                told += ", or several: a c"
            return Said(False, f"found '{printable(shorten(answer))}'; {told}", False)
        if chosen == self.right:
            return Said(True, "right")
        missing, extra = self.right - chosen, chosen - self.right
        if missing and not extra:
            return Said(False, "right as far as it goes, but there are more")
        return Said(False, "not quite: one of them is not right" if len(chosen) > 1 else "wrong")

    def _chosen(self, answer: str) -> frozenset[int] | None:
        """The choices that are meant, by their letters or by one of them itself."""
        text = answer.strip()
        by_text = {each.casefold(): place for place, each in enumerate(self.choices)}
        if text.casefold() in by_text:
            return frozenset({by_text[text.casefold()]})
        offered = LETTERS[: len(self.choices)]
        letters = re.sub(r"[\s,;]+|and", "", text.casefold())
        if not letters or not set(letters) <= set(offered):
            return None
        return frozenset(map(offered.index, letters))


def asked(scenario: Scenario, task: Task) -> Asked:
    """Makes a task ready.

    Raises:
        Refusal: a command, a quantity or a mistake of it means nothing here.
        NnhsError: what it changes cannot be computed.
    """
    scenario = changed(scenario, task.commands)
    questions, about = Questions(scenario), task.about
    match about:
        case Number():
            return Asked(task, questions, quantity=questions.question(about.quantity).name)
        case Choice():
            return Asked(task, questions, about.choices, about.right)
        case Fits():
            texts = tuple(f"{shape(first)} · {shape(second)}" for first, second in about.pairs)
            right = frozenset(n for n, pair in enumerate(about.pairs) if fits(pair))
            return Asked(task, questions, texts, right)
        case Which():
            return Asked(task, questions, about.of, _which(questions, about))
        case Slip():
            return _slip(task, questions, about)


def changed(scenario: Scenario, commands: Sequence[str]) -> Scenario:
    """The scenario as some commands of the debugger leave it.

    Raises:
        Refusal: one of them cannot be carried out.
    """
    if not commands:
        return scenario
    session = Session(scenario)
    for command in commands:
        outcome = session.execute(command)
        if outcome.kind == REFUSED:
            raise Refusal(f"{command}: {outcome.message}")
    return from_text(text_of(session), scenario.path)


def shape(size: Shape) -> str:
    """A shape as it is written.

    >>> shape((2, 3))
    '(2×3)'
    """
    return f"({size[0]}×{size[1]})"


def _which(questions: Questions, about: Which) -> frozenset[int]:
    """The parameters that an update makes larger, smaller, or changes most."""
    changes = []
    for name in about.of:
        quantity = questions.question(name).quantity
        if quantity.kind != VALUE or quantity.node >= questions.tape.parameters:
            raise Refusal(f"{name}: expected a weight or a bias")
        new = questions.value(questions.exact, Quantity(NEW, quantity.node, round=0))
        changes.append(float(new - questions.value(questions.exact, quantity)))
    if about.wanted == MOST:
        most = max(map(abs, changes))
        return frozenset(n for n, change in enumerate(changes) if abs(change) == most)
    sign = {GROWS: 1, SHRINKS: -1}[about.wanted]
    return frozenset(n for n, change in enumerate(changes) if sign * change > 0)


def _slip(task: Task, questions: Questions, about: Slip) -> Asked:
    """The lines of a calculation with a mistake in it; the wrong one is where it was made."""
    numbers = spoiled(questions, about.mistake, about.made_at)
    lines, right = [], set[int]()
    for place, name in enumerate(about.lines):
        question = questions.question(name)
        lines.append(f"{name} = {shown(numbers.value(question), questions.digits)}")
        if question.quantity == numbers.made_at:
            right.add(place)
    if not right:
        raise Refusal(f"{about.made_at}: expected one of the lines that are shown")
    return Asked(task, questions, tuple(lines), frozenset(right))
