"""The numbers of a round: as they are right, and as they follow from a person's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import EXACT
from nnhs_tui.marking.calculation.places import places
from nnhs_tui.operations.arithmetic import Arithmetic, Exact
from nnhs_tui.operations.softmax import softmax_slopes
from nnhs_tui.operations.update_rules import State
from nnhs_tui.training.rounds import Run


@dataclass(frozen=True, eq=False)
class Numbers:
    """The numbers of a round: the right ones, or what follows from a person's own."""

    arithmetic: Arithmetic
    schedule: Schedule
    records: tuple[Record, ...]
    """One for each sample."""
    before: np.ndarray
    """(parameters,) as all below."""
    used: np.ndarray
    """The gradients the update uses."""
    step: np.ndarray
    after: np.ndarray
    rate: Any
    loss: Any
    """The loss of the round; None without one."""
    state: State
    """What the update rule has kept of the rounds before."""
    last_used: np.ndarray | None
    """The gradients the update of the round before used; None in the first round."""
    worked: Callable[[Quantity], Any] | None = None
    """What a quantity is going by its operands, whatever its own answer is; None where none is."""
    kept: dict[Any, list[Any]] = field(default_factory=dict)
    """What mistakes at the steps in between give; many gradients go on from the same."""

    @property
    def tape(self) -> Tape:
        return self.schedule.tape

    def step_with(self, node: int, gradient: Any) -> Any:
        """What the update would take off a parameter with another gradient."""
        rule, state = self.tape.scenario.optimizer, tuple(each[node] for each in self.state)
        return rule.update(self.arithmetic, self.rate, self.before[node], gradient, state).step


def right_numbers(run: Run, number: int) -> Numbers:
    """What is right in a round (from 0), in the arithmetic of the run."""
    made = run.round(number)
    return Numbers(
        run.arithmetic,
        run.schedule,
        tuple(run.record(number, place) for place in range(len(run.samples))),
        made.before,
        made.accumulated,
        made.step,
        made.after,
        run.learning_rate(number),
        made.loss,
        made.state,
        run.round(number - 1).accumulated if number else None,
    )


@dataclass(frozen=True, eq=False)
class OwnRecord(Record):
    """A sample's numbers as they follow from a person's own."""

    paths: dict[tuple[int, int], Any]
    """(operation, operand) → the term that arrives along this path, where several join."""

    def arriving(self, node: int, place: int) -> Any:
        if (node, place) in self.paths:
            return self.paths[node, place]
        if self.tape.loss is not None and self.tape.loss.fused and node >= self.tape.loss.start:
            return self.gradient[self.tape.layers[-1].z(node - self.tape.loss.start)]
        return self.gradient[self.tape.operands(node)[place]]


def own_numbers(
    calculation: Calculation, array: np.ndarray, number: int, arithmetic: Exact = EXACT
) -> Numbers:
    """What a round is, going by the values of the lines.

    Args:
        array: (lines + 1,) their values, and behind them 0.
        arithmetic: how it is gone on from them.
    """
    values = array.tolist() if array.dtype == object else array

    def worked(quantity: Quantity) -> Any:
        place = calculation.number(replace(quantity, round=number))
        if place is None:
            return 0.0
        return calculation.lines[place].in_arithmetic(values, arithmetic, values[place])

    at, tape, run = places(calculation, number), calculation.tape, calculation.run
    slopes = np.zeros(0)
    records = []
    for v, g, paths in zip(at.values, at.gradients, at.paths, strict=True):
        value = array[v]
        if tape.layers and tape.layers[-1].is_softmax:
            slopes = softmax_slopes(EXACT, value[tape.outputs]).ravel()
        own = {path: array[line] for path, line in paths.items()}
        records.append(OwnRecord(tape, arithmetic, value, array[g], slopes, slopes, own))
    return Numbers(
        arithmetic,
        run.schedule,
        tuple(records),
        before=array[at.before],
        used=array[at.used],
        step=array[at.step],
        after=array[at.after],
        rate=run.learning_rate(number),
        loss=None if at.loss is None else array[at.loss],
        state=tuple(array[each] for each in at.state),
        last_used=array[places(calculation, number - 1).used] if number else None,
        worked=worked,
    )
