"""How each pane of the debugger is drawn, by its name: a pure function of scene and size."""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.commands.panes import GRADIENTS, MATRICES, NET, STEP, TIMELINE
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.graph_matrices import draw_graph
from nnhs_tui.present.panes.ledger import draw_ledger
from nnhs_tui.present.panes.matrix import draw_matrices
from nnhs_tui.present.panes.opened import draw_curve
from nnhs_tui.present.panes.pictures.circuit import circuit_nodes, draw_circuit
from nnhs_tui.present.panes.pictures.marker import Columns, moved
from nnhs_tui.present.panes.pictures.net import draw_net, net_nodes, node_in_work
from nnhs_tui.present.panes.step import draw_step
from nnhs_tui.present.panes.timeline import draw_timeline, moved_step, position
from nnhs_tui.present.text.lines import Line, clip

__all__ = ["draw", "move_marker", "position"]

Draw = Callable[[Scene, int, int, tuple[int, int]], list[Line]]
NETWORK: dict[str, Draw] = {
    NET.name: draw_net,
    STEP.name: draw_step,
    MATRICES.name: draw_matrices,
    GRADIENTS.name: draw_ledger,
    TIMELINE.name: draw_timeline,
}
GRAPH: dict[str, Draw] = {**NETWORK, NET.name: draw_circuit, MATRICES.name: draw_graph}


def draw(
    pane: str,
    scene: Scene,
    width: int,
    height: int,
    scroll: tuple[int, int] = (0, 0),
    marker: int | None = None,
    *,
    has_dots: bool = False,
) -> list[Line]:
    """A pane as at most `height` lines of at most `width` columns.

    Args:
        scroll: how far it was scrolled by hand (rows, columns) from where the cursor put it.
        marker: what is chosen by keys: in the net a node's id, on the timeline a node step.
        has_dots: whether the terminal has braille dots, for the edges of a network.
    """
    if width < 1 or height < 1:
        return []
    if pane == NET.name:
        draw_picture = draw_circuit if scene.as_nodes else draw_net
        lines = draw_picture(scene, width, height, scroll, marker, has_dots=has_dots)
    elif pane == TIMELINE.name:
        lines = draw_timeline(scene, width, height, scroll, marker)
    elif pane == MATRICES.name and scene.opened:
        lines = draw_curve(scene, width, height, scroll)
    else:
        table = GRAPH if scene.run.tape.is_graph else NETWORK
        lines = table[pane](scene, width, height, scroll)
    return [clip(line, width) for line in lines[:height]]


def move_marker(
    pane: str, scene: Scene, width: int, height: int, marker: int | None, by: tuple[int, int]
) -> int | None:
    """Where the marker of a pane comes to, (rows, columns) further; None where there is none.

    It sets out from what is in work.
    """
    if pane == TIMELINE.name:
        start = scene.index if marker is None else marker
        return moved_step(scene, width, height, start, *by)
    if pane != NET.name:
        return None
    columns: Columns
    if scene.as_nodes:
        columns, start = circuit_nodes(scene, width, height, marker), scene.step.node
    else:
        columns, start = net_nodes(scene), node_in_work(scene)
    return moved(columns, start if marker is None else marker, *by)
