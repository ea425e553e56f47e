"""Where the numbers of a round stand among the lines of a calculation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, STEP, VALUE, Quantity
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
    """(parameters,) as all below."""
    used: np.ndarray
    step: np.ndarray
    after: np.ndarray
    state: tuple[np.ndarray, ...]
    """What the update rule has kept, a vector for each of its `keeps`."""
    loss: int | None


def places(calculation: Calculation, number: int) -> Places:
    """Where the numbers of a round (from 0) stand."""
    if number not in calculation.kept:
        calculation.kept[number] = _places(calculation, number)
    found: Places = calculation.kept[number]
    return found


def flat_places(calculation: Calculation, number: int) -> np.ndarray:
    """Lines that the numbers of a round (from 0) stand in, and the 0 behind all lines.

    They are in the same order for every round; of all but the first there are some more.
    """
    key = ("flat", number)
    if key not in calculation.kept:
        at, rate = places(calculation, number), calculation.number(Quantity(RATE, round=number))
        parts = [*at.values, *at.gradients, *(list(each.values()) for each in at.paths)]
        parts += [
            at.before,
            at.used,
            at.step,
            at.after,
            *at.state,
            [NONE if at.loss is None else at.loss],
        ]
        parts += [places(calculation, number - 1).used] if number else []
        calculation.kept[key] = np.concatenate([*parts, [rate, NONE]]).astype(np.intp)
    found: np.ndarray = calculation.kept[key]
    return found


def flat_numbers(calculation: Calculation, array: np.ndarray, number: int) -> np.ndarray:
    """The numbers of a round (from 0) in the order of `flat_places`, and its rate behind them.

    Args:
        array: (lines + 1,) the values of the lines, and behind them 0.
    """
    lines = flat_places(calculation, number)
    numbers = np.empty(len(lines) + 1)
    numbers[:-1], numbers[-1] = array[lines], calculation.run.learning_rate(number)
    return numbers


def _places(calculation: Calculation, number: int) -> Places:
    tape = calculation.tape
    samples = range(len(calculation.run.samples))
    prefixes = [place if len(samples) > 1 else None for place in samples]

    def lines(kind: str, ids: range, sample: int | None = None) -> np.ndarray:
        found = [calculation.number(Quantity(kind, n, None, sample, number)) for n in ids]
        return np.array([NONE if each is None else each for each in found], np.intp)

    loss = tape.loss
    parameters = range(tape.parameters)
    return Places(
        [lines(VALUE, range(tape.size), sample) for sample in prefixes],
        [lines(GRAD, range(tape.size), sample) for sample in prefixes],
        [_paths(calculation, sample, number) for sample in prefixes],
        lines(VALUE, parameters),
        lines(GRAD, parameters),
        lines(STEP, parameters),
        lines(NEW, parameters),
        tuple(np.array(each, np.intp) for each in calculation.state[number]),
        None if loss is None else calculation.number(Quantity(VALUE, loss.total, round=number)),
    )


def _paths(calculation: Calculation, sample: int | None, number: int) -> dict[tuple[int, int], int]:
    found = {}
    for line in range(*calculation.ends[number : number + 2]):
        about = calculation.lines[line].quantity
        if about.path is not None and about.sample == sample:
            found[about.path.node, about.path.place] = line
    return found
