"""Known mistakes at a neuron whose activation is a formula in z."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from nnhs_tui.cli import main

NET = """
title = "square neuron"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[3]]
bias = [-1]
activation = "z ** 2 + z"
[[network.layers]]
name = "o"
weights = [[0.5]]
[loss]
kind = "half_sse"
[[samples]]
x = [1]
t = [0.5]
"""
"""z = 2, a = 4 + 2 = 6, o = 3, ∂L/∂o = 2.5, ∂L/∂a = 1.25, ∂a/∂z = 2z + 1 = 5, ∂L/∂z = 6.25."""


def marked(
    rows: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, tuple[str, list[str]]]:
    scenario, sheet = tmp_path / "net.toml", tmp_path / "sheet.csv"
    scenario.write_text(NET, encoding="utf-8")
    lines = [f'"{name}",{answer}' for name, answer in rows.items()]
    sheet.write_text("\n".join(["quantity,answer", *lines]), encoding="utf-8")
    main(["check", str(scenario), str(sheet), "--json"])
    (found,) = json.loads(capsys.readouterr().out)["sheets"]
    return {e["quantity"]: (e["verdict"], e["mistakes"]) for e in found["answers"]}


@pytest.mark.parametrize(
    ("quantity", "answer", "mistake"),
    [
        ("grad h.z[1]", "1.25", "missing-local"),
        ("grad h.z[1]", "5", "missing-upstream"),
        ("grad h.W[1,1]", "1.25", "missing-local"),
        ("h.a[1]", "2", "no-activation"),
        # σ(2) = 0.8808
        ("h.a[1]", "0.88", "wrong-function"),
        # z = 3 without the bias: 9 + 3.
        ("h.a[1]", "12", "missing-bias"),
        ("grad h.z[1] via h.f1[1]", "1.25", "missing-local"),
    ],
)
def test_it_is_named(
    quantity: str,
    answer: str,
    mistake: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    verdict, names = marked({quantity: answer}, tmp_path, capsys)[quantity]
    assert verdict == "mistake" and mistake in names, (verdict, names)


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
@pytest.mark.parametrize("level", ["layer", "node"])
def test_its_key_is_right(
    level: str, arithmetic: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scenario = tmp_path / "net.toml"
    scenario.write_text(NET, encoding="utf-8")
    options = ["--format", "csv", "--key", "--level", level, "--arithmetic", arithmetic]
    assert main(["worksheet", str(scenario), *options]) == 0
    key = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    answers = {row["quantity"]: row["answer"] for row in key}
    assert ("h.f1[1]" in answers) == (level == "node")
    assert answers["grad h.z[1]"] == "6.25" and answers["h.a[1]"] == "6.00"
    found = marked(answers, tmp_path, capsys)
    assert {verdict for verdict, _ in found.values()} == {"right"}


def test_an_earlier_slip_is_followed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """z taken as 1: a = 2, ∂a/∂z = 3, and so on from there."""
    rows = {
        "h.z[1]": "1",
        "h.a[1]": "2",
        "o.z[1]": "1",
        "grad o.z[1]": "0.5",
        "grad h.z[1]": "0.75",
    }
    found = marked(rows, tmp_path, capsys)
    assert [found[name][0] for name in rows][1:] == ["follows"] * 4
