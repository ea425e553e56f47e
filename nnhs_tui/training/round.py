"""One round: what its update is made of, and what can go wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.arithmetic import Arithmetic, added
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.optimizer import NEW, NORM, STEP
from nnhs_tui.operations.update_rules import State
from nnhs_tui.operations.updating import Given, Update, norm_of, update


@dataclass(frozen=True, eq=False)
class Round:
    """What one update is made of, and the losses of its round; most rounds have one update.

    Every array is (parameters,) and read-only.
    """

    before: np.ndarray
    total: np.ndarray
    """The gradients summed over the samples that go into it."""
    accumulated: np.ndarray
    """What the update uses: `total`, divided by the number of samples for the mean."""
    given: Given
    """What the update begins with."""
    numbers: Mapping[str, np.ndarray]
    """What is worked out on the way, see `Update`; nothing of it is done where one is frozen."""
    after: np.ndarray
    state_after: State
    """What the rule keeps with this update in it."""
    losses: tuple[Any, ...] = ()
    """The loss of each sample of the round; empty without a loss."""
    loss: Any = None
    """The losses reduced like the gradients; None without a loss."""

    @property
    def step(self) -> np.ndarray:
        """What the update rule takes off, frozen parameters excepted."""
        return self.numbers[STEP]

    @property
    def state(self) -> State:
        """What the rule has kept of the updates before; (parameters,) for each of its `keeps`."""
        return self.given.state

    @property
    def rate(self) -> Any:
        """The learning rate after its schedule."""
        return self.given.rate

    def number(self, kind: str, node: int) -> Any:
        """A number of the update by its name; of `clip norm` whatever the parameter."""
        if kind == NORM:
            return self.given.norm
        return (self.after if kind == NEW else self.numbers[kind])[node]


def updated(
    tape: Tape,
    ar: Arithmetic,
    rate: Any,
    done: int,
    before: np.ndarray,
    state: State,
    total: Any,
    samples: int,
) -> Round:
    """An update out of what its samples came to.

    Args:
        rate: the learning rate before its schedule.
        done: how many updates the run has behind it.
        before: (parameters,) what it begins with.
        state: what the update rule has kept of the updates before.
        total: (parameters,) the gradients of all samples, added up.
        samples: how many there are.

    Raises:
        ComputationError: the samples together, or the update, overflow.
    """
    optimizer = tape.scenario.optimizer
    with ar.protected():
        accumulated = reduced(tape, ar, total, samples)
        if samples > 1:
            _check_sums(tape, ar, accumulated, samples)
        rate = optimizer.rate(ar, rate, done)
        norm = None
        if optimizer.has_norm:
            norm = norm_of(optimizer, ar, accumulated[~tape.frozen])
        given = Given(rate, done + 1, before, accumulated, state, tape.decays, norm)
        made = update(optimizer, ar, given)
        after = np.where(tape.frozen, before, made.after)
        kept = tuple(
            np.where(tape.frozen, old, new) for old, new in zip(state, made.state, strict=True)
        )
        _check(tape, ar, given, made, after)
    for array in (before, total, accumulated, *made.numbers.values(), after, *state, *kept):
        array.setflags(write=False)
    return Round(before, total, accumulated, given, made.numbers, after, kept)


def whole_loss(tape: Tape, ar: Arithmetic, losses: list[Any]) -> Any:
    """The losses of a round's samples reduced like the gradients; None without any.

    Raises:
        ComputationError: together they overflow.
    """
    if len(losses) < 2:
        return losses[0] if losses else None
    with ar.protected():
        loss = reduced(tape, ar, added(losses), len(losses))
        if not ar.finite(loss):
            raise _too_large("loss", len(losses))
    return loss


def reduced(tape: Tape, ar: Arithmetic, total: Any, samples: int) -> Any:
    """Samples' gradients, or losses, become one: see `Reduction`."""
    if samples == 1:
        return total
    divisor = tape.scenario.reduction.divisor(samples)
    return ar.round(total / divisor if divisor > 1 else total)


def _check_sums(tape: Tape, ar: Arithmetic, accumulated: np.ndarray, samples: int) -> None:
    """Samples that are fine by themselves may add up to an overflow."""
    fine = np.asarray(ar.finite(accumulated), bool)
    if not fine.all():
        raise _too_large(f"grad {Names(tape).name(int(np.flatnonzero(~fine)[0]))}", samples)


def _too_large(name: str, samples: int) -> ComputationError:
    return ComputationError(
        name,
        f"a number too large (overflow) from {samples} samples together",
        "expected numbers that stay finite: smaller inputs or parameters",
    )


def _check(tape: Tape, ar: Arithmetic, given: Given, made: Update, after: np.ndarray) -> None:
    """Whatever is too large on the way, though the step may be small because of it."""
    if given.norm is not None and not ar.finite(given.norm):
        raise ComputationError(NORM, "a number too large (overflow)", "expected smaller gradients")
    for kind in tape.scenario.optimizer.steps:
        array = after if kind == NEW else made.numbers[kind]
        if ar.all_finite(array):
            continue
        fine = np.asarray(ar.finite(array), bool) | tape.frozen
        if not fine.all():
            name = Names(tape).name(int(np.flatnonzero(~fine)[0]))
            cure = tape.scenario.optimizer.rule.cure.format(rate=plain(given.rate))
            raise ComputationError(
                f"{kind} {name}",
                "a number too large (overflow) after the update",
                f"expected {cure}",
            )
