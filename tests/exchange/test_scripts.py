"""`show --format`: scripts that, when they are run, print the numbers that `trace` does."""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import sys
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.errors import ComputationError, Unfit
from nnhs_tui.exchange.scripts.script import FORMATS, script
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.rates import RATE_RULES
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.operations.spellings import (
    LOSS_SPELLINGS,
    RATE_SPELLINGS,
    SPELLINGS,
    UPDATE_SPELLINGS,
)
from nnhs_tui.operations.table import CIRCUIT, OPERATIONS, activations, functions
from nnhs_tui.operations.update_rules import UPDATE_RULES
from nnhs_tui.scenario.library import find, scenario_paths
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Graph, Layer, Network, Scenario
from nnhs_tui.training.first_round import check_first_round
from tests.cli.in_process import told
from tests.effort import examples
from tests.exchange.stand_in_torch import stand_in
from tests.made_up import FOURTH, HALVED, HEAVY, LEAKY
from tests.random_scenarios import loaded, scenarios

EVERY = [path.stem for path in scenario_paths(own=False)]
WITH_MATRICES = [name for name in EVERY if compile_tape(load(find(name))).has_matrices]
SHIPPED = [name for name in EVERY if name not in WITH_MATRICES]


def shown(scenario: str, form: str) -> str:
    found = told("show", scenario, "--format", form)
    assert (found.code, found.err) == (0, b"")
    return found.out.decode()


def printed(program: str) -> dict[str, Any]:
    """What a program prints, by quantity."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out), patch.dict(sys.modules, torch=stand_in()):
        exec(compile(program, "script", "exec"), {"__name__": "__main__"})
    pairs = [line.split(" = ") for line in out.getvalue().splitlines()]
    assert len({name for name, _ in pairs}) == len(pairs), "nothing is printed twice"
    return {name: json.loads(value) for name, value in pairs}


def traced(scenario: str, *more: str) -> dict[str, Any]:
    """The same of `trace`, but for what is given."""
    made = load(find(scenario))
    model = made.model
    given = {"x", "t"}
    if isinstance(model, Graph):
        given = {*model.inputs, *model.parameters}
    rounds = json.loads(told("trace", scenario, "--json", *more).out)["rounds"]
    found: dict[str, Any] = {}
    for each in rounds:
        begin = f"round {each['round']}: " if len(rounds) > 1 else ""
        for name, value in _of_round(each, given, made.frozen):
            found[begin + name] = value
    return found


def _of_round(
    each: dict[str, Any], given: set[str], frozen: frozenset[str]
) -> Iterator[tuple[str, Any]]:
    several = len(each["samples"]) > 1
    for sample in each["samples"]:
        begin = f"sample {sample['sample']}: " if several else ""
        for name, value in sample["values"].items():
            if name not in given:
                yield begin + name, value
        for name, value in sample["gradients"].items():
            yield f"{begin}grad {name}", value
    if several and each["loss"] is not None:
        yield "loss", each["loss"]
    updates = each.get("updates", [each])
    for number, update in enumerate(updates, 1):
        begin = f"update {number}: " if len(updates) > 1 else ""
        if several:
            yield from ((f"{begin}grad {k}", v) for k, v in update["accumulated"].items())
        for part, kept in update.get("state", {}).items():
            # What is wholly frozen keeps nothing in a script.
            yield from ((f"{begin}{part} {k}", v) for k, v in kept.items() if k not in frozen)
        yield from ((f"{begin}new {name}", value) for name, value in update["after"].items())


def differences(found: dict[str, Any], wanted: dict[str, Any]) -> list[str]:
    """The quantities that only one has, or with other numbers, but for the last bits."""
    return [
        name
        for name in {*found, *wanted}
        if name not in found
        or name not in wanted
        or np.shape(found[name]) != np.shape(wanted[name])
        or not np.allclose(found[name], wanted[name], 1e-11, 1e-13)
    ]


def written(text: str, form: str, *more: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the script of a text prints, and what is right."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder, "made.toml"))
        Path(path).write_text(text, encoding="utf-8")
        return printed(shown(path, form)), traced(path, *more)


@pytest.mark.parametrize("name", SHIPPED)
def test_numpy_prints_what_the_trace_of_a_shipped_scenario_has(name: str) -> None:
    assert not differences(printed(shown(name, "numpy")), traced(name))


@pytest.mark.parametrize("name", WITH_MATRICES)
def test_of_a_shipped_scenario_with_matrices_none_is_written(name: str) -> None:
    with pytest.raises(Unfit, match="a matrix in a graph"):
        script(load(find(name)), "numpy")


@pytest.mark.parametrize("name", SHIPPED)
def test_torch_prints_what_the_exact_trace_has(name: str) -> None:
    assert not differences(printed(shown(name, "torch")), traced(name, "--arithmetic", "exact"))


@given(scenarios(), st.sampled_from(("exact", "hand")), st.integers(0, 4))
@settings(max_examples=examples(60))
def test_numpy_prints_what_any_trace_has(text: str, kind: str, digits: int) -> None:
    head = f'arithmetic = "{kind}"\ndigits = {digits}\n'
    checked(head + text, "numpy")


@given(scenarios())
@settings(max_examples=examples(100))
def test_torch_prints_what_any_exact_trace_has(text: str) -> None:
    checked(text, "torch", "--arithmetic", "exact")


def checked(text: str, form: str, *more: str) -> None:
    try:
        check_first_round(loaded(text))
    except ComputationError:
        assume(False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        assert not differences(*written(text, form, *more))


NETWORK = """
title = "A net"
[network]
inputs = 2
[[network.layers]]
name = "hidden"
neurons = 3
init = { kind = "xavier", seed = 3 }
activation = "tanh"
[[network.layers]]
name = "output"
weights = [[0.5, -1.0], [0.25, 1.5], [-0.75, 2.0]]
bias = [0.125, -0.5]
activation = "softmax"
[loss]
kind = "cross_entropy"
[training]
rounds = 3
reduction = "sum"
frozen = ["hidden.W[2,1]", "output.b"]
[[samples]]
x = [1.0, -2.0]
t = [0.0, 1.0]
[[samples]]
x = [0.5, 3.0]
t = [1.0, 0.0]
"""


@pytest.mark.parametrize("form", FORMATS)
def test_rounds_samples_drawn_weights_and_what_is_frozen(form: str) -> None:
    more = ("--arithmetic", "exact")
    found, wanted = written(NETWORK, form, *more)
    assert not differences(found, wanted)
    assert "round 3: sample 2: hidden.z" in found and "round 1: loss" in found
    first = found["round 1: new hidden.W"][1][0]
    assert first == found["round 3: new hidden.W"][1][0]


def test_a_softmax_by_hand_takes_the_largest_off_where_it_must() -> None:
    for x in ("[30.0, 0.5]", "[-40.0, 0.0]", "[0.5, 1.0]"):
        text = NETWORK.replace('kind = "cross_entropy"', 'kind = "mse"').replace("tanh", "relu")
        assert not differences(
            *written(f'arithmetic = "hand"\n{text}'.replace("[1.0, -2.0]", x), "numpy")
        )


@pytest.mark.parametrize("form", FORMATS)
def test_the_largest_of_equal_ones_is_the_first(form: str) -> None:
    text = """
title = "Ties"
[graph]
inputs = { x = 2.0, y = 2.0 }
parameters = { w = 3.0, v = 0.0 }
output = "f"
[graph.nodes]
unused = "sqrt(w) / y"
copied = "w"
number = "2"
f = "max(x, y, 2.0) * w + min(x, y) ** 2 + relu(v) + copied * number + v ** 2 + exp(1) ** v"
"""
    found, wanted = written(text, form)
    assert not differences(found, wanted)
    assert found["grad x"] == 7.0 and found["grad y"] == 0.0


@pytest.mark.parametrize("form", FORMATS)
def test_names_that_python_has_are_given_others(form: str) -> None:
    text = """
title = "Names"
[graph]
inputs = { lambda = 2.0, np = 3.0, samples = 1.5, grad_f = 0.5 }
parameters = { print = 3.0, learning_rate = 0.25, f_1 = 1.0, "重み" = 2.0 }
output = "f"
[graph.nodes]
torch = "lambda * print + np"
r = "torch * samples"
where = "r + learning_rate * f_1"
f = "(where + grad_f) * 重み"
"""
    assert not differences(*written(text, form))
    if form == "numpy":
        assert not differences(*written(f'arithmetic = "hand"\n{text}', form))


def test_layers_whose_names_would_be_the_same_are_told_apart() -> None:
    text = NETWORK
    for old, new in (
        ('"hidden"', '"a_z"'),
        ("hidden.W", "a_z.W"),
        ('"output"', '"a"'),
        ("output.b", "a.b"),
    ):
        text = text.replace(old, new)
    assert not differences(*written(text, "numpy"))


@pytest.mark.parametrize("form", FORMATS)
def test_texts_of_a_file_are_data(form: str) -> None:
    title = '''title = "\\u001b[31m\\"\\"\\" import os # \\\\n{x}%sprint(1)"'''
    text = NETWORK.replace('title = "A net"', title)
    assert text != NETWORK
    found, wanted = written(text, form, "--arithmetic", "exact")
    assert not differences(found, wanted)


@pytest.mark.parametrize("form", FORMATS)
def test_what_cannot_be_written_yet_is_refused(
    form: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "made.toml"

    def said(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        found = told("show", str(path), "--format", form)
        assert (found.code, found.out) == (2, b"")
        return found.err.decode()

    monkeypatch.setitem(OPERATIONS, "leaky", LEAKY)
    monkeypatch.setitem(LOSSES, "fourth", FOURTH)
    monkeypatch.setitem(UPDATE_RULES, "heavy", HEAVY)
    net = NETWORK.replace("tanh", "leaky")
    assert "made.toml: a script for " in said(net) and "'the operation leaky'" in said(net)
    assert "'the loss fourth'" in said(NETWORK.replace("cross_entropy", "fourth"))
    rule = NETWORK.replace("rounds = 3", 'optimizer = "heavy"')
    assert "'the update rule heavy'" in said(rule)
    matrix = 'title = "m"\n[graph]\ninputs = { X = [[1.0, 2.0]] }\n[graph.nodes]\nY = "sum(X)"\n'
    assert "'a matrix in a graph'" in said(matrix)
    graph = 'title = "g"\n[graph]\ninputs = { x = 1.0 }\n[graph.nodes]\n'
    assert "'the operation leaky'" in said(graph + 'y = "leaky(x)"')
    assert "expected" in said(
        graph
        + f'y = "{"+".join("x" * 4000)}"\n'
        + "".join(f'y{n} = "{"+".join("x" * 4000)}"\n' for n in range(6))
    )


def test_what_a_script_does_not_know_of_a_scenario_is_refused() -> None:
    @dataclass(frozen=True)
    class LaterScenario(Scenario):
        clip: float | None = None

    @dataclass(frozen=True)
    class LaterLayer(Layer):
        dropout: float = 0.0

    known = loaded(NETWORK)
    assert isinstance(known.model, Network)
    later = LaterScenario(**vars(known))
    assert script(later, "numpy") == script(known, "numpy")
    with pytest.raises(Unfit, match="'clip in a scenario'"):
        script(replace(later, clip=1.0), "numpy")
    layers = tuple(LaterLayer(**vars(each)) for each in known.model.layers)
    model = replace(known.model, layers=layers)
    assert script(replace(known, model=model), "numpy") == script(known, "numpy")
    model = replace(model, layers=(replace(layers[0], dropout=0.5), *layers[1:]))
    with pytest.raises(Unfit, match="'dropout in a scenario'"):
        script(replace(known, model=model), "numpy")


def hand_agrees(text: str) -> None:
    """By hand the script is right, unless steps become so large that the program refuses them."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        path = Path(folder, "made.toml")
        path.write_text(text, encoding="utf-8")
        if told("trace", str(path)).code == 0:
            assert not differences(printed(shown(str(path), "numpy")), traced(str(path)))


AROUND = (
    "weight_decay = 0.1",
    "clip = { norm = 0.05 }",
    "clip = { norm = 50.0 }\nweight_decay = 0.2",
    "clip = { value = 0.03 }",
    'schedule = { kind = "step", every = 2, factor = 0.5 }',
    'schedule = { kind = "inverse", rate = 0.1 }\nupdate = 1',
    'update = "sample"\nweight_decay = 0.3',
    "update = 2",
)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("rule", UPDATE_SPELLINGS)
def test_each_update_rule_with_what_is_around_it(rule: str, around: str, form: str) -> None:
    third = "\n[[samples]]\nx = [0.25, -0.5]\nt = [0.5, 0.5]\n"
    training = f'[training]\noptimizer = "{rule}"\n{around}\n'
    for reduction in ("sum", "mean"):
        text = NETWORK.replace("[training]\n", training).replace('"sum"', f'"{reduction}"')
        # Outputs that by hand become 0 have no logarithm.
        text = text.replace("softmax", "sigmoid").replace("cross_entropy", "mse")
        assert not differences(*written(text + third, form))
    if form == "numpy":
        hand_agrees(f'arithmetic = "hand"\ndigits = 6\n{text}{third}')
    graph = f"""
title = "Parabola"
[graph]
inputs = {{ x = 1.5 }}
parameters = {{ w = 2.0, m = -1.0, k = 0.5 }}
[graph.nodes]
L = "(w * x + m) ** 2 + k"
{training}rounds = 3
frozen = ["k"]
[[samples]]
x = 1.0
[[samples]]
x = 2.5
[[samples]]
"""
    assert not differences(*written(graph, form))


def test_another_reduction_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REDUCTIONS, "halved", HALVED)
    text = NETWORK.replace('"sum"', '"halved"')
    assert not differences(*written(text, "numpy"))


ACTIVATIONS = [name for name in SPELLINGS if OPERATIONS[name].is_activation]
FORMULAS = ("z ** 2 * 0.5", "max(z, 0.1 * z, -1)", "2 ** z - z", "sigmoid(z) * pi")


@pytest.mark.parametrize("kind", ["exact", "hand"])
@pytest.mark.parametrize("name", [*ACTIVATIONS, *FORMULAS])
def test_each_activation_is_written_in_both(name: str, kind: str) -> None:
    for loss in ("mse", "mae", "huber"):
        # A z of exactly 0 is among them, where some have a kink.
        text = f"""
title = "Each"
arithmetic = "{kind}"
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[0.5, -1.25, 1.0], [0.75, -0.5, -0.5]]
activation = "tanh"
[[network.layers]]
name = "out"
weights = [[1.5, -0.5, 0.5], [-1, 0.5, 0.5], [2, -1, 1]]
bias = [0.25, -0.5, 0.75]
activation = "{name}"
[loss]
kind = "{loss}"
[[samples]]
x = [1, 2]
t = [1, 0, -3]
[[samples]]
x = [0, 0]
t = [0.5, -0.5, 0.25]
"""
        zero = text.replace("bias = [0.25, -0.5, 0.75]", "bias = [0, -0.5, 15]")
        for each in (text, zero):
            assert not differences(*written(each, "numpy"))
            assert not differences(*written(each, "torch", "--arithmetic", "exact"))


@pytest.mark.parametrize("form", FORMATS)
def test_hinge_is_written_in_both(form: str) -> None:
    text = NETWORK.replace('"softmax"', '"identity"').replace("cross_entropy", "hinge")
    text = text.replace("[0.0, 1.0]", "[-1, 1]").replace("[1.0, 0.0]", "[1, -1]")
    assert not differences(*written(text, form))


@pytest.mark.parametrize("name", SPELLINGS)
def test_each_spelling_is_of_a_row_and_its_slope_is_right(name: str) -> None:
    row, spelled = OPERATIONS[name], SPELLINGS[name]
    if row.of_layer:
        return
    count = 3 if row.is_listed else len(inspect.signature(row.forward).parameters) - 1
    operands = [0.7, 1.3, 0.4][:count]
    names = ["a", "b", "c"][:count]

    own: dict[str, Any] = {"np": np}
    exec(spelled.numpy_helper, own)

    def value(given: list[float]) -> float:
        return float(eval(spelled.numpy(names), own, dict(zip(names, given, strict=True))))

    for place in range(count):
        here = {**dict(zip(names, operands, strict=True)), "y": value(operands)}
        above, below = (
            value([x + step * (n == place) for n, x in enumerate(operands)])
            for step in (1e-6, -1e-6)
        )
        slope = float(eval(spelled.slope(place, "y", names), own, here))
        assert slope == pytest.approx((above - below) / 2e-6, abs=1e-8)


def test_each_row_of_the_tables_can_be_written() -> None:
    assert set(RATE_SPELLINGS) == set(RATE_RULES)
    assert {*activations()[1:], *functions(), *CIRCUIT} <= set(SPELLINGS) <= set(OPERATIONS)
    assert set(LOSS_SPELLINGS) == set(LOSSES)
    assert set(UPDATE_SPELLINGS) == set(UPDATE_RULES)
