"""How wide the net is beside the matrices: as wide as what it has to say, and no wider.

It follows from the scenario and the size of the terminal, so it does not change from step to step.
"""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.matrix import draw_matrices
from nnhs_tui.present.panes.pictures.net import bus_width, width_with_edges

USUAL = 44
"""Columns of the net on a screen of 80: the two-layer net from its inputs to its loss."""
LEAST = 24
WIDE = 110
"""Columns from which on the net stands over the step, and the matrices over the gradients."""
BESIDE = range(48, 64, 4)
"""Columns that matrices and gradients may need there; they have the first with which the matrices
take no more rows than with the last."""
ROWS = 20
"""Of a pane of matrices on such a screen."""
LOOKS = 12
"""Steps of a round at which the matrices are looked at."""


def net_width(scene: Scene, width: int) -> int:
    """The columns of the net on a screen that has so many.

    Args:
        width: columns of the screen, enough for two panes beside each other.
    """
    if scene.run.tape.is_graph:
        return width // 2 if width >= WIDE else USUAL
    if width < WIDE:
        return max(LEAST, min(USUAL, bus_width(scene)))
    half = (width - 1) // 2
    wanted = width_with_edges(scene)
    if wanted <= half:
        return half
    return max(half, min(wanted, width - 1 - _beside(scene)))


def _beside(scene: Scene) -> int:
    """The columns that the matrices need."""
    total = scene.run.schedule.per_sample
    steps = range(0, total, max(1, total // LOOKS))
    scenes = [replace(scene, index=index, opened=False) for index in steps]
    wanted = [_rows(each, BESIDE[-1]) for each in scenes]
    for width in BESIDE:
        if [_rows(each, width) for each in scenes] == wanted:
            return width
    return BESIDE[-1]


def _rows(scene: Scene, width: int) -> int:
    return len(draw_matrices(scene, width, ROWS, (0, 0)))
