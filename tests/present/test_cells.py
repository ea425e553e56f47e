"""Columns of a text, beside the widths that others measure."""

from __future__ import annotations

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth, wcwidth

from nnhs_tui.characters import is_plain, printable
from nnhs_tui.present.text.cells import cells, clusters, width_of
from nnhs_tui.present.text.lines import Canvas, clip_text, fit, wrap
from tests.hostile import HOSTILE, LEGITIMATE

TEXTS = st.text(
    st.sampled_from([*HOSTILE, *"".join(LEGITIMATE.values())]) | st.characters(), max_size=20
).map(printable)
HALF_A_FLAG = range(0x1F1E6, 0x1F200)
"""Counted as two columns by some, and as one by others; two of them are two columns to all."""


def on_pyte(text: str) -> int:
    """The column of pyte's cursor behind a text."""
    screen = pyte.Screen(200, 1)
    pyte.Stream(screen).feed(text)
    return screen.cursor.x


@pytest.mark.slow
def test_every_character_is_as_wide_as_others_measure_it() -> None:
    for code in range(0x110000):
        character = chr(code)
        if is_plain(character) and code not in HALF_A_FLAG:
            assert width_of(character) == wcwidth(character), ascii(character)


@pytest.mark.parametrize("text", LEGITIMATE.values(), ids=LEGITIMATE)
def test_what_people_write_is_as_wide_as_others_agree(text: str) -> None:
    alone, whole = sum(max(0, wcwidth(each)) for each in text), wcswidth(text)
    if alone == whole == on_pyte(text):
        assert cells(text) == whole
    assert sum(width for _, width in clusters(text)) == cells(text)


@pytest.mark.parametrize(
    ("text", "wide"),
    [
        *(("\U0001f468\u200d\U0001f469\u200d\U0001f467", 2), ("\U0001f1e9\U0001f1ea", 2)),
        *(("\U0001f44d\U0001f3fd", 2), ("1\ufe0f\u20e3", 2), ("\u2764\ufe0f", 2), ("\u2764", 1)),
        *(("\U0001f3f3\ufe0f\u200d\U0001f308", 2), ("e\u0301\u0302", 1), ("각", 2)),
    ],
)  # fmt: skip
def test_what_is_drawn_together_has_the_room_of_one(text: str, wide: int) -> None:
    assert clusters(text) == ((text, wide),)
    assert wcswidth(text) == wide


@given(TEXTS, st.integers(0, 12))
def test_a_text_is_cut_and_filled_between_what_is_drawn_together(text: str, width: int) -> None:
    assert "".join(each for each, _ in clusters(text)) == text
    assert cells(text) == sum(wide for _, wide in clusters(text))
    kept = clip_text(text, width)
    assert text.startswith(kept) and cells(kept) <= width
    whole = [each for each, _ in clusters(text)]
    assert [each for each, _ in clusters(kept)] == whole[: len(clusters(kept))]
    assert cells(fit(f"x{text}", width)) == width
    for line in wrap(((text, "text"),), max(2, width)):
        assert sum(cells(each) for each, _ in line) <= max(2, width)


@pytest.mark.parametrize("width", [1, 2, 3])
def test_what_is_wider_than_the_line_ends_wrapping_all_the_same(width: int) -> None:
    lines = wrap((("世界 \U0001f468", "text"),), width)
    assert "世" in "".join(text for line in lines for text, _ in line)


def test_accents_stay_where_they_are_on_a_canvas() -> None:
    canvas = Canvas(12, 1)
    canvas.write(0, 0, "e\u0301世\U0001f468\u200d\U0001f467|")
    (line,) = canvas.lines()
    assert "".join(text for text, _ in line) == "e\u0301世\U0001f468\u200d\U0001f467|"


def test_a_cluster_however_long_costs_its_length() -> None:
    (found,) = clusters("a" + "\u0301" * 200_000)
    assert found[1] == 1 and len(found[0]) == 200_001
