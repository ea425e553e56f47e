"""A whole net in view: a chain in rows, closer layers, how many nodes are left out."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.autodiff.schedule import FORWARD
from nnhs_tui.debugger.naming.destinations import pointed_at
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.pictures.chain import chain_places
from nnhs_tui.present.panes.pictures.edges import NODE
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.panes.widths import net_width
from nnhs_tui.present.selftest.picture import draw_picture
from nnhs_tui.present.text.lines import Line, cells, line_cells, what_of
from nnhs_tui.present.text.signs import spelled_line
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest.opening import setting_of_session, wanted
from nnhs_tui.selftest.selftest import SelfTest

SMALL = (44, 11)
CHAIN = "vanishing-gradient"
CHAIN_SIZES = [(44, 17), (60, 18), (80, 21), (96, 20), (160, 48)]


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != "refused", command
    return session


def drawn(session: Session, size: tuple[int, int], *, has_dots: bool = True) -> list[Line]:
    return draw("net", session.scene(), *size, has_dots=has_dots)


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def weights_of(session: Session) -> set[int]:
    layers = session.tape.layers
    return {node for each in layers for node in range(each.weights, each.weights + each.n * each.m)}


def weights_at(session: Session, lines: list[Line]) -> dict[int, tuple[int, int]]:
    """Where the weight of each id stands."""
    found, weights = {}, weights_of(session)
    for row, line in enumerate(lines):
        column = 0
        for text, role in line:
            kind, _, node = what_of(role).partition(":")
            if kind in ("value", "new") and int(node) in weights:
                found[int(node)] = (row, column)
            column += cells(text)
    return found


def lines_at(lines: list[Line]) -> set[tuple[int, int]]:
    """The cells through which a line goes."""
    return {
        (row, column)
        for row, text in enumerate(text_of(lines[1:]).split("\n"))
        for column, sign in enumerate(text)
        if sign in "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬►◄" or "⠀" < sign <= "⣿"
    }


# A chain


@pytest.mark.parametrize("has_dots", [True, False])
@pytest.mark.parametrize("size", CHAIN_SIZES, ids=str)
def test_a_chain_goes_on_in_the_next_row(size: tuple[int, int], has_dots: bool) -> None:
    session = session_of(CHAIN, "goto grad layer1.W[1,1]")
    lines = drawn(session, size, has_dots=has_dots)
    text = text_of(lines)
    assert all(node in text for node in ("(x1)", "(1.1)", "(2.1)", "(3.1)", "(4.1)", "(L)"))
    assert len(lines) <= size[1] and all(line_cells(line) <= size[0] for line in lines)
    if size[0] < 96 or has_dots:
        assert all(weight in text for weight in ("0.4000", "0.9000", "-0.8000", "1.2000")), text
        assert "0.1213←0.5100" in text and "t 0.1000" in text


def test_a_chain_that_is_too_long_for_its_pane_is_shown_around_the_cursor() -> None:
    text = text_of(drawn(session_of(CHAIN, "goto layer3.a[1]"), SMALL))
    assert "(3.1)" in text and "(L)" not in text and "0.4000" not in text


def test_a_chain_that_fits_is_drawn_in_one_row() -> None:
    lines = drawn(session_of("one-to-one"), SMALL, has_dots=False)
    rows = [row for row, line in enumerate(text_of(lines).split("\n")) if "(" in line]
    assert len(rows) == 1 and "0.70" not in text_of(lines), "as ever where there are no dots"


def test_the_edge_in_work_is_doubled_around_the_corner_and_points_its_way() -> None:
    forward = text_of(drawn(session_of(CHAIN, "goto layer3.p[1,1]"), (80, 21)))
    assert re.search(r"╔═+╝\n╚ -0\.8000 ► +\(3\.1\)", forward), forward
    backward = text_of(drawn(session_of(CHAIN, "goto grad layer3.W[1,1]"), (80, 21)))
    assert re.search(r"\(2\.1\) +◄╗", backward), backward
    lines = drawn(session_of(CHAIN, "goto layer3.p[1,1]"), (80, 21))
    marked = [text for line in lines for text, role in line if role.split()[0] == "current"]
    assert "-0.8000" in marked and "0.4000" not in marked


@given(
    sizes=st.lists(st.integers(3, 20), min_size=2, max_size=9),
    width=st.integers(1, 120),
    height=st.integers(1, 40),
    data=st.data(),
)
def test_nothing_of_a_chain_lies_on_another_part(
    sizes: list[int], width: int, height: int, data: st.DataObject
) -> None:
    labels = [data.draw(st.sampled_from([0, 4, 7])) for _ in sizes[1:]]
    found = chain_places(tuple(sizes), tuple(labels), width, height)
    if found is None:
        return
    boxes = [(at, NODE, size) for at, size in zip(found.nodes, sizes, strict=True)]
    boxes += [(at, 2, size) for at, size in zip(found.labels, labels, strict=True) if at]
    assert len(boxes) == len(sizes) + sum(map(bool, labels))
    taken: set[tuple[int, int]] = set()
    for (row, column), rows, size in boxes:
        box = {(row + y, column + x) for y in range(rows) for x in range(size)}
        assert not box & taken
        assert row >= 0 and column >= 0 and row + rows <= height and column + size <= width
        taken |= box
    for before, (row, column), size in zip(found.nodes, found.nodes[1:], sizes, strict=False):
        if row == before[0]:
            assert column > before[1] + size
        else:
            assert row == before[0] + NODE + 1 and before[1] + size + 2 <= width


# Nothing moves


@pytest.mark.parametrize(
    ("name", "size"),
    [
        (CHAIN, (80, 21)),
        (CHAIN, (160, 48)),
        ("two-layer-sigmoid", (60, 18)),
        ("two-layer-sigmoid", (96, 20)),
        ("three-samples", (96, 20)),
        ("many-to-many", (160, 48)),
    ],
    ids=str,
)
def test_lines_and_weights_keep_their_cells_at_every_step(name: str, size: tuple[int, int]) -> None:
    session = session_of(name)
    first = drawn(session, size)
    weights, lines_of = weights_at(session, first), {True: lines_at(first)}
    assert weights and lines_of[True]
    for index in range(session.schedule.total):
        session.cursor = session.at(index)
        now = drawn(session, size)
        assert weights_at(session, now) == weights, index
        # Going forward the lines go through the rows that gradients have later.
        is_first = session.scene().phase == FORWARD and session.scene().sample == 0
        lines = lines_of.setdefault(is_first, lines_at(now))
        assert lines_at(now) == lines and lines <= lines_of[True], index


def test_a_click_on_a_new_weight_runs_to_its_update() -> None:
    session = session_of("two-layer-sigmoid", "goto new hidden.W[1,1]")
    lines = drawn(session, (96, 20))
    new = [what_of(role) for line in lines for text, role in line if text == "0.43"]
    assert [pointed_at(session.scene(), what) for what in new] == ["run-to new hidden.W[1,1]"]
    old = [what_of(role) for line in lines for text, role in line if text == "-0.80"]
    assert [pointed_at(session.scene(), what) for what in old] == ["run-to hidden.W[2,1]"]


# What is left out


def test_the_drawing_says_how_many_nodes_are_left_out() -> None:
    first = text_of(drawn(session_of("training-loop"), SMALL))
    assert "⋮ 7 more" in first and "⋮ 2 more" in first and "(x3)" in first
    middle = text_of(drawn(session_of("training-loop", "goto hidden.p[6,1]"), SMALL))
    assert "⋮ 4↑ 3↓" in middle
    end = text_of(drawn(session_of("training-loop", "goto hidden.p[10,1]"), SMALL))
    assert "⋮ 7↑" in end
    assert "⋮" not in text_of(drawn(session_of("two-layer-sigmoid"), SMALL))
    line = next(
        line for line in drawn(session_of("training-loop"), SMALL) if "⋮" in text_of([line])
    )
    assert ": 7 more" in text_of([spelled_line(line, "ascii")])


@pytest.mark.parametrize("height", range(4, 40))
def test_all_nodes_are_either_seen_or_counted(height: int) -> None:
    """Where there is a row for it, which a pane of at least two nodes has."""
    text = text_of(drawn(session_of("given-gradient"), (44, height)))
    seen = len(re.findall(r"\(x\d+\)", text))
    counted = re.findall(r"⋮ (\d+) more", text)
    assert 1 <= seen <= 10
    if seen < 10 and height > 7:
        assert counted and seen + int(counted[0]) == 10, text


@pytest.mark.parametrize("command", ["edit hidden.W[2,1] 0.25", "digits 3"])
@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples"])
def test_with_wider_numbers_the_layers_move_closer(name: str, command: str) -> None:
    session = session_of(name, command)
    for index in range(0, session.schedule.total, 5):
        session.cursor = session.at(index)
        lines = drawn(session, SMALL)
        text = text_of(lines)
        assert all(each in text for each in ("(x1)", "(h1)", "(o1)", "(L)")), text
        assert all(line_cells(line) <= SMALL[0] for line in lines)


# What must not be told


def test_the_picture_of_a_self_test_has_no_weights() -> None:
    """At the update a new weight is what is asked."""
    test = SelfTest(wanted(setting_of_session(session_of(CHAIN)), []))
    weights = weights_of(test.session)
    for place in range(len(test.asks)):
        test.apply(f"go {place + 1}")
        lines = draw_picture(test, 80, 21)
        assert "(x1)" in text_of(lines) and "(L)" in text_of(lines)
        told = [what_of(role).partition(":") for line in lines for _, role in line]
        assert not {int(node) for kind, _, node in told if kind != "node" and node} & weights


# Biases


@pytest.mark.parametrize(
    ("size", "has_dots"), [((43, 10), True), ((67, 21), True), ((43, 10), False)]
)
def test_a_bias_stands_under_its_neuron_and_its_gradient_behind_it(
    size: tuple[int, int], has_dots: bool
) -> None:
    session = session_of("two-layer-bias", "goto grad output.b[1]")
    lines = drawn(session, size, has_dots=has_dots)
    scene, text = session.scene(), text_of(lines)
    for layer in session.tape.layers:
        assert layer.bias is not None
        for node in range(layer.bias, layer.bias + layer.m):
            assert f"b {scene.show(scene.record.value[node])}" in text
    gradients = [role for line in lines for text, role in line if text == "-0.10"]
    assert any("parameter" in role.split() for role in gradients) == (size[0] > 43)
    session.execute("goto new output.b[1]")
    new = text_of(drawn(session, size, has_dots=has_dots))
    node = session.names.id("output.b[1]")
    assert node is not None
    assert f"b {scene.show(scene.round.after[node])}" in new


def test_a_low_pane_or_a_self_test_has_no_row_for_biases() -> None:
    session = session_of("two-layer-bias", "goto new output.b[1]")
    assert "b " not in text_of(drawn(session, (43, 7)))
    test = SelfTest(wanted(setting_of_session(session_of("two-layer-bias")), []))
    assert "b " not in text_of(draw_picture(test, 80, 30)[1:])


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("name", ["matrix-product", "circle", "one-to-many", "many-to-many"])
def test_a_gradient_that_is_not_whole_yet_is_not_cut(name: str, columns: int) -> None:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    width = net_width(session.scene(), columns)
    seen = set()
    for index in range(min(session.schedule.total, 150)):
        session.cursor = session.at(index)
        for height in (9, 20):
            _, *lines = draw("net", session.scene(), width, height)
            text = "\n".join("".join(part for part, _ in line) for line in lines)
            assert not re.search(r"\d…|\.…", text), (index, text)
            seen |= set(re.findall(r"\d\+", text))
    assert seen
