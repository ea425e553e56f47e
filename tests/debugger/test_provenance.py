"""Where numbers come from: the parts add up, each has its step, and the way reaches the loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.nets import net
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.provenance import path_to_loss, where_from, where_to
from nnhs_tui.debugger.quantities import of_step, value_at
from nnhs_tui.debugger.quantity import GRAD, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.present.lists.where_from import where_listing
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

np.seterr(all="ignore")
THREE = shipped_folder() / "three-samples.toml"


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_the_parts_of_a_gradient_add_up_to_it(text: str, kind: str) -> None:
    try:
        session = Session(loaded(text), arithmetic=kind)
    except ComputationError:
        assume(False)
        raise
    session.execute("last")
    scene, schedule = session.scene(), session.schedule
    for node in range(session.tape.size):
        parts = where_from(scene, Quantity(GRAD, node))
        if not parts:
            continue
        total = sum(part.value for part in parts)
        if node < session.tape.parameters:
            want = scene.round.total[node]
        else:
            want = scene.record.gradient[node]
        assert float(total) == pytest.approx(float(want), rel=1e-9, abs=1e-9)
        for part in parts:
            assert part.index is not None
            assert schedule.step(part.index).target == node
            here = replace(scene, index=part.index, level="node")
            assert value_at(here, part.quantity) == part.value


def test_the_parts_of_an_update_are_its_terms_and_every_sample() -> None:
    session = Session(load(THREE))
    session.execute("goto new hidden.W[1,2]")
    parts = where_from(session.scene(), session.quantity("new hidden.W[1,2]"))
    names = [session.name(part.quantity) for part in parts]
    gradients = [f"sample {k}: grad hidden.W[1,2]" for k in (1, 2, 3)]
    assert names == ["hidden.W[1,2]", "step hidden.W[1,2]", *gradients]
    old, step = (part.value for part in parts[:2])
    assert old - step == session.scene().round.after[1]


def test_what_is_still_to_come_is_not_known() -> None:
    session = Session(load(THREE))
    session.execute("goto grad hidden.W[1,2]")
    parts = where_from(session.scene(), session.quantity(""))
    assert [part.value is None for part in parts] == [False, True, True]


def test_the_way_back_reaches_the_loss_through_joins() -> None:
    session = Session(load(shipped_folder() / "two-layer-bias.toml"))
    hidden = session.tape.layers[0]
    way = path_to_loss(session.schedule, hidden.z(0))
    names = [[session.names.name(each) for each in place] for place in way]
    assert names[0] == ["hidden.z[1]"] and names[1] == ["hidden.a[1]"]
    assert names[2] == ["output.z[1]", "output.z[2]"], "two paths join here"
    assert names[-1] == ["loss[1]"]


def test_the_product_of_the_slopes_along_all_paths_is_the_gradient() -> None:
    """By the chain rule over every path from a weight to the loss, without the gradients."""
    session = Session(load(shipped_folder() / "two-layer-bias.toml"), arithmetic="exact")
    record, tape = session.scene().record, session.tape

    def slopes(node: int) -> float:
        if tape.loss is not None and node == tape.loss.total:
            return 1.0
        total = 0.0
        for user in range(tape.leaves, tape.size):
            for place, operand in enumerate(tape.operands(user).tolist()):
                if operand == node and user != tape.loss.total:
                    total += float(record.local(user, place)) * (
                        1.0 if user >= tape.loss.start else slopes(user)
                    )
        return total

    session.execute("last")
    for node in range(tape.parameters):
        parts = where_from(session.scene(), Quantity(GRAD, node))
        assert sum(part.value for part in parts) == pytest.approx(slopes(node), rel=1e-9)


@settings(max_examples=examples(40))
@given(scenarios())
def test_what_goes_to_a_step_comes_from_there(text: str) -> None:
    """A value's users have it among their parts."""
    session = Session(loaded(text))
    session.execute("last")
    scene = session.scene()
    for index in range(session.schedule.forward):
        quantity = of_step(session.schedule, session.schedule.step(index))
        for part in where_to(scene, quantity):
            if part.quantity.kind == GRAD:
                # A local derivative needs it; it is none of the gradient's parts.
                continue
            sources = [each.quantity.node for each in where_from(scene, part.quantity)]
            assert quantity.node in sources


def test_reverse_continue_finds_every_contribution() -> None:
    session = Session(load(THREE), arithmetic="exact")
    session.execute("goto new hidden.W[1,1]")
    session.execute("from")
    found = []
    while session.execute("change-back").kind == MOVED:
        step = session.schedule.step(session.index)
        assert session.names.name(step.target) == "hidden.W[1,1]"
        found.append(step.sample)
    assert found == [2, 1, 0]
    there = []
    while session.execute("change-next").kind == MOVED:
        there.append(session.schedule.step(session.index).sample)
    assert there == [1, 2, None], "the mean is taken where the update begins"
    assert session.execute("change-back").message == "grad hidden.W[1,1]: 0.92 → 1.69"
    assert session.execute("change-next").message == "grad hidden.W[1,1]: 1.69 → 0.56"


def parts_of(session: Session, command: str) -> list[tuple[str, str, int | None]]:
    """Name, value as shown, and sample (from 0) of the parts that a command lists."""
    assert session.execute(command).pane == "where"
    scene = session.scene()
    parts = (where_to if session.asked.goes_to else where_from)(scene, session.asked.quantity)
    schedule = session.schedule
    return [
        (
            session.name(part.quantity),
            scene.show(part.value),
            None if part.index is None else schedule.step(part.index).sample,
        )
        for part in parts
    ]


@pytest.mark.parametrize("at", ["last", "next-phase", "goto sample 2: hidden.a[1]", "next-round"])
def test_a_sample_s_parts_are_those_of_that_sample(at: str) -> None:
    session = Session(load(THREE))
    session.execute("apply")
    session.execute("previous-round")
    session.execute("first")
    session.execute(at)
    record = session.run.record(session.round, 1)
    scene, layer = session.scene(), session.tape.layers[0]

    def known(index: int, value: object) -> str:
        return scene.show(value if index <= scene.index else None)

    products = [layer.product(i, 0) for i in range(layer.n)]
    per_sample, leaves = session.schedule.per_sample, session.tape.leaves
    assert parts_of(session, "from sample 2: hidden.z[1]") == [
        (
            f"sample 2: {session.names.name(node)}",
            known(per_sample + node - leaves, record.value[node]),
            1,
        )
        for node in products
    ]
    found = parts_of(session, "to sample 1: grad hidden.a[1]")
    assert found and {sample for _, _, sample in found} == {0}
    found = parts_of(session, "to sample 3: x[1]")
    assert [name for name, _, _ in found] == [
        *("sample 3: hidden.p[1,1]", "sample 3: hidden.p[1,2]"),
        *("sample 3: grad hidden.W[1,1]", "sample 3: grad hidden.W[1,2]"),
    ]
    assert {sample for _, _, sample in found} == {2}


def test_the_parts_of_a_sample_add_up_to_its_value() -> None:
    session = Session(load(THREE))
    session.execute("last")
    assert parts_of(session, "from sample 2: hidden.z[1]") == [
        ("sample 2: hidden.p[1,1]", "-1.60", 1),
        ("sample 2: hidden.p[2,1]", "1.80", 1),
    ]
    factors = parts_of(session, "from sample 2: hidden.p[1,1]")
    assert [name for name, _, _ in factors] == ["hidden.W[1,1]", "sample 2: x[1]"]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_loss_of_several_samples_is_made_of_each_one_s(reduction: str) -> None:
    text = THREE.read_text(encoding="utf-8")
    text = text.replace('reduction = "mean"', f'reduction = "{reduction}"')
    session = Session(loaded(text))
    session.execute("goto sample 2: loss")
    losses = [session.scene().show(each) for each in session.run.round(0).losses]
    assert parts_of(session, "from loss") == [
        ("sample 1: loss", losses[0], 0),
        ("sample 2: loss", losses[1], 1),
        ("sample 3: loss", "·", 2),
    ]
    session.execute("last")
    assert [value for _, value, _ in parts_of(session, "from loss")] == losses
    above = "".join(text for text, _ in where_listing(session).above[0])
    whole = session.scene().show(session.run.loss(0))
    assert above.startswith(f"loss = {'(' * (reduction == 'mean')}{' + '.join(losses)}")
    assert above.endswith(f" = {whole}") and ("/3" in above) == (reduction == "mean")
    assert [name for name, _, _ in parts_of(session, "to sample 2: loss")] == ["loss"]
    assert [name for name, _, _ in parts_of(session, "to loss[1]")] == ["sample 3: loss"]
    assert [name for name, _, _ in parts_of(session, "from sample 1: loss")] == [
        "sample 1: loss[1]"
    ]


def test_a_frozen_parameter_comes_from_itself_alone() -> None:
    text = THREE.read_text(encoding="utf-8")
    text = text.replace("[training]", '[training]\nfrozen = ["hidden.W[1,1]"]')
    session = Session(loaded(text))
    session.execute("last")
    assert [name for name, _, _ in parts_of(session, "from new hidden.W[1,1]")] == ["hidden.W[1,1]"]
    assert "frozen" in "".join(text for text, _ in where_listing(session).above[0])
    assert len(parts_of(session, "from new hidden.W[1,2]")) == 5


@pytest.mark.parametrize("command", ["change-back", "change-next"])
def test_changes_are_looked_for_in_all_rounds(command: str) -> None:
    session = Session(load(THREE))
    session.execute("train 2")
    outcome = session.execute(f"{command} round 1: loss")
    assert outcome.kind == REFUSED and "leave the round out" in outcome.message
    assert session.asked.quantity is None


def test_changes_go_through_the_rounds() -> None:
    session = Session(load(THREE))
    session.execute("apply")
    session.execute("change-back hidden.a[1]")
    places = [(session.round, session.scene().sample)]
    while session.execute("change-back").kind == MOVED:
        places.append((session.round, session.scene().sample))
    assert places == [(0, 2), (0, 1), (0, 0)]
    assert session.execute("change-back").kind == UNCHANGED


def test_a_hundred_quantities_are_watched_and_no_more() -> None:
    session = Session(net((20, 5)))
    names = [f"layer1.W[{i},{j}]" for i in range(1, 21) for j in range(1, 6)]
    for name in names:
        assert session.execute(f"watch {name}").message == f"watching {name}"
    refused = session.execute("watch loss")
    assert refused.kind == REFUSED and refused.message.startswith(
        "100 quantities are watched already"
    )
    assert len(session.watches) == 100
    assert session.execute(f"watch {names[0]}").message.endswith("no longer watched")
    assert session.execute("watch loss").kind == UNCHANGED


def test_from_and_to_open_their_list_and_watch_toggles() -> None:
    session = Session(load(THREE))
    assert session.execute("from hidden.a[1]").pane == "where"
    assert not session.asked.goes_to
    assert session.execute("to hidden.a[1]").pane == "where"
    assert session.asked.goes_to
    assert session.execute("watch hidden.a[1]").pane == "watches"
    assert len(session.watches) == 1
    session.execute("watch hidden.a[1]")
    assert not session.watches
    assert "did you mean" in session.execute("from hiden.a[1]").message


@settings(max_examples=examples(40))
@given(scenarios())
def test_what_needs_a_value_backwards_is_listed_too(text: str) -> None:
    """A term needs a value if its local derivative is another one for another value."""
    session = Session(loaded(text))
    session.execute("last")
    scene, schedule, tape = session.scene(), session.schedule, session.tape
    record = scene.run.record(0, scene.sample)
    arrivals = [
        (target, each)
        for target in range(tape.size)
        for each in schedule.arrivals(target)
        if tape.opname(each.node) != "softmax" and not (tape.loss and tape.loss.fused)
    ]
    for node in range(tape.leaves + len(tape.op)):
        listed = {
            (part.quantity.node, part.index)
            for part in where_to(scene, Quantity("value", node))
            if part.quantity.kind == GRAD
        }
        moved = record.value.copy()
        moved[node] += 0.37
        other = replace(record, value=moved)
        for target, each in arrivals:
            needs = other.local(each.node, each.place) != record.local(each.node, each.place)
            steps = {step for n, step in listed if n == target}
            here = scene.sample * schedule.per_sample + schedule.forward + each.offset
            assert not needs or here in steps or np.isnan(other.local(each.node, each.place))


def test_a_hidden_output_is_used_backwards_as_well() -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    session.execute("last")
    parts = where_to(session.scene(), session.quantity("hidden.a[1]"))
    names = [session.name(part.quantity) for part in parts]
    assert names == ["output.p[1,1]", "grad output.W[1,1]", "grad hidden.z[1]"]
