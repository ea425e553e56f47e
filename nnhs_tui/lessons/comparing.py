"""A rule as the article prints it beside the right one, and trying it out as the judge."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.debugger.quantity import GRAD
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.lessons.lesson import Comparison
from nnhs_tui.lessons.printed import Printed
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.round_checks import round_checks


@dataclass(frozen=True)
class Row:
    """One quantity by both rules, as texts of the decimals that are asked."""

    name: str
    printed: str
    right: str
    tried: str = ""
    """The slope found by nudging, "" where it cannot be had: only inputs and parameters can be."""

    @property
    def parts(self) -> bool:
        """Whether the printed rule gives another number."""
        return self.printed != self.right


@dataclass(frozen=True)
class Compared:
    """Both rules in both arithmetics, and what each does to the training."""

    exact: tuple[Row, ...]
    by_hand: tuple[Row, ...]
    """Empty where the numbers cannot be worked out by hand."""
    losses: tuple[Row, ...]
    """A row a round; empty where no training is compared."""


def compare(scenario: Scenario, comparison: Comparison) -> Compared:
    """The quantities of a comparison, by the printed rule and by the right one.

    Raises:
        Refusal: a name is not that of a quantity, or the rule makes no difference anywhere.
    """
    questions = Questions(scenario)
    asked = [questions.question(name) for name in comparison.of]
    rounds = comparison.rounds
    printed = Printed(questions, comparison.rule, rounds, None)
    exact = tuple(
        Row(
            each.name,
            shown(printed.value(each), questions.digits),
            each.expected,
            _tried(questions, each),
        )
        for each in asked
    )
    if not any(row.parts for row in exact):
        raise Refusal(f"{comparison.rule} makes no difference at {', '.join(comparison.of)}")
    losses: tuple[Row, ...] = ()
    if rounds > 1 and questions.tape.loss is not None:
        losses = _losses(questions, printed, rounds)
    return Compared(exact, _by_hand(questions, comparison, asked), losses)


def _by_hand(
    questions: Questions, comparison: Comparison, asked: list[Question]
) -> tuple[Row, ...]:
    if questions.hand is None or any(each.expected_hand is None for each in asked):
        return ()
    printed = Printed(questions, comparison.rule, 1, questions.hand)
    return tuple(
        Row(each.name, shown(printed.value(each), questions.digits), each.expected_hand or "")
        for each in asked
    )


def _losses(questions: Questions, printed: Printed, rounds: int) -> tuple[Row, ...]:
    right = Printed(questions, "", rounds, None)
    pairs = zip(printed.losses(rounds), right.losses(rounds), strict=True)
    return tuple(
        Row(f"round {number}", *(shown(each, questions.digits) for each in pair))
        for number, pair in enumerate(pairs, 1)
    )


def _tried(questions: Questions, question: Question) -> str:
    """The slope by central differences."""
    quantity = question.quantity
    if quantity.kind != GRAD or quantity.path is not None:
        return ""
    try:
        checks = round_checks(questions.exact, 0)
        place = checks.place_of(quantity.node, quantity.sample or 0)
        return "" if place is None else shown(checks[place].numeric, questions.digits)
    except ComputationError:
        return ""
