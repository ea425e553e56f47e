"""Nets of any size as scenarios, made without a file."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from nnhs_tui.operations.optimizer import Optimizer
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.operations.update_rules import SGD
from nnhs_tui.scenario.model import Init, Layer, Network, Sample, Scenario

Weights = Sequence[Sequence[float]]
"""One row per input, one column per neuron."""


def net(sizes: Sequence[int], weights: Sequence[Weights] = (), x: Sequence[float] = ()) -> Scenario:
    """A net with ReLU layers, a last layer without an activation, biases of 0 and the loss Σ(o−t)².

    Args:
        sizes: the number of inputs, then of the neurons of each layer.
        weights: of each layer; drawn at random where there are none.
        x: the inputs; 1, 1/2, 1/3 … where there are none.
    """
    layers = []
    for place, (inputs, neurons) in enumerate(pairwise(sizes)):
        given = weights[place] if weights else None
        layers.append(
            Layer(
                name=f"layer{place + 1}",
                inputs=inputs,
                neurons=neurons,
                weights=None if given is None else tuple(map(_decimals, given)),
                init=Init("xavier", Decimal(1), place) if given is None else None,
                bias=(Decimal(0),) * neurons,
                activation="relu" if place + 2 < len(sizes) else "identity",
            )
        )
    numbers = _decimals(x) if x else tuple(Decimal(1) / (i + 1) for i in range(sizes[0]))
    targets = (Decimal(1),) * sizes[-1]
    return Scenario(
        name=shape(sizes),
        path="",
        title="A net of the benchmarks",
        description="",
        source="",
        notes="",
        digits=2,
        arithmetic="exact",
        level="node",
        sigmoid="shortcut",
        model=Network((), sizes[0], tuple(layers), "sse"),
        learning_rate=Decimal("0.1"),
        rounds=1,
        optimizer=Optimizer(SGD),
        reduction=REDUCTIONS["mean"],
        frozen=frozenset(),
        samples=(Sample(numbers, targets, None, {}),),
    )


def _decimals(numbers: Sequence[float]) -> tuple[Decimal, ...]:
    return tuple(Decimal(repr(float(each))) for each in numbers)


def shape(sizes: Sequence[int]) -> str:
    """`3-2-1`."""
    return "-".join(map(str, sizes))


def of_about(operations: int) -> tuple[int, int, int]:
    """The sizes of a net with about so many operations, nearly square in its first layer."""
    inputs = max(1, round(operations**0.5) - 2)
    return inputs, max(1, round(operations / (inputs + 3))), 1
