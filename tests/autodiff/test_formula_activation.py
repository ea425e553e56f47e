"""An activation that is a formula in z: the same numbers as a graph that says it node by node."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from nnhs_tui.autodiff import gradcheck as checking
from nnhs_tui.autodiff.levels import levels_of, spans
from nnhs_tui.debugger.naming.reading import name_of, read_quantity
from nnhs_tui.debugger.quantities import of_step
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, ScenarioError
from nnhs_tui.present.trace import trace_json
from tests.random_scenarios import loaded
from tests.reference import elementary

NET = """
title = "formula"
{top}
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[0.5, -1.25], [0.75, -0.5]]
bias = [0.25, -0.5]
activation = "{formula}"
[[network.layers]]
name = "o"
weights = [[1.5], [-1]]
activation = "{formula}"
[loss]
kind = "half_sse"
[[samples]]
x = [1, -0.5]
t = [0.5]
[[samples]]
x = [-0.5, 2]
t = [1]
"""
FORMULAS = (
    "z ** 2",
    "max(z, 0.1*z)",
    "z * sigmoid(z)",
    "-z",
    "1 / (1 + exp(-z))",
    "abs(z) - z ** 2 + z / 4",
    "tan(z / 10) + e ** (z / pi)",
    "(1 + tanh(z)) * z / 2",
    "z",
)
LETTERS = ("w", "x", "p")


def graph_of(formula: str, circuit: bool) -> str:
    """The net of the first sample written out: a named node for everything that has a name."""
    nodes = []
    for layer, sums in (
        ("h", {"1": ("w11 * x1", "w21 * x2", "b1"), "2": ("w12 * x1", "w22 * x2", "b2")}),
        ("o", {"1": ("v1 * h_a_1", "v2 * h_a_2", "")}),
    ):
        for j, (first, second, bias) in sums.items():
            nodes.append((f"{layer}_p1_{j}", first))
            nodes.append((f"{layer}_p2_{j}", second))
            total = f"{layer}_p1_{j} + {layer}_p2_{j}" + (f" + {bias}" if bias else "")
            nodes.append((f"{layer}_z_{j}", total))
            steps = elementary("f", formula, circuit)
            names = {each.name: f"{layer}_f{k}_{j}" for k, each in enumerate(steps, 1)}
            names["f"], names["z"] = f"{layer}_a_{j}", f"{layer}_z_{j}"
            for each in steps:
                given = [names[o] if isinstance(o, str) else f"{o}" for o in each.operands]
                nodes.append((names[each.name], written(each.op, given)))
    nodes += [("d", "o_a_1 - t"), ("L", "d ** 2 / 2")]
    listed = "\n".join(f'{name} = "{text}"' for name, text in nodes)
    return f"""
title = "written out"
[graph]
inputs = {{ x1 = 1, x2 = -0.5, t = 0.5 }}
[graph.parameters]
w11 = 0.5
w12 = -1.25
w21 = 0.75
w22 = -0.5
b1 = 0.25
b2 = -0.5
v1 = 1.5
v2 = -1
[graph.nodes]
{listed}
"""


SIGNS = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**"}


def written(op: str, given: list[str]) -> str:
    if op in SIGNS:
        return f"{given[0]} {SIGNS[op]} {given[1]}"
    return {"neg": f"-{given[0]}", "copy": given[0]}.get(op, f"{op}({', '.join(given)})")


def session_of(text: str, arithmetic: str = "exact", digits: int = 2) -> Session:
    return Session(loaded(text), arithmetic=arithmetic, digits=digits)


def sample(session: Session) -> dict[str, Any]:
    return trace_json(session, "node", 1)["rounds"][0]["samples"][0]


@pytest.mark.parametrize(
    ("arithmetic", "digits"), [("exact", 2), ("hand", 2), ("hand", 3), ("hand", 4)]
)
@pytest.mark.parametrize("top", ["", 'sigmoid = "circuit"'], ids=["shortcut", "circuit"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_it_is_the_graph_that_says_it_node_by_node(
    formula: str, top: str, arithmetic: str, digits: int
) -> None:
    net = sample(session_of(NET.format(formula=formula, top=top), arithmetic, digits))
    graph = sample(session_of(graph_of(formula, bool(top)), arithmetic, digits))
    compared = 0
    for block in ("values", "gradients"):
        for name, found in net[block].items():
            layer, _, letter = name.partition(".")
            if letter[:1] in ("z", "a", "f"):
                for j, number in enumerate(found if isinstance(found, list) else [found], 1):
                    assert number == graph[block][f"{layer}_{letter}_{j}"], (block, name)
                    compared += 1
    weights = net["gradients"]["h.W"]
    assert weights == [[graph["gradients"][f"w{i}{j}"] for j in (1, 2)] for i in (1, 2)]
    assert compared >= 12


@pytest.mark.parametrize("formula", FORMULAS)
def test_its_gradients_agree_with_differences(formula: str) -> None:
    checks = list(checking.gradcheck(loaded(NET.format(formula=formula, top=""))))
    assert {check.verdict for check in checks} == {checking.AGREES}


def test_its_kink_is_found() -> None:
    text = NET.format(formula="max(z, 0.1*z)", top="").replace("bias = [0.25,", "bias = [-0.125,")
    verdicts = {check.name: check.verdict for check in checking.gradcheck(loaded(text))}
    assert verdicts["grad h.b[1]"] == checking.KINK


def test_its_nodes_have_names_and_terms() -> None:
    session = session_of(NET.format(formula="z * sigmoid(z)", top=""))
    names, schedule = session.names, session.schedule
    told = []
    for index in range(schedule.total):
        quantity = of_step(schedule, schedule.step(index))
        name = name_of(names, quantity, schedule)
        told.append(name)
        if quantity.path is None:
            read = read_quantity(names, schedule, name)
            assert (read.kind, read.node) == (quantity.kind, quantity.node)
    assert {"h.f1[1]", "h.f1[2]", "o.f1[1]", "grad h.f1[2]"} <= set(told)
    assert {"grad h.z[1] via h.a[1]", "grad h.z[1] via h.f1[1]", "grad h.z[1]"} <= set(told)
    at = told.index("grad h.z[1] via h.f1[1]")
    assert told.index("grad h.z[1] via h.a[1]") < at < told.index("grad h.z[1]")


@pytest.mark.parametrize("formula", FORMULAS)
def test_each_value_is_settled_where_its_last_step_is(formula: str) -> None:
    """The gradient so far, which the panes show, is whole at the step that makes it so."""
    session = session_of(NET.format(formula=formula, top=""))
    schedule = session.schedule
    last: dict[int, int] = {}
    for offset in range(schedule.backward):
        step = schedule.step(schedule.forward + offset)
        assert step.target is not None
        last[step.target] = offset
    for target, offset in last.items():
        assert schedule.settled(target) == offset
        terms = schedule.arrivals(target)
        record = session.run.record(0, 0)
        total = sum(float(record.arriving(each.node, each.place)) for each in terms)
        assert total == pytest.approx(float(record.gradient[target]))


def test_a_level_changes_only_how_much_a_step_shows() -> None:
    session = session_of(NET.format(formula="z * sigmoid(z)", top=""))
    numbers = [
        json.dumps(trace_json(session, level, 1)["rounds"][0]["samples"])
        for level in levels_of(session.schedule)
    ]
    assert len(set(numbers)) == 1
    per_neuron = list(spans(session.schedule, 0, session.schedule.forward, "neuron"))
    assert len(per_neuron) == 4


@pytest.mark.parametrize(
    ("formula", "found", "expected"),
    [
        ("z ** q", 'unknown name "q"', "expected z, the neuron's sum"),
        ("2 * 3", "a formula without z", "expected a formula in z"),
        ("softplus(z) + 1", "softplus is not a function", "expected one of"),
        ("max(z)", "max of one value", "expected two or more"),
        ("z ^ 2", "at column 3", "expected ** for a power"),
        ("z +", "the end", "expected a number"),
        ("relu z", "the function relu without brackets", "expected relu(…)"),
        ("mean(z)", "mean is of matrices", "z is one number"),
        ("sum(z) + z", "sum is of matrices", "z is one number"),
        ("softmax(z)", "softmax is of matrices", "z is one number"),
        ("z @ z", "@ is of matrices", "z is one number"),
        ("z.T", ".T is of matrices", "z is one number"),
        ("z[1]", "[1] is of matrices", "z is one number"),
        ("concat(z, z)", "concat is of matrices", "z is one number"),
        ("sigmoit", '"sigmoit"', 'or a formula: "z ** 2"'),
    ],
)
def test_what_is_wrong_is_told_at_its_place(formula: str, found: str, expected: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        loaded(NET.format(formula=formula, top=""))
    told = [str(fault) for fault in refused.value.faults]
    assert any(f"network.layers[{n}].activation: " in each for n in (1, 2) for each in told)
    assert any(found in each and expected in each for each in told)


@pytest.mark.parametrize("formula", FORMULAS)
def test_its_curve_is_that_of_its_nodes(formula: str) -> None:
    session = session_of(NET.format(formula=formula, top=""))
    record, layer = session.run.record(0, 0), session.tape.layers[0]
    for j in range(layer.m):
        a, slope = layer.tail.curve(float(record.value[layer.z(j)]))
        assert a == record.value[layer.a(j)]
        assert slope * record.gradient[layer.a(j)] == pytest.approx(record.gradient[layer.z(j)])


def test_too_many_nodes_are_refused() -> None:
    formula = "+".join(["z"] * 4999)
    text = f"""
title = "large"
[network]
inputs = 1
[[network.layers]]
neurons = 201
activation = "{formula}"
[[samples]]
x = [1]
"""
    with pytest.raises(ScenarioError) as refused:
        loaded(text)
    (fault,) = refused.value.faults
    assert "a formula of 4,998 nodes in 201 neurons" in str(fault)


def test_an_overflow_names_the_node() -> None:
    with pytest.raises(ComputationError) as refused:
        session_of(NET.format(formula="exp(z * 1000)", top="")).run.record(0, 0)
    assert "o.a[1]: exp(1.08" in str(refused.value)
    with pytest.raises(ComputationError) as refused:
        session_of(NET.format(formula="log(z)", top="")).run.record(0, 0)
    assert "h.a[2]" in str(refused.value) and "negative number" in str(refused.value)


def test_worked_by_hand() -> None:
    """z = 1·2 - 0.5 = 1.5; f1 = z² = 2.25, a = f1 - 1 = 1.25; ∂a/∂z = 2z = 3."""
    text = """
title = "by hand"
arithmetic = "hand"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[2]]
bias = [-0.5]
activation = "z ** 2 - 1"
[[samples]]
x = [1]
"""
    found = sample(session_of(text, "hand"))
    values = {name: found["values"][f"o.{name}"] for name in ("z", "f1", "a")}
    assert values == {"z": [1.5], "f1": [2.25], "a": [1.25]}
    gradients = [found["gradients"][f"o.{name}"] for name in ("a", "f1", "z", "b")]
    assert gradients == [[1.0], [1.0], [3.0], [3.0]]
    assert Decimal("2.25") == Decimal(str(values["f1"][0]))
