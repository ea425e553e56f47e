"""The curve of an opened operation: which part of it is shown, and what touches it."""

from __future__ import annotations

import re

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.opened import draw_curve
from nnhs_tui.present.panes.table import draw
from tests.random_scenarios import loaded

GRAPH = """
title = "curve"
[graph]
inputs = {{ x = {x} }}
[graph.nodes]
y = "{name}(x)"
"""


def drawn(name: str, x: float) -> list[str]:
    session = Session(loaded(GRAPH.format(name=name, x=x)))
    assert session.execute("into").kind == "moved"
    lines = draw_curve(session.scene(), 60, 12, (0, 0))
    return ["".join(text for text, _ in line) for line in lines]


@pytest.mark.parametrize(
    ("name", "x", "ends"),
    [
        # Until the curve has bent; further out a quarter more than the point, and a half.
        *(("sigmoid", 0.5, ["-6", "6"]), ("sigmoid", 10.0, ["-13", "13"])),
        *(("tanh", -0.5, ["-3", "3"]), ("relu", 1.0, ["-3", "3"]), ("exp", 0.5, ["-2", "2"])),
        *(("sin", 1.0, ["-4", "4"]), ("cos", -9.0, ["-12", "12"])),
        # From 0 on, where there is nothing before it.
        *(("log", 0.5, ["0", "4"]), ("sqrt", 8.0, ["0", "12"])),
    ],
)
def test_how_much_of_the_curve_is_shown(name: str, x: float, ends: list[str]) -> None:
    lines = drawn(name, x)
    assert re.findall(r"-?\d+", lines[-2]) == ends
    assert any("●" in line for line in lines[1:-2])
    assert f"{name} and its tangent" in lines[0]


def inside(digits: int) -> list[str]:
    session = Session(loaded(GRAPH.format(name="sigmoid", x=0.3)), digits=digits)
    assert session.execute("into").kind == "moved"
    return ["".join(text for text, _ in line) for line in draw("step", session.scene(), 90, 12)]


@pytest.mark.parametrize(("digits", "decimals"), [(0, 2), (2, 4), (4, 6), (5, 6), (6, 6)])
def test_inside_there_are_two_decimals_more_but_never_more_than_six(
    digits: int, decimals: int
) -> None:
    rows = inside(digits)
    for letter in "ABC":
        row = next(line for line in rows if line.startswith(f"{letter} = "))
        assert {len(each) for each in re.findall(r"\.(\d+)", row)} == {decimals}, row
