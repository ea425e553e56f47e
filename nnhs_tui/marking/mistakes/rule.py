"""Known mistakes within an update rule: the update once more, with another rule.

Each takes the optimizer of the scenario and makes one of it that somebody has in mind who makes the
mistake. What that comes to at a number of the update is the mistake's number there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any

from nnhs_tui.debugger.quantity import DECAY, NEW, G, Quantity
from nnhs_tui.marking.calculation.numbers import Numbers
from nnhs_tui.marking.mistakes.case import Made
from nnhs_tui.operations.optimizer import Optimizer
from nnhs_tui.operations.update_rules import Part
from nnhs_tui.operations.updating import update

COUNT = "k"


def no_correction(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """m and v used as they are, not corrected for having begun with 0; or one of them."""
    optimizer = numbers.tape.scenario.optimizer
    corrected = [each for each in optimizer.rule.parts if COUNT in each.needs]
    choices = [corrected, *([each] for each in corrected if len(corrected) > 1)]
    for wrong in filter(None, choices):
        names = {each.name for each in wrong}
        other = _with_parts(optimizer, {each.name: _taken_over(each) for each in wrong})
        yield from _made(numbers, quantity, other, names)


def old_state(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """What the rule has kept used as it was before this update."""
    optimizer = numbers.tape.scenario.optimizer
    kept = [each for each in optimizer.rule.parts if each.is_kept]
    if not kept or quantity.kind in {each.name for each in kept}:
        return
    names = {each.name for each in kept}
    other = _with_parts(optimizer, {each.name: _as_it_was(each) for each in kept})
    users = [each for each in optimizer.in_order if each not in names]
    at = {each for each in users if names & set(optimizer.needs(each))}
    yield from _made(numbers, quantity, other, at)


def swapped_beta(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """1 − β for β, and where there is both the other way round; or 1 − β before the gradient."""
    optimizer = numbers.tape.scenario.optimizer
    betas = [name for name in optimizer.numbers if name.startswith("beta")]
    kept = {each.name for each in optimizer.rule.parts if each.is_kept}
    if not betas:
        return
    own = {**optimizer.numbers, **{name: 1 - optimizer.numbers[name] for name in betas}}
    other = replace(optimizer, own=tuple(own.items()))
    # The correction for the start is not what is mixed up.
    right = {each.name: each for each in optimizer.rule.parts if COUNT in each.needs}
    parts = {name: _with_numbers(optimizer, each, betas) for name, each in right.items()}
    yield from _made(numbers, quantity, _with_parts(other, parts), kept)
    plain = [each for each in optimizer.rule.parts if each.is_kept and "(1 -" not in each.formula]
    if plain:
        parts = {each.name: _averaged(each, betas[0]) for each in plain}
        yield from _made(numbers, quantity, _with_parts(optimizer, parts), kept)


def misplaced_decay(numbers: Numbers, quantity: Quantity) -> Iterator[Any]:
    """Decay added to the gradient that belongs beside the step, or the other way round."""
    optimizer = numbers.tape.scenario.optimizer
    if not optimizer.weight_decay or quantity.kind == DECAY:
        return
    rule = replace(optimizer.rule, decays_beside=not optimizer.rule.decays_beside)
    users = {each for each in optimizer.in_order if G in optimizer.needs(each)}
    at = {G} if optimizer.has_g else users
    yield from _made(numbers, quantity, replace(optimizer, rule=rule), at)


def _made(
    numbers: Numbers, quantity: Quantity, other: Optimizer, at: Collection[str]
) -> Iterator[Made]:
    """What another optimizer comes to at a number of the update, going on from where it differs."""
    node, kind = quantity.node, quantity.kind
    order = numbers.tape.scenario.optimizer.in_order
    made = update(other, numbers.arithmetic, numbers.given(node, numbers.used[node]))
    value = made.after if kind == NEW else made.numbers.get(kind)
    first = min((order.index(each) for each in at if each in order), default=len(order))
    if value is None or order.index(kind) < first:
        return
    between = order[first : order.index(kind)] if kind not in at else ()
    through = tuple(Quantity(each, node, update=quantity.update) for each in between)
    yield Made(value, through, "")


def _with_parts(optimizer: Optimizer, changed: dict[str, Part]) -> Optimizer:
    parts = tuple(changed.get(each.name, each) for each in optimizer.rule.parts)
    return replace(optimizer, rule=replace(optimizer.rule, parts=parts))


def _taken_over(part: Part) -> Part:
    source = next(each for each in part.needs if each != COUNT)
    return replace(part, work=lambda ar, at: at[source])


def _as_it_was(part: Part) -> Part:
    return replace(part, work=lambda ar, at: at[part.name])


def _averaged(part: Part, beta: str) -> Part:
    """A running sum as a running mean."""

    def work(ar: Any, at: Any) -> Any:
        new = ar.round((ar.one - at[beta]) * at[G])
        return ar.round(ar.round(at[beta] * at[part.name]) + new)

    return replace(part, work=work)


def _with_numbers(optimizer: Optimizer, part: Part, names: list[str]) -> Part:
    """A part that goes by the right numbers whatever those of its rule are."""

    def work(ar: Any, at: Any) -> Any:
        right = {name: ar.number(optimizer.numbers[name]) for name in names}
        return part.work(ar, {**at, **right})

    return replace(part, work=work)
