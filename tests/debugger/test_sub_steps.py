"""The inside of a function: every smaller step against the math module and exact decimals."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.autodiff.schedule import FORWARD
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.sub_steps import can_open, inside, inside_slope, open_place, why_not
from nnhs_tui.operations.arithmetic import arithmetic
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.panes.opened import draw_curve
from nnhs_tui.scenario.loading import from_text
from tests.random_scenarios import loaded, run_of

NEURON = """
title = "t"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[{w}]]
activation = "{activation}"
[[samples]]
x = [1]
"""


@given(st.decimals(-6, 6, places=2), st.sampled_from(["exact", "hand"]))
def test_the_circuit_of_a_sigmoid(w: Decimal, kind: str) -> None:
    run = run_of(NEURON.format(w=w, activation="sigmoid"), kind)
    record, node = run.record(0, 0), run.tape.layers[0].a(0)
    steps = inside(record, node)
    assert [step.symbol for step in steps] == ["A", "B", "C", "a"]
    with localcontext() as context:
        context.prec = 40
        z = Decimal(w)
        exact = [-z, (-z).exp(), 1 + (-z).exp()]
    for step, value in zip(steps, exact, strict=False):
        assert float(step.value) == pytest.approx(float(value), rel=1e-12, abs=1e-12)
    assert steps[-1].value == record.value[node]
    a = record.value[node]
    slopes = inside_slope(record, node)
    assert slopes[0].value == 1 - a
    assert slopes[-1].value == arithmetic(kind, 2).round(a * (1 - a))


@given(st.decimals(-3, 3, places=2))
def test_the_inside_of_a_tanh(w: Decimal) -> None:
    run = run_of(NEURON.format(w=w, activation="tanh"), "exact")
    p, n, a = inside(run.record(0, 0), run.tape.layers[0].a(0))
    assert p.value == pytest.approx(math.exp(w))
    assert n.value == pytest.approx(math.exp(-w))
    assert a.value == pytest.approx((p.value - n.value) / (p.value + n.value), abs=1e-12)


@pytest.mark.parametrize("kind", ["exact", "hand"])
@pytest.mark.parametrize(
    ("name", "w", "inner"),
    [
        # Φ(-1) = 0.158655, exp(-1) = 0.367879, σ(-1) = 0.268941
        ("gelu", "-1", {"Φ": 0.158655}),
        ("elu", "-1", {"E": 0.367879}),
        ("elu", "1", {}),
        ("softplus", "-1", {"E": 0.367879, "C": 1.367879}),
        ("swish", "-1", {"s": 0.268941}),
        ("leaky_relu", "-1", {}),
        ("step", "-1", {}),
    ],
)
def test_the_inside_of_further_activations(
    name: str, w: str, inner: dict[str, float], kind: str
) -> None:
    run = run_of(NEURON.format(w=w, activation=name), kind)
    record, node = run.record(0, 0), run.tape.layers[0].a(0)
    *within, last = inside(record, node)
    assert {step.symbol: round(float(step.value), 6) for step in within} == inner
    assert last.symbol == "a" and last.value == record.value[node]
    assert inside_slope(record, node)[-1].value == record.local(node, 0)


@pytest.mark.parametrize("name", [each.name for each in OPERATIONS.values() if each.is_single])
@pytest.mark.parametrize("x", [0.3, 1.5])
def test_a_curve_is_the_operation_it_stands_for(name: str, x: float) -> None:
    text = f'title="t"\n[graph]\ninputs = {{ x = {x} }}\n[graph.nodes]\ny = "{name}(x)"'
    if not OPERATIONS[name].is_function:
        text = NEURON.format(w=x, activation=name)
    run = run_of(text, "exact")
    node = int(run.tape.outputs[0])
    assert OPERATIONS[name].curve(x) == pytest.approx(
        float(run.record(0, 0).value[node]), rel=1e-14
    )


def test_what_cannot_be_opened_says_why() -> None:
    session = Session(loaded(NEURON.format(w="0.5", activation="sigmoid")))
    first = session.schedule.step(0)
    assert first.phase == FORWARD and not can_open(session.tape, first)
    assert "multiplication" in why_not(session.tape, first)
    assert "sum" in why_not(session.tape, session.schedule.step(1))
    outcome = session.execute("into")
    assert outcome.kind == "unchanged" and "nothing inside" in outcome.message
    session.execute("goto h.a[1]")
    assert session.execute("into").kind == "moved" and session.scene().opened
    session.execute("next")
    assert not session.scene().opened


RULES = """title = "rules"
[graph]
inputs = { x = 2.0, y = 3.0 }
output = "s"
[graph.nodes]
a = "x + 4"
b = "1 / x"
c = "4 * x"
d = "x ** 3"
e = "5 - x"
f = "x * y"
s = "a + b + c + d + e + f"
"""
FUNCTIONS = {
    "a": ("x + 4", lambda x: x + 4, 1.0),
    "b": ("1 / x", lambda x: 1 / x, -0.25),
    "c": ("4·x", lambda x: 4 * x, 4.0),
    "d": ("x^3", lambda x: x**3, 12.0),
    "e": ("5 - x", lambda x: 5 - x, -1.0),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_operation_of_one_number_and_constants_has_a_curve_and_its_tangent(name: str) -> None:
    told, function, slope = FUNCTIONS[name]
    session = Session(from_text(RULES, "rules.toml"))
    session.execute(f"goto grad x via {name}")
    assert session.execute("into").kind == "moved"
    scene = session.scene()
    text = ["".join(part for part, _ in line) for line in draw_curve(scene, 60, 16, (0, 0))]
    assert text[0].startswith(f"3 {told.replace('^', '**')} and its tangent") or told in text[0]
    assert text[-1] == f"● (2.00, {function(2):.2f})  slope {slope:.2f}"
    assert float(inside_slope(scene.record, scene.step.node)[-1].value) == pytest.approx(slope)
    (step,) = inside(scene.record, scene.step.node)
    assert float(step.value) == pytest.approx(function(2)) and "{z}" in step.formula
    node = session.tape.operation(scene.step.node)
    assert node is not None
    curve = node.curve_along(
        open_place(session.tape, scene.step.node) or 0,
        [float(scene.record.value[n]) for n in session.tape.operands(scene.step.node).tolist()],
    )
    for x in (-2.0, 0.5, 3.0):
        assert curve(x) == pytest.approx(function(x))


def test_an_operation_of_two_numbers_has_none() -> None:
    session = Session(from_text(RULES, "rules.toml"))
    session.execute("goto f")
    assert open_place(session.tape, session.scene().step.node) is None
    assert session.execute("into").kind == "unchanged"


def test_the_line_does_not_go_through_a_pole() -> None:
    session = Session(from_text(RULES, "rules.toml"))
    session.execute("goto grad x via b")
    session.execute("into")
    lines = [
        "".join(part for part, _ in line) for line in draw_curve(session.scene(), 61, 20, (0, 0))
    ]
    middle = [line[30:31] for line in lines[1:-2]]
    assert sum(sign in ("⡇", "⢸", "⣿") for sign in middle) < len(middle) - 4, lines
