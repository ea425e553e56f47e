"""Breakpoints: every kind of place, conditions against a plain search, both directions."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from operator import gt, le, lt, ne

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.quantities import of_step, value_at
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import find, shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.random_scenarios import loaded

THREE = shipped_folder() / "three-samples.toml"
SIGMOID = shipped_folder() / "two-layer-sigmoid.toml"
TOO_FAST = """
title = "a learning rate too large"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[1.0]]
[loss]
kind = "sse"
[training]
learning_rate = {rate}
[[samples]]
x = [1.0]
t = [3.0]
"""


def stops(session: Session, command: str) -> list[int]:
    """The node steps at which running stops, from where the session stands."""
    found = []
    while session.execute(command).message.startswith("breakpoint"):
        found.append(session.index)
    return found


def node_level(path=SIGMOID) -> Session:
    session = Session(load(path))
    session.execute("level node")
    session.execute("goto 1")
    return session


def about(session: Session, index: int) -> tuple[str, str]:
    """The phase of a step, and the value it computes, or the gradient's, or the parameter."""
    step = session.schedule.step(index)
    node = step.target if step.phase == BACKWARD else step.node
    return step.phase, session.names.name(node)


@pytest.mark.parametrize(
    "text, wanted",
    [
        ("output.z[1]", {(FORWARD, "output.z[1]")}),
        ("grad hidden.z[2]", {(BACKWARD, "hidden.z[2]")}),
        ("new output.W[2,1]", {(UPDATE, "output.W[2,1]")}),
        (
            "hidden.W[3,2]",
            {
                (FORWARD, "hidden.p[3,2]"),
                (BACKWARD, "hidden.W[3,2]"),
                (UPDATE, "hidden.W[3,2]"),
            },
        ),
    ],
)
def test_a_breakpoint_on_a_quantity(text: str, wanted: set[tuple[str, str]]) -> None:
    session = node_level()
    assert session.execute(f"break {text}").kind == UNCHANGED
    expected = [k for k in range(1, session.total) if about(session, k) in wanted]
    assert len(expected) == len(wanted)
    session.execute("goto 1")
    assert stops(session, "continue") == expected


def test_breakpoints_on_a_phase_a_layer_and_a_neuron() -> None:
    session = node_level()
    phases = [start for start, _, _ in session.schedule.phases()]
    session.execute("break backward")
    session.execute("break update")
    assert stops(session, "continue") == phases[1:]
    session.execute("delete all")
    session.execute("first")
    session.execute("break output")
    groups = [session.schedule.step(k).group for k in stops(session, "continue")]
    assert {owner for owner, _ in groups} == {"output"} and len(groups) == 3
    session.execute("delete all")
    session.execute("first")
    session.execute("break hidden neuron 2")
    found = [session.schedule.step(k) for k in stops(session, "continue")]
    assert [step.phase for step in found] == [FORWARD, BACKWARD, UPDATE]
    assert {step.group for step in found} == {("hidden", 2)}


def test_back_stops_at_the_same_places_in_reverse() -> None:
    session = node_level(THREE)
    session.execute("break hidden.a[1]")
    session.execute("break grad x[1]")
    session.execute("apply")
    session.execute("round 1")
    there = []
    while session.execute("continue").message.startswith("breakpoint"):
        there.append((session.round, session.index))
    assert {number for number, _ in there} == {0, 1}
    session.execute("last")
    back = []
    while session.execute("continue-back").message.startswith("breakpoint"):
        back.append((session.round, session.index))
    assert back == there[::-1]


@settings(max_examples=examples(30))
@given(
    st.sampled_from(
        ["hidden.z[1]", "sample 3: grad hidden.W[1,2]", "output.z[1]", "sample 2: loss"]
    ),
    st.sampled_from(["<", ">", "<=", "!="]),
    st.integers(-8, 8),
    st.sampled_from(["exact", "hand"]),
)
def test_a_condition_stops_where_it_holds_and_its_quantity_changes(
    name: str, sign: str, tenths: int, kind: str
) -> None:
    session = Session(load(THREE), arithmetic=kind)
    session.execute("level node")
    session.execute("goto 1")
    session.execute(f"break {name} {sign} {tenths / 10}")
    number = float(session.run.arithmetic.number(Decimal(tenths) / 10))
    compare = {"<": lt, ">": gt, "<=": le, "!=": ne}[sign]
    quantity, scene = session.quantity(name), session.scene()
    expected = []
    for index in range(1, session.total):
        found = of_step(session.schedule, session.schedule.step(index))
        is_about = (found.kind, found.node) == (quantity.kind, quantity.node)
        of_its_sample = quantity.sample in (None, index // session.schedule.per_sample)
        now = value_at(replace(scene, index=index), quantity)
        if is_about and of_its_sample and compare(float(now), number):
            expected.append(index)
    assert stops(session, "continue") == expected


@pytest.mark.parametrize("kind", ["exact", "hand"])
def test_a_condition_on_a_parameter_s_gradient_is_about_what_the_update_uses(kind: str) -> None:
    """The running sums are −0.87, 0.92 and 1.69 here; the update uses 1.69/3 = 0.56."""
    session = Session(load(THREE), arithmetic=kind)
    session.execute("level node")
    session.execute("break grad hidden.W[1,1] < 0")
    session.execute("break grad hidden.W[1,1] > 0.9")
    assert session.execute("train 1").message.startswith("round 2: 1 round done")
    session.execute("round 1")
    session.execute("delete all")
    session.execute("break grad hidden.W[1,1] > 0.5 and grad hidden.W[1,1] < 0.6")
    session.execute("goto 1")
    found = []
    while session.round == 0 and session.execute("continue").message.startswith("breakpoint"):
        found.append((session.round, session.index))
    assert found[0] == (0, session.schedule.update_start(0))
    assert [number for number, _ in found].count(0) == 1
    session.execute("delete all")
    session.execute("round 1")
    session.execute("break sample 1: grad hidden.W[1,1] < 0")
    session.execute("continue")
    assert session.schedule.step(session.index).sample == 0


def test_of_a_sum_over_samples_a_condition_sees_the_whole_one() -> None:
    text = THREE.read_text(encoding="utf-8").replace('reduction = "mean"', 'reduction = "sum"')
    session = Session(loaded(text))
    session.execute("level node")
    session.execute("break grad hidden.W[1,1] < 9")
    session.execute("continue")
    step = session.schedule.step(session.index)
    assert (step.phase, step.sample) == (BACKWARD, 2)
    assert session.name(session.quantity("")) == "grad hidden.W[1,1]"


def test_a_gradient_of_several_paths_is_looked_at_where_they_are_added_up() -> None:
    text = """
title = "fan-out"
[graph]
parameters = { w = 1.0 }
[graph.nodes]
y = "5 * w - 3 * w"
"""
    session = Session(loaded(text))
    session.execute("break grad w < 0")
    assert "no breakpoint ahead" in session.execute("continue").message
    session.execute("break grad w > 0")
    session.execute("first")
    session.execute("continue")
    assert session.schedule.step(session.index).is_join


@pytest.mark.parametrize("kind", ["exact", "hand"])
@pytest.mark.parametrize(
    "condition, stops_there",
    [
        ("1 / (hidden.z[1] - hidden.z[1]) > 1", False),
        ("1 / (hidden.z[1] - hidden.z[1]) changes", False),
        ("hidden.z[1] + 1e12 > 1", True),
        ("(hidden.z[1] - hidden.z[1]) / (hidden.z[1] - hidden.z[1]) is nan", True),
        ("1e12" + " * 1e12" * 60 + " + hidden.z[1] > 1", False),
        ("hidden.z[1] + 1e-999999 > -99", True),
        (" or ".join(["hidden.z[1] > 99"] * 49) + " or hidden.z[1] > -99", True),
    ],
)
@pytest.mark.filterwarnings("error")
def test_conditions_are_computed_within_bounds(kind, condition, stops_there) -> None:
    session = Session(load(THREE), arithmetic=kind)
    session.execute("level node")
    session.execute("goto 1")
    assert session.execute(f"break {condition}").kind == UNCHANGED
    assert session.execute("continue").message.startswith("breakpoint") is stops_there


def test_loss_rises_lands_on_the_round_where_it_does() -> None:
    session = Session(loaded(TOO_FAST.format(rate="1.5")))
    for _ in range(4):
        session.execute("apply")
    losses = [session.run.loss(number) for number in range(5)]
    assert losses[1] > losses[0]
    session.execute("round 1")
    session.execute("break loss rises")
    assert session.execute("continue").message.startswith("breakpoint 1: loss rises")
    assert session.round == 1
    assert session.scene().loss == losses[1]
    calm = Session(loaded(TOO_FAST.format(rate="0.1")))
    for _ in range(4):
        calm.execute("apply")
    calm.execute("round 1")
    calm.execute("break loss rises")
    assert "no breakpoint ahead" in calm.execute("continue").message


def test_without_breakpoints_running_goes_from_phase_to_phase() -> None:
    session = node_level()
    starts = [start for start, _, _ in session.schedule.phases()]
    ends = [*(start - 1 for start in starts[1:]), session.total - 1]
    for end in ends:
        assert session.execute("continue").kind == MOVED
        assert session.index == end
    assert session.execute("continue").kind == UNCHANGED
    starts = [start for start, _, _ in session.schedule.phases()]
    for start in reversed(starts):
        session.execute("continue-back")
        assert session.index == start


def test_at_the_end_of_the_rounds_running_on_says_how_there_are_more() -> None:
    session = node_level()
    session.execute("last")
    told = session.execute("continue")
    assert (told.kind, session.index) == (UNCHANGED, session.total - 1)
    assert told.message == "no breakpoint ahead in the rounds there are; a takes the update"
    session.execute("apply")
    session.execute("round 1")
    session.execute("last")
    assert "the rounds there are" in session.execute("continue").message
    session.execute("first")
    assert session.execute("continue").message == "no breakpoint ahead: the end of the phase"


def test_off_on_hits_and_delete() -> None:
    session = node_level()
    session.execute("break hidden.a[1]")
    session.execute("break output.a[1]")
    session.execute("disable 1")
    session.execute("continue")
    assert [each.hits for each in session.breakpoints.all] == [0, 1]
    assert len(session.scene().stops) == 1
    session.execute("enable all")
    session.execute("continue-back")
    assert session.breakpoints.all[0].hits == 1
    assert session.execute("delete 7").kind == REFUSED
    session.execute("delete 1")
    session.execute("break hidden.a[1]")
    assert [each.number for each in session.breakpoints.all] == [2, 3]
    session.execute("break hidden.a[1]")
    assert [each.number for each in session.breakpoints.all] == [2]


@pytest.mark.parametrize(
    "level, text", [("node", "hidden.p[1,1]"), ("neuron", "hidden neuron 1"), ("layer", "hidden")]
)
def test_b_at_a_step_means_the_step_of_its_level(level: str, text: str) -> None:
    session = node_level()
    session.execute(f"level {level}")
    session.execute("break")
    assert [each.text for each in session.breakpoints.all] == [text]
    session.execute("break")
    assert not session.breakpoints.all


def test_a_breakpoint_finer_than_the_level_is_landed_on_exactly() -> None:
    session = node_level()
    session.execute("level layer")
    session.execute("break hidden.p[2,2]")
    session.execute("first")
    session.execute("previous-phase")
    session.cursor = session.at(0, "node")
    session.execute("continue")
    assert session.level == "node"
    assert session.name(session.quantity("")) == "hidden.p[2,2]"


def test_run_to_stops_on_the_way() -> None:
    session = node_level()
    session.execute("break hidden.a[2]")
    session.execute("run-to grad output.W[1,1]")
    assert session.name(session.quantity("")) == "hidden.a[2]"
    session.execute("run-to grad output.W[1,1]")
    assert session.name(session.quantity("")) == "grad output.W[1,1]"
    session.execute("run-to 1")
    assert session.name(session.quantity("")) == "hidden.a[2]"
    assert session.execute("run-to").kind == REFUSED


def test_a_phase_that_no_round_has_is_refused() -> None:
    session = Session(loaded('title = "g"\n[graph]\ninputs = { x = 2.0 }\nnodes = { y = "x*x" }'))
    outcome = session.execute("break update")
    assert outcome.kind == REFUSED and "no phase update" in outcome.message
    assert session.execute("break backward").kind == UNCHANGED


def test_nodes_called_like_words_of_conditions() -> None:
    text = """
title = "words"
[graph]
inputs = { is = 1.0, new = 2.0 }
parameters = { grad = 3.0, abs = 4.0 }
[graph.nodes]
not = "is * grad"
step = "new * abs"
and = "not + step"
"""
    session = Session(loaded(text))
    for name in ("not", "grad not", "and", "step", "new grad", "step abs", "grad grad"):
        assert session.execute(f"break {name}").kind == UNCHANGED, name
        assert session.breakpoints.all[-1].condition is None
    assert session.execute("break step > 1").kind == UNCHANGED
    assert session.execute("break grad > 1").kind == UNCHANGED
    for condition, word in (("not > 1", "not"), ("1 < abs", "abs"), ("grad rises", "grad")):
        outcome = session.execute(f"break {condition}")
        assert outcome.kind == REFUSED
        assert f"{word} is a word of conditions" in outcome.message


@pytest.mark.parametrize(
    "text, words",
    [
        ("x[1]", "it is given"),
        ("hidden neuron 9", "there is no hidden neuron 9"),
        ("hiden", "did you mean"),
        ("round 2: loss", "leave the round out"),
        ("x[1] > 2 > 3", "at character"),
        ("sample 1: new hidden.W[1,1] > 2", "same for all samples"),
    ],
)
def test_places_that_are_none(text: str, words: str) -> None:
    session = node_level()
    outcome = session.execute(f"break {text}")
    assert outcome.kind == REFUSED
    assert words in outcome.message
    assert not session.breakpoints.all


def test_setting_a_breakpoint_and_stopping_at_it_are_told_apart() -> None:
    session = Session(load(find("three-samples")))
    assert session.execute("break abs(hidden.z[1]) > 1").message == (
        "breakpoint 1 is set: abs(hidden.z[1]) > 1"
    )
    assert session.execute("continue").message == "breakpoint 1: abs(hidden.z[1]) > 1"


def test_in_another_sample_a_value_does_not_change_from_what_it_was_in_the_one_before() -> None:
    session = Session(load(find("three-samples")))
    session.execute("goto sample 1: hidden.z[1]")
    session.execute("watch hidden.z[1]")
    told = session.execute("change-next hidden.z[1]").message
    assert told.startswith("sample 2: hidden.z[1] is ") and "→" not in told
