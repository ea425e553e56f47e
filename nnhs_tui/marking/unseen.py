"""Which mistakes nobody can be told to have made on a sheet, as its numbers come out alike."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.errors import NnhsError
from nnhs_tui.marking.mistakes.table import KNOWN, TRUNCATED
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown


def unseen_mistakes(questions: Questions, quantities: Iterable[Quantity]) -> list[str]:
    """The names of the mistakes that can be made on a sheet, and at none of its quantities give a
    number that is more than one unit off.
    """
    made, seen = set[str](), set[str]()
    for quantity in quantities:
        name = name_of(questions.names, quantity, questions.schedule)
        try:
            question = questions.question(name)
            found = questions.mistakes(question).found
        except NnhsError:
            continue
        right = [each for each in (question.exact, question.hand) if each is not None]
        for each in found:
            is_right = any(math.isclose(each.value, value, abs_tol=1e-12) for value in right)
            if each.name not in seen and not is_right:
                made.add(each.name)
                if _is_told_apart(each.value, question, questions):
                    seen.add(each.name)
    return [name for name in KNOWN if name in made - seen and name != TRUNCATED]


def _is_told_apart(value: float, question: Question, questions: Questions) -> bool:
    """Whether a number, as it is written down, is more than one unit off from every right one."""
    written = Decimal(shown(value, questions.digits))
    right = [Decimal(question.exact), Decimal(question.expected)]
    right += [] if question.hand is None else [Decimal(question.hand)]
    unit = Decimal(1).scaleb(-questions.digits) * Decimal("1.000001")
    return all(abs(written - each) > unit for each in right)
