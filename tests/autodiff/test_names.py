"""Names of quantities and back."""

import pytest
from hypothesis import given, settings

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.names import Names
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios


def names_of(text: str) -> Names:
    return Names(compile_tape(loaded(text)))


@settings(max_examples=examples(100))
@given(scenarios())
def test_every_value_is_found_by_its_name(text: str) -> None:
    tape = compile_tape(loaded(text))
    names = Names(tape)
    seen = []
    for node in range(tape.size):
        name = names.name(node)
        if node in tape.constant_ids:
            assert name == ""
            continue
        seen.append(name)
        assert names.id(name) == node
        assert names.id(f" {name} ") == node
        assert names.symbol(node)
    assert len(set(seen)) == len(seen)
    assert names.id("") is None


NET = """
title = "names"
sigmoid = "circuit"
[network]
inputs = ["height", "width"]
[[network.layers]]
name = "hidden"
weights = [[1, 2, 3], [4, 5, 6]]
bias = [7, 8, 9]
activation = "sigmoid"
[[network.layers]]
name = "out"
weights = [[1, 2], [1, 2], [1, 2]]
activation = "softmax"
[loss]
kind = "mse"
[[samples]]
x = [10, 11]
t = [0.1, 0.2]
"""
EXISTING = """
x[1] x[2] height width t[1] t[2] loss loss[1] loss[2] hidden.W[1,1] hidden.W[2,3] hidden.b[3]
hidden.p[2,3] hidden.z[3] hidden.A[1] hidden.B[2] hidden.C[3] hidden.a[3] out.W[3,2] out.p[3,2]
out.z[2] out.a[2]
"""
MISSING = """
x[0] x[3] x[-1] x x[1,1] t[0] t[3] loss[0] loss[3] hidden.W[0,1] hidden.W[3,1] hidden.W[1,4]
hidden.W[1,0] hidden.W[1] hidden.W hidden.b[0] hidden.b[4] hidden.b[1,1] hidden.p[3,1] hidden.p[1,4]
hidden.z[4] hidden.z[0] hidden.z hidden.a[4] hidden.A[4] hidden.D[1] out.A[1] out.b[1] out.W[4,1]
out.z[3] nowhere.z[1] hidden. .z[1] hidden.z[] hidden.z[1 hidden.z[1]] hidden.z[1.0] hidden.z[a]
hidden.q[1] depth height[1] hidden.x[1] hidden.loss[1] z[1] W[1,1] loss[1,1] t[1,1] [1] 1
"""


@pytest.mark.parametrize("name", EXISTING.split())
def test_names_that_exist(name: str) -> None:
    assert names_of(NET).id(name) is not None


@pytest.mark.parametrize("name", MISSING.split())
def test_names_that_do_not_exist(name: str) -> None:
    assert names_of(NET).id(name) is None


def test_named_inputs_have_both_names() -> None:
    names = names_of(NET)
    assert names.id("height") == names.id("x[1]")
    assert names.id("width") == names.id("x[2]")
    assert names.name(names.id("x[2]")) == "width"


def test_weights_are_named_input_first() -> None:
    names = names_of(NET)
    walk = compile_tape(loaded(NET))
    assert names.id("hidden.W[2,1]") - names.id("hidden.W[1,1]") == 3
    product = walk.operands(names.id("hidden.p[2,3]"))
    assert product.tolist() == [names.id("hidden.W[2,3]"), names.id("width")]


def test_an_identity_has_one_value_under_two_names() -> None:
    names = names_of(NET.replace('activation = "sigmoid"', 'activation = "identity"'))
    assert names.id("hidden.a[2]") == names.id("hidden.z[2]")
    assert names.id("hidden.A[2]") is None


def test_a_shortcut_has_no_circuit_inside() -> None:
    names = names_of(NET.replace('sigmoid = "circuit"', ""))
    assert names.id("hidden.A[1]") is None
    assert names.id("hidden.a[1]") is not None


def test_without_a_loss_there_is_neither_loss_nor_target() -> None:
    names = names_of(NET.replace('[loss]\nkind = "mse"', "").replace("t = [0.1, 0.2]", ""))
    for name in ("loss", "loss[1]", "t[1]"):
        assert names.id(name) is None


def test_layers_without_names_are_counted() -> None:
    names = names_of(NET.replace('name = "hidden"', "").replace('name = "out"', ""))
    assert names.id("layer1.z[3]") is not None
    assert names.id("layer2.a[2]") is not None


def test_inner_nodes_of_a_graph() -> None:
    text = """
title = "inner"
[graph]
inputs = { w = 1, z = 2, y = 3 }
[graph.nodes]
f = "(w + z) * y"
g = "f"
"""
    names = names_of(text)
    for name in ("w", "z", "y", "f.1", "f", "g"):
        assert names.name(names.id(name)) == name
    for name in ("f.2", "f.0", "g.1", "h", "x[1]", "loss"):
        assert names.id(name) is None


def test_a_sigmoid_as_a_circuit_numbers_its_nodes_in_order() -> None:
    text = """
title = "inner"
sigmoid = "circuit"
[graph]
inputs = { x = 1 }
[graph.nodes]
f = "sigmoid(x) * sigmoid(2 * x)"
"""
    tape = compile_tape(loaded(text))
    names = Names(tape)
    found = [names.name(node) for node in range(tape.leaves, tape.size)]
    assert found == [*(f"f.{k}" for k in range(1, 10)), "f"]
    operations = [tape.opname(node) for node in range(tape.leaves, tape.size)]
    circuit = ["neg", "exp", "add", "div"]
    assert operations == [*circuit, "mul", *circuit, "mul"]


def test_symbols_with_large_indices_stay_readable() -> None:
    text = f"""
title = "wide"
[network]
inputs = 11
[[network.layers]]
weights = [{", ".join(["[1, 2]"] * 11)}]
[[samples]]
x = [{", ".join(["1"] * 11)}]
"""
    names = names_of(text)
    assert names.symbol(names.id("layer1.W[1,2]")) == "w12"
    assert names.symbol(names.id("layer1.W[9,2]")) == "w92"
    assert names.symbol(names.id("layer1.W[10,2]")) == "w10,2"
    assert names.symbol(names.id("layer1.W[11,2]")) == "w11,2"
