"""What an update comes to: the numbers of an optimizer's steps, in either arithmetic.

Vectors are (parameters,); single numbers work alike, which marking does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nnhs_tui.operations.optimizer import (
    BY_VALUE,
    DECAY,
    GRADIENT,
    NORM,
    NOTHING,
    STEP,
    G,
    Optimizer,
)
from nnhs_tui.operations.update_rules import Known, State

if TYPE_CHECKING:
    from nnhs_tui.operations.arithmetic import Arithmetic


@dataclass(frozen=True)
class Given:
    """What an update begins with, in one arithmetic."""

    rate: Any
    """The learning rate after its schedule."""
    count: int
    """Which update of the run it is, from 1."""
    old: Any
    """The parameters, single or (parameters,), as all below."""
    gradient: Any
    """What the samples came to."""
    state: State
    decays: Any = True
    """Whether weight decay is for it, single or (parameters,) of bool."""
    norm: Any = None
    """The size of all gradients, where they are clipped by it."""


@dataclass(frozen=True)
class Update:
    """What an update comes to."""

    numbers: Mapping[str, Any]
    """By name: `g` where there is one, the rule's parts, `step`, and `decay` where there is one."""
    after: Any
    state: State
    """What the rule keeps afterwards."""

    @property
    def step(self) -> Any:
        """What the rule takes off."""
        return self.numbers[STEP]


def norm_of(optimizer: Optimizer, ar: Arithmetic, gradients: Any) -> Any:
    """The size of gradients (n,) together; None where they are not clipped by it."""
    if not optimizer.has_norm:
        return None
    squares = np.add.reduce(ar.round(gradients * gradients)) if len(gradients) else ar.one * 0
    return ar.round(ar.function("sqrt", squares))


def known_before(optimizer: Optimizer, ar: Arithmetic, given: Given) -> dict[str, Any]:
    """What an update is worked out from, before anything of it is."""
    return {
        **{name: ar.number(each) for name, each in optimizer.numbers.items()},
        **dict(zip(optimizer.keeps, given.state, strict=True)),
        "lr": given.rate,
        "k": given.count,
        "w": given.old,
    }


def decay_of(optimizer: Optimizer, ar: Arithmetic, given: Given) -> Any:
    """What weight decay adds to the gradient or takes off; None where there is none."""
    if not optimizer.weight_decay:
        return None
    amount: Any = ar.number(optimizer.weight_decay)
    none: Any = ar.number(NOTHING)
    if isinstance(given.decays, np.ndarray):
        amount = np.where(given.decays, amount, none)
    elif not given.decays:
        amount = none
    if optimizer.rule.decays_beside:
        return ar.round(given.rate * amount * given.old)
    return ar.round(amount * given.old)


def gradient_of(optimizer: Optimizer, ar: Arithmetic, given: Given, decay: Any) -> Any:
    """What the rule uses: the gradient clipped, and the decay added."""
    g = clipped(optimizer, ar, given)
    return g if decay is None or optimizer.rule.decays_beside else ar.round(g + decay)


def clipped(optimizer: Optimizer, ar: Arithmetic, given: Given) -> Any:
    """The gradient after clipping."""
    g = given.gradient
    if optimizer.clip is None:
        return g
    limit: Any = ar.number(optimizer.clip.limit)
    if optimizer.clip.kind == BY_VALUE:
        g = np.where(g > limit, limit, g)[()]
        return np.where(g < -limit, -limit, g)[()]
    norm = given.norm
    return np.where(norm > limit, ar.round(g * limit / np.where(norm > 0, norm, 1)), g)[()]


def entry(optimizer: Optimizer, ar: Arithmetic, name: str, known: Known, *, decays: bool) -> Any:
    """One number of an update out of what it `needs`, all of one parameter."""
    numbers = {each: ar.number(value) for each, value in optimizer.numbers.items()}
    part = optimizer.part(name)
    if part is not None:
        return part.work(ar, {**numbers, **known})
    if name == STEP:
        return optimizer.rule.step(ar, {**numbers, **known})
    given = Given(
        known.get("lr"), 0, known.get("w"), known.get(GRADIENT), (), decays, known.get(NORM)
    )
    if name == G:
        decay = decay_of(optimizer, ar, given) if optimizer.adds_decay else None
        return gradient_of(optimizer, ar, given, decay)
    if name == DECAY:
        return decay_of(optimizer, ar, given)
    return after_step(optimizer, ar, known["w"], known[STEP], known.get(DECAY))


def update(optimizer: Optimizer, ar: Arithmetic, given: Given) -> Update:
    """New parameters, and all that is worked out on the way to them."""
    known, numbers = known_before(optimizer, ar, given), dict[str, Any]()
    decay = decay_of(optimizer, ar, given)
    known[G] = gradient_of(optimizer, ar, given, decay)
    if optimizer.has_g:
        numbers[G] = known[G]
    for part in optimizer.rule.parts:
        known[part.name] = numbers[part.name] = part.work(ar, known)
    numbers[STEP] = optimizer.rule.step(ar, known)
    if decay is not None:
        numbers[DECAY] = decay
    after = after_step(optimizer, ar, given.old, numbers[STEP], decay)
    return Update(numbers, after, tuple(known[name] for name in optimizer.keeps))


def after_step(optimizer: Optimizer, ar: Arithmetic, old: Any, step: Any, decay: Any) -> Any:
    """The new value of a parameter."""
    if decay is not None and optimizer.rule.decays_beside:
        return ar.round(old - decay - step)
    return ar.round(old - step)
