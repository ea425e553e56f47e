"""Known mistakes: what each is called, in words, and which of them give a number.

A mistake is a rule over the tape: for a quantity of a net it computes the number that somebody
finds who makes it there. CONTRIBUTING.md says how one is added, and where people made them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import GRAD, NEW, STEP, VALUE, Quantity
from nnhs_tui.marking import mistakes_forward
from nnhs_tui.marking.case import Case, Numbers, mixed_up
from nnhs_tui.marking.mistakes_backward import MOST_PATHS, mistaken_gradients
from nnhs_tui.operations.arithmetic import added

WORDS = {
    "missing-local": "the local derivative is left out",
    "missing-upstream": "what arrives from in front is left out",
    "reversed-difference": "the difference is taken the wrong way round",
    "loss-factor": "the factor ½, 2 or 1/n is another one",
    "mean-of-errors": "every output gets the mean of the errors",
    "transposed": "the matrix is mirrored or reshaped",
    "wrong-index": "a neighbour's number is taken",
    "one-path": "only one of the paths is counted",
    "not-zeroed": "the gradient of the round before is left in",
    "updated-weights": "the weights in front are taken after their update",
    "relu-gate": "the gate of the ReLU is forgotten",
    "wrong-derivative": "the derivative is taken at the wrong place",
    "added-update": "the step is added, not taken away",
    "missing-learning-rate": "the learning rate is left out",
    "missing-bias": "the bias is left out",
    "exp-sign": "the sign in exp( ) is the wrong one",
    "sign": "the sign is lost",
    "power-of-ten": "the decimal point is in the wrong place",
    "reciprocal": "1 is divided by the right number",
    "truncated": "the decimals behind are cut off, not rounded",
}
"""What becomes of a number "when …"."""

POWERS = (-2, -1, 1, 2)

TELLING = 9.5
"""Units of the last decimal that a number must have to be told from one found by chance."""

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
        found = general(np.array([float(right)]), digits)[:, 0]
        yield from zip(GENERAL, found.tolist(), strict=True)


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
        yield from _at_gradient(numbers, quantity, known)
    elif _is_whole_loss(numbers, quantity):
        yield from _losses_reduced_wrongly(numbers)
    elif quantity.kind == VALUE:
        case = Case(numbers, quantity, quantity.sample or 0, known)
        for name, rule in mistakes_forward.RULES.items():
            yield from ((name, value) for value in rule(case))


def _at_gradient(numbers: Numbers, quantity: Quantity, known: Any = None) -> Iterator[Found]:
    is_parameter = quantity.node < numbers.tape.parameters
    if not _is_used(numbers, quantity):
        case = Case(numbers, quantity, quantity.sample or 0, known)
        if case.arrivals:
            yield from mistaken_gradients(case)
    else:
        yield from _in_every_sample(numbers, quantity)
        yield from _reduced_wrongly(numbers, quantity)
    if is_parameter and quantity.path is None and numbers.last_used is not None:
        last = numbers.last_used[quantity.node]
        own = value_of(numbers, quantity) if known is None else known
        yield "not-zeroed", numbers.arithmetic.round(own + last)


def _in_every_sample(numbers: Numbers, quantity: Quantity) -> Iterator[Found]:
    """The same mistake in every sample."""
    samples = range(len(numbers.records))
    cases = [Case(numbers, replace(quantity, sample=place), place) for place in samples]
    found = [list(mistaken_gradients(case)) for case in cases if case.arrivals]
    # The rules give as many numbers, in the same order, for every sample.
    if found and len({tuple(name for name, _ in each) for each in found}) == 1:
        for same in zip(*found, strict=True):
            yield same[0][0], _reduced(numbers, [value for _, value in same])


def _reduced(numbers: Numbers, parts: list[Any]) -> Any:
    total, divisor = added(parts), numbers.tape.scenario.reduction.divisor(len(numbers.records))
    return numbers.arithmetic.round(total / divisor if divisor > 1 else total)


def _reduced_wrongly(numbers: Numbers, quantity: Quantity) -> Iterator[Found]:
    """One sample's gradient for that of all; the sum for the mean, or the other way round."""
    parts = [record.gradient[quantity.node] for record in numbers.records]
    yield from (("one-path", each) for each in parts[:MOST_PATHS])
    yield from _other_reductions(numbers, parts)


def _losses_reduced_wrongly(numbers: Numbers) -> Iterator[Found]:
    yield from _other_reductions(numbers, [record.loss for record in numbers.records])


def _other_reductions(numbers: Numbers, parts: list[Any]) -> Iterator[Found]:
    total = added(parts)
    yield "loss-factor", numbers.arithmetic.round(total)
    yield "loss-factor", numbers.arithmetic.round(total / len(parts))


def _in_update(numbers: Numbers, quantity: Quantity) -> Iterator[Found]:
    ar, node = numbers.arithmetic, quantity.node
    before, step = numbers.before[node], numbers.step[node]
    if numbers.tape.frozen[node] and quantity.kind == NEW:
        return
    if quantity.kind == NEW:
        yield "added-update", ar.round(before + step)
    gradient = replace(quantity, kind=GRAD)
    others = [("missing-learning-rate", numbers.used[node])]
    # A gradient with the wrong sign and a step that is added give the same: the step is nearer.
    steps = [
        (name, numbers.step_with(node, each))
        for name, each in _at_gradient(numbers, gradient)
        if quantity.kind == STEP or name != "reversed-difference"
    ]
    for name, each in others + steps:
        yield name, each if quantity.kind == STEP else ar.round(before - each)
    array = numbers.step if quantity.kind == STEP else numbers.after
    case = Case(numbers, Quantity(VALUE, node), 0)
    yield from (("wrong-index", array[near]) for near in case.siblings())
    if case.letter == "W" and case.layer is not None:
        matrix = case.layer.matrix(array)
        yield from (("transposed", matrix[at]) for at in mixed_up(case.layer, *case.index))


GENERAL = ["sign", "reciprocal", *["power-of-ten"] * 2 * len(POWERS)]
"""Mistakes that can be made with any number."""

_POWERS = 10.0 ** np.array(POWERS)[:, None]


def general(right: np.ndarray, digits: int) -> np.ndarray:
    """What the mistakes give that can be made with any number.

    Args:
        right: (n,) doubles, the right numbers.

    Returns:
        (mistakes, n) what each of `GENERAL` gives; NaN where it gives nothing of its own.
    """
    shown = np.array([round(each, digits) for each in right.tolist()])
    with np.errstate(all="ignore"):
        found = np.concatenate([[-right, 1 / right], right * _POWERS, shown * _POWERS])
        # What shows as a single digit may have come from anywhere.
        found[1:][abs(found[1:]) < TELLING * 10.0**-digits] = np.nan
    found[:, right == 0] = np.nan
    return found
