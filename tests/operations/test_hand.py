"""Hand arithmetic against an independent reference written from the contract's table."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.names import Names
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.arithmetic import Hand
from nnhs_tui.operations.numerals import as_decimal, half_away, shown
from nnhs_tui.training.rounds import Run
from tests.effort import examples
from tests.random_scenarios import graphs, loaded, networks, run_of
from tests.reference import Impossible, as_decimals, hand_rounds, r

DIGITS = st.integers(0, 6)


def entries(walk: Run, array: np.ndarray) -> dict[str, Any]:
    names = Names(walk.tape)
    return {names.name(node): array[node] for node in range(walk.tape.parameters)}


def check_agreement(text: str, digits: int, rounds: int) -> None:
    """Every value, gradient, step and parameter is the reference's, digit by digit."""
    walk = run_of(text, "hand", digits)
    names = Names(walk.tape)
    expected = hand_rounds(as_decimals(text), digits, rounds)
    for number in range(rounds):
        try:
            reference = next(expected)
        except Impossible:
            with pytest.raises(ComputationError):
                walk.round(number)
            return
        for place, result in enumerate(reference["results"]):
            record = walk.record(number, place)
            for name, value in result.values.items():
                node = names.id(name)
                assert node is not None, name
                assert record.value[node] == value, (name, record.value[node], value)
            for name, value in result.gradients.items():
                node = names.id(name)
                assert node is not None, name
                found = record.gradient[node]
                assert found == value, (f"grad {name}", found, value)
            if walk.tape.loss is not None:
                assert record.loss == result.values["loss"]
        round_ = walk.round(number)
        for block in ("before", "accumulated", "step", "after"):
            assert entries(walk, getattr(round_, block)) == reference[block], block
        assert round_.loss == reference["loss"]


@settings(max_examples=examples(250))
@given(networks(), DIGITS, st.integers(1, 3))
def test_networks_agree_with_the_reference(text: str, digits: int, rounds: int) -> None:
    check_agreement(text, digits, rounds)


@settings(max_examples=examples(150))
@given(networks(decimals=7, layers=3, size=3), DIGITS)
def test_numbers_as_written_may_have_more_digits_than_are_carried(text: str, digits: int) -> None:
    check_agreement(text, digits, 2)


@settings(max_examples=examples(250))
@given(graphs(), DIGITS, st.integers(1, 3))
def test_graphs_agree_with_the_reference(text: str, digits: int, rounds: int) -> None:
    check_agreement(text, digits, rounds)


@settings(max_examples=examples(150))
@given(graphs(decimals=7), DIGITS)
def test_graphs_with_more_digits_than_are_carried(text: str, digits: int) -> None:
    check_agreement(text, digits, 1)


TIES = {
    ("0.285", 2): "0.29",
    ("-0.285", 2): "-0.29",
    ("0.5", 0): "1",
    ("-0.5", 0): "-1",
    ("1.005", 2): "1.01",
    ("-1.005", 2): "-1.01",
    ("2.5", 0): "3",
    ("-0.004", 2): "0.00",
    ("-0.005", 2): "-0.01",
    ("0.0000005", 6): "0.000001",
    ("999999.9999995", 6): "1000000.000000",
}


@pytest.mark.parametrize("value, digits", TIES)
def test_ties_go_away_from_zero(value: str, digits: int) -> None:
    expected = TIES[value, digits]
    rounded = half_away(Decimal(value), digits)
    assert str(rounded) == str(Hand(digits).round(Decimal(value))) == expected
    assert r(Decimal(value), digits) == rounded
    assert shown(float(value), digits) == shown(Decimal(value), digits) == expected


@given(st.decimals(-(10**9), 10**9, places=8), DIGITS)
def test_rounding_is_that_of_fractions(value: Decimal, digits: int) -> None:
    assert Hand(digits).round(value) == r(value, digits)
    assert abs(Fraction(half_away(value, digits)) - Fraction(value)) * 2 <= Fraction(1, 10**digits)


ONE_NODE = 'title = "one"\n[graph]\ninputs = {{ x = {x} }}\n[graph.nodes]\nD = "{node}"\n'


@pytest.mark.parametrize(
    "x, node, value",
    [
        ("0.57", "x / 2", "0.29"),
        ("-0.57", "x / 2", "-0.29"),
        ("0.285", "x", "0.29"),
        ("-0.285", "-(-x)", "-0.29"),
        ("1.005", "x * 1", "1.01"),
        ("0.004", "x + 0.001", "0.01"),
        ("0.004", "x * 1 + 0.001", "0.00"),
        ("0.125", "max(x, 0.1249)", "0.13"),
    ],
)
def test_a_graph_rounds_each_result_once(x: str, node: str, value: str) -> None:
    walk = run_of(ONE_NODE.format(x=x, node=node), "hand")
    assert str(walk.record(0, 0).value[Names(walk.tape).id("D")]) == value


def value_of(text: str, name: str, digits: int = 2, gradient: bool = False) -> str:
    walk = run_of(text, "hand", digits)
    record = walk.record(0, 0)
    return str((record.gradient if gradient else record.value)[Names(walk.tape).id(name)])


CIRCUIT = """
title = "The article's sigmoid"
[graph]
inputs = { x = 1.0 }
[graph.nodes]
A = "-x"
B = "exp(A)"
C = "1 + B"
D = "1 / C"
"""
SAME_FUNCTION = """
title = "The same, as one function"
sigmoid = "circuit"
[graph]
inputs = { x = 1.0 }
[graph.nodes]
D = "sigmoid(x)"
"""
SAME_NEURON = """
title = "The same, as a neuron"
sigmoid = "circuit"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[1]]
activation = "sigmoid"
[[samples]]
x = [1]
"""


def test_the_circuit_gives_the_published_numbers() -> None:
    names = ("B", "C", "D")
    assert [value_of(CIRCUIT, name) for name in names] == ["0.37", "1.37", "0.73"]
    gradients = [value_of(CIRCUIT, name, gradient=True) for name in ("C", "B", "A", "x")]
    assert gradients == ["-0.53", "-0.53", "-0.20", "0.20"]


@pytest.mark.parametrize(
    "text, inner, x",
    [(SAME_FUNCTION, "D.{}", "x"), (SAME_NEURON, "h.{}[1]", "h.z[1]")],
    ids=["function", "neuron"],
)
def test_every_circuit_is_the_same_circuit(text: str, inner: str, x: str) -> None:
    letters = "123" if "." in inner and inner.startswith("D") else "ABC"
    names = [inner.format(letter) for letter in letters]
    assert [value_of(text, name) for name in names] == ["-1.00", "0.37", "1.37"]
    found = [value_of(text, name, gradient=True) for name in (*reversed(names), x)]
    assert found == ["-0.53", "-0.53", "-0.20", "0.20"]


def test_the_shortcut_gives_the_same_within_two_digits() -> None:
    text = SAME_FUNCTION.replace("circuit", "shortcut")
    assert value_of(text, "D") == "0.73"
    assert value_of(text, "x", gradient=True) == "0.20"


@pytest.mark.parametrize("z", [800, -800, 30, -30, 0])
@pytest.mark.parametrize("kind", ["sigmoid", "tanh"])
def test_squashing_functions_saturate(kind: str, z: int) -> None:
    expected = {"sigmoid": (z > 0) + (z == 0) * 0.5, "tanh": (z > 0) - (z < 0)}[kind]
    text = ONE_NODE.format(x=z, node=f"{kind}(x)")
    assert Decimal(value_of(text, "D", 6)) == Decimal(str(float(expected)))


LIMIT = 10**12


@pytest.mark.parametrize("x, fits", [(LIMIT, True), (-LIMIT, True), (LIMIT + 1, False)])
def test_a_result_beyond_a_million_millions_is_an_overflow(x: int, fits: bool) -> None:
    text = ONE_NODE.format(x=x, node="x * 1")
    if fits:
        assert Decimal(value_of(text, "D")) == x
        return
    with pytest.raises(ComputationError) as error:
        run_of(text, "hand").round(0)
    assert error.value.node == "D"
    assert str(x) in error.value.found


def test_a_sum_of_gradients_overflows_like_any_other_result() -> None:
    text = """
title = "sum"
[graph]
inputs = { x = 1 }
[graph.nodes]
D = "x * 600000000000 + x * 600000000000"
"""
    with pytest.raises(ComputationError) as error:
        run_of(text.replace("x = 1 ", "x = 0.5 "), "hand").round(0)
    assert error.value.node == "grad x"


def test_a_sum_over_neurons_and_over_samples_overflows_too() -> None:
    text = """
title = "sum"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[600000000000, 600000000000]]
[training]
learning_rate = 0.000001
reduction = "sum"
[[samples]]
x = [0.1]
"""
    with pytest.raises(ComputationError) as error:
        run_of(text, "hand").round(0)
    assert error.value.node == "grad x[1]"
    text = text.replace("600000000000, 600000000000", "0").replace("[0.1]", "[600000000000]")
    assert run_of(text, "hand").round(0).after[0] == Decimal(-600000)
    with pytest.raises(ComputationError):
        run_of(text + "[[samples]]\nx = [600000000000]\n", "hand").round(0)


def test_a_sum_over_the_outputs_of_a_softmax_overflows_too() -> None:
    """Two terms of 975,000,000,000: each is fine, their sum is not."""
    text = SOFTMAX.format("0, 0").replace("x = [1]", "x = [0]\nupstream = [{0}, -{0}]")
    assert run_of(text.format(1900000000000), "hand").round(0)
    with pytest.raises(ComputationError) as error:
        run_of(text.format(3900000000000), "hand").round(0)
    assert error.value.node.startswith("grad o.z[")


@pytest.mark.parametrize("digits", [0, 2, 6])
def test_weights_drawn_at_random_are_rounded_first(digits: int) -> None:
    text = """
title = "drawn"
[network]
inputs = 3
[[network.layers]]
name = "h"
neurons = 4
init = { kind = "normal", scale = 2.0, seed = 3 }
bias = true
activation = "tanh"
[loss]
kind = "mse"
[[samples]]
x = [1, 2, 0.5]
t = [0, 0, 0, 1]
"""
    rows = 2.0 * np.random.default_rng(3).standard_normal((3, 4))
    drawn = {"h": [[str(r(Decimal(repr(float(w))), digits)) for w in row] for row in rows]}
    found = initial_parameters(loaded(text), Hand(digits))
    assert found.tolist() == [Decimal(w) for row in drawn["h"] for w in row] + [Decimal(0)] * 4
    data = as_decimals(text)
    data["network"]["layers"][0]["bias"] = ["0"] * 4
    reference = next(hand_rounds(data, digits, 1, drawn))
    walk = run_of(text, "hand", digits)
    assert entries(walk, walk.round(0).after) == reference["after"]


SOFTMAX = """
title = "softmax"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[{}]]
activation = "softmax"
[[samples]]
x = [1]
"""


@pytest.mark.parametrize(
    "z, expected",
    [
        ("800, -800", "1.00 0.00"),
        ("-800, -800", "0.50 0.50"),
        ("-800, -801", "0.73 0.27"),
        ("800, 799", "0.73 0.27"),
        ("1, 2", "0.27 0.73"),  # 2.72 and 7.39, of 10.11
    ],
)
def test_a_softmax_by_hand(z: str, expected: str) -> None:
    walk = run_of(SOFTMAX.format(z), "hand")
    names = Names(walk.tape)
    found = [str(walk.record(0, 0).value[names.id(f"o.a[{j}]")]) for j in (1, 2)]
    assert " ".join(found) == expected


@pytest.mark.parametrize("reduction, w, loss", [("mean", "1.97", "0.05"), ("sum", "1.92", "0.15")])
def test_samples_become_one_after_the_sum(reduction: str, w: str, loss: str) -> None:
    """Losses of 0.01/2, 0.09/2 and 0.17/2, each rounded away from zero before they are summed."""
    text = f"""
title = "three samples"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[2]]
[loss]
kind = "half_sse"
[training]
learning_rate = 0.1
reduction = "{reduction}"
[[samples]]
x = [1]
t = [1.9]
[[samples]]
x = [1]
t = [1.7]
[[samples]]
x = [1]
t = [1.59]
"""
    walk = run_of(text, "hand")
    round_ = walk.round(0)
    gradients = [walk.record(0, k).gradient[0] for k in range(3)]
    assert [str(each) for each in gradients] == ["0.10", "0.30", "0.41"]
    assert [str(each) for each in round_.losses] == ["0.01", "0.05", "0.09"]
    assert round_.after[0] == Decimal(w)
    assert round_.loss == Decimal(loss)


def test_an_update_of_half_a_unit_is_rounded_away_from_zero() -> None:
    text = """
title = "update"
[graph]
inputs = { x = 0.05 }
parameters = { w = 0.125, kept = 0.125 }
[graph.nodes]
D = "w * x + kept * x"
[training]
learning_rate = 0.1
frozen = ["kept"]
"""
    round_ = run_of(text, "hand").round(0)
    assert [str(each) for each in round_.step] == ["0.01", "0.01"]
    # 0.125 - 0.01 is 0.115: the new value is a result and rounded, the frozen one is as written.
    assert [str(each) for each in round_.after] == ["0.12", "0.125"]


@given(st.floats(-1e5, 1e5), DIGITS)
def test_a_double_is_shown_by_its_shortest_decimal(value: float, digits: int) -> None:
    assert Decimal(shown(value, digits)) == r(Decimal(repr(value)), digits)
    assert not shown(value, digits).startswith("-0." + "0" * digits) or shown(value, digits).strip(
        "-0."
    )
    assert as_decimal(value) == Decimal(repr(value))


def test_an_overflow_behind_a_gate_names_the_gradient() -> None:
    text = """
title = "k"
arithmetic = "hand"
[network]
inputs = 1
[[network.layers]]
weights = [[2]]
activation = "relu"
[[samples]]
x = [7]
upstream = [3e53]
"""
    with pytest.raises(ComputationError) as caught:
        Run(compile_tape(loaded(text)), Hand(2)).extend()
    assert caught.value.node == "grad layer1.z[1]"
    assert "·1: a number too large (overflow)" in str(caught.value)
