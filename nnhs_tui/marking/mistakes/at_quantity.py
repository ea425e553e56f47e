"""What known mistakes give at a quantity of a net, by the rules of their table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import GRAD, NEW, STEP, VALUE, Quantity
from nnhs_tui.marking.calculation.numbers import Numbers
from nnhs_tui.marking.mistakes.backward import carried
from nnhs_tui.marking.mistakes.case import Case
from nnhs_tui.marking.mistakes.table import KNOWN, Mistake
from nnhs_tui.marking.mistakes.update import with_step
from nnhs_tui.operations.arithmetic import added

Found = tuple[str, Any]
"""A mistake's name, and the number it gives."""


def mistaken(
    numbers: Numbers, quantity: Quantity, digits: int, known: Any = None
) -> Iterator[Found]:
    """Every number that a known mistake gives at a quantity of a round, in one arithmetic.

    Args:
        known: what the quantity is, where that is not among the numbers.
    """
    right = value_of(numbers, quantity) if known is None else known
    with numbers.arithmetic.protected():
        # What is no number is near no answer.
        yield from special(numbers, quantity, known)
        names, found = general(np.array([float(right)]), digits)
        yield from zip(names, found[:, 0].tolist(), strict=True)


def value_of(numbers: Numbers, quantity: Quantity) -> Any:
    """A quantity of this round."""
    node = quantity.node
    if quantity.kind == STEP:
        return numbers.step[node]
    if quantity.kind == NEW:
        return numbers.after[node]
    if quantity.kind == GRAD and _is_used(numbers, quantity):
        return numbers.used[node]
    if _is_whole_loss(numbers, quantity):
        return numbers.loss
    return Case(numbers, quantity, quantity.sample or 0).right


def _is_used(numbers: Numbers, quantity: Quantity) -> bool:
    """Whether it is a gradient as the update uses it, made of those of several samples."""
    several = len(numbers.records) > 1
    return several and quantity.sample is None and quantity.node < numbers.tape.parameters


def _is_whole_loss(numbers: Numbers, quantity: Quantity) -> bool:
    """Whether it is the loss of all samples together."""
    loss = numbers.tape.loss
    several = len(numbers.records) > 1 and quantity.sample is None
    return several and loss is not None and quantity == Quantity(VALUE, loss.total)


def special(numbers: Numbers, quantity: Quantity, known: Any = None) -> Iterator[Found]:
    """Every number that a mistake with the rule of the quantity gives.

    Which numbers there are depends on the net alone, never on what they are.
    """
    if quantity.kind in (STEP, NEW):
        yield from _in_update(numbers, quantity)
    elif quantity.kind == GRAD:
        for mistake, value in _at_gradient(numbers, quantity, known):
            yield mistake.name, value
    elif _is_whole_loss(numbers, quantity):
        losses = [record.loss for record in numbers.records]
        for mistake in KNOWN.values():
            yield from ((mistake.name, each) for each in mistake.samples(numbers, quantity, losses))
    elif quantity.kind == VALUE:
        case = Case(numbers, quantity, quantity.sample or 0, known)
        for mistake in KNOWN.values():
            yield from ((mistake.name, each) for each in mistake.forward(case))


Made = tuple[Mistake, Any]
"""A mistake, and the number it gives."""


def _at_gradient(numbers: Numbers, quantity: Quantity, known: Any = None) -> Iterator[Made]:
    node = quantity.node
    if not _is_used(numbers, quantity):
        yield from _in_sample(Case(numbers, quantity, quantity.sample or 0, known))
    else:
        yield from _in_every_sample(numbers, quantity)
        parts = [record.gradient[node] for record in numbers.records]
        for mistake in KNOWN.values():
            yield from ((mistake, each) for each in mistake.samples(numbers, quantity, parts))
    if node < numbers.tape.parameters and quantity.path is None and numbers.last_used is not None:
        own = value_of(numbers, quantity) if known is None else known
        for mistake in KNOWN.values():
            yield from ((mistake, each) for each in mistake.rounds(numbers, node, own))


def _in_sample(case: Case) -> Iterator[Made]:
    """At the gradient of one sample; none where nothing arrives."""
    if not case.arrivals:
        return
    for mistake in KNOWN.values():
        yield from ((mistake, value) for value in mistake.backward(case))
        if mistake.is_carried:
            yield from ((mistake, value) for value in carried(case, mistake.backward))


def _in_every_sample(numbers: Numbers, quantity: Quantity) -> Iterator[Made]:
    """The same mistake in every sample."""
    samples = range(len(numbers.records))
    cases = [Case(numbers, replace(quantity, sample=place), place) for place in samples]
    found = [list(_in_sample(case)) for case in cases if case.arrivals]
    # The rules give as many numbers, in the same order, for every sample.
    if found and len({tuple(mistake.name for mistake, _ in each) for each in found}) == 1:
        for same in zip(*found, strict=True):
            yield same[0][0], _reduced(numbers, [value for _, value in same])


def _reduced(numbers: Numbers, parts: list[Any]) -> Any:
    total, divisor = added(parts), numbers.tape.scenario.reduction.divisor(len(numbers.records))
    return numbers.arithmetic.round(total / divisor if divisor > 1 else total)


def _in_update(numbers: Numbers, quantity: Quantity) -> Iterator[Found]:
    if numbers.tape.frozen[quantity.node] and quantity.kind == NEW:
        return
    for mistake in KNOWN.values():
        yield from ((mistake.name, each) for each in mistake.update(numbers, quantity))
    for mistake, each in _at_gradient(numbers, replace(quantity, kind=GRAD)):
        if quantity.kind == STEP or mistake.reaches_update:
            step = numbers.step_with(quantity.node, each)
            yield mistake.name, with_step(numbers, quantity, step)


def general(right: np.ndarray, digits: int) -> tuple[list[str], np.ndarray]:
    """What the mistakes give that can be made with any number.

    Args:
        right: (n,) doubles, the right numbers.

    Returns:
        The names of the mistakes, one for each number that one gives, and (names, n) those
        numbers; NaN where it gives nothing of its own.
    """
    shown = np.array([round(each, digits) for each in right.tolist()])
    with np.errstate(all="ignore"):
        given = [
            (mistake.name, each)
            for mistake in KNOWN.values()
            for each in mistake.anywhere(right, shown, digits)
        ]
    found = np.array([each for _, each in given])
    found[:, right == 0] = np.nan
    return [name for name, _ in given], found
