"""Where the output is above 0.5, on a grid of cells or dots; and the line between."""

from __future__ import annotations

import numpy as np

from nnhs_tui.boundary.net import BoundaryNet
from nnhs_tui.boundary.points import EDGE


def centres(count: int) -> np.ndarray:
    """(count,) the middles of so many stripes from -EDGE to EDGE."""
    found: np.ndarray = (np.arange(count) + 0.5) / count * 2 * EDGE - EDGE
    return found


def outputs(net: BoundaryNet, columns: int, rows: int) -> np.ndarray:
    """(rows, columns) what the net says in the middle of each cell, the topmost row first."""
    x, y = np.meshgrid(centres(columns), -centres(rows))
    found = net.output(np.column_stack([x.ravel(), y.ravel()]))
    return found.reshape(rows, columns)


def edge_dots(values: np.ndarray) -> np.ndarray:
    """(rows, columns) where a dot lies on the line: the next one right of it, or below it, is on
    the other side of 0.5."""
    above = values > 0.5
    found = np.zeros_like(above)
    found[:, :-1] |= above[:, :-1] != above[:, 1:]
    found[:-1, :] |= above[:-1, :] != above[1:, :]
    return found


def cell_of(x: float, y: float, columns: int, rows: int) -> tuple[int, int]:
    """(row, column) of the cell that a point is in."""
    column = int((x + EDGE) / (2 * EDGE) * columns)
    row = int((EDGE - y) / (2 * EDGE) * rows)
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def point_of(row: int, column: int, columns: int, rows: int) -> tuple[float, float]:
    """(x, y) of the middle of a cell."""
    return float(centres(columns)[column]), float(-centres(rows)[row])
