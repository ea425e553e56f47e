"""One row in a table is all that an activation, a function or a loss needs: rows of a test's own.

Whatever keeps a list of names somewhere else fails here.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.provenance import where_to
from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.operations.update_rules import UPDATE_RULES
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.gradient_flow import gradient_flow
from tests.made_up import CUBE, FOURTH, HALF, HALVED, HEAVY, LEAKY

NETWORK = """
title = "Leaky"
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[0.5, -1.25], [0.75, -0.5]]
bias = [0.25, -0.5]
activation = "leaky"
[[network.layers]]
name = "out"
weights = [[1.5, -0.5], [-1, 0.5]]
activation = "sigmoid"
[loss]
kind = "fourth"
[training]
learning_rate = 0.5
[[samples]]
x = [1, 2]
t = [1, 0]
"""
GRAPH = """
title = "Cube"
[graph]
inputs = { x = 0.5 }
parameters = { w = -1.5 }
[graph.nodes]
c = "cube(w * x)"
y = "leaky(c) + c"
"""
AT_KINK = GRAPH.replace("x = 0.5", "x = 0.0")

Told = Callable[..., str]


@pytest.fixture
def told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Told:
    """Runs a command on a file while the rows are in the tables, and hands over what it prints."""
    for operation in (LEAKY, CUBE):
        monkeypatch.setitem(OPERATIONS, operation.name, operation)
    monkeypatch.setitem(LOSSES, FOURTH.name, FOURTH)
    monkeypatch.setitem(REDUCTIONS, HALVED.name, HALVED)
    monkeypatch.setitem(UPDATE_RULES, HEAVY.name, HEAVY)

    def run(text: str, command: str, *arguments: str, code: int = 0) -> str:
        path = tmp_path / "made.toml"
        path.write_text(text, encoding="utf-8")
        assert main([command, str(path), *arguments]) == code
        found = capsys.readouterr()
        assert not found.err
        return found.out

    return run


def session_of(text: str, tmp_path: Path) -> Session:
    path = tmp_path / "stepped.toml"
    path.write_text(text, encoding="utf-8")
    return Session(load(path))


BOTH = pytest.mark.parametrize("text", [NETWORK, GRAPH], ids=["network", "graph"])


@BOTH
def test_it_is_valid(told: Told, text: str) -> None:
    assert told(text, "validate") == ""


@BOTH
@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_it_is_traced(told: Told, text: str, arithmetic: str) -> None:
    formula = "max(z2, 0.1·z2)" if text == NETWORK else "c.1³"
    assert formula in told(text, "trace", "--arithmetic", arithmetic)
    for level in ("neuron", "layer"):
        assert "leaky" in told(NETWORK, "trace", "--arithmetic", arithmetic, "--level", level)
    json.loads(told(text, "trace", "--arithmetic", arithmetic, "--json"))


def test_the_numbers_are_those_of_its_rules(told: Told) -> None:
    values = json.loads(told(NETWORK, "trace", "--json"))
    z = [0.5 + 0.75 * 2 + 0.25, -1.25 - 0.5 * 2 - 0.5]
    text = json.dumps(values)
    for number in (z[0], 0.1 * z[1]):
        assert str(number) in text


@BOTH
def test_its_gradients_agree_with_differences(told: Told, text: str) -> None:
    assert "disagree" not in told(text, "gradcheck").replace("0 disagree", "")


def test_its_kink_is_found(told: Told) -> None:
    assert "not differentiable here" in told(AT_KINK, "gradcheck")


@BOTH
@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
@pytest.mark.parametrize("form", ["md", "csv", "tex", "html"])
def test_it_stands_on_worksheets_with_their_key(
    told: Told, text: str, arithmetic: str, form: str
) -> None:
    told(text, "worksheet", "--format", form, "--arithmetic", arithmetic, "--level", "node")
    key = told(text, "worksheet", "--format", form, "--arithmetic", arithmetic, "--key")
    assert key


def test_a_worksheet_says_its_formula(told: Told) -> None:
    sheet = told(NETWORK, "worksheet")
    assert "a = max(z, 0.1·z)" in sheet and "(o - t)⁴" in sheet and "divided by 2" in sheet


@BOTH
@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_its_sheets_are_marked(told: Told, tmp_path: Path, text: str, arithmetic: str) -> None:
    key = told(text, "worksheet", "--format", "csv", "--key", "--arithmetic", arithmetic)
    rows = list(csv.DictReader(key.splitlines()))
    sheet = tmp_path / "sheet.csv"

    def marked(answers: list[str], code: int) -> list[dict[str, str]]:
        lines = [f'"{row["quantity"]}",{a}' for row, a in zip(rows, answers, strict=True)]
        sheet.write_text("\n".join(["quantity,answer", *lines]), encoding="utf-8")
        said = told(text, "check", str(sheet), "--json", "--arithmetic", arithmetic, code=code)
        return json.loads(said)["sheets"][0]["answers"]

    right = [row["answer"] for row in rows]
    assert {each["verdict"] for each in marked(right, 0)} <= {"right", "rounded"}
    off = [str(float(each) + 3.7) for each in right]
    assert "wrong" in {each["verdict"] for each in marked(off, 1)}


def test_it_is_opened_followed_and_drawn(told: Told, tmp_path: Path) -> None:
    told(NETWORK, "validate")
    session = session_of(NETWORK, tmp_path)
    assert session.execute("goto h.a[2]").kind == "moved"
    assert session.execute("into").kind == "moved" and session.scene().opened
    for command in ("from", "to", "next", "back"):
        assert session.execute(command).kind != "refused"


def test_where_its_value_goes_is_known(told: Told, tmp_path: Path) -> None:
    told(NETWORK, "validate")
    session = session_of(NETWORK, tmp_path)
    node = session.tape.layers[0].z(0)
    parts = where_to(session.scene(), Quantity(VALUE, node))
    # The activation, and its slope, which is worked out from z.
    assert [part.quantity.kind for part in parts] == [VALUE, GRAD]


@BOTH
def test_it_is_in_the_picture(told: Told, text: str) -> None:
    assert re.search("<svg", told(text, "picture"))


def test_it_is_in_the_list_of_training(told: Told, tmp_path: Path) -> None:
    told(NETWORK, "validate")
    session = session_of(NETWORK, tmp_path)
    session.execute("train 3")
    assert [flow.name for flow in gradient_flow(session.run, 2)] == ["h", "out"]


SAMPLES = """
title = "Halved"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[2]]
[loss]
kind = "sse"
[training]
learning_rate = 0.5
reduction = "halved"
[[samples]]
x = [1]
t = [1]
[[samples]]
x = [2]
t = [2]
"""
"""∂L/∂w = 2(2 - 1)·1 + 2(4 - 2)·2 = 10, which becomes 10/4 = 2.5."""


def test_a_reduction_of_one_s_own_is_used_everywhere(told: Told, tmp_path: Path) -> None:
    assert "disagree" not in told(SAMPLES, "gradcheck").replace("0 disagree", "")
    assert "2.00 - 0.5 · 10.00/4 = 2.00 - 0.5 · 2.50" in told(SAMPLES, "trace")
    sheet = told(SAMPLES, "worksheet")
    assert "are their halved" in sheet
    key = told(SAMPLES, "worksheet", "--format", "csv", "--key")
    answers = tmp_path / "sheet.csv"
    rows = list(csv.DictReader(key.splitlines()))
    lines = [f'"{row["quantity"]}",{row["answer"]}' for row in rows]
    answers.write_text("\n".join(["quantity,answer", *lines]), encoding="utf-8")
    said = json.loads(told(SAMPLES, "check", str(answers), "--json"))
    assert {each["verdict"] for each in said["sheets"][0]["answers"]} == {"right"}
    session = session_of(SAMPLES, tmp_path)
    assert float(session.run.round(0).after[0]) == 2 - 0.5 * 2.5


ROLLING = """
title = "Heavy"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[2]]
bias = [0.5]
[loss]
kind = "half_sse"
[training]
learning_rate = 0.125
optimizer = "heavy"
frozen = ["o.b"]
rounds = 3
[[samples]]
x = [2]
t = [1]
"""


def rolling(rounds: int, arithmetic: str = "exact") -> list[tuple[Decimal, Decimal, Decimal]]:
    """(w, m, new w) of each round: L = (2w + 0.5 - 1)²/2, so that ∂L/∂w = 2(2w - 0.5)."""

    def r(value: Decimal) -> Decimal:
        by_hand = arithmetic == "hand"
        return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) if by_hand else value

    w, m, found = Decimal(2), Decimal(0), []
    for _ in range(rounds):
        m = r(r(m / 2) + r(2 * (r(2 * w) - HALF)))
        found.append((w, m, r(w - r(m / 8))))
        w = found[-1][2]
    return found


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_a_rule_that_keeps_a_number_is_worked_round_after_round(
    told: Told, arithmetic: str
) -> None:
    rounds = json.loads(told(ROLLING, "trace", "--json", "--arithmetic", arithmetic))["rounds"]
    for traced, (w, m, new) in zip(rounds, rolling(3, arithmetic), strict=True):
        assert traced["before"]["o.W"] == [[float(w)]]
        assert traced["after"]["o.W"] == [[float(new)]]
        assert traced["state"]["m"]["o.W"] == [[float(m)]]
        assert traced["after"]["o.b"] == [0.5]
    text = told(ROLLING, "trace", "--arithmetic", arithmetic)
    assert "new w = w - lr · m = 2.00 - 0.125 · 7.00 = 2.00 - 0.88" in text.replace("w11", "w")


def test_it_is_previewed_trained_and_undone(told: Told, tmp_path: Path) -> None:
    told(ROLLING, "validate")
    session = session_of(ROLLING, tmp_path)
    assert "0.125·m" in told(ROLLING, "picture", "--run", "next-phase")
    session.execute("train 3")
    right = [float(new) for _, _, new in rolling(4)]
    assert [float(session.run.round(n).after[0]) for n in range(3)] == right[:3]
    assert session.execute("edit o.W[1,1] 1").kind != "refused"
    # m goes on from the rounds before, w from the edit.
    m = float(rolling(3)[2][1] / 2) + 2 * (2 * 1 - 0.5)
    assert float(session.run.round(session.round).after[0]) == 1 - m / 8
    session.execute("undo")
    assert float(session.run.round(3).after[0]) == right[3]


def test_what_it_keeps_is_saved_by_no_file(told: Told, tmp_path: Path) -> None:
    told(ROLLING, "validate")
    session = session_of(ROLLING, tmp_path)
    session.execute("edit x[1] 3")
    assert session.execute(f"save {tmp_path}/first.toml").kind != "refused"
    again = Session(load(tmp_path / "first.toml"))
    assert again.scenario.optimizer.rule is HEAVY
    assert again.run.round(2).after.tolist() == session.run.round(2).after.tolist()
    session.execute("train 2")
    refused = session.execute(f"save {tmp_path}/later.toml")
    assert refused.kind == "refused" and "what heavy keeps (m)" in refused.message


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
def test_its_sheets_are_marked_over_the_rounds(told: Told, tmp_path: Path, arithmetic: str) -> None:
    sheet = told(ROLLING, "worksheet")
    assert "new w = w - lr · m" in sheet and "m = drag · (m before) + ∂L/∂w" in sheet

    def marked(answers: dict[str, Decimal], code: int) -> list[dict[str, str]]:
        file = tmp_path / "sheet.csv"
        lines = [f'"{name}",{value:.2f}' for name, value in answers.items()]
        file.write_text("\n".join(["quantity,answer", *lines]), encoding="utf-8")
        said = told(ROLLING, "check", str(file), "--json", "--arithmetic", arithmetic, code=code)
        return json.loads(said)["sheets"][0]["answers"]

    first, second = rolling(2, arithmetic)
    right = {"new o.W[1,1]": first[2], "round 2: new o.W[1,1]": second[2]}
    assert {each["verdict"] for each in marked(right, 0)} <= {"right", "rounded"}
    # A slip in the first round's product, and right from there on: m as it is, w another.
    w = first[2] + 1
    m = first[1] / 2 + 2 * (2 * w - HALF)
    found = marked({"new o.W[1,1]": w, "round 2: new o.W[1,1]": w - m / 8}, 1)
    assert [each["verdict"] for each in found] == ["wrong", "follows"]
