"""What quantities are worth at a step, and where they change.

A quantity without a sample or a round is the one of those in work, without an update of a round
with several the last one that has found it. With several samples `loss` and
the gradient of a parameter are the round's: they add up from sample to sample, and where the update
begins the mean is taken. Their names are read in `naming/reading.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Arrival, Schedule, Step
from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, VALUE, Quantity
from nnhs_tui.debugger.scene import Scene


def of_step(schedule: Schedule, step: Step) -> Quantity:
    """What a step finds."""
    if step.phase == FORWARD:
        # With several samples the loss alone is that of the round.
        is_own = schedule.samples > 1 and is_whole_loss(schedule, step.node)
        return Quantity(VALUE, step.node, sample=step.sample if is_own else None)
    if step.phase == UPDATE:
        return Quantity(step.part, step.node, update=own_update(schedule, step.update))
    assert step.target is not None
    if step.place is None or len(schedule.arrivals(step.target)) == 1:
        return Quantity(GRAD, step.target)
    offset = schedule.offset(step.index) - schedule.forward
    return Quantity(GRAD, step.target, Arrival(offset, step.node, step.place))


def steps_of(schedule: Schedule, quantity: Quantity) -> list[int]:
    """The node steps of a round at which a quantity is found or changes, in order."""
    tape, node = schedule.tape, quantity.node
    if quantity.kind == VALUE and node < tape.parameters:
        # Its value changes where an update has found the new one.
        return [schedule.update_index(node, update=each) for each in range(schedule.updates)]
    if quantity.is_of_update:
        updates: Any = range(schedule.updates) if quantity.update is None else [quantity.update]
        return [schedule.update_index(node, quantity.kind, each) for each in updates]
    if quantity.kind == RATE:
        return []
    if quantity.kind == VALUE:
        offsets = [max(0, node - tape.leaves)] if node >= tape.leaves else [0]
    elif quantity.path is not None:
        offsets = [schedule.forward + quantity.path.offset]
    else:
        offsets = _gradient_offsets(schedule, node)
    samples: Any = range(schedule.samples)
    if quantity.sample is not None:
        samples = [quantity.sample]
    elif quantity.update is not None:
        samples = schedule.samples_of(quantity.update)
    elif quantity.kind == VALUE and is_whole_loss(schedule, node):
        samples = [schedule.samples - 1]
    found = [schedule.sample_start(sample) + offset for sample in samples for offset in offsets]
    if found and _is_sum_of_samples(schedule, quantity):
        # Where an update begins the mean over its samples is taken.
        every = range(schedule.updates) if quantity.update is None else [quantity.update]
        found += [schedule.update_start(each) for each in every if is_averaged(schedule, each)]
    return sorted(found)


def own_update(schedule: Schedule, update: int) -> int | None:
    """Which update it is, where a round has several."""
    return update if schedule.updates > 1 else None


def is_averaged(schedule: Schedule, update: int) -> bool:
    """Whether the mean over its samples is taken where an update begins."""
    samples = len(schedule.samples_of(update))
    return samples > 1 and schedule.tape.scenario.reduction.divisor(samples) > 1


def _is_sum_of_samples(schedule: Schedule, quantity: Quantity) -> bool:
    """Whether it is the gradient that an update uses, which adds up over all samples."""
    bare = quantity.path is None and quantity.sample is None
    return quantity.kind == GRAD and bare and quantity.node < schedule.tape.parameters


def whole_steps(schedule: Schedule, quantity: Quantity) -> list[int]:
    """Of `steps_of` those from which on a quantity is whole, and nothing is added to it any more.

    What an update uses is whole once in a round.
    """
    steps = steps_of(schedule, quantity)
    if quantity.kind != GRAD or quantity.path is not None or not steps:
        return steps
    if _is_sum_of_samples(schedule, quantity):
        return [whole_step(schedule, quantity, each) for each in _updates_of(schedule, quantity)]
    settled = schedule.settled(quantity.node)
    offset = schedule.forward + (settled or 0)
    return [step for step in steps if schedule.offset(step) == offset]


def _updates_of(schedule: Schedule, quantity: Quantity) -> list[int]:
    return [*range(schedule.updates)] if quantity.update is None else [quantity.update]


def whole_step(schedule: Schedule, quantity: Quantity, update: int) -> int:
    """The step from which on a parameter's gradient is as an update uses it."""
    if is_averaged(schedule, update):
        return schedule.update_start(update)
    settled = schedule.settled(quantity.node)
    last = schedule.sample_start(schedule.samples_of(update)[-1])
    return last + schedule.forward + (settled or 0)


def _gradient_offsets(schedule: Schedule, node: int) -> list[int]:
    offsets = [arrival.offset for arrival in schedule.arrivals(node)]
    if len(offsets) > 1:
        settled = schedule.settled(node)
        assert settled is not None
        offsets.append(settled)
    return [schedule.forward + offset for offset in offsets]


def is_whole_loss(schedule: Schedule, node: int) -> bool:
    """Whether a value is the loss, and not a term of it."""
    loss = schedule.tape.loss
    return loss is not None and node == loss.total


def home_of(schedule: Schedule, quantity: Quantity, near: int = 0) -> int | None:
    """The node step at which a quantity is there as a whole: of the sample that `near` is in.

    None where no step finds it, as for inputs.
    """
    if quantity.kind == RATE or (quantity.kind == VALUE and quantity.node < schedule.tape.leaves):
        return None
    steps = steps_of(schedule, quantity)
    if quantity.is_of_update:
        # Of several updates the one that the step in work belongs to.
        return steps[0] if len(steps) == 1 else steps[schedule.update_at(near)]
    behind = schedule.sample_start(schedule.sample_at(near)) + schedule.per_sample
    own = [step for step in steps if step < behind]
    return (own or steps)[-1] if steps else None


def value_at(scene: Scene, quantity: Quantity) -> Any:
    """What a quantity is worth at the scene's step; None while it is not known."""
    here = _seen_from(scene, quantity)
    if here is None:
        return None
    node = quantity.node
    if quantity.kind == RATE:
        return here.learning_rate
    if quantity.is_of_update:
        return _of_update(here, quantity)
    if quantity.kind == GRAD:
        return _gradient_at(here, quantity)
    if node < scene.run.tape.parameters:
        if quantity.update is not None:
            return here.round.before[node]
        return here.round.after[node] if here.updated(node) else here.round.before[node]
    several = len(scene.run.samples) > 1
    if several and is_whole_loss(scene.run.schedule, node):
        return _loss_at(here, quantity)
    return here.value(node)


def _of_update(scene: Scene, quantity: Quantity) -> Any:
    """A number of an update: without saying which, of the last one that has found it."""
    if scene.found(quantity.node, quantity.kind):
        if scene.run.tape.frozen[quantity.node] and quantity.kind != NEW and quantity.node >= 0:
            return None
        return scene.round.number(quantity.kind, quantity.node)
    if quantity.update is None and scene.update:
        before = scene.run.schedule.update_start(scene.update - 1)
        last = before + scene.run.schedule.entries.size - 1
        return _of_update(replace(scene, index=last, level="node"), quantity)
    return None


def _loss_at(scene: Scene, quantity: Quantity) -> Any:
    """Of several samples: the loss of one, or of the round once that of the last is known."""
    if not scene.known(quantity.node):
        return None
    if quantity.sample is not None:
        return scene.round.losses[scene.sample]
    is_last = scene.sample == len(scene.run.samples) - 1
    return scene.run.loss(scene.round_number) if is_last else None


def whole_at(scene: Scene, quantity: Quantity) -> Any:
    """What a quantity is worth at the scene's step; None as long as more is added to it."""
    here = _seen_from(scene, quantity)
    if here is None or quantity.kind != GRAD or quantity.path is not None:
        return value_at(scene, quantity)
    if _is_sum_of_samples(scene.run.schedule, quantity):
        schedule = scene.run.schedule
        is_there = bool(schedule.arrivals(quantity.node))
        start = whole_step(schedule, quantity, here.update)
        is_whole = here.index >= (start if is_there else schedule.update_start(here.update))
        return here.round.accumulated[quantity.node] if is_whole else None
    return value_at(scene, quantity) if here.gradient(quantity.node).settled else None


def _gradient_at(scene: Scene, quantity: Quantity) -> Any:
    node = quantity.node
    gradient = scene.gradient(node)
    if quantity.path is not None:
        terms = (t for t in gradient.terms if t.arrival == quantity.path)
        return next((term.value if term.done else None for term in terms), None)
    if node >= scene.run.tape.parameters or quantity.sample is not None:
        return gradient.current if scene.phase != FORWARD or gradient.terms else None
    if scene.phase == UPDATE:
        return scene.round.accumulated[node]
    is_later = scene.sample > scene.group[0]
    return scene.parameter_gradient(node) if is_later or scene.phase == BACKWARD else None


def _seen_from(scene: Scene, quantity: Quantity) -> Scene | None:
    """The scene as the prefixes of a quantity have it; None for what is still to come."""
    schedule, here = scene.run.schedule, scene
    if quantity.round is not None and quantity.round != scene.round_number:
        if quantity.round > scene.round_number:
            return None
        here = replace(scene, round_number=quantity.round, index=schedule.total - 1)
    if quantity.update is not None and quantity.update != here.update:
        if quantity.update > here.update:
            return None
        end = schedule.update_start(quantity.update) + schedule.entries.size - 1
        here = replace(here, index=end, level="node")
    if quantity.sample is None or (quantity.sample == here.sample and here.phase != UPDATE):
        return here
    if quantity.sample > here.sample:
        return None
    end = schedule.sample_start(quantity.sample) + schedule.per_sample - 1
    return replace(here, index=end, level="node")
