"""Exact arithmetic: values and gradients against autograd on plain matrix code."""

import tracemalloc
from decimal import Decimal
from typing import Any

import autograd.numpy as anp
import numpy as np
import pytest
from autograd import grad
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.record import Record, run
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.training.rounds import Run
from tests.effort import examples
from tests.random_scenarios import graphs, loaded, networks, run_of
from tests.reference import (
    as_doubles,
    exact_graph,
    exact_network,
    exact_parameters,
    is_frozen,
    layers_of,
    samples_of,
)

np.seterr(all="ignore")


def sample_variables(data: dict[str, Any], sample: dict[str, Any], parameters: dict[str, Any]):
    """Everything autograd differentiates by: parameters, x, and 0 added to every z and a."""
    variables = {**parameters, "x": anp.array(sample["x"], float)}
    for name, _ in layers_of(data):
        neurons = parameters[f"{name}.W"].shape[1]
        variables |= {f"{name}.z": anp.zeros(neurons), f"{name}.a": anp.zeros(neurons)}
    return variables


def by_autograd(data: dict[str, Any], sample: dict[str, Any], parameters: dict[str, Any]):
    """(values, gradients) of one sample of a network."""
    variables = sample_variables(data, sample, parameters)
    _, values = exact_network(data, sample, variables)
    slopes = grad(lambda v: exact_network(data, sample, v)[0])(variables)
    last, layer = layers_of(data)[-1]
    if data.get("loss", {}).get("kind") == "cross_entropy" and layer["activation"] == "softmax":
        del slopes[f"{last}.a"]
    return values, slopes


def read(record: Record, array: np.ndarray, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """A vector or matrix of a record by the names of its entries."""
    names = Names(record.tape)
    if shape == ():
        return np.asarray(array[names.id(name)])
    found = np.empty(shape)
    for place in np.ndindex(*shape):
        node = names.id(f"{name}[{','.join(str(i + 1) for i in place)}]")
        assert node is not None, name
        found[place] = array[node]
    return found


def check_close(found: Any, expected: Any, name: str) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-7, atol=1e-10, err_msg=name)


def moderate(data: dict[str, Any], *blocks: dict[str, Any]) -> bool:
    """Whether neither side loses digits: bce and ln cancel where an output is all but 0 or 1."""
    numbers = np.concatenate([np.ravel(each) for block in blocks for each in block.values()])
    if not np.isfinite(numbers).all() or np.abs(numbers).max() > 1e6:
        return False
    if data.get("loss", {}).get("kind") in ("bce", "cross_entropy"):
        outputs = blocks[0][f"{layers_of(data)[-1][0]}.a"]
        return len(outputs) == 1 or bool((outputs > 1e-6).all() and (outputs < 1 - 1e-6).all())
    return True


@settings(max_examples=examples(150))
@given(networks())
def test_networks_agree_with_autograd(text: str) -> None:
    data = as_doubles(text)
    parameters = exact_parameters(data)
    expected = [by_autograd(data, sample, parameters) for sample in samples_of(data)]
    for values, slopes in expected:
        assume(moderate(data, values, slopes))
    walk = run_of(text, "exact")
    for place, (values, slopes) in enumerate(expected):
        record = walk.record(0, place)
        for name, value in values.items():
            check_close(read(record, record.value, name, np.shape(value)), value, name)
        for name, slope in slopes.items():
            check_close(read(record, record.gradient, name, np.shape(slope)), slope, f"grad {name}")


@settings(max_examples=examples(60))
@given(networks(layers=3, size=4), st.integers(1, 3))
def test_parameters_after_rounds_agree_with_plain_numpy(text: str, rounds: int) -> None:
    data = as_doubles(text)
    settings_ = data["training"]
    parameters = exact_parameters(data)
    walk = run_of(text, "exact")
    for number in range(rounds):
        found = [by_autograd(data, sample, parameters) for sample in samples_of(data)]
        for values, slopes in found:
            assume(moderate(data, values, slopes))
        share = len(found) if settings_["reduction"] == "mean" else 1
        after, losses = {}, [values["loss"] for values, _ in found if "loss" in values]
        for name, before in parameters.items():
            gradient = sum(slopes[name] for _, slopes in found) / share
            moved = before - settings_["learning_rate"] * gradient
            for place in np.ndindex(*before.shape):
                entry = f"{name}[{','.join(str(i + 1) for i in place)}]"
                if is_frozen(entry, settings_["frozen"]):
                    moved[place] = before[place]
            after[name] = moved
            round_ = walk.round(number)
            record = walk.record(number, 0)
            shape = before.shape
            check_close(read(record, round_.before, name, shape), before, f"before {name}")
            check_close(
                read(record, round_.accumulated, name, shape), gradient, f"accumulated {name}"
            )
            check_close(read(record, round_.after, name, shape), moved, f"after {name}")
        if losses:
            check_close(round_.loss, sum(losses) / share, "loss")
        else:
            assert round_.loss is None
        parameters = after


def graph_by_autograd(data: dict[str, Any], sample: dict[str, Any]):
    graph = data["graph"]
    leaves = {**graph.get("parameters", {}), **graph.get("inputs", {}), **sample}
    variables = {name: np.float64(value) for name, value in leaves.items()}
    variables |= dict.fromkeys(graph["nodes"], np.float64(0))
    _, values = exact_graph(data, variables)
    return values, grad(lambda v: 1.0 * exact_graph(data, v)[0])(variables)


@settings(max_examples=examples(200))
@given(graphs())
def test_graphs_agree_with_autograd(text: str) -> None:
    data = as_doubles(text)
    expected = [graph_by_autograd(data, sample) for sample in samples_of(data)]
    for values, slopes in expected:
        numbers = np.array([*values.values(), *slopes.values()], float)
        assume(np.isfinite(numbers).all() and np.abs(numbers).max() < 1e8)
    walk = run_of(text, "exact")
    for place, (values, slopes) in enumerate(expected):
        record = walk.record(0, place)
        for name, value in values.items():
            check_close(read(record, record.value, name, ()), value, name)
        for name, slope in slopes.items():
            check_close(read(record, record.gradient, name, ()), slope, f"grad {name}")


def test_the_derivatives_of_powers() -> None:
    text = """
title = "powers"
[graph]
inputs = { x = -2.0, y = 3.0, zero = 0.0 }
[graph.nodes]
cube = "x ** 3"
root = "y ** 0.5"
grown = "y ** y"
flat = "zero ** 0"
none = "zero ** 2"
sum = "cube + root + grown + flat + none"
"""
    record = run_of(text, "exact").record(0, 0)
    check_close(read(record, record.gradient, "x", ()), 12.0, "3·x²")
    expected = 0.5 / np.sqrt(3) + 27 * (1 + np.log(3))
    check_close(read(record, record.gradient, "y", ()), expected, "half a root and y^y")
    check_close(read(record, record.gradient, "zero", ()), 0.0, "x^0 and x² at 0")
    check_close(read(record, record.value, "flat", ()), 1.0, "0^0 in doubles")


def test_a_softmax_is_stable_at_800() -> None:
    text = """
title = "large"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[800, -800, 0]]
activation = "softmax"
[loss]
kind = "half_sse"
[[samples]]
x = [1]
t = [1, 0, 0]
"""
    for kind in ("exact", "hand"):
        record = run_of(text, kind).record(0, 0)
        outputs = read(record, record.value, "o.a", (3,))
        assert outputs.tolist() == [1.0, 0.0, 0.0], kind
        assert np.isfinite(read(record, record.gradient, "o.W", (1, 3))).all()


def test_targets_without_a_loss_are_only_a_remark() -> None:
    text = """
title = "targets"
[network]
inputs = 2
[[network.layers]]
weights = [[1, 2], [3, 4]]
[[samples]]
x = [1, 1]
t = [0.5, 0.25]
"""
    record = run_of(text, "exact").record(0, 0)
    assert read(record, record.value, "layer1.z", (2,)).tolist() == [4.0, 6.0]


def test_what_the_output_does_not_depend_on_has_no_gradient_to_fail() -> None:
    text = """
title = "unused"
[graph]
inputs = { x = 0.0 }
output = "y"
[graph.nodes]
unused = "sqrt(x)"
y = "x * 3"
later = "x ** 0.5 + y"
"""
    record = run_of(text, "exact").record(0, 0)
    names = Names(record.tape)
    assert [record.gradient[names.id(name)] for name in ("x", "unused", "later")] == [3.0, 0.0, 0.0]


BROKEN = {
    "log": ('D = "log(x)"', 0.0, "D", "ln(0)"),
    "log of less": ('D = "log(x)"', -1.5, "D", "-1.5"),
    "division": ('C = "x * 2"\nD = "1 / C"', 0.0, "D", "1 / 0"),
    "overflow": ('A = "x + 1"\nD = "exp(A)"', 800.0, "D", "801"),
    "power": ('D = "x ** (0 - 2)"', 0.0, "D", "0^"),
    "root": ('D = "sqrt(x)"', -4.0, "D", "-4"),
}


@pytest.mark.parametrize("kind", ["exact", "hand"])
@pytest.mark.parametrize("nodes, x, node, named", BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_computed_names_node_and_value(
    kind: str, nodes: str, x: float, node: str, named: str
) -> None:
    text = f'title = "broken"\n[graph]\ninputs = {{ x = {x} }}\n[graph.nodes]\n{nodes}\n'
    with pytest.raises(ComputationError) as error:
        run_of(text, kind).round(0)
    assert error.value.node == node
    assert named in error.value.found, error.value.found
    assert "\n" not in str(error.value)


BROKEN_BACKWARD = {
    "root of 0": ('R = "sqrt(x)"\nD = "R * w"', "0.0", "1/(2·0)", "division by 0"),
    "quotient": ('D = "w / x"', "1e-200", "1e-200", "overflow"),
    "power": ('D = "x ** 0.5"', "0.0", "0.5·0^(-0.5)", "overflow"),
    "product": ('B = "1e200 * x"\nD = "1e200 * B * w"', "1e-300", "1e+200·1e+200", "overflow"),
}


@pytest.mark.parametrize("nodes, x, value, reason", BROKEN_BACKWARD.values(), ids=BROKEN_BACKWARD)
def test_a_gradient_that_cannot_be_computed_names_node_and_value(
    nodes: str, x: str, value: str, reason: str
) -> None:
    text = f"""
title = "broken backward"
[graph]
inputs = {{ x = {x} }}
parameters = {{ w = 1.0 }}
[graph.nodes]
{nodes}
"""
    with pytest.raises(ComputationError) as error:
        run_of(text, "exact").round(0)
    assert error.value.node == "grad x"
    assert value in error.value.found.lower(), error.value.found
    assert reason in error.value.found, error.value.found


@pytest.mark.parametrize("kind", ["exact", "hand"])
def test_the_logarithm_of_0_in_a_loss_names_its_term(kind: str) -> None:
    text = """
title = "ln 0"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[1000, -1000]]
activation = "softmax"
[loss]
kind = "cross_entropy"
[[samples]]
x = [1]
t = [0, 1]
"""
    with pytest.raises(ComputationError) as error:
        run_of(text, kind).round(0)
    assert error.value.node == "loss[2]"
    assert "logarithm of 0" in error.value.found


OVERFLOWS = {
    "gradients of two samples": """
[graph]
inputs = { x = 1.5e308 }
parameters = { w = 1.0 }
[graph.nodes]
D = "w * x"
[training]
reduction = "sum"
[[samples]]
x = 1.5e308
[[samples]]
x = 1.4e308
""",
    "the same, frozen": """
[graph]
inputs = { x = 1.5e308 }
parameters = { w = 1.0 }
[graph.nodes]
D = "w * x"
[training]
reduction = "sum"
frozen = ["w"]
[[samples]]
x = 1.5e308
[[samples]]
x = 1.4e308
""",
    "losses of two samples": """
[network]
inputs = 1
[[network.layers]]
weights = [[1e154]]
[loss]
kind = "half_sse"
[training]
reduction = "sum"
learning_rate = 1e-300
[[samples]]
x = [1.3]
t = [0]
[[samples]]
x = [1.3]
t = [0]
[[samples]]
x = [1.3]
t = [0]
""",
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("text", OVERFLOWS.values(), ids=OVERFLOWS)
def test_an_overflow_over_the_samples_is_an_error_like_any_other(text: str) -> None:
    with pytest.raises(ComputationError), np.errstate(all="warn"):
        run_of(f'title = "sums"\n{text}', "exact").round(0)


def test_records_cannot_be_changed() -> None:
    walk = run_of('title = "g"\n[graph]\ninputs={x=1}\n[graph.nodes]\nA="-x"', "exact")
    record = walk.record(0, 0)
    for array in (record.value, record.gradient, record.terms, record.slopes):
        with pytest.raises(ValueError):
            array[0] = 1


@settings(max_examples=examples(20))
@given(networks(layers=3, size=3), st.sampled_from(["exact", "hand"]))
def test_a_record_is_a_pure_function(text: str, kind: str) -> None:
    """Made a second time, after rounds that came later, it holds the same numbers."""
    try:
        first, second = run_of(text, kind), run_of(text, kind)
        first.round(1)
        first._records.clear()
        again, fresh = first.record(0, 0), second.record(0, 0)
    except ComputationError:
        assume(False)
    assert again.value.tolist() == fresh.value.tolist()
    assert again.gradient.tolist() == fresh.gradient.tolist()


INITS = ("normal", "uniform", "xavier", "he", "zeros")


def drawn_by_hand(kind: str, scale: float, seed: int, n: int, m: int) -> np.ndarray:
    """The weights one by one, row by row, as the contract has them."""
    random = np.random.default_rng(seed)
    rows = []
    for _ in range(n):
        row = []
        for _ in range(m):
            if kind == "zeros":
                row.append(0.0)
            elif kind == "normal":
                row.append(scale * random.standard_normal())
            elif kind == "he":
                row.append(scale * np.sqrt(2 / n) * random.standard_normal())
            else:
                bound = scale if kind == "uniform" else scale * np.sqrt(6 / (n + m))
                row.append(random.uniform(-bound, bound))
        rows.append(row)
    return np.array(rows)


def drawn_text(init: str, n: int, m: int) -> str:
    return f"""
title = "drawn"
[network]
inputs = {n}
[[network.layers]]
name = "h"
neurons = {m}
{init}
bias = true
[[samples]]
x = [{", ".join(["1"] * n)}]
"""


@pytest.mark.parametrize("kind", INITS)
@pytest.mark.parametrize("n, m, scale, seed", [(3, 2, "1.0", 0), (1, 4, "0.25", 7), (5, 5, "3", 9)])
def test_weights_are_drawn_as_the_contract_says(
    kind: str, n: int, m: int, scale: str, seed: int
) -> None:
    init = f'init = {{ kind = "{kind}", scale = {scale}, seed = {seed} }}'
    scenario = loaded(drawn_text(init, n, m))
    expected = drawn_by_hand(kind, float(scale), seed, n, m)
    found = initial_parameters(scenario, Exact())
    np.testing.assert_allclose(found, [*expected.ravel(), *[0.0] * m], rtol=1e-14)
    if kind in ("normal", "uniform", "zeros"):
        assert found[: n * m].tolist() == expected.ravel().tolist()


def test_the_defaults_of_drawing() -> None:
    plain = initial_parameters(loaded(drawn_text("", 3, 2)), Exact())
    random = np.random.default_rng(0).standard_normal((3, 2))
    assert plain.tolist() == [*random.ravel().tolist(), 0.0, 0.0]


def test_every_layer_draws_from_its_own_seed() -> None:
    text = """
title = "two"
[network]
inputs = 2
[[network.layers]]
neurons = 2
[[network.layers]]
neurons = 2
[[samples]]
x = [1, 1]
"""
    found = initial_parameters(loaded(text), Exact())
    assert found[:4].tolist() == found[4:].tolist()


def test_what_is_drawn_too_large_for_hand_arithmetic_is_an_overflow() -> None:
    init = "init = { scale = 1e40, seed = 1 }"
    with pytest.raises(ComputationError) as error:
        run_of(drawn_text(init, 2, 2), "hand").round(0)
    assert error.value.node == "h.W[1,1]"


LARGE = """
title = "large"
[network]
inputs = {n}
[[network.layers]]
neurons = {m}
init = {{ kind = "xavier" }}
bias = true
activation = "relu"
[[network.layers]]
neurons = 10
init = {{ kind = "xavier" }}
bias = true
activation = "softmax"
[loss]
kind = "cross_entropy"
[[samples]]
x = [{x}]
t = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
"""


def recorded(n: int, m: int) -> tuple[Run, Record, int]:
    walk = run_of(LARGE.format(n=n, m=m, x=", ".join(["0.5"] * n)), "exact")
    record = walk.record(0, 0)
    return walk, record, len(walk.tape.op)


def test_a_tape_takes_at_most_64_bytes_an_operation() -> None:
    walk, record, operations = recorded(784, 30)
    assert operations > 784 * 30
    assert (walk.tape.nbytes + record.nbytes) / operations <= 64


def test_a_tape_holds_no_more_than_it_says() -> None:
    """`nbytes` leaves nothing out: what Python really allocated is hardly more."""
    scenario = loaded(LARGE.format(n=784, m=30, x=", ".join(["0.5"] * 784)))
    parameters = initial_parameters(scenario, Exact())
    tracemalloc.start()
    tape = compile_tape(scenario)
    record = run(tape, Exact(), parameters, scenario.samples[0])
    allocated = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert allocated <= 1.15 * (tape.nbytes + record.nbytes) + 50_000


def test_numbers_grow_linearly_with_the_net() -> None:
    sizes = [recorded(n, 20)[1:] for n in (50, 100, 200)]
    per_operation = [record.nbytes / operations for record, operations in sizes]
    assert max(per_operation) <= 1.1 * min(per_operation)
    assert sizes[2][1] - sizes[1][1] == 2 * (sizes[1][1] - sizes[0][1])


def test_hand_arithmetic_holds_decimals_only() -> None:
    walk = run_of(LARGE.format(n=3, m=2, x="0.5, 0.25, 1"), "hand")
    record = walk.record(0, 0)
    assert isinstance(walk.arithmetic, Hand)
    assert {type(each) for each in record.value} == {Decimal}
    assert {type(each) for each in record.gradient} == {Decimal}
