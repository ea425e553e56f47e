"""Mistakes made on purpose: plain numpy that works a net out by hand, once right and once wrong.

Nothing here is imported from the program. Every mistake is written from its description in the
contract (docs/cli.md) and the catalogue of mistakes that people make.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import numpy as np

Array = np.ndarray

ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}
SLOPES = {
    "identity": lambda z: np.ones_like(z),
    "sigmoid": lambda z: ACTIVATIONS["sigmoid"](z) * (1 - ACTIVATIONS["sigmoid"](z)),
    "tanh": lambda z: 1 - np.tanh(z) ** 2,
    "relu": lambda z: (z > 0).astype(float),
}


@dataclass
class Net:
    """A net with one sample, and every number of its first two rounds."""

    weights: list[Array]
    biases: list[Array | None]
    activations: list[str]
    loss: str
    rate: float
    x: Array
    t: Array
    rounds: list[dict[str, list[Array]]] = field(default_factory=list)

    @property
    def factor(self) -> float:
        return {"mse": 2 / len(self.t), "sse": 2.0, "half_sse": 1.0}[self.loss]

    def toml(self, digits: int) -> str:
        lines = ['title = "made"', f"digits = {digits}", "[network]", f"inputs = {len(self.x)}"]
        for w, b, activation in zip(self.weights, self.biases, self.activations, strict=True):
            lines += ["[[network.layers]]", f"weights = {w.tolist()}"]
            lines += [] if b is None else [f"bias = {b.tolist()}"]
            lines.append(f'activation = "{activation}"')
        lines += ["[loss]", f'kind = "{self.loss}"', "[training]", "rounds = 2"]
        lines += [f"learning_rate = {self.rate}", "[[samples]]"]
        return "\n".join([*lines, f"x = {self.x.tolist()}", f"t = {self.t.tolist()}"])


def random_net(seed: int) -> Net:
    """Two or three layers of up to four neurons."""
    random = Random(seed)
    sizes = [random.randint(2, 4) for _ in range(random.randint(3, 4))]

    def numbers(*shape: int) -> Array:
        size = int(np.prod(shape))
        drawn = [random.choice((-1, 1)) * random.randint(20, 150) / 100 for _ in range(size)]
        return np.array(drawn).reshape(shape)

    weights = [numbers(n, m) for n, m in pairwise(sizes)]
    net = Net(
        weights,
        [numbers(m) if random.random() < 0.7 else None for m in sizes[1:]],
        [random.choice(("sigmoid", "tanh", "relu", "sigmoid", "identity")) for _ in sizes[1:]],
        random.choice(("mse", "sse", "half_sse")),
        0.3,
        numbers(sizes[0]),
        numbers(sizes[-1]),
    )
    w, b = net.weights, net.biases
    for _ in range(2):
        made = worked(net, w, b)
        net.rounds.append(made)
        w = made["new W"]
        b = [None if each is None else new for each, new in zip(b, made["new b"], strict=True)]
    return net


def worked(net: Net, weights: list[Array], biases: list[Array | None]) -> dict[str, list[Array]]:
    """Every number of a round, layer by layer; lists are over the layers."""
    inputs, z, a = [], [], [net.x]
    for w, b, activation in zip(weights, biases, net.activations, strict=True):
        inputs.append(a[-1])
        z.append(a[-1] @ w + (0 if b is None else b))
        a.append(ACTIVATIONS[activation](z[-1]))
    da: list[Array] = [net.factor * (a[-1] - net.t)]
    dz: list[Array] = []
    for place in reversed(range(len(weights))):
        dz.insert(0, da[0] * SLOPES[net.activations[place]](z[place]))
        da.insert(0, weights[place] @ dz[0])
    dw = [np.outer(x, d) for x, d in zip(inputs, dz, strict=True)]
    return {
        "W": weights,
        "b": [np.zeros(len(d)) if b is None else b for b, d in zip(biases, dz, strict=True)],
        "x": inputs,
        "z": z,
        "a": a[1:],
        "grad a": da[1:],
        "grad z": dz,
        "grad W": dw,
        "new W": [w - net.rate * d for w, d in zip(weights, dw, strict=True)],
        "new b": [
            np.zeros(len(d)) if b is None else b - net.rate * d
            for b, d in zip(biases, dz, strict=True)
        ],
    }


Slip = tuple[str, str, float, float]
"""The mistake, the quantity, the number it gives, and the right one."""


def slips(net: Net) -> Iterator[Slip]:
    """Every known mistake at every quantity where it applies; in round 1 but for `not-zeroed`."""
    r = net.rounds[0]
    for k in range(len(net.weights)):
        yield from _forward(net, r, k)
        yield from _at_z(net, r, k)
        yield from _at_weights(net, r, k)
        if k + 1 < len(net.weights):
            yield from _at_hidden_output(net, r, k)
        yield from _carried(net, r, k)
    yield from _at_loss(net, r)
    yield from _anywhere(net, r)


def _forward(net: Net, r: dict[str, list[Array]], k: int) -> Iterator[Slip]:
    layer, w, x, z, a = f"layer{k + 1}", r["W"][k], r["x"][k], r["z"][k], r["a"][k]
    n, m = w.shape
    for j in range(m):
        name, right = f"{layer}.z[{j + 1}]", z[j]
        if net.biases[k] is not None:
            yield "missing-bias", name, x @ w[:, j], right
            yield "threshold", name, x @ w[:, j] - r["b"][k][j], right
        wrong = w.T if n == m else w.T.reshape(n, m)
        yield "transposed", name, x @ wrong[:, j] + r["b"][k][j], right
        yield "wrong-index", name, z[j - 1 if j else 1], right
        yield "wrong-index", name, right + w[0, j] * (x[1] - x[0]), right
        yield "arithmetic", name, right - 2 * w[0, j] * x[0], right
        yield "arithmetic", name, right - w[1, j] * x[1], right
        name = f"{layer}.a[{j + 1}]"
        if net.activations[k] == "sigmoid":
            yield "exp-sign", name, 1 / (1 + np.exp(z[j])), a[j]
            yield "wrong-function", name, np.tanh(z[j]), a[j]
        if net.activations[k] == "tanh":
            yield "wrong-function", name, 1 / (1 + np.exp(-z[j])), a[j]
        if net.activations[k] in ("sigmoid", "tanh"):
            yield "no-activation", name, z[j], a[j]
        if net.activations[k] == "relu":
            yield "relu-gate", name, z[j], a[j]
        for i in range(n):
            yield "wrong-index", f"{layer}.p[{i + 1},{j + 1}]", w[i, j] * x[i - 1 if i else 1], (
                w[i, j] * x[i]
            )  # fmt: skip


def _at_z(net: Net, r: dict[str, list[Array]], k: int) -> Iterator[Slip]:
    kind, z, da, dz = net.activations[k], r["z"][k], r["grad a"][k], r["grad z"][k]
    for j in range(len(z)):
        name = f"grad layer{k + 1}.z[{j + 1}]"
        if kind != "identity":
            yield "missing-local", name, da[j], dz[j]
            yield "missing-upstream", name, SLOPES[kind](z[j : j + 1])[0], dz[j]
        if kind == "sigmoid":
            yield "wrong-derivative", name, da[j] * z[j] * (1 - z[j]), dz[j]
            yield "wrong-function", name, da[j] * r["a"][k][j], dz[j]
            yield "wrong-function", name, da[j] * (1 - r["a"][k][j] ** 2), dz[j]
            yield "wrong-derivative", name, da[j] * SLOPES["sigmoid"](r["a"][k][j]), dz[j]
        if kind == "tanh":
            yield "wrong-derivative", name, da[j] * (1 - z[j] ** 2), dz[j]
        if kind == "relu" and z[j] <= 0:
            yield "relu-gate", name, da[j], dz[j]


def _at_weights(net: Net, r: dict[str, list[Array]], k: int) -> Iterator[Slip]:
    x, da, dz, dw = r["x"][k], r["grad a"][k], r["grad z"][k], r["grad W"][k]
    w, new = r["W"][k], r["new W"][k]
    n, m = dw.shape
    mirrored = dw.T if n == m else dw.T.reshape(n, m)
    for i in range(n):
        for j in range(m):
            at = f"layer{k + 1}.W[{i + 1},{j + 1}]"
            right = dw[i, j]
            yield "missing-local", f"grad {at}", dz[j], right
            yield "missing-local", f"grad {at}", da[j] * x[i], right
            yield "missing-upstream", f"grad {at}", x[i], right
            yield "transposed", f"grad {at}", mirrored[i, j], right
            yield "wrong-index", f"grad {at}", dw[i - 1 if i else 1, j], right
            yield "not-updated", f"new {at}", w[i, j], new[i, j]
            yield "added-update", f"new {at}", w[i, j] + net.rate * right, new[i, j]
            yield "missing-learning-rate", f"new {at}", w[i, j] - right, new[i, j]
            yield "missing-learning-rate", f"step {at}", right, net.rate * right
            later = net.rounds[1]["grad W"][k][i, j]
            yield "not-zeroed", f"round 2: grad {at}", later + right, later
            if k + 1 < len(net.weights):
                slope = SLOPES[net.activations[k]](r["z"][k])
                back = r["new W"][k + 1] @ r["grad z"][k + 1] * slope
                yield "updated-weights", f"grad {at}", back[j] * x[i], right


def _carried(net: Net, r: dict[str, list[Array]], k: int) -> Iterator[Slip]:
    """A mistake at a neuron's a or z, and everything right from there on."""
    x, new = r["x"][k], r["new W"][k]
    slope = SLOPES[net.activations[k]](r["z"][k])
    wrong: list[tuple[str, Array]] = [("missing-upstream", slope)]
    if k + 1 < len(net.weights):
        w, dz = r["W"][k + 1], r["grad z"][k + 1]
        wrong.append(("missing-local", np.full(len(slope), dz.sum()) * slope))
        wrong.append(("missing-upstream", w.sum(axis=1) * slope))
        wrong += [("one-path", w[:, j] * dz[j] * slope) for j in range(len(dz))]
        wrong.append(("updated-weights", (r["new W"][k + 1] @ dz) * slope))
        if w.shape[0] == w.shape[1]:
            wrong.append(("transposed", (w.T @ dz) * slope))
    else:
        errors = r["a"][-1] - net.t
        wrong.append(("mean-of-errors", np.full(len(slope), 2 * errors.mean()) * slope))
    if net.activations[k] == "identity":
        # z and a are one number: its slope is no factor that could be forgotten or kept alone.
        wrong = wrong[1:]
    right = r["grad z"][k]
    for mistake, dz in wrong:
        for j in range(len(dz)):
            if net.biases[k] is not None:
                name = f"layer{k + 1}.b[{j + 1}]"
                yield mistake, f"grad {name}", dz[j], right[j]
                after = r["new b"][k][j]
                yield mistake, f"new {name}", r["b"][k][j] - net.rate * dz[j], after
            for i in range(len(x)):
                at = f"layer{k + 1}.W[{i + 1},{j + 1}]"
                yield mistake, f"grad {at}", dz[j] * x[i], right[j] * x[i]
                yield mistake, f"new {at}", r["W"][k][i, j] - net.rate * dz[j] * x[i], new[i, j]


def _at_hidden_output(net: Net, r: dict[str, list[Array]], k: int) -> Iterator[Slip]:
    w, dz, da = r["W"][k + 1], r["grad z"][k + 1], r["grad a"][k]
    updated = r["new W"][k + 1] @ dz
    for i in range(len(da)):
        name = f"grad layer{k + 1}.a[{i + 1}]"
        yield "updated-weights", name, updated[i], da[i]
        yield "missing-local", name, dz.sum(), da[i]
        yield "missing-upstream", name, w[i].sum(), da[i]
        for j in range(len(dz)):
            yield "one-path", name, w[i, j] * dz[j], da[i]
        if w.shape[0] == w.shape[1]:
            yield "transposed", name, w[:, i] @ dz, da[i]


def _at_loss(net: Net, r: dict[str, list[Array]]) -> Iterator[Slip]:
    o, n, layer = r["a"][-1], len(net.t), f"layer{len(net.weights)}"
    errors = o - net.t
    total = float((errors**2).sum())
    own = {"mse": 1 / n, "sse": 1.0, "half_sse": 0.5}[net.loss]
    for factor in (1, 0.5, 1 / n):
        if factor != own:
            yield "loss-factor", "loss", factor * total, own * total
    yield "no-square", "loss", own * float(errors.sum()), own * total
    yield "no-square", "loss", own * float(abs(errors).sum()), own * total
    yield "target", "loss", own * float((o**2).sum()), own * total
    for j in range(n):
        name, right = f"loss[{j + 1}]", errors[j] ** 2
        yield "no-square", name, errors[j], right
        yield "target", name, o[j] ** 2, right
        yield "target", name, (o[j] - net.t[j - 1]) ** 2, right
        name, right = f"grad {layer}.a[{j + 1}]", net.factor * errors[j]
        yield "target", name, net.factor * o[j], right
        yield "target", name, net.factor * (o[j] - net.t[j - 1]), right
        yield "arithmetic", name, net.factor * (o[j] + net.t[j]), right
        yield "loss-factor", name, right / 2 if net.loss == "half_sse" else 2 * errors[j], right
        name, right = f"grad {layer}.a[{j + 1}]", net.factor * errors[j]
        yield "reversed-difference", name, -right, right
        yield "mean-of-errors", name, 2 * errors.mean(), right
        yield "mean-of-errors", name, (net.factor * errors).mean(), right
        for factor in (2, 1, 1 / n, 2 / n):
            if factor != net.factor:
                yield "loss-factor", name, factor * errors[j], right


def _anywhere(net: Net, r: dict[str, list[Array]]) -> Iterator[Slip]:
    for k in range(len(net.weights)):
        for letter in ("z", "a"):
            for j, value in enumerate(r[letter][k].tolist()):
                name = f"layer{k + 1}.{letter}[{j + 1}]"
                gradient = float(r[f"grad {letter}"][k][j])
                for each, right in ((name, value), (f"grad {name}", gradient)):
                    yield "sign", each, -right, right
                    if each.startswith("grad"):
                        yield "reversed-difference", each, -right, right
                        for factor in (2, 1, 1 / len(net.t), 2 / len(net.t)):
                            if factor != net.factor:
                                yield "loss-factor", each, right * factor / net.factor, right
                    yield "power-of-ten", each, 10 * right, right
                    if right:
                        yield "reciprocal", each, 1 / right, right
