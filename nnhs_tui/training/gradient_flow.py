"""How large each layer's gradient is in a round, and what that means in plain words.

The norm of a layer's gradient is the square root of the sum of its entries' squares, weights and
biases together. It is compared with the last layer's, since a gradient that shrinks or grows from
layer to layer does so on its way back (Hochreiter 1991; Glorot & Bengio, Understanding the
difficulty of training deep feedforward neural networks, 2010), and the update with the parameters
it changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.labels import counted
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.training.rounds import Run

SHRINKS, VANISHES, EXPLODES = 0.1, 0.01, 100.0
"""Shares of the last layer's norm below and above which a word is said.

A sigmoid's slope is 1/4 at most, so a tenth is what two of them in a row leave; such a layer learns
ten times more slowly. Upwards a tenfold means less: inputs of 10 are enough to make it.
"""

FLAT = 0.01
"""A local derivative this small lets next to nothing through."""

SAMPLES = 256
"""Samples looked through for neurons that let nothing through."""


@dataclass(frozen=True)
class LayerFlow:
    """A layer's gradient in a round."""

    name: str
    """The layer's name; "parameters" for those of a graph."""
    norm: float
    parameter: int
    """Id of its first parameter."""
    words: tuple[str, ...]
    """What there is to say, most important first."""


def gradient_flow(run: Run, number: int) -> list[LayerFlow]:
    """The gradient of every layer in a round (from 0), the first layer first.

    Raises:
        ComputationError: the round cannot be computed.
    """
    made, tape = run.round(number), run.tape
    if not tape.parameters:
        return []
    gradient, before = made.accumulated.astype(float), made.before.astype(float)
    moved = (made.after - made.before).astype(float)
    if tape.is_graph:
        places = {"parameters": np.arange(tape.parameters)}
    else:
        places = {layer.name: _parameters(layer) for layer in tape.layers}
    norms = {name: _norm(gradient[ids]) for name, ids in places.items()}
    layers = {layer.name: layer for layer in tape.layers}
    sums = _sums(run, number)
    last = list(norms)[-1]
    flows = []
    for name, ids in places.items():
        words = _flat_neurons(layers[name], sums[name]) if name in layers else []
        words = [*_compared(norms[name], norms[last], last if name != last else ""), *words]
        if _norm(moved[ids]) > _norm(before[ids]) > 0:
            words.append("this update is larger than its parameters: a smaller learning rate helps")
        flows.append(LayerFlow(name, norms[name], int(ids[0]), tuple(words)))
    return flows


def _parameters(layer: LayerBlock) -> np.ndarray:
    """The ids of a layer's weights and biases."""
    weights = np.arange(layer.weights, layer.weights + layer.n * layer.m)
    if layer.bias is None:
        return weights
    return np.concatenate((weights, np.arange(layer.bias, layer.bias + layer.m)))


def _norm(values: np.ndarray) -> float:
    # Of what is divided by the largest one the squares do not overflow.
    largest = float(np.abs(values).max(initial=0.0))
    return largest * float(np.sqrt(np.sum((values / largest) ** 2))) if largest else 0.0


def _times(larger: float, smaller: float) -> str:
    """How many times larger, as text."""
    share = min(larger / smaller, 1e300)
    return f"{share:.0f}" if share < 1e6 else f"{share:.0e}"


def _compared(norm: float, last_norm: float, last: str) -> list[str]:
    """What a norm is beside that of the last layer."""
    if norm == 0:
        return ["is 0: this layer learns nothing in this round"]
    if not last or not last_norm:
        return []
    share = norm / last_norm
    if share < VANISHES:
        return [f"vanishes: 1/{_times(last_norm, norm)} of {last}'s"]
    if share < SHRINKS:
        return [f"shrinks on the way back: 1/{_times(last_norm, norm)} of {last}'s"]
    if share > EXPLODES:
        return [f"explodes: {_times(norm, last_norm)} times {last}'s"]
    return []


def _sums(run: Run, number: int) -> dict[str, np.ndarray]:
    """Every layer's z in a round (from 0), as doubles (samples, neurons).

    The records are looked at one by one: all of them at once may be more than memory holds.
    """
    found: dict[str, list[np.ndarray]] = {layer.name: [] for layer in run.tape.layers}
    for sample in range(min(SAMPLES, len(run.samples))):
        value = run.record(number, sample).value
        for layer in run.tape.layers:
            ids = [layer.z(j) for j in range(layer.m)]
            found[layer.name].append(value[ids].astype(float))
    return {name: np.array(rows) for name, rows in found.items()}


def _slopes(layer: LayerBlock, z: np.ndarray) -> np.ndarray:
    """The slope of a layer's activation at each of these sums, in doubles."""
    exact, operation = Exact(), layer.single
    with exact.protected():
        if operation is None:
            slopes: np.ndarray = np.vectorize(layer.tail.curve, otypes=[float, float])(z)[1]
            return slopes
        (slope,) = operation.local(exact, operation.forward(exact, z), z)
    return np.asarray(slope)


def _flat_neurons(layer: LayerBlock, z: np.ndarray) -> list[str]:
    """The neurons whose activation lets nothing, or next to nothing, through in any sample."""
    if layer.is_softmax or not layer.acts:
        return []
    gate = None if layer.single is None else layer.single.gate
    if gate is not None:
        dead = gate.is_shut(z).all(axis=0)
        told = f"dead: {gate.when} in every sample, and {gate.name} lets no gradient through"
    else:
        dead = (np.abs(_slopes(layer, z)) < FLAT).all(axis=0)
        told = f"saturated: the slope is below {FLAT:g} in every sample"
    found = [str(j + 1) for j in np.flatnonzero(dead).tolist()]
    if not found:
        return []
    shown = ", ".join(found[:6]) + (f" and {len(found) - 6} more" if len(found) > 6 else "")
    return [counted(len(found), "neuron like this", names=shown, told=told)]
