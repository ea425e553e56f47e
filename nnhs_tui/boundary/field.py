"""Where the output is above 0.5, on a grid of cells or dots; and the line between."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from nnhs_tui.boundary.points import EDGE, Points

HALF = 0.5
"""What a net says between the two classes."""


class Says(Protocol):
    """A net that says something at every point of the plane."""

    def output(self, x: np.ndarray) -> np.ndarray:
        """(points,) between 0 and 1, at (points, 2)."""


def centres(count: int, edge: float = EDGE) -> np.ndarray:
    """(count,) the middles of so many stripes from -edge to edge."""
    found: np.ndarray = (np.arange(count) + 0.5) / count * 2 * edge - edge
    return found


def outputs(net: Says, columns: int, rows: int, edge: float = EDGE) -> np.ndarray:
    """(rows, columns) what the net says in the middle of each cell, the topmost row first."""
    x, y = np.meshgrid(centres(columns, edge), -centres(rows, edge))
    found = net.output(np.column_stack([x.ravel(), y.ravel()]))
    return found.reshape(rows, columns)


def edge_dots(values: np.ndarray) -> np.ndarray:
    """(rows, columns) where a dot lies on the line: the next one right of it, or below it, is on
    the other side of 0.5."""
    above = values > HALF
    found = np.zeros_like(above)
    found[:, :-1] |= above[:, :-1] != above[:, 1:]
    found[:-1, :] |= above[:-1, :] != above[1:, :]
    return found


def right(net: Says, points: Points) -> int:
    """How many points are on their own side."""
    return int(((net.output(points.x) > HALF) == (points.t > HALF)).sum())


def plane_size(width: int, height: int) -> tuple[int, int]:
    """(columns, rows) of the square that fits: a cell is twice as tall as it is wide."""
    height = max(1, height)
    columns = max(1, min(width, 2 * height))
    return columns, max(1, min(height, columns // 2))


def cell_of(x: float, y: float, columns: int, rows: int, edge: float = EDGE) -> tuple[int, int]:
    """(row, column) of the cell that a point is in."""
    column = int((x + edge) / (2 * edge) * columns)
    row = int((edge - y) / (2 * edge) * rows)
    return min(max(row, 0), rows - 1), min(max(column, 0), columns - 1)


def point_of(row: int, column: int, columns: int, rows: int) -> tuple[float, float]:
    """(x, y) of the middle of a cell."""
    return float(centres(columns)[column]), float(-centres(rows)[row])
