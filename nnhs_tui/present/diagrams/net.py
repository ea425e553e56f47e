"""The diagram of a net: layers of neurons, or elementary nodes where these are asked for."""

from __future__ import annotations

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.diagrams.elementary import elementary_diagram
from nnhs_tui.present.diagrams.layers import layers_diagram
from nnhs_tui.present.diagrams.shapes import Diagram
from nnhs_tui.present.text.svg_shapes import HEIGHT, WIDTH


def net_diagram(scene: Scene, columns: int, rows: int) -> Diagram:
    """The net at a step, in the room of so many cells; layers may need more and then take it."""
    if scene.as_nodes:
        return elementary_diagram(scene, columns, rows)
    return layers_diagram(scene, columns * WIDTH, rows * HEIGHT)
