"""The matrices: their formulas, their brackets, and that nothing moves from step to step."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.focus import layer_in_work
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.text.lines import Line
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

SHIPPED = sorted(shipped_folder().glob("*.toml"))
NETWORKS = [path for path in SHIPPED if not Session(load(path)).tape.is_graph]
SMALL = [path for path in NETWORKS if len(Session(load(path)).tape.x) <= 3]


def plain(lines: list[Line]) -> list[str]:
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def each_step(path: Path):
    session = Session(load(path))
    for index in range(session.total):
        session.execute(f"goto {index + 1}")
        yield session.scene()


@pytest.mark.parametrize("size", [(35, 10), (59, 20)])
@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_headings_stay_where_they_are_through_a_phase_of_a_layer(
    path: Path, size: tuple[int, int]
) -> None:
    """Whatever row and column are in work: every heading at every step in the same place."""
    places = defaultdict(set)
    for scene in each_step(path):
        layer = layer_in_work(scene)
        rows = plain(draw("matrices", scene, *size))[1:]
        # A window of a matrix that is too large names what it shows.
        if layer is None or any("[1–" in row or "of" in row for row in rows):
            continue
        heads = [
            (y, found.start(), found[0])
            for y, row in enumerate(rows)
            for found in re.finditer(r"\S[^│\[\]]*?\(\d+×\d+\)", row)
        ]
        places[scene.phase, layer.name].add(tuple(heads))
    assert all(len(found) == 1 for found in places.values()), places


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_a_marker_takes_the_place_of_no_bracket(path: Path) -> None:
    seen = 0
    for scene in each_step(path):
        for name, size in (("matrices", (59, 20)), ("step", (100, 20))):
            for row in plain(draw(name, scene, *size)):
                seen += "►" in row
                assert not re.search(r"►(?!│)", row), row
    assert seen or all(layer.n == 1 for layer in scene.run.tape.layers)


@pytest.mark.parametrize("path", SMALL, ids=lambda path: path.stem)
def test_where_there_is_room_every_result_has_its_formula_at_every_layer(path: Path) -> None:
    for scene in each_step(path):
        layer = layer_in_work(scene)
        if scene.phase != BACKWARD or layer is None:
            continue
        text = "\n".join(plain(draw("matrices", scene, 90, 30)))
        formulas = {"dW": "Xᵀ·dZ", "dX": "dZ·Wᵀ"}
        if layer.acts:
            formulas["dZ"] = "dA∘g′(Z)"
        if layer.bias is not None:
            formulas["db"] = "dZ"
        for name, formula in formulas.items():
            assert f"{name} = {formula} (" in text
        assert text.index("dZ") < text.index("dX =")


@pytest.mark.parametrize("command", ["goto output.p[1,1]", "goto grad output.W[1,1]"])
def test_the_inputs_of_a_later_layer_say_whose_results_they_are(command: str) -> None:
    """X is x1 … in the net; in the next layer it is what the layer before hands on."""

    def told(*commands: str) -> str:
        session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
        for each in commands:
            assert session.execute(each).kind != "refused"
        return "\n".join(plain(draw("matrices", session.scene(), 79, 14)))

    assert "X = A of hidden (1×2)" in told(command)
    assert "A of" not in told(command.replace("output", "hidden"))
    assert "x = a of hidden (2×1)" in told(command, "notation neurons")
