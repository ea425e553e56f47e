"""The whole network: every edge by itself, its weight on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.naming.destinations import pointed_at
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.pictures.edges import NODE, Shape, geometry
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.text.lines import Line, cells, line_cells, what_of
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

SHIPPED = sorted(shipped_folder().glob("*.toml"))
WIDE = (96, 21)


def session_of(name: str = "two-layer-sigmoid", *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != "refused"
    return session


def drawn(session: Session, size: tuple[int, int] = WIDE, *, has_dots: bool = True) -> list[Line]:
    return draw("net", session.scene(), *size, has_dots=has_dots)


def text_of(lines: list[Line]) -> str:
    return "\n".join("".join(text for text, _ in line) for line in lines)


def has_edges(lines: list[Line]) -> bool:
    return any("⠀" < sign <= "⣿" for sign in text_of(lines))


def test_every_weight_stands_on_its_edge() -> None:
    text = text_of(drawn(session_of()))
    for weight in ("0.50", "-0.80", "1.30", "0.90", "-1.10", "0.30", "1.20", "1.90"):
        assert re.search(rf"(?<![\d.-]){re.escape(weight)}(?!\d)", text), weight
    assert "t 0.10" in text


def test_on_the_way_back_gradients_stand_under_weights_and_values() -> None:
    forward = text_of(drawn(session_of()))
    assert "0.14" not in forward and "∂" not in forward
    lines = drawn(session_of("two-layer-sigmoid", "last"))
    text = text_of(lines)
    for gradient in ("0.14", "0.21", "0.08", "0.05"):
        assert gradient in text
    assert "∂ 0.25←1.18" in text, "of z as well as of a"
    roles = {role for line in lines for text, role in line if text == "0.14"}
    assert roles and all("parameter" in role and "backward" in role for role in roles)


def test_the_edge_in_work_is_marked() -> None:
    lines = drawn(session_of("two-layer-sigmoid", "goto hidden.p[2,1]"))
    marked = [text for line in lines for text, role in line if role.split()[0] == "current"]
    assert "-0.80" in marked and "0.50" not in marked
    assert any(role.startswith("path") for line in lines for _, role in line)
    backward = drawn(session_of("two-layer-sigmoid", "goto grad hidden.W[2,1]"))
    assert any(role.startswith("path backward") for line in backward for _, role in line)


def test_an_update_shows_the_new_weight() -> None:
    session = session_of("two-layer-sigmoid", "goto new hidden.W[1,1]")
    assert "0.43" in text_of(drawn(session)) and "0.45" not in text_of(drawn(session))


def test_without_dots_or_room_the_edges_are_one_bus() -> None:
    session = session_of()
    assert has_edges(drawn(session))
    assert not has_edges(drawn(session, has_dots=False))
    assert not has_edges(drawn(session, (44, 10)))
    assert not has_edges(drawn(session_of("training-loop"), (160, 48)))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("size", [(60, 19), (80, 22), (160, 48)], ids=str)
def test_nothing_moves_from_step_to_step(path: Path, size: tuple[int, int]) -> None:
    """The same drawing at every step: where a node's name and an edge's dots stand."""
    session = Session(load(path))
    if session.tape.is_graph:
        return
    names = re.compile(r"\(\w[\w.]*\)")

    def places() -> object:
        lines = text_of(drawn(session, size)).split("\n")
        return [(row, found.start(), found[0]) for row, line in enumerate(lines[1:])
                for found in names.finditer(line)]  # fmt: skip

    first, was_edges = places(), has_edges(drawn(session, size))
    for index in range(0, session.schedule.total, max(1, session.schedule.total // 40)):
        session.cursor = session.at(index)
        lines = drawn(session, size)
        assert has_edges(lines) == was_edges
        assert len(lines) <= size[1] and all(line_cells(line) <= size[0] for line in lines)
        if was_edges:
            assert places() == first


@given(
    counts=st.lists(st.integers(1, 6), min_size=2, max_size=4),
    width=st.integers(10, 170),
    height=st.integers(3, 50),
    data=st.data(),
)
def test_no_label_lies_on_another_or_on_a_node(
    counts: list[int], width: int, height: int, data: st.DataObject
) -> None:
    sizes = [data.draw(st.integers(4, 14)) for _ in counts]
    labels = [data.draw(st.sampled_from([0, 4, 5, 8])) for _ in counts[1:]]
    found = geometry(Shape(tuple(counts), tuple(sizes), tuple(labels), width, height))
    if found is None:
        return
    taken: set[tuple[int, int]] = set()
    for left, size, tops in zip(found.lefts, sizes, found.tops, strict=True):
        assert left + size <= width
        for top in tops:
            box = {(top + y, left + x) for y in range(NODE) for x in range(size)}
            assert not box & taken and top >= 0 and top + NODE <= height
            taken |= box
    for (gap, _, _), (row, column, rows) in found.labels.items():
        size = labels[gap]
        box = {(row + y, column + x) for y in range(rows) for x in range(size)}
        assert not box & taken and row >= 0 and row + rows <= height
        taken |= box
    wanted = sum(a * b for a, b, label in zip(counts, counts[1:], labels, strict=False) if label)
    assert 2 * len(found.labels) >= wanted
    for edge, dots in found.edges.items():
        gap = edge[0]
        inside = range(found.lefts[gap] + sizes[gap], found.lefts[gap + 1])
        assert dots and all(column in inside and 0 <= row < height for row, column in dots)


def test_a_click_on_a_weight_or_its_gradient_runs_to_it() -> None:
    session = session_of("two-layer-sigmoid", "goto grad hidden.W[2,1]")
    told = {what_of(role) for line in drawn(session) for _, role in line}
    meant = {pointed_at(session.scene(), what) for what in told if what}
    assert {"run-to hidden.W[2,1]", "run-to grad hidden.W[2,1]"} <= meant


def test_what_differs_by_an_edit_has_its_star() -> None:
    session = session_of("two-layer-sigmoid", "edit hidden.W[2,1] 0.25")
    text = text_of(drawn(session))
    assert "*0.25" in text and max(map(cells, text.split("\n"))) <= WIDE[0]
