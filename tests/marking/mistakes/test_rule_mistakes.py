"""Mistakes within an update rule, each made once more by hand in doubles."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.marking.mistakes.table import KNOWN

FILE = """
title = "Rule"
digits = 6
[graph]
parameters = {{ w = 2.0 }}
[graph.nodes]
d = "w - 5"
L = "d ** 2"
[training]
learning_rate = 0.1
rounds = 2
{more}
"""
ADAM, ADAMW, MOMENTUM, DECAY = (
    'optimizer = "adam"',
    'optimizer = "adamw"\nweight_decay = 0.5',
    'optimizer = "momentum"',
    'optimizer = "momentum"\nweight_decay = 0.5',
)
# Right are: g = -6; m = -0.6, v = 0.036, mhat = -6, vhat = 36, w = 2.1; then g = -5.8.
M2, V2 = 0.9 * -0.6 + 0.1 * -5.8, 0.999 * 0.036 + 0.001 * 5.8**2
MADE = [
    (ADAM, "bias-correction", "mhat w", -0.6),
    (ADAM, "bias-correction", "vhat w", 0.036),
    (ADAM, "bias-correction", "new w", 2 + 0.1 * 0.6 / 0.036**0.5),
    (ADAM, "bias-correction", "new w", 2 + 0.1 * 6 / (0.036**0.5 + 1e-8)),
    (ADAM, "bias-correction", "round 2: mhat w", M2),
    (ADAM, "old-state", "round 2: mhat w", -0.6 / (1 - 0.9**2)),
    (ADAM, "beta-swapped", "m w", 0.9 * -6),
    (ADAM, "beta-swapped", "round 2: v w", 0.001 * 0.036 + 0.999 * 5.8**2),
    (MOMENTUM, "old-state", "round 2: new w", 2.6 + 0.1 * 6),
    (MOMENTUM, "beta-swapped", "round 2: m w", 0.1 * -6 + 2 * (2.6 - 5)),
    (MOMENTUM, "beta-swapped", "m w", 0.1 * -6),
    (ADAMW, "decay-place", "m w", 0.1 * (-6 + 0.5 * 2)),
    (DECAY, "decay-place", "m w", -6.0),
]

Checked = Callable[..., list[dict]]


@pytest.fixture
def checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Checked:
    """Marks answers, and hands over what became of them."""

    def run(more: str, answers: dict[str, float]) -> list[dict]:
        path, sheet = tmp_path / "rule.toml", tmp_path / "sheet.csv"
        path.write_text(FILE.format(more=more), encoding="utf-8")
        rows = [f'"{name}",{value:.6f}' for name, value in answers.items()]
        sheet.write_text("\n".join(["quantity,answer", *rows]), encoding="utf-8")
        assert main(["check", str(path), str(sheet), "--json"]) in (0, 1)
        return json.loads(capsys.readouterr().out)["sheets"][0]["answers"]

    return run


@pytest.mark.parametrize(("more", "mistake", "name", "value"), MADE)
def test_a_mistake_is_found(
    checked: Checked, more: str, mistake: str, name: str, value: float
) -> None:
    (found,) = checked(more, {name: value})
    assert found["verdict"] == "mistake" and mistake in found["mistakes"], found


def test_every_mistake_of_a_rule_is_made_here() -> None:
    rules = {name for name, each in KNOWN.items() if each.update.__module__.endswith(".rule")}
    assert rules == {mistake for _, mistake, _, _ in MADE}


def test_a_mistake_further_back_is_where_it_is_made(checked: Checked) -> None:
    # m with β and 1 - β mixed up, and right from there on.
    m, mhat = -5.4, -54.0
    new = 2 - 0.1 * mhat / 6
    first, second, third = checked(ADAM, {"m w": m, "mhat w": mhat, "new w": new})
    assert first["mistakes"] == ["beta-swapped"]
    assert second["verdict"] == third["verdict"] == "follows"


def test_plain_descent_knows_none_of_them(checked: Checked) -> None:
    (found,) = checked('optimizer = "sgd"', {"new w": 2 - 0.1 * -6 + 0.9})
    assert found["verdict"] == "wrong"
