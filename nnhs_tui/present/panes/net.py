"""The picture of a network: a column a layer, its edges as one bus, the edge in work doubled.

Under each node stand its forward values as they become known, and under these its gradient. What
does not fit is left out around the cursor, and the title says what is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.commands.panes import NET
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.panes.net_whole import draw_edges, least_width, place_edges
from nnhs_tui.present.panes.picture_cursor import node_label, place_of
from nnhs_tui.present.text.lines import Canvas, Line, cells, fit, standing_for, title, window

CELL = 3
"""Rows of a node: its name, its values, its gradient."""
MOST_SAMPLES = 8
"""Samples whose numbers are all looked at for how wide they are."""
MOST_TARGETS = 3
"""Targets that are written out beside the loss."""
GAP = 4
"""Columns between two layers: line, bus, line."""


@dataclass(frozen=True)
class Node:
    """One node of the picture."""

    label: str
    values: tuple[int, ...]
    """Ids shown under it: of a neuron z and a."""
    gradient: int
    """Id whose gradient is shown."""


@dataclass(frozen=True)
class Column:
    """A layer of the picture."""

    name: str
    count: int
    node: Callable[[int], Node]
    """The node at a place, made when it is drawn: a layer may have hundreds."""
    hot: int | None
    """Which node is in work."""
    has_gradient: bool = True
    whole: bool = False
    """Whether all of it is in work."""


def draw_net(
    scene: Scene,
    width: int,
    height: int,
    scroll: tuple[int, int],
    marker: int | None = None,
    *,
    has_dots: bool = False,
) -> list[Line]:
    """The network around the cursor in `width` × `height` cells.

    Args:
        marker: id of the node chosen by keys, which is in view then.
        has_dots: whether lines may be made of braille dots: then each edge is drawn by itself, its
            weight on it, wherever there is room.
    """
    columns = _columns(scene)
    whole = _whole(scene, columns, width, height - 1, marker) if has_dots else None
    if whole is not None:
        return [title(NET.number, NET.label, width), *whole]
    at = place_of(net_nodes(scene), marker)
    sizes = [_column_width(scene, column) for column in columns]
    first, last = _visible(columns, sizes, width, scroll[1], None if at is None else at[0])
    shown = columns[first:last]
    rows = max(1, (height - 1) // CELL)
    middles = [each.hot for each in columns]
    if at is not None:
        middles[at[0]] = at[1]
    parts = [
        window(c.count, rows, middle, scroll[0])
        for c, middle in zip(shown, middles[first:last], strict=True)
    ]
    canvas = Canvas(width, max(0, height - 1))
    left = 0
    places: list[tuple[int, list[int], int]] = []
    for column, size, part in zip(shown, sizes[first:last], parts, strict=True):
        ys = _rows(part[1] - part[0], canvas.height, max(p[1] - p[0] for p in parts))
        _draw_column(canvas, scene, column, part, left, size, ys, marker)
        places.append((left, ys, size))
        left += size + GAP
    for place in range(len(shown) - 1):
        _draw_edges(canvas, scene, shown, parts, places, place)
    return [title(NET.number, NET.label, width, _note(columns, shown, parts)), *canvas.lines()]


def _whole(
    scene: Scene, columns: list[Column], width: int, height: int, marker: int | None
) -> list[Line] | None:
    """All of the network, each edge by itself; None where there is no room for that."""
    counts = [column.count for column in columns]
    if max(counts) * CELL > height or len(scene.run.samples) > MOST_SAMPLES:
        return None
    sizes = _sizes(scene, columns)
    at = place_edges(scene, counts, sizes, width, height)
    if at is None:
        return None
    canvas = Canvas(width, height)
    draw_edges(canvas, scene, at)
    for column, left, size, tops in zip(columns, at.lefts, sizes, at.tops, strict=True):
        part = (0, column.count)
        _draw_column(canvas, scene, column, part, left, size, list(tops), marker, with_all=True)
    return canvas.lines()


def _sizes(scene: Scene, columns: list[Column], *, with_all: bool = True) -> list[int]:
    """How wide each column is: as wide as in any sample, so that nothing moves between them."""
    schedule = scene.run.schedule
    starts = range(0, schedule.update_start, schedule.per_sample)[:MOST_SAMPLES]
    scenes = [replace(scene, index=start) for start in starts] or [scene]
    return [
        max(_column_width(each, column, with_all=with_all) for each in scenes) for column in columns
    ]


def bus_width(scene: Scene) -> int:
    """The columns in which the whole net can be seen, its edges drawn as a bus."""
    sizes = _sizes(scene, _columns(scene), with_all=False)
    return sum(sizes) + GAP * (len(sizes) - 1)


def width_with_edges(scene: Scene) -> int:
    """The columns in which each of its edges can be drawn by itself."""
    columns = _columns(scene)
    return least_width(scene, [each.count for each in columns], _sizes(scene, columns))


def net_nodes(scene: Scene) -> list[list[int]]:
    """The ids of the picture's nodes, column by column: inputs, each layer's a, the loss."""
    tape = scene.run.tape
    layers = [[layer.a(j) for j in range(layer.m)] for layer in tape.layers]
    loss = [[tape.loss.total]] if tape.loss is not None else []
    return [list(tape.x), *layers, *loss]


def node_in_work(scene: Scene) -> int:
    """The id of the picture's node that the step is about, or else of the first input."""
    nodes = net_nodes(scene)
    hot = [ids[c.hot] for c, ids in zip(_columns(scene), nodes, strict=True) if c.hot is not None]
    return hot[-1] if hot else nodes[0][0]


def _columns(scene: Scene) -> list[Column]:
    tape = scene.run.tape
    source, neuron = edge_in_work(scene)
    layer_now = layer_in_work(scene)
    at_loss = scene.step.group == ("loss", 0)

    def hot(index: int) -> int | None:
        """The node in work in the column that layer `index` makes, −1 being the inputs."""
        if layer_now is not None and layer_now.index == index:
            return neuron
        if layer_now is not None and layer_now.index == index + 1:
            return source
        return neuron if at_loss and index == len(tape.layers) - 1 else None

    def input_node(place: int) -> Node:
        return Node(scene.names.symbol(tape.x[place]), (tape.x[place],), tape.x[place])

    columns = [Column("inputs", len(tape.x), input_node, hot(-1))]
    for layer in tape.layers:
        make = partial(_neuron, layer, _prefix(tape.layers, layer))
        whole = scene.level == "layer" and layer == layer_now
        columns.append(Column(layer.name, layer.m, make, hot(layer.index), True, whole))
    if tape.loss is not None:
        node = Node("L", (tape.loss.total,), tape.loss.total)
        columns.append(Column("loss", 1, lambda place: node, 0 if at_loss else None, False))
    return columns


def _prefix(layers: tuple[LayerBlock, ...], layer: LayerBlock) -> str:
    """What a layer's neurons are called: h1, h2 where only it begins with h, else 2.1, 2.2."""
    initials = [each.name[0] for each in layers]
    own = layer.name[0]
    return own if initials.count(own) == 1 and own not in "xL" else f"{layer.index + 1}."


def _neuron(layer: LayerBlock, prefix: str, j: int) -> Node:
    values = (layer.z(j), layer.a(j)) if layer.a(j) != layer.z(j) else (layer.z(j),)
    return Node(f"{prefix}{j + 1}", values, layer.a(j))


def _column_width(scene: Scene, column: Column, *, with_all: bool = False) -> int:
    """Wide enough for every value of the column, known yet or not, so that nothing moves.

    Args:
        with_all: whether z has its gradient beside that of a, and the loss its targets.
    """
    widest = cells(column.name)
    for node in map(column.node, range(min(column.count, 64))):
        values = "→".join(scene.show(scene.record.value[each]) for each in node.values)
        shown = node.values if with_all else (node.gradient,)
        gradient = ""
        if column.has_gradient:
            gradient = "←".join(scene.show(scene.record.gradient[each]) for each in shown)
        elif with_all:
            widest = max(widest, cells(_targets(scene)))
        # Two for the sign ∂, one for the + of a sum that is not whole yet.
        # With edits, a * before each number that differs.
        stars = len(node.values) * (scene.base is not None)
        signs = 3 + (scene.base is not None)
        widest = max(widest, cells(node.label) + 2, cells(values) + stars, cells(gradient) + signs)
    return min(widest, 22)


def _visible(
    columns: list[Column], sizes: list[int], width: int, scroll: int, chosen: int | None
) -> tuple[int, int]:
    """Which columns fit around the chosen one, or those in work."""
    hot = [place for place, each in enumerate(columns) if each.whole or each.hot is not None]
    if chosen is not None:
        hot = [chosen]
    focus = hot[0] if hot else 0
    first = last = min(max(0, focus + scroll), len(columns) - 1)
    last += 1
    used = sizes[first]
    # A neuron alone in work is seen with what feeds it.
    if len(hot) == 1 and first > 0 and used + GAP + sizes[first - 1] <= width:
        first -= 1
        used += GAP + sizes[first]
    while True:
        if last < len(columns) and used + GAP + sizes[last] <= width:
            used += GAP + sizes[last]
            last += 1
        elif first > 0 and used + GAP + sizes[first - 1] <= width:
            first -= 1
            used += GAP + sizes[first]
        else:
            return first, last


def _rows(count: int, height: int, most: int) -> list[int]:
    """The rows of a column's nodes, in the middle of the tallest column."""
    used = min(height, most * CELL)
    pitch = used / max(1, count)
    return [int(pitch * place + (pitch - CELL) / 2) for place in range(count)]


def _draw_column(
    canvas: Canvas,
    scene: Scene,
    column: Column,
    part: tuple[int, int],
    left: int,
    size: int,
    rows: list[int],
    marker: int | None,
    *,
    with_all: bool = False,
) -> None:
    for place, row in zip(range(*part), rows, strict=True):
        node = column.node(place)
        hot = column.hot == place or column.whole
        label = node_label(node.label, node.gradient == marker)
        role = standing_for("current" if hot else "text", f"node:{node.gradient}")
        canvas.write(row, left + (size - cells(label)) // 2, label, role)
        _draw_values(canvas, scene, node, row + 1, left, size)
        if with_all and not column.has_gradient:
            targets = _targets(scene)
            canvas.write(row + 2, left + (size - cells(targets)) // 2, targets, "text")
        elif column.has_gradient and scene.backward_offset >= 0:
            _draw_gradient(canvas, scene, node, row + 2, left, size, with_all=with_all)


def _targets(scene: Scene) -> str:
    """`t 0.10`: what the outputs should be."""
    targets = scene.run.tape.t
    if len(targets) > MOST_TARGETS:
        return f"{len(targets)} targets"
    return "t " + " ".join(scene.show(scene.record.value[each]) for each in targets)


def _draw_values(canvas: Canvas, scene: Scene, node: Node, row: int, left: int, size: int) -> None:
    loss = scene.run.tape.loss
    texts = [_marked(scene, each) for each in node.values]
    if scene.phase == UPDATE and loss is not None and node.values == (loss.total,):
        # Like the position line: of several samples the loss of the round.
        texts = [scene.show(scene.loss)]
    column = left + (size - cells("→".join(texts))) // 2
    for place, (text, each) in enumerate(zip(texts, node.values, strict=True)):
        if place:
            canvas.write(row, column, "→", "dim")
            column += 1
        role = "unknown" if text == UNKNOWN else "changed" if scene.made(each) else "text"
        canvas.write(row, column, text, standing_for(role, f"value:{each}"))
        column += cells(text)


def _marked(scene: Scene, node: int) -> str:
    """A value; with a * where it is another one than without the edits."""
    value = scene.value(node)
    star = "*" if value is not None and scene.value_differs(node) else ""
    return star + scene.show(value)


def _draw_gradient(
    canvas: Canvas,
    scene: Scene,
    node: Node,
    row: int,
    left: int,
    size: int,
    *,
    with_all: bool,
) -> None:
    """The gradient under its values; while paths are still to come the sum so far, with a +.

    Args:
        with_all: whether z has its own: `∂ 0.07←0.30`.
    """
    loss = scene.run.tape.loss
    is_fused = loss is not None and loss.fused and node.gradient in scene.run.tape.outputs
    if is_fused and not with_all:
        return
    # Softmax and cross-entropy are one step, so that a has no gradient of its own.
    shown = node.values[: 1 if is_fused else None] if with_all else (node.gradient,)
    parts = [_gradient(scene, each) for each in shown]
    width = 2 + sum(cells(text) for text, _ in parts) + len(parts) - 1
    column = left + (size - min(size, width)) // 2
    canvas.write(row, column, "∂ ", parts[0][1])
    column += 2
    for place, (text, role) in enumerate(parts):
        if place:
            canvas.write(row, column, "←", "dim")
            column += 1
        text = fit(text, min(cells(text), max(1, left + size - column)))
        canvas.write(row, column, text, standing_for(role, f"grad:{shown[place]}"))
        column += cells(text)


def _gradient(scene: Scene, node: int) -> tuple[str, str]:
    """A gradient as far as it has arrived, and its role."""
    gradient = scene.gradient(node)
    value = gradient.current
    text = scene.show(value) + ("" if gradient.settled or value is None else "+")
    text = ("*" if value is not None and scene.gradient_differs(node) else "") + text
    changed = " changed" if scene.moved(node) else ""
    return text, "unknown" if value is None else "backward" + changed


def _draw_edges(
    canvas: Canvas,
    scene: Scene,
    shown: list[Column],
    parts: list[tuple[int, int]],
    places: list[tuple[int, list[int], int]],
    place: int,
) -> None:
    """The bus between two columns, and over it the edge in work."""
    (left, rows, size), (right, targets, _) = places[place], places[place + 1]
    start, stop = left + size, right - 1
    bus = start + GAP // 2
    for row in rows:
        canvas.horizontal(row, start, bus - 1)
        canvas.arm(row, bus, left=True)
    for row in targets:
        canvas.arm(row, bus, left=False)
        canvas.horizontal(row, bus + 1, stop)
    both = [*rows, *targets]
    canvas.vertical(bus, min(both), max(both))
    hot_from, hot_to = shown[place].hot, shown[place + 1].hot
    if scene.step.group[0] != shown[place + 1].name and shown[place + 1].name != "loss":
        return
    if hot_from is None or hot_to is None:
        return
    if not (parts[place][0] <= hot_from < parts[place][1]):
        return
    if not (parts[place + 1][0] <= hot_to < parts[place + 1][1]):
        return
    row, target = rows[hot_from - parts[place][0]], targets[hot_to - parts[place + 1][0]]
    canvas.horizontal(row, start, bus - 1, path=True)
    canvas.arm(row, bus, left=True, path=True)
    canvas.vertical(bus, row, target, path=True)
    canvas.arm(target, bus, left=False, path=True)
    canvas.horizontal(target, bus + 1, stop, path=True)
    if scene.phase == FORWARD:
        canvas.write(target, stop, "►", "path")
    elif scene.phase == BACKWARD:
        canvas.write(row, start, "◄", "path backward")


def _note(columns: list[Column], shown: list[Column], parts: list[tuple[int, int]]) -> str:
    """What part of the net is shown, where it is not all of it."""
    notes = []
    if len(shown) < len(columns):
        notes.append(" ".join(column.name for column in shown))
    for column, (start, stop) in zip(shown, parts, strict=True):
        if stop - start < column.count:
            notes.append(f"{column.name} {start + 1}–{stop} of {column.count}")
    return ", ".join(notes)
