"""The lists that take the place of the matrices: breakpoints, watches, where from, rounds.

A row says which command Enter carries out on it and which one deletes it, so a list does nothing
that could not be typed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from nnhs_tui.present.text.lines import Line, clip, run, title, window, wrap


@dataclass(frozen=True)
class Row:
    """A row of a list."""

    line: Line
    act: str = ""
    """The command that Enter carries out; "" for a row that only tells."""
    remove: str = ""
    """The command that deletes what the row is about."""
    follows: bool = False
    """Whether it goes on with the row above it, which is chosen in its place."""


class Rows(Sequence[Row]):
    """Many rows, made when they are looked at.

    Args:
        count: how many there are.
        make: gives the row at a place from 0.
    """

    def __init__(self, count: int, make: Callable[[int], Row]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self._make(each) for each in range(*place.indices(self._count))]
        if not -self._count <= place < self._count:
            raise IndexError(place)
        return self._make(place % self._count)


@dataclass(frozen=True)
class Listing:
    """A list as it is drawn."""

    name: str
    rows: Sequence[Row]
    empty: str = ""
    """What is said where there is no row."""
    above: tuple[Line, ...] = ()
    """Lines above the rows, wrapped; they do not scroll."""
    figure: Callable[[int, int], list[Line]] | None = None
    """Draws a picture above all that, in the room (width, height) that is left."""
    here: int = 0
    """The row that is chosen until another one is."""


FIGURE = 4
"""Lines that a figure has at least, where there is room for more than one row beside it."""


def _head(listing: Listing, width: int, height: int) -> list[Line]:
    """What stands above the rows."""
    above = [part for line in listing.above for part in wrap(line, width, 2)]
    if listing.rows:
        # However little room there is, the chosen row is seen.
        above = above[: max(0, height - 2)]
    if listing.figure is None:
        return above
    left = height - 1 - len(above)
    room = max(min(FIGURE, left - 2), left - min(len(listing.rows), left // 2))
    return [*(listing.figure(width, room) if room > 1 else []), *above]


def draw_listing(listing: Listing, number: str, width: int, height: int, chosen: int) -> list[Line]:
    """A list in `width` × `height` cells, the row `chosen` marked and in view."""
    above = _head(listing, width, height)
    room = max(0, height - 1 - len(above))
    start, stop = window(len(listing.rows), room, chosen if listing.rows else None)
    note = f"{start + 1}–{stop} of {len(listing.rows)}" if stop - start < len(listing.rows) else ""
    lines = [title(number, listing.name, width, note), *above]
    for place in range(start, stop):
        mark = "►" if place == chosen else " "
        lines.append(clip(((mark, "mark"), *listing.rows[place].line), width))
    if not listing.rows:
        lines += wrap((run(listing.empty, "dim"),), width)
    return lines[:height]


def place_at(listing: Listing, width: int, height: int, chosen: int, row: int) -> int | None:
    """The place of the list's row that is drawn in a row of the pane."""
    above = 1 + len(_head(listing, width, height))
    start, stop = window(len(listing.rows), max(0, height - above), chosen)
    place = start + row - above
    return first_of(listing, place) if row >= above and start <= place < stop else None


def moved_place(listing: Listing, place: int, by: int) -> int:
    """The place of the row `by` rows further: rows that go on with one are not chosen."""
    rows, step = listing.rows, 1 if by > 0 else -1
    for _ in range(abs(by)):
        further = place + step
        while 0 <= further < len(rows) and rows[further].follows:
            further += step
        place = further if 0 <= further < len(rows) else place
    return first_of(listing, place)


def first_of(listing: Listing, place: int) -> int:
    """The row that the one at a place goes on with; itself where it does not."""
    while place > 0 and listing.rows[place].follows:
        place -= 1
    return place


def chosen_row(listing: Listing, chosen: int) -> Row | None:
    """The row that is marked; None in an empty list."""
    return listing.rows[max(0, min(chosen, len(listing.rows) - 1))] if listing.rows else None
