"""The panes drawn for a server's viewers are those of the debugger's own screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.text.charset import ASCII, UNICODE
from nnhs_tui.present.text.lines import line_cells
from nnhs_tui.present.whole_screen import whole_screen
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.ui.test_main_screens import GOLDENS, SIZES, STEPS


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", STEPS)
def test_it_looks_as_the_debugger_does(name: str, size: tuple[int, int]) -> None:
    width, height = size
    session = Session(load(shipped_folder() / f"{name}.toml"))
    golden = (GOLDENS / f"{name}-{width}x{height}.txt").read_text("utf-8")
    screens = golden.removesuffix("\n").split(f"\n{'─' * width}\n")
    for step, screen in zip(STEPS[name], screens, strict=True):
        if session.execute(f"goto {step}").kind == "refused":
            session.execute("last")
        lines = whole_screen(session.scene(), width, height, UNICODE)
        drawn = ["".join(text for text, _ in line).rstrip() for line in lines]
        assert drawn == screen.split("\n")[: height - 1]


@given(st.integers(1, 150), st.integers(1, 50), st.sampled_from((UNICODE, ASCII)))
def test_it_fits_every_size(width: int, height: int, signs: str) -> None:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    session.execute("goto grad hidden.a[1]")
    lines = whole_screen(session.scene(), width, height, signs)
    assert len(lines) == max(1, height - 1)
    assert all(line_cells(line) <= width for line in lines)
