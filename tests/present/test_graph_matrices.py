"""How a graph's matrices are told and drawn at all levels."""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.commands.panes import MATRICES, STEP
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.level_steps import LevelStep, level_steps
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.trace import scene_of_round, trace_json
from tests.autodiff.test_matrix_graphs import BATCH
from tests.random_scenarios import loaded


def session() -> Session:
    return Session(loaded(BATCH))


def rows(level: str) -> list[LevelStep]:
    return list(level_steps(scene_of_round(session(), 0), level))


def numbers(value: object) -> object:
    return [numbers(each) for each in value] if isinstance(value, list) else str(value)


def test_a_layer_is_the_matrix_equation_with_shapes() -> None:
    forward = rows("layer")[0]
    assert forward.name == "Z"
    assert forward.formula == "Z (2×1) = X (2×2) @ W (2×1) + b"
    assert forward.numbers.endswith("Z = [[0.00] [0.65]]")
    assert numbers(forward.value) == [["0.00"], ["0.65"]]


def test_a_neuron_is_an_entry_row_times_column() -> None:
    forward = rows("neuron")[1]
    assert forward.name == "Z[2,1]"
    assert forward.formula == ("Z.1[2,1] = X[2,1]·W[1,1] + X[2,2]·W[2,1]; Z[2,1] = Z.1[2,1] + b")
    assert forward.numbers.startswith("0.50·0.50 + (-1.00)·(-0.30) = 0.25 + 0.30 = 0.55")


def test_going_back_a_layer_sends_matrices() -> None:
    back = next(each for each in rows("layer") if each.name == "backward Z")
    assert back.formula == "from grad Z (2×1) back to grad X (2×2), grad W (2×1), grad b"
    assert "to W [[-0.05] [-0.41]]; to b 0.02" in back.numbers
    update = rows("layer")[-2]
    assert (update.name, numbers(update.value)) == ("new W", [["0.51"], ["-0.26"]])


def test_json_has_lists_of_rows_in_every_block() -> None:
    found = trace_json(session(), "node", 1)["rounds"][0]
    values, gradients = found["samples"][0]["values"], found["samples"][0]["gradients"]
    assert values["X"] == [[1.0, 2.0], [0.5, -1.0]]
    assert values["Z.1"] == [[-0.1], [0.55]]
    assert (values["b"], values["L"]) == (0.1, 0.35)
    assert gradients["W"] == found["accumulated"]["W"] == [[-0.05], [-0.41]]
    assert (found["before"]["W"], found["after"]["W"]) == ([[0.5], [-0.3]], [[0.51], [-0.26]])
    assert found["after"]["b"] == 0.1


def drawn(scene: Scene) -> str:
    return "\n".join(
        "".join(text for text, _ in line) for line in draw(MATRICES.name, scene, 80, 12)
    )


def test_the_pane_shows_the_nodes_matrix_and_its_gradient() -> None:
    scene = scene_of_round(session(), 0)
    schedule = scene.run.schedule
    forward = drawn(replace(scene, index=7))
    assert "matrices of Z, forward" in forward and "X (2×2)" in forward and "W (2×1)" in forward
    last = drawn(replace(scene, index=schedule.per_sample - 1))
    assert "grad Z (2×1)" in last and "grad W (2×1)" in last and "-0.41" in last
    update = drawn(replace(scene, index=schedule.total - 2))
    assert "new W (2×1)" in update and "0.51" in update


def test_the_step_begins_with_the_equation_at_the_level_of_layers() -> None:
    scene = replace(scene_of_round(session(), 0), index=7, level="layer")
    lines = ["".join(text for text, _ in line) for line in draw(STEP.name, scene, 80, 6)]
    assert lines[1] == "Z (2×1) = X (2×2) @ W (2×1) + b"
    assert lines[2].startswith("Z.1.p[1,1,1] = ")
    assert "more: J" in lines[0]
