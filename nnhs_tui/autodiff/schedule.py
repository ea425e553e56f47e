"""The steps of a round, in order, without an object per step.

A round is: for each sample its forward pass and its backward pass, then the update; where the
scenario updates more often, an update behind each group of samples. Forward, a step is one
operation, in the order of the tape. Backward, a step is one operand of one operation; where paths
join, one more step adds up what arrived. In the update a step is one entry of a parameter, or one
of the numbers that its rule works out on the way there. A step's place is found by arithmetic over
the blocks of the tape, so a round of a million steps costs nothing to open.

Backward through a layer goes neuron by neuron: from the activation to z, from z to every term of
the sum, then from the products to all weights, and to all inputs; and when all neurons are done,
the inputs' gradients are added up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from nnhs_tui.autodiff.back_order import back_order
from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.autodiff.update_steps import Entries
from nnhs_tui.operations.optimizer import NEW, NORM

FORWARD, BACKWARD, UPDATE = "forward", "backward", "update"

ARRIVALS = 4096
"""Of how many values the terms of the gradient are remembered."""


@dataclass(frozen=True)
class Step:
    """Which step this is; its numbers are in the record."""

    index: int
    """Place in the round, from 0."""
    phase: str
    sample: int | None
    """From 0; None in the update."""
    node: int
    """Forward and backward: id of the operation. A join or an update: id of the value; −1 for the
    size of all gradients."""
    place: int | None = None
    """Backward: which operand of the operation; None for a join."""
    target: int | None = None
    """Backward: id of the value whose gradient this step is about."""
    group: tuple[str, int] = ("", 0)
    """(layer or graph node, neuron) the step belongs to; neuron 0 is the layer as a whole."""
    update: int = 0
    """In the update: which one of the round, from 0."""
    part: str = NEW
    """In the update: which number of the parameter it finds."""

    @property
    def is_join(self) -> bool:
        return self.phase == BACKWARD and self.place is None


@dataclass(frozen=True)
class Arrival:
    """One term of a gradient: operand `place` of operation `node`, made at `offset`."""

    offset: int
    """Step within the sample's backward pass, from 0."""
    node: int
    place: int


@dataclass(frozen=True)
class Part:
    """Consecutive backward steps of one kind: `rows` rows of `width` steps."""

    start: int
    rows: int
    width: int
    kind: str
    layer: LayerBlock | None

    @property
    def stop(self) -> int:
        return self.start + self.rows * self.width


class Groups:
    """Which samples of a round go into which of its updates."""

    def __init__(self, tape: Tape, samples: int) -> None:
        self.samples = samples
        every = tape.scenario.update if tape.parameters else None
        self.per_update = max(1, min(every or samples, samples))
        """Samples that an update is for; the last one of a round may be for fewer."""
        self.updates = max(1, -(-samples // self.per_update))
        """Updates of a round."""

    def update_of(self, sample: int) -> int:
        """The update (from 0) of the round that a sample goes into."""
        return sample // self.per_update

    def samples_of(self, update: int) -> range:
        """The samples that go into an update."""
        first = update * self.per_update
        return range(first, min(first + self.per_update, self.samples))


class Schedule(Groups):
    """The order of the steps of a round of `samples` samples over a tape."""

    def __init__(self, tape: Tape, samples: int) -> None:
        super().__init__(tape, samples)
        self.tape = tape
        self.forward = len(tape.op)
        self.parts = list(parts_of(tape))
        self.graph_steps = _graph_steps(tape) if tape.is_graph else np.zeros((0, 3), np.int32)
        self.backward = len(self.graph_steps) if tape.is_graph else self.parts[-1].stop
        self.per_sample = self.forward + self.backward
        self.entries = Entries(tape)
        self.total = samples * self.per_sample + self.updates * self.entries.size
        self.starts: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        """By level where its steps begin, in a pass and in the update; see `levels`."""
        self._arrivals: dict[int, list[Arrival]] = {}

    def step(self, index: int) -> Step:
        """The step at `index` (from 0) of the round."""
        if not 0 <= index < self.total:
            raise IndexError(index)
        update = self.update_at(index)
        if index >= self.update_start(update):
            return self._update(index, update)
        sample, offset = self.sample_at(index), self.offset(index)
        if offset < self.forward:
            node = self.tape.leaves + offset
            return Step(index, FORWARD, sample, node, group=self.tape.group_of(node))
        node, place, target, group = self._backward(offset - self.forward)
        return Step(index, BACKWARD, sample, node, place, target, group)

    def update_at(self, index: int) -> int:
        """The update (from 0) of the round that a step is of, or that its sample goes into."""
        return index // max(1, self.per_update * self.per_sample + self.entries.size)

    def update_start(self, update: int) -> int:
        """Index of the first step of an update (from 0) of the round."""
        done = min((update + 1) * self.per_update, self.samples)
        return done * self.per_sample + update * self.entries.size

    def sample_at(self, index: int) -> int:
        """The sample that a step is of; in an update the last one that goes into it."""
        update = self.update_at(index)
        passes = index - update * self.entries.size
        return min(passes // max(1, self.per_sample), self.samples_of(update)[-1])

    def sample_start(self, sample: int) -> int:
        """Index of the first step of a sample."""
        return sample * self.per_sample + self.update_of(sample) * self.entries.size

    def offset(self, index: int) -> int:
        """How many steps of its sample's passes are before a step; of an update's more than all."""
        return index - self.sample_start(self.sample_at(index))

    def start_of(self, phase: str, sample: int) -> int:
        """Index of the first step of a phase; of the update that the sample goes into."""
        if phase == UPDATE:
            return self.update_start(self.update_of(sample))
        return self.sample_start(sample) + (self.forward if phase == BACKWARD else 0)

    def phases(self) -> list[tuple[int, str, int | None]]:
        """(first index, phase, sample) of every phase of the round that has steps."""
        found: list[tuple[int, str, int | None]] = []
        for sample in range(self.samples):
            found.append((self.start_of(FORWARD, sample), FORWARD, sample))
            if self.backward:
                found.append((self.start_of(BACKWARD, sample), BACKWARD, sample))
            update = self.update_of(sample)
            if self.tape.parameters and sample == self.samples_of(update)[-1]:
                found.append((self.update_start(update), UPDATE, None))
        return found

    def arrivals(self, target: int) -> list[Arrival]:
        """The terms of a value's gradient, in the order they are made; [] where nothing arrives."""
        if self.tape.is_graph:
            return self._graph_arrivals.get(target, [])
        if target not in self._arrivals:
            if len(self._arrivals) >= ARRIVALS:
                self._arrivals.clear()
            self._arrivals[target] = list(self._network_arrivals(target))
        return self._arrivals[target]

    def settled(self, target: int) -> int | None:
        """The backward offset at whose step the gradient of `target` is whole; None: no step."""
        arrivals = self.arrivals(target)
        if not arrivals:
            return None
        return arrivals[-1].offset if len(arrivals) == 1 else self._join_offset(target)

    @cached_property
    def _graph_arrivals(self) -> dict[int, list[Arrival]]:
        found: dict[int, list[Arrival]] = {}
        for offset, (node, place, target) in enumerate(self.graph_steps.tolist()):
            if place >= 0:
                found.setdefault(target, []).append(Arrival(offset, node, place))
        return found

    def _update(self, index: int, update: int) -> Step:
        parameter, part = self.entries.at(index - self.update_start(update))
        group = (NORM, 0) if parameter < 0 else self.entries.owner(parameter)
        return Step(index, UPDATE, None, parameter, group=group, update=update, part=part)

    def update_index(self, parameter: int, part: str = NEW, update: int | None = None) -> int:
        """Index of the step that finds a number of a parameter in an update (None: the last)."""
        which = self.updates - 1 if update is None else update
        return self.update_start(which) + self.entries.place(parameter, part)

    def _backward(self, offset: int) -> tuple[int, int | None, int, tuple[str, int]]:
        """(operation, operand, target, group) of a backward step; the operand is None at a join."""
        tape = self.tape
        if tape.is_graph:
            node, place, target = (int(each) for each in self.graph_steps[offset])
            if place < 0:
                return target, None, target, tape.group_of(node)
            return node, place, target, tape.group_of(node)
        part = next(each for each in self.parts if offset < each.stop)
        row, column = divmod(offset - part.start, part.width)
        if part.kind == "loss":
            assert tape.loss is not None
            last = tape.layers[-1]
            target = last.z(row) if tape.loss.fused else last.a(row)
            return tape.loss.start + row, 0, target, ("loss", 0)
        layer = part.layer
        assert layer is not None
        if part.kind == "softmax":
            target, group = layer.z(row), (layer.name, row + 1)
            if column == layer.m:
                return target, None, target, group
            return layer.a(column), row, target, group
        if part.kind == "join":
            return layer.x(column), None, layer.x(column), (layer.name, 0)
        operation, operand = _row_step(layer, row, column)
        if operand is None:
            return layer.z(row), None, layer.z(row), (layer.name, row + 1)
        target = int(tape.operands(operation)[operand])
        return operation, operand, target, (layer.name, row + 1)

    def _network_arrivals(self, target: int) -> Iterator[Arrival]:
        for part in self.parts:
            layer = part.layer
            if part.kind == "loss":
                assert self.tape.loss is not None
                last = self.tape.layers[-1]
                for j in range(part.rows):
                    if target == (last.z(j) if self.tape.loss.fused else last.a(j)):
                        yield Arrival(part.start + j, self.tape.loss.start + j, 0)
            elif part.kind == "softmax":
                assert layer is not None
                for i in range(layer.m):
                    if target == layer.z(i):
                        for j in range(layer.m):
                            yield Arrival(part.start + i * part.width + j, layer.a(j), i)
            elif part.kind == "rows":
                assert layer is not None
                yield from _row_arrivals(layer, part, target)

    def _join_offset(self, target: int) -> int:
        if self.tape.is_graph:
            joins = (self.graph_steps[:, 2] == target) & (self.graph_steps[:, 1] < 0)
            return int(np.flatnonzero(joins)[0])
        for part in self.parts:
            layer = part.layer
            if layer is not None and part.kind == "join":
                place, rest = divmod(target - layer.source, layer.source_step)
                if rest == 0 and 0 <= place < layer.n:
                    return part.start + place
            elif layer is not None and part.kind == "softmax":
                place, rest = divmod(target - layer.z(0), layer.row)
                if rest == 0 and 0 <= place < layer.m:
                    return part.start + place * part.width + layer.m
            elif layer is not None and layer.start <= target < layer.rows_stop:
                own = part.start + layer.neuron(target) * part.width
                return own + next(n for n, s in enumerate(layer.tail.steps) if s.place is None)
        raise LookupError(target)


def _row_step(layer: LayerBlock, row: int, column: int) -> tuple[int, int | None]:
    """(operation, operand) of a step in a neuron's backward row; None where z's terms join."""
    z, steps = layer.z(row), layer.tail.steps
    if column < len(steps):
        return z + 1 + steps[column].op, steps[column].place
    column -= len(steps)
    if column < layer.terms:
        return z, column
    place, i = divmod(column - layer.terms, layer.n)
    return layer.product(i, row), place


def _row_arrivals(layer: LayerBlock, part: Part, target: int) -> Iterator[Arrival]:
    """What arrives at `target` from the rows of a layer."""
    behind = len(layer.tail.steps)
    products = behind + layer.terms
    if layer.weights <= target < layer.weights + layer.n * layer.m:
        i, j = divmod(target - layer.weights, layer.m)
        yield Arrival(part.start + j * part.width + products + i, layer.product(i, j), 0)
    elif layer.bias is not None and layer.bias <= target < layer.bias + layer.m:
        j = target - layer.bias
        yield Arrival(part.start + j * part.width + behind + layer.n, layer.z(j), layer.n)
    elif layer.start <= target < layer.rows_stop:
        j, column = divmod(target - layer.start, layer.row)
        if column < layer.n:
            yield Arrival(part.start + j * part.width + behind + column, layer.z(j), column)
        elif column < layer.n + layer.acts:
            for offset, step in enumerate(layer.tail.steps):
                if step.place is not None and step.target == column - layer.n - 1:
                    made = part.start + j * part.width + offset
                    yield Arrival(made, layer.z(j) + 1 + step.op, step.place)
    else:
        i, rest = divmod(target - layer.source, layer.source_step)
        if rest == 0 and 0 <= i < layer.n:
            for j in range(layer.m):
                offset = part.start + j * part.width + products + layer.n + i
                yield Arrival(offset, layer.product(i, j), 1)


def parts_of(tape: Tape) -> Iterator[Part]:
    """The backward parts of a network, from the loss to the first layer."""
    start = 0
    if tape.loss is not None:
        yield (part := Part(start, tape.loss.n, 1, "loss", None))
        start = part.stop
    for layer in reversed(tape.layers):
        if layer.is_softmax and not (tape.loss and tape.loss.fused):
            # One output alone is always 1: a single term arrives, and there is nothing to add up.
            yield (part := Part(start, layer.m, layer.m + (layer.m > 1), "softmax", layer))
            start = part.stop
        width = len(layer.tail.steps) + layer.terms + 2 * layer.n
        yield (part := Part(start, layer.m, width, "rows", layer))
        start = part.stop
        if layer.m > 1:
            yield (part := Part(start, 1, layer.n, "join", layer))
            start = part.stop


def _graph_steps(tape: Tape) -> np.ndarray:
    """(steps, 3): operation, operand or −1 at a join, target; from the output back.

    Operations the output does not depend on have no backward step: nothing arrives there.
    """
    places = back_order(tape)
    places = places[tape.reached[tape.leaves + places]]
    counts = tape.first[places + 1] - tape.first[places]
    behind = np.cumsum(counts)
    place = np.arange(behind[-1]) - np.repeat(behind - counts, counts)
    target = tape.inputs[np.repeat(tape.first[places], counts) + place]
    node = np.repeat(tape.leaves + places, counts)
    steps = np.stack([node, place, target], axis=1)[~tape.are_constants(target)]
    # Behind the last of several terms that arrive at a value stands their sum.
    target = steps[:, 2]
    last = np.zeros(tape.size, np.int64)
    np.maximum.at(last, target, np.arange(len(steps)))
    joined = np.sort(last[np.bincount(target, minlength=tape.size) > 1])
    joins = steps[joined]
    joins[:, 1] = -1
    found: np.ndarray = np.insert(steps, joined + 1, joins, axis=0).astype(np.int32)
    return found
