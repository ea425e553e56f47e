"""Where the edges of a network are drawn each by itself, and where on them their weights stand.

All of it follows from how many nodes there are, how wide they are, and the room: so it is worked
out once for a net and a size, and nothing moves from step to step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nnhs_tui.present.panes.pictures.dots import Cells, line_of_dots

NODE = 3
"""Rows of a node: its name, its values, its gradients."""
MARGIN = 2
"""Columns of an edge that are seen on either side of its weight at least."""
TO_LOSS = 4
"""Columns between the last layer and the loss, where no weight stands."""
WIDEST = 30
"""Columns between two layers at most: in a longer line the eye gets lost."""
MOST_EDGES = 32
"""Edges that can still be told apart in a large terminal."""
PLACES = (0.28, 0.34, 0.22, 0.40, 0.46, 0.16, 0.52, 0.60, 0.68, 0.76)
"""Where a label is tried, as a share of its edge."""
ENOUGH = 0.5
"""The share of the labels that must find a place, if edges are to be drawn by themselves."""

Edge = tuple[int, int, int]
"""(gap, place before it, place behind it)."""


@dataclass(frozen=True)
class Shape:
    """What the geometry depends on."""

    counts: tuple[int, ...]
    """Nodes of each column."""
    sizes: tuple[int, ...]
    """Columns of cells of each."""
    labels: tuple[int, ...]
    """Of each gap the columns of its widest weight; 0 where its edges have none."""
    width: int
    height: int
    rows: int = NODE
    """Of each node."""


@dataclass(frozen=True)
class Geometry:
    """Where everything stands, in cells from the upper left corner."""

    lefts: tuple[int, ...]
    """The first column of each column of nodes."""
    tops: tuple[tuple[int, ...], ...]
    """The row of each node's name."""
    edges: dict[Edge, Cells]
    labels: dict[Edge, tuple[int, int, int]]
    """(row, column, rows) of the weights that have found a place; of two rows the second is for the
    gradient."""
    widths: tuple[int, ...]
    """Of each gap the columns that are kept for a weight."""


@lru_cache(32)
def geometry(shape: Shape) -> Geometry | None:
    """Where everything stands; None where there is no room for edges by themselves."""
    gaps = _gaps(shape)
    most = max(shape.counts)
    if gaps is None or most * shape.rows > shape.height:
        return None
    if sum(a * b for a, b in zip(shape.counts, shape.counts[1:], strict=False)) > MOST_EDGES:
        return None
    lefts = [0]
    for size, gap in zip(shape.sizes, gaps, strict=False):
        lefts.append(lefts[-1] + size + gap)
    tops = tuple(_tops(count, shape.height, shape.rows) for count in shape.counts)
    edges = {
        (gap, i, j): line_of_dots(
            (lefts[gap] + shape.sizes[gap] + 0.5, tops[gap][i] + 1.5),
            (lefts[gap + 1] - 1.0, tops[gap + 1][j] + 1.5),
        )
        for gap in range(len(gaps))
        for i in range(shape.counts[gap])
        for j in range(shape.counts[gap + 1])
    }
    wanted = [edge for edge in edges if shape.labels[edge[0]]]
    labels = _labels(shape, lefts, tops, wanted, 2)
    if len(labels) < len(wanted):
        labels = _labels(shape, lefts, tops, wanted, 1)
    if wanted and len(labels) < ENOUGH * len(wanted):
        return None
    return Geometry(tuple(lefts), tops, edges, labels, shape.labels)


def gap_width(label: int) -> int:
    """The columns between two layers at least, given those of the widest weight."""
    return label + 2 * MARGIN if label else TO_LOSS


def _gaps(shape: Shape) -> list[int] | None:
    """The columns between the layers; None where they are too few.

    What is left over goes where most edges are.
    """
    least = [gap_width(label) for label in shape.labels]
    free = shape.width - sum(shape.sizes) - sum(least)
    if free < 0:
        return None
    edges = [a * b for a, b in zip(shape.counts, shape.counts[1:], strict=False)]
    gaps = list(least)
    growing = [place for place, label in enumerate(shape.labels) if label]
    for _ in range(free):
        growing = [place for place in growing if gaps[place] < WIDEST]
        if not growing:
            break
        thinnest = min(growing, key=lambda place: (gaps[place] - least[place]) / edges[place])
        gaps[thinnest] += 1
    return gaps


def _tops(count: int, height: int, rows: int) -> tuple[int, ...]:
    """The first rows of a column's nodes, spread over the height."""
    pitch = height / count
    return tuple(int(pitch * place + (pitch - rows) / 2) for place in range(count))


def _labels(
    shape: Shape,
    lefts: list[int],
    tops: tuple[tuple[int, ...], ...],
    wanted: list[Edge],
    rows: int,
) -> dict[Edge, tuple[int, int, int]]:
    """The first free place on each edge, a blank cell on either side; those of one row get a second
    where that is free once all have their place."""
    taken: set[tuple[int, int]] = set()
    for gap, tops_here in enumerate(tops):
        for top in tops_here:
            taken.update(_box(top, lefts[gap], shape.rows, shape.sizes[gap]))
    found: dict[Edge, tuple[int, int, int]] = {}
    for edge in wanted:
        size = shape.labels[edge[0]]
        for row, column in _tried(shape, lefts, tops, edge, rows, size):
            box = set(_box(row, column - 1, rows, size + 2))
            if not box & taken and row >= 0 and row + rows <= shape.height:
                found[edge] = (row, column, rows)
                taken |= box
                break
    for edge, (row, column, _) in found.items() if rows == 1 else ():
        below = set(_box(row + 1, column - 1, 1, shape.labels[edge[0]] + 2))
        if not below & taken and row + 1 < shape.height:
            found[edge] = (row, column, 2)
            taken |= below
    return found


def _tried(
    shape: Shape,
    lefts: list[int],
    tops: tuple[tuple[int, ...], ...],
    edge: Edge,
    rows: int,
    size: int,
) -> Iterator[tuple[int, int]]:
    """Where a label may stand, the best place first."""
    gap, i, j = edge
    x0, y0 = lefts[gap] + shape.sizes[gap] + 0.5, tops[gap][i] + 1.5
    x1, y1 = lefts[gap + 1] - 1.0, tops[gap + 1][j] + 1.5
    for share in PLACES:
        x, y = x0 + (x1 - x0) * share, y0 + (y1 - y0) * share
        # A label of two rows stands around the line of its edge, one of one row on it.
        yield int(y - (rows - 1) / 2), int(x - size / 2)


def _box(row: int, column: int, rows: int, columns: int) -> Iterator[tuple[int, int]]:
    yield from ((row + y, column + x) for y in range(rows) for x in range(columns))
