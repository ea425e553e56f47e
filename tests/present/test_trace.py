"""`trace`: the JSON schema to the letter, the levels, and the text."""

import json
import math
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.record import Record
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.present.panes.explain import explain
from nnhs_tui.present.trace import trace_json, trace_text
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios
from tests.reference import (
    as_decimals,
    as_doubles,
    elementary,
    hand_rounds,
    is_formula,
    layers_of,
)

np.seterr(all="ignore")
LEVELS = ("node", "neuron", "layer")


def session_of(text: str, kind: str, digits: int | None = None) -> Session:
    try:
        session = Session(loaded(text), arithmetic=kind, digits=digits)
        session.run.round(1)
    except ComputationError:
        assume(False)
    return session


def traced(session: Session, level: str, rounds: int = 1) -> dict[str, Any]:
    """Through real JSON and back."""
    return json.loads(json.dumps(trace_json(session, level, rounds), allow_nan=False))


TOP = ["schema", "scenario", "title", "arithmetic", "digits", "level", "rounds"]
ROUND = ["round", "loss", "samples", "steps", "accumulated", "before", "after"]
STEP = ["n", "sample", "phase", "name", "formula", "numbers", "value", "shown"]


def shape(value: Any) -> tuple[int, ...]:
    """() of a number, (n,) of a list of numbers, (n, m) of a list of rows."""
    if not isinstance(value, list):
        assert type(value) in (int, float)
        return ()
    inner = {shape(each) for each in value}
    assert len(inner) == 1, "ragged"
    return (len(value), *inner.pop())


def expected_shapes(data: dict[str, Any]) -> tuple[dict, dict, dict]:
    """Shapes of values, gradients and parameters by name, as the contract has them."""
    if "graph" in data:
        graph = data["graph"]
        parameters = dict.fromkeys(graph.get("parameters", {}), ())
        leaves = parameters | dict.fromkeys(graph.get("inputs", {}), ())
        values = leaves | dict.fromkeys(graph["nodes"], ())
        return values, values, parameters
    inputs = data["network"]["inputs"]
    n = len(inputs) if isinstance(inputs, list) else inputs
    values: dict[str, tuple[int, ...]] = {"x": (n,)}
    parameters = {}
    kind = data.get("loss", {}).get("kind")
    listed = layers_of(data)
    for name, layer in listed:
        rows, m = np.shape(layer["weights"])
        parameters[f"{name}.W"] = (rows, m)
        if "bias" in layer:
            parameters[f"{name}.b"] = (m,)
        values |= {f"{name}.z": (m,), f"{name}.a": (m,)}
        if layer.get("activation") == "sigmoid" and data["sigmoid"] == "circuit":
            values |= {f"{name}.{letter}": (m,) for letter in "ABC"}
        if is_formula(layer.get("activation", "identity")):
            nodes = elementary("a", layer["activation"], data["sigmoid"] == "circuit")
            values |= {f"{name}.f{place}": (m,) for place in range(1, len(nodes))}
    gradients = values | parameters
    last, layer = listed[-1]
    if kind == "cross_entropy" and layer.get("activation") == "softmax":
        del gradients[f"{last}.a"]
    if kind:
        values |= {"t": (m,), "loss": ()}
    return values, gradients, parameters


@settings(max_examples=examples(100))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.sampled_from(LEVELS))
def test_the_schema(text: str, kind: str, level: str) -> None:
    data = as_doubles(text)
    session = session_of(text, kind)
    trace = traced(session, level, 2)
    values, gradients, parameters = expected_shapes(data)
    assert list(trace) == TOP
    assert trace["schema"] == "nnhs-trace/1"
    assert (trace["scenario"], trace["title"]) == ("made", data["title"])
    assert (trace["arithmetic"], trace["digits"], trace["level"]) == (kind, 2, level)
    assert [each["round"] for each in trace["rounds"]] == [1, 2]
    for round_ in trace["rounds"]:
        assert list(round_) == ROUND
        assert (round_["loss"] is None) == ("loss" not in data)
        for block in ("accumulated", "before", "after"):
            assert {k: shape(v) for k, v in round_[block].items()} == parameters
        numbers = range(1, len(data.get("samples", [{}])) + 1)
        assert [each["sample"] for each in round_["samples"]] == list(numbers)
        for sample in round_["samples"]:
            assert list(sample) == ["sample", "values", "gradients"]
            found = named(sample["values"]), named(sample["gradients"])
            assert found == (values, gradients)
        check_steps(round_["steps"], level, len(numbers))
    assert trace["rounds"][1]["before"] == trace["rounds"][0]["after"]


def named(block: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Shapes by name, without a graph's inner nodes."""
    inner = {name for name in block if name.rpartition(".")[2].isdigit()}
    for name in inner:
        assert shape(block[name]) == ()
    return {name: shape(value) for name, value in block.items() if name not in inner}


def check_steps(steps: list[dict[str, Any]], level: str, samples: int) -> None:
    assert [step["n"] for step in steps] == list(range(1, len(steps) + 1))
    order = []
    for step in steps:
        assert list(step) == STEP
        assert (step["sample"] is None) == (step["phase"] == "update")
        phase = ["forward", "backward", "update"].index(step["phase"])
        order.append((step["sample"] or samples + 1, phase))
        for key in ("name", "formula", "shown"):
            assert isinstance(step[key], str) and step[key], key
        assert isinstance(step["numbers"], str)
        if level == "node":
            assert shape(step["value"]) == ()
        else:
            assert len(shape(step["value"])) in (1, 2)
    assert order == sorted(order)


@settings(max_examples=examples(80))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_levels_differ_in_their_steps_only(text: str, kind: str) -> None:
    session = session_of(text, kind)
    traces = {level: traced(session, level) for level in LEVELS}
    counts = [len(traces[level]["rounds"][0].pop("steps")) for level in LEVELS]
    assert counts == sorted(counts, reverse=True)
    for trace in traces.values():
        trace["level"] = ""
    assert traces["node"] == traces["neuron"] == traces["layer"]


@settings(max_examples=examples(80))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_steps_and_blocks_hold_the_same_numbers(text: str, kind: str) -> None:
    """A step named `hidden.z[1]` has the number of the block `hidden.z`, entry 1; and so on."""
    session = session_of(text, kind)
    (round_,) = traced(session, "node")["rounds"]
    checked = 0
    for step in round_["steps"]:
        kind_of, _, quantity = step["name"].rpartition(" ")
        if " via " in step["name"] or ".p[" in quantity or quantity.startswith("loss["):
            continue
        if step["phase"] == "update":
            assert kind_of == "new"
            block = round_["after"]
        else:
            sample = round_["samples"][step["sample"] - 1]
            assert kind_of == ("grad" if step["phase"] == "backward" else "")
            block = sample["gradients" if kind_of else "values"]
        assert step["value"] == entry(session, block, quantity), step["name"]
        checked += 1
    assert checked


def entry(session: Session, block: dict[str, Any], quantity: str) -> Any:
    inputs = getattr(session.scenario.model, "input_names", ())
    if quantity in inputs:
        return block["x"][inputs.index(quantity)]
    name, _, index = quantity.partition("[")
    value = block[name]
    for place in index.rstrip("]").split(",") if index else ():
        value = value[int(place) - 1]
    return value


@settings(max_examples=examples(80))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_terms_by_path_add_up(text: str, kind: str) -> None:
    session = session_of(text, kind)
    (round_,) = traced(session, "node")["rounds"]
    sums: dict[tuple[int, str], list[float]] = {}
    for step in round_["steps"]:
        if step["phase"] != "backward":
            continue
        gradient, via, _ = step["name"].partition(" via ")
        key = (step["sample"], gradient)
        if via:
            sums.setdefault(key, []).append(step["value"])
            assert "paths" in step["numbers"]
        elif key in sums:
            terms = sums.pop(key)
            assert len(terms) > 1
            assert sum(terms) == pytest.approx(step["value"], rel=1e-9, abs=1e-9)
    assert not sums, "a join of paths without its sum"


@settings(max_examples=examples(60))
@given(scenarios(decimals=3), st.integers(0, 6))
def test_hand_traces_hold_decimals_of_so_many_places(text: str, digits: int) -> None:
    session = session_of(text, "hand", digits)
    (round_,) = traced(session, "node")["rounds"]
    unit = Decimal(1).scaleb(-digits)
    given_numbers = {"x", "t"} | set(session.scenario.frozen)
    graph = as_decimals(text).get("graph", {})
    given_numbers |= set(graph.get("inputs", {})) | set(graph.get("parameters", {}))
    blocks = [s[key] for s in round_["samples"] for key in ("values", "gradients")]
    for block in [*blocks, round_["accumulated"]]:
        for name, value in block.items():
            if name not in given_numbers or block is not blocks[0]:
                for number in np.ravel(value):
                    decimal = Decimal(repr(float(number)))
                    if name in given_numbers:
                        continue
                    assert decimal == decimal.quantize(unit), (name, number)
    for step in round_["steps"]:
        assert step["value"] == pytest.approx(float(step["shown"]), abs=0.51 * 10.0**-digits)


@settings(max_examples=examples(60))
@given(scenarios(), st.integers(0, 6))
def test_hand_traces_are_the_reference(text: str, digits: int) -> None:
    session = session_of(text, "hand", digits)
    trace = traced(session, "node", 2)
    for round_, expected in zip(
        trace["rounds"], hand_rounds(as_decimals(text), digits, 2), strict=True
    ):
        for sample, result in zip(round_["samples"], expected["results"], strict=True):
            for block, numbers in (
                (sample["values"], result.values),
                (sample["gradients"], result.gradients),
            ):
                for name, number in numbers.items():
                    # Products and the terms of the loss have steps, but no block.
                    if ".p[" in name or name.startswith("loss["):
                        continue
                    if block is sample["values"] and (".W[" in name or ".b[" in name):
                        continue
                    assert entry(session, block, name) == float(number), name
        for block in ("before", "accumulated", "after"):
            for name, number in expected[block].items():
                assert entry(session, round_[block], name) == float(number)
        loss = expected["loss"]
        assert round_["loss"] == (None if loss is None else float(loss))


def test_doubles_come_back_from_json_bit_by_bit() -> None:
    session = session_of(
        'title = "d"\n[graph]\ninputs = { x = 0.1 }\n[graph.nodes]\ny = "exp(x) / 3"', "exact"
    )
    record = session.run.record(0, 0)
    values = traced(session, "node")["rounds"][0]["samples"][0]["values"]
    assert values["y"] == float(record.value[session.names.id("y")])
    assert np.exp(0.1) / 3 == values["y"]


EXAMPLE = """
title = "The example of the contract"
[network]
inputs = 1
[[network.layers]]
name = "hidden"
weights = [[0.2]]
bias = [0.1]
activation = "sigmoid"
[loss]
kind = "mse"
[[samples]]
x = [1.0]
t = [0.5]
"""


def test_an_example_number_by_number() -> None:
    (round_,) = traced(session_of(EXAMPLE, "exact"), "node")["rounds"]
    a = 1 / (1 + np.exp(-0.30000000000000004))
    sample = round_["samples"][0]
    assert sample["values"] == {
        "x": [1.0],
        "t": [0.5],
        "hidden.z": [0.30000000000000004],
        "hidden.a": [a],
        "loss": (a - 0.5) ** 2,
    }
    slope = 2 * (a - 0.5) * (a * (1 - a))
    assert {k: np.ravel(v).tolist() for k, v in sample["gradients"].items()} == {
        "hidden.a": [2 * (a - 0.5)],
        "hidden.z": [slope],
        "hidden.W": [slope],
        "hidden.b": [slope],
        "x": [slope * 0.2],
    }
    steps = [(s["phase"], s["name"], s["shown"]) for s in round_["steps"]]
    assert steps == [
        ("forward", "hidden.p[1,1]", "0.20"),
        ("forward", "hidden.z[1]", "0.30"),
        ("forward", "hidden.a[1]", "0.57"),
        ("forward", "loss[1]", "0.01"),
        ("forward", "loss", "0.01"),
        ("backward", "grad hidden.a[1]", "0.15"),
        ("backward", "grad hidden.z[1]", "0.04"),
        ("backward", "grad hidden.p[1,1]", "0.04"),
        ("backward", "grad hidden.b[1]", "0.04"),
        ("backward", "grad hidden.W[1,1]", "0.04"),
        ("backward", "grad x[1]", "0.01"),
        ("update", "new hidden.W[1,1]", "0.20"),
        ("update", "new hidden.b[1]", "0.10"),
    ]


TWO = """
title = "two layers"
[network]
inputs = ["height", "width"]
[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3, 0.1], [0.8, 0.2, 0.4]]
bias = [0.1, 0.2, 0.3]
activation = "sigmoid"
[[network.layers]]
name = "out"
weights = [[0.7, 1], [-0.4, 2], [0.2, 3]]
activation = "softmax"
[loss]
kind = "half_sse"
[[samples]]
x = [1.0, 0.5]
t = [0.25, 0.75]
"""


def test_values_at_the_levels_above() -> None:
    session = session_of(TWO, "exact")
    layers = traced(session, "layer")["rounds"][0]
    neurons = traced(session, "neuron")["rounds"][0]
    values = layers["samples"][0]["values"]
    gradients = layers["samples"][0]["gradients"]
    by_name = {(s["phase"], s["name"]): s["value"] for s in layers["steps"]}
    assert by_name["forward", "hidden.a"] == values["hidden.a"]
    assert by_name["forward", "out.a"] == values["out.a"]
    assert by_name["forward", "loss"] == [values["loss"]]
    assert by_name["backward", "grad out.W"] == gradients["out.W"]
    assert by_name["backward", "grad hidden.W"] == gradients["hidden.W"]
    assert by_name["update", "new hidden.W"] == layers["after"]["hidden.W"]
    assert len(layers["steps"]) == 8
    hidden = [s for s in neurons["steps"] if s["name"].startswith("hidden.a[")]
    assert [s["value"][-1] for s in hidden] == values["hidden.a"]
    columns = {s["name"]: s["value"] for s in neurons["steps"]}
    for j in range(3):
        column = [row[j] for row in gradients["hidden.W"]]
        assert columns[f"grad hidden.W[:,{j + 1}]"] == column
    assert columns["grad x"] == gradients["x"]
    assert columns["grad hidden.a"] == gradients["hidden.a"]


def test_a_graph_at_the_levels_above_steps_by_named_nodes() -> None:
    text = """
title = "named nodes"
[graph]
inputs = { x = 2 }
parameters = { w = 3, v = 1 }
[graph.nodes]
f = "(w + x) * x"
g = "exp(-f) + f"
"""
    session = session_of(text, "exact")
    for level in ("neuron", "layer"):
        (round_,) = traced(session, level)["rounds"]
        steps = [(s["phase"], s["name"]) for s in round_["steps"]]
        assert [name for phase, name in steps if phase == "forward"] == ["f", "g"]
        assert len([name for phase, name in steps if phase == "backward"]) == 2
        assert [name for phase, name in steps if phase == "update"] == ["new w", "new v"]
        assert round_["steps"][0]["value"] == [10.0]


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.sampled_from(LEVELS))
def test_text_is_plain_lines_beginning_with_the_title(text: str, kind: str, level: str) -> None:
    session = session_of(text, kind)
    lines = list(trace_text(session, level, 2))
    assert lines[0] == as_doubles(text)["title"]
    assert all(line.isprintable() for line in lines)
    steps = [line for line in lines if line[:5].strip().isdigit() and line[5:7] == "  "]
    expected = sum(len(r["steps"]) for r in traced(session, level, 2)["rounds"])
    assert len(steps) == expected


def test_text_never_commands_a_terminal() -> None:
    text = EXAMPLE.replace("The example", "\\u001b[31mred\\u009b\\u202e").replace("sigmoid", "tanh")
    lines = list(trace_text(session_of(text, "exact"), "node", 1))
    assert all(line.isprintable() for line in lines)
    assert "[31mred" in lines[0]


def test_a_long_title_is_not_wrapped() -> None:
    title = "word " * 100 + "end"
    lines = trace_text(session_of(EXAMPLE.replace("The example", title), "exact"), "node", 1)
    assert next(iter(lines)).startswith(title)


@pytest.mark.labels
def test_text_of_several_samples_and_rounds_names_them() -> None:
    text = EXAMPLE + "[[samples]]\nx = [2]\nt = [1]\n"
    lines = list(trace_text(session_of(text, "exact"), "node", 2))
    for heading in (
        "round 1, sample 1: forward",
        "round 1, sample 2: backward",
        "round 1: update",
        "round 2, sample 1: forward",
        "round 2: update",
    ):
        assert heading in lines
    assert [line.partition(":")[0] for line in lines if line.startswith("loss of")] == [
        "loss of round 1",
        "loss of round 2",
    ]


def test_what_arrives_is_part_of_every_backward_formula() -> None:
    session = session_of(TWO, "exact")
    for step in traced(session, "node")["rounds"][0]["steps"]:
        if step["phase"] == "backward" and not step["name"].startswith("grad out.a"):
            assert "∂L/∂" in step["formula"] or "via" in step["formula"], step


FUNCTIONS = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
    "max": max,
    "min": min,
    "tan": math.tan,
    "e": math.e,
    "pi": math.pi,
    "Φ": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "φ": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
    "H": lambda d: d * d / 2 if abs(d) <= 1 else abs(d) - 0.5,
    "sign": lambda d: (d > 0) - (d < 0),
}


def evaluated(formula: str) -> float | None:
    """What a formula with its numbers put in comes to; None where it is in words."""
    if any(sign in formula for sign in ("Σ", "…", "if", "no term")):
        return None
    code = re.sub(r"ln \(?(-?[0-9.]+)\)?", r"log(\1)", formula)
    code = re.sub(r"\bln\(", "log(", code)
    code = re.sub(r"\bln e\b", "log(e)", code)
    code = re.sub(r"\|(.*?)\|", r"abs(\1)", code)
    for sign, python in (("·", "*"), ("²", "**2"), ("^", "**"), ("σ", "sigmoid"), ("√", "sqrt")):
        code = code.replace(sign, python)
    try:
        return float(eval(code, {}, FUNCTIONS))
    except (ZeroDivisionError, ValueError):
        # 0 times what has no value: the slope of x^0 at 0, or 0·ln 0 where a target is 0.
        return None


@settings(max_examples=examples(150))
@given(scenarios(decimals=3), st.integers(0, 6))
def test_by_hand_every_formula_comes_to_its_value(text: str, digits: int) -> None:
    """The numbers that are put in are the ones computed with, so anybody can check each line."""
    session = session_of(text, "hand", digits)
    half = 0.5 * 10.0**-digits + 1e-9
    for step in traced(session, "node")["rounds"][0]["steps"]:
        formula = step["numbers"].partition(";")[0].rpartition(" = ")[2]
        found = evaluated(formula)
        if found is not None:
            assert abs(found - step["value"]) <= half * (1 + 1e-9 * abs(found)), step


@settings(max_examples=examples(150))
@given(scenarios(decimals=3), st.integers(1, 6))
def test_by_hand_every_local_derivative_comes_to_its_value(text: str, digits: int) -> None:
    session = session_of(text, "hand", digits)
    half = 0.5 * 10.0**-digits + 1e-9
    for index in range(session.total):
        scene = replace(session.scene(), index=index)
        told = explain(scene)
        if not told.local:
            continue
        _, *texts = told.local.split(" = ")
        if len(texts) == 3:
            found, value = evaluated(texts[1]), evaluated(texts[2])
            assert found is None or abs(found - value) <= half * (1 + 1e-9 * abs(found)), told


def test_equal_outputs_of_a_softmax_have_slopes_of_their_own() -> None:
    """Of a1 = a2 = 0.50 the slope of a2 by z1 is -a2·a1, not a2·(1 - a2)."""
    text = """
title = "equal"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[1, 1]]
activation = "softmax"
[[samples]]
x = [1]
"""
    session = session_of(text, "exact")
    told = [explain(replace(session.scene(), index=k)) for k in range(session.total)]
    local = {each.name: each.local for each in told}
    assert local["grad o.z[1] via o.a[1]"] == "∂a1/∂z1 = a1·(1 - a1) = 0.50·(1 - 0.50) = 0.25"
    assert local["grad o.z[1] via o.a[2]"] == "∂a2/∂z1 = -a2·a1 = -0.50·0.50 = -0.25"


FROZEN = """
title = "frozen"
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[0.5, -0.25], [0.25, 0.75]]
bias = [0.1, 0.2]
[loss]
kind = "half_sse"
[training]
learning_rate = 0.5
frozen = ["h.W[1,1]", "h.b"]
[[samples]]
x = [1.0, 2.0]
t = [0.2, 0.4]
"""


def _lists(text: str) -> list[np.ndarray]:
    """The lists and matrices of `[[1.00 2.00]] - [[0.50 0.25]] = [[0.50 1.75]]`, in order."""
    parts = re.split(r" [-=] ", text.strip())
    return [np.array(json.loads(part.replace(" ", ","))) for part in parts]


@pytest.mark.parametrize("level", ["neuron", "layer"])
@pytest.mark.parametrize("frozen", ["", "h.b"])
def test_above_the_nodes_an_update_takes_off_what_it_says(level: str, frozen: str) -> None:
    """before − step = after holds in the text, frozen entries included, and these are named."""
    text = FROZEN if frozen else FROZEN.replace('frozen = ["h.W[1,1]", "h.b"]', "")
    steps = traced(session_of(text, "hand", 3), level)["rounds"][0]["steps"]
    updates = [step for step in steps if step["phase"] == "update"]
    assert updates
    for step in updates:
        for equation in step["numbers"].split(";"):
            before, taken, after = _lists(equation)
            np.testing.assert_allclose(before - taken, after, atol=1e-9)
        assert ("frozen" in step["formula"]) == bool(frozen)


def test_a_value_used_by_many_costs_a_trace_time_in_proportion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each path to x is asked for a few times, and not once more at each that follows."""
    asked: list[int] = []
    arriving = Record.arriving

    def counted(self: Record, node: int, place: int) -> Any:
        asked.append(node)
        return arriving(self, node, place)

    monkeypatch.setattr(Record, "arriving", counted)
    counts = []
    for terms in (50, 100):
        text = 'title = "s"\n[graph]\ninputs = { x = 0.1 }\n[graph.nodes]\ny = "%s"\n'
        session = session_of(text % "+".join(["x"] * terms), "exact")
        asked.clear()
        steps = traced(session, "node")["rounds"][0]["steps"]
        counts.append(len(asked))
        running = [each["numbers"] for each in steps if f"of {terms} paths" in each["numbers"]]
        assert len(running) == terms
        assert running[2].endswith(f"0 + 1.00 + 1.00 + 1.00 = 3.00   (3 of {terms} paths)")
    assert counts[1] <= 2 * counts[0] + 10
