"""A calculation with one known mistake in it, all that comes after worked out from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.errors import Refusal
from nnhs_tui.lessons.printed import line_of, start
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import EXACT
from nnhs_tui.marking.calculation.numbers import right_numbers
from nnhs_tui.marking.mistakes.at_quantity import Found, mistaken, value_of
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.training.rounds import Run


@dataclass(frozen=True)
class Spoiled:
    """The numbers of one round with a mistake in them."""

    calculation: Calculation
    values: list[Any]
    """(lines,) in the order of the calculation."""
    made_at: Quantity
    found: Found
    """What the mistake gives there."""

    def value(self, question: Question) -> Any:
        """What somebody has there who made the mistake."""
        return self.values[line_of(self.calculation, question)]


def spoiled(questions: Questions, mistake: str, made_at: str) -> Spoiled:
    """The first round with a mistake made at a quantity; by hand where the scenario is.

    Raises:
        Refusal: it cannot be made there, or gives the right number.
    """
    calculation = questions.calculation(1)
    question = questions.question(made_at)
    by_hand = questions.hand if questions.scenario.arithmetic == "hand" else None
    first = calculation.number(question.quantity)
    found = made(questions, by_hand or questions.exact, question, mistake)
    if first is None or found is None:
        raise Refusal(f"{made_at}: {mistake} changes nothing there that is seen")
    values = _values(questions, calculation, by_hand)
    values[first] = np.float64(found.value)
    touched = {first}
    with EXACT.protected():
        for number in range(first + 1, calculation.ends[1]):
            line = calculation.lines[number]
            if touched.isdisjoint(line.operands):
                continue
            touched.add(number)
            values[number] = (
                line.value(values) if by_hand is None else line.by_hand(values, questions.digits)
            )
    return Spoiled(calculation, values, question.quantity, found)


def made(questions: Questions, run: Run, question: Question, mistake: str) -> Found | None:
    """What a mistake made at a quantity gives there, where that is seen; None where it is not."""
    right = question.exact if run is questions.exact else question.hand
    numbers = right_numbers(run, 0, questions.update_of(question.quantity))
    with numbers.arithmetic.protected():
        for found in mistaken(numbers, question.in_its_round, questions.digits):
            if found.name != mistake or found.through or not np.isfinite(float(found.value)):
                continue
            if right is None or shown(found.value, questions.digits) != shown(
                right, questions.digits
            ):
                return found
    return None


def _values(questions: Questions, calculation: Calculation, by_hand: Run | None) -> list[Any]:
    """(lines,) what is right: with all decimals, or with every step rounded."""
    if by_hand is None:
        return list(calculation.values)
    updates = range(questions.schedule.updates)
    numbers = [right_numbers(by_hand, 0, each) for each in updates]
    values = list[Any]()
    for number, line in enumerate(calculation.lines[: calculation.ends[1]]):
        if line.operands:
            # As the run has rounded it: within a softmax there are roundings too.
            bare = replace(line.quantity, round=None)
            own = numbers[questions.update_of(bare)]
            values.append(np.float64(value_of(own, bare)))
        else:
            values.append(start(questions, calculation, number, by_hand))
    return values
