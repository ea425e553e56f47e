"""The picture of a whole network: every edge by itself, its weight on it.

Under a weight stands its gradient on the way back, underlined as everywhere. The edges in work are
bold and their weights reversed. Where there is no room, `net.py` draws the edges as one bus.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.quantity import NEW, VALUE
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.panes.pictures.dots import put_dots
from nnhs_tui.present.panes.pictures.edges import Edge, Geometry, Shape, gap_width, geometry
from nnhs_tui.present.panes.pictures.nodes import gradient_text, parameter_text
from nnhs_tui.present.text.lines import Canvas, cells, standing_for

MANY = 64
"""Weights of a layer that are looked at for how wide they are."""


def place_edges(
    scene: Scene, counts: list[int], sizes: list[int], rows: int, width: int, height: int
) -> Geometry | None:
    """Where the net stands in so much room; None where its edges are better drawn as a bus.

    Args:
        counts: the nodes of each column: the inputs, each layer, the loss.
        sizes: how wide each is.
        rows: how high a node is.
    """
    if sum(layer.n * layer.m for layer in scene.run.tape.layers) > 4 * MANY:
        return None
    labels = label_widths(scene, counts)
    return geometry(Shape(tuple(counts), tuple(sizes), labels, width, height, rows))


def least_width(scene: Scene, counts: list[int], sizes: list[int]) -> int:
    """The columns that the whole net takes at least, each edge by itself."""
    return sum(sizes) + sum(map(gap_width, label_widths(scene, counts)))


def label_widths(scene: Scene, counts: list[int]) -> tuple[int, ...]:
    """Of each gap between two columns how wide its weights are; 0 where there are none."""
    layers = scene.run.tape.layers
    widths = [_label_width(scene, layer) for layer in layers]
    return (*widths, *[0] * (len(counts) - 1 - len(layers)))


def _label_width(scene: Scene, layer: LayerBlock) -> int:
    """Wide enough for every weight and its gradient, known yet or not, so that nothing moves."""
    round_, widest = scene.round, 1
    for node in range(layer.weights, layer.weights + min(MANY, layer.n * layer.m)):
        numbers = (round_.before[node], round_.after[node], round_.total[node])
        widest = max(widest, *(cells(scene.show(each)) for each in numbers))
    # With edits, a * before each number that differs.
    return widest + (scene.base is not None)


def draw_edges(canvas: Canvas, scene: Scene, at: Geometry) -> None:
    """The edges; those in work last, so that they are on top."""
    hot = set(edges_in_work(scene, at.edges))
    role = "path backward" if scene.phase == BACKWARD else "path"
    plain = (found for edge, found in at.edges.items() if edge not in hot)
    put_dots(canvas, plain, (at.edges[edge] for edge in hot), role)
    for edge, place in at.labels.items():
        draw_label(canvas, scene, edge, place, at.widths[edge[0]], is_hot=edge in hot)


def edges_in_work(scene: Scene, edges: Iterable[Edge]) -> Iterator[Edge]:
    """Those of the edges that the step is about."""
    tape, layer = scene.run.tape, layer_in_work(scene)
    source, neuron = edge_in_work(scene)
    if layer is None:
        gap = len(tape.layers)
        yield from (edge for edge in edges if edge[0] == gap and neuron in (None, edge[1]))
        return
    is_row = scene.level == "neuron"
    for edge in edges:
        gap, i, j = edge
        if gap != layer.index or (scene.level != "layer" and source is None and not is_row):
            continue
        if source in (None, i) and neuron in (None, j):
            yield edge


def draw_label(
    canvas: Canvas,
    scene: Scene,
    edge: Edge,
    place: tuple[int, int, int],
    size: int,
    *,
    is_hot: bool,
) -> None:
    """A weight, and under it its gradient.

    Args:
        place: (row, column, rows): with two rows there is one for the gradient.
        size: the columns that are kept for both, whatever is known yet.
    """
    gap, i, j = edge
    node, (row, column, rows) = scene.run.tape.layers[gap].w(i, j), place
    # Before the backward pass no gradient comes, and the lines go through its row.
    for line in range(rows if scene.phase != FORWARD or scene.sample else 1):
        for blank in range(column - 1, column + size + 1):
            canvas.put(row + line, blank, " ", "text")
    is_new = scene.updated(node)
    role = "current" if is_hot else "changed" if is_new else "text"
    what = f"{NEW if is_new else VALUE}:{node}"
    canvas.write(row, column, parameter_text(scene, node), standing_for(role, what))
    gradient = gradient_text(scene, node)
    if gradient and rows > 1:
        moved = " changed" if scene.moved(node) else ""
        told = standing_for(f"backward parameter{moved}", f"grad:{node}")
        canvas.write(row + 1, column, gradient, told)
