"""Where the numbers of a round stand among the lines of a calculation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.debugger.quantities import own_update
from nnhs_tui.debugger.quantity import GRAD, NEW, NORM, RATE, VALUE, Quantity
from nnhs_tui.marking.calculation.calculation import Calculation

NONE = -1
"""Stands for the line of what has none, such as a target's gradient: behind all lines is a 0."""


@dataclass(frozen=True, eq=False)
class Places:
    """Where the numbers of a round stand in a calculation."""

    values: list[np.ndarray]
    """For each sample (ids,) the lines of the values, and then of the gradients."""
    gradients: list[np.ndarray]
    paths: list[dict[tuple[int, int], int]]
    before: np.ndarray
    """(parameters,) of the update, as all below."""
    used: np.ndarray
    numbers: dict[str, np.ndarray]
    """By name, what else the update has of each parameter."""
    after: np.ndarray
    norm: int
    """The line of the size of all gradients, or NONE."""
    rate: int
    state: tuple[np.ndarray, ...]
    """What the update rule has kept, a vector for each of its `keeps`."""
    loss: int | None


def places(calculation: Calculation, number: int, update: int = 0) -> Places:
    """Where the numbers of a round, with one of its updates (both from 0), stand."""
    key = ("places", number, update)
    if key not in calculation.kept:
        calculation.kept[key] = _places(calculation, number, update)
    found: Places = calculation.kept[key]
    return found


def update_of(schedule: Schedule, quantity: Quantity) -> int:
    """The update of its round that a quantity belongs to, or that its sample goes into."""
    if quantity.update is not None:
        return quantity.update
    return 0 if quantity.sample is None else schedule.update_of(quantity.sample)


def update_before(schedule: Schedule, number: int, update: int) -> tuple[int, int] | None:
    """The (round, update) before another; None where there is none."""
    if update:
        return number, update - 1
    return (number - 1, schedule.updates - 1) if number else None


def flat_places(calculation: Calculation, number: int, update: int = 0) -> np.ndarray:
    """Lines that the numbers of a round (from 0) stand in, and the 0 behind all lines.

    They are in the same order for every round; of all but the first there are some more.
    """
    key = ("flat", number, update)
    if key not in calculation.kept:
        at = places(calculation, number, update)
        parts = [*at.values, *at.gradients, *(list(each.values()) for each in at.paths)]
        parts += [
            at.before,
            at.used,
            *at.numbers.values(),
            at.after,
            *at.state,
            [NONE if at.loss is None else at.loss, at.norm],
        ]
        last = update_before(calculation.schedule, number, update)
        parts += [places(calculation, *last).used] if last is not None else []
        calculation.kept[key] = np.concatenate([*parts, [at.rate, NONE]]).astype(np.intp)
    found: np.ndarray = calculation.kept[key]
    return found


def flat_numbers(
    calculation: Calculation, array: np.ndarray, number: int, update: int = 0
) -> np.ndarray:
    """The numbers of a round (from 0) in the order of `flat_places`, and its rate behind them.

    Args:
        array: (lines + 1,) the values of the lines, and behind them 0.
    """
    lines = flat_places(calculation, number, update)
    numbers = np.empty(len(lines) + 1)
    numbers[:-1], numbers[-1] = array[lines], calculation.run.learning_rate(number, update)
    return numbers


def _places(calculation: Calculation, number: int, update: int) -> Places:
    tape = calculation.tape
    samples = range(len(calculation.run.samples))
    prefixes = [place if len(samples) > 1 else None for place in samples]

    def lines(kind: str, ids: range, sample: int | None = None) -> np.ndarray:
        found = [calculation.number(Quantity(kind, n, None, sample, number)) for n in ids]
        return np.array([NONE if each is None else each for each in found], np.intp)

    loss, own = tape.loss, own_update(calculation.schedule, update)
    parameters = range(tape.parameters)

    def of_update(kind: str, ids: Iterable[int]) -> np.ndarray:
        found = [calculation.number(Quantity(kind, n, None, None, number, own)) for n in ids]
        return np.array([NONE if each is None else each for each in found], np.intp)

    state = calculation.state[number * calculation.schedule.updates + update]
    return Places(
        [lines(VALUE, range(tape.size), sample) for sample in prefixes],
        [lines(GRAD, range(tape.size), sample) for sample in prefixes],
        [_paths(calculation, sample, number) for sample in prefixes],
        of_update(VALUE, parameters),
        of_update(GRAD, parameters),
        {each: of_update(each, parameters) for each in tape.scenario.optimizer.in_order[:-1]},
        of_update(NEW, parameters),
        int(of_update(NORM, [-1])[0]),
        int(of_update(RATE, [-1])[0]),
        tuple(np.array(each, np.intp) for each in state),
        None if loss is None else calculation.number(Quantity(VALUE, loss.total, round=number)),
    )


def _paths(calculation: Calculation, sample: int | None, number: int) -> dict[tuple[int, int], int]:
    found = {}
    for line in range(*calculation.ends[number : number + 2]):
        about = calculation.lines[line].quantity
        if about.path is not None and about.sample == sample:
            found[about.path.node, about.path.place] = line
    return found
