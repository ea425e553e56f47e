"""The lists that take the place of the matrices: breakpoints, watches, where from, rounds.

A row says which command Enter carries out on it and which one deletes it, so a list does nothing
that could not be typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.present.lines import Line, clip, run, title, window, wrap


@dataclass(frozen=True)
class Row:
    """A row of a list."""

    line: Line
    act: str = ""
    """The command that Enter carries out; "" for a row that only tells."""
    remove: str = ""
    """The command that deletes what the row is about."""


@dataclass(frozen=True)
class Listing:
    """A list as it is drawn."""

    name: str
    rows: tuple[Row, ...]
    empty: str = ""
    """What is said where there is no row."""
    above: tuple[Line, ...] = ()
    """Lines above the rows, wrapped; they do not scroll."""


def draw_listing(listing: Listing, number: str, width: int, height: int, chosen: int) -> list[Line]:
    """A list in `width` × `height` cells, the row `chosen` marked and in view."""
    above = [part for line in listing.above for part in wrap(line, width, 2)]
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
    above = 1 + sum(len(wrap(line, width, 2)) for line in listing.above)
    start, stop = window(len(listing.rows), max(0, height - above), chosen)
    place = start + row - above
    return place if row >= above and start <= place < stop else None


def chosen_row(listing: Listing, chosen: int) -> Row | None:
    """The row that is marked; None in an empty list."""
    return listing.rows[max(0, min(chosen, len(listing.rows) - 1))] if listing.rows else None
