"""A network as a diagram: a circle a neuron with z and a in it, each weight on its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.diagrams.shapes import (
    ADVANCE,
    LINE,
    Box,
    Diagram,
    Disc,
    Edge,
    Text,
    free_place,
    spread,
)
from nnhs_tui.present.panes.pictures.edges import PLACES
from nnhs_tui.present.panes.pictures.nodes import (
    Column,
    Node,
    columns_of,
    gradient_text,
    gradient_told,
    gradients_of,
    parameter_text,
    targets_text,
    values_told,
)
from nnhs_tui.present.panes.pictures.whole import edges_in_work
from nnhs_tui.present.text.lines import cells, window

RADIUS, SMALL = 34.0, 25.0
"""Of a circle in which one can write, and of one on a sheet that has no room for that."""
MARGIN = 24.0
MOST_NODES, MOST_ON_PAPER = 12, 8
"""Neurons of a layer that are drawn below one another."""
MOST_TO_FILL_IN = 5
"""Neurons of a layer at most, if one is to write into the circles of a sheet."""
MOST_WEIGHTS = 48
"""Edges that still have room for their weights."""


@dataclass(frozen=True)
class _Place:
    """Where a column of nodes stands, and the part of it that is drawn."""

    column: Column
    part: tuple[int, int]
    x: float
    ys: tuple[float, ...]


def layers_diagram(
    scene: Scene, width: float, height: float, *, to_fill_in: bool = False
) -> Diagram:
    """The network at a step, at least so large; larger where its circles need it.

    Args:
        to_fill_in: whether what is not known yet is to be written into it by hand.
    """
    columns = columns_of(scene)
    parts = [window(c.count, MOST_ON_PAPER if to_fill_in else MOST_NODES, c.hot) for c in columns]
    tallest = max(stop - start for start, stop in parts)
    radius = _radius(scene, columns)
    if to_fill_in and tallest > MOST_TO_FILL_IN:
        radius = SMALL
    has_bias = any(layer.bias is not None for layer in scene.run.tape.layers)
    below = LINE * ((0 if to_fill_in else 1.5) + has_bias)
    pitch = 2 * radius + LINE + below + 4
    is_cut = any(stop - start < c.count for c, (start, stop) in zip(columns, parts, strict=True))
    height = max(height, MARGIN + pitch * tallest) + LINE * is_cut
    side = max(radius + MARGIN, _widest_below(scene, columns) * ADVANCE / 2 + 4)
    label = max(map(cells, _labels(scene, parts)), default=0) * ADVANCE
    gap = 2 * radius + (1.5 * label + 24 if to_fill_in else 2.2 * label + 40)
    width = max(width, 2 * side + gap * (len(columns) - 1))
    diagram = Diagram(width, height)
    inner = (width - 2 * side) / max(1, len(columns) - 1)
    places = [
        _Place(
            column,
            part,
            side + inner * number,
            tuple(
                y + (LINE - below) / 2 for y in spread(part[1] - part[0], 0, height - LINE * is_cut)
            ),
        )
        for number, (column, part) in enumerate(zip(columns, parts, strict=True))
    ]
    for place in places:
        _draw_column(diagram, scene, place, radius, to_fill_in=to_fill_in)
    _draw_edges(diagram, scene, places, radius)
    return diagram


def _radius(scene: Scene, columns: list[Column]) -> float:
    """Of a circle in which every value of the net has room."""
    widest = 0
    for column in columns:
        for node in map(column.node, range(min(column.count, 64))):
            texts = (scene.show(scene.record.value[each]) for each in node.values)
            widest = max(widest, *(cells(text) + 3 for text in texts))
    return max(RADIUS, widest * ADVANCE / 2 + 4)


def _widest_below(scene: Scene, columns: list[Column]) -> int:
    """The letters of the longest line below a circle, whatever is known of it yet."""
    widest = cells(targets_text(scene))
    for column in columns:
        for node in map(column.node, range(min(column.count, 64))):
            shown = [scene.show(scene.record.gradient[each]) for each in node.values]
            widest = max(widest, sum(cells(text) + 4 for text in shown) + 2)
    return widest


def _labels(scene: Scene, parts: list[tuple[int, int]]) -> Iterator[str]:
    """The texts of all weights that are drawn."""
    if _edge_count(parts) > MOST_WEIGHTS:
        return
    for layer in scene.run.tape.layers:
        for i in range(*parts[layer.index]):
            for j in range(*parts[layer.index + 1]):
                yield parameter_text(scene, layer.w(i, j))


def _edge_count(parts: list[tuple[int, int]]) -> int:
    sizes = [stop - start for start, stop in parts]
    return sum(a * b for a, b in pairwise(sizes))


# Nodes


def _draw_column(
    diagram: Diagram, scene: Scene, place: _Place, radius: float, *, to_fill_in: bool
) -> None:
    column = place.column
    for number, y in zip(range(*place.part), place.ys, strict=True):
        node, is_hot = column.node(number), column.hot == number or column.whole
        diagram.discs.append(Disc(place.x, y, radius, radius, is_hot))
        role = "current" if is_hot else "text"
        above = Text(place.x, y - radius - LINE / 2, node.label, role, on_line=True)
        diagram.texts.append(above)
        _draw_values(diagram, scene, node, place.x, y, radius, to_fill_in=to_fill_in)
        below = y + radius + LINE / 2 + 2
        if not column.has_gradient:
            diagram.texts.append(Text(place.x, below, targets_text(scene)))
        elif scene.backward_offset >= 0:
            _draw_gradients(diagram, scene, node, place.x, below)
        _draw_bias(diagram, scene, node, place.x, below + LINE * (not to_fill_in))
    out = column.count - (place.part[1] - place.part[0])
    if out:
        diagram.texts.append(Text(place.x, diagram.height - LINE / 2, f"⋮ {out} more", "dim"))


def _draw_values(
    diagram: Diagram,
    scene: Scene,
    node: Node,
    x: float,
    y: float,
    radius: float,
    *,
    to_fill_in: bool,
) -> None:
    """z above a; what is to be filled in has its letter at the left, and room."""
    names = ("z", "a") if len(node.values) == 2 else ("",)
    ys = (y - radius / 3, y + radius / 3) if len(names) == 2 else (y,)
    for name, (text, role), at in zip(names, values_told(scene, node), ys, strict=True):
        if to_fill_in and text == UNKNOWN and radius == SMALL:
            continue
        if to_fill_in and text == UNKNOWN:
            letter = name or ("L" if node.label == "L" else "z")
            left = x - radius * 0.78
            diagram.texts.append(Text(left, at, letter, "dim", is_centred=False))
        else:
            diagram.texts.append(Text(x, at, f"{name} {text}".strip(), role))


def _draw_gradients(diagram: Diagram, scene: Scene, node: Node, x: float, y: float) -> None:
    """The gradients of z and of a below the circle."""
    letters = dict(zip(node.values, "za", strict=False)) if len(node.values) == 2 else {}
    parts = [
        f"∂{letters.get(each, '')} {gradient_told(scene, each)[0]}"
        for each in gradients_of(scene, node)
    ]
    diagram.texts.append(Text(x, y, "  ".join(parts), "backward", on_line=True))


def _draw_bias(diagram: Diagram, scene: Scene, node: Node, x: float, y: float) -> None:
    """A neuron's bias, and its gradient as that of every parameter."""
    bias = node.bias
    if bias is None:
        return
    shown = f"b {parameter_text(scene, bias)}"
    gradient = gradient_text(scene, bias)
    role = "changed" if scene.updated(bias) else "text"
    if not gradient:
        diagram.texts.append(Text(x, y, shown, role, on_line=True))
        return
    width = (cells(shown) + 1 + cells(gradient)) * ADVANCE
    diagram.texts.append(Text(x - width / 2, y, shown, role, is_centred=False, on_line=True))
    left = x - width / 2 + (cells(shown) + 1) * ADVANCE
    diagram.texts.append(
        Text(left, y, gradient, "backward parameter", is_centred=False, on_line=True)
    )


# Edges


def _draw_edges(diagram: Diagram, scene: Scene, places: list[_Place], radius: float) -> None:
    """All lines, and on them the weights where there are not too many."""
    edges = [
        (gap, i, j)
        for gap in range(len(places) - 1)
        for i in range(*places[gap].part)
        for j in range(*places[gap + 1].part)
    ]
    hot = set(edges_in_work(scene, edges)) if scene.step.node >= 0 else set()
    taken = list(diagram.boxes())
    has_weights = _edge_count([place.part for place in places]) <= MOST_WEIGHTS
    for edge in edges:
        gap, i, j = edge
        start, stop = places[gap], places[gap + 1]
        a = start.x + radius, start.ys[i - start.part[0]]
        b = stop.x - radius, stop.ys[j - stop.part[0]]
        is_back = scene.phase == BACKWARD
        role = "dim" if edge not in hot else "path backward" if is_back else "path"
        diagram.edges.append(Edge((a, b), role, edge in hot, is_back))
        if has_weights and gap < len(scene.run.tape.layers):
            node = scene.run.tape.layers[gap].w(i, j)
            _draw_weight(diagram, scene, node, a, b, taken, is_hot=edge in hot)


def _draw_weight(
    diagram: Diagram,
    scene: Scene,
    node: int,
    a: tuple[float, float],
    b: tuple[float, float],
    taken: list[Box],
    *,
    is_hot: bool,
) -> None:
    """A weight at the first free place of its line, and under it its gradient."""
    weight, gradient = parameter_text(scene, node), gradient_text(scene, node)
    rows = [text for text in (weight, gradient) if text]
    half = max(map(cells, rows)) * ADVANCE / 2 + 2
    middles = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for share in PLACES]
    # As high as with its gradient, so that nothing moves when that is found.
    boxes = [Box(x - half, y - LINE, x + half, y + LINE) for x, y in middles]
    number = free_place(boxes, taken)
    taken.append(boxes[number])
    x, y = middles[number]
    role = "current" if is_hot else "changed" if scene.updated(node) else "text"
    diagram.texts.append(Text(x, y - LINE / 2, weight, role, on_line=True))
    if gradient:
        text = Text(x, y + LINE / 2, gradient, "backward parameter", on_line=True)
        diagram.texts.append(text)
