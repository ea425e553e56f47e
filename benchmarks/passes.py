"""A fully recorded forward and backward pass, against micrograd's without a record."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Iterator, Sequence

from micrograd.engine import Value
from micrograd.nn import MLP

from benchmarks.measure import Goal, Table, duration, in_turn, timed, times
from benchmarks.nets import net, shape
from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.passes import Samples
from nnhs_tui.autodiff.record import Record, Runner
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.scenario.model import Scenario

GOALS = {(3, 2, 1): 1.5, (10, 5, 2): 5, (784, 30, 10): 100}
ROUNDS = {(3, 2, 1): 41, (10, 5, 2): 41, (784, 30, 10): 9}
DEEP = 100_000
"""micrograd walks its graph by recursion, thousands of calls deep."""


def run(quick: bool) -> Iterator[Table]:
    """The table of the passes."""
    table = Table(
        "passes: forward and backward, all recorded; micrograd records nothing",
        ("net", "operations", "ours", "micrograd", "faster", "goal", ""),
    )
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(DEEP)
    try:
        for sizes, goal in GOALS.items():
            rounds = ROUNDS[sizes] // 3 if quick else ROUNDS[sizes]
            table.add(*_row(sizes, goal, rounds))
    finally:
        sys.setrecursionlimit(limit)
    yield table


def _row(sizes: tuple[int, ...], goal: float, rounds: int) -> tuple[str, ...]:
    random.seed(sum(sizes))
    model = MLP(sizes[0], list(sizes[1:]))
    x = [random.uniform(-1, 1) for _ in range(sizes[0])]
    weights = [
        [[neuron.w[i].data for neuron in layer.neurons] for i in range(len(layer.neurons[0].w))]
        for layer in model.layers
    ]
    scenario = net(sizes, weights, x)
    ours, theirs = _our_pass(scenario), _their_pass(model, x)
    _compare(model, ours(), theirs())
    pairs = in_turn(timed(ours), timed(theirs), rounds)
    faster = 1 / pairs.ratio
    count = f"{len(compile_tape(scenario).op):,}"
    figures = (*map(duration, pairs.medians), times(faster))
    return (shape(sizes), count, *figures, *Goal(goal, at_least=True).judge(faster))


def _our_pass(scenario: Scenario) -> Callable[[], Record]:
    tape, exact = compile_tape(scenario), Exact()
    runner = Runner(tape, exact)
    parameters = initial_parameters(scenario, exact)
    sample = Samples(tape, exact)[0]
    return lambda: runner.run(parameters, sample)


def _their_pass(model: MLP, x: Sequence[float]) -> Callable[[], Value]:
    def both_ways() -> Value:
        model.zero_grad()
        outputs = model(x)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        loss = sum((output - 1.0) ** 2 for output in outputs)
        loss.backward()
        return loss

    return both_ways


def _compare(model: MLP, ours: Record, theirs: Value) -> None:
    """Times of two passes mean nothing unless both compute the same.

    Raises:
        RuntimeError: they do not.
    """
    gradients = [
        neuron.w[i].grad
        for layer in model.layers
        for i in range(len(layer.neurons[0].w))
        for neuron in layer.neurons
    ]
    blocks = ours.tape.layers
    found = [ours.gradient[b.weights + k] for b in blocks for k in range(b.n * b.m)]
    same = math.isclose(ours.loss, theirs.data, rel_tol=1e-9) and all(
        math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
        for a, b in zip(found, gradients, strict=True)
    )
    if not same or not any(gradients):
        raise RuntimeError("the two passes do not compute the same gradients")
