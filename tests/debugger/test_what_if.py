"""What if: an edit is the scenario with that number in its file, and undo takes it back."""

from __future__ import annotations

import re
from decimal import Decimal

import numpy as np
import pytest

from nnhs_tui.debugger.actions.what_if import read_number, suggested
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.present.lists.by_name import LISTINGS
from nnhs_tui.present.panes.table import draw
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.random_scenarios import loaded

NET = """
title = "a net"
[network]
inputs = 2
[[network.layers]]
name = "hidden"
weights = [[0.5, -0.3], [0.8, 0.2]]
bias = [0.1, 0.2]
activation = "tanh"
[[network.layers]]
name = "output"
weights = [[0.7], [-0.4]]
[loss]
kind = "mse"
[training]
learning_rate = 0.5
[[samples]]
x = [1.0, 0.5]
t = [0.25]
[[samples]]
x = [-1.0, 2.0]
t = [1.0]
"""
EDITS = [
    ("hidden.W[1,2] 0.9", "[[0.5, -0.3]", "[[0.5, 0.9]"),
    ("hidden.b[2] = -1,5", "bias = [0.1, 0.2]", "bias = [0.1, -1.5]"),
    ("x[2] 3", "x = [1.0, 0.5]", "x = [1.0, 3]"),
    ("sample 2: t[1] 1/4", "t = [1.0]", "t = [0.25]"),
    ("learning_rate 0.05", "learning_rate = 0.5", "learning_rate = 0.05"),
    ("lr 0", "learning_rate = 0.5", "learning_rate = 0"),
]


def everything(session: Session) -> list[object]:
    found: list[object] = []
    for number in range(session.rounds):
        round_ = session.run.round(number)
        found += [round_.before.tolist(), round_.after.tolist(), round_.losses]
        for sample in range(session.schedule.samples):
            record = session.run.record(number, sample)
            found += [record.value.tolist(), record.gradient.tolist()]
    return found


@pytest.mark.parametrize("kind", ["exact", "hand"])
@pytest.mark.parametrize("command, old, new", EDITS)
def test_an_edit_is_the_scenario_with_that_number(command, old, new, kind) -> None:
    edited = Session(loaded(NET), arithmetic=kind)
    assert old in NET
    written = Session(loaded(NET.replace(old, new)), arithmetic=kind)
    original = everything(edited)
    assert edited.execute(f"edit {command}").kind == MOVED
    for session in (edited, written):
        session.execute("apply")
        session.execute("apply")
    assert everything(edited) == everything(written)
    edited.execute("round 1")
    assert edited.execute("undo").kind == MOVED
    assert everything(edited)[: len(original)] == original
    assert edited.execute("redo").kind == MOVED
    edited.execute("next-round")
    assert everything(edited) == everything(written)


def test_an_edit_in_a_later_round_leaves_the_earlier_ones() -> None:
    session = Session(loaded(NET))
    session.execute("apply")
    first = session.run.round(0).after.copy()
    session.execute("edit hidden.W[1,1] 2")
    assert session.run.parameters(1)[0] == 2
    assert np.array_equal(session.run.parameters(1)[1:], first[1:])
    assert np.array_equal(session.run.round(0).after, first)
    session.execute("edit x[1] 9")
    assert session.run.record(0, 0).value[session.tape.x[0]] == 1
    assert session.run.record(1, 0).value[session.tape.x[0]] == 9


def test_edits_follow_into_the_other_arithmetic() -> None:
    session = Session(loaded(NET))
    session.execute("edit hidden.W[1,1] 0.125")
    session.execute("arithmetic hand")
    assert session.run.parameters(0)[0] == Decimal("0.125")
    assert session.execute("undo").kind == MOVED
    assert session.run.parameters(0)[0] == Decimal("0.5")


def test_the_numbers_that_differ_are_marked() -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    session.execute("last")
    session.execute("edit hidden.W[1,2] 2")
    session.execute("previous-phase")
    session.execute("last")
    session.execute("goto output.a[1]")
    scene = session.scene()
    text = "".join(part for line in draw("net", scene, 60, 12) for part, _ in line)
    hidden = session.tape.layers[0]
    marked = re.findall(r"\*(-?\d+\.\d+)", text)
    assert scene.show(scene.record.value[hidden.a(1)]) in marked
    assert scene.show(scene.record.value[hidden.a(0)]) not in marked
    session.execute("goto hidden.z[2]")
    drawn = "".join(part for line in draw("matrices", session.scene(), 60, 12) for part, _ in line)
    assert "*2.00" in drawn
    session.execute("undo")
    for pane in ("net", "matrices"):
        assert "*" not in "".join(
            p for line in draw(pane, session.scene(), 60, 12) for p, _ in line
        )


@pytest.mark.parametrize(
    "command, words",
    [
        ("edit hidden.z[1] 2", "is computed"),
        ("edit grad x[1] 2", "is computed"),
        ("edit hiden.W[1,1] 2", "did you mean hidden.W[1,1]?"),
        ("edit hidden.W[1,1] two", "is not a number"),
        ("edit hidden.W[1,1] = 01. Mai", "is not a number"),
        ("edit hidden.W[1,1] nan", "is not a number"),
        ("edit hidden.W[1,1] 1e40", "too large"),
        ("edit hidden.W[1,1] 1/0", "is not a number"),
        ("edit hidden.W[1,1]", "edit takes a quantity and its new value"),
        ("edit lr -1", "expected 0 or more"),
        ("edit round 1: x[1] 2", "leave the round out"),
    ],
)
def test_edits_that_are_refused_change_nothing(command: str, words: str) -> None:
    session = Session(loaded(NET))
    before = everything(session)
    outcome = session.execute(command)
    assert outcome.kind == REFUSED
    assert words in outcome.message
    assert not session.edits
    assert everything(session) == before


def test_an_edit_that_overflows_changes_nothing() -> None:
    session = Session(loaded(NET.replace("tanh", "identity")))
    outcome = session.execute("edit lr 1e12")
    assert outcome.kind in (MOVED, REFUSED)
    text = NET.replace('"mse"', '"bce"').replace(
        "[[0.7], [-0.4]]", '[[0.7], [-0.4]]\nactivation = "sigmoid"'
    )
    session = Session(loaded(text))
    assert "from 0 to 1" in session.execute("edit t[1] 3").message
    assert session.execute("edit hidden.W[1,1] 1e12").kind in (MOVED, REFUSED)
    assert session.execute("undo").kind in (MOVED, UNCHANGED)


@pytest.mark.parametrize("path", ["three-samples", "two-layer-sigmoid"])
def test_gradients_steps_and_new_values_that_differ_are_marked(path: str) -> None:
    session = Session(load(shipped_folder() / f"{path}.toml"))
    session.execute("edit hidden.W[1,1] 2")
    session.execute("last")
    scene = session.scene()
    beside = Session(session.scenario).run.round(0)
    mine = scene.round
    ledger = ["".join(part for part, _ in line) for line in draw("gradients", scene, 120, 20)]
    for node in range(session.tape.parameters):
        row = next(line for line in ledger if session.names.name(node) in line)
        for now, before in (
            (mine.before, beside.before),
            (mine.accumulated, beside.accumulated),
            (mine.step, beside.step),
            (mine.after, beside.after),
        ):
            text = scene.show(now[node])
            assert (f"*{text}" in row) >= (text != scene.show(before[node])), row
    matrices = "".join(p for line in draw("matrices", scene, 120, 20) for p, _ in line)
    session.execute("level layer")
    equation = "".join(p for line in draw("step", session.scene(), 120, 20) for p, _ in line)
    layer = session.tape.layers[-1]
    for now, before in ((mine.step, beside.step), (mine.after, beside.after)):
        for node in range(layer.weights, layer.weights + layer.n * layer.m):
            if scene.show(now[node]) != scene.show(before[node]):
                assert f"*{scene.show(now[node])}" in matrices
                assert f"*{scene.show(now[node])}" in equation


TOO_FAST = NET.replace("0.5\n[[samples]]", "1e60\n[[samples]]").replace("tanh", "identity")


def test_undo_goes_to_the_last_round_that_the_old_run_reaches() -> None:
    session = Session(loaded(TOO_FAST))
    session.execute("edit lr 0.01")
    assert session.execute("train 20").kind == MOVED
    session.execute("goto 5")
    outcome = session.execute("undo")
    assert outcome.kind == MOVED and not session.edits
    last = Session(loaded(TOO_FAST))
    while last.execute("apply").kind == MOVED:
        pass
    assert session.round == last.round < 20
    assert (session.index, session.rounds) == (4, last.rounds)
    assert f"this is round {last.rounds}, as the next cannot be computed" in outcome.message
    assert session.execute("redo").kind == MOVED


def test_an_arithmetic_that_does_not_reach_the_round_names_the_cure() -> None:
    session = Session(loaded(TOO_FAST.replace("1e60", "0.01")))
    session.execute("train 3")
    assert session.execute("edit lr 1e12").kind == MOVED
    session.execute("train 20")
    here = session.round
    outcome = session.execute("arithmetic hand")
    assert outcome.kind == REFUSED and "go to an earlier round first: round 1" in outcome.message
    assert (session.round, session.arithmetic_name) == (here, "exact")
    session.execute("round 1")
    assert session.execute("arithmetic hand").kind == MOVED


@pytest.mark.parametrize(
    "text, value",
    [
        ("0,37", "0.37"),
        ("−2", "-2"),
        (".5", "0.5"),
        ("3/8", "0.375"),
        ("½", "0.5"),
        ("(0,5)", "-0.5"),
        ("≈ 1.234,5", "1234.5"),
        ("٢٥٪", "0.25"),
        ("1e-3", "0.001"),
        ("+1", "1"),
    ],
)
def test_numbers_as_people_write_them(text: str, value: str) -> None:
    assert read_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "x", "1/2/3", "--1", "inf", "1e999"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(Refusal):
        read_number(text)


def test_the_number_in_work_is_suggested() -> None:
    session = Session(loaded(NET))
    assert suggested(session) == "hidden.W[1,1] "
    session.execute("goto grad hidden.b[1]")
    assert suggested(session) == "hidden.b[1] "
    session.execute("goto hidden.a[1]")
    assert suggested(session) == ""


def test_the_result_of_a_step_that_differs_is_marked() -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"), arithmetic="exact")
    session.execute("edit hidden.W[1,2] 2")
    for command, expected in (
        ("goto hidden.p[1,2]", "= *2.00·2.00 = *4.00"),
        ("goto hidden.z[2]", "= *4.00 + (-3.30) + 0.15 = *0.85"),
        ("goto hidden.p[1,1]", "= 1.00"),
        ("goto grad output.a[1]", "≈ *"),
        ("goto new hidden.W[1,2]", "≈ *"),
    ):
        session.execute(command)
        text = "".join(p for line in draw("step", session.scene(), 120, 8) for p, _ in line)
        assert expected in text, command


def test_a_watched_number_that_differs_is_marked() -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    session.execute("watch hidden.z[2]")
    session.execute("watch hidden.z[1]")
    session.execute("edit hidden.W[1,2] 2")
    session.execute("goto loss")
    rows = ["".join(p for p, _ in row.line) for row in LISTINGS["watches"](session).rows]
    assert rows[0] == "hidden.z[2] = *0.85" and rows[2] == "hidden.z[1] = -0.75"
