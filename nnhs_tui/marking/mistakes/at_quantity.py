"""What known mistakes give at a quantity of a net, by the rules of their table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from nnhs_tui.debugger.quantity import GRAD, NEW, STEP, VALUE, Quantity
from nnhs_tui.marking.calculation.numbers import Numbers
from nnhs_tui.marking.mistakes.backward import carried
from nnhs_tui.marking.mistakes.case import LOSS_GRADIENT, Case, Made, Through
from nnhs_tui.marking.mistakes.table import (
    AT_LOSS,
    AT_STEP_OF_UPDATE,
    KNOWN,
    WRITTEN,
    Mistake,
    never,
)
from nnhs_tui.operations.arithmetic import added


class Found(NamedTuple):
    """A number that a known mistake gives."""

    name: str
    value: Any
    through: Through
    """What the mistake is carried through; nothing where it is made at the quantity itself."""
    detail: str = ""
    """Which factor, which place or which neighbour it is."""


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
        for name, value in zip(names, found[:, 0].tolist(), strict=True):
            yield Found(name, value, ())


CARRIED = 0.7
"""How likely it is that a mistake is made further back and all else is right, beside one here."""


def weights(found: Iterable[tuple[str, Through]]) -> dict[str, tuple[float, float]]:
    """For each mistake how likely one of the numbers is that it gives at a quantity.

    Of those made at the quantity itself; and of those that are carried there.
    """
    here, all_of = Counter[str](), Counter[str]()
    for name, through in found:
        all_of[name] += 1
        here[name] += not through
    return {
        name: (KNOWN[name].odds / max(1, here[name]), KNOWN[name].odds / count * CARRIED)
        for name, count in all_of.items()
    }


def value_of(numbers: Numbers, quantity: Quantity) -> Any:
    """A quantity of this round."""
    node = quantity.node
    if quantity.is_of_update:
        return numbers.of_update(quantity.kind, node)
    if quantity.kind == VALUE and quantity.update is not None:
        return numbers.before[node]
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
    if quantity.is_of_update:
        yield from _in_update(numbers, quantity, known)
    elif quantity.kind == GRAD:
        steps = (
            _kept(numbers, quantity) if known is None else _at_gradient(numbers, quantity, known)
        )
        for mistake, *found in steps:
            yield Found(mistake.name, *found)
    elif _is_whole_loss(numbers, quantity):
        losses = [record.loss for record in numbers.records]
        for mistake in KNOWN.values():
            for value in mistake.samples(numbers, quantity, losses):
                yield Found(mistake.name, value, ())
    elif quantity.kind == VALUE:
        case = Case(numbers, quantity, quantity.sample or 0, known)
        for mistake in KNOWN.values():
            for given in mistake.forward(case):
                yield Found(mistake.name, *_parted(given))


def _parted(given: Any, through: Through = ()) -> tuple[Any, Through, str]:
    """A number that a rule gives, what the mistake is carried through up to there, and which."""
    if isinstance(given, Made):
        return given.value, given.through + through, given.detail
    return given, through, ""


Step = tuple[Mistake, Any, Through, str]
"""A mistake, the number it gives, what it is carried through, and which it is."""


def _kept(numbers: Numbers, quantity: Quantity) -> list[Step]:
    """What `_at_gradient` gives; at a parameter the gradient, the step and the new value ask it."""
    if quantity not in numbers.kept:
        numbers.kept[quantity] = list(_at_gradient(numbers, quantity))
    return numbers.kept[quantity]


def _at_gradient(numbers: Numbers, quantity: Quantity, known: Any = None) -> Iterator[Step]:
    node = quantity.node
    if not _is_used(numbers, quantity):
        yield from _in_sample(Case(numbers, quantity, quantity.sample or 0, known))
    else:
        yield from _in_every_sample(numbers, quantity)
        parts = [numbers.records[each].gradient[node] for each in numbers.samples]
        for mistake in KNOWN.values():
            for each in mistake.samples(numbers, quantity, parts):
                yield mistake, *_parted(each)
    if node < numbers.tape.parameters and quantity.path is None and numbers.last_used is not None:
        own = value_of(numbers, quantity) if known is None else known
        for mistake in KNOWN.values():
            yield from ((mistake, each, (), "") for each in mistake.rounds(numbers, node, own))


def _in_sample(case: Case) -> Iterator[Step]:
    """At the gradient of one sample; none where nothing arrives."""
    if not case.arrivals:
        return
    for mistake in KNOWN.values():
        through = _way_to(case, mistake)
        for given in mistake.backward(case):
            yield mistake, *_parted(given, through)
        if mistake.is_carried:
            for given in carried(case, mistake.backward):
                yield mistake, *_parted(given)


def _way_to(case: Case, mistake: Mistake) -> Through:
    """What lies between a gradient and the step at which a mistake is made in it."""
    if mistake.made == WRITTEN:
        return ()
    if mistake.made == AT_LOSS and not case.is_out_of_loss:
        return (LOSS_GRADIENT,)
    return case.terms


def _in_every_sample(numbers: Numbers, quantity: Quantity) -> Iterator[Step]:
    """The same mistake in every sample."""
    cases = [
        Case(numbers, replace(quantity, sample=place, update=None), place)
        for place in numbers.samples
    ]
    found = [list(_in_sample(case)) for case in cases if case.arrivals]
    own = tuple(case.quantity for case in cases)
    # The rules give as many numbers, in the same order, for every sample.
    if found and len({tuple(mistake.name for mistake, *_ in each) for each in found}) == 1:
        for same in zip(*found, strict=True):
            further = tuple(each for _, _, through, _ in same for each in through)
            value = _reduced(numbers, [value for _, value, _, _ in same])
            yield same[0][0], value, own + further, same[0][3]


def _reduced(numbers: Numbers, parts: list[Any]) -> Any:
    if len(parts) == 1:
        return parts[0]
    total, divisor = added(parts), numbers.tape.scenario.reduction.divisor(len(parts))
    return numbers.arithmetic.round(total / divisor if divisor > 1 else total)


def _in_update(numbers: Numbers, quantity: Quantity, known: Any = None) -> Iterator[Found]:
    node = quantity.node
    if node < 0 or (numbers.tape.frozen[node] and quantity.kind == NEW):
        return
    own = quantity.update
    step: Through = (Quantity(STEP, node, update=own),) if quantity.kind == NEW else ()
    for mistake in KNOWN.values():
        through = step if mistake.made == AT_STEP_OF_UPDATE else ()
        for given in mistake.update(numbers, quantity):
            yield Found(mistake.name, *_parted(given, through))
    for mistake, value, through, detail in _kept(numbers, replace(quantity, kind=GRAD)):
        if quantity.kind == STEP or mistake.reaches_update:
            made = numbers.update_with(node, value)
            new = made.after if quantity.kind == NEW else made.numbers[quantity.kind]
            yield Found(
                mistake.name, new, (*step, Quantity(GRAD, node, update=own), *through), detail
            )


def general(right: np.ndarray, digits: int) -> tuple[list[str], np.ndarray]:
    """What the mistakes give that can be made with any number.

    Args:
        right: (n,) doubles, the right numbers.

    Returns:
        The names of the mistakes, one for each number that one gives, and (names, n) those
        numbers; NaN where it gives nothing of its own.
    """
    shown = np.array([round(each, digits) for each in right.tolist()])
    names, given = list[str](), list[np.ndarray]()
    with np.errstate(all="ignore"):
        for mistake in KNOWN.values():
            if mistake.anywhere is not never:
                given += mistake.anywhere(right, shown, digits)
                names += [mistake.name] * (len(given) - len(names))
    found = np.array(given)
    found[:, right == 0] = np.nan
    return names, found
