"""The net as circles and lines: what is on it, where it stands, and what a reader must not see."""

from __future__ import annotations

import re
import xml.etree.ElementTree as Tree
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.diagrams.as_svg import diagram_svg
from nnhs_tui.present.diagrams.net import net_diagram
from nnhs_tui.present.diagrams.shapes import Box, Diagram
from nnhs_tui.present.text.svg import MADE_HERE, Pen
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.worksheet.drawing import diagram
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

SHIPPED = sorted(shipped_folder().glob("*.toml"))
SIZE = (100, 30)


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != "refused", command
    return session


def drawn(session: Session) -> Diagram:
    return net_diagram(session.scene(), *SIZE)


def texts(diagram: Diagram) -> list[str]:
    return [text.text for text in diagram.texts]


def black(role: str) -> Pen:
    return Pen("#000", "#fff", underline="parameter" in role.split())


def disc_boxes(diagram: Diagram) -> list[Box]:
    return list(Diagram(0, 0, discs=diagram.discs).boxes())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_nothing_lies_outside_and_no_circle_on_another(path: Path) -> None:
    session = Session(load(path))
    for index in {0, session.total // 2, session.total - 1}:
        session.cursor = session.at(index)
        now = drawn(session)
        for box in now.boxes():
            assert box.left >= -0.5 and box.right <= now.width + 0.5, box
            assert box.top >= -0.5 and box.bottom <= now.height + 0.5, box
        assert not any(a.meets(b) for a, b in combinations(disc_boxes(now), 2))


def test_every_weight_and_every_gradient_stand_on_their_line() -> None:
    session = session_of("two-layer-sigmoid", "goto new hidden.W[1,1]", "back")
    scene, now = session.scene(), drawn(session)
    found = [text for text in now.texts if text.on_line]
    gradients = [text.text for text in found if "parameter" in text.role.split()]
    parameters = range(session.tape.parameters)
    assert gradients == [scene.show(scene.record.gradient[node]) for node in parameters]
    weights = [text.text for text in found if "backward" not in text.role.split()]
    for node in parameters:
        assert scene.show(scene.record.value[node]) in weights
    for weight, gradient in pairwise(found):
        if "parameter" in gradient.role.split():
            assert gradient.x == weight.x and gradient.y > weight.y
    assert {"z -0.75", "a 0.32", "∂z 0.07  ∂a 0.30", "t 0.10"} <= set(texts(now))


def test_a_bias_stands_below_its_circle_with_its_gradient() -> None:
    session = session_of("two-layer-bias", "goto new hidden.W[1,1]", "back")
    scene, now = session.scene(), drawn(session)
    for layer in session.tape.layers:
        assert layer.bias is not None
        for node in range(layer.bias, layer.bias + layer.m):
            assert f"b {scene.show(scene.record.value[node])}" in texts(now)
            assert scene.show(scene.record.gradient[node]) in texts(now)


@pytest.mark.parametrize("command", ["draw layers", "draw nodes"])
def test_the_line_in_work_is_thick_and_has_its_head_where_it_leads(command: str) -> None:
    session = session_of("two-layer-sigmoid", command, "goto hidden.p[2,1]")
    (forward, *_) = [edge for edge in drawn(session).edges if edge.is_hot]
    assert session.scene().phase == FORWARD and not forward.is_backward
    session.execute("goto grad hidden.W[2,1]")
    assert session.scene().phase == BACKWARD
    (backward,) = [edge for edge in drawn(session).edges if edge.is_hot]
    for edge, tip in ((forward, max(forward.points)), (backward, min(backward.points))):
        now = Diagram(500, 500, edges=[edge])
        root = Tree.fromstring(diagram_svg(now, black, "t"))
        (head,) = root.findall("{*}polygon")
        first = tuple(map(float, head.attrib["points"].split()[0].split(",")))
        assert first == pytest.approx(tip, abs=0.1)


def test_no_weight_stands_where_a_circle_or_another_weight_is() -> None:
    for name in ("two-layer-sigmoid", "many-to-many", "two-layer-bias", "softmax-cross-entropy"):
        now = drawn(session_of(name, "last"))
        on_line = [text.box for text in now.texts if text.on_line]
        assert not any(a.meets(b) for a in on_line for b in disc_boxes(now)), name


def test_a_long_layer_says_how_many_are_left_out() -> None:
    ones, column = ", ".join(["1.0"] * 20), ", ".join(["[0.5]"] * 20)
    wide = (
        f"title = 't'\n[loss]\nkind = 'mse'\n[network]\ninputs = 20\n[[network.layers]]\n"
        f"weights = [{column}]\n[[samples]]\nx = [{ones}]\nt = [1.0]\n"
    )
    now = drawn(Session(loaded(wide)))
    assert "⋮ 8 more" in texts(now)


@settings(max_examples=examples(40))
@given(scenarios(), st.integers(0, 2**16), st.booleans())
def test_random_nets_are_drawn_at_every_step(text: str, place: int, as_nodes: bool) -> None:
    session = Session(loaded(text))
    if as_nodes:
        session.execute("draw nodes")
    session.execute(f"goto {place % session.total + 1}")
    now = drawn(session)
    root = Tree.fromstring(diagram_svg(now, black, "a < b & c"))
    title = root.find("{*}title")
    assert title is not None and title.text == "a < b & c"
    assert len(root.findall(".//{*}text")) == len(now.texts)


# On a sheet


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_sheet_s_drawing_has_what_is_given_and_nothing_that_is_asked(path: Path) -> None:
    session = Session(load(path))
    now = diagram(session)
    if session.tape.has_matrices and now is None:
        return  # All the operations of a matrix may be too many to draw.
    assert now is not None
    assert not any(edge.is_hot for edge in now.edges) and not any(d.is_hot for d in now.discs)
    scene, tape = session.scene(), session.tape
    given = {scene.show(scene.record.value[node]) for node in range(tape.leaves)}
    numbers = {each for text in texts(now) for each in re.findall(r"-?\d+\.\d{2,}", text)}
    assert numbers <= given
    assert not any("∂" in text for text in texts(now))


def test_one_can_write_z_and_a_into_the_circles_of_a_small_net() -> None:
    now = diagram(session_of("two-layer-sigmoid"))
    assert now is not None
    assert texts(now).count("z") == texts(now).count("a") == 3
    # 760 pixels are as wide as a page of A4 between its margins, 180 mm.
    assert all(2 * disc.half_width * 180 / 760 >= 15 for disc in now.discs)


# The command


def test_the_command_draws_the_net_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = tmp_path / "net.svg"
    order = ["picture", "two-layer-sigmoid", "--net", "--at", "grad hidden.W[2,1]"]
    assert main([*order, "--output", str(there)]) == 0
    root = Tree.fromstring(there.read_text())
    read = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "-0.80" in read and "0.21" in read and "step" not in " ".join(map(str, read))
    assert len(root.findall("{*}rect")) > 7, "a circle for each node"
    # It is known as a picture of ours, which may be drawn over.
    assert MADE_HERE in there.read_text()
    assert main([*order, "--output", str(there), "--theme", "dark"]) == 0
    assert main([*order, "--run", "draw nodes"]) == 0
    assert "(o-t)²" in capsys.readouterr().out
