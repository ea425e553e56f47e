"""Lines never leave their width, whatever a file puts into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.present.text.lines import (
    Canvas,
    cells,
    clip,
    fit,
    line_cells,
    run,
    title,
    window,
    wrap,
    wrap_prose,
)

texts = st.text(max_size=40)
widths = st.integers(1, 60)


def plain(line) -> str:
    return "".join(text for text, _ in line)


@given(st.lists(texts, max_size=4), widths)
def test_clipped_lines_fit(parts, width):
    line = tuple(run(part) for part in parts)
    clipped = clip(line, width)
    assert line_cells(clipped) <= width
    if line_cells(line) <= width:
        assert clipped == line
    else:
        assert plain(clipped).endswith("…")


@given(texts, widths)
def test_fitted_texts_have_exactly_their_width(text, width):
    text = run(text)[0]
    assert cells(fit(text, width)) == width
    assert cells(fit(text, width, right=True)) == width


@given(st.lists(st.sampled_from(["ab", "a", "abcdefgh", "∂L/∂w", "漢字"]), max_size=20), widths)
def test_wrapping_loses_no_word_and_keeps_the_width(words, width):
    width += 10
    line = (run(" ".join(words)),)
    wrapped = wrap(line, width, 2)
    assert all(line_cells(each) <= width for each in wrapped)
    assert " ".join(plain(each).strip() for each in wrapped).split() == words
    assert not any(plain(each).startswith(" ") for each in wrapped[:1])


@pytest.mark.parametrize("text", ["a\x1b[31mred", "a\nb", "\x07", "\x9b31m"])
def test_what_commands_a_terminal_is_escaped(text):
    drawn = run(text)[0]
    assert drawn.isprintable()
    canvas = Canvas(20, 1)
    canvas.write(0, 0, text)
    assert all(character.isprintable() for character in plain(canvas.lines()[0]))


def test_a_title_keeps_its_note_at_the_right_end():
    assert plain(title("1", "net", 24, "cols 1–2")) == "1 net ─────── cols 1–2 ─"


@given(st.integers(0, 50), st.integers(0, 20), st.integers(0, 49), st.integers(-60, 60))
def test_a_window_lies_inside_and_shows_the_hot_place(size, shown, hot, scroll):
    hot = min(hot, size - 1) if size else None
    start, stop = window(size, shown, hot)
    assert 0 <= start <= stop <= size
    assert stop - start == min(size, shown)
    if hot is not None and shown:
        assert start <= hot < stop
    scrolled = window(size, shown, hot, scroll)
    assert 0 <= scrolled[0] <= scrolled[1] <= size


def test_lines_join_where_they_meet():
    canvas = Canvas(5, 3)
    canvas.horizontal(1, 0, 1)
    canvas.arm(1, 2, left=True)
    canvas.vertical(2, 0, 2)
    canvas.arm(0, 2, left=False)
    canvas.arm(2, 2, left=False)
    canvas.horizontal(0, 3, 4)
    canvas.horizontal(2, 3, 4)
    assert [plain(line) for line in canvas.lines()] == ["  ┌──", "──┤", "  └──"]


def test_the_path_in_work_lies_over_the_other_lines():
    canvas = Canvas(3, 1)
    canvas.horizontal(0, 0, 2)
    canvas.horizontal(0, 1, 1, path=True)
    assert canvas.lines()[0] == (("─", "dim"), ("═", "path"), ("─", "dim"))


@pytest.mark.parametrize("width", range(16, 60))
def test_prose_is_not_broken_inside_a_formula_in_brackets(width: int) -> None:
    told = "its slope a(1 - a) is at most 0.25 (which is little), as (2/n)·(o - t) is not"
    rows = ["".join(text for text, _ in line) for line in wrap_prose(told, width)]
    assert " ".join(rows) == told
    assert (
        sum(row.count("(1 - a)") for row in rows) == sum(row.count("(o - t)") for row in rows) == 1
    )
