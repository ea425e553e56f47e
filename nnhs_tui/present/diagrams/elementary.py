"""Elementary nodes as a diagram: a circle an operation, above its line the value, below it the
gradient. Where they stand is worked out in cells, as for a terminal."""

from __future__ import annotations

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.diagrams.shapes import ADVANCE, LINE, Diagram, Disc, Edge, Point, Text
from nnhs_tui.present.panes.pictures.circuit import Written, edges_in_work, places_of, written
from nnhs_tui.present.panes.pictures.circuit_places import Places
from nnhs_tui.present.text.lines import cells
from nnhs_tui.present.text.svg_shapes import HEIGHT, WIDTH

RADIUS = 15.0
MARGIN = 12.0


def elementary_diagram(
    scene: Scene, columns: int, rows: int, *, to_fill_in: bool = False
) -> Diagram:
    """The elementary nodes at a step in the room of so many cells at most.

    Where that is too little they are seen around the step.

    Args:
        to_fill_in: whether what is not known yet is to be written onto the lines by hand.
    """
    at, _ = places_of(scene, columns, rows, None)
    diagram = Diagram(at.ends[-1] * WIDTH + 2 * MARGIN, rows * HEIGHT + 2 * MARGIN)
    hot = edges_in_work(scene)
    is_back = scene.phase == BACKWARD
    for edge in at.edges:
        is_hot = edge in hot
        role = "dim" if not is_hot else "path backward" if is_back else "path"
        points = _way(scene, at, edge)
        diagram.edges.append(Edge(points, role, is_hot, is_back))
    for number, column in enumerate(at.columns):
        for node in column:
            _draw_node(diagram, at, node, number, written(scene, node), to_fill_in=to_fill_in)
    return diagram


def _way(scene: Scene, at: Places, edge: tuple[int, int]) -> tuple[Point, ...]:
    """The points of a line: from behind the wire of the operand to the circle of the operation."""
    way = at.way(edge)
    points = [(_x(at.ends[way[0][0]]), _y(way[0][1]))]
    for column, row in way[1:-1]:
        points += [(_x(at.begins[column]), _y(row)), (_x(at.ends[column]), _y(row))]
    column, row = way[-1]
    half = _half_width(written(scene, edge[1]))
    return (*points, (_middle(at, column, written(scene, edge[1])) - half, _y(row)))


def _draw_node(
    diagram: Diagram, at: Places, node: int, number: int, told: Written, *, to_fill_in: bool
) -> None:
    y, end = _y(at.rows[node]), _x(at.ends[number])
    middle = _middle(at, number, told)
    is_hot = told.role.split()[0] == "current"
    start = middle + _half_width(told)
    if told.is_given:
        start = _x(at.wires[number])
        left = start - (cells(told.head.strip()) + 1) * ADVANCE
        text = Text(left, y, told.head.strip(), told.role, is_centred=False)
        diagram.texts.append(text)
    else:
        diagram.discs.append(Disc(middle, y, _half_width(told), RADIUS, is_hot))
        diagram.texts.append(Text(middle, y, _sign(told), told.role))
    diagram.edges.append(Edge(((start, y), (end, y))))
    left = _x(at.label(number, 0 if told.is_given else cells(told.head))) + 4
    # Over a circle they stand clear of it.
    beside = (RADIUS if at.is_tight and not told.is_given else 3) + LINE / 2
    above, below = y - beside, y + beside
    if told.name:
        diagram.texts.append(Text(left, above, told.name, told.role, is_centred=False))
    value, role = told.value
    behind = (cells(told.name) + 1) * ADVANCE if told.name else 0
    if value != UNKNOWN or not to_fill_in:
        diagram.texts.append(Text(left + behind, above, value, role, is_centred=False))
    if told.gradient is not None:
        gradient, role = told.gradient
        sign = "unknown" if "unknown" in role.split() else "backward"
        diagram.texts.append(Text(left, below, "∂", sign, is_centred=False))
        diagram.texts.append(Text(left + 2 * ADVANCE, below, gradient, role, is_centred=False))


def _sign(told: Written) -> str:
    """What stands in the circle, without the brackets that are one in a terminal."""
    is_bracketed = told.head[0] == "(" and told.head[-1] == ")"
    # A point alone is hardly seen.
    return (told.head[1:-1] if is_bracketed else told.head).replace("·", "×")


def _half_width(told: Written) -> float:
    return max(RADIUS, cells(_sign(told)) * ADVANCE / 2 + 6)


def _middle(at: Places, number: int, told: Written) -> float:
    """Of a circle, which ends where the wire begins."""
    return _x(at.wires[number]) - _half_width(told)


def _x(column: int) -> float:
    return MARGIN + column * WIDTH


def _y(row: int) -> float:
    return MARGIN + (row + 0.5) * HEIGHT
