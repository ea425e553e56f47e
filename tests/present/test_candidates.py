"""The row above a command line: how it may go on."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.naming.completion import candidates
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.candidates import draw_candidates
from nnhs_tui.present.text.lines import line_cells
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load


def drawn(line: str, width: int = 79) -> str:
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    found = draw_candidates(line, candidates(session, line), None, width)
    assert line_cells(found) <= width
    return "".join(text for text, _ in found)


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("train ", " ROUNDS or until loss < VALUE  Tab  until loss <"),
        ("goto ", " STEP|QUANTITY  Tab"),
        ("break ", " WHERE or CONDITION  Tab"),
    ],
)
def test_what_a_command_wants_stands_before_the_examples(line: str, wanted: str) -> None:
    assert drawn(line).startswith(wanted)


def test_once_something_is_typed_the_candidates_have_the_room() -> None:
    assert drawn("train u").startswith("Tab  until loss <")
    assert drawn("goto hidden.z").startswith("Tab  hidden.z[1]")
    assert drawn("nothing ").strip() == "Esc leaves"


def test_it_fits_a_small_screen() -> None:
    for width in (20, 39):
        for line in ("train ", "goto ", "test ", "edit "):
            drawn(line, width)
