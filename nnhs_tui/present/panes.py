"""The panes of the debugger by name: each a pure function of scene and size."""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.core.scene import Scene
from nnhs_tui.present.graph import draw_graph, draw_tape
from nnhs_tui.present.inside import draw_curve
from nnhs_tui.present.ledger import draw_ledger
from nnhs_tui.present.lines import Line, clip
from nnhs_tui.present.matrix import draw_matrices
from nnhs_tui.present.net import draw_net
from nnhs_tui.present.step import draw_step
from nnhs_tui.present.timeline import draw_timeline, position

__all__ = ["PANES", "draw", "position"]

PANES = ("net", "step", "matrices", "gradients", "timeline")
"""Pane names, in the order of their keys 1 … 5."""

Draw = Callable[[Scene, int, int, tuple[int, int]], list[Line]]
NETWORK: dict[str, Draw] = {
    "net": draw_net,
    "step": draw_step,
    "matrices": draw_matrices,
    "gradients": draw_ledger,
    "timeline": draw_timeline,
}
GRAPH: dict[str, Draw] = {**NETWORK, "net": draw_graph, "matrices": draw_tape}


def draw(
    pane: str, scene: Scene, width: int, height: int, scroll: tuple[int, int] = (0, 0)
) -> list[Line]:
    """A pane as at most `height` lines of at most `width` columns.

    Args:
        scroll: how far it was scrolled by hand (rows, columns) from where the cursor put it.
    """
    if width < 1 or height < 1:
        return []
    table = GRAPH if scene.run.tape.is_graph else NETWORK
    if scene.opened and pane == "matrices":
        table = {pane: draw_curve}
    return [clip(line, width) for line in table[pane](scene, width, height, scroll)[:height]]
