"""One's own numbers that a question of a self-test needs."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.marking.judge import FOLLOWS, Marked
from nnhs_tui.operations.written import read_answer
from nnhs_tui.present.text.lines import Line, run, wrap
from nnhs_tui.selftest.selftest import SelfTest

MOST_SHOWN = 6
"""Numbers that are shown at most."""
MOST_LOOKED_AT = 500
"""Lines of the calculation that are looked at for them."""


def own_lines(test: SelfTest, width: int) -> list[Line]:
    """`yours: hidden.z[1] = -0.85`: what was answered of what the number in work is made of."""
    own = list(_own(test))
    if not own:
        return []
    told = ", ".join(f"{name} = {answer}" for name, answer in own[:MOST_SHOWN])
    more = ", …" if len(own) > MOST_SHOWN else ""
    return wrap((run("yours: ", "dim"), run(f"{told}{more}")), width, 2)


def _own(test: SelfTest) -> Iterator[tuple[str, str]]:
    """(quantity, answer) of the answered numbers nearest to it, in the order of the calculation."""
    questions = test.questions
    calculation = questions.calculation(1)
    start = calculation.number(questions.question(test.name).quantity)
    if start is None:
        return
    answered: dict[int, str] = {}
    for name, tries in test.tries.items():
        number = calculation.number(questions.question(name).quantity)
        if tries.answers and number is not None:
            answered[number] = name
    found, seen = set[int](), set[int]()
    left = list(calculation.lines[start].operands)
    while left and len(seen) < MOST_LOOKED_AT:
        number = left.pop()
        if number in seen:
            continue
        seen.add(number)
        if number in answered:
            found.add(number)
        else:
            left += calculation.lines[number].operands
    for number in sorted(found):
        marked = test.tries[answered[number]].answers[-1]
        yield answered[number], f"{marked.answer}{_divided(marked)}"


def _divided(marked: Marked) -> str:
    """A term of the loss is right with the loss's factor too; who sees it again must know that
    the factor is in it, else it is taken twice."""
    question, read = marked.question, read_answer(marked.answer)
    if question.divisor == 1 or read is None or marked.verdict == FOLLOWS or not marked.is_right():
        return ""
    typed, right = float(read.value), question.exact
    is_divided = abs(typed - right / question.divisor) < abs(typed - right)
    return f" (divided by {question.divisor} already)" if is_divided else ""
