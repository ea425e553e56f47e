"""The picture of a chain, a neuron a layer, in several rows: where one row of it is too wide.

A line leads from the end of each row to the beginning of the next one. Weights stand on their edges
as in `whole.py`; the lines are those of every terminal, since no edge slants.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.pictures.edges import NODE, gap_width
from nnhs_tui.present.panes.pictures.nodes import Column, draw_column
from nnhs_tui.present.panes.pictures.whole import draw_label, edges_in_work
from nnhs_tui.present.text.lines import Canvas, Line

TURN = 2
"""Columns behind the last node of a row in which its line turns down."""


@dataclass(frozen=True)
class Chain:
    """Where the nodes and weights of a chain stand, from the upper left corner."""

    nodes: tuple[tuple[int, int], ...]
    """(row of its name, first column) of each."""
    labels: tuple[tuple[int, int] | None, ...]
    """The same of the weight of each gap; None where none stands there."""
    widths: tuple[int, ...]
    """Of each gap the columns that are kept for its weight."""


@lru_cache(32)
def chain_places(
    sizes: tuple[int, ...], labels: tuple[int, ...], width: int, height: int
) -> Chain | None:
    """Where a chain stands in so much room; None where it is too large for it.

    Args:
        sizes: columns of cells of each node.
        labels: of each gap the columns of its weight; 0 where none is to stand there.
    """
    if sizes[0] + TURN > width:
        return None
    row, right = 0, sizes[0]
    nodes, found = [(0, 0)], []
    for place, (size, label) in enumerate(zip(sizes[1:], labels, strict=True), start=1):
        turn = TURN if place < len(sizes) - 1 else 0
        taken = gap_width(label) + size + turn
        if right + taken > width:
            row, right = row + NODE + 1, 0
            if taken > width:
                return None
        found.append((row, right + 2) if label else None)
        right += gap_width(label)
        nodes.append((row, right))
        right += size
    if row + NODE > height:
        return None
    top = (height - row - NODE) // 2
    return Chain(
        tuple((y + top, x) for y, x in nodes),
        tuple(at and (at[0] + top, at[1]) for at in found),
        labels,
    )


def draw_chain(
    scene: Scene,
    columns: list[Column],
    sizes: list[int],
    at: Chain,
    width: int,
    height: int,
    marker: int | None,
    *,
    with_all: bool,
) -> list[Line]:
    """A chain at its places: its lines, on them the weights, and the nodes."""
    canvas = Canvas(width, height)
    hot = set(edges_in_work(scene, [(gap, 0, 0) for gap in range(len(at.labels))]))
    for gap, label in enumerate(at.labels):
        is_hot = (gap, 0, 0) in hot
        _draw_edge(canvas, scene, at, sizes, gap, is_hot=is_hot)
        if label is not None:
            draw_label(canvas, scene, (gap, 0, 0), (*label, 2), at.widths[gap], is_hot=is_hot)
    for column, size, (row, left) in zip(columns, sizes, at.nodes, strict=True):
        draw_column(canvas, scene, column, (0, 1), left, size, [row], marker, with_all=with_all)
    return canvas.lines()


def _draw_edge(
    canvas: Canvas, scene: Scene, at: Chain, sizes: list[int], gap: int, *, is_hot: bool
) -> None:
    """The line from a node to the next, perhaps down to the next row; in work it is doubled."""
    (row, left), (below, stop) = at.nodes[gap], at.nodes[gap + 1]
    start = left + sizes[gap]
    if row == below:
        canvas.horizontal(row, start, stop - 1, path=is_hot)
    else:
        turn, between = start + TURN - 1, row + NODE
        canvas.horizontal(row, start, turn - 1, path=is_hot)
        canvas.arm(row, turn, left=True, path=is_hot)
        canvas.vertical(turn, row, between, path=is_hot)
        canvas.arm(between, turn, left=True, path=is_hot)
        canvas.horizontal(between, 1, turn - 1, path=is_hot)
        canvas.arm(between, 0, left=False, path=is_hot)
        canvas.vertical(0, between, below, path=is_hot)
        canvas.arm(below, 0, left=False, path=is_hot)
        canvas.horizontal(below, 1, stop - 1, path=is_hot)
    if is_hot and scene.phase == FORWARD:
        canvas.write(below, stop - 1, "►", "path")
    elif is_hot and scene.phase == BACKWARD:
        canvas.write(row, start, "◄", "path backward")
