"""The marker: what is chosen by keys in a picture, moved from one thing to the next."""

from __future__ import annotations

from collections.abc import Sequence

Columns = Sequence[Sequence[int]]
"""What can be chosen, as ids, column by column of the picture."""


def place_of(columns: Columns, marker: int | None) -> tuple[int, int] | None:
    """(column, place in it) of an id; None where it is not there."""
    if marker is None:
        return None
    for number, column in enumerate(columns):
        if marker in column:
            return number, column.index(marker)
    return None


def moved(columns: Columns, start: int, rows: int, sideways: int) -> int:
    """The id so many places further down, and so many columns to the right; at an edge it stays.

    In another column it is the place at the same height.

    >>> moved([[1, 2, 3], [4], []], 2, 1, 0), moved([[1, 2, 3], [4], []], 1, 0, 1)
    (3, 4)
    """
    there = [column for column in columns if column]
    at = place_of(there, start)
    if at is None:
        return there[0][0] if there else start
    number, place = at
    before = len(there[number])
    number = max(0, min(number + sideways, len(there) - 1))
    column = there[number]
    place = ((2 * place + 1) * len(column) - 1) // (2 * before) + rows
    return column[max(0, min(place, len(column) - 1))]


def node_label(name: str, is_chosen: bool) -> str:
    """`(h1)`, the chosen one `>h1<`: as wide, and told apart without colours."""
    return f">{name}<" if is_chosen else f"({name})"
