"""Lines of braille dots, which may slant: several of them may go through one cell."""

from __future__ import annotations

from collections.abc import Iterable

from nnhs_tui.present.text.lines import Canvas
from nnhs_tui.present.text.plot import DOTS

Cells = dict[tuple[int, int], int]
"""(row, column) → the dots in it, as in a braille sign."""


def line_of_dots(start: tuple[float, float], stop: tuple[float, float]) -> Cells:
    """The dots between two places (column, row) of cells."""
    x0, y0, x1, y1 = 2 * start[0], 4 * start[1], 2 * stop[0], 4 * stop[1]
    steps = max(1, int(max(abs(x1 - x0), abs(y1 - y0))))
    found: Cells = {}
    for k in range(steps + 1):
        column, row = int(x0 + (x1 - x0) * k / steps), int(y0 + (y1 - y0) * k / steps)
        at = (row // 4, column // 2)
        found[at] = found.get(at, 0) | DOTS[row % 4][column % 2]
    return found


def put_dots(canvas: Canvas, plain: Iterable[Cells], on_top: Iterable[Cells], role: str) -> None:
    """Lines on a canvas; those on top have the role.

    Where a line on top crosses another one, both are seen in its cell.
    """
    below, above = _together(plain), _together(on_top)
    for (row, column), bits in below.items():
        canvas.put(row, column, chr(0x2800 + bits), "dim")
    for (row, column), bits in above.items():
        canvas.put(row, column, chr(0x2800 + (bits | below.get((row, column), 0))), role)


def _together(lines: Iterable[Cells]) -> Cells:
    found: Cells = {}
    for line in lines:
        for place, bits in line.items():
            found[place] = found.get(place, 0) | bits
    return found
