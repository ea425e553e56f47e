"""The article's training program run from many random starts: as printed, and mended (E10).

The net is 10 → 5 → 2 with a sigmoid behind both layers, the loss the mean of the squares, the
learning rate 0.1. As printed means: with the name that stops it (E3) mended, and nothing else. All
starts are worked out together, an array each.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

INPUTS, HIDDEN, OUTPUTS = 10, 5, 2
RATE = 0.1


@dataclass(frozen=True)
class Starts:
    """The losses of many random starts."""

    before: np.ndarray
    """(starts,) of the first round."""
    printed: np.ndarray
    """(starts,) behind the last update, by the program as it is printed."""
    mended: np.ndarray
    """(starts,) by the mended one."""

    @property
    def risen(self) -> tuple[int, int]:
        """How often the loss is higher at the end: as printed, and mended."""
        return int((self.printed > self.before).sum()), int((self.mended > self.before).sum())


def run_starts(starts: int, rounds: int, seed: int) -> Starts:
    """Train from random starts, drawn one after the other: both weights, the input, the target."""
    draw = np.random.default_rng(seed).standard_normal
    drawn = [
        (draw((HIDDEN, INPUTS)), draw((OUTPUTS, HIDDEN)), draw(INPUTS), draw(OUTPUTS))
        for _ in range(starts)
    ]
    first, second, x, t = (np.array(each) for each in zip(*drawn, strict=True))
    losses = {
        is_mended: list(_train(first.copy(), second.copy(), x, t, rounds, is_mended=is_mended))
        for is_mended in (False, True)
    }
    return Starts(losses[True][0], losses[False][-1], losses[True][-1])


def _train(
    first: np.ndarray,
    second: np.ndarray,
    x: np.ndarray,
    t: np.ndarray,
    rounds: int,
    *,
    is_mended: bool,
) -> Iterator[np.ndarray]:
    """(starts,) losses: before each update, and behind the last.

    Args:
        first: (starts, hidden, inputs), a row for each neuron as in the article's class.
        second: (starts, outputs, hidden).
        x: (starts, inputs).
        t: (starts, outputs).
    """
    for number in range(rounds + 1):
        a = _sigmoid(np.einsum("shi,si->sh", first, x))
        o = _sigmoid(np.einsum("soh,sh->so", second, a))
        yield ((o - t) ** 2).mean(axis=1)
        if number == rounds:
            return
        slope_o, slope_a = o * (1 - o), a * (1 - a)
        if is_mended:
            dz = 2 / OUTPUTS * (o - t) * slope_o
            below = np.einsum("so,soh->sh", dz, second) * slope_a
            to_second, to_first = dz[:, :, None] * a[:, None, :], below[:, :, None] * x[:, None, :]
        else:
            # What arrives is left out (E6), and the gradient is reshaped (E4).
            to_second = (a[:, :, None] * slope_o[:, None, :]).reshape(second.shape)
            to_first = (x[:, :, None] * slope_a[:, None, :]).reshape(first.shape)
        second -= RATE * to_second
        first -= RATE * to_first


def _sigmoid(z: np.ndarray) -> np.ndarray:
    found: np.ndarray = 1 / (1 + np.exp(-z))
    return found
