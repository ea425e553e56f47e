"""How wide the net is: as wide as what it says, the matrices whole beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.panes.tape_list import list_width
from nnhs_tui.present.panes.widths import LEAST, LEDGER, net_width
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.ui.terminal import running

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def session_of(name: str) -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"))


def text_of(name: str, session: Session, width: int, height: int) -> str:
    lines = draw(name, session.scene(), width, height)
    return "\n".join("".join(text for text, _ in line) for line in lines)


def test_three_by_three_is_whole_on_both_sides_at_80_columns() -> None:
    session = session_of("many-to-many")
    width = net_width(session.scene(), 80)
    for index in range(session.schedule.total):
        session.cursor = session.at(index)
        net = text_of("net", session, width, 10)
        assert all(node in net for node in ("(x1)", "(x3)", "(o3)", "(L)")), index
        matrices = text_of("matrices", session, 79 - width, 10)
        if session.scene().phase == "forward":
            assert "of 3×3" not in matrices and "of 1×3" not in matrices, matrices
            assert re.search(r"0\.20 +1\.30 +-0\.60", matrices)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@pytest.mark.parametrize("columns", [80, 100, 120, 160])
def test_the_net_takes_what_it_needs_and_leaves_the_rest(path: Path, columns: int) -> None:
    session = Session(load(path))
    first = net_width(session.scene(), columns)
    assert LEAST <= first <= columns - (33 if columns < 110 else LEDGER)
    for index in (0, session.schedule.total // 2, session.schedule.total - 1):
        session.cursor = session.at(index)
        assert net_width(session.scene(), columns) == first, "nothing jumps"


@pytest.mark.parametrize(("columns", "whole"), [(120, 5), (160, 5), (80, 2)])
def test_first_the_matrices_are_whole_where_the_net_is_a_bus_anyway(
    columns: int, whole: int
) -> None:
    """W of ten inputs and five neurons, beside a net with too many edges to be drawn each."""
    session = session_of("training-loop")
    width = columns - 1 - net_width(session.scene(), columns)
    text = text_of("matrices", session, width, 20)
    row = next(line for line in text.split("\n") if "-0.50  0.80" in line)
    assert len(re.findall(r"-?\d\.\d\d", row.partition("│")[2])) == whole
    assert ("[" in text.partition("W")[2].split("\n")[0]) == (whole < 5)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_larger_screen_shows_no_fewer_columns_of_a_matrix(path: Path) -> None:
    session = Session(load(path))
    if session.tape.is_graph:
        return
    # As the screen does it: the width is found out once, and every step is drawn in it.
    widths = [columns - 1 - net_width(session.scene(), columns) for columns in (80, 120, 160)]
    for index in range(0, session.schedule.total, 7):
        session.cursor = session.at(index)
        cut = [text_of("matrices", session, width, 20).count(" of 1×") for width in widths]
        assert cut == sorted(cut, reverse=True), (index, cut)


async def test_the_screen_is_laid_out_by_it() -> None:
    async with running(session_of("many-to-many"), (80, 24)) as terminal:
        assert "│ 0.20  1.30 -0.60│" in terminal.text
        await terminal.resize(130, 40)
        assert terminal.app.screen.query_one("#net").size.width >= 64
        await terminal.resize(80, 24)
        assert "│ 0.20  1.30 -0.60│" in terminal.text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_tape_has_its_headings_over_its_numbers_and_whole(path: Path) -> None:
    session = Session(load(path))
    if not session.tape.is_graph or session.tape.has_matrices:
        return
    session.execute("last")
    heading, *rows = text_of("matrices", session, list_width(session.scene()), 12).splitlines()
    assert heading.rstrip().endswith(" gradient")
    assert {len(row.rstrip()) for row in rows} == {len(heading.rstrip())}
