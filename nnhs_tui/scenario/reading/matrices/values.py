"""Numbers, rows and matrices as a file has them: their shape, their entries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from nnhs_tui.operations.matrices.shapes import SINGLE, Shape, entries_of
from nnhs_tui.scenario.reading.faults import UNSOUND


def shape_of(value: object) -> Shape | None:
    """The shape of a value that is sound by itself; None of one that is not.

    >>> shape_of(2), shape_of([1, 2]), shape_of([[1], [2]])
    ((1, 1), (1, 2), (2, 1))
    """
    if value is UNSOUND:
        return None
    if not isinstance(value, list):
        return SINGLE
    return (len(value), len(value[0])) if isinstance(value[0], list) else (1, len(value))


def numbers_of(value: Any) -> list[Decimal]:
    """Its numbers, row by row."""
    if not isinstance(value, list):
        return [Decimal(value)]
    return [number for each in value for number in numbers_of(each)]


def entries(values: dict[str, Any]) -> dict[str, Decimal]:
    """Every number by the name of its entry: `W[2,1]`, of a row `b[2]`, else the bare name."""
    found: dict[str, Decimal] = {}
    for name, value in values.items():
        shape = shape_of(value)
        assert shape is not None
        found.update(zip(entries_of(name, shape), numbers_of(value), strict=True))
    return found
