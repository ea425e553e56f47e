"""Which quantities are asked of somebody who does the first round by hand, and their answers.

At the level `node` that is what every step finds. Above it products, the terms of a gradient and
what is inside a named node are left out: everybody needs the results, but not the way there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

from nnhs_tui.autodiff.matrices import family_of
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule, Step
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.naming.reading import path_node
from nnhs_tui.debugger.quantities import of_step, own_update
from nnhs_tui.debugger.quantity import GRAD, NORM, VALUE, Quantity
from nnhs_tui.training.rounds import Run

PHASES = (FORWARD, BACKWARD, UPDATE)

MOST_ROWS = 10_000
"""Rows of a sheet at most, behind the first one; a row over several lines counts as several."""


def asked(schedule: Schedule, level: str, phases: Collection[str] = PHASES) -> Iterator[Quantity]:
    """The quantities in the order of the calculation, each name once.

    With several samples each sample's quantities carry its number; behind the last sample stand
    the loss and the gradients of all samples together.

    Args:
        level: node, neuron or layer; the last two ask the same.
        phases: any of forward, backward and update.
    """
    for update in range(schedule.updates):
        for sample in schedule.samples_of(update):
            for phase in (FORWARD, BACKWARD):
                if phase in phases:
                    yield from of_sample(schedule, level, phase, sample)
        if update == schedule.updates - 1:
            yield from of_all_samples(schedule, phases)
        yield from of_update(schedule, update, phases)


def count_asked(
    schedule: Schedule, level: str, phases: Collection[str] = PHASES, most: int = 1_000_000
) -> int:
    """How many quantities are asked; counting stops behind `most`."""
    return sum(1 for _ in islice(asked(schedule, level, phases), most + 1))


def of_sample(schedule: Schedule, level: str, phase: str, sample: int) -> Iterator[Quantity]:
    """What is asked of a sample (from 0) in its forward or its backward pass."""
    start = schedule.start_of(phase, sample)
    length = schedule.forward if phase == FORWARD else schedule.backward
    own = sample if schedule.samples > 1 else None
    for index in range(start, start + length):
        step = schedule.step(index)
        if is_asked(schedule, level, step):
            yield replace(of_step(schedule, step), sample=own)


def of_all_samples(schedule: Schedule, phases: Collection[str] = PHASES) -> Iterator[Quantity]:
    """With several samples: their loss, and the gradients that an only update uses."""
    if schedule.samples == 1:
        return
    tape = schedule.tape
    if FORWARD in phases and tape.loss is not None:
        yield Quantity(VALUE, tape.loss.total)
    if BACKWARD in phases and schedule.updates == 1:
        yield from _gradients(schedule, 0)


def _gradients(schedule: Schedule, update: int) -> Iterator[Quantity]:
    """The gradients that an update of several samples uses."""
    for node in _parameters(schedule):
        if not schedule.tape.is_graph or schedule.arrivals(node):
            yield Quantity(GRAD, node, update=own_update(schedule, update))


def of_update(
    schedule: Schedule, update: int = 0, phases: Collection[str] = PHASES
) -> Iterator[Quantity]:
    """Of every parameter that is not frozen what the update finds, its new value last.

    Where the round has several updates, before it the gradients of the samples of this one.
    """
    own, samples = own_update(schedule, update), schedule.samples_of(update)
    if schedule.updates > 1 and len(samples) > 1 and BACKWARD in phases:
        yield from _gradients(schedule, update)
    if UPDATE not in phases:
        return
    if schedule.entries.before:
        yield Quantity(NORM, update=own)
    for node in _parameters(schedule):
        if not schedule.tape.frozen[node]:
            for part in schedule.entries.parts:
                yield Quantity(part, node, update=own)


def _parameters(schedule: Schedule) -> Iterator[int]:
    """Ids of the parameters in the order of the update."""
    yield from map(schedule.entries.parameter, range(schedule.tape.parameters))


def is_asked(schedule: Schedule, level: str, step: Step) -> bool:
    """Whether what a forward or backward step finds is asked at this level."""
    if step.phase == FORWARD:
        return level == "node" or not _is_inside(schedule.tape, step.node, FORWARD)
    assert step.target is not None
    if level == "node":
        return step.is_join or not _is_ambiguous(schedule, step)
    if _is_inside(schedule.tape, step.target, BACKWARD):
        return False
    return step.is_join or len(schedule.arrivals(step.target)) == 1


def _is_inside(tape: Tape, node: int, phase: str) -> bool:
    """Whether a value is only a part of what is asked above the level `node`.

    The letters of a sigmoid's circuit are asked on the way forward alone, those of a formula never.
    """
    if node < tape.leaves:
        return False
    if tape.is_graph:
        return family_of(tape.node_names[node - tape.leaves]) != tape.group_of(node)[0]
    layer = tape.layer_of(node)
    is_inner = layer is not None and bool(layer.inner(node))
    is_left_out = phase == BACKWARD or (layer is not None and layer.is_formula)
    return tape.opname(node) == "product" or (is_inner and is_left_out)


def _is_ambiguous(schedule: Schedule, step: Step) -> bool:
    """Whether the name of a term stands for several: in x - x both come from the same node."""
    assert step.target is not None
    paths = [path_node(schedule, each.node) for each in schedule.arrivals(step.target)]
    return paths.count(path_node(schedule, step.node)) > 1


def answer(run: Run, quantity: Quantity) -> Any:
    """What a quantity is worth when the first round is done."""
    node, several = quantity.node, len(run.samples) > 1
    made = run.updates(0)[-1 if quantity.update is None else quantity.update]
    if quantity.is_of_update:
        return made.number(quantity.kind, node)
    if quantity.kind == VALUE and quantity.update is not None:
        return made.before[node]
    is_of_all = several and quantity.sample is None and quantity.path is None
    if is_of_all and quantity.kind == GRAD and node < run.tape.parameters:
        return made.accumulated[node]
    if is_of_all and run.tape.loss is not None and node == run.tape.loss.total:
        return run.round(0).loss
    record = run.record(0, quantity.sample or 0)
    if quantity.path is not None:
        return record.arriving(quantity.path.node, quantity.path.place)
    return (record.value if quantity.kind == VALUE else record.gradient)[node]
