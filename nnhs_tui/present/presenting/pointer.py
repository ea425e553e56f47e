"""The presenter's pointer: an arrow laid over what is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from nnhs_tui.present.text.lines import Line, Run, cells, merge

ARROW = ("  ▄█   ", "◄██████", "  ▀█   ")
"""It points to the left, to the cell before its tip."""
PLAIN_ARROW = ("  /|   ", "<======", "  \\|   ")
WIDTH, HEIGHT = len(ARROW[0]), len(ARROW)
ROLE = "pointer"


def with_pointer(
    lines: Sequence[Line], width: int, height: int, tip: tuple[int, int], *, plain: bool = False
) -> list[Line]:
    """Lines with the arrow over them.

    Args:
        lines: what is drawn, at most `height` lines.
        width, height: the cells of the pane.
        tip: column and row of the arrow's tip; what lies outside the pane is cut off.
        plain: draw it without block signs.
    """
    column, middle = tip
    drawn = list(lines)
    for y, sign in enumerate(PLAIN_ARROW if plain else ARROW, middle - 1):
        if not 0 <= y < height:
            continue
        drawn += [()] * (y + 1 - len(drawn))
        drawn[y] = _laid_over(drawn[y], width, column, sign)
    return drawn


def _laid_over(line: Line, width: int, column: int, sign: str) -> Line:
    """A line with a sign over it; blanks of the sign let the line through."""
    row = _cells(line)
    row += [(" ", "text")] * (width - len(row))
    for x, character in enumerate(sign, column):
        if character == " " or not 0 <= x < width:
            continue
        # Half of a wide character cannot stay.
        if not row[x][0] and x:
            row[x - 1] = (" ", row[x - 1][1])
        if x + 1 < width and not row[x + 1][0]:
            row[x + 1] = (" ", row[x + 1][1])
        row[x] = (character, ROLE)
    return merge(row)


def _cells(line: Line) -> list[Run]:
    """A line as one run a cell; the second cell of a wide character is empty.

    What has no width stands with the character before it.
    """
    found: list[Run] = []
    base = 0
    for text, role in line:
        for character in text:
            wide = cells(character)
            if wide or not found:
                base = len(found)
                found += [(character, role), *[("", role)] * (wide - 1)]
            else:
                found[base] = (found[base][0] + character, found[base][1])
    return found
