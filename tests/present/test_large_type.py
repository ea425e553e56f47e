"""Large type: every size shows the same pixels, and formulas are broken where they may be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.presenting.large_step import asked_next, draw_countdown, draw_large_step
from nnhs_tui.present.text.glyphs import HEIGHT, glyph, has_glyph
from nnhs_tui.present.text.large_type import (
    CONDENSED,
    DOUBLE,
    NORMAL,
    PLAIN,
    SIZES,
    Type,
    broken,
    fitting,
)
from nnhs_tui.present.text.lines import Line, cells, line_cells
from nnhs_tui.scenario.library import find
from nnhs_tui.scenario.loading import load
from tests.ui.examples import SHIPPED

SIGNS = (
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ+-−·×/÷=≈()[]{}.,:;'′²½∂σΣᵀ äöüß"
)
BLOCKS = {" ": 0, "▘": 1, "▝": 2, "▀": 3, "▖": 4, "▌": 5, "▞": 6, "▛": 7} | {
    **{"▗": 8, "▚": 9, "▐": 10, "▜": 11, "▄": 12, "▙": 13, "▟": 14, "█": 15}
}
"""Which quarters of its cell a block fills, as Unicode has it: 2580 to 259F."""


def pixels(type_: Type, text: str) -> list[str]:
    """What is drawn as pixels, read off by what Unicode says of each block."""
    rows = type_.draw(text)
    found: list[str] = []
    for row in rows:
        top = bottom = ""
        for sign in row[:: type_.copies]:
            quarters = BLOCKS.get(sign, 15 if sign == "#" else 0)
            top += "".join(".#"[quarters >> bit & 1] for bit in (0, 1))
            bottom += "".join(".#"[quarters >> bit & 1] for bit in (2, 3))
        # A pixel is a whole cell wide in all but the condensed type, a whole one high in two.
        step = 1 if type_.across == 2 else 2
        found += [top[::step], bottom[::step]] if type_.down == 2 else [top[::step]]
    return found


@pytest.mark.parametrize("type_", [DOUBLE, NORMAL, CONDENSED, PLAIN])
def test_every_size_shows_the_glyph(type_: Type) -> None:
    for sign in SIGNS:
        expected = ["".join(row) for row in glyph(sign)]
        found = [row[: len(expected[0])] for row in pixels(type_, sign)]
        assert found == expected, sign


def test_every_sign_has_an_even_number_of_columns() -> None:
    """In condensed type two of them share a cell."""
    assert {len(glyph(sign)[0]) % 2 for sign in (*SIGNS, "世", " ")} == {0}


def test_there_is_a_sign_for_all_that_formulas_are_made_of() -> None:
    assert [sign for sign in SIGNS if not has_glyph(sign)] == []
    assert not has_glyph("世")
    drawn = {sign: glyph(sign) for sign in SIGNS if sign not in " −'′"}
    assert len(set(drawn.values())) == len(drawn), "two signs look the same"


def test_every_scenario_s_formulas_can_be_drawn() -> None:
    for path in SHIPPED:
        session = Session(load(path))
        for index in range(0, session.total, 5):
            session.execute(f"goto {index + 1}")
            text = "".join(part for part, _ in asked_next(session.scene()))
            assert all(has_glyph(sign) for sign in text), text


OPERANDS, OPERATORS = st.sampled_from(["z1", "p11", "0.25", "∂L/∂w11"]), st.sampled_from("=+·≈")


@given(st.lists(st.tuples(OPERANDS, OPERATORS), max_size=6))
def test_a_broken_line_keeps_its_words_and_its_width(pairs: list[tuple[str, str]]) -> None:
    parts = [part for pair in pairs for part in pair]
    line: Line = ((" ".join(parts), "text"),)
    lines = broken(line, 60, NORMAL)
    assert lines is not None
    assert " ".join("".join(text for text, _ in each) for each in lines).split() == parts
    for each in lines:
        assert sum(NORMAL.width(text) for text, _ in each) <= 60
    # An operator stands before its operand, and ends no line but the last.
    for each in lines[:-1]:
        assert "".join(text for text, _ in each)[-1] not in "=+·≈"


def test_the_largest_size_that_fits_is_taken() -> None:
    line: Line = (("z = 1", "text"),)
    for width, height, rows in ((60, 10, 8), (30, 10, 4), (14, 10, 4), (60, 4, 4)):
        found = fitting([line], width, height, SIZES["unicode"])
        assert found is not None and len(found) == rows
        assert all(line_cells(each) <= width for each in found)
    assert fitting([line], 5, 10, SIZES["unicode"]) is None
    assert fitting([line], 60, 3, SIZES["unicode"]) is None


def session_at(step: int, name: str = "two-layer-sigmoid") -> Session:
    session = Session(load(find(name)))
    session.execute(f"goto {step}")
    return session


@pytest.mark.parametrize("signs", SIZES)
@pytest.mark.parametrize("size", [(120, 35), (80, 20), (40, 9), (200, 60)], ids=str)
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_step_never_leaves_its_pane(path: object, size: tuple[int, int], signs: str) -> None:
    session = Session(load(path))  # type: ignore[arg-type]
    width, height = size
    for index in range(0, session.total, max(11, session.total // 8)):
        session.execute(f"goto {index + 1}")
        for lines in (
            draw_large_step(session.scene(), width, height, (0, 0), SIZES[signs]),
            draw_countdown(session.scene(), width, height, 95, SIZES[signs]),
        ):
            assert len(lines) <= height
            assert all(sum(cells(text) for text, _ in line) <= width for line in lines)


def test_at_120_by_35_digits_are_several_cells_high() -> None:
    """Of the net that is shown most, in each phase: formula, numbers and result."""
    for step in (1, 4, 5, 14, 15, 21, 33, 46, 48):
        scene = session_at(step).scene()
        lines = draw_large_step(scene, 120, 33, (0, 0), SIZES["unicode"])
        text = "\n".join("".join(part for part, _ in line) for line in lines)
        zeros = [type_.draw("0") for type_ in (NORMAL, DOUBLE)]
        assert any(all(row.rstrip() in text for row in zero) for zero in zeros), step
    assert [len(zero) for zero in zeros] == [HEIGHT // 2, HEIGHT] == [4, 8]


def test_a_parameter_s_gradient_is_underlined_once() -> None:
    lines = draw_large_step(session_at(21).scene(), 120, 33, (0, 0), SIZES["unicode"])
    underlined = [y for y, line in enumerate(lines) if any("parameter" in role for _, role in line)]
    assert len(underlined) == 2, "the symbol and the result, in their last rows"


def test_the_task_is_the_next_step_without_its_numbers() -> None:
    session = session_at(4)
    (asked,) = asked_next(session.scene())
    assert asked[0] == "a1 = σ(z1) = ?"
    session.execute("last")
    assert asked_next(session.scene()) == ()


@pytest.mark.parametrize(
    ("seconds", "clock"), [(0, "0:00"), (5, "0:05"), (65, "1:05"), (600, "10:00")]
)
def test_the_clock_has_two_digits_for_the_seconds(seconds: int, clock: str) -> None:
    lines = draw_countdown(session_at(1).scene(), 60, 8, seconds, [])
    assert "".join(text for text, _ in lines[-1]) == clock
