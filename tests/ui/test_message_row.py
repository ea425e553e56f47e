"""The message row: no message loses what it is about."""

from __future__ import annotations

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.text.lines import Line, line_cells
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.message_row import MessageRow


def text_of(line: Line) -> str:
    return "".join(text for text, _ in line)


def rows(message: str, width: int) -> list[str]:
    row = MessageRow(has_row_above=lambda: True)
    row.say(message)
    return [text_of(row.above(width)), text_of(row.draw(width, 1)[0])]


def test_a_stop_on_another_level_says_why_in_whole_parts() -> None:
    """The reason stands in one row, the change of the level in the other, none torn apart."""
    session = Session(load(shipped_folder() / "three-samples.toml"))
    for command in ("break abs(hidden.z[1]) > 1", "level layer", "train until loss < 0.3"):
        message = session.execute(command).message
    assert rows(message, 80) == [
        "breakpoint 1: abs(hidden.z[1]) > 1, round 2;",
        "it is inside a layer, so this steps by nodes",
    ]


def test_a_part_too_long_for_a_row_goes_on_in_the_next() -> None:
    told = f"{'word ' * 20}end; short"
    above, below = rows(told, 80)
    assert f"{above} {below}" == told and len(above) <= 80


def test_a_refusal_in_two_parts_keeps_its_mark() -> None:
    row = MessageRow(has_row_above=lambda: True)
    row.refuse(f"{'a' * 30}; {'b' * 30}")
    above = row.above(40)
    assert text_of(above) == f"✗ {'a' * 30};" and line_cells(row.draw(40, 1)[0]) == 30
