"""The questions that can be asked of a scenario: every quantity by its name, and what is right."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.names import Names
from nnhs_tui.debugger.naming.reading import MOST_COMPARED, name_of, read_quantity
from nnhs_tui.debugger.quantities import own_update
from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, VALUE, Quantity
from nnhs_tui.errors import ComputationError, Refusal, quoted, shorten
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.numbers import Numbers, right_numbers
from nnhs_tui.marking.calculation.places import flat_numbers, update_before, update_of
from nnhs_tui.marking.mistakes.at_quantity import Found, mistaken, value_of, weights
from nnhs_tui.marking.mistakes.noted import Notes
from nnhs_tui.marking.mistakes.place import place_of
from nnhs_tui.marking.question import Mistaken, Question
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.operations.numerals import PLAIN_LIMIT, as_decimal, shown
from nnhs_tui.scenario.model import Graph, Scenario
from nnhs_tui.training.rounds import Run

MOST_ROUNDS = 100
"""Rounds that can be asked about, where the scenario has not more itself."""

MOST_COMPUTED, OVERHEAD = 3_000_000, 100
"""Operations that are computed at most for one question; how many a pass counts beside its own."""

BESIDE_NAMES = 200
"""Characters of a quantity's name at most beside those that the scenario's author has chosen."""

KEPT = 20_000
"""Questions that are kept at most, and what mistakes give at so many."""


class Questions:
    """What can be asked of a scenario.

    Args:
        digits: the decimals that are asked for; None: those of the scenario.
        noted: those of the same scenario with other numbers; None: new ones.

    Raises:
        ComputationError: the first round overflows in exact arithmetic.
    """

    def __init__(
        self, scenario: Scenario, digits: int | None = None, noted: Notes | None = None
    ) -> None:
        self.scenario = scenario
        self.noted = noted or Notes()
        self.digits = scenario.digits if digits is None else digits
        self.tape = compile_tape(scenario)
        self.names = Names(self.tape)
        self.exact = Run(self.tape, Exact())
        self.exact.round(0)
        self.hand: Run | None = Run(self.tape, Hand(self.digits))
        self.schedule = self.exact.schedule
        self._several = self.schedule.samples > 1
        self._found: dict[str, Question] = {}
        self._mistakes: dict[str, Mistaken] = {}
        self._lines: dict[str, int | None] = {}
        self._calculation: Calculation | None = None
        self._numbers: dict[str, tuple[tuple[int, int], Numbers]] = {}
        """Arithmetic → round and update that were asked for last, and what is right there."""
        self._right: tuple[tuple[int, int], int, np.ndarray] = ((-1, 0), 0, np.zeros(0))
        """(round and update, letters noted, their numbers) that were asked for last."""

    @cached_property
    def _longest(self) -> int:
        """Characters that no name has: two names of the scenario's own, and what stands beside."""
        model = self.scenario.model
        if isinstance(model, Graph):
            own = [*model.inputs, *model.parameters, *(each.owner for each in model.expressions)]
        else:
            own = [*model.input_names, *(layer.name for layer in model.layers)]
        return BESIDE_NAMES + 2 * max(map(len, own), default=0)

    @cached_property
    def most_rounds(self) -> int:
        """Of how many rounds can be asked, which all have to be computed."""
        wanted = max(MOST_ROUNDS, self.scenario.rounds)
        operations = self.schedule.samples * (len(self.tape.op) + OVERHEAD)
        return max(2, min(wanted, MOST_COMPUTED // operations))

    @cached_property
    def unit(self) -> float:
        """One unit of the last decimal that is asked for."""
        return float(Decimal(1).scaleb(-self.digits))

    def question(self, name: str, *, compared: int = MOST_COMPARED) -> Question:
        """The question of a name.

        Args:
            compared: how many names an unknown one is compared with, to suggest one.

        Raises:
            Refusal: there is no such quantity, or it is not one number.
        """
        if name not in self._found:
            if len(name) > self._longest:
                told = "names are as in hidden.z[1], grad x[2]"
                raise Refusal(f"there is no quantity {quoted(name)}; {told}")
            _make_room(self._found)
            self._found[name] = self._make(name, compared)
        return self._found[name]

    def knows(self, name: str) -> bool:
        """Whether there is a quantity of this name."""
        try:
            self.question(name, compared=0)
        except Refusal:
            return False
        return True

    def _make(self, name: str, compared: int) -> Question:
        read = read_quantity(self.names, self.schedule, name, compared=compared)
        quantity = self._whole(read, name)
        try:
            exact = self.value(self.exact, quantity)
        except ComputationError as error:
            raise Refusal(f"{quoted(name)}: {error}") from error
        hand = self._by_hand(quantity)
        return Question(
            " ".join(name.split()),
            self._plain_name(quantity, name),
            self._owner(quantity.node),
            quantity,
            float(exact),
            None if hand is None else float(hand),
            shown(exact, self.digits),
            None if hand is None else shown(hand, self.digits),
            _cut_off(as_decimal(exact), self.digits),
            self._divisor(quantity),
        )

    def _divisor(self, quantity: Quantity) -> int:
        loss = self.tape.loss
        is_term = quantity.kind == VALUE and loss is not None
        if loss is None or not is_term or not loss.start <= quantity.node < loss.total:
            return 1
        return loss.loss.divisor(loss.n)

    def _whole(self, quantity: Quantity, name: str) -> Quantity:
        """A quantity with its round and sample; of a later round's parameter what made it.

        Raises:
            Refusal: the name leaves open which number is meant, or there is no such number.
        """
        number = quantity.round or 0
        if number >= self.most_rounds:
            told = f"only the first {self.most_rounds:,} rounds can be asked about"
            raise Refusal(f"{quoted(name)}: {told}")
        node, tape = quantity.node, self.tape
        is_parameter = 0 <= node < tape.parameters
        of_update = quantity.kind not in (VALUE, GRAD)
        of_all = of_update or is_parameter or self._is_loss(quantity)
        if self._several and quantity.sample is None and not of_all:
            told = f"which sample? for example: sample 1: {shorten(name)}"
            raise Refusal(f"{quoted(name)}: {told}")
        if quantity.kind == GRAD and not self._has_gradient(node):
            told = "softmax and cross-entropy are one step, this has no gradient"
            raise Refusal(f"{quoted(name)}: {told}")
        if quantity.kind == VALUE and is_parameter and quantity.sample is None:
            before = update_before(self.schedule, number, quantity.update or 0)
            if before is not None:
                # What an update begins with is what the one before has made.
                last = own_update(self.schedule, before[1])
                quantity, number = replace(quantity, kind=NEW, update=last), before[0]
        if self.schedule.updates > 1 and (quantity.is_of_update or self._is_used(quantity)):
            last = self.schedule.updates - 1
            update = last if quantity.update is None else quantity.update
            quantity = replace(quantity, update=update)
        # One sample needs no prefix.
        sample = quantity.sample if self._several else None
        return replace(quantity, round=number, sample=sample)

    def _is_used(self, quantity: Quantity) -> bool:
        """Whether it is a gradient as an update uses it."""
        is_bare = quantity.sample is None and quantity.path is None
        return quantity.kind == GRAD and is_bare and quantity.node < self.tape.parameters

    def _is_loss(self, quantity: Quantity) -> bool:
        loss = self.tape.loss
        is_loss = loss is not None and quantity.node == loss.total
        return is_loss and quantity.kind == VALUE

    def _has_gradient(self, node: int) -> bool:
        loss = self.tape.loss
        return not (loss is not None and loss.fused and node in self.tape.outputs)

    def _plain_name(self, quantity: Quantity, name: str) -> str:
        """One name for all spellings; where z and a are one number they keep their letters."""
        number = quantity.round if quantity.round else None
        plain = name_of(self.names, replace(quantity, round=number), self.schedule)
        spelled = "".join(name.split()).rpartition(":")[2]
        for layer in self.tape.layers:
            if layer.a(0) == layer.z(0):
                z, a = f"{layer.name}.z[", f"{layer.name}.a["
                if a in spelled and z in plain:
                    return plain.replace(z, a)
        return plain

    def _owner(self, node: int) -> str:
        tape = self.tape
        if tape.is_graph:
            return tape.group_of(node)[0] if node >= tape.leaves else tape.leaf_names[node]
        layer = place_of(tape, node).layer
        if layer is not None:
            return layer.name
        return "inputs" if node in tape.x or node in tape.t or node < 0 else "loss"

    def value(self, run: Run, quantity: Quantity) -> Any:
        """What a quantity is in a run, its round filled in."""
        number = quantity.round or 0
        if number < 0:
            # Before the first update a rule has kept nothing yet.
            return run.arithmetic.one * 0
        if quantity.kind == RATE:
            return run.learning_rate(number, quantity.update)
        if quantity.kind == VALUE and quantity.node < self.tape.parameters:
            if quantity.sample is not None:
                return run.before_sample(number, quantity.sample)[quantity.node]
            return run.parameters(number)[quantity.node]
        return value_of(self._right_numbers(run, quantity), replace(quantity, round=None))

    def _right_numbers(self, run: Run, quantity: Quantity) -> Numbers:
        """What is right in a quantity's round and update of a run; with it is kept what mistakes
        give at its steps."""
        name, where = run.arithmetic.name, (quantity.round or 0, self.update_of(quantity))
        last, numbers = self._numbers.get(name, (None, None))
        if last != where or numbers is None:
            numbers = right_numbers(run, *where)
            self._numbers[name] = where, numbers
        return numbers

    def update_of(self, quantity: Quantity) -> int:
        """The update of its round that a quantity belongs to, or whose samples its own is of."""
        return update_of(self.schedule, quantity)

    def _by_hand(self, quantity: Quantity) -> Any:
        """The number when every step is rounded; None where a step cannot be done."""
        if self.hand is None:
            return None
        try:
            return self.value(self.hand, quantity)
        except ComputationError:
            return None

    def mistakes(self, question: Question) -> Mistaken:
        """What known mistakes give there, in both arithmetics."""
        if question.name not in self._mistakes:
            _make_room(self._mistakes)
            self._mistakes[question.name] = self._mistaken(question)
        return self._mistakes[question.name]

    def _mistaken(self, question: Question) -> Mistaken:
        found = [each._replace(value=float(each.value)) for each in self._exact_mistakes(question)]
        weighed = weights((each.name, each.through) for each in found)
        if self.hand is not None and question.hand is not None:
            # By hand a step that this quantity does not need may be one that cannot be done.
            with contextlib.suppress(ComputationError):
                for each in self._worked_out(self.hand, question):
                    found.append(each._replace(value=float(each.value)))
        told = sorted(
            (each for each in found if not math.isnan(each.value)), key=lambda each: each.value
        )
        return Mistaken([each.value for each in told], told, weighed)

    def _worked_out(self, run: Run, question: Question) -> Iterator[Found]:
        numbers = self._right_numbers(run, question.quantity)
        return mistaken(numbers, question.in_its_round, self.digits)

    def _exact_mistakes(self, question: Question) -> Iterator[Found]:
        """What mistakes give in exact arithmetic: from the notes, where there is one."""
        number, calculation = question.quantity.round or 0, self._calculation
        update = self.update_of(question.quantity)
        if calculation is None or number >= calculation.rounds:
            return self._worked_out(self.exact, question)
        notes = self.noted.of(calculation, number, update)
        noted = notes.noted(question.in_its_round)
        if noted is None:
            notes.want(question.in_its_round)
            return self._worked_out(self.exact, question)
        key, size, numbers = self._right
        if (key, size) != ((number, update), notes.size):
            array = np.array([*calculation.values, 0.0])
            with np.errstate(all="ignore"):
                numbers = notes.all_numbers(flat_numbers(calculation, array, number, update))
            self._right = (number, update), notes.size, numbers
        return notes.given(noted, numbers, self.digits)

    def lines(self, rounds: int) -> int:
        """About how many lines the calculation of so many rounds has."""
        return rounds * (self.schedule.total + self.schedule.samples * self.tape.size)

    def line(self, question: Question) -> int | None:
        """Where it stands in the calculation, which has its round; None for nowhere."""
        if question.name not in self._lines:
            assert self._calculation is not None
            _make_room(self._lines)
            self._lines[question.name] = self._calculation.number(question.quantity)
        return self._lines[question.name]

    def calculation(self, rounds: int) -> Calculation:
        """The calculation of so many rounds, or of more: what one sheet needs others may too."""
        calculation = self._calculation or Calculation(self.exact, 0)
        # Whatever breaks off the work in the middle of a round, what it leaves is not kept.
        self._calculation = None
        calculation.extend(rounds)
        self._calculation = calculation
        return calculation


def _make_room(kept: dict[Any, Any]) -> None:
    """Whoever asks under ever new names must not fill the memory."""
    if len(kept) >= KEPT:
        kept.clear()


def _cut_off(number: Decimal, digits: int) -> float:
    """A number with the decimals behind the last one left away."""
    if abs(number) >= PLAIN_LIMIT:
        return float(number)
    return float(number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_DOWN))
