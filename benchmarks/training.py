"""A hundred rounds of training with all that is kept of them, against micrograd's without."""

from __future__ import annotations

import gc
import math
import random
import tracemalloc
from collections.abc import Callable, Iterator

from micrograd.nn import MLP

from benchmarks.measure import Goal, Table, duration, in_turn, timed, times
from benchmarks.nets import net, shape
from nnhs_tui.debugger.session import Session

SIZES = (10, 5, 2)
ROUNDS = 100
RATE = 0.1
FASTER = Goal(2, at_least=True)
MANY = 10_000
MEMORY = Goal(50, "MB")


def run(quick: bool) -> Iterator[Table]:
    """The table of the times, then that of the memory."""
    table = Table(
        f"training: {ROUNDS} rounds of {shape(SIZES)} with ReLU, through the train command",
        ("net", "ours", "micrograd", "faster", "goal", ""),
        notes=[
            "ours: with every round's parameters and loss kept, and the first and last recorded"
        ],
    )
    table.add(shape(SIZES), *_speed(5 if quick else 21))
    yield table
    table = Table(
        "memory of many rounds: the most Python had at once, without what was there before",
        ("arithmetic", "rounds", "memory", "goal", ""),
    )
    rounds = MANY // 10 if quick else MANY
    for arithmetic in ("exact", "hand"):
        table.add(arithmetic, f"{rounds:,}", *_memory(arithmetic, rounds))
    yield table


def _speed(pairs: int) -> tuple[str, ...]:
    random.seed(1)
    weights, inputs = _drawn()
    ours, theirs = _our_training(weights, inputs), _their_training(weights, inputs)
    _compare(ours(), theirs())
    measured = in_turn(timed(ours), timed(theirs), pairs)
    faster = 1 / measured.ratio
    return (*map(duration, measured.medians), times(faster), *FASTER.judge(faster))


def _drawn() -> tuple[list[list[list[float]]], list[float]]:
    model = MLP(SIZES[0], list(SIZES[1:]))
    weights = [
        [[neuron.w[i].data for neuron in layer.neurons] for i in range(len(layer.neurons[0].w))]
        for layer in model.layers
    ]
    return weights, [random.uniform(-1, 1) for _ in range(SIZES[0])]


def _our_training(weights: list[list[list[float]]], x: list[float]) -> Callable[[], float]:
    scenario = net(SIZES, weights, x)

    def train() -> float:
        session = Session(scenario)
        session.execute(f"train {ROUNDS}")
        return float(session.run.loss(ROUNDS - 1))

    return train


def _their_training(weights: list[list[list[float]]], x: list[float]) -> Callable[[], float]:
    def train() -> float:
        model = MLP(SIZES[0], list(SIZES[1:]))
        for layer, matrix in zip(model.layers, weights, strict=True):
            for j, neuron in enumerate(layer.neurons):
                for i, weight in enumerate(neuron.w):
                    weight.data = matrix[i][j]
        loss = 0.0
        for _ in range(ROUNDS):
            model.zero_grad()
            found = sum((output - 1.0) ** 2 for output in model(x))
            found.backward()
            for parameter in model.parameters():
                parameter.data -= RATE * parameter.grad
            loss = found.data
        return float(loss)

    return train


def _compare(ours: float, theirs: float) -> None:
    """Times mean nothing unless both come to the same loss.

    Raises:
        RuntimeError: they do not.
    """
    if not math.isclose(ours, theirs, rel_tol=1e-6, abs_tol=1e-12):
        raise RuntimeError(f"the two trainings end with losses of {ours} and {theirs}")


def _memory(arithmetic: str, rounds: int) -> tuple[str, ...]:
    session = Session(net(SIZES), arithmetic=arithmetic)
    session.execute("train 2")
    gc.collect()
    tracemalloc.start()
    try:
        session.execute(f"train {rounds}")
        most = tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
    return (f"{most:.1f} MB", *MEMORY.judge(most))
