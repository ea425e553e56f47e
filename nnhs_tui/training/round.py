"""One round: what its update is made of, and what can go wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.arithmetic import Arithmetic, added
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.update_rules import State


@dataclass(frozen=True, eq=False)
class Round:
    """What one round's update is made of; every array is (parameters,) and read-only."""

    before: np.ndarray
    total: np.ndarray
    """The gradients summed over the samples."""
    accumulated: np.ndarray
    """What the update uses: `total`, divided by the number of samples for the mean."""
    step: np.ndarray
    """What the update rule takes off, frozen parameters excepted."""
    after: np.ndarray
    state: State
    """What the rule has kept of the rounds before; (parameters,) for each of its `keeps`."""
    state_after: State
    """The same with this round in it."""
    losses: tuple[Any, ...]
    """The loss of each sample; empty without a loss."""
    loss: Any
    """The losses reduced like the gradients; None without a loss."""


def updated(
    tape: Tape,
    ar: Arithmetic,
    rate: Any,
    before: np.ndarray,
    state: State,
    total: Any,
    losses: list[Any],
    samples: int,
) -> Round:
    """A round out of what its samples came to.

    Args:
        rate: the learning rate.
        before: (parameters,) what it begins with.
        state: what the update rule has kept of the rounds before.
        total: (parameters,) the gradients of all samples, added up.
        losses: of each sample; empty without a loss.
        samples: how many there are.

    Raises:
        ComputationError: the samples together, or the update, overflow.
    """
    with ar.protected():
        accumulated = _reduced(tape, ar, total, samples)
        loss = _reduced(tape, ar, added(losses), samples) if losses else None
        _check_sums(tape, ar, accumulated, loss, samples)
        made = tape.scenario.optimizer.update(ar, rate, before, accumulated, state)
        after = np.where(tape.frozen, before, made.after)
        _check(tape, ar, after, rate)
    for array in (before, total, accumulated, made.step, after, *state, *made.state):
        array.setflags(write=False)
    return Round(
        before, total, accumulated, made.step, after, state, made.state, tuple(losses), loss
    )


def _reduced(tape: Tape, ar: Arithmetic, total: Any, samples: int) -> Any:
    """Samples' gradients, or losses, become one: see `Reduction`."""
    if samples == 1:
        return total
    divisor = tape.scenario.reduction.divisor(samples)
    return ar.round(total / divisor if divisor > 1 else total)


def _check_sums(
    tape: Tape, ar: Arithmetic, accumulated: np.ndarray, loss: Any, samples: int
) -> None:
    """Samples that are fine by themselves may add up to an overflow."""
    fine = np.asarray(ar.finite(accumulated), bool)
    name = "loss"
    if not fine.all():
        name = f"grad {Names(tape).name(int(np.flatnonzero(~fine)[0]))}"
    elif loss is None or ar.finite(loss):
        return
    raise ComputationError(
        name,
        f"a number too large (overflow) from {samples} samples together",
        "expected numbers that stay finite: smaller inputs or parameters",
    )


def _check(tape: Tape, ar: Arithmetic, after: np.ndarray, rate: Any) -> None:
    fine = np.asarray(ar.finite(after), bool)
    if not fine.all():
        cure = tape.scenario.optimizer.cure.format(rate=plain(rate))
        raise ComputationError(
            f"new {Names(tape).name(int(np.flatnonzero(~fine)[0]))}",
            "a number too large (overflow) after the update",
            f"expected {cure}",
        )
