"""Two calculations side by side, and the gradient check of the round in work."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.gradcheck import DISAGREES
from nnhs_tui.commands.panes import NAMES
from nnhs_tui.debugger.compare import Comparison, compare
from nnhs_tui.debugger.outcome import MOVED, REFUSED
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.present.lists.by_name import LISTINGS
from nnhs_tui.present.lists.listing import draw_listing
from nnhs_tui.present.panes.table import draw
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.round_checks import round_checks
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios


def shipped(name: str, arithmetic: str = "exact") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"), arithmetic=arithmetic)


def listed(session: Session, *, among_all: bool = False) -> dict[str, tuple[str, str]]:
    """Name → (before, after) as they are shown."""
    found = compare(session)
    assert found is not None
    count = found.count if among_all else found.differing
    pairs = [found.pair(place, among_all=among_all) for place in range(count)]
    show = session.scene().show
    return {session.name(p.quantity): (show(p.before), show(p.after)) for p in pairs}


def test_where_there_is_nothing_to_compare_the_list_says_what_to_do() -> None:
    session = shipped("two-layer-sigmoid")
    session.execute("apply")
    session.execute("compare")
    session.execute("reset")
    told = LISTINGS["compare"](session).empty
    assert all(word in told for word in ("e edits a value", "a begins another round", "compare 1"))


def test_an_edit_is_seen_in_all_that_depends_on_it_and_nowhere_else() -> None:
    session = shipped("two-layer-sigmoid")
    assert compare(session) is None
    session.execute("edit hidden.W[1,2] 2")
    found = listed(session)
    assert found["hidden.W[1,2]"] == ("0.90", "2.00")
    assert {"hidden.p[1,2]", "hidden.z[2]", "hidden.a[2]", "output.z[1]", "loss"} <= set(found)
    assert not {"x[1]", "hidden.z[1]", "hidden.W[1,1]", "learning_rate"} & set(found)
    everything = listed(session, among_all=True)
    assert set(found) < set(everything)
    assert all(a == b for name, (a, b) in everything.items() if name not in found)
    assert all(a != b for a, b in found.values())


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_numbers_are_those_of_the_two_rounds(text: str, arithmetic: str) -> None:
    """Asked one by one, as a watch would."""
    try:
        session = Session(loaded(text), arithmetic=arithmetic)
    except ComputationError:
        assume(False)
        raise
    assume(session.tape.parameters)
    assume(session.execute("apply").kind == MOVED)
    session.execute("last")
    found = compare(session)
    assert isinstance(found, Comparison)
    scene = session.scene()
    for place in range(found.count):
        pair = found.pair(place, among_all=True)
        name = session.name(pair.quantity)
        for number, value in ((1, pair.before), (2, pair.after)):
            asked = session.quantity(f"round {number}: {name}")
            if pair.quantity.kind == "value" and pair.quantity.node < session.tape.parameters:
                assert value == session.run.parameters(number - 1)[pair.quantity.node]
            else:
                assert value == value_at(scene, asked), name


def test_any_round_can_be_asked_for() -> None:
    session = shipped("three-samples")
    session.execute("train 4")
    assert session.execute("compare 5").kind == REFUSED
    assert session.execute("compare 9").kind == REFUSED
    assert session.execute("compare 2").kind != REFUSED
    found = compare(session)
    assert found is not None and (found.before.name, found.after.name) == ("round 2", "round 5")
    session.execute("compare")
    assert compare(session).before.name == "round 4"
    assert session.asked.compared == (None, False)
    session.execute("compare")
    assert session.asked.compared == (None, True)


def test_with_nothing_to_compare_it_says_what_to_do() -> None:
    outcome = shipped("three-samples").execute("compare")
    assert outcome.kind == REFUSED and "e edits" in outcome.message


# A run without the edits that is not there

TOO_FAST = """
title = "a learning rate far too large"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[1.0]]
[loss]
kind = "sse"
[training]
learning_rate = 1e60
[[samples]]
x = [1.0]
t = [3.0]
"""


def drawn(session: Session) -> str:
    """All panes and lists as text."""
    scene = session.scene()
    lines = [line for pane in NAMES for line in draw(pane, scene, 100, 20)]
    for name in LISTINGS:
        lines += draw_listing(LISTINGS[name](session), "0", 100, 20, 0)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_a_run_without_the_edits_that_overflows_is_no_reason_not_to_draw() -> None:
    session = Session(loaded(TOO_FAST))
    session.execute("compare 1")
    assert session.execute("edit lr 0.01").kind == MOVED
    assert session.execute("train 20").kind == MOVED
    session.execute("compare")
    text = drawn(session)
    assert "without the edits round 4 cannot be computed: " in " ".join(text.split())
    assert session.scene().beside is None and "*" not in text
    session.execute("round 2")
    assert session.scene().beside is not None and "*" in drawn(session)


def test_drawing_computes_no_rounds() -> None:
    session = shipped("training-loop")
    session.execute("edit lr 0.11")
    session.execute("train 3")
    assert session.scene().beside is not None, "a few rounds are run beside"
    session.execute("train 197")
    session.execute("arithmetic hand")
    base = session.scene().base
    assert base is not None
    count = len(base)
    session.asked.compared = (None, False)
    there = f"{count} round{'s' * (count != 1)} of 201 were computed"
    assert there in " ".join(drawn(session).split())
    assert len(base) == count < 100
    session.execute("undo")
    session.execute("redo")
    assert session.scene().beside is not None


# The gradient check of the round in work


def test_a_check_that_exact_arithmetic_cannot_make_is_a_list_that_says_so() -> None:
    text = """
title = "a quotient"
arithmetic = "hand"
[graph]
inputs = { x = 0.01 }
parameters = { w = 1.0 }
[graph.nodes]
y = "1 / (w * x - 0.005)"
"""
    session = Session(loaded(text))
    assert session.execute("gradcheck").pane == "gradcheck"
    assert session.execute("edit w 0.5").kind == MOVED
    assert "division by 0" in drawn(session)
    assert session.execute("gradcheck").kind == REFUSED


def test_of_many_samples_only_the_first_are_checked_on_the_screen() -> None:
    rows = ", ".join(f"0.{k}" for k in range(10, 40))
    samples = "".join(f"[[samples]]\nx = [{k / 100}]\nt = [0.5]\n" for k in range(300))
    net = TOO_FAST[: TOO_FAST.index("[[samples]]")].replace("[[1.0]]", f"[[{rows}]]")
    net += "[[network.layers]]\nweights = [" + "[0.5], " * 30 + "]\n"
    session = Session(loaded(net.replace("1e60", "0.1") + samples))
    checks = round_checks(session.run, 0)
    assert checks.samples < 300 and not [each for each in checks[:8] if each.verdict != "ok"]
    session.execute("gradcheck")
    assert f"of 300 samples only the first {checks.samples}" in drawn(session)
    assert not checks.are_quick and len(checks._made) < 40, "made when they come into view"


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.integers(0, 2))
def test_gradients_of_any_round_agree(text: str, arithmetic: str, rounds: int) -> None:
    try:
        session = Session(loaded(text), arithmetic=arithmetic)
    except ComputationError:
        assume(False)
        raise
    assume(session.tape.parameters)
    if rounds:
        assume(session.execute(f"train {rounds}").kind == MOVED)
    try:
        checks = round_checks(session.run, session.round)
    except ComputationError:
        assume(False)
    assert not [check for check in checks if check.verdict == DISAGREES]
    if arithmetic == "exact":
        analytic = [checks[node].analytic for node in range(session.tape.parameters)]
        assert analytic == pytest.approx(session.run.round(session.round).accumulated.tolist())


def test_the_check_knows_the_edits() -> None:
    """dL/dx of the edited net, by plain differences of the loss."""
    session = shipped("two-layer-sigmoid")
    session.execute("edit x[2] 1.5")
    session.execute("edit hidden.W[1,1] -1")
    checks = {check.name: check for check in round_checks(session.run, 0)}
    for name in ("x[2]", "hidden.W[1,1]", "output.W[2,1]"):
        quantity = session.quantity(name)
        value = float(value_at(session.scene(), quantity))
        losses = []
        for moved in (value + 1e-5, value - 1e-5):
            session.execute(f"edit {name} {moved:.12f}")
            losses.append(float(session.run.loss(0)))
            session.execute("undo")
        numeric = (losses[0] - losses[1]) / 2e-5
        assert checks[f"grad {name}"].analytic == pytest.approx(numeric, rel=1e-6)
        assert checks[f"grad {name}"].numeric == pytest.approx(numeric, rel=1e-6)


def test_a_check_is_made_once_and_by_itself() -> None:
    session = shipped("three-samples", "hand")
    checks = round_checks(session.run, 0)
    assert checks is round_checks(session.run, 0)
    assert len(checks) == len(list(checks)) == 6 + 3 * 2
    assert checks[-1].name == "sample 3: grad x[2]" and checks[2] is checks[2]
    assert [each.name for each in checks[1:3]] == ["grad hidden.W[1,2]", "grad hidden.W[2,1]"]
    with pytest.raises(IndexError):
        checks[99]
    gradient = np.array([check.analytic for check in checks[:6]])
    assert gradient == pytest.approx(
        shipped("three-samples").run.round(0).accumulated.astype(float)
    )
    assert session.quantity(checks[-1].name) == Quantity("grad", session.tape.x[1], sample=2)
