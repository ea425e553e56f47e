"""What there is to see at a step: which values are known, which gradients are on their way.

A scene is a view into the record; it computes nothing and is never changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.autodiff.levels import span
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Arrival, Step
from nnhs_tui.debugger.cursor import View
from nnhs_tui.debugger.quantity import DECAY, NEW, Quantity
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.round import Round
from nnhs_tui.training.rounds import Run

UNKNOWN = "·"


@dataclass(frozen=True)
class Term:
    """One term of a gradient."""

    arrival: Arrival
    value: Any
    done: bool
    """Whether its step has been taken."""


@dataclass(frozen=True)
class Gradient:
    """A gradient at a step: what has arrived so far, and whether that is all."""

    terms: tuple[Term, ...]
    value: Any
    """The whole gradient, once `settled`."""
    settled: bool

    @property
    def so_far(self) -> Any:
        """The running sum of the terms that have arrived; None before the first."""
        done = [term.value for term in self.terms if term.done]
        return added(done) if done else None

    @property
    def current(self) -> Any:
        """The whole gradient once it is settled, else the running sum."""
        return self.value if self.settled else self.so_far


@dataclass(frozen=True, eq=False)
class Scene:
    """The session at one step."""

    scenario: Scenario
    run: Run
    names: Names
    round_number: int
    """From 0."""
    rounds: int
    """How many rounds the branch has."""
    index: int
    """The node step in the round, from 0: the last one of the step in work."""
    digits: int
    level: str = "node"
    opened: bool = False
    """Whether one sees what is inside the operation of this step."""
    view: View = field(default_factory=View)
    base: Run | None = None
    """The run without the edits, where there are any."""
    stops: tuple[int, ...] = ()
    """Node steps of the round at which there is a breakpoint, in order."""
    looks: tuple[int, ...] = ()
    """Those of `stops` at which conditions are looked at, and nothing stops for sure."""
    watched: tuple[Quantity, ...] = ()
    """What is watched."""

    @cached_property
    def span(self) -> tuple[int, int]:
        """(first node step, the one behind the last) of the step in work at this level."""
        return span(self.run.schedule, self.index, self.level)

    @property
    def as_matrix(self) -> bool:
        """Whether the step is written as an equation between matrices."""
        if self.run.tape.is_graph:
            return False
        return (self.view.form or ("matrix" if self.level == "layer" else "scalar")) == "matrix"

    @property
    def as_nodes(self) -> bool:
        """Whether the net is drawn as elementary nodes."""
        return self.run.tape.is_graph or self.view.drawing == "nodes"

    @property
    def learning_rate(self) -> Any:
        """The learning rate of the update in work, or that the sample in work goes into."""
        return self.run.learning_rate(self.round_number, self.update)

    @property
    def update(self) -> int:
        """The update of the round (from 0) in work, or that the sample in work goes into."""
        return self.run.schedule.update_at(self.index)

    @property
    def group(self) -> range:
        """The samples that go into it, from 0."""
        return self.run.schedule.samples_of(self.update)

    @cached_property
    def step(self) -> Step:
        return self.run.schedule.step(self.index)

    @property
    def total(self) -> int:
        return self.run.schedule.total

    @property
    def phase(self) -> str:
        return self.step.phase

    @property
    def sample(self) -> int:
        """The sample being worked on, from 0; in an update the last one that goes into it."""
        return self.group[-1] if self.step.sample is None else self.step.sample

    @cached_property
    def record(self) -> Record:
        return self.run.record(self.round_number, self.sample)

    @cached_property
    def round(self) -> Round:
        """The update of the round that is in work, or that the sample in work goes into."""
        return self.run.updates(self.round_number)[self.update]

    @cached_property
    def backward_offset(self) -> int:
        """Steps of the backward pass taken, less one: −1 while still going forward."""
        if self.phase == UPDATE:
            return self.run.schedule.backward
        schedule = self.run.schedule
        return schedule.offset(self.index) - schedule.forward

    @property
    def has_gradients(self) -> bool:
        """Whether there are parameters, and the gradient of one may be known in this phase: those
        of the samples before are."""
        is_ahead = self.phase == FORWARD and self.sample == self.group[0]
        return bool(self.run.tape.parameters) and not is_ahead

    def show(self, value: Any) -> str:
        """A number as it is printed; `·` for None."""
        return UNKNOWN if value is None else shown(value, self.digits)

    def known(self, node: int) -> bool:
        """Whether a value has been computed by this step."""
        if node < self.run.tape.leaves or self.phase != FORWARD:
            return True
        return node <= self.step.node

    def value(self, node: int) -> Any:
        """A value, or None while it is unknown."""
        return self.record.value[node] if self.known(node) else None

    def gradient(self, node: int) -> Gradient:
        """The gradient of this sample at a value, as far as it has arrived."""
        schedule, offset = self.run.schedule, self.backward_offset
        arrivals = schedule.arrivals(node)
        whole = self.record.gradient[node]
        if not arrivals:
            return Gradient((), whole, offset >= 0)
        terms = tuple(
            Term(each, self.record.arriving(each.node, each.place), each.offset <= offset)
            for each in arrivals
        )
        settled = schedule.settled(node)
        return Gradient(terms, whole, settled is not None and settled <= offset)

    @cached_property
    def earlier(self) -> np.ndarray:
        """(parameters,) the gradients of the samples before this one, summed."""
        return self.run.accumulated_before(self.round_number, self.sample)

    def parameter_gradient(self, node: int) -> Any:
        """A parameter's gradient summed over the samples so far; None before the first term."""
        if self.phase == UPDATE:
            return self.round.total[node]
        own = self.gradient(node)
        current, is_first = own.current, self.sample == self.group[0]
        if is_first or current is None:
            return current if is_first else self.earlier[node]
        return self.earlier[node] + current

    def made(self, node: int) -> bool:
        """Whether the step in work computes this value."""
        if self.phase != FORWARD:
            return False
        here, leaves = self.step.node, self.run.tape.leaves
        return node >= leaves and here - (self.span[1] - self.span[0]) < node <= here

    def moved(self, node: int) -> bool:
        """Whether the step in work adds to the gradient of this value."""
        if self.phase != BACKWARD:
            return False
        stop, size = self.backward_offset + 1, self.span[1] - self.span[0]
        if size == 1:
            return self.step.target == node
        schedule = self.run.schedule
        offsets = [each.offset for each in schedule.arrivals(node)]
        settled = schedule.settled(node)
        return any(stop - size <= each < stop for each in [*offsets, settled] if each is not None)

    def updates(self, parameter: int) -> bool:
        """Whether the step in work finds the new value of this parameter."""
        if self.phase != UPDATE:
            return False
        found = self.run.schedule.update_index(parameter, update=self.update)
        return self.span[0] <= found < self.span[1]

    def differs(self, value: Any, other: Any) -> bool:
        """Whether two numbers are shown differently."""
        return self.show(value) != self.show(other)

    @cached_property
    def taken(self) -> np.ndarray:
        """(parameters,) all that the update takes off, 0 where frozen."""
        step = self.round.step
        if self.scenario.optimizer.decays_beside:
            step = step + self.round.numbers[DECAY]
        return np.where(self.run.tape.frozen, step * 0, step)

    @cached_property
    def beside(self) -> Scene | None:
        """This step in the run without the edits.

        None where nothing was edited, or that run was not computed this far: drawing does not.
        """
        if self.base is None or self.round_number >= len(self.base):
            return None
        return replace(self, run=self.base, base=None)

    def value_differs(self, node: int) -> bool:
        """Whether a value is another one than without the edits."""
        return self.differs_beside(lambda scene: scene.record.value[node])

    def gradient_differs(self, node: int) -> bool:
        """Whether a sample's gradient is another one than without the edits."""
        return self.differs_beside(lambda scene: scene.record.gradient[node])

    def differs_beside(self, number: Callable[[Scene], Any]) -> bool:
        """Whether a number of this scene is shown differently from the one without the edits."""
        return self.beside is not None and self.differs(number(self), number(self.beside))

    def updated(self, node: int) -> bool:
        """Whether the update in work has reached this parameter."""
        return self.phase == UPDATE and self.found(node, NEW)

    def found(self, node: int, kind: str) -> bool:
        """Whether the update in work, or to come, has found a number of this parameter."""
        return self.run.schedule.update_index(node, kind, self.update) <= self.index

    @property
    def loss(self) -> Any:
        """The sample's loss once known; in the last update that of the round. None without one."""
        loss = self.run.tape.loss
        if loss is None:
            return None
        return self.round.loss if self.is_last_update else self.value(loss.total)

    @property
    def is_last_update(self) -> bool:
        """Whether it is in the update that ends the round."""
        return self.phase == UPDATE and self.update == self.run.schedule.updates - 1
