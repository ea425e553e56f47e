"""Where to go for a number: to the step that finds it, or, for what is given, to where it is used.

Every name leads somewhere, so that nothing that is completed is refused, and every number on the
screen can be pointed at.
"""

from __future__ import annotations

import numpy as np

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.quantities import home_of
from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, VALUE, Quantity
from nnhs_tui.debugger.scene import Scene


def reach(schedule: Schedule, names: Names, quantity: Quantity, near: int) -> tuple[int, str]:
    """(the node step to go to, what is to be said of it; -1 where no step has to do with it).

    Args:
        near: the node step in work; of several samples its own counts.
    """
    home = home_of(schedule, quantity, near)
    if home is not None:
        return home, ""
    name = name_of(names, quantity, schedule)
    if quantity.kind == GRAD:
        index = schedule.start_of(BACKWARD, _sample(schedule, quantity, near))
        told = f"{name} is given: backward begins with it"
        if schedule.tape.is_graph and not schedule.tape.reached[quantity.node]:
            told = f"{name} is 0: no path leads back to it"
        return (index if schedule.backward else -1), told
    update = schedule.update_at(near) if quantity.update is None else quantity.update
    start = schedule.update_start(update)
    if quantity.kind == RATE:
        return start, f"{name} is given: the update uses it first here"
    if near >= start and quantity.node < schedule.tape.parameters:
        index = schedule.update_index(quantity.node, update=update)
        return index, f"{name} is given: it is updated here"
    return _first_use(schedule, quantity, near), f"{name} is given: it is used first here"


def _sample(schedule: Schedule, quantity: Quantity, near: int) -> int:
    if quantity.sample is not None:
        return quantity.sample
    if quantity.update is not None:
        return schedule.samples_of(quantity.update)[-1]
    return schedule.sample_at(near)


def _first_use(schedule: Schedule, quantity: Quantity, near: int) -> int:
    """The step of the first operation that needs a given value; -1 where none does."""
    tape = schedule.tape
    places = np.flatnonzero(tape.inputs == quantity.node)
    if not len(places):
        return -1
    operation = int(np.searchsorted(tape.first, places[0], "right")) - 1
    return schedule.sample_start(_sample(schedule, quantity, near)) + operation


def pointed_at(scene: Scene, what: str) -> str:
    """The command that runs to what a text on the screen stands for; "" for nothing.

    Args:
        what: `value:17`, `grad:17`, `new:17`, or `node:17` for what the phase is about: forward the
            value, backward the gradient, in the update a parameter's new value; `step:3` from 0.
    """
    kind, _, number = what.partition(":")
    if kind == "step":
        return f"run-to {int(number) + 1}"
    if kind not in ("node", VALUE, GRAD, *scene.scenario.optimizer.kinds):
        return ""
    quantity = quantity_of(scene, kind, int(number))
    return f"run-to {name_of(scene.names, quantity, scene.run.schedule)}"


def quantity_of(scene: Scene, kind: str, node: int) -> Quantity:
    """The quantity that a text of a kind stands for at the scene's step."""
    tape, schedule = scene.run.tape, scene.run.schedule
    if kind == "node":
        kind = VALUE if scene.phase == FORWARD or node in tape.t else GRAD
        if scene.phase == UPDATE and node < tape.parameters:
            kind = NEW
    is_loss = tape.loss is not None and node == tape.loss.total
    if kind == VALUE and is_loss and schedule.samples > 1:
        return Quantity(VALUE, node, sample=scene.sample)
    return Quantity(kind, node)
