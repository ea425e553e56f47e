"""The shipped graphs of matrices against the same formulas in plain numpy."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.record import Record, run
from nnhs_tui.operations.arithmetic import arithmetic
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load


def sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z))


def softmax(z: np.ndarray) -> np.ndarray:
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)


def batch(g: SimpleNamespace) -> float:
    return float(((sigmoid(g.X @ g.W + g.b) - g.T) ** 2).mean())


def cross_entropy(g: SimpleNamespace) -> float:
    return float(-(g.T * np.log(softmax(g.X @ g.W))).sum() / 2)


def convolution(g: SimpleNamespace) -> float:
    at = [(i, j) for i in range(2) for j in range(2)]
    found = [sum(g.X[i + m, j + n] * g.K[m, n] for m, n in at) for i, j in at]
    return float(max(max(each + g.b[0, 0], 0) for each in found))


def batch_normalisation(g: SimpleNamespace) -> float:
    normal = (g.X - g.X.mean()) / np.sqrt(g.X.var() + 1e-5)
    return float(((g.g * normal + g.s - g.T) ** 2).mean())


def recurrent(g: SimpleNamespace) -> float:
    h = g.h0
    for step in range(3):
        h = np.tanh(g.X[step : step + 1] @ g.U + h @ g.W)
    return float(((h @ g.v - g.t) ** 2).item())


def lstm(g: SimpleNamespace) -> float:
    z = (np.hstack([g.x, g.h0]) @ g.W + g.b).ravel()
    c = sigmoid(z[1]) * g.c0 + sigmoid(z[0]) * np.tanh(z[3])
    return float(((sigmoid(z[2]) * np.tanh(c) - g.t) ** 2).item())


def attention(g: SimpleNamespace) -> float:
    return float(((softmax(g.q @ g.K.T / np.sqrt(2)) @ g.V - g.T) ** 2).sum())


SCENARIOS: dict[str, Callable[[SimpleNamespace], float]] = {
    "matrix-batch": batch,
    "matrix-softmax": cross_entropy,
    "matrix-convolution": convolution,
    "matrix-batch-normalisation": batch_normalisation,
    "matrix-recurrent": recurrent,
    "matrix-lstm": lstm,
    "matrix-attention": attention,
}


def recorded(name: str, kind: str) -> Record:
    scenario = load(shipped_folder() / f"{name}.toml")
    ar = arithmetic(kind, 2)
    return run(compile_tape(scenario), ar, initial_parameters(scenario, ar), scenario.samples[0])


@pytest.mark.parametrize("name", SCENARIOS)
def test_value_and_gradients_are_numpys(name: str) -> None:
    record, function = recorded(name, "exact"), SCENARIOS[name]
    tape = record.tape
    given = {
        block.name: record.value[list(block.ids)].reshape(block.shape)
        for block in tape.blocks
        if block.ids[0] < tape.leaves
    }
    assert record.value[tape.outputs[0]] == pytest.approx(function(SimpleNamespace(**given)))
    for block in tape.blocks:
        if block.ids[0] >= tape.leaves:
            continue
        for place, node in zip(np.ndindex(block.shape), block.ids, strict=True):
            ends = []
            for sign in (1, -1):
                moved = {key: each.copy() for key, each in given.items()}
                moved[block.name][place] += sign * 1e-6
                ends.append(function(SimpleNamespace(**moved)))
            slope = (ends[0] - ends[1]) / 2e-6
            assert record.gradient[node] == pytest.approx(slope, abs=1e-8)


def test_the_convolution_on_paper() -> None:
    """All products come out at two decimals; worked by hand below."""
    record = recorded("matrix-convolution", "hand")
    sums = {}
    for i in (1, 2):
        for j in (1, 2):
            node = next(n for n, text in enumerate(record.tape.node_names) if text == f"C[{i},{j}]")
            sums[i, j] = str(record.value[record.tape.leaves + node])
    # 0.5·1−2+0+0.5 = −1; 1−0+1+1.5 = 3.5; 0−1+2+0 = 1; 0.5−3+0+0.5 = −2.
    assert {key: float(each) for key, each in sums.items()} == {
        (1, 1): -1.0,
        (1, 2): 3.5,
        (2, 1): 1.0,
        (2, 2): -2.0,
    }
    assert float(record.value[record.tape.outputs[0]]) == 3.7
