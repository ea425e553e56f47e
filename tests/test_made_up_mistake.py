"""One row in the table is all that a known mistake needs: rows of a test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.marking.mistakes.table import KNOWN, Mistake
from nnhs_tui.present.selftest.report import report_lines
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest.opening import setting_of_session
from nnhs_tui.selftest.selftest import SelfTest
from tests.made_up import SEVENFOLD

SAMPLES = """
title = "Two samples"
digits = 3
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[0.5], [-0.3]]
activation = "sigmoid"
[[network.layers]]
name = "o"
weights = [[1.3]]
[loss]
kind = "half_sse"
[training]
learning_rate = 0.11
rounds = 2
reduction = "sum"
[[samples]]
x = [1.7, 2.9]
t = [0.37]
[[samples]]
x = [-0.6, 0.23]
t = [2.71]
"""

Checked = Callable[..., Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "made.toml"
    path.write_text(SAMPLES, encoding="utf-8")
    return path


@pytest.fixture
def checked(file: Path, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Marks a sheet of {quantity: answer}, and hands over what `check` prints."""

    def check(answers: dict[str, float | str], *options: str) -> Any:
        sheet = file.with_name("sheet.csv")
        rows = [f'"{name}",{answer}' for name, answer in answers.items()]
        sheet.write_text("\n".join(["quantity,answer", *rows]), encoding="utf-8")
        main(["check", str(file), str(sheet), *options])
        return capsys.readouterr().out

    return check


def right(checked: Checked, name: str) -> float:
    """What a quantity is."""
    (found,) = json.loads(checked({name: "99"}, "--json"))["sheets"][0]["answers"]
    return float(found["expected"])


def mistakes(checked: Checked, answers: dict[str, float | str], name: str) -> list[str]:
    """The mistakes named at a quantity of a sheet."""
    found = json.loads(checked(answers, "--json"))["sheets"][0]["answers"]
    (named,) = [each["mistakes"] for each in found if each["quantity"] == name]
    return list(named)


def sevenfold(numbers: Any, whole: Any, parts: Any) -> list[Any]:
    return [numbers.arithmetic.round(7 * sum(parts))]


def of_parameter(numbers: Any, parameter: int, own: Any) -> list[Any]:
    return [numbers.arithmetic.round(7 * own)]


def of_update(numbers: Any, quantity: Any) -> list[Any]:
    return [numbers.arithmetic.round(7 * numbers.after[quantity.node])]


def only(**rules: Any) -> Mistake:
    return Mistake("sevenfold", "", "", **rules)


BACKWARD = only(backward=SEVENFOLD.backward)


@pytest.mark.parametrize(
    ("row", "name"),
    [
        (only(forward=SEVENFOLD.forward), "sample 2: h.z[1]"),
        (BACKWARD, "sample 2: grad o.z[1]"),
        # Made alike in every sample, and carried on into the update.
        (BACKWARD, "grad h.W[1,1]"),
        (BACKWARD, "step h.W[1,1]"),
        (only(samples=sevenfold), "grad h.W[1,1]"),
        (only(samples=sevenfold), "loss"),
        (only(rounds=of_parameter), "round 2: grad h.W[1,1]"),
        (only(update=of_update), "new h.W[1,1]"),
        (only(anywhere=lambda right, shown, digits: [7 * right]), "sample 1: o.a[1]"),
    ],
)
def test_each_rule_of_a_row_is_looked_for(
    checked: Checked, monkeypatch: pytest.MonkeyPatch, row: Mistake, name: str
) -> None:
    made = f"{7 * right(checked, name):.3f}"
    assert "sevenfold" not in mistakes(checked, {name: made}, name)
    monkeypatch.setitem(KNOWN, row.name, row)
    # The number that is shown is rounded, and so is seven times it.
    near = [f"{float(made) + off / 1000:.3f}" for off in range(-4, 5)]
    assert any("sevenfold" in mistakes(checked, {name: each}, name) for each in near)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KNOWN, SEVENFOLD.name, SEVENFOLD)


TIMES_SEVEN = "-0.140"
"""Of h.z[1] in sample 1, which is 1.7 · 0.5 - 2.9 · 0.3 = -0.02."""


@pytest.mark.usefixtures("known")
def test_it_is_named_and_counted_in_the_class(checked: Checked) -> None:
    answers: dict[str, float | str] = {"sample 1: h.z[1]": TIMES_SEVEN}
    told = checked(answers)
    assert "this comes out when the number is taken seven times" in told
    summary = checked(answers, "--summary")
    assert "1 of 1: the number is taken seven times\n    sevenfold: sheet\n    h: " in summary
    (made,) = json.loads(checked(answers, "--summary", "--json"))["mistakes"]
    assert made["mistake"] == "sevenfold"


@pytest.mark.usefixtures("known")
def test_it_is_found_going_on_from_one_s_own_numbers(checked: Checked) -> None:
    # z is worked out from a product that is wrong: 7 · (1 - 0.87).
    answers: dict[str, float | str] = {"sample 1: h.p[1,1]": "1", "sample 1: h.z[1]": "0.91"}
    assert mistakes(checked, answers, "sample 1: h.z[1]") == ["sevenfold"]


@pytest.mark.usefixtures("known")
def test_it_is_carried_through_a_neuron_where_its_row_says_so(
    checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seven times the gradient at every z is seven times that of a weight."""
    name = "sample 1: grad h.W[1,1]"

    def at_z(case: Any) -> list[Any]:
        return list(SEVENFOLD.backward(case)) if case.letter == "z" else []

    row = replace(SEVENFOLD, backward=at_z)
    near = [f"{7 * right(checked, name) + off / 1000:.3f}" for off in range(-4, 5)]
    for carried in (False, True):
        monkeypatch.setitem(KNOWN, row.name, replace(row, is_carried=carried))
        found = [mistakes(checked, {name: each}, name) for each in near]
        assert any("sevenfold" in each for each in found) == carried


@pytest.mark.usefixtures("known")
def test_a_self_test_reports_it_with_its_tip(file: Path) -> None:
    session = Session(load(file))
    session.execute("level node")
    test = SelfTest(setting_of_session(session))
    (place,) = [n for n, ask in enumerate(test.asks, 1) if ask.names == ("sample 1: h.z[1]",)]
    for line in (f"go {place}", f"type {TIMES_SEVEN}", "mark"):
        test.apply(line)
    told = "\n".join("".join(text for text, _ in line) for line in report_lines(test, 80))
    assert "1 × the number is taken seven times (sevenfold)" in told
    assert "what to practise next\n  Count how often you take it." in told
