"""The table of operations on matrices: everything there is to know about each.

Each is made of elementary operations of `operations/table.py`, which are what is stepped. A
function of single numbers needs no row: it works entry by entry.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from nnhs_tui.operations.matrices.shapes import (
    MATMUL,
    SINGLE,
    TRANSPOSED,
    Shape,
    above,
    beside,
    places,
    product,
    repeated,
)
from nnhs_tui.operations.table import CIRCUIT

Grid = list[list[Any]]
"""Entries, row by row: results of elementary operations, names and numbers."""


class Maker(Protocol):
    """Makes the elementary operations of a named node."""

    def node(self, shape: Shape) -> Callable[[int, int], str]:
        """The next node: (row, column) of an entry, from 0 → its name."""

    def cell(self, name: str, op: str, operands: Sequence[Any]) -> Any:
        """An elementary operation, by the name of its result."""

    def number(self, value: int) -> Any:
        """A number of the formula."""


Shapes = Sequence[Shape]
Lower = Callable[[Maker, Shape, Sequence[Grid]], Grid]


def size_of(shape: Shape) -> int:
    """How many entries there are."""
    return shape[0] * shape[1]


def _of_result(shapes: Shapes, shape: Shape) -> int:
    return size_of(shape)


@dataclass(frozen=True)
class MatrixOperation:
    """One row of the table."""

    name: str
    shape: Callable[[Shapes], Shape]
    """The operands' shapes → the result's; raises `Unfit`."""
    lower: Lower
    """(maker, the result's shape, operands) → the result."""
    least: int = 1
    most: int | None = 1
    """How many operands it takes; None: as many as there are."""
    nodes: int = 1
    """Nodes with a name of their own that it makes; 0 where it only looks at its operand."""
    size: Callable[[Shapes, Shape], int] = _of_result
    """(operands' shapes, the result's) → about how many elementary operations."""
    is_function: bool = True
    """Whether an expression calls it by its name."""

    def takes(self, count: int) -> bool:
        """Whether it can have so many operands."""
        return self.least <= count <= (self.most or count)


def columns_of(grid: Grid) -> Grid:
    """The grid with rows and columns changed."""
    return [list(each) for each in zip(*grid, strict=True)]


def _filled(shape: Shape, entry: Callable[[int, int], Any]) -> Grid:
    return [[entry(i, j) for j in range(shape[1])] for i in range(shape[0])]


def entrywise(ops: Sequence[str], constants: Sequence[int | None] = ()) -> Lower:
    """Operations of single numbers, one after the other, at every entry.

    Args:
        ops: the first takes the operands, each other the result before it.
        constants: a number that stands before that result, where there is one.
    """

    def lower(maker: Maker, shape: Shape, operands: Sequence[Grid]) -> Grid:
        grids = [spread(each, shape) for each in operands]
        for op, number in zip(ops, constants or (None,) * len(ops), strict=True):
            name = maker.node(shape)
            first = [] if number is None else [maker.number(number)]
            grids = [
                [
                    [
                        maker.cell(name(i, j), op, [*first, *(grid[i][j] for grid in grids)])
                        for j in range(shape[1])
                    ]
                    for i in range(shape[0])
                ]
            ]
        return grids[0]

    return lower


CIRCUIT_LOWER = entrywise(CIRCUIT, (None, None, 1, 1))
"""A sigmoid as its four nodes."""


def spread(grid: Grid, shape: Shape) -> Grid:
    """A grid with its sides of length 1 repeated."""
    rows, columns = shape
    wide = [row * columns if len(row) == 1 else row for row in grid]
    return wide * rows if len(wide) == 1 else wide


def _products(
    maker: Maker, shape: Shape, pairs: Callable[[int, int], list[tuple[Any, Any]]]
) -> Grid:
    """Sums of products: `Z.p[2,k,1]`, then `Z[2,1]`."""
    name = maker.node(shape)
    stem = name(0, 0).partition("[")[0]

    def entry(i: int, j: int) -> Any:
        terms = [
            maker.cell(f"{stem}.p[{i + 1},{k},{j + 1}]", "product", pair)
            for k, pair in enumerate(pairs(i, j), 1)
        ]
        return maker.cell(name(i, j), "sum", terms)

    return _filled(shape, entry)


def _matmul(maker: Maker, shape: Shape, operands: Sequence[Grid]) -> Grid:
    left, right = operands[0], columns_of(operands[1])
    return _products(maker, shape, lambda i, j: list(zip(left[i], right[j], strict=True)))


def _conv(maker: Maker, shape: Shape, operands: Sequence[Grid]) -> Grid:
    x, kernel = operands
    around = [(m, n) for m in range(len(kernel)) for n in range(len(kernel[0]))]
    return _products(
        maker, shape, lambda i, j: [(x[i + m][j + n], kernel[m][n]) for m, n in around]
    )


def _all(grid: Grid) -> list[list[Any]]:
    return [[entry for row in grid for entry in row]]


def _gathered(groups: Callable[[Grid], Grid], op: str, *, is_mean: bool = False) -> Lower:
    """One number for each group of entries, in the order of the result."""

    def lower(maker: Maker, shape: Shape, operands: Sequence[Grid]) -> Grid:
        name = maker.node(shape)
        listed = groups(operands[0])
        at = [(i, j) for i in range(shape[0]) for j in range(shape[1])]
        found = [maker.cell(name(i, j), op, each) for (i, j), each in zip(at, listed, strict=True)]
        if is_mean:
            name, number = maker.node(shape), maker.number(len(listed[0]))
            found = [
                maker.cell(name(i, j), "div", [each, number])
                for (i, j), each in zip(at, found, strict=True)
            ]
        return [found] if shape[0] == 1 else [[each] for each in found]

    return lower


def _softmax(maker: Maker, shape: Shape, operands: Sequence[Grid]) -> Grid:
    (z,), name = operands, maker.node(shape)
    return _filled(
        shape, lambda i, j: maker.cell(name(i, j), "share", [maker.number(j + 1), *z[i]])
    )


def _to_one(shapes: Shapes) -> Shape:
    return SINGLE


def _a_row_each(shapes: Shapes) -> Shape:
    return shapes[0][0], 1


def _a_column_each(shapes: Shapes) -> Shape:
    return 1, shapes[0][1]


def _rows(grid: Grid) -> Grid:
    return grid


def _with_products(shapes: Shapes, shape: Shape) -> int:
    """Each entry of a product has one more for its sum."""
    return size_of(shape) * (shapes[0][1] + 1)


def _with_places(shapes: Shapes, shape: Shape) -> int:
    return size_of(shape) * (size_of(shapes[1]) + 1)


def _by_axis(
    prefix: str, shape: Callable[[Shapes], Shape], groups: Callable[[Grid], Grid]
) -> tuple[MatrixOperation, ...]:
    return (
        MatrixOperation(f"{prefix}sum", shape, _gathered(groups, "sum")),
        MatrixOperation(f"{prefix}mean", shape, _gathered(groups, "sum", is_mean=True), nodes=2),
        MatrixOperation(f"{prefix}max", shape, _gathered(groups, "max")),
    )


MATRIX_OPERATIONS = {
    each.name: each
    for each in (
        *_by_axis("", _to_one, _all),
        MatrixOperation("min", _to_one, _gathered(_all, "min")),
        *_by_axis("row", _a_row_each, _rows),
        *_by_axis("col", _a_column_each, columns_of),
        MatrixOperation(
            "softmax",
            lambda shapes: shapes[0],
            _softmax,
            # Each depends on each of its row.
            size=lambda shapes, shape: size_of(shape) * shape[1],
        ),
        MatrixOperation(
            "concat",
            beside,
            lambda maker, shape, operands: [
                [entry for part in parts for entry in part] for parts in zip(*operands, strict=True)
            ],
            least=2,
            most=None,
            nodes=0,
        ),
        MatrixOperation(
            "stack",
            above,
            lambda maker, shape, operands: [row for grid in operands for row in grid],
            least=2,
            most=None,
            nodes=0,
        ),
        MatrixOperation("conv", places, _conv, least=2, most=2, size=_with_places),
        MatrixOperation(
            MATMUL, product, _matmul, least=2, most=2, size=_with_products, is_function=False
        ),
        MatrixOperation(
            TRANSPOSED,
            lambda shapes: (shapes[0][1], shapes[0][0]),
            lambda maker, shape, operands: columns_of(operands[0]),
            nodes=0,
            is_function=False,
        ),
    )
}
"""None of the names is reserved: a file may give them to something of its own."""


def matrix_functions() -> tuple[str, ...]:
    """What an expression may call, beside the functions of single numbers."""
    return tuple(each.name for each in MATRIX_OPERATIONS.values() if each.is_function)


def of_entries(op: str, *, circuit: bool) -> MatrixOperation:
    """A function of single numbers at every entry.

    Args:
        circuit: whether it is stepped as the sigmoid's four nodes.
    """
    if circuit:
        count = len(CIRCUIT)
        return MatrixOperation(
            op,
            repeated,
            CIRCUIT_LOWER,
            nodes=count,
            size=lambda shapes, shape: count * size_of(shape),
        )
    return MatrixOperation(op, repeated, entrywise((op,)), most=None)
