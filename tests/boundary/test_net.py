"""The net of the boundary against the debugger's own tape, finite differences, and its pictures."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.boundary.field import cell_of, edge_dots, outputs, point_of
from nnhs_tui.boundary.field import right as own_side
from nnhs_tui.boundary.net import ACTIVATIONS, BoundaryNet, Weights, scenario_text
from nnhs_tui.boundary.points import EDGE, KINDS, MOST, Points, make_points
from nnhs_tui.boundary.table import THREE, Table
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.present.boundary import boundary_svg, draw_panel, draw_told
from nnhs_tui.scenario.loading import from_text
from tests.effort import examples


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_epoch_is_a_round_of_the_debugger(activation: str) -> None:
    points = make_points("circle", 8, 3)
    net = BoundaryNet(3, activation, 3)
    session = Session(from_text(scenario_text(net, points, "t"), "boundary"))
    for number in range(3):
        assert net.loss(points) == pytest.approx(session.run.loss(number), rel=1e-9)
        session.run.round(number)
        net.train(points, 1)
        after = session.run.round(number).after
        mine = np.concatenate(
            [
                net.weights.hidden.ravel(), net.weights.hidden_bias,
                net.weights.output.ravel(), net.weights.output_bias,
            ]
        )  # fmt: skip
        assert sorted(mine.tolist()) == pytest.approx(sorted(after.tolist()), rel=1e-9, abs=1e-12)
    again = Session(from_text(scenario_text(net, points, "t"), "boundary"))
    assert again.run.loss(0) == pytest.approx(net.loss(points), rel=1e-12)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_an_update_goes_down_the_slope_of_the_loss(activation: str) -> None:
    """Each parameter's step is the learning rate times the central difference of the loss."""
    points, net = make_points("moons", 12, 1), BoundaryNet(4, activation, 1, rate=0.5)
    before = net.weights

    def loss(weights: Weights) -> float:
        other = BoundaryNet(4, activation, 1)
        other.weights = weights
        return other.loss(points)

    net.train(points, 1)
    h = 1e-5
    for name in ("hidden", "hidden_bias", "output", "output_bias"):
        own = getattr(before, name)
        for place in np.ndindex(own.shape):
            ends = []
            for sign in (h, -h):
                moved = own.copy()
                moved[place] += sign
                parts = {
                    each: getattr(before, each)
                    for each in ("hidden", "hidden_bias", "output", "output_bias")
                }
                ends.append(loss(Weights(**{**parts, name: moved})))
            slope = (ends[0] - ends[1]) / (2 * h)
            assert getattr(net.weights, name)[place] == pytest.approx(
                own[place] - 0.5 * slope, abs=1e-7
            )


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_in_the_square_the_same_for_a_seed_and_of_both_classes(kind: str) -> None:
    points = make_points(kind, 201, 5)
    again = make_points(kind, 201, 5)
    assert np.array_equal(points.x, again.x) and np.array_equal(points.t, again.t)
    assert not np.array_equal(points.x, make_points(kind, 201, 6).x)
    assert np.abs(points.x).max() <= EDGE and points.t.sum() == 100
    assert np.array_equal(points.x, np.round(points.x, 2))


@pytest.mark.second
def test_six_units_draw_the_circle_and_two_cannot() -> None:
    points = make_points("circle", 200, 0)
    right = []
    for units, activation in THREE:
        net = BoundaryNet(units, activation, 0)
        net.train(points, 1000)
        right.append(own_side(net, points))
        assert net.losses[-1] < net.losses[0] and len(net.losses) == net.epoch == 1000
    assert right[0] == 200 and right[2] >= 195 and right[1] < 185


def corners(net: BoundaryNet) -> float:
    """How sharply the line turns: the largest part of its turning that lies in one place."""
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    radii = []
    for angle in angles:
        low, high = 0.0, 1.2
        for _ in range(40):
            middle = (low + high) / 2
            at = np.array([[middle * np.cos(angle), middle * np.sin(angle)]])
            low, high = (middle, high) if net.output(at)[0] < 0.5 else (low, middle)
        radii.append(low)
    x, y = np.array(radii) * np.cos(angles), np.array(radii) * np.sin(angles)
    way = np.unwrap(np.arctan2(np.diff(y, append=y[:1]), np.diff(x, append=x[:1])))
    turning = np.abs(np.diff(way))
    return float(np.sort(turning)[-12:].sum() / turning.sum())


@pytest.mark.second
def test_with_tanh_the_line_is_smooth_and_with_relu_it_has_corners() -> None:
    points = make_points("circle", 200, 0)
    shares = {}
    for activation in ("tanh", "relu"):
        net = BoundaryNet(6, activation, 0)
        net.train(points, 1500)
        shares[activation] = corners(net)
    assert shares["relu"] > 2 * shares["tanh"], shares


def test_the_line_lies_between_outputs_on_both_sides() -> None:
    net = BoundaryNet(4, "tanh", 2)
    field = outputs(net, 30, 20)
    for row in range(20):
        for column in range(30):
            x, y = point_of(row, column, 30, 20)
            assert field[row, column] == pytest.approx(net.output(np.array([[x, y]]))[0])
            assert cell_of(x, y, 30, 20) == (row, column)
    dots = edge_dots(field)
    for row in range(20):
        for column in range(29):
            if (field[row, column] > 0.5) != (field[row, column + 1] > 0.5):
                assert dots[row, column]
    assert not edge_dots(np.full((4, 4), 0.9)).any()


@settings(max_examples=examples(40))
@given(
    st.sampled_from(list(KINDS)), st.integers(1, 16), st.sampled_from(ACTIVATIONS),
    st.integers(8, 120), st.integers(2, 40), st.booleans(), st.integers(0, 99),
)  # fmt: skip
def test_it_is_drawn_in_its_cells(
    kind: str, units: int, activation: str, width: int, height: int, has_dots: bool, seed: int
) -> None:
    table = Table(kind, units, activation, seed, 40)
    table.train(3)
    lines = draw_panel(table, table.net, width, height, has_dots=has_dots)
    assert len(lines) <= height and all(
        sum(len(text) for text, _ in line) <= width for line in lines
    )
    text = "".join(text for line in lines[1:] for text, _ in line)
    assert has_dots or text.isascii()
    told = draw_told(table, width, height, pace=10, is_playing=False)
    assert len(told) <= height


def test_points_are_added_carried_and_taken_away() -> None:
    table = Table(count=4)
    table.point(0.5, -0.5)
    table.add(1)
    assert len(table.points) == 5 and table.points.x[4].tolist() == [0.5, -0.5]
    table.grab()
    assert table.held == 4
    table.point(2.0, 0.25)
    assert table.points.x[4].tolist() == [1.0, 0.25], "it stays in the square"
    table.grab()
    table.point(0.0, 0.0)
    assert table.held is None and table.points.x[4].tolist() == [1.0, 0.25]
    table.point(1.0, 0.25)
    table.remove()
    assert len(table.points) == 4
    for _ in range(5):
        table.remove()
    assert len(table.points) == 1, "the last one stays"
    table.points = make_points("xor", MOST, 0)
    with pytest.raises(Refusal, match="1000 points already"):
        table.add(0)


def test_three_are_trained_on_the_same_points() -> None:
    table = Table(count=20)
    table.three()
    table.train(2)
    assert [(net.units, net.activation, net.epoch) for net in table.nets] == [
        (*each, 2) for each in THREE
    ]
    table.next_seed()
    assert {net.seed for net in table.nets} == {1} and {net.epoch for net in table.nets} == {0}
    table.three()
    assert not table.are_three
    kinds = [table.kind]
    for _ in KINDS:
        table.next_kind()
        kinds.append(table.kind)
    assert kinds[0] == kinds[-1] and len(set(kinds)) == len(KINDS)
    assert all(one != other for one, other in pairwise(kinds))


@pytest.mark.parametrize(
    "wrong", [{"kind": "square"}, {"activation": "softmax"}, {"units": 0}, {"units": 17}]
)
def test_what_there_is_not_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refusal, match="expected"):
        Table(**wrong)  # type: ignore[arg-type]


def test_the_picture_is_sound_and_has_every_point() -> None:
    table = Table(count=30)
    table.three()
    table.train(5)
    tree = ElementTree.fromstring(boundary_svg(table, "<!-- made here -->"))
    names = [each.tag.rpartition("}")[2] for each in tree.iter()]
    assert names.count("circle") == 3 * 15 and names.count("path") == 3 * 15 + 3
    assert names.count("text") == 3


def test_large_sums_neither_overflow_nor_warn() -> None:
    points = Points(np.array([[1.0, 1.0], [-1.0, -1.0]]), np.array([0.0, 1.0]))
    net = BoundaryNet(2, "relu", 0)
    big = np.full((2, 2), 500.0)
    net.weights = Weights(big, np.zeros(2), np.full((2, 1), 900.0), np.zeros(1))
    assert net.loss(points) > 1e5 and np.isfinite(net.output(points.x)).all()
    net.train(points, 3)
    assert np.isfinite(net.losses).all()
