"""What a sheet asks: the right names in the right order, and answers that are true."""

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger.naming.reading import name_of, read_quantity
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.quantity import GRAD, NEW, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.marking.asked_quantities import PHASES, answer, asked, count_asked
from nnhs_tui.operations.numerals import shown
from nnhs_tui.present.panes.level_steps import level_steps
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.rounds import Run
from tests import reference
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

SHIPPED = Path(__file__).parents[2] / "scenarios"
LEVELS = st.sampled_from(["node", "neuron", "layer"])


def session_of(text: str, arithmetic: str = "exact", digits: int = 2) -> Session:
    """A session of a text; one that cannot be computed says nothing here."""
    try:
        return Session(loaded(text), arithmetic=arithmetic, digits=digits)
    except ComputationError:
        assume(False)
        raise


def names_of(session: Session, level: str, phases: tuple[str, ...] = PHASES) -> list[str]:
    schedule = session.schedule
    quantities = asked(schedule, level, phases)
    return [name_of(session.names, each, schedule) for each in quantities]


def shipped(name: str) -> Session:
    return Session(load(SHIPPED / f"{name}.toml"), arithmetic="exact")


@settings(max_examples=examples(100))
@given(scenarios(), LEVELS)
def test_names_are_asked_once_and_read_back(text: str, level: str) -> None:
    session = session_of(text)
    names = names_of(session, level)
    assert len(set(names)) == len(names) == count_asked(session.schedule, level)
    read = [read_quantity(session.names, session.schedule, name) for name in names]
    assert read == list(asked(session.schedule, level))


@settings(max_examples=examples(60))
@given(scenarios())
def test_at_the_level_node_everything_is_asked_that_a_step_finds(text: str) -> None:
    session = session_of(text)
    several = len(session.scenario.samples) > 1
    found, terms = [], []
    for step in level_steps(session.scene(), "node"):
        prefix = f"sample {step.sample}: " if several and step.sample else ""
        name = prefix + step.name
        (terms if name in found else found).append(name)
    frozen = [session.names.name(k) for k in session.tape.frozen.nonzero()[0].tolist()]
    wanted = [n for n in found if n not in terms and n.removeprefix("new ") not in frozen]
    names = names_of(session, "node")
    of_all = [n for n in names if several and not n.startswith(("sample ", "new "))]
    assert [name for name in names if name not in of_all] == wanted


def test_the_two_layer_net_at_the_level_neuron() -> None:
    expected = """
        hidden.z[1] hidden.a[1] hidden.z[2] hidden.a[2] output.z[1] output.a[1] loss[1] loss
        grad_output.a[1] grad_output.z[1] grad_output.W[1,1] grad_output.W[2,1]
        grad_hidden.a[1] grad_hidden.a[2]
        grad_hidden.z[1] grad_hidden.W[1,1] grad_hidden.W[2,1] grad_hidden.W[3,1]
        grad_hidden.z[2] grad_hidden.W[1,2] grad_hidden.W[2,2] grad_hidden.W[3,2]
        grad_x[1] grad_x[2] grad_x[3]
        new_hidden.W[1,1] new_hidden.W[2,1] new_hidden.W[3,1]
        new_hidden.W[1,2] new_hidden.W[2,2] new_hidden.W[3,2]
        new_output.W[1,1] new_output.W[2,1]
    """.replace("_", " ")
    names = names_of(shipped("two-layer-sigmoid"), "neuron")
    assert " ".join(names) == " ".join(expected.split())
    assert names_of(shipped("two-layer-sigmoid"), "layer") == names


SMALL = """\
title = "all there is"
sigmoid = "circuit"
[network]
inputs = ["height", "age"]
[[network.layers]]
name = "h"
weights = [[0.5, 0.4], [0.2, -0.6]]
bias = [0.1, 0.2]
activation = "sigmoid"
[[network.layers]]
name = "o"
weights = [[0.5, 0.3], [0.9, -0.2]]
activation = "softmax"
[training]
frozen = ["h.b", "o.W[1,2]"]
[[samples]]
x = [2.0, 3.0]
[[samples]]
x = [1.0, -1.0]
"""


def test_letters_paths_products_and_what_is_frozen() -> None:
    session = session_of(SMALL)
    node, neuron = names_of(session, "node"), names_of(session, "neuron")
    for name in ("sample 2: h.A[1]", "sample 1: h.C[2]", "sample 1: grad o.z[2]", "grad h.b[1]"):
        assert name in node and name in neuron
    inner = (
        "sample 1: h.p[2,1]",
        "sample 2: grad h.p[1,2]",
        "sample 1: grad h.B[1]",
        "sample 2: grad height via h.z[2]",
        "sample 1: grad o.z[1] via o.a[2]",
    )
    for name in inner:
        assert name in node and name not in neuron
    given_from_in_front = ["sample 1: grad o.a[1]", "sample 2: grad o.a[2]"]
    frozen = ["new h.b[1]", "new h.b[2]", "new o.W[1,2]"]
    assert not set(given_from_in_front + frozen) & {*node, *neuron}
    assert "new o.W[2,2]" in neuron and "sample 1: grad o.W[1,2]" in neuron


def test_samples_come_one_after_the_other_then_what_is_of_all_of_them() -> None:
    names = names_of(shipped("three-samples"), "neuron")
    prefixes = [name.partition(": ")[0] for name in names if name.startswith("sample ")]
    assert prefixes == sorted(prefixes) and set(prefixes) == {f"sample {k}" for k in (1, 2, 3)}
    assert names[len(prefixes) :] == [
        "loss",
        *(f"grad {name}" for name in WEIGHTS),
        *(f"new {name}" for name in WEIGHTS),
    ]


WEIGHTS = [f"hidden.W[{i},{j}]" for j in (1, 2) for i in (1, 2)]
WEIGHTS += [f"output.W[{i},1]" for i in (1, 2)]

GRAPH = """\
title = "graph"
[graph]
inputs = { x = 0.5 }
parameters = { w = 2.0, unused = 1.0 }
output = "f"
[graph.nodes]
a = "(w + x) * w"
b = "x - x"
f = "a * b + sin(w * w)"
"""


def test_of_a_graph_the_named_nodes_are_asked() -> None:
    session = session_of(GRAPH)
    neuron, node = names_of(session, "neuron"), names_of(session, "node")
    assert neuron == [
        *("a", "b", "f"),
        *("grad a", "grad b", "grad w", "grad x"),
        *("new w", "new unused"),
    ]
    assert {"a.1", "f.1", "grad a.1", "grad w via a", "grad x via a.1"} <= set(node)
    # Two terms of the same name: nobody could tell which of them is asked.
    assert "grad x via b" not in node and "grad w via f.2" not in node


def test_no_gradient_is_asked_where_none_arrives() -> None:
    session = session_of(f"{GRAPH}[[samples]]\nx = 0.5\n[[samples]]\nx = 1.5\n")
    names = names_of(session, "node")
    assert "grad w" in names and "new unused" in names
    assert not any(name.endswith("grad unused") for name in names)


@settings(max_examples=examples(40))
@given(scenarios(), LEVELS, st.sets(st.sampled_from(PHASES)))
def test_phases_are_asked_by_themselves(text: str, level: str, phases: set[str]) -> None:
    session = session_of(text)
    every = list(asked(session.schedule, level))
    kind_of = {NEW: "update", GRAD: "backward"}
    wanted = [each for each in every if kind_of.get(each.kind, "forward") in phases]
    assert list(asked(session.schedule, level, phases)) == wanted


def test_counting_stops() -> None:
    session = shipped("training-loop")
    assert count_asked(session.schedule, "node") == 341
    assert count_asked(session.schedule, "node", most=100) == 101


@settings(max_examples=examples(60))
@given(scenarios(), LEVELS, st.sampled_from(["exact", "hand"]))
def test_answers_are_what_the_screen_shows_at_the_end(
    text: str, level: str, arithmetic: str
) -> None:
    session = session_of(text, arithmetic)
    scene = replace(session.scene(), index=session.total - 1, level="node")
    for quantity in asked(session.schedule, level):
        assert answer(session.run, quantity) == value_at(scene, quantity), session.name(quantity)


@settings(max_examples=examples(80))
@given(scenarios(), st.sampled_from([1, 2, 3]))
def test_answers_by_hand_agree_with_the_reference(text: str, digits: int) -> None:
    session = session_of(text, "hand", digits)
    try:
        (round_,) = reference.hand_rounds(reference.as_decimals(text), digits, 1)
    except reference.Impossible:
        assume(False)
        raise
    several = len(session.scenario.samples) > 1
    for name in names_of(session, "neuron"):
        quantity = read_quantity(session.names, session.schedule, name)
        bare = name.partition(": ")[2] if name.startswith("sample ") else name
        result = round_["results"][quantity.sample or 0]
        kind, _, rest = bare.rpartition(" ")
        if kind == "new":
            expected = round_["after"][rest]
        elif several and bare == name:
            expected = round_["accumulated"][rest] if kind else round_["loss"]
        else:
            expected = (result.gradients if kind else result.values)[rest]
        assert answer(session.run, quantity) == expected, name


def test_answers_of_the_two_layer_net_as_worked_with_a_calculator() -> None:
    session = shipped("two-layer-sigmoid")
    worked = {
        "hidden.z[1]": "-0.75",
        "hidden.a[2]": "0.21",
        "output.a[1]": "0.68",
        "loss": "0.34",
        "grad output.z[1]": "0.25",
        "grad hidden.W[2,2]": "0.24",
        "grad x[2]": "-0.14",
        "new hidden.W[2,2]": "-1.22",
    }
    for name, text in worked.items():
        quantity = read_quantity(session.names, session.schedule, name)
        assert shown(answer(session.run, quantity), 2) == text
    step = Quantity("step", session.names.id("hidden.W[2,2]") or 0)
    assert shown(answer(session.run, step), 2) == "0.12"


@pytest.mark.parametrize("level", ["node", "neuron"])
def test_order_is_that_of_the_steps(level: str) -> None:
    session = session_of(SMALL)
    run: Run = session.run
    offsets = []
    for quantity in asked(run.schedule, level):
        if quantity.sample is not None:
            node, behind = quantity.node, run.schedule.forward
            if quantity.path is not None:
                place = behind + quantity.path.offset
            elif quantity.kind == GRAD:
                settled = run.schedule.settled(node)
                assert settled is not None
                place = behind + settled
            else:
                place = node - run.tape.leaves
            offsets.append(quantity.sample * run.schedule.per_sample + place)
    assert all(a < b for a, b in pairwise(offsets)) and len(offsets) > 40


def test_values_of_hand_arithmetic_stay_decimals() -> None:
    session = session_of(SMALL, "hand")
    every = [answer(session.run, each) for each in asked(session.schedule, "node")]
    assert all(isinstance(each, Decimal) for each in every)
