"""From an expression between matrices to one of elementary operations.

Operations stand entry by entry: all that is needed for an entry of the named node, then the next
one. What no entry needs is not worked out.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nnhs_tui.operations.matrices.shapes import SINGLE, Shape, Unfit, entries_of, index_of, told
from nnhs_tui.operations.matrices.table import (
    MATRIX_OPERATIONS,
    Grid,
    MatrixOperation,
    of_entries,
)
from nnhs_tui.operations.matrices.views import view
from nnhs_tui.operations.table import CIRCUIT_OF
from nnhs_tui.scenario.reading.elementary import OPS, Expression, Problem
from nnhs_tui.scenario.reading.literals import Constant

Shapes = Mapping[str, Shape]
"""Of the names that an expression may use."""

_COPY = "copy"


@dataclass(frozen=True)
class Shaped:
    """An expression whose shapes were found, or what is wrong with them."""

    shape: Shape | None
    """Of its result; None where there is a problem."""
    size: int
    """About how many elementary operations it has."""
    problems: tuple[Problem, ...]


def is_of_matrices(expression: Expression, shapes: Shapes) -> bool:
    """Whether an expression works with matrices, or has an operation only these have."""
    return any(
        isinstance(leaf, str) and shapes.get(leaf, SINGLE) != SINGLE for leaf in expression.leaves
    ) or any(
        _is_matrix_operation(op, count)
        for op, count in zip(expression.ops, expression.counts, strict=True)
    )


def shaped(expression: Expression, shapes: Shapes, *, circuit: bool) -> Shaped:
    """The shape of an expression, found step by step.

    Args:
        expression: as it was read.
        shapes: of all names in it.
        circuit: whether sigmoids are stepped as their four nodes.
    """
    found: list[Shape | None] = []
    problems: list[Problem] = []
    size = 0
    for op, operands in _operations(expression):
        given = [_shape_of(each, expression, found, shapes) for each in operands]
        known = [each for each in given if each is not None]
        if len(known) < len(given):
            found.append(None)
            continue
        row = _row(op, len(operands), circuit=circuit)
        try:
            found.append(shape := row.shape(known))
            size += row.size(known, shape)
        except Unfit as reason:
            texts = [
                _told(each, expression, shape) for each, shape in zip(operands, known, strict=True)
            ]
            problems.append(Problem(_written(op, texts), str(reason)))
            found.append(None)
    return Shaped(found[-1], size, tuple(problems))


def expanded(expression: Expression, shapes: Shapes, *, circuit: bool) -> Expression:
    """An expression, whose shapes fit, as elementary operations.

    Args:
        expression: as it was read.
        shapes: of all names in it.
        circuit: whether sigmoids are stepped as their four nodes.
    """
    rows = [
        (_row(op, len(operands), circuit=circuit), operands)
        for op, operands in _operations(expression)
    ]
    is_view = not rows[-1][0].nodes
    maker = _Maker(expression.owner, sum(row.nodes for row, _ in rows) + is_view)
    leaves = [_grid(leaf, shapes) for leaf in expression.leaves]
    grids: list[Grid] = []
    for row, operands in rows:
        given = [grids[each] if each >= 0 else leaves[~each] for each in operands]
        shape = row.shape([(len(each), len(each[0])) for each in given])
        grids.append(row.lower(maker, shape, given))
    grid = grids[-1]
    shape = len(grid), len(grid[0])
    if is_view:
        grid = of_entries(_COPY, circuit=False).lower(maker, shape, [grid])
    return _flat(expression.owner, shape, [entry for row in grid for entry in row])


class _Cell:
    """An elementary operation that may yet be needed."""

    __slots__ = ("name", "op", "operands", "place")

    def __init__(self, name: str, op: str, operands: Sequence[Any]) -> None:
        self.name, self.op, self.operands = name, op, operands
        self.place = -1


class _Maker:
    """Gives nodes their names: `f.1`, `f.2`, … and the last one `f`."""

    def __init__(self, owner: str, nodes: int) -> None:
        self._owner, self._nodes, self._made = owner, nodes, 0

    def node(self, shape: Shape) -> Callable[[int, int], str]:
        self._made += 1
        stem = self._owner if self._made == self._nodes else f"{self._owner}.{self._made}"
        return lambda i, j: f"{stem}{index_of(shape, i, j)}"

    def cell(self, name: str, op: str, operands: Sequence[Any]) -> _Cell:
        # Of one number there is nothing to choose, which is no operation of two or more.
        return _Cell(name, op, tuple(operands))

    def number(self, value: int) -> Constant:
        return Constant(float(value), Decimal(value))


def _flat(owner: str, shape: Shape, results: Sequence[_Cell]) -> Expression:
    """Everything the results need, each before what uses it."""
    cells: list[_Cell] = []
    entries, ends = array("i"), array("i")
    for entry, result in enumerate(results):
        before = len(cells)
        _collect(result, cells)
        entries.extend([entry] * (len(cells) - before))
        ends.append(result.place)
    leaves: dict[Any, int] = {}
    operands = array("i")
    for cell in cells:
        for each in cell.operands:
            if isinstance(each, _Cell):
                operands.append(each.place)
            else:
                operands.append(~leaves.setdefault(each, len(leaves)))
    return Expression(
        owner,
        tuple(cell.op for cell in cells),
        tuple(len(cell.operands) for cell in cells),
        operands,
        tuple(leaves),
        tuple(cell.name for cell in cells),
        shape,
        entries,
        ends,
    )


def _collect(result: _Cell, cells: list[_Cell]) -> None:
    """Adds what a result needs and is not there yet, in the order of evaluation."""
    waiting = [(result, False)]
    while waiting:
        cell, is_ready = waiting.pop()
        if cell.place >= 0:
            continue
        if is_ready:
            cell.place = len(cells)
            cells.append(cell)
            continue
        waiting.append((cell, True))
        waiting += [
            (each, False)
            for each in reversed(cell.operands)
            if isinstance(each, _Cell) and each.place < 0
        ]


def _is_matrix_operation(op: str, count: int) -> bool:
    row = MATRIX_OPERATIONS.get(op)
    return op.startswith("[") or (row is not None and row.takes(count))


def _row(op: str, count: int, *, circuit: bool) -> MatrixOperation:
    if op.startswith("["):
        return view(op)
    if _is_matrix_operation(op, count):
        return MATRIX_OPERATIONS[op]
    return of_entries(op, circuit=circuit and op == CIRCUIT_OF)


def _operations(expression: Expression) -> list[tuple[str, list[int]]]:
    given = iter(expression.operands)
    return [
        (op, [next(given) for _ in range(count)])
        for op, count in zip(expression.ops, expression.counts, strict=True)
    ]


def _shape_of(
    operand: int, expression: Expression, found: Sequence[Shape | None], shapes: Shapes
) -> Shape | None:
    if operand >= 0:
        return found[operand]
    leaf = expression.leaves[~operand]
    return shapes[leaf] if isinstance(leaf, str) else SINGLE


def _grid(leaf: str | Constant, shapes: Shapes) -> Grid:
    if not isinstance(leaf, str):
        return [[leaf]]
    rows, columns = shapes[leaf]
    names = entries_of(leaf, (rows, columns))
    return [names[row * columns : (row + 1) * columns] for row in range(rows)]


def _told(operand: int, expression: Expression, shape: Shape) -> str:
    """`W (2×3)`; of what has no name its shape."""
    leaf = expression.leaves[~operand] if operand < 0 else None
    return f"{leaf} ({told(shape)})" if isinstance(leaf, str) else f"({told(shape)})"


_SIGNS = {op: sign for sign, op in OPS.items()}


def _written(op: str, texts: Sequence[str]) -> str:
    """An operation as it stands in a file, with the shapes of its operands."""
    if op.startswith("["):
        return f"{op} of {texts[0]}"
    if op in _SIGNS:
        return f" {_SIGNS[op]} ".join(texts)
    return f"{op}({', '.join(texts)})"
