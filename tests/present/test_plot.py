"""Curves in characters: whatever the numbers are, they are drawn."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnhs_tui.present.lists.training_progress import draw_losses
from nnhs_tui.present.text.plot import BARS, Plot, sparkline

numbers = st.floats(allow_nan=True, allow_infinity=True)


@given(st.lists(numbers, max_size=8))
def test_a_row_of_bars_for_any_numbers(values: list[float]) -> None:
    drawn = sparkline(values, 8)
    assert len(drawn) == len(values) and set(drawn) <= {" ", *BARS}


@pytest.mark.filterwarnings("error")
@example([1.7976931348623157e308] * 2)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2, max_size=8))
def test_a_curve_of_any_losses(values: list[float]) -> None:
    lines = draw_losses(np.array(values), 1, 40, 8)
    assert len(lines) == 8 and "●" in "".join(text for line in lines for text, _ in line)


@given(numbers, numbers, st.lists(st.tuples(numbers, numbers), max_size=4))
def test_points_anywhere_in_any_range(low: float, high: float, points: list) -> None:
    plot = Plot(10, 4, (0.0, 1.0), (low, high))
    plot.points([(min(1.0, max(0.0, x)), y) for x, y in points])
    assert len(plot.lines()) == 4


def test_a_curve_that_stays_where_it_is_is_drawn_however_large() -> None:
    for value in (0.0, 1.0, 1e20, -1e300):
        lines = draw_losses(np.array([value] * 3), 2, 30, 5)
        assert any("⠀" < sign <= "⣿" for line in lines for text, _ in line for sign in text)


def test_numbers_that_are_all_alike_are_bars_of_half_the_height() -> None:
    """Neither as small nor as large as can be: nothing is known of that."""
    assert sparkline([2.0] * 3, 8) == BARS[3] * 3 == "▄▄▄"
    assert sparkline([1.0, 2.0], 8) == "▁█"


@pytest.mark.parametrize("peak", [0, 1, 777, 998, 1999])
def test_no_peak_of_many_rounds_is_lost(peak: int) -> None:
    """Each column of dots stands for some twenty rounds here."""
    losses = np.zeros(2000)
    losses[peak] = 5.0
    for values in (losses, -losses):
        lines = draw_losses(values, 1000, 60, 8)
        rows = ["".join(text for text, _ in line) for line in lines]
        far = rows[0] if values is losses else rows[6]
        assert any("⠀" < sign <= "⣿" for sign in far), rows
