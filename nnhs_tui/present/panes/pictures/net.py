"""The picture of a network: a column a layer, its edges as one bus, the edge in work doubled.

Under each node stand its forward values as they become known, and under these its gradient. A
chain that is too wide goes on in the next row. What does not fit is left out around the cursor, the
drawing says how much, and the title what is shown.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.commands.panes import NET
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.pictures.chain import chain_places, draw_chain
from nnhs_tui.present.panes.pictures.edges import MOST_EDGES
from nnhs_tui.present.panes.pictures.marker import place_of
from nnhs_tui.present.panes.pictures.nodes import (
    CELL,
    MOST_SAMPLES,
    Column,
    column_width,
    columns_of,
    draw_column,
    draw_more,
    node_rows,
)
from nnhs_tui.present.panes.pictures.whole import (
    draw_edges,
    label_widths,
    least_width,
    place_edges,
)
from nnhs_tui.present.text.lines import Canvas, Line, title, window

GAP = 4
"""Columns between two layers: line, bus, line."""
GAPS = (GAP, 3, 2)
"""The same where it takes that for all layers to be in view."""


def draw_net(
    scene: Scene,
    width: int,
    height: int,
    scroll: tuple[int, int],
    marker: int | None = None,
    *,
    has_dots: bool = False,
    has_weights: bool = True,
) -> list[Line]:
    """The network around the cursor in `width` × `height` cells.

    Args:
        marker: id of the node chosen by keys, which is in view then.
        has_dots: whether lines may be made of braille dots: then each edge is drawn by itself, its
            weight on it, wherever there is room.
        has_weights: whether weights and their gradients may be shown.
    """
    columns = columns_of(scene)
    whole = _whole(scene, columns, width, height - 1, marker) if has_dots and has_weights else None
    if whole is None:
        whole = _chain(scene, columns, width, height - 1, marker, has_dots, has_weights)
    if whole is not None:
        return [title(NET.number, NET.label, width), *whole]
    return _bus(scene, columns, width, height, scroll, marker, has_biases=has_weights)


def _bus(
    scene: Scene,
    columns: list[Column],
    width: int,
    height: int,
    scroll: tuple[int, int],
    marker: int | None,
    *,
    has_biases: bool,
) -> list[Line]:
    """What fits around the cursor, the edges between two layers as one bus."""
    at = place_of(net_nodes(scene), marker)
    sizes = [column_width(scene, column) for column in columns]
    gap = _gap(scene, columns, width)
    chosen = None if at is None else at[0]
    first, last = _visible(columns, sizes, gap, width, scroll[1], chosen)
    shown = columns[first:last]
    middles = [each.hot for each in columns]
    if at is not None:
        middles[at[0]] = at[1]
    canvas = Canvas(width, max(0, height - 1))
    tallest = max(column.count for column in shown)
    rows = node_rows(scene, tallest, canvas.height) if has_biases else CELL
    parts = [
        window(c.count, _most_rows(c.count, canvas.height, rows), middle, scroll[0])
        for c, middle in zip(shown, middles[first:last], strict=True)
    ]
    left = 0
    places: list[tuple[int, list[int], int]] = []
    for column, size, part in zip(shown, sizes[first:last], parts, strict=True):
        ys = _rows(part[1] - part[0], canvas.height, max(p[1] - p[0] for p in parts), rows)
        with_bias = rows > CELL
        draw_column(canvas, scene, column, part, left, size, ys, marker, with_bias=with_bias)
        draw_more(canvas, column, part, left, size, ys[-1] + rows)
        places.append((left, ys, size))
        left += size + gap
    for place in range(len(shown) - 1):
        _draw_edges(canvas, scene, shown, parts, places, place)
    return [title(NET.number, NET.label, width, _note(columns, shown, parts)), *canvas.lines()]


def _gap(scene: Scene, columns: list[Column], width: int) -> int:
    """The columns between two layers: fewer, if all of the net is in view then."""
    least = bus_width(scene) - GAP * (len(columns) - 1)
    fitting = (gap for gap in GAPS if least + gap * (len(columns) - 1) <= width)
    return next(fitting, GAP)


def _most_rows(count: int, height: int, node: int) -> int:
    """The nodes of a column that are shown; below those of a longer one stands how many more."""
    rows = height // node
    if count > rows > 2 and height % node == 0:
        rows -= 1
    return max(1, rows)


def _whole(
    scene: Scene, columns: list[Column], width: int, height: int, marker: int | None
) -> list[Line] | None:
    """All of the network, each edge by itself; None where there is no room for that."""
    counts = [column.count for column in columns]
    if max(counts) * CELL > height or len(scene.run.samples) > MOST_SAMPLES:
        return None
    sizes = _sizes(scene, columns)
    rows = node_rows(scene, max(counts), height)
    at = place_edges(scene, counts, sizes, rows, width, height)
    if at is None:
        return None
    canvas = Canvas(width, height)
    draw_edges(canvas, scene, at)
    for column, left, size, tops in zip(columns, at.lefts, sizes, at.tops, strict=True):
        part = (0, column.count)
        draw_column(
            canvas,
            scene,
            column,
            part,
            left,
            size,
            list(tops),
            marker,
            with_all=True,
            with_bias=rows > CELL,
        )
    return canvas.lines()


def _chain(
    scene: Scene,
    columns: list[Column],
    width: int,
    height: int,
    marker: int | None,
    has_dots: bool,
    has_weights: bool,
) -> list[Line] | None:
    """A chain in as many rows as it takes; None where it is none, or better drawn in one row."""
    counts = [column.count for column in columns]
    if max(counts) > 1 or len(counts) < 2 or len(scene.run.samples) > MOST_SAMPLES:
        return None
    is_cut = bus_width(scene) > width
    # Without weights several rows say no more than one.
    ways = [True] * (has_weights and (has_dots or is_cut)) + [False] * is_cut
    for with_all in ways:
        sizes = _sizes(scene, columns, with_all=with_all)
        labels = label_widths(scene, counts) if with_all else (0,) * (len(counts) - 1)
        at = chain_places(tuple(sizes), labels, width, height)
        if at is not None:
            return draw_chain(scene, columns, sizes, at, width, height, marker, with_all=with_all)
    return None


def _sizes(scene: Scene, columns: list[Column], *, with_all: bool = True) -> list[int]:
    """How wide each column is: as wide as in any sample, so that nothing moves between them."""
    schedule = scene.run.schedule
    samples = range(schedule.samples)[:MOST_SAMPLES]
    scenes = [replace(scene, index=schedule.sample_start(each)) for each in samples]
    return [
        max(column_width(each, column, with_all=with_all) for each in scenes) for column in columns
    ]


def bus_width(scene: Scene) -> int:
    """The columns in which the whole net can be seen, its edges drawn as a bus."""
    sizes = _sizes(scene, columns_of(scene), with_all=False)
    return sum(sizes) + GAP * (len(sizes) - 1)


def width_with_edges(scene: Scene) -> int:
    """The columns in which each of its edges can be drawn by itself; of the bus for too many."""
    columns = columns_of(scene)
    counts = [each.count for each in columns]
    if sum(a * b for a, b in pairwise(counts)) > MOST_EDGES:
        return bus_width(scene)
    return least_width(scene, counts, _sizes(scene, columns))


def net_nodes(scene: Scene) -> list[list[int]]:
    """The ids of the picture's nodes, column by column: inputs, each layer's a, the loss."""
    tape = scene.run.tape
    layers = [[layer.a(j) for j in range(layer.m)] for layer in tape.layers]
    loss = [[tape.loss.total]] if tape.loss is not None else []
    return [list(tape.x), *layers, *loss]


def node_in_work(scene: Scene) -> int:
    """The id of the picture's node that the step is about, or else of the first input."""
    nodes = net_nodes(scene)
    hot = [ids[c.hot] for c, ids in zip(columns_of(scene), nodes, strict=True) if c.hot is not None]
    return hot[-1] if hot else nodes[0][0]


def _visible(
    columns: list[Column],
    sizes: list[int],
    gap: int,
    width: int,
    scroll: int,
    chosen: int | None,
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
    if len(hot) == 1 and first > 0 and used + gap + sizes[first - 1] <= width:
        first -= 1
        used += gap + sizes[first]
    while True:
        if last < len(columns) and used + gap + sizes[last] <= width:
            used += gap + sizes[last]
            last += 1
        elif first > 0 and used + gap + sizes[first - 1] <= width:
            first -= 1
            used += gap + sizes[first]
        else:
            return first, last


def _rows(count: int, height: int, most: int, node: int) -> list[int]:
    """The rows of a column's nodes, in the middle of the tallest column."""
    used = min(height, most * node)
    pitch = used / max(1, count)
    return [int(pitch * place + (pitch - node) / 2) for place in range(count)]


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
    bus = (start + right) // 2
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
