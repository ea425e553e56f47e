"""Shapes, (rows, columns): how they are told, how entries are called, which fit each other."""

from __future__ import annotations

from collections.abc import Sequence

from nnhs_tui.labels import counted

Shape = tuple[int, int]
"""A row is (1, n), a number (1, 1)."""

SINGLE: Shape = (1, 1)

MATMUL, TRANSPOSED = "matmul", "T"
"""What the operations that `@` and `.T` stand for are called."""


class Unfit(Exception):
    """Shapes that do not fit; the text says what was expected."""


def told(shape: Shape) -> str:
    """A shape as people read it.

    >>> told((2, 3))
    '2×3'
    """
    return f"{shape[0]}×{shape[1]}"


def index_of(shape: Shape, row: int, column: int) -> str:
    """What stands behind a name for one entry (from 0) of its matrix.

    >>> index_of((2, 3), 1, 0), index_of((1, 3), 0, 1), index_of((1, 1), 0, 0)
    ('[2,1]', '[2]', '')
    """
    if shape == SINGLE:
        return ""
    return f"[{column + 1}]" if shape[0] == 1 else f"[{row + 1},{column + 1}]"


def entries_of(name: str, shape: Shape) -> list[str]:
    """The names of all entries, row by row."""
    rows, columns = shape
    return [f"{name}{index_of(shape, i, j)}" for i in range(rows) for j in range(columns)]


def repeated(shapes: Sequence[Shape]) -> Shape:
    """Entry by entry, a side of length 1 being repeated.

    Raises:
        Unfit: two sides differ, and neither is 1.
    """
    sides = []
    for axis, noun in enumerate(("row", "column")):
        found = {shape[axis] for shape in shapes} - {1}
        if len(found) > 1:
            several = " and ".join(counted(each, noun) for each in sorted(found))
            raise Unfit(f"expected as many {noun}s in each, or one that is repeated, not {several}")
        sides.append(found.pop() if found else 1)
    return sides[0], sides[1]


def product(shapes: Sequence[Shape]) -> Shape:
    """Of a matrix product: the columns of the left are the rows of the right.

    Raises:
        Unfit: they are not.
    """
    (rows, inner), (other, columns) = shapes
    if inner != other:
        raise Unfit(
            f"expected as many columns on the left ({inner}) as rows on the right ({other})"
        )
    return rows, columns


def places(shapes: Sequence[Shape]) -> Shape:
    """How many places a kernel has on a matrix, no edges added.

    Raises:
        Unfit: it is larger than the matrix.
    """
    (rows, columns), (height, width) = shapes
    if height > rows or width > columns:
        raise Unfit("expected a second matrix that is no larger than the first, in neither side")
    return rows - height + 1, columns - width + 1


def beside(shapes: Sequence[Shape]) -> Shape:
    """Side by side.

    Raises:
        Unfit: they differ in their rows.
    """
    if len({rows for rows, _ in shapes}) > 1:
        raise Unfit("expected as many rows in each: they are put side by side")
    return shapes[0][0], sum(columns for _, columns in shapes)


def above(shapes: Sequence[Shape]) -> Shape:
    """One above the other.

    Raises:
        Unfit: they differ in their columns.
    """
    if len({columns for _, columns in shapes}) > 1:
        raise Unfit("expected as many columns in each: they are put one above the other")
    return sum(rows for rows, _ in shapes), shapes[0][1]
