"""The picture of a graph: the operations in columns by depth, what feeds the one in work doubled.

Where the whole graph does not fit, the operation in work stands between what feeds it and what
uses it. `draw_tape` lists all operations with their formulas, values and gradients.
"""

from __future__ import annotations

from functools import lru_cache

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.commands.panes import MATRICES, NET
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.panes.picture_cursor import node_label
from nnhs_tui.present.text.lines import (
    Canvas,
    Line,
    Run,
    cells,
    clip,
    fit,
    run,
    standing_for,
    title,
    window,
)

GAPS = (6, 4, 3)
"""Columns between two operations, the first that lets the whole graph fit."""
CELL = 3
MOST = 40
"""Operations of a graph that may be seen whole."""


def draw_graph(
    scene: Scene, width: int, height: int, scroll: tuple[int, int], marker: int | None = None
) -> list[Line]:
    """The graph, or the neighbourhood of the operation in work, in `width` × `height` cells.

    Args:
        marker: id of the node chosen by keys, which is in view then.
    """
    columns, gap = _layout(scene, width, height)
    note = ""
    if not gap:
        gap, note = GAPS[0], f"around {scene.names.name(_in_work(scene))}"
    canvas = Canvas(width, max(0, height - 1))
    places: dict[int, tuple[int, int, int]] = {}
    left = 0
    for column in columns:
        size = max((_size(scene, node) for node in column), default=1)
        middle = column.index(marker) if marker in column else None
        start, stop = window(len(column), max(1, canvas.height // CELL), middle, scroll[0])
        pitch = canvas.height / max(1, stop - start)
        for place, node in enumerate(column[start:stop]):
            row = int(place * pitch + (pitch - CELL) / 2)
            places[node] = (row, left, size)
            _draw_node(canvas, scene, node, row, left, size, node == marker)
        left += size + gap
    _draw_edges(canvas, scene, places, gap)
    return [title(NET.number, "graph", width, note), *canvas.lines()]


def graph_nodes(scene: Scene, width: int, height: int) -> list[list[int]]:
    """The ids of the picture's nodes, column by column."""
    return _layout(scene, width, height)[0]


def _layout(scene: Scene, width: int, height: int) -> tuple[list[list[int]], int]:
    """The columns of nodes and the room between them; 0 where only the neighbourhood fits."""
    tape = scene.run.tape
    columns = _by_depth(tape) if len(tape.op) <= MOST else []
    if columns and max(map(len, columns)) * CELL <= height - 1:
        used = sum(max((_size(scene, n) for n in column), default=1) for column in columns)
        for gap in GAPS:
            if used + gap * (len(columns) - 1) <= width:
                return columns, gap
    return _neighbourhood(scene), 0


def _in_work(scene: Scene) -> int:
    """The operation of the step; in the update the parameter."""
    return scene.step.node


@lru_cache(1)
def _by_depth(tape: Tape) -> list[list[int]]:
    """Named values in columns: the leaves first, then each operation behind what it needs."""
    depth: dict[int, int] = {}
    for node in range(tape.leaves, tape.size):
        operands = [o for o in tape.operands(node).tolist() if o not in tape.constant_ids]
        depth[node] = 1 + max((depth.get(o, 0) for o in operands), default=0)
    for leaf in range(tape.leaves - len(tape.constants)):
        users = [depth[n] for n in range(tape.leaves, tape.size) if leaf in tape.operands(n)]
        depth[leaf] = min(users, default=1) - 1
    columns: list[list[int]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for node in sorted(depth):
        columns[depth[node]].append(node)
    return columns


def _neighbourhood(scene: Scene) -> list[list[int]]:
    tape, node = scene.run.tape, _in_work(scene)
    feeds: list[int] = []
    if node >= tape.leaves:
        feeds = [o for o in tape.operands(node).tolist() if o not in tape.constant_ids]
    near = range(tape.leaves, min(tape.size, tape.leaves + 20_000))
    uses = [n for n in near if n > node and node in tape.operands(n)] if tape.size < 20_000 else []
    return [list(dict.fromkeys(feeds)), [node], uses[:8]]


def _size(scene: Scene, node: int) -> int:
    record = scene.record
    value, gradient = scene.show(record.value[node]), scene.show(record.gradient[node])
    return min(20, max(cells(scene.names.name(node)) + 2, cells(value), cells(gradient) + 1))


def _draw_node(
    canvas: Canvas, scene: Scene, node: int, row: int, left: int, size: int, is_chosen: bool
) -> None:
    tape, step = scene.run.tape, scene.step
    label = node_label(scene.names.name(node), is_chosen)
    name = fit(label, min(size, cells(label)))
    role = "current" if node in (_in_work(scene), step.target) else "text"
    role = standing_for(role, f"node:{node}")
    canvas.write(row, left + (size - cells(name)) // 2, name, role)
    value = scene.show(scene.value(node))
    role = "unknown" if value == UNKNOWN else "changed" if scene.made(node) else "text"
    role = standing_for(role, f"value:{node}")
    canvas.write(row + 1, left + (size - cells(value)) // 2, value, role)
    if scene.backward_offset < 0:
        return
    gradient = scene.gradient(node)
    found = gradient.current
    text = f"∂{scene.show(found)}" + ("" if gradient.settled or found is None else "+")
    role = "unknown" if found is None else "backward"
    role += " parameter" if node < tape.parameters else ""
    role += " changed" if scene.moved(node) else ""
    text = fit(text, min(cells(text), size + 2))
    role = standing_for(role, f"grad:{node}")
    canvas.write(row + 2, left + max(0, (size - cells(text)) // 2), text, role)


def _draw_edges(
    canvas: Canvas, scene: Scene, places: dict[int, tuple[int, int, int]], gap: int
) -> None:
    """A line from every operand to its operation; those of the step doubled, drawn last."""
    tape, step = scene.run.tape, scene.step
    now: list[tuple[int, int]] = []
    for node in sorted(places):
        if node < tape.leaves:
            continue
        for place, operand in enumerate(tape.operands(node).tolist()):
            if operand not in places or places[operand][1] >= places[node][1]:
                continue
            forward = scene.phase == FORWARD and node == step.node
            backward = scene.phase == BACKWARD and node == step.node and place == step.place
            if forward or backward:
                now.append((operand, node))
            _draw_edge(canvas, places, operand, node, gap, path=False)
    for operand, node in now:
        _draw_edge(canvas, places, operand, node, gap, path=True)
        row, left, size = places[operand]
        target_row, target_left, _ = places[node]
        if scene.phase == FORWARD:
            canvas.write(target_row, target_left - 1, "►", "path")
        else:
            canvas.write(row, left + size, "◄", "path backward")


def _draw_edge(
    canvas: Canvas,
    places: dict[int, tuple[int, int, int]],
    source: int,
    target: int,
    gap: int,
    *,
    path: bool,
) -> None:
    row, left, size = places[source]
    to_row, to_left, _ = places[target]
    start, stop = left + size, to_left - 1
    # Every operation of a column has a bend of its own, so that no two of them seem joined.
    beside = sorted(n for n, place in places.items() if place[1] == to_left)
    bend = stop - 1 - beside.index(target) % max(1, gap - 2)
    canvas.horizontal(row, start, bend - 1, path=path)
    canvas.arm(row, bend, left=True, path=path)
    canvas.vertical(bend, row, to_row, path=path)
    canvas.arm(to_row, bend, left=False, path=path)
    canvas.horizontal(to_row, bend + 1, stop, path=path)


def draw_tape(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The operations as a list: formula, value, gradient."""
    tape, schedule = scene.run.tape, scene.run.schedule
    count = len(tape.op)
    hot = None if scene.phase == UPDATE else scene.step.node - tape.leaves
    if hot is not None and hot < 0:
        hot = None
    start, stop = window(count, height - 1, hot, scroll[0])
    rows = []
    for place in range(start, stop):
        told = explain_step(scene, schedule.step(place))
        rows.append((tape.leaves + place, f"{told.result} = {told.formula}"))
    widest = max((cells(text) for _, text in rows), default=0)
    formula = max(4, min(widest, width - 22))
    head = fit("tape", formula + 1) + fit("value", 9, right=True) + fit("gradient", 10, right=True)
    note = f"{start + 1}–{stop} of {count}" if stop - start < count else ""
    lines = [title(MATRICES.number, head, width, note)]
    for node, text in rows:
        lines.append(clip(_tape_row(scene, node, fit(text, formula)), width))
    return lines


def _tape_row(scene: Scene, node: int, text: str) -> Line:
    value = scene.show(scene.value(node))
    gradient = scene.gradient(node) if scene.backward_offset >= 0 else None
    found = None if gradient is None else gradient.current
    hot = scene.phase != UPDATE and node == scene.step.node
    changed = " changed" if scene.made(node) else ""
    role = ("unknown" if value == UNKNOWN else "text") + changed
    slope_role = "unknown" if found is None else "backward"
    runs: list[Run] = [
        ("►" if hot else " ", "mark"),
        run(text, standing_for("mark" if hot else "text", f"node:{node}")),
        (" ", "text"),
        (fit(value, 9, right=True), standing_for(role, f"value:{node}")),
        (" ", "text"),
        (fit(scene.show(found), 9, right=True), standing_for(slope_role, f"grad:{node}")),
    ]
    return tuple(runs)
