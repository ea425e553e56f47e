"""The tape: what a scenario is compiled to, number by number."""

import numpy as np
from hypothesis import given, settings

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.tape import CODE
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios
from tests.reference import as_doubles, elementary, is_formula, layers_of


@settings(max_examples=examples(100))
@given(scenarios())
def test_operands_stand_before_what_uses_them(text: str) -> None:
    tape = compile_tape(loaded(text))
    assert len(tape.first) == len(tape.op) + 1
    assert len(tape.owner) == (len(tape.op) if tape.is_graph else 0)
    assert tape.first[0] == 0
    assert tape.first[-1] == len(tape.inputs)
    for node in range(tape.leaves, tape.size):
        operands = tape.operands(node)
        assert len(operands) > 0
        if tape.opname(node) == "softmax":
            layer = tape.layers[-1]
            assert operands.tolist() == [layer.z(j) for j in range(layer.m)]
        else:
            assert operands.max() < node


@settings(max_examples=examples(100))
@given(scenarios())
def test_a_tape_has_an_operation_for_every_elementary_step(text: str) -> None:
    data, tape = as_doubles(text), compile_tape(loaded(text))
    names = Names(tape)
    circuit = data["sigmoid"] == "circuit"
    if tape.is_graph:
        nodes = [n for k, v in data["graph"]["nodes"].items() for n in elementary(k, v, circuit)]
        found = range(tape.leaves, tape.size)
        assert [names.name(node) for node in found] == [node.name for node in nodes]
        assert [tape.opname(node) for node in found] == [node.op for node in nodes]
        for node, expected in zip(found, nodes, strict=True):
            for operand, name in zip(tape.operands(node).tolist(), expected.operands, strict=True):
                assert names.name(operand) == (name if isinstance(name, str) else "")
        return
    count = 0
    for _, layer in layers_of(data):
        n, m = np.shape(layer["weights"])
        kind = layer.get("activation", "identity")
        steps = {"identity": 0, "sigmoid": 4 if circuit else 1}.get(kind, 1)
        if is_formula(kind):
            steps = len(elementary("a", kind, circuit))
        count += m * (n + 1 + steps)
    if "loss" in data:
        count += m + 1
    assert len(tape.op) == count


NET = """
title = "small"
sigmoid = "{sigmoid}"
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[1, 2], [3, 4]]
bias = [5, 6]
activation = "sigmoid"
[[network.layers]]
name = "o"
weights = [[1], [2]]
activation = "{last}"
[loss]
kind = "{loss}"
[[samples]]
x = [1, 2]
t = [1]
"""


def operations(**texts: str) -> list[str]:
    tape = compile_tape(loaded(NET.format(**texts)))
    return [CODE.names[code] for code in tape.op]


def test_a_neuron_is_products_sum_and_activation() -> None:
    neuron = ["product", "product", "sum", "sigmoid"]
    found = operations(sigmoid="shortcut", last="identity", loss="mse")
    assert found == [*neuron, *neuron, "product", "product", "sum", "mse.term", "mse.total"]


def test_a_circuit_is_four_operations() -> None:
    neuron = ["product", "product", "sum", "neg", "exp", "add", "div"]
    found = operations(sigmoid="circuit", last="tanh", loss="sse")
    last = ["product", "product", "sum", "tanh"]
    assert found == [*neuron, *neuron, *last, "sse.term", "sse.total"]


def test_a_softmax_follows_behind_all_sums() -> None:
    text = NET.replace("[[1], [2]]", "[[1, 2], [3, 4]]").replace("t = [1]", "t = [1, 0]")
    tape = compile_tape(
        loaded(text.format(sigmoid="shortcut", last="softmax", loss="cross_entropy"))
    )
    found = [CODE.names[code] for code in tape.op][8:]
    neuron = ["product", "product", "sum"]
    entropy = ["cross_entropy.term"] * 2 + ["cross_entropy.total"]
    assert found == [*neuron, *neuron, "softmax", "softmax", *entropy]


def test_an_operation_knows_its_layer_and_neuron() -> None:
    text = NET.format(sigmoid="shortcut", last="identity", loss="mse")
    tape = compile_tape(loaded(text))
    groups = [tape.group_of(node) for node in range(tape.leaves, tape.size)]
    assert groups == [("h", 1)] * 4 + [("h", 2)] * 4 + [("o", 1)] * 3 + [("loss", 0)] * 2


def test_frozen_entries() -> None:
    text = NET.format(sigmoid="shortcut", last="identity", loss="mse")
    tape = compile_tape(loaded(f'{text}[training]\nfrozen = ["h.b", "h.W[2,1]", "o.W"]\n'))
    names = Names(tape)
    frozen = {names.name(node) for node in range(tape.parameters) if tape.frozen[node]}
    assert frozen == {"h.b[1]", "h.b[2]", "h.W[2,1]", "o.W[1,1]", "o.W[2,1]"}


def test_outputs() -> None:
    graph = """
title = "outputs"
[graph]
inputs = { x = 1 }
output = "b"
[graph.nodes]
a = "-x"
b = "a * a + x"
c = "b + 1"
"""
    tape = compile_tape(loaded(graph))
    assert [Names(tape).name(node) for node in tape.outputs.tolist()] == ["b"]
    net = compile_tape(loaded(NET.format(sigmoid="shortcut", last="tanh", loss="mse")))
    assert [Names(net).name(node) for node in net.outputs.tolist()] == ["o.a[1]"]
