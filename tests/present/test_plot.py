"""Curves in characters: whatever the numbers are, they are drawn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.lists.training_progress import draw_losses
from nnhs_tui.present.text.lines import Line
from nnhs_tui.present.text.plot import BARS, DOTS, Plot, sparkline
from tests.effort import examples

CURVES = {
    name: (row.curve, row.domain or (-row.reach, row.reach))
    for name, row in OPERATIONS.items()
    if row.is_single
}
"""Each function of one number, and a stretch of it."""

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


@pytest.mark.parametrize("name", sorted(CURVES))
@given(share=st.floats(-0.95, 0.95), size=st.tuples(st.integers(20, 70), st.integers(8, 20)))
@settings(max_examples=examples(40))
def test_a_tangent_is_cut_off_at_the_edge_and_never_bent(
    name: str, share: float, size: tuple[int, int]
) -> None:
    """Left and right of the point all its dots lie on one line, of the curve's own slope there."""
    curve, (low, high) = CURVES[name]
    z = low + (high - low) * (share + 1) / 2
    # The slope by a difference, not by the program's own rule.
    h = 1e-6 * max(1.0, abs(z))
    slope = (curve(z + h) - curve(z - h)) / (2 * h)
    values = [y for k in range(51) if math.isfinite(y := curve(low + (high - low) * k / 50))]
    bottom, top = min(values) - 0.1, max(values) + 0.1
    plot = Plot(*size, (low, high), (bottom, top))
    plot.points([(x, curve(z) + slope * (x - z)) for x in (low, z, high)], "mark")
    width, height = 2 * size[0], 4 * size[1]
    for column, row in dots_of(plot.lines()):
        x = low + (high - low) * (column + 0.5) / width
        y = top - (top - bottom) * (row + 0.5) / height
        across, down = (high - low) / width, (top - bottom) / height
        # A dot is a cell of its own: the line goes through it or its neighbour.
        assert abs(y - (curve(z) + slope * (x - z))) <= 1.1 * (down + abs(slope) * across)


def dots_of(lines: list[Line]) -> list[tuple[int, int]]:
    """(column, row) of each dot."""
    found = []
    for y, line in enumerate(lines):
        for x, sign in enumerate("".join(text for text, _ in line)):
            bits = ord(sign) - 0x2800 if "⠀" <= sign <= "⣿" else 0
            for row, pair in enumerate(DOTS):
                found += [(2 * x + k, 4 * y + row) for k in (0, 1) if bits & pair[k]]
    return found


def test_a_tangent_reaches_from_edge_to_edge() -> None:
    """At a point near the bottom it leaves the plot where it should, not in its corner."""
    plot = Plot(40, 10, (-4.0, 4.0), (0.0, 1.0))
    plot.points([(x, 0.3 + 0.2 * (x + 0.75)) for x in (-4.0, -0.75, 4.0)])
    columns = {column for column, _ in dots_of(plot.lines())}
    # It meets the axis at x = -2.25, which is dot 17.5 of 80.
    assert min(columns) in (17, 18) and max(columns) > 65
