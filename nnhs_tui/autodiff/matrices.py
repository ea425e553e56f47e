"""A graph's matrices on its tape: which ids are the entries of what is called by one name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from nnhs_tui.operations.matrices.shapes import SINGLE, Shape

T = TypeVar("T")


@dataclass(frozen=True)
class Block:
    """A number, a row or a matrix of a graph."""

    name: str
    shape: Shape
    ids: tuple[int, ...]
    """Of its entries, row by row."""

    @property
    def is_matrix(self) -> bool:
        """Whether it is more than one number."""
        return self.shape != SINGLE

    def rows(self, entries: Sequence[T]) -> list[list[T]]:
        """Something for each of its entries, as rows."""
        width = self.shape[1]
        return [list(entries[at : at + width]) for at in range(0, len(entries), width)]


def family_of(name: str) -> str:
    """What all entries of a matrix are called: `Z` of `Z[2,1]`; the name itself of a number."""
    return name.partition("[")[0]


def indices_of(name: str) -> tuple[int, ...]:
    """The indices of an entry, from 1.

    >>> indices_of("Z.p[2,1,3]"), indices_of("b[2]"), indices_of("x")
    ((2, 1, 3), (2,), ())
    """
    inside = name.partition("[")[2].rstrip("]")
    return tuple(map(int, inside.split(","))) if inside else ()


def blocks(names: Iterable[tuple[int, str]]) -> Iterator[Block]:
    """Of ids and their names, entries of one matrix being side by side, row by row."""
    for name, group in groupby(names, key=lambda each: family_of(each[1])):
        ids, texts = zip(*group, strict=True)
        yield Block(name, _shape(texts[-1]), ids)


def _shape(last: str) -> Shape:
    """The shape that the name of the last entry tells."""
    index = indices_of(last)
    if not index:
        return SINGLE
    return (1, index[0]) if len(index) == 1 else (index[0], index[1])


def nested(named: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Numbers by their names as `trace` has them: a row is a list, a matrix a list of rows.

    Products of a sum, which have three indices, are left out, as those of a network are.
    """
    found: dict[str, Any] = {}
    grids: dict[str, dict[tuple[int, ...], Any]] = {}
    for name, value in named:
        index = indices_of(name)
        if not index:
            found[name] = value
        elif len(index) <= 2:
            family = family_of(name)
            found.setdefault(family, None)
            grids.setdefault(family, {})[index] = value
    return found | {family: _listed(grid) for family, grid in grids.items()}


def _listed(grid: dict[tuple[int, ...], Any]) -> list[Any]:
    """Of indices to numbers, null where an entry is not worked out."""
    last = [max(side) for side in zip(*grid, strict=True)]
    if len(last) == 1:
        return [grid.get((j,)) for j in range(1, last[0] + 1)]
    columns = range(1, last[1] + 1)
    return [[grid.get((i, j)) for j in columns] for i in range(1, last[0] + 1)]
