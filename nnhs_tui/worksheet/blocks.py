"""What of a sheet must stand together on one page: some grids, and the room to work them out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nnhs_tui.worksheet.sheet import Grid, Part, Sheet

MOST_BLANKS = 16
"""Blanks of a block at most, but for a grid that has more by itself."""
MOST_GIVEN = 120
"""Given numbers of one."""
ROOM, PER_BLANK, MOST_ROOM = 8, 2, 90
"""Millimetres of room for working: at least, for each blank, and at most."""


@dataclass(frozen=True)
class Block:
    """Some grids of a part."""

    title: str
    """The part's, above its first block; "" above the others."""
    grids: tuple[Grid, ...]
    working: int
    """Millimetres of room to work it out; 0 for none."""


def blocks(part: Part, sheet: Sheet) -> Iterator[Block]:
    """The blocks of a part, in their order."""
    title, taken, weight = part.title, list[Grid](), 0
    for grid in part.grids:
        asked, given = _counts(grid)
        share = asked * MOST_GIVEN + given * MOST_BLANKS
        if taken and weight + share > MOST_GIVEN * MOST_BLANKS:
            yield _block(title, taken, sheet)
            title, taken, weight = "", [], 0
        taken.append(grid)
        weight += share
    if taken:
        yield _block(title, taken, sheet)


def _block(title: str, grids: list[Grid], sheet: Sheet) -> Block:
    blanks = sum(_counts(grid)[0] for grid in grids)
    room = min(MOST_ROOM, ROOM + PER_BLANK * blanks) if blanks and not sheet.is_key else 0
    return Block(title, tuple(grids), room)


def _counts(grid: Grid) -> tuple[int, int]:
    """How many numbers are asked, and how many given."""
    cells = [cell for _, row in grid.rows for cell in row]
    asked = sum(cell.asked for cell in cells)
    return asked, len(cells) - asked
