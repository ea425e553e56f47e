"""The debugger's panes at a step as one picture, laid out for a terminal's size.

The layouts are those of the debugger's own screen; what is typed and pointed at there is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.commands.panes import GRADIENTS, MATRICES, NET, STEP, TIMELINE
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.table import draw, position
from nnhs_tui.present.panes.widths import WIDE, net_width
from nnhs_tui.present.text.charset import UNICODE
from nnhs_tui.present.text.lines import Line, clip, line_cells, merge, unsigned
from nnhs_tui.present.text.signs import drawn_in

LEAST = (40, 12)
"""Columns and rows below which nothing useful can be shown."""
COLUMNS = 70
"""Columns from which on the net has something beside it."""
ROWS, TALL = 24, 30
STEP_ROWS = 6


@dataclass(frozen=True)
class Place:
    """Where a pane stands, from the row below the first one."""

    pane: str
    x: int
    y: int
    width: int
    height: int


def places(scene: Scene, width: int, height: int) -> list[Place]:
    """Where each pane stands.

    Args:
        height: rows of a whole screen, of which the last one is not the panes'.
    """
    inner = height - 2
    if width < COLUMNS or height < ROWS:
        top = inner - STEP_ROWS
        return [
            Place(NET.name, 0, 0, width, top),
            Place(STEP.name, 0, top, width, STEP_ROWS),
        ]
    left, inner = net_width(scene, width), inner - 1
    right = width - left - 1
    timeline = Place(TIMELINE.name, 0, inner, width, 1)
    if width < WIDE:
        step, gradients = (7, 7) if height >= TALL else (STEP_ROWS, 5)
        gradients = gradients if scene.has_gradients else 0
        below = [
            Place(STEP.name, 0, inner - gradients - step, width, step),
            Place(GRADIENTS.name, 0, inner - gradients, width, gradients),
        ]
        top = inner - gradients - step
    else:
        rows = inner - inner * 3 // 5 if height >= TALL else 10
        top = inner - rows
        across = left if scene.has_gradients else width
        below = [
            Place(STEP.name, 0, top, across, rows),
            Place(GRADIENTS.name, left + 1, top, right, rows if scene.has_gradients else 0),
        ]
    return [
        Place(NET.name, 0, 0, left, top),
        Place(MATRICES.name, left + 1, 0, right, top),
        *(each for each in below if each.height),
        timeline,
    ]


def whole_screen(scene: Scene, width: int, height: int, signs: str) -> list[Line]:
    """The panes as `height` − 1 lines of at most `width` columns; the last row is left to others.

    Args:
        signs: those that the terminal has, see `present.text.charset`.
    """
    if width < LEAST[0] or height < LEAST[1]:
        told = f"at least {LEAST[0]}×{LEAST[1]}, this is {width}×{height}"
        return [clip(((told, "text"),), width), *[()] * (max(1, height - 1) - 1)]
    rows: list[list[tuple[int, Line]]] = [[] for _ in range(height - 1)]
    rows[0] = [(0, line) for line in drawn_in(lambda w, h: [position(scene, w)], width, 1, signs)]
    has_dots = signs == UNICODE
    for place in places(scene, width, height):
        if place.height < 1:
            continue

        def drawing(columns: int, count: int, pane: str = place.pane) -> list[Line]:
            return draw(pane, scene, columns, count, has_dots=has_dots)

        for y, line in enumerate(drawn_in(drawing, place.width, place.height, signs)):
            rows[1 + place.y + y].append((place.x, line))
    return [_joined(row) for row in rows]


def _joined(row: list[tuple[int, Line]]) -> Line:
    """Lines that stand beside each other as one."""
    found: Line = ()
    for x, line in row:
        missing = x - line_cells(found)
        found += ((" " * missing, "text"),) if missing > 0 else ()
        found += line
    return unsigned(merge(found))
