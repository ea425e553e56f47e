"""The picture of elementary nodes: a circle an operation, above each edge its value, below it its
gradient, as computational graphs are drawn by hand.

A graph is drawn so, and a network on demand. Where there is no room for all, the node in work
stands between what feeds it and what uses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.autodiff.signs import sign_of
from nnhs_tui.commands.panes import NET
from nnhs_tui.debugger.quantity import NEW, VALUE
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.pictures.circuit_places import (
    MOST,
    Columns,
    Places,
    Room,
    Size,
    around,
    by_depth,
    operands_of,
    place,
)
from nnhs_tui.present.panes.pictures.dots import Cells, line_of_dots, put_dots
from nnhs_tui.present.panes.pictures.marker import node_label
from nnhs_tui.present.panes.pictures.nodes import MOST_SAMPLES, neurons
from nnhs_tui.present.text.lines import Canvas, Line, cells, fit, standing_for, title, window

LONGEST = 16
"""Columns of a name at most."""
MANY_STEPS = 400
"""Of a longer step only the last part is marked."""

Edge = tuple[int, int]
"""(operand, operation)."""


def draw_circuit(
    scene: Scene,
    width: int,
    height: int,
    scroll: tuple[int, int] = (0, 0),
    marker: int | None = None,
    *,
    has_dots: bool = False,
    has_new: bool = True,
) -> list[Line]:
    """The elementary nodes in `width` × `height` cells.

    Args:
        scroll: rows by which the part of a column that is too high is moved on.
        marker: id of the node chosen by keys, which is in view then.
        has_dots: whether lines may be made of braille dots.
        has_new: whether new parameters may be shown.
    """
    at, note = _places(scene, width, height - 1, marker, scroll[0])
    canvas = Canvas(width, max(0, height - 1))
    _draw_edges(canvas, scene, at, has_dots=has_dots)
    for number, column in enumerate(at.columns):
        for node in column:
            _draw_node(canvas, scene, node, at, number, is_chosen=node == marker, has_new=has_new)
    label = "graph" if scene.run.tape.is_graph else "elementary nodes"
    return [title(NET.number, label, width, note), *canvas.lines()]


def circuit_nodes(scene: Scene, width: int, height: int, marker: int | None) -> Columns:
    """The ids of the picture's nodes, column by column."""
    return _places(scene, width, height - 1, marker)[0].columns


def _places(
    scene: Scene, width: int, height: int, marker: int | None, scroll: int = 0
) -> tuple[Places, str]:
    """Where everything stands, and what is shown of the net where that is not all."""
    tape = scene.run.tape
    roomy = Room(width, height, _Sizes(scene))
    if tape.size - len(tape.constants) <= MOST:
        tight = Room(width, height, _Sizes(scene, is_tight=True), is_tight=True)
        for room in (roomy, tight):
            if room.fits(by_depth(tape)):
                return place(tape, by_depth(tape), room), ""
    middle = _in_work(scene) if marker is None else marker
    near = {middle, *(each for edge in edges_in_work(scene) for each in edge)}

    def cut(column: Sequence[int]) -> Sequence[int]:
        hot = next((at for at, node in enumerate(column) if node in near), None)
        return column[slice(*window(len(column), roomy.rows, hot, scroll))]

    at = place(tape, around(tape, middle, roomy, cut), roomy)
    feeds = operands_of(tape, middle)
    seen = sum(each in at.rows for each in feeds)
    of = f", {seen} of {len(feeds)} terms" if seen < len(feeds) else ""
    return at, f"around {scene.names.name(middle) or 'this number'}{of}"


def _in_work(scene: Scene) -> int:
    """The operation of the step, in the update the parameter; before any step the result."""
    return scene.step.node if scene.step.node >= 0 else scene.run.tape.size - 1


class _Sizes(dict[int, Size]):
    """How wide nodes are, whatever is known of them yet; worked out when it is asked for.

    Where it is tight, value and gradient begin over the circle and not behind it.
    """

    def __init__(self, scene: Scene, *, is_tight: bool = False) -> None:
        super().__init__()
        self._scene, self._is_tight = scene, is_tight

    def __missing__(self, node: int) -> Size:
        scene, name = self._scene, _name(self._scene, node)
        is_given, label = node < scene.run.tape.leaves, _label_width(scene, node)
        head = cells(name) + 2 if is_given else cells(_circle(scene, node))
        if not is_given and name:
            label = max(label, cells(name) + 1 + _value_width(scene, node))
        if self._is_tight:
            self[node] = Size(head, label if is_given else max(1, label - head))
        else:
            self[node] = Size(head, label + 1)
        return self[node]


def _value_width(scene: Scene, node: int) -> int:
    """Of a value, in whatever sample, so that nothing moves between them."""
    values = [record.value[node] for record in _records(scene)]
    if node < scene.run.tape.parameters:
        values.append(scene.round.after[node])
    # With edits, a * before each number that differs.
    return max(cells(scene.show(each)) for each in values) + (scene.base is not None)


def _label_width(scene: Scene, node: int) -> int:
    """The columns that a value and its gradient take."""
    if not _has_gradient(scene, node):
        return _value_width(scene, node)
    gradients = (record.gradient[node] for record in _records(scene))
    gradient = max(cells(scene.show(each)) for each in gradients) + (scene.base is not None)
    # Two for the sign ∂, one for the + of a sum that is not whole yet.
    grows = len(scene.run.schedule.arrivals(node)) > 1
    return max(_value_width(scene, node), gradient + 2 + grows)


def _records(scene: Scene) -> Iterator[Record]:
    for sample in range(min(len(scene.run.samples), MOST_SAMPLES)):
        yield scene.run.record(scene.round_number, sample)


def _has_gradient(scene: Scene, node: int) -> bool:
    """Whether a step finds how the result depends on a value, or it is known from the start.

    Of a target none does, nor of a term of the loss: the slope of a loss goes right to the outputs.
    """
    tape = scene.run.tape
    ends = (tape.loss.total,) if tape.loss else tape.outputs
    return node in ends or bool(scene.run.schedule.arrivals(node))


def _name(scene: Scene, node: int) -> str:
    """What a value is called here; "" for one that nobody would ask for by its name."""
    tape = scene.run.tape
    if tape.is_graph:
        name = scene.names.name(node)
    elif node == (tape.loss.total if tape.loss else None):
        name = "L"
    else:
        name = _symbol(scene, node)
    return fit(name, min(cells(name), LONGEST))


def _symbol(scene: Scene, node: int) -> str:
    """Of a network a given value's symbol, and h1 or o1 for what a neuron hands on."""
    tape = scene.run.tape
    if node < tape.leaves:
        return scene.names.symbol(node)
    return next((neuron.label for neuron in neurons(tape) if neuron.values[-1] == node), "")


def _circle(scene: Scene, node: int, *, is_chosen: bool = False) -> str:
    sign = sign_of(scene.run.tape, node)
    # `(o-t)²` has its circle already.
    return sign if sign[0] == "(" and not is_chosen else node_label(sign, is_chosen)


def _draw_node(
    canvas: Canvas,
    scene: Scene,
    node: int,
    at: Places,
    number: int,
    *,
    is_chosen: bool,
    has_new: bool,
) -> None:
    """A node before its wire, on which its value and its gradient stand."""
    tape, row, left = scene.run.tape, at.rows[node], at.wires[number]
    name, is_given = _name(scene, node), node < tape.leaves
    is_hot = node in (_in_work(scene), scene.step.target) or scene.made(node)
    role = standing_for("current" if is_hot else "text", f"node:{node}")
    if is_given:
        head = node_label(name, is_chosen=True) if is_chosen else f" {name} "
    else:
        head = _circle(scene, node, is_chosen=is_chosen)
    canvas.write(row, left - cells(head), head, role)
    canvas.horizontal(row, left, at.ends[number] - 1)
    column = begin = at.label(number, 0 if is_given else cells(head))
    if not is_given and name:
        canvas.write(row - 1, column, name, role)
        column += cells(name) + 1
    _draw_value(canvas, scene, node, row - 1, column, has_new=has_new)
    if scene.backward_offset >= 0 and _has_gradient(scene, node):
        _draw_gradient(canvas, scene, node, row + 1, begin)


def _draw_value(
    canvas: Canvas, scene: Scene, node: int, row: int, column: int, *, has_new: bool
) -> None:
    is_new = has_new and node < scene.run.tape.parameters and scene.updated(node)
    value = scene.round.after[node] if is_new else scene.value(node)
    role = "unknown" if value is None else "changed" if is_new or scene.made(node) else "text"
    star = "*" if value is not None and scene.value_differs(node) else ""
    what = f"{NEW if is_new else VALUE}:{node}"
    canvas.write(row, column, star + scene.show(value), standing_for(role, what))


def _draw_gradient(canvas: Canvas, scene: Scene, node: int, row: int, column: int) -> None:
    tape, gradient = scene.run.tape, scene.gradient(node)
    found = gradient.current
    role = "unknown" if found is None else "backward"
    role += " parameter" if node < tape.parameters else ""
    role += " changed" if scene.moved(node) else ""
    star = "*" if found is not None and scene.gradient_differs(node) else ""
    rest = "" if gradient.settled or found is None else "+"
    canvas.write(row, column, "∂ ", "unknown" if found is None else "backward")
    text = f"{star}{scene.show(found)}{rest}"
    canvas.write(row, column + 2, text, standing_for(role, f"grad:{node}"))


# The edges between the nodes


def edges_in_work(scene: Scene) -> set[Edge]:
    """(operand, operation) of the edges that the step is about."""
    tape, schedule = scene.run.tape, scene.run.schedule
    start, stop = scene.span
    start = max(start, stop - MANY_STEPS)
    if scene.phase == UPDATE:
        return set()
    if scene.phase == FORWARD:
        nodes = range(scene.step.node - (stop - start) + 1, scene.step.node + 1)
        return {(each, node) for node in nodes for each in operands_of(tape, node)}
    found = set()
    for index in range(start, stop):
        step = schedule.step(index)
        if step.place is not None:
            found.add((int(tape.operands(step.node)[step.place]), step.node))
    return found


def _draw_edges(canvas: Canvas, scene: Scene, at: Places, *, has_dots: bool) -> None:
    """A line from the wire of every operand to its operation; those of the step on top."""
    tape = scene.run.tape
    edges = [
        (each, node)
        for node in at.rows
        for each in dict.fromkeys(operands_of(tape, node))
        if each in at.rows and at.column(each) < at.column(node)
    ]
    hot = [each for each in edges if each in edges_in_work(scene)]
    if has_dots:
        role = "path backward" if scene.phase == BACKWARD else "path"
        plain = (_dots(scene, at, each) for each in edges if each not in hot)
        put_dots(canvas, plain, (_dots(scene, at, each) for each in hot), role)
    else:
        for edge in edges:
            _bend(canvas, scene, at, edge, is_hot=False)
    for edge in hot:
        operand, node = edge
        start = at.column(operand)
        canvas.horizontal(at.rows[operand], at.wires[start], at.ends[start] - 1, path=True)
        if not has_dots:
            _bend(canvas, scene, at, edge, is_hot=True)
        if scene.phase == FORWARD:
            canvas.write(at.rows[node], _left(scene, at, node) - 1, "►", "path")
        else:
            canvas.write(at.rows[operand], at.ends[start], "◄", "path backward")


def _left(scene: Scene, at: Places, node: int) -> int:
    """Where the circle of an operation begins."""
    return at.wires[at.column(node)] - cells(_circle(scene, node))


def _dots(scene: Scene, at: Places, edge: Edge) -> Cells:
    operand, node = edge
    start = float(at.ends[at.column(operand)]), at.rows[operand] + 0.5
    return line_of_dots(start, (_left(scene, at, node) - 0.5, at.rows[node] + 0.5))


def _bend(canvas: Canvas, scene: Scene, at: Places, edge: Edge, *, is_hot: bool) -> None:
    operand, node = edge
    row, to_row = at.rows[operand], at.rows[node]
    start, stop = at.ends[at.column(operand)], _left(scene, at, node) - 1
    # Every operation of a column has a bend of its own, so that no two of them seem joined.
    column = [each for each in at.columns[at.column(node)] if each >= scene.run.tape.leaves]
    first = at.ends[at.column(node) - 1]
    room = max(1, _first_head(scene, at, column) - 1 - first)
    bend = first + room - 1 - column.index(node) % room
    canvas.horizontal(row, start, bend - 1, path=is_hot)
    canvas.arm(row, bend, left=True, path=is_hot)
    canvas.vertical(bend, row, to_row, path=is_hot)
    canvas.arm(to_row, bend, left=False, path=is_hot)
    canvas.horizontal(to_row, bend + 1, stop, path=is_hot)


def _first_head(scene: Scene, at: Places, column: list[int]) -> int:
    return min(_left(scene, at, node) for node in column)
