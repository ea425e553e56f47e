"""The step at the wider levels: equations between matrices, and what a neuron adds up."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from benchmarks.nets import net
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.debugger.outcome import MOVED
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.level_steps import level_steps
from nnhs_tui.present.panes.step import formula_text
from nnhs_tui.present.panes.table import draw, position
from nnhs_tui.present.text.lines import Line, line_cells
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.random_scenarios import loaded

SHIPPED = sorted(shipped_folder().glob("*.toml"))
NETWORKS = [path for path in SHIPPED if not Session(load(path)).tape.is_graph]
GOLDENS = Path(__file__).parent / "goldens"
SMALL = {"net": (44, 10), "matrices": (35, 10), "step": (80, 6), "gradients": (80, 5)}
LARGE = {"net": (60, 20), "matrices": (59, 20), "step": (60, 14), "gradients": (59, 14)}


def plain(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != "refused", command
    return session


def numbers(text: str) -> list[str]:
    """The numbers of a block `│ 0.12 -0.30│` or `[ 1.00]`, row by row."""
    return re.findall(r"-?\d+\.\d+", text)


def walked(path: Path, level: str):
    session = Session(load(path))
    session.execute(f"level {level}")
    session.execute("first")
    while True:
        yield session
        if session.execute("next").kind != MOVED:
            return


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_the_equation_of_a_layer_holds_the_record_s_numbers(path: Path) -> None:
    """Forward Z = X·W, backward dW = Xᵀ·dZ, the update: every number as the record has it."""
    for session in walked(path, "layer"):
        scene = session.scene()
        layer = next((la for la in session.tape.layers if la.name == scene.step.group[0]), None)
        if layer is None or layer.n * layer.m > 40:
            continue
        lines = plain(draw("step", scene, 200, 40)).splitlines()
        made = {FORWARD: "Z", BACKWARD: "dW", UPDATE: "new W"}[scene.phase]
        first = next(k for k, line in enumerate(lines) if line.strip().startswith(f"{made} ("))
        equation = lines[first : first + 1 + layer.n]
        found = numbers("\n".join(line for line in equation if "(" not in line))
        matrix, record = layer.matrix, scene.record
        expected = {
            FORWARD: [record.value[layer.z(j)] for j in range(layer.m)],
            BACKWARD: matrix(record.gradient).ravel().tolist(),
            UPDATE: matrix(scene.round.after).ravel().tolist(),
        }[scene.phase]
        for value in expected:
            assert scene.show(value) in found
        if scene.phase == FORWARD:
            x = np.array([float(record.value[layer.x(i)]) for i in range(layer.n)])
            w = matrix(record.value).astype(float)
            for value in [*x, *w.ravel()]:
                assert scene.show(value) in found


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_the_equations_of_a_layer_stand_in_the_order_they_can_be_computed(path: Path) -> None:
    """dZ before what is made of it, in every net and layer."""
    seen = 0
    for session in walked(path, "layer"):
        scene = session.scene()
        layer = next((la for la in session.tape.layers if la.name == scene.step.group[0]), None)
        if scene.phase != BACKWARD or layer is None or scene.step.target is None:
            continue
        lines = plain(draw("step", scene, 300, 80)).splitlines()
        heads = [found[1] for line in lines if (found := re.match(r"\s*(d[ZWbX]) \(", line))]
        expected = ["dW", *["db"] * (layer.bias is not None), "dX"]
        assert heads == ["dZ"] * layer.acts + expected
        seen += 1
    assert seen


@pytest.mark.parametrize("frozen", ["", '"hidden.W[1,1]"', '"hidden.W"'])
def test_the_equation_of_an_update_holds_whatever_is_frozen(frozen: str) -> None:
    """new W = W − lr·dW, entry by entry, as the numbers stand there."""
    text = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
    text = text.replace("[training]", f"[training]\nfrozen = [{frozen}]")
    session = Session(loaded(text), arithmetic="hand")
    for command in ("level layer", "last", "previous-phase"):
        session.execute(command)
    scene = session.scene()
    layer = session.tape.layers[0]
    assert scene.step.group[0] == layer.name
    rows = plain(draw("step", scene, 120, 12)).splitlines()[2 : 2 + layer.n]
    for i, row in enumerate(rows):
        found = [Decimal(each) for each in numbers(row)]
        new, old, taken = found[: layer.m], found[layer.m : 2 * layer.m], found[2 * layer.m :]
        assert new == [a - b for a, b in zip(old, taken, strict=True)]
        assert new == [scene.round.after[layer.w(i, j)] for j in range(layer.m)]
    session.execute("level node")
    below = numbers(plain(draw("matrices", session.scene(), 120, 12)))
    assert {f"{each:.2f}" for each in taken} <= set(below)


@pytest.mark.parametrize("path", NETWORKS, ids=lambda path: path.stem)
def test_a_neuron_is_written_out_with_its_result(path: Path) -> None:
    for session in walked(path, "neuron"):
        scene = session.scene()
        if scene.phase != FORWARD or scene.step.group[0] == "loss":
            continue
        text = plain(draw("step", scene, 120, 30))
        assert scene.show(scene.record.value[scene.step.node]) in numbers(text)


@pytest.mark.parametrize("level", ["layer", "neuron"])
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_the_whole_step_found_is_changed_in_the_net_or_the_matrices(path, level) -> None:
    for session in walked(path, level):
        scene = session.scene()
        if scene.phase != FORWARD or scene.step.group[0] == "loss":
            continue
        lines = [*draw("net", scene, 100, 40), *draw("matrices", scene, 100, 40)]
        changed = {text for line in lines for text, role in line if "changed" in role.split()}
        assert scene.show(scene.record.value[scene.step.node]) in changed


def test_by_neurons_the_equation_is_transposed_and_says_so() -> None:
    rows = session_of("two-layer-sigmoid", "goto 1", "level layer")
    columns = session_of("two-layer-sigmoid", "goto 1", "level layer", "notation")
    by_rows = plain(draw("step", rows.scene(), 80, 8)).splitlines()
    by_columns = plain(draw("step", columns.scene(), 80, 8)).splitlines()
    assert [word for word in by_rows[1].split() if "×" not in word] == ["Z", "X", "W"]
    assert [word for word in by_columns[1].split() if "×" not in word] == ["z", "W", "x"]
    assert "W (3×2)" in by_rows[1] and "W (2×3)" in by_columns[1]
    w = rows.tape.layers[0].matrix(rows.scene().record.value)
    first_row = numbers(by_columns[2])
    assert all(rows.scene().show(each) in first_row for each in w[:, 0])


def test_the_same_step_as_matrix_and_as_numbers() -> None:
    session = session_of("two-layer-sigmoid", "goto grad hidden.W[2,1]")
    scalar = plain(draw("step", session.scene(), 80, 6))
    index = session.index
    assert session.execute("form").kind == MOVED
    matrix = plain(draw("step", session.scene(), 80, 6))
    assert "dW (3×2)" in matrix and "Xᵀ (3×1)" in matrix and "dW" not in scalar
    assert session.index == index
    current = [
        t for line in draw("step", session.scene(), 80, 6) for t, r in line if "current" in r
    ]
    value = session.scene().record.gradient[session.tape.layers[0].w(1, 0)]
    assert session.scene().show(value) in [text.strip() for text in current]
    assert "·" in matrix, "what is not known yet"
    session.execute("form")
    assert plain(draw("step", session.scene(), 80, 6)) == scalar


def test_the_matrices_follow_the_notation() -> None:
    session = session_of("two-layer-sigmoid", "notation neurons", "goto 8")
    text = plain(draw("matrices", session.scene(), 80, 10))
    assert "z = W·x (2×1)" in text and "W (2×3)" in text and "X" not in text
    session.execute("goto grad hidden.W[2,1]")
    text = plain(draw("matrices", session.scene(), 80, 10))
    assert "dW = dz·xᵀ (2×3)" in text and "dx = Wᵀ·dz (3×1)" in text
    row = next(line for line in text.splitlines() if "►" in line)
    value = session.scene().show(session.scene().record.gradient[session.tape.layers[0].w(1, 0)])
    assert value in numbers(row), "the row of neuron 1 is in work"


def test_what_is_copied_is_what_the_step_pane_shows() -> None:
    session = session_of("two-layer-sigmoid", "goto grad hidden.W[2,1]", "form matrix")
    for commands in ([], ["level neuron", "form scalar"], ["level layer"]):
        for command in commands:
            session.execute(command)
        shown = plain(draw("step", session.scene(), 200, 60)).splitlines()[1:]
        copied = formula_text(session.scene())
        assert copied.splitlines() == shown[: len(copied.splitlines())]
        assert len(copied.splitlines()) > 2
    session.execute("goto hidden.p[1,1]")
    session.execute("level node")
    assert formula_text(session.scene()) == "p11 = w11·x1 = 0.50·2.00 = 1.00"


def test_the_path_says_where_the_step_is() -> None:
    session = session_of("two-layer-sigmoid", "goto grad hidden.W[1,2]")
    paths = []
    for command in ("form scalar", "out", "out"):
        session.execute(command)
        paths.append(plain(draw("step", session.scene(), 80, 6)).splitlines()[0].split(" ──")[0])
    assert paths == [
        "2 backward › hidden › neuron 2 › ∂L/∂w12",
        "2 backward › hidden › neuron 2",
        "2 backward › hidden",
    ]


@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize(
    "name, commands",
    [
        ("layer-forward", ["goto 8", "level layer"]),
        ("layer-backward", ["level layer", "last", "previous-phase", "previous-phase", "next"]),
        ("layer-update", ["level layer", "last"]),
        ("neuron-forward", ["goto 5", "level neuron"]),
        ("neuron-backward", ["goto grad hidden.W[1,2]", "out"]),
        ("opened-forward", ["goto hidden.a[1]", "into"]),
        ("opened-backward", ["goto grad hidden.z[1]", "into"]),
        ("matrix-node", ["goto grad hidden.W[2,2]", "form matrix"]),
        ("by-neurons", ["goto 8", "level layer", "notation neurons"]),
    ],
)
def test_level_golden(name: str, commands: list[str], size: str) -> None:
    """Written anew where NNHS_GOLDENS=write is set."""
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"), arithmetic="exact")
    for command in commands:
        session.execute(command)
    scene, sizes = session.scene(), SMALL if size == "80x24" else LARGE
    drawn = [plain([position(scene, int(size.split("x")[0]))])]
    drawn += [plain(draw(pane, scene, *room)) for pane, room in sizes.items()]
    text = "\n".join(drawn) + "\n"
    golden = GOLDENS / f"level-{name}-{size}.txt"
    if os.environ.get("NNHS_GOLDENS") == "write":
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert all(line_cells(line) <= 80 for line in draw("step", scene, 80, 6))


@pytest.mark.parametrize(("sizes", "is_written"), [((8, 8), True), ((5, 13), False)])
def test_a_matrix_is_written_out_up_to_sixty_four_numbers(
    sizes: tuple[int, int], is_written: bool
) -> None:
    """Of a larger one a line of `trace` says the shape."""
    session = Session(net(sizes))
    steps = level_steps(session.scene(), "layer")
    row = next(step for step in steps if step.phase == UPDATE)
    shape = f"({sizes[0]}×{sizes[1]})"
    assert (shape not in row.numbers) == is_written
    assert (len(re.findall(r"-?\d+\.\d+", row.numbers)) >= 3 * 64) == is_written
