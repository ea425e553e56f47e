"""How wide the net is beside the matrices: as wide as what it has to say, and no wider.

It follows from the scenario and the size of the terminal, so it does not change from step to step.
"""

from __future__ import annotations

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.pictures.net import bus_width, width_with_edges

USUAL = 44
"""Columns of the net on a screen of 80: the two-layer net from its inputs to its loss."""
LEAST = 24
WIDE = 110
"""Columns from which on the net stands over the step, and the matrices over the gradients."""
BESIDE = 60
"""Columns that matrices and gradients need there."""


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
    return max(half, min(width_with_edges(scene), width - 1 - BESIDE))
