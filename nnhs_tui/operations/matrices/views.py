"""Entries, rows and columns that are taken out of a matrix; indices count from 1."""

from __future__ import annotations

from collections.abc import Sequence

from nnhs_tui.operations.matrices.shapes import Shape, Unfit, index_of
from nnhs_tui.operations.matrices.table import Grid, Maker, MatrixOperation, Shapes

ALL = ":"
"""A whole side."""


def view(op: str) -> MatrixOperation:
    """What an index takes out.

    Args:
        op: as it is written, without blanks: `[2,1]`, `[2]`, `[:,1]`.
    """
    index = op[1:-1].split(",")

    def shape(shapes: Shapes) -> Shape:
        rows, columns = _chosen(index, shapes[0])
        return len(rows), len(columns)

    def lower(maker: Maker, shape: Shape, operands: Sequence[Grid]) -> Grid:
        grid = operands[0]
        rows, columns = _chosen(index, (len(grid), len(grid[0])))
        return [[grid[i][j] for j in columns] for i in rows]

    return MatrixOperation(op, shape, lower, nodes=0)


def _chosen(index: list[str], shape: Shape) -> tuple[range, range]:
    """The rows and the columns, from 0, that an index takes.

    Raises:
        Unfit: there are not so many.
    """
    if len(index) == 1:
        # Of a row one index is an entry, else it is a row.
        index = [ALL, *index] if shape[0] == 1 else [*index, ALL]
    rows, columns = (_side(each, length) for each, length in zip(index, shape, strict=True))
    if rows is None or columns is None:
        last = index_of(shape, shape[0] - 1, shape[1] - 1) or "[1]"
        raise Unfit(f"expected indices from 1, at most {last}")
    return rows, columns


def _side(index: str, length: int) -> range | None:
    if index == ALL:
        return range(length)
    place = int(index) - 1
    return range(place, place + 1) if 0 <= place < length else None
