"""How wide the net is: as wide as what it says, the matrices whole beside it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.panes.widths import BESIDE, LEAST, USUAL, net_width
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
    assert LEAST <= first <= (USUAL if columns < 110 else max(columns // 2, columns - BESIDE[0]))
    for index in (0, session.schedule.total // 2, session.schedule.total - 1):
        session.cursor = session.at(index)
        assert net_width(session.scene(), columns) == first, "nothing jumps"


async def test_the_screen_is_laid_out_by_it() -> None:
    async with running(session_of("many-to-many"), (80, 24)) as terminal:
        assert "│ 0.20  1.30 -0.60│" in terminal.text
        await terminal.resize(130, 40)
        assert terminal.app.screen.query_one("#net").size.width >= 64
        await terminal.resize(80, 24)
        assert "│ 0.20  1.30 -0.60│" in terminal.text
