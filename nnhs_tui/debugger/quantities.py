"""What quantities are worth at a step, and where they change.

A quantity without a sample or a round is the one of those in work. With several samples `loss` and
the gradient of a parameter are the round's: they add up from sample to sample, and where the update
begins the mean is taken. Their names are read in `naming/reading.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Arrival, Schedule, Step
from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, STEP, VALUE, Quantity
from nnhs_tui.debugger.scene import Scene


def of_step(schedule: Schedule, step: Step) -> Quantity:
    """What a step finds."""
    if step.phase == FORWARD:
        # With several samples the loss alone is that of the round.
        is_own = schedule.samples > 1 and is_whole_loss(schedule, step.node)
        return Quantity(VALUE, step.node, sample=step.sample if is_own else None)
    if step.phase == UPDATE:
        return Quantity(NEW, step.node)
    assert step.target is not None
    if step.place is None or len(schedule.arrivals(step.target)) == 1:
        return Quantity(GRAD, step.target)
    offset = step.index % schedule.per_sample - schedule.forward
    return Quantity(GRAD, step.target, Arrival(offset, step.node, step.place))


def steps_of(schedule: Schedule, quantity: Quantity) -> list[int]:
    """The node steps of a round at which a quantity is found or changes, in order."""
    tape, node = schedule.tape, quantity.node
    if quantity.kind in (STEP, NEW) or (quantity.kind == VALUE and node < tape.parameters):
        return [schedule.update_index(node)]
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
    elif quantity.kind == VALUE and is_whole_loss(schedule, node):
        samples = [schedule.samples - 1]
    found = [sample * schedule.per_sample + offset for sample in samples for offset in offsets]
    if found and _is_averaged(schedule, quantity):
        found.append(schedule.update_start)
    return found


def _is_averaged(schedule: Schedule, quantity: Quantity) -> bool:
    """Whether the mean over the samples is taken of it, where the update begins."""
    divisor = schedule.tape.scenario.reduction.divisor(schedule.samples)
    return divisor > 1 and _is_sum_of_samples(schedule, quantity)


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
        return steps[-1:]
    settled = schedule.settled(quantity.node)
    offset = schedule.forward + (settled or 0)
    return [step for step in steps if step % schedule.per_sample == offset]


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
    sample = min(near // max(1, schedule.per_sample), schedule.samples - 1)
    behind = (sample + 1) * schedule.per_sample
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
    if quantity.kind in (STEP, NEW):
        of = here.round.step if quantity.kind == STEP else here.round.after
        return of[node] if here.updated(node) else None
    if quantity.kind == GRAD:
        return _gradient_at(here, quantity)
    if node < scene.run.tape.parameters:
        return here.round.after[node] if here.updated(node) else here.round.before[node]
    several = len(scene.run.samples) > 1
    if several and is_whole_loss(scene.run.schedule, node):
        return _loss_at(here, quantity)
    return here.value(node)


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
        steps = whole_steps(scene.run.schedule, quantity)
        is_whole = here.index >= (steps[0] if steps else scene.run.schedule.update_start)
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
    return scene.parameter_gradient(node) if scene.sample or scene.phase == BACKWARD else None


def _seen_from(scene: Scene, quantity: Quantity) -> Scene | None:
    """The scene as the prefixes of a quantity have it; None for what is still to come."""
    schedule, here = scene.run.schedule, scene
    if quantity.round is not None and quantity.round != scene.round_number:
        if quantity.round > scene.round_number:
            return None
        here = replace(scene, round_number=quantity.round, index=schedule.total - 1)
    if quantity.sample is not None and quantity.sample != here.sample:
        if quantity.sample > here.sample:
            return None
        end = (quantity.sample + 1) * schedule.per_sample - 1
        here = replace(here, index=end, level="node")
    elif quantity.sample is not None and here.phase == UPDATE:
        end = (quantity.sample + 1) * schedule.per_sample - 1
        here = replace(here, index=end, level="node")
    return here
