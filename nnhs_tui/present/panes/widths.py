"""How wide the net is beside the matrices: as wide as what either has to say.

First the matrices are whole, then the net, then the rest is shared. It follows from the scenario
and the size of the terminal, so it does not change from step to step.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.matrix import draw_matrices
from nnhs_tui.present.panes.pictures.circuit import circuit_width
from nnhs_tui.present.panes.pictures.net import bus_width, width_with_edges
from nnhs_tui.present.panes.tape_list import list_width
from nnhs_tui.present.text.lines import Line

USUAL = 44
"""Columns of the net on a screen of 80: the two-layer net from its inputs to its loss."""
LEAST = 24
WIDE = 110
"""Columns from which on the net stands over the step, and the matrices over the gradients."""
LEDGER = 48
"""Columns that the gradients need there."""
MOST_BESIDE, STRIDE = 112, 4
"""Columns that matrices get at most, and how exactly what they need is found out."""
ROWS = 20
"""Of a pane of matrices on such a screen."""
LOOKS = 8
"""Steps of a round at which the matrices are looked at."""


def net_width(scene: Scene, width: int) -> int:
    """The columns of the net on a screen that has so many.

    Args:
        width: columns of the screen, enough for two panes beside each other.
    """
    if scene.run.tape.is_graph:
        room = width - 1 - list_width(scene)
        wanted = circuit_width(scene)
        return max(USUAL, min(wanted, room)) if width < WIDE else _shared(width, wanted, room)
    if width < WIDE:
        return max(LEAST, min(USUAL, bus_width(scene)))
    room = width - 1 - _beside(scene)
    wanted = width_with_edges(scene)
    return _shared(width, wanted if wanted <= room else bus_width(scene), room)


def _shared(width: int, wanted: int, room: int) -> int:
    """The net's columns: what it wants, and up to half of all where the other has all it needs."""
    half = (width - 1) // 2
    return max(min(wanted, half), min(max(wanted, half), room))


def _beside(scene: Scene) -> int:
    """The columns with which as many matrices are whole as with the most."""
    total = scene.run.schedule.per_sample
    steps = range(0, total, max(1, total // LOOKS))
    scenes = [replace(scene, index=index, opened=False) for index in steps]
    wanted = [_headings(each, MOST_BESIDE) for each in scenes]
    widths = range(LEDGER, MOST_BESIDE, STRIDE)
    at = bisect_left(
        widths, True, key=lambda width: [_headings(each, width) for each in scenes] == wanted
    )
    return widths[at] if at < len(widths) else MOST_BESIDE


def _headings(scene: Scene, width: int) -> tuple[int, int]:
    """(matrices that are shown, those of which only a part is)."""
    titles = list(_titles(draw_matrices(scene, width, ROWS, (0, 0))[1:]))
    return len(titles), sum("[" in text for text in titles)


def _titles(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        yield from (text for text, role in line if role == "title")
