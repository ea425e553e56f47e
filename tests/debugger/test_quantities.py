"""Quantities by name: there and back, worth what the record says, and where they change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.schedule import UPDATE
from nnhs_tui.debugger.naming.reading import all_names, name_of, read_quantity
from nnhs_tui.debugger.quantities import home_of, of_step, steps_of, value_at
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

np.seterr(all="ignore")
SHIPPED = sorted(shipped_folder().glob("*.toml"))
THREE = shipped_folder() / "three-samples.toml"


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_step_s_quantity_by_its_name(path: Path) -> None:
    session = Session(load(path))
    schedule, names = session.schedule, session.names
    scene = replace(session.scene(), level="node")
    for index in range(session.total):
        step = schedule.step(index)
        quantity = of_step(schedule, step)
        name = name_of(names, quantity, schedule)
        here = replace(scene, index=index)
        told = explain_step(here, step)
        names_told = [told.name, f"sample {here.sample + 1}: loss"]
        if schedule.updates > 1 and step.phase == UPDATE:
            names_told = [f"update {schedule.update_at(index) + 1}: {told.name}"]
        assert name in names_told
        assert read_quantity(names, schedule, name) == quantity
        assert index in steps_of(schedule, quantity)
        several_samples = step.phase != UPDATE and session.schedule.samples > 1
        if not several_samples:
            assert value_at(here, quantity) == told.value


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.data())
def test_a_quantity_changes_at_its_steps_and_nowhere_else(
    text: str, kind: str, data: st.DataObject
) -> None:
    try:
        session = Session(loaded(text), arithmetic=kind)
    except ComputationError:
        assume(False)
        raise
    schedule, scene = session.schedule, replace(session.scene(), level="node")
    name = data.draw(st.sampled_from(sorted(all_names(session.names, schedule))))
    quantity = read_quantity(session.names, schedule, name)
    steps = set(steps_of(schedule, quantity))
    before = value_at(replace(scene, index=0), quantity)
    for index in range(1, session.total):
        now = value_at(replace(scene, index=index), quantity)
        at = index % schedule.per_sample
        starts_pass = at in (0, schedule.forward) or index == schedule.update_start(0)
        if now != before and not starts_pass:
            # A new sample begins with nothing known, and what arrives from in front is given.
            assert index in steps or index - 1 in steps or now is None, (name, index)
        before = now


def test_the_round_s_loss_and_the_samples_own() -> None:
    session = Session(load(THREE), arithmetic="exact")
    session.execute("last")
    scene = session.scene()
    losses = [value_at(scene, session.quantity(f"sample {number}: loss")) for number in (1, 2, 3)]
    assert losses == [scene.run.record(0, k).loss for k in range(3)]
    assert value_at(scene, session.quantity("loss")) == pytest.approx(sum(losses) / 3)
    gradients = [scene.run.record(0, k).gradient[0] for k in range(3)]
    whole = session.quantity("grad hidden.W[1,1]")
    assert value_at(scene, whole) == pytest.approx(sum(gradients) / 3)
    one = session.quantity("sample 2: grad hidden.W[1,1]")
    assert value_at(scene, one) == gradients[1]
    session.execute("goto 40")
    assert value_at(session.scene(), session.quantity("sample 3: loss")) is None


def test_a_quantity_of_an_earlier_round() -> None:
    session = Session(load(THREE))
    session.execute("last")
    old = value_at(session.scene(), session.quantity("loss"))
    session.execute("apply")
    assert value_at(session.scene(), session.quantity("round 1: loss")) == old
    assert value_at(session.scene(), session.quantity("round 3: loss")) is None


@pytest.mark.parametrize(
    "text, words",
    [
        ("hiden.z[1]", "did you mean hidden.z[1]?"),
        ("grad hidden.W[9,9]", "there is no quantity"),
        ("grad t[1]", "there is no quantity"),
        ("new x[1]", "there is no quantity"),
        ("sample 4: loss", "there is no sample 4"),
        ("sample 0: loss", "there is no sample 0"),
        ("round 0: loss", "there is no round 0"),
        ("grad hidden.a[1] via hidden.z[1]", "there is no quantity"),
        ("sample 2: new hidden.W[1,1]", "same for all samples, so it has no sample"),
        ("sample 1: step hidden.W[1,1]", "same for all samples"),
        ("sample 1: hidden.W[1,1]", "same for all samples"),
        ("round 1: sample 1: learning_rate", "same for all samples"),
        ("", "there is no quantity"),
        ("[" * 50, "there is no quantity"),
    ],
)
def test_names_that_are_none(text: str, words: str) -> None:
    session = Session(load(THREE))
    with pytest.raises(Refusal, match=r"no") as caught:
        read_quantity(session.names, session.schedule, text)
    assert words in str(caught.value)


WORDS = """
title = "words"
[graph]
inputs = {{ {x} = 1.0, step = 2.0 }}
parameters = {{ grad = 3.0 }}
[graph.nodes]
{node} = "{x} * grad"
new = "{node} + step"
"""


@pytest.mark.parametrize(
    "x, node, rate",
    [
        ("x", "y", "learning_rate"),
        ("learning_rate", "y", "lr"),
        ("x", "learning_rate", "lr"),
        ("lr", "y", "learning_rate"),
        ("lr", "learning_rate", "learning rate"),
        ("not", "and", "learning_rate"),
    ],
)
def test_every_name_leads_back_whatever_nodes_are_called(x: str, node: str, rate: str) -> None:
    session = Session(loaded(WORDS.format(x=x, node=node)))
    names, schedule = session.names, session.schedule
    every = list(all_names(names, schedule))
    assert {"grad", "step", "new", "new grad", "step grad", "grad new", rate} <= set(every)
    assert len(every) == len(set(every))
    for name in every:
        assert name_of(names, read_quantity(names, schedule, name), schedule) == name
    assert read_quantity(names, schedule, "grad").kind == "value"
    assert session.execute(f"edit {rate} 0.25").kind == "moved"
    assert session.edits[0].kind == "rate" and session.edits[0].name == rate
    assert session.execute(f"edit {x} 9").kind == "moved"
    assert session.edits[1].kind == "input"
    session.execute(f"break {rate} == 0.25 and new > 1")
    assert session.execute("continue").message.startswith("breakpoint 1"), session.breakpoints.all


def test_round_level_numbers_are_not_edited_for_a_sample() -> None:
    session = Session(load(THREE))
    for what in ("hidden.W[1,1]", "learning_rate"):
        outcome = session.execute(f"edit sample 2: {what} 3")
        assert outcome.kind == "refused" and "same for all samples" in outcome.message


def test_goto_and_search_find_quantities() -> None:
    session = Session(load(THREE))
    session.execute("goto grad hidden.W[1,2]")
    assert session.schedule.step(session.index).sample == 0
    assert session.name(session.quantity("")) == "grad hidden.W[1,2]"
    first = session.index
    session.execute("search grad hidden.W[1,2]")
    assert session.index == first + session.schedule.per_sample
    assert session.execute("search zebra").kind == "refused"
    once = "new hidden.W[1,2]"
    assert session.execute(f"search {once}").message == once
    assert session.execute("search").message == f"{once}; from the start again"
    assert "given" in session.execute("goto x[1]").message
    assert home_of(session.schedule, session.quantity("x[1]")) is None
