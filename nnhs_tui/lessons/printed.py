"""The article's printed rules, carried through the whole calculation of a scenario.

Each rule says what a line becomes where the article prints something else; every other line is
worked out from what stands above it, as ever. So it is seen where a printed rule and the right one
part, and what becomes of the training.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import EXACT, TIMES
from nnhs_tui.marking.question import Question
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.training.rounds import Run

Rule = Callable[["Work", Quantity, int], Any]
"""What a line of this quantity and number becomes; None where the rule says nothing of it."""


class Work:
    """A calculation that is being worked out with a rule in it.

    Args:
        rounds: of how many rounds.
        rule: what becomes of a line where it says something else; None: nothing does.
        by_hand: a run by hand whose parameters it begins with; None: all decimals are kept.
    """

    def __init__(
        self, questions: Questions, rounds: int, rule: Rule | None, by_hand: Run | None
    ) -> None:
        self.calculation = questions.calculation(rounds)
        self._questions, self._rule, self._by_hand = questions, rule, by_hand
        self.values: list[Any] = [None] * self.calculation.ends[rounds]
        """(lines,) None where it is not worked out yet."""

    def run(self) -> None:
        """Work all lines out."""
        with EXACT.protected():
            for number in range(len(self.values)):
                self._value(number)

    def _value(self, number: int) -> Any:
        if self.values[number] is None:
            line, changed = self.calculation.lines[number], None
            if not line.operands:
                changed = start(self._questions, self.calculation, number, self._by_hand)
            elif self._rule is not None:
                changed = self._rule(self, line.quantity, number)
            self.values[number] = self.right(number) if changed is None else changed
        return self.values[number]

    def right(self, number: int, values: list[Any] | None = None) -> Any:
        """A line, worked out rightly from what it is made of.

        Args:
            values: other values of the lines it is made of.
        """
        line = self.calculation.lines[number]
        for each in line.operands:
            # A rule may want what stands further below.
            self._value(each)
        known = self.values if values is None else values
        if self._by_hand is None:
            return line.value(known)
        return line.by_hand(known, self._questions.digits)

    def of(self, quantity: Quantity) -> Any:
        """A quantity, worked out rightly from what it is made of."""
        number = self.calculation.number(quantity)
        assert number is not None
        return self.right(number)


def _is_gradient(work: Work, about: Quantity, nodes: Iterable[int]) -> bool:
    return about.kind == GRAD and about.path is None and about.node in nodes


def _beside(about: Quantity, node: int) -> Quantity:
    """The same quantity of another node."""
    return Quantity(about.kind, node, None, about.sample, about.round)


def _wrong_sign(work: Work, about: Quantity, number: int) -> Any:
    """E2: behind exp, (−0.53)·0.37 = 0.2."""
    tape = work.calculation.tape
    behind = [tape.operands(n)[0] for n in range(tape.leaves, tape.size) if tape.opname(n) == "exp"]
    return -work.right(number) if _is_gradient(work, about, behind) else None


def _reshaped(work: Work, about: Quantity, number: int) -> Any:
    """E4: the gradient of W, a row for each input, read into a row for each neuron."""
    layer = next((e for e in work.calculation.tape.layers if about.node in _weights(e)), None)
    if layer is None or not _is_gradient(work, about, _weights(layer)):
        return None
    i, j = divmod(about.node - layer.weights, layer.m)
    return work.of(_beside(about, layer.weights + j * layer.n + i))


def _weights(layer: LayerBlock) -> range:
    return range(layer.weights, layer.weights + layer.n * layer.m)


def _without_upstream(work: Work, about: Quantity, number: int) -> Any:
    """E6: a·(1 − a) alone goes back through a sigmoid."""
    calculation = work.calculation
    line = calculation.lines[number]
    if line.kind != TIMES or about.path is not None or not _is_activation(calculation, number):
        return None
    values = list(work.values)
    values[line.operands[0]] = np.float64(1)
    return work.right(number, values)


def _is_activation(calculation: Calculation, number: int) -> bool:
    operation = OPERATIONS.get(calculation.opnames[number])
    return operation is not None and operation.is_activation


def _turned_round(work: Work, about: Quantity, number: int) -> Any:
    """E7: target − output for output − target."""
    outputs = work.calculation.tape.outputs.tolist()
    return -work.right(number) if _is_gradient(work, about, outputs) else None


def _one_mean(work: Work, about: Quantity, number: int) -> Any:
    """E8: twice the mean of all differences, for every output."""
    outputs = work.calculation.tape.outputs.tolist()
    if not _is_gradient(work, about, outputs):
        return None
    # Each of the right ones is (2/n)(o − t): their sum is twice the mean.
    return added([work.of(_beside(about, node)) for node in outputs])


RULES: Mapping[str, Rule] = {
    "E2": _wrong_sign,
    "E4": _reshaped,
    "E6": _without_upstream,
    "E7": _turned_round,
    "E8": _one_mean,
}
"""The printed rules that give numbers, by the number of the mistake."""


class Printed:
    """The numbers of a scenario's first rounds with a printed rule in them.

    Args:
        rule: one of `RULES`; "" for none.
        by_hand: a run by hand whose parameters it begins with; None: all decimals are kept.
    """

    def __init__(self, questions: Questions, rule: str, rounds: int, by_hand: Run | None) -> None:
        work = Work(questions, rounds, RULES.get(rule), by_hand)
        work.run()
        self._calculation, self._values = work.calculation, work.values

    def value(self, question: Question) -> Any:
        """What a quantity becomes.

        Raises:
            Refusal: it is not worked out by itself.
        """
        return self._values[line_of(self._calculation, question)]

    def losses(self, rounds: int) -> list[float]:
        """The loss of each round; the scenario has one."""
        loss = self._calculation.tape.loss
        assert loss is not None
        wholes = (Quantity(VALUE, loss.total, round=number) for number in range(rounds))
        places = map(self._calculation.number, wholes)
        return [float(self._values[place]) for place in places if place is not None]


def line_of(calculation: Calculation, question: Question) -> int:
    """The line of a calculation that finds what is asked.

    Raises:
        Refusal: it is not worked out by itself.
    """
    number = calculation.number(question.quantity)
    if number is None:
        raise Refusal(f"{question.name}: this number is not worked out by itself")
    return number


def start(questions: Questions, calculation: Calculation, number: int, by_hand: Run | None) -> Any:
    """What a line is that is worked out from nothing."""
    quantity = calculation.lines[number].quantity
    if by_hand is not None and quantity.kind == VALUE:
        node = quantity.node
        if 0 <= node < questions.tape.parameters:
            # Parameters drawn at random are rounded first.
            return np.float64(by_hand.parameters(0)[node])
    return calculation.values[number]
