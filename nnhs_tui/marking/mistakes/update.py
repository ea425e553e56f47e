"""Known mistakes on the way to the new parameters: over samples, over rounds, and in the update."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from nnhs_tui.debugger.quantity import DECAY, GRAD, NEW, STEP, VALUE, Quantity
from nnhs_tui.marking.calculation.numbers import Numbers
from nnhs_tui.marking.mistakes.backward import MOST_PATHS
from nnhs_tui.marking.mistakes.case import Case, Made
from nnhs_tui.marking.mistakes.place import mixed_up
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.updating import after_step
from nnhs_tui.operations.updating import update as worked_update

# Where several samples, or two rounds, become one number


def one_sample(numbers: Numbers, whole: Quantity, parts: list[Any]) -> Iterator[Any]:
    """One sample's gradient for that of all."""
    if whole.kind == GRAD:
        yield from parts[:MOST_PATHS]


def other_reduction(numbers: Numbers, whole: Quantity, parts: list[Any]) -> Iterator[Any]:
    """The sum for the mean, or the other way round."""
    total = added(parts)
    yield numbers.arithmetic.round(total)
    yield numbers.arithmetic.round(total / len(parts))


def not_zeroed(numbers: Numbers, parameter: int, right: Any) -> Iterator[Any]:
    """The gradient added to that of the round before."""
    if numbers.last_used is not None:
        yield numbers.arithmetic.round(right + numbers.last_used[parameter])


# In the update


def with_step(numbers: Numbers, quantity: Quantity, step: Any) -> Any:
    """What a step or a new value is when the parameter makes another step."""
    if quantity.kind == STEP:
        return step
    optimizer, node = numbers.tape.scenario.optimizer, quantity.node
    decay = numbers.numbers[DECAY][node] if optimizer.decays_beside else None
    return after_step(optimizer, numbers.arithmetic, numbers.before[node], step, decay)


def added_update(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """w + ηg for w − ηg."""
    if quantity.kind == NEW:
        before, step = numbers.before[quantity.node], numbers.step[quantity.node]
        yield numbers.arithmetic.round(before + step)


def not_updated(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """The old value for the new one."""
    if quantity.kind == NEW:
        yield numbers.before[quantity.node]


def missing_learning_rate(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """g for ηg."""
    optimizer, node = numbers.tape.scenario.optimizer, quantity.node
    if quantity.kind in (STEP, NEW):
        given = replace(numbers.given(node, numbers.used[node]), rate=numbers.arithmetic.one)
        made = worked_update(optimizer, numbers.arithmetic, given)
        yield with_step(numbers, quantity, made.step)


def wrong_index(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """A neighbour's step, or its new value."""
    case = Case(numbers, quantity, 0)
    for near in case.siblings():
        yield Made(_at(numbers, quantity, near), (), f"this is {case.name(near)}")


def transposed(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """The matrix of the steps, or the new one, mirrored or reshaped."""
    case, name = _parameter(numbers, quantity), Case(numbers, quantity, 0).name
    if case.letter == "W" and case.layer is not None:
        for place in mixed_up(case.layer, *case.index):
            near = case.layer.w(*place)
            yield Made(_at(numbers, quantity, near), (), f"this is {name(near)}")


def _parameter(numbers: Numbers, quantity: Quantity) -> Case:
    return Case(numbers, Quantity(VALUE, quantity.node), 0)


def _at(numbers: Numbers, quantity: Quantity, node: int) -> Any:
    """The step or the new value, whichever is asked for, of another parameter."""
    there = replace(quantity, node=node)
    if numbers.worked is not None:
        return numbers.worked(there)
    return numbers.of_update(quantity.kind, node)
