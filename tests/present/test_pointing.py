"""What lies where in a picture: what a click goes to, and what keys choose."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnhs_tui.debugger.naming.destinations import pointed_at
from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.table import draw, move_marker
from nnhs_tui.present.text.lines import Line, cells, standing_for, unsigned, what_at
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != REFUSED, command
    return session


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def signed(lines: list[Line]) -> list[tuple[str, str]]:
    """(text, what it stands for) of every run that stands for something, by its place."""
    found = []
    for line in lines:
        column = 0
        for text, _ in line:
            if what := what_at(line, column):
                found.append((text.strip(), what))
            column += cells(text)
    return found


def test_what_a_text_stands_for_is_no_part_of_its_looks() -> None:
    line: Line = (("a", "text"), ("b", standing_for("text changed", "value:3") + " current"))
    assert [what_at(line, column) for column in range(3)] == ["", "value:3", ""]
    assert unsigned(line) == (("a", "text"), ("b", "text changed current"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("pane", ["net", "matrices", "gradients"])
def test_every_number_in_a_picture_is_the_one_it_stands_for(path: Path, pane: str) -> None:
    session, other = (session_of(path.stem, "level node") for _ in range(2))
    checked = 0
    for index in range(0, session.total, max(1, session.total // 9)):
        session.execute(f"goto {index + 1}")
        scene = session.scene()
        signs = signed(draw(pane, scene, 80, 14))
        for text, what in signs:
            found = re.fullmatch(r"(?:∂ ?)?(-?\d+\.\d+)", text)
            kind, _, node = what.partition(":")
            if not found or kind not in ("value", "grad") or pane == "gradients":
                continue
            of = scene.gradient(int(node)).current if kind == "grad" else scene.value(int(node))
            if not is_of_round(scene, text, int(node)):
                assert found[1] == scene.show(of), (index, text, what)
            checked += 1
        commands = {pointed_at(scene, what): what for _, what in signs}
        for command, what in commands.items():
            other.execute("round 1")
            other.execute(f"goto {index + 1}")
            assert (other.round, other.index) == (session.round, index)
            assert command and other.execute(command).kind != REFUSED, (index, what, command)
    assert checked or pane == "gradients"


def is_of_round(scene: Scene, text: str, node: int) -> bool:
    """Whether it is the loss of the round, which the net shows in the update."""
    loss = scene.run.tape.loss
    return loss is not None and node == loss.total and text == scene.show(scene.loss)


def test_a_node_is_reached_in_the_way_of_its_phase() -> None:
    session = session_of("three-samples", "goto 40")
    a = session.names.id("hidden.a[1]")
    assert pointed_at(session.scene(), f"node:{a}") == "run-to hidden.a[1]"
    session.execute("goto 50")
    assert pointed_at(session.scene(), f"node:{a}") == "run-to grad hidden.a[1]"
    assert pointed_at(session.scene(), f"value:{a}") == "run-to hidden.a[1]"
    outcome = session.execute("run-to grad hidden.a[1]")
    assert outcome.message == f"step {session.index + 1}: grad hidden.a[1]"
    assert session.schedule.step(session.index).sample == 1
    session.execute("last")
    assert pointed_at(session.scene(), "node:0") == "run-to new hidden.W[1,1]"
    graph = session_of("chain-rule", "last")
    assert pointed_at(graph.scene(), "step:0") == "run-to 1"
    loss = session.tape.loss.total
    assert pointed_at(session_of("three-samples").scene(), f"value:{loss}") == (
        "run-to sample 1: loss"
    )


def test_keys_choose_one_node_after_the_other_and_it_reads_without_colours() -> None:
    session = session_of("three-samples")
    scene = session.scene()
    marker = None
    seen = []
    for by in [(1, 0), (0, 1), (-1, 0), (0, 1), (0, 1), (0, 1), (1, 0), (0, -9)]:
        marker = move_marker("net", scene, 44, 10, marker, by)
        assert marker is not None
        text = text_of(draw("net", scene, 44, 10, (0, 0), marker))
        seen += re.findall(r">(\w+)<", text)
    assert seen == ["h2", "o1", "o1", "L", "L", "L", "L", "x1"]
    plain = text_of(draw("net", scene, 44, 10))
    assert text_of(draw("net", scene, 44, 10, (0, 0), marker)).replace(">x1<", "(x1)") == plain


def test_a_graph_s_nodes_are_chosen_too() -> None:
    session = session_of("chain-rule")
    scene = session.scene()
    names = set()
    marker = None
    for by in [(0, -9), (-9, 0), (1, 0), (0, 1), (-1, 0), (0, 1)]:
        marker = move_marker("net", scene, 80, 12, marker, by)
        names.add(session.names.name(marker))
        assert re.search(r">\S+<", text_of(draw("net", scene, 80, 12, (0, 0), marker)))
    assert names == {"w", "z", "y", "o", "f"}


def test_the_chosen_node_of_a_large_layer_comes_into_view() -> None:
    session = session_of("many-to-many")
    scene = session.scene()
    marker = None
    for _ in range(4):
        marker = move_marker("net", scene, 40, 4, marker, (1, 0))
        assert ">" in text_of(draw("net", scene, 40, 4, (0, 0), marker))


def test_the_timeline_says_which_step_is_where() -> None:
    session = session_of("two-layer-sigmoid", "break backward", "goto 3")
    scene = session.scene()
    (line,) = draw("timeline", scene, 80, 1)
    text = text_of([line])
    assert text.count("◆") == 1
    assert what_at(line, text.index("◆")) == f"step:{scene.stops[0]}"
    assert what_at(line, text.index("update") + 1) == f"step:{session.schedule.update_start(0)}"
    steps = [int(what.partition(":")[2]) for _, what in signed([line])]
    assert steps == sorted(steps) and steps[0] == 0
    assert abs(steps[-1] - session.total) < session.total / 10
    assert what_at(line, 0) == ""


@pytest.mark.parametrize("height", [1, 22])
@pytest.mark.parametrize("width", [30, 80, 160])
@pytest.mark.parametrize("name", ["three-samples", "sigmoid-circuit", "two-layer-bias"])
def test_the_marker_s_cell_on_the_timeline_stands_for_its_step(
    name: str, width: int, height: int
) -> None:
    """So Enter and a click on the same cell go to the same step; H and L pass every cell."""
    session = session_of(name)
    scene = session.scene()
    marker: int | None = 0
    passed = []
    while marker is not None:
        lines = draw("timeline", scene, width, height, (0, 0), marker)
        line = next(line for line in lines if "▼" in text_of([line]))
        assert what_at(line, cells(text_of([line]).partition("▼")[0])) == f"step:{marker}"
        passed.append(marker)
        further = move_marker("timeline", scene, width, height, marker, (0, 1))
        marker = further if further != marker else None
    assert passed == sorted(set(passed)) and passed[-1] == session.total - 1
    starts = [start for start, _, _ in session.schedule.phases()]
    assert set(starts) <= set(passed)
    if width == 160 and height == 22:
        assert passed == list(range(session.total)), "there is a cell for every step"
    back = move_marker("timeline", scene, width, height, session.total - 1, (-1, 0))
    assert back == starts[-1]
    assert move_marker("timeline", scene, width, height, 0, (0, -1)) == 0


def test_the_timeline_tells_breakpoints_conditions_watches_and_updates_apart() -> None:
    session = session_of(
        "three-samples", "break output.z[1]", "break grad hidden.W[1,2] < 1", "watch hidden.z[2]"
    )
    text = text_of(draw("timeline", session.scene(), 160, 1))
    assert (text.count("◆"), text.count("◇"), text.count("Δ")) == (3, 1, 3)
    assert text.partition("update ")[2].strip("› ") == "◇"
    session.execute("last")
    text = text_of(draw("timeline", session.scene(), 160, 1))
    assert "»»" in text and "›" not in text.partition("●")[0]
    session.execute("disable all")
    session.execute("watch hidden.z[2]")
    assert not set("◆◇Δ") & set(text_of(draw("timeline", session.scene(), 160, 1)))


def test_a_zoomed_timeline_has_a_row_for_every_phase_and_names_its_layers() -> None:
    session = session_of("three-samples", "goto 40")
    lines = draw("timeline", session.scene(), 80, 22)
    text = text_of(lines)
    for sample in "123":
        assert f"{sample} forward" in text and f"{sample} backward" in text
    assert "update" in text and "►2 forward" in text and "37–49" in text
    assert text.count("╵hidden") == 7 and "condition" in text
    ends = draw("timeline", session.scene(), 80, 5)
    assert "phases 2–5 of 7" in text_of(ends) or "phases 1–4 of 7" in text_of(ends)


def test_what_does_not_fit_on_the_timeline_is_behind_its_ends() -> None:
    session = session_of("three-samples")
    scene = session.scene()
    (line,) = draw("timeline", scene, 80, 1)
    text = text_of([line])
    assert text.rstrip().endswith("…") and "update" not in text
    kind, _, by = what_at(line, text.rindex("…")).partition(":")
    assert kind == "scroll"
    (line,) = draw("timeline", scene, 80, 1, (0, int(by)))
    text = text_of([line])
    assert "update" in text and "1 forward" not in text
    assert int(what_at(line, text.index("…")).partition(":")[2]) < 0


def test_a_row_of_the_gradients_stands_for_its_gradient_and_its_update() -> None:
    session = session_of("three-samples", "goto 30")
    scene = session.scene()
    lines = draw("gradients", scene, 80, 8)
    line = next(line for line in lines if "hidden.W[2,1]" in text_of([line]))
    node = session.names.id("hidden.W[2,1]")
    assert {what_at(line, column) for column in range(40)} == {f"grad:{node}"}
    assert what_at(line, 78) == f"new:{node}"
    session.execute(pointed_at(scene, f"grad:{node}"))
    assert value_at(session.scene(), session.quantity("")) is not None
    assert session.schedule.step(session.index).target == node
    assert UNKNOWN in text_of([line])
