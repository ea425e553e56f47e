"""The numbers of a round: as they are right, and as they follow from a person's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.quantity import NEW, NORM, STEP, Quantity
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import EXACT
from nnhs_tui.marking.calculation.places import NONE, places, update_before
from nnhs_tui.operations.arithmetic import Arithmetic, Exact
from nnhs_tui.operations.softmax import softmax_slopes
from nnhs_tui.operations.update_rules import State
from nnhs_tui.operations.updating import Given, Update
from nnhs_tui.operations.updating import update as worked_update
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
    numbers: Mapping[str, np.ndarray]
    """By name, what else the update has of each parameter."""
    after: np.ndarray
    rate: Any
    norm: Any
    """The size of all gradients, where they are clipped by it."""
    count: int
    """Which update of the run it is, from 1."""
    loss: Any
    """The loss of the round; None without one."""
    state: State
    """What the update rule has kept of the rounds before."""
    last_used: np.ndarray | None
    """The gradients the update before used; None in the first."""
    update: int = 0
    """Which update of the round it is, from 0."""
    worked: Callable[[Quantity], Any] | None = None
    """What a quantity is going by its operands, whatever its own answer is; None where none is."""
    kept: dict[Any, list[Any]] = field(default_factory=dict)
    """What mistakes at the steps in between give; many gradients go on from the same."""

    @property
    def tape(self) -> Tape:
        return self.schedule.tape

    @property
    def step(self) -> np.ndarray:
        """What the update rule takes off."""
        return self.numbers[STEP]

    @property
    def samples(self) -> range:
        """Those that go into the update."""
        return self.schedule.samples_of(self.update)

    def of_update(self, kind: str, node: int) -> Any:
        """A number of the update by its name."""
        if kind == NORM:
            return self.norm
        return (self.after if kind == NEW else self.numbers[kind])[node]

    def given(self, node: int, gradient: Any) -> Given:
        """What the update begins with at a parameter, with some gradient."""
        state = tuple(each[node] for each in self.state)
        decays = bool(self.tape.decays[node])
        return Given(self.rate, self.count, self.before[node], gradient, state, decays, self.norm)

    def update_with(self, node: int, gradient: Any) -> Update:
        """What the update of a parameter would be with another gradient."""
        optimizer = self.tape.scenario.optimizer
        return worked_update(optimizer, self.arithmetic, self.given(node, gradient))


def right_numbers(run: Run, number: int, update: int = 0) -> Numbers:
    """What is right in a round, with one of its updates (both from 0), in the run's arithmetic."""
    made = run.updates(number)[update]
    last = update_before(run.schedule, number, update)
    return Numbers(
        run.arithmetic,
        run.schedule,
        tuple(run.record(number, place) for place in range(len(run.samples))),
        made.before,
        made.accumulated,
        made.numbers,
        made.after,
        made.rate,
        made.given.norm,
        made.given.count,
        made.loss,
        made.state,
        None if last is None else run.updates(last[0])[last[1]].accumulated,
        update,
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
    calculation: Calculation,
    array: np.ndarray,
    number: int,
    arithmetic: Exact = EXACT,
    update: int = 0,
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

    at, tape, run = places(calculation, number, update), calculation.tape, calculation.run
    last = update_before(run.schedule, number, update)
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
        numbers={name: array[each] for name, each in at.numbers.items()},
        after=array[at.after],
        rate=run.learning_rate(number, update),
        norm=None if at.norm == NONE else array[at.norm],
        count=number * run.schedule.updates + update + 1,
        loss=None if at.loss is None else array[at.loss],
        state=tuple(array[each] for each in at.state),
        last_used=None if last is None else array[places(calculation, *last).used],
        update=update,
        worked=worked,
    )
