"""Where a factor of a gradient is less than the smallest double, and where none is."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings

from nnhs_tui.autodiff.gradcheck import DISAGREES, UNTRIED, gradcheck
from nnhs_tui.autodiff.underflow import loses_factors
from nnhs_tui.errors import ComputationError
from tests.effort import examples
from tests.random_scenarios import graphs, loaded, networks, run_of

NETWORK = """
title = "far"
sigmoid = "{sigmoid}"
[network]
inputs = 1
[[network.layers]]
weights = [[{w}]]
activation = "{activation}"
[loss]
kind = "{loss}"
[[samples]]
x = [1]
t = [0.2]
"""
GRAPH = (
    'title = "g"\nsigmoid = "circuit"\n[graph]\ninputs = {{ x = {x} }}\n[graph.nodes]\ny = "{y}"\n'
)


def loses(text: str) -> bool:
    return loses_factors(run_of(text, "exact").record(0, 0))


@pytest.mark.parametrize(
    ("w", "is_lost"), [("-1", False), ("0", False), ("-300", False), ("-459", True)]
)
def test_the_circuit_of_a_sigmoid(w: str, is_lost: bool) -> None:
    """C = 1 + exp(459) is 1e199, and 1/C² less than any double."""
    text = NETWORK.format(w=w, sigmoid="circuit", activation="sigmoid", loss="bce")
    assert loses(text) is is_lost
    verdicts = {check.verdict for check in gradcheck(loaded(text))}
    assert DISAGREES not in verdicts and (UNTRIED in verdicts) is is_lost


@pytest.mark.parametrize(
    ("x", "y", "is_lost"),
    [
        ("-459", "sigmoid(x)", True),
        ("0", "x * 3", False),
        ("2", "max(x, 5) + relu(0 - x)", False),
        ("1e-200", "x * x * x", True),
        ("1e200", "1 / x", True),
        ("0", "0 / (x + 1) + cos(x)", False),
    ],
)
def test_graphs(x: str, y: str, is_lost: bool) -> None:
    assert loses(GRAPH.format(x=x, y=y)) is is_lost


def test_weights_and_inputs_too_small_to_be_multiplied() -> None:
    text = NETWORK.replace("x = [1]", "x = [1e-200]").replace("t = [0.2]", "t = [2e-200]")
    assert loses(text.format(w="1", sigmoid="shortcut", activation="identity", loss="sse"))


@settings(max_examples=examples(60))
@given(networks(layers=3, size=4))
def test_ordinary_networks_lose_nothing(text: str) -> None:
    try:
        record = run_of(text, "exact").record(0, 0)
    except ComputationError:
        assume(False)
    assert not loses_factors(record)


@settings(max_examples=examples(60))
@given(graphs())
def test_ordinary_graphs_lose_nothing(text: str) -> None:
    try:
        record = run_of(text, "exact").record(0, 0)
    except ComputationError:
        assume(False)
    assert not loses_factors(record)
