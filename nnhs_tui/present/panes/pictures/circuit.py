"""The picture of elementary nodes: a circle an operation, above each edge its value, below it its
gradient, as computational graphs are drawn by hand.

A graph is drawn so, and a network on demand. Where there is no room for all, the node in work
stands between what feeds it and what uses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.commands.panes import NET
from nnhs_tui.debugger.quantity import NEW, VALUE
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.pictures.circuit_places import (
    CELL,
    MOST,
    Columns,
    Edge,
    Places,
    Room,
    around,
    by_depth,
    is_room,
    operands_of,
    place,
)
from nnhs_tui.present.panes.pictures.circuit_words import Sizes, circle, has_gradient, name_of_node
from nnhs_tui.present.panes.pictures.dots import Cells, line_of_dots, put_dots
from nnhs_tui.present.panes.pictures.marker import node_label
from nnhs_tui.present.text.lines import Canvas, Line, Run, cells, standing_for, title, window

MANY_STEPS = 400
"""Of a longer step only the last part is marked."""


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
    at, note = places_of(scene, width, height - 1, marker, scroll[0])
    canvas = Canvas(width, max(0, height - 1))
    _draw_edges(canvas, scene, at, has_dots=has_dots)
    for number, column in enumerate(at.columns):
        for node in column:
            told = written(scene, node, is_chosen=node == marker, has_new=has_new)
            _draw_node(canvas, at, node, number, told)
    label = "graph" if scene.run.tape.is_graph else "elementary nodes"
    return [title(NET.number, label, width, note), *canvas.lines()]


def circuit_width(scene: Scene) -> int:
    """The columns in which all nodes have room; 0 where there are too many of them."""
    tape = scene.run.tape
    if tape.size - len(tape.constants) > MOST:
        return 0
    room = Room(0, 0, Sizes(scene))
    columns = by_depth(tape)
    used = sum(room.widest(column, part) for column in columns for part in ("head", "wire"))
    return used + room.gap * (len(columns) - 1)


def circuit_nodes(scene: Scene, width: int, height: int, marker: int | None) -> Columns:
    """The ids of the picture's nodes, column by column."""
    return places_of(scene, width, height - 1, marker)[0].columns


def places_of(
    scene: Scene, width: int, height: int, marker: int | None = None, scroll: int = 0
) -> tuple[Places, str]:
    """Where everything stands, and what is shown of the net where that is not all."""
    tape = scene.run.tape
    roomy = Room(width, height, Sizes(scene))
    if tape.size - len(tape.constants) <= MOST:
        tight = Room(width, height, Sizes(scene, is_tight=True), is_tight=True)
        for room in (roomy, tight):
            if is_room(tape, by_depth(tape), room):
                return place(tape, by_depth(tape), room), ""
    middle = _in_work(scene) if marker is None else marker
    feeds = operands_of(tape, middle)
    near = {each for edge in edges_in_work(scene) for each in edge}
    hot = next((at for at, each in enumerate(feeds) if each in near), None)
    begin, _ = window(len(feeds), max(1, height // CELL), hot, scroll)
    at = place(tape, around(tape, middle, roomy, begin), roomy)
    seen = sum(each in at.rows for each in feeds)
    of = f", {seen} of {len(feeds)} terms" if seen < len(feeds) else ""
    return at, f"around {scene.names.name(middle) or 'this number'}{of}"


def _in_work(scene: Scene) -> int:
    """The operation of the step, in the update the parameter; before any step the result."""
    return scene.step.node if scene.step.node >= 0 else scene.run.tape.size - 1


@dataclass(frozen=True)
class Written:
    """What is written at a node: texts with their roles."""

    head: str
    name: str
    """Of an operation's result; "" where it has none, or the head says it."""
    role: str
    """Of both."""
    value: Run
    gradient: Run | None
    """None where there is none, or not yet."""
    is_given: bool


def written(scene: Scene, node: int, *, is_chosen: bool = False, has_new: bool = True) -> Written:
    """What is written at a node at this step."""
    name, is_given = name_of_node(scene, node), node < scene.run.tape.leaves
    is_hot = node in (scene.step.node, scene.step.target) or scene.made(node)
    if is_given:
        head, name = node_label(name, is_chosen=True) if is_chosen else f" {name} ", ""
    else:
        head = circle(scene, node, is_chosen=is_chosen)
    is_found = scene.backward_offset >= 0 and has_gradient(scene, node)
    return Written(
        head,
        name,
        standing_for("current" if is_hot else "text", f"node:{node}"),
        _value(scene, node, has_new=has_new),
        _gradient(scene, node) if is_found else None,
        is_given,
    )


def _value(scene: Scene, node: int, *, has_new: bool) -> Run:
    is_new = has_new and node < scene.run.tape.parameters and scene.updated(node)
    value = scene.round.after[node] if is_new else scene.value(node)
    role = "unknown" if value is None else "changed" if is_new or scene.made(node) else "text"
    star = "*" if value is not None and scene.value_differs(node) else ""
    return star + scene.show(value), standing_for(role, f"{NEW if is_new else VALUE}:{node}")


def _gradient(scene: Scene, node: int) -> Run:
    gradient = scene.gradient(node)
    found = gradient.current
    role = "unknown" if found is None else "backward"
    role += " parameter" if node < scene.run.tape.parameters else ""
    role += " changed" if scene.moved(node) else ""
    star = "*" if found is not None and scene.gradient_differs(node) else ""
    rest = "" if gradient.settled or found is None else "+"
    return f"{star}{scene.show(found)}{rest}", standing_for(role, f"grad:{node}")


def _draw_node(canvas: Canvas, at: Places, node: int, number: int, told: Written) -> None:
    """A node before its wire, on which its value and its gradient stand."""
    row, left = at.rows[node], at.wires[number]
    canvas.write(row, left - cells(told.head), told.head, told.role)
    canvas.horizontal(row, left, at.ends[number] - 1)
    column = begin = at.label(number, 0 if told.is_given else cells(told.head))
    if told.name:
        canvas.write(row - 1, column, told.name, told.role)
        column += cells(told.name) + 1
    canvas.write(row - 1, column, *told.value)
    if told.gradient is not None:
        sign = "unknown" if "unknown" in told.gradient[1].split() else "backward"
        canvas.write(row + 1, begin, "∂ ", sign)
        canvas.write(row + 1, begin + 2, *told.gradient)


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
    in_work = edges_in_work(scene)
    hot = [each for each in at.edges if each in in_work]
    plain = [each for each in at.edges if each not in in_work]
    for edge in (*plain, *hot):
        for column, row in at.way(edge)[1:-1]:
            stop = at.ends[column] - 1
            canvas.horizontal(row, at.begins[column], stop, path=edge in in_work)
    if has_dots:
        role = "path backward" if scene.phase == BACKWARD else "path"
        put_dots(canvas, _dots(scene, at, plain), _dots(scene, at, hot), role)
    else:
        for edge in (*plain, *hot):
            _bend(canvas, scene, at, edge, is_hot=edge in in_work)
    for edge in hot:
        (start, row), *_, (stop, to_row) = at.way(edge)
        canvas.horizontal(row, at.wires[start], at.ends[start] - 1, path=True)
        if scene.phase == FORWARD:
            left = at.wires[stop] - cells(circle(scene, edge[1]))
            canvas.write(to_row, left - 1, "►", "path")
        else:
            canvas.write(row, at.ends[start], "◄", "path backward")


Hop = tuple[tuple[int, int], tuple[int, int]]
"""(column of cells, row) from where to where a line leads between two columns of nodes."""


def _hops(scene: Scene, at: Places, edge: Edge) -> Iterator[Hop]:
    """The parts of a line that lie between columns of nodes."""
    way = at.way(edge)
    left = at.wires[way[-1][0]] - cells(circle(scene, edge[1]))
    for (column, row), (following, to_row) in pairwise(way):
        stop = left if following == way[-1][0] else at.begins[following]
        yield (at.ends[column], row), (stop - 1, to_row)


def _dots(scene: Scene, at: Places, edges: Iterable[Edge]) -> Iterator[Cells]:
    for edge in edges:
        for (start, row), (stop, to_row) in _hops(scene, at, edge):
            yield line_of_dots((float(start), row + 0.5), (stop + 0.5, to_row + 0.5))


def _bend(canvas: Canvas, scene: Scene, at: Places, edge: Edge, *, is_hot: bool) -> None:
    for ((start, row), (stop, to_row)), (number, _) in zip(
        _hops(scene, at, edge), at.way(edge)[1:], strict=True
    ):
        # Every operation of a column has a bend of its own, so that no two of them seem joined.
        rows = sorted({way[1] for way in _ways_into(at, number)})
        room = max(1, at.begins[number] - 1 - start)
        bend = start + room - 1 - rows.index(to_row) % room
        canvas.horizontal(row, start, bend - 1, path=is_hot)
        canvas.arm(row, bend, left=True, path=is_hot)
        canvas.vertical(bend, row, to_row, path=is_hot)
        canvas.arm(to_row, bend, left=False, path=is_hot)
        canvas.horizontal(to_row, bend + 1, stop, path=is_hot)


def _ways_into(at: Places, number: int) -> Iterator[tuple[int, int]]:
    """(column, row) of all that lines lead to in a column."""
    for edge in at.edges:
        yield from (each for each in at.way(edge)[1:] if each[0] == number)
