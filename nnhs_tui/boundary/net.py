"""The net of the boundary, worked out layer by layer for all points at once.

Two inputs, hidden units with a bias, one output with a sigmoid; the loss is the mean of the binary
cross-entropy. These are the very numbers of a scenario with these points as its samples, one update
a round: `scenario_text` writes it, and the tests compare them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nnhs_tui.boundary.points import Points

ACTIVATIONS = ("tanh", "relu", "sigmoid")
MOST_HIDDEN = 16
RATE = 1.0


@dataclass(frozen=True, eq=False)
class Weights:
    """All parameters."""

    hidden: np.ndarray
    """(2, units)."""
    hidden_bias: np.ndarray
    """(units,)."""
    output: np.ndarray
    """(units, 1)."""
    output_bias: np.ndarray
    """(1,)."""


def start_weights(units: int, seed: int) -> Weights:
    """Weights drawn at random, biases of 0; in thousandths, so that a file can hold them."""
    draw = np.random.default_rng(seed)
    first = np.round(draw.standard_normal((2, units)), 3)
    second = np.round(draw.standard_normal((units, 1)), 3)
    return Weights(first, np.zeros(units), second, np.zeros(1))


@dataclass
class BoundaryNet:
    """A net that is being trained."""

    units: int = 6
    activation: str = "tanh"
    seed: int = 0
    rate: float = RATE
    weights: Weights = field(init=False)
    epoch: int = field(init=False, default=0)
    losses: list[float] = field(init=False)
    """Before each update."""

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Forget what was learnt."""
        self.weights, self.epoch, self.losses = start_weights(self.units, self.seed), 0, []

    def hidden(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(points, units) sums, and what the activation makes of them."""
        z = x @ self.weights.hidden + self.weights.hidden_bias
        return z, self._activated(z)

    def _activated(self, z: np.ndarray) -> np.ndarray:
        if self.activation == "tanh":
            found: np.ndarray = np.tanh(z)
        elif self.activation == "relu":
            found = np.maximum(z, 0.0)
        else:
            found = _sigmoid(z)
        return found

    def output(self, x: np.ndarray) -> np.ndarray:
        """(points,) between 0 and 1."""
        _, a = self.hidden(x)
        return _sigmoid(a @ self.weights.output + self.weights.output_bias)[:, 0]

    def train(self, points: Points, epochs: int) -> None:
        """So many updates, each with the mean of all points' gradients."""
        x, t, count = points.x, points.t[:, None], len(points)
        w1, b1 = self.weights.hidden.copy(), self.weights.hidden_bias.copy()
        w2, b2 = self.weights.output.copy(), self.weights.output_bias.copy()
        is_tanh, is_relu = self.activation == "tanh", self.activation == "relu"
        for _ in range(epochs):
            z = x @ w1
            z += b1
            a = self._activated(z)
            total = a @ w2 + b2
            self.losses.append(_loss(total, t))
            dz2 = (_sigmoid(total) - t) / count
            dz1 = dz2 @ w2.T
            if is_relu:
                dz1 *= z > 0
            else:
                dz1 *= 1 - a * a if is_tanh else a * (1 - a)
            w2 -= self.rate * (a.T @ dz2)
            b2 -= self.rate * dz2.sum(axis=0)
            w1 -= self.rate * (x.T @ dz1)
            b1 -= self.rate * dz1.sum(axis=0)
        self.weights = Weights(w1, b1, w2, b2)
        self.epoch += epochs

    def loss(self, points: Points) -> float:
        """The mean of the binary cross-entropy."""
        _, a = self.hidden(points.x)
        total = a @ self.weights.output + self.weights.output_bias
        return _loss(total, points.t[:, None])


def _sigmoid(z: np.ndarray) -> np.ndarray:
    # exp of at most 0 on both sides: it never overflows.
    small = np.exp(-np.abs(z))
    found: np.ndarray = np.where(z >= 0, 1.0, small) / (1 + small)
    return found


def _loss(z: np.ndarray, t: np.ndarray) -> float:
    """−t·ln σ(z) − (1−t)·ln(1−σ(z)), in a form that has no logarithm of 0."""
    return float(np.mean(np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))))


def scenario_text(net: BoundaryNet, points: Points, title: str) -> str:
    """The net as it is now as a scenario, the points its samples: a round is an update."""
    weights = net.weights
    samples = "\n".join(
        f"[[samples]]\nx = [{x!r}, {y!r}]\nt = [{t!r}]"
        for (x, y), t in zip(points.x.tolist(), points.t.tolist(), strict=True)
    )
    return f'''title = "{title}"
level = "layer"
digits = 3

[network]
inputs = 2

[[network.layers]]
name = "hidden"
weights = {_rows(weights.hidden)}
bias = {weights.hidden_bias.tolist()}
activation = "{net.activation}"

[[network.layers]]
name = "output"
weights = {_rows(weights.output)}
bias = {weights.output_bias.tolist()}
activation = "sigmoid"

[loss]
kind = "bce"

[training]
learning_rate = {net.rate!r}

{samples}
'''


def _rows(matrix: np.ndarray) -> str:
    return f"[{', '.join(str(row) for row in matrix.tolist())}]"
