"""Where a number comes from and where it goes: its parts, and the steps that made them.

A gradient is the sum of what arrives along each path (the chain rule, Rumelhart, Hinton &
Williams 1986); a parameter's, over all samples too. A value is made of its operands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhs_tui.autodiff.schedule import Arrival, Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.naming.reading import path_node
from nnhs_tui.debugger.quantities import home_of, is_whole_loss, value_at
from nnhs_tui.debugger.quantity import DECAY, GRAD, NEW, NORM, RATE, STEP, VALUE, G, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.operations.operation import Needs


@dataclass(frozen=True)
class Part:
    """One thing a number is made of, or goes into."""

    quantity: Quantity
    index: int | None
    """The node step of the round that makes it; None for what is given."""
    value: Any
    """None while it is not known."""


def where_from(scene: Scene, quantity: Quantity) -> list[Part]:
    """The parts of a quantity, in the order they are made; [] for what is given."""
    if quantity.update not in (None, scene.update):
        return _of_other_update(scene, quantity, where_from)
    if quantity.kind == RATE:
        return []
    if quantity.node < 0:
        return list(_gradients(scene, quantity))
    if quantity.kind == NEW and scene.run.tape.frozen[quantity.node]:
        return _terms_of_update(scene, quantity)[:1]
    if quantity.is_of_update:
        return [*_terms_of_update(scene, quantity), *where_from(scene, gradient_of(quantity))]
    if quantity.kind == GRAD:
        return list(_contributions(scene, quantity))
    if quantity.node < scene.run.tape.leaves:
        return []
    if is_loss_of_round(scene, quantity):
        return [_value_part(scene, quantity.node, k) for k in range(scene.run.schedule.samples)]
    operands = scene.run.tape.operands(quantity.node).tolist()
    constants = scene.run.tape.constant_ids
    return [_value_part(scene, each, quantity.sample) for each in operands if each not in constants]


def _of_other_update(
    scene: Scene, quantity: Quantity, parts: Callable[[Scene, Quantity], list[Part]]
) -> list[Part]:
    """The parts as another update of the round has them; of one still to come without values."""
    assert quantity.update is not None
    schedule = scene.run.schedule
    end = schedule.update_start(quantity.update) + schedule.entries.size - 1
    found = parts(replace(scene, index=end, level="node"), quantity)
    return found if end <= scene.index else [replace(each, value=None) for each in found]


def is_loss_of_round(scene: Scene, quantity: Quantity) -> bool:
    """Whether it is the loss of several samples together."""
    several = scene.run.schedule.samples > 1 and quantity.sample is None
    return several and quantity.kind == VALUE and is_whole_loss(scene.run.schedule, quantity.node)


def where_to(scene: Scene, quantity: Quantity) -> list[Part]:
    """What uses a quantity, in the order of the steps."""
    if quantity.update not in (None, scene.update):
        return _of_other_update(scene, quantity, where_to)
    schedule, tape, node = scene.run.schedule, scene.run.tape, quantity.node
    sample = scene.sample if quantity.sample is None else quantity.sample
    if quantity.kind == VALUE and is_whole_loss(schedule, node):
        is_own = schedule.samples > 1 and quantity.sample is not None
        return [_whole_part(scene, Quantity(VALUE, node))] if is_own else []
    if quantity.kind == VALUE:
        places = np.flatnonzero(tape.inputs == node)
        users = np.unique(np.searchsorted(tape.first, places, "right") - 1) + tape.leaves
        forward = [_value_part(scene, int(each), quantity.sample) for each in users]
        return forward + _in_slopes(scene, node, users.tolist(), sample)
    if quantity.is_of_update or (quantity.kind == GRAD and node < tape.parameters):
        return _used_in_update(scene, quantity)
    if quantity.kind != GRAD or node < tape.leaves:
        return []
    found = []
    for target in dict.fromkeys(tape.operands(node).tolist()):
        arrivals = schedule.arrivals(target)
        for arrival in (each for each in arrivals if each.node == node):
            found.append(_arrival_part(scene, target, arrival, sample, len(arrivals) > 1))
    return found


def _in_slopes(scene: Scene, node: int, users: list[int], sample: int) -> list[Part]:
    """The terms of gradients whose local derivative needs a value, in the order of the steps."""
    schedule, tape = scene.run.schedule, scene.run.tape
    wanted: list[tuple[int, int]] = []
    for user in users:
        needs, operands = slope_needs(tape, user), tape.operands(user).tolist()
        for target in dict.fromkeys(operands):
            is_other = target != node or operands.count(node) > 1
            as_other = Needs.OTHERS in needs and is_other
            if as_other or (Needs.ITSELF in needs and target == node):
                wanted.append((user, target))
    if node >= tape.leaves and Needs.RESULT in slope_needs(tape, node):
        wanted += [(node, target) for target in dict.fromkeys(tape.operands(node).tolist())]
    found = [
        (each.offset, target, each, len(arrivals) > 1)
        for user, target in wanted
        for arrivals in (schedule.arrivals(target),)
        for each in arrivals
        if each.node == user
    ]
    found.sort(key=lambda row: row[0])
    return [_arrival_part(scene, t, each, sample, several) for _, t, each, several in found]


def slope_needs(tape: Tape, node: int) -> Needs:
    """What the local derivatives of an operation are worked out from."""
    operation = tape.operation(node)
    if operation is not None:
        return operation.needs
    return Needs.OTHERS | Needs.ITSELF if tape.opname(node).endswith(".term") else Needs.NOTHING


def gradient_of(quantity: Quantity) -> Quantity:
    """The gradient that an update, or a step of it, uses."""
    return replace(quantity, kind=GRAD)


def path_to_loss(schedule: Schedule, node: int) -> list[list[int]]:
    """The way back from an operation to the loss, joins as several values at one place.

    After a join the way is that of its first path; all of them lead to the loss.
    """
    found, here = [[path_node(schedule, node)]], path_node(schedule, node)
    while arrivals := schedule.arrivals(here):
        steps = list(dict.fromkeys(path_node(schedule, each.node) for each in arrivals))
        found.append(steps)
        here = steps[0]
    return found


MOST_GRADIENTS = 100
"""Gradients that are listed where their size is worked out."""


def _terms_of_update(scene: Scene, quantity: Quantity) -> list[Part]:
    """What a number of an update is worked out from, beside the gradient."""
    return [
        _part_of_update(scene, quantity, name)
        for name in scene.scenario.optimizer.needs(quantity.kind)
        if name not in ("k", GRAD, G) or (name == G and scene.scenario.optimizer.has_g)
    ]


def _part_of_update(scene: Scene, quantity: Quantity, name: str) -> Part:
    """Something that an update needs, by the name it has among what is known to it."""
    node, optimizer, schedule = quantity.node, scene.scenario.optimizer, scene.run.schedule
    if name == "lr":
        return Part(Quantity(RATE), None, scene.learning_rate)
    if name == "w":
        return Part(Quantity(VALUE, node), None, scene.round.before[node])
    index = schedule.update_index(node, name, scene.update)
    if name == quantity.kind:
        # What it was before: the update before has found it, in this round or the one before.
        old = scene.round.state[optimizer.keeps.index(name)][node]
        return Part(replace(quantity, kind=name), None, old)
    value = scene.round.number(name, node) if index <= scene.index else None
    return Part(Quantity(name, -1 if name == NORM else node), index, value)


def _used_in_update(scene: Scene, quantity: Quantity) -> list[Part]:
    """What of the update needs a gradient or a number of the update."""
    node, optimizer, schedule = quantity.node, scene.scenario.optimizer, scene.run.schedule
    if node < 0 or quantity.kind == NEW:
        return []
    kind = quantity.kind
    if kind == GRAD:
        kind = GRAD if optimizer.has_g else G
    users = (each for each in optimizer.kinds if kind in optimizer.needs(each) and each != kind)
    found = []
    # What is taken off has no step of its own: the new value is found with it.
    for each in dict.fromkeys(NEW if user in (STEP, DECAY) else user for user in users):
        index = schedule.update_index(node, each, scene.update)
        value = scene.round.number(each, node) if index <= scene.index else None
        found.append(Part(Quantity(each, node), index, value))
    return found


def _gradients(scene: Scene, quantity: Quantity) -> Iterator[Part]:
    """All gradients, of which the size is worked out."""
    schedule = scene.run.schedule
    for node in np.flatnonzero(~scene.run.tape.frozen)[:MOST_GRADIENTS].tolist():
        each = Quantity(GRAD, node)
        yield Part(each, home_of(schedule, each, scene.index), value_at(scene, each))


def _contributions(scene: Scene, quantity: Quantity) -> Iterator[Part]:
    """What arrives along each path; for a parameter of every sample."""
    schedule, node = scene.run.schedule, quantity.node
    arrivals = [quantity.path] if quantity.path is not None else schedule.arrivals(node)
    samples = [scene.sample]
    if quantity.sample is not None:
        samples = [quantity.sample]
    elif node < scene.run.tape.parameters:
        samples = list(scene.group)
    several = len(schedule.arrivals(node)) > 1
    for sample in samples:
        for arrival in arrivals:
            yield _arrival_part(scene, node, arrival, sample, several)


def _arrival_part(scene: Scene, node: int, arrival: Arrival, sample: int, several: bool) -> Part:
    schedule = scene.run.schedule
    index = schedule.sample_start(sample) + schedule.forward + arrival.offset
    value = None
    if index <= scene.index:
        record = scene.run.record(scene.round_number, sample)
        value = record.arriving(arrival.node, arrival.place)
    which = sample if schedule.samples > 1 else None
    return Part(Quantity(GRAD, node, arrival if several else None, which), index, value)


def _value_part(scene: Scene, node: int, sample: int | None) -> Part:
    """A value of a sample, None for the one in work; of a sample still to come it is not known."""
    schedule = scene.run.schedule
    if is_whole_loss(schedule, node) and sample is None and schedule.samples > 1:
        # Without a sample the loss would be that of the round.
        sample = scene.sample
    if node < scene.run.tape.parameters:
        quantity = Quantity(VALUE, node)
        return Part(quantity, home_of(schedule, quantity, scene.index), scene.round.before[node])
    return _whole_part(scene, Quantity(VALUE, node, sample=sample))


def _whole_part(scene: Scene, quantity: Quantity) -> Part:
    index = home_of(scene.run.schedule, quantity, scene.index)
    return Part(quantity, index, value_at(scene, quantity))
