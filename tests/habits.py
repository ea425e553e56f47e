"""Pupils with one misunderstanding each: a net worked out, always with the same habit.

Nothing here is imported from the program: its own arithmetic, once with all decimals and once with
every result rounded. A habit is made wherever it can be; all else goes on from it, rightly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import exp, tanh

Round = Callable[[float], float]


@dataclass(frozen=True)
class Numbers:
    """What is given: matrices have a row for each input."""

    x: list[float]
    t: list[float]
    w: tuple[list[list[float]], list[list[float]]]
    b: tuple[list[float], list[float]]
    rate: float


def exactly(value: float) -> float:
    return value


def by_hand(value: float) -> float:
    """Rounded to two decimals, half away from zero."""
    return float(Decimal(f"{value:.9f}").quantize(Decimal("0.01"), ROUND_HALF_UP))


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


HABITS = {
    "missing-local": "missing-local",
    "no-slope-anywhere": "missing-local",
    "missing-upstream": "missing-upstream",
    "reversed-difference": "reversed-difference",
    "loss-factor": "loss-factor",
    "mean-of-errors": "mean-of-errors",
    "transposed": "transposed",
    "transposed-forward": "transposed",
    "one-path": "one-path",
    "wrong-derivative": "wrong-derivative",
    "derivative-at-a": "wrong-derivative",
    "added-update": "added-update",
    "missing-learning-rate": "missing-learning-rate",
    "not-updated": "not-updated",
    "missing-bias": "missing-bias",
    "threshold": "threshold",
    "exp-sign": "exp-sign",
    "no-activation": "no-activation",
    "no-square": "no-square",
    "target": "target",
    "neighbours-target": "target",
    "tanh": "wrong-function",
    "a-for-slope": "wrong-function",
}
"""Each habit, and the mistake that it is."""


def answers(given: Numbers, habit: str, r: Round) -> dict[str, float]:
    """Every number that a worksheet asks, as a pupil with this habit finds it."""
    found: dict[str, float] = {}
    x, outputs = given.x, []
    inputs = [x]
    for k, layer in enumerate(("hidden", "output")):
        w, b, row = given.w[k], given.b[k], []
        for j in range(2):
            weights = [w[j][0], w[j][1]] if habit == "transposed-forward" else [w[0][j], w[1][j]]
            z = sum(r(weight * value) for weight, value in zip(weights, inputs[k], strict=True))
            z += {"missing-bias": 0, "threshold": -b[j]}.get(habit, b[j])
            z = found[f"{layer}.z[{j + 1}]"] = r(z)
            if habit == "no-activation":
                a = z
            elif habit == "exp-sign":
                a = sigmoid(-z)
            else:
                a = tanh(z) if habit == "tanh" else sigmoid(z)
            found[f"{layer}.a[{j + 1}]"] = r(a)
            row.append(r(a))
        inputs.append(row)
    outputs = inputs[2]
    errors = [o - t for o, t in zip(outputs, given.t, strict=True)]
    terms = [r(each if habit == "no-square" else each**2) for each in errors]
    found |= {f"loss[{j + 1}]": each for j, each in enumerate(terms)}
    found["loss"] = r(sum(terms) / 2)
    targets = given.t[::-1] if habit == "neighbours-target" else given.t
    at_a = []
    for j in range(2):
        error = outputs[j] - targets[j]
        if habit == "reversed-difference":
            error = -error
        elif habit == "loss-factor":
            error = 2 * error
        elif habit == "mean-of-errors":
            error = sum(errors) / 2
        elif habit == "target":
            error = outputs[j]
        at_a.append(r(error))
    for k in (1, 0):
        layer, w = ("hidden", "output")[k], given.w[k]
        found |= {f"grad {layer}.a[{j + 1}]": each for j, each in enumerate(at_a)}
        at_z = []
        for j in range(2):
            z, a = found[f"{layer}.z[{j + 1}]"], inputs[k + 1][j]
            slope = r(a * (1 - a))
            if habit == "wrong-derivative":
                slope = r(z * (1 - z))
            elif habit == "derivative-at-a":
                slope = r(sigmoid(a) * (1 - sigmoid(a)))
            elif habit == "a-for-slope":
                slope = a
            elif habit == "no-slope-anywhere" or (habit == "missing-local" and k == 1):
                slope = 1
            delta = slope if habit == "missing-upstream" else r(at_a[j] * slope)
            at_z.append(delta)
            found[f"grad {layer}.z[{j + 1}]"] = found[f"grad {layer}.b[{j + 1}]"] = delta
        gradients = [[r(at_z[j] * inputs[k][i]) for j in range(2)] for i in range(2)]
        if habit == "transposed":
            gradients = [[gradients[j][i] for j in range(2)] for i in range(2)]
        for i in range(2):
            for j in range(2):
                found[f"grad {layer}.W[{i + 1},{j + 1}]"] = gradients[i][j]
        back = [[r(w[i][j] * at_z[j]) for j in range(2)] for i in range(2)]
        at_a = [r(each[0] if habit == "one-path" else sum(each)) for each in back]
    found |= {f"grad x[{i + 1}]": each for i, each in enumerate(at_a)}
    for k, layer in enumerate(("hidden", "output")):
        for j in range(2):
            names = {f"{layer}.b[{j + 1}]": given.b[k][j]}
            names |= {f"{layer}.W[{i + 1},{j + 1}]": given.w[k][i][j] for i in range(2)}
            for name, old in names.items():
                step = r(given.rate * found[f"grad {name}"])
                if habit == "missing-learning-rate":
                    step = found[f"grad {name}"]
                elif habit == "not-updated":
                    step = 0
                new = old + step if habit == "added-update" else old - step
                found[f"new {name}"] = r(new)
    return found
