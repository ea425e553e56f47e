"""A scenario's network over the plane: what it says there, and which networks have a boundary."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest

from nnhs_tui.boundary.field import edge_dots, outputs
from nnhs_tui.boundary.plane import Plane, edge_of, has_boundary, points_of
from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.slider import RATE_PLACE, Slider
from nnhs_tui.present.slider import draw_slider_told
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.web.page import page

LINE = """
title = "line"
[network]
inputs = 2
[[network.layers]]
name = "output"
activation = "{activation}"
weights = [[1.0], [{weight}]]
bias = [0.5]
[[samples]]
x = [1.0, 0.0]
t = [{target}]
[[samples]]
x = [-2.0, 0.0]
t = [0]
[loss]
kind = "mse"
[training]
learning_rate = 0.1
"""


def circle() -> Session:
    return Session(load(shipped_folder() / "circle.toml"), arithmetic="exact")


def line(activation: str = "sigmoid", weight: str = "2.0", target: str = "1") -> Session:
    text = LINE.format(activation=activation, weight=weight, target=target)
    return Session(from_text(text, "line.toml"), arithmetic="exact")


def test_it_says_at_a_sample_what_the_steps_say() -> None:
    session = circle()
    points = points_of(session.run, 0)
    said = Plane(session.tape, session.run.parameters(0)).output(points.x)
    for place, sample in enumerate(session.scenario.samples):
        output = session.run.record(0, place).value[session.tape.outputs[0]]
        assert said[place] == pytest.approx(float(output), rel=1e-12)
        assert points.x[place].tolist() == [float(each) for each in sample.x]


@pytest.mark.parametrize("hidden", ["z ** 2 - 1", "max(z, 0.1*z)", "gelu"])
def test_it_goes_through_activations_of_every_kind(hidden: str) -> None:
    layer = f"""[[network.layers]]
name = "hidden"
weights = [[1, -0.5], [0.5, 2]]
activation = "{hidden}"
[[network.layers]]
name = "output\""""
    text = LINE.format(activation="sigmoid", weight="2", target="1")
    text = text.replace('[[network.layers]]\nname = "output"', layer)
    session = Session(from_text(text, "line.toml"), arithmetic="exact")
    points = points_of(session.run, 0)
    said = Plane(session.tape, session.run.parameters(0)).output(points.x)
    for place in range(2):
        output = session.run.record(0, place).value[session.tape.outputs[0]]
        assert said[place] == pytest.approx(float(output), rel=1e-12)


def test_its_line_is_where_the_sum_is_0() -> None:
    session = line()
    plane = Plane(session.tape, session.run.parameters(0))
    x1 = np.linspace(-2, 2, 9)
    on = plane.output(np.column_stack([x1, (-0.5 - x1) / 2]))
    assert on == pytest.approx(np.full(9, 0.5))
    assert edge_of(points_of(session.run, 0)) == 2.5
    rows, columns = np.nonzero(edge_dots(outputs(plane, 100, 100, 2.5)))
    x, y = (columns + 0.5) / 20 - 2.5, 2.5 - (rows + 0.5) / 20
    assert len(x) >= 100 and abs(x + 2 * y + 0.5).max() <= 0.15


@pytest.mark.parametrize(
    ("session", "is_there"),
    [
        (line(), True),
        (line("tanh"), False),
        (line(target="0.8"), False),
        (Session(load(shipped_folder() / "two-layer-sigmoid.toml")), False),
        (Session(load(shipped_folder() / "sigmoid-circuit.toml")), False),
        (Session(load(shipped_folder() / "three-samples.toml")), False),
    ],
)
def test_two_classes_in_the_plane_have_a_boundary(session: Session, is_there: bool) -> None:
    assert has_boundary(session.tape) == is_there
    session.execute("level layer")
    assert ("<figure>" in page(session, 1, "layer")) == is_there


def test_an_edited_sample_lies_where_it_was_put() -> None:
    session = circle()
    assert session.execute("edit x1 = -0.75").kind != REFUSED
    assert points_of(session.run, 0).x[0].tolist() == [-0.75, 0.1]


def drawn(slider: Slider, height: int = 22) -> list[str]:
    told = draw_slider_told(slider, 34, height)
    lines = ["".join(text for text, _ in each) for each in told]
    return next((lines[k:] for k, each in enumerate(lines) if "the boundary" in each), [])


def test_the_slider_has_the_boundary_of_what_is_moved() -> None:
    session = circle()
    slider = Slider(session)
    first = drawn(slider)
    slider.move(-25)
    moved = drawn(slider)
    assert moved != first
    session.execute(slider.command)
    assert drawn(Slider(session)) == moved, "it is that of the edited network"
    assert not drawn(slider, 15), "there is no room for it"


def test_of_the_learning_rate_it_is_the_boundary_after_the_update() -> None:
    session = circle()
    slider = Slider(session, RATE_PLACE)
    np.testing.assert_allclose(slider.parameters, session.run.parameters(1).astype(float))
    slider.move(-100)
    session.execute("edit lr = 0.3")
    slider = Slider(session, RATE_PLACE)
    np.testing.assert_allclose(slider.parameters, session.run.parameters(1).astype(float))


def test_a_page_has_the_boundary_at_first_and_at_last() -> None:
    session = circle()
    text = page(session, 3, "layer")
    picture = text[text.index("<svg") : text.index("</svg>") + 6]
    tree = ElementTree.fromstring(picture)
    told = [each.text for each in tree.iter("text")]
    points = points_of(session.run, 0)
    says = [Plane(session.tape, session.run.parameters(k)).output(points.x) > 0.5 for k in (0, 2)]
    right = [int((each == points.t).sum()) for each in says]
    assert told == [f"round 1: {right[0]} of 8 right", f"round 3: {right[1]} of 8 right"]
    assert len(list(tree.iter("circle"))) == 2 * 4
    assert len(picture) < 150_000
