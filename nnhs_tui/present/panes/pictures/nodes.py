"""The nodes of the picture of a network: name, values, gradients, column by column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from nnhs_tui.autodiff.schedule import UPDATE
from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.debugger.quantity import NEW, VALUE
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.panes.pictures.marker import node_label
from nnhs_tui.present.text.lines import Canvas, Run, cells, fit, standing_for

CELL = 3
"""Rows of a node: its name, its values, its gradient; a bias has one more."""


MOST_NODES = 64
"""Nodes of a column whose numbers are looked at for how wide they are."""
MOST_SAMPLES = 8
"""Samples whose numbers are all looked at for how wide they are."""
MOST_TARGETS = 3
"""Targets that are written out beside the loss."""


@dataclass(frozen=True)
class Node:
    """One node of the picture."""

    label: str
    values: tuple[int, ...]
    """Ids shown under it: of a neuron z and a."""
    gradient: int
    """Id whose gradient is shown."""
    bias: int | None = None


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
    into: LayerBlock | None = None
    """The layer that takes it in; None behind the last one."""


def columns_of(scene: Scene) -> list[Column]:
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

    into = [*tape.layers, None]
    columns = [Column("inputs", len(tape.x), input_node, hot(-1), into=into[0])]
    for layer in tape.layers:
        make = partial(_neuron, layer, _prefix(tape.layers, layer))
        whole = scene.level == "layer" and layer == layer_now
        behind = into[layer.index + 1]
        columns.append(Column(layer.name, layer.m, make, hot(layer.index), True, whole, behind))
    if tape.loss is not None:
        node = Node("L", (tape.loss.total,), tape.loss.total)
        columns.append(Column("loss", 1, lambda place: node, 0 if at_loss else None, False))
    return columns


@lru_cache(2)
def neurons(tape: Tape) -> tuple[Node, ...]:
    """All neurons, as the picture names them."""
    return tuple(
        _neuron(layer, _prefix(tape.layers, layer), place)
        for layer in tape.layers
        for place in range(layer.m)
    )


def _prefix(layers: tuple[LayerBlock, ...], layer: LayerBlock) -> str:
    """What a layer's neurons are called: h1, h2 where only it begins with h, else 2.1, 2.2."""
    initials = [each.name[0] for each in layers]
    own = layer.name[0]
    return own if initials.count(own) == 1 and own not in "xL" else f"{layer.index + 1}."


def _neuron(layer: LayerBlock, prefix: str, j: int) -> Node:
    values = (layer.z(j), layer.a(j)) if layer.a(j) != layer.z(j) else (layer.z(j),)
    bias = None if layer.bias is None else layer.bias + j
    return Node(f"{prefix}{j + 1}", values, layer.a(j), bias)


def node_rows(scene: Scene, tallest: int, height: int) -> int:
    """The rows of a node: one more for its bias, where all have room for that."""
    has_bias = any(layer.bias is not None for layer in scene.run.tape.layers)
    return CELL + (has_bias and tallest * (CELL + 1) <= height)


def column_width(scene: Scene, column: Column, *, with_all: bool = False) -> int:
    """Wide enough for every value of the column, known yet or not, so that nothing moves.

    Args:
        with_all: whether z has its gradient beside that of a, and the loss its targets.
    """
    widest = cells(column.name)
    if column.has_gradient:
        widest = max(widest, 3 + (scene.base is not None) + _widest_sum(scene, column.into))
    for node in map(column.node, range(min(column.count, MOST_NODES))):
        values = "→".join(scene.show(scene.record.value[each]) for each in node.values)
        shown = node.values if with_all else (node.gradient,)
        gradient = ""
        if column.has_gradient:
            gradient = "←".join(scene.show(scene.record.gradient[each]) for each in shown)
        elif with_all:
            widest = max(widest, cells(targets_text(scene)))
        # Two for the sign ∂, one for the + of a sum that is not whole yet.
        # With edits, a * before each number that differs.
        stars = len(node.values) * (scene.base is not None)
        signs = 3 + (scene.base is not None)
        widest = max(widest, cells(node.label) + 2, cells(values) + stars, cells(gradient) + signs)
        if node.bias is not None:
            widest = max(widest, _bias_width(scene, node.bias, with_all=with_all))
    return min(widest, 22)


def _widest_sum(scene: Scene, layer: LayerBlock | None) -> int:
    """Of the gradients that arrive at what a layer takes in while they are not whole yet."""
    if layer is None or layer.m < 2:
        return 0
    first = layer.z(0)
    at_z = scene.record.gradient[first : first + layer.m * layer.row : layer.row]
    weights = layer.matrix(scene.record.value)[:MOST_NODES]
    sums = np.cumsum(weights * at_z, axis=1)[:, :-1]
    return max(cells(scene.show(each)) for each in (sums.min(), sums.max()))


def _bias_width(scene: Scene, bias: int, *, with_all: bool) -> int:
    """Of `b 0.40`, and its gradient behind it."""
    values = [scene.show(each[bias]) for each in (scene.round.before, scene.round.after)]
    gradient = cells(scene.show(scene.round.accumulated[bias])) + 1 if with_all else 0
    return 2 + max(map(cells, values)) + (scene.base is not None) + gradient


def draw_column(
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
    with_bias: bool = False,
) -> None:
    for place, row in zip(range(*part), rows, strict=True):
        node = column.node(place)
        hot = column.hot == place or column.whole
        label = node_label(node.label, node.gradient == marker)
        role = standing_for("current" if hot else "text", f"node:{node.gradient}")
        canvas.write(row, left + (size - cells(label)) // 2, label, role)
        _draw_values(canvas, scene, node, row + 1, left, size)
        if with_all and not column.has_gradient:
            targets = targets_text(scene)
            canvas.write(row + 2, left + (size - cells(targets)) // 2, targets, "text")
        elif column.has_gradient and scene.backward_offset >= 0:
            _draw_gradient(canvas, scene, node, row + 2, left, size, with_all=with_all)
        if with_bias and node.bias is not None:
            _draw_bias(canvas, scene, node.bias, row + CELL, left, size, with_all=with_all)


def _draw_bias(
    canvas: Canvas, scene: Scene, bias: int, row: int, left: int, size: int, *, with_all: bool
) -> None:
    """A neuron's bias, and behind it its gradient, as a weight has it below."""
    value, gradient = parameter_text(scene, bias), gradient_text(scene, bias) if with_all else ""
    column = left + (size - cells(f"b {value} {gradient}".rstrip())) // 2
    canvas.write(row, column, "b", "dim")
    is_new = scene.updated(bias)
    role = "current" if scene.updates(bias) else "changed" if is_new else "text"
    what = f"{NEW if is_new else VALUE}:{bias}"
    canvas.write(row, column + 2, value, standing_for(role, what))
    if gradient:
        moved = " changed" if scene.moved(bias) else ""
        role = standing_for(f"backward parameter{moved}", f"grad:{bias}")
        canvas.write(row, column + 3 + cells(value), gradient, role)


def parameter_text(scene: Scene, node: int) -> str:
    """A parameter as it is at this step; with a * where it differs from the run without edits."""
    value = scene.round.after[node] if scene.updated(node) else scene.round.before[node]
    return ("*" if scene.value_differs(node) else "") + scene.show(value)


def gradient_text(scene: Scene, node: int) -> str:
    """Its gradient as far as it has arrived: of all samples so far, as the update will use it."""
    if scene.phase == UPDATE:
        return scene.show(scene.round.accumulated[node])
    if scene.backward_offset < 0 and not scene.sample:
        return ""
    value = scene.parameter_gradient(node)
    return "" if value is None else scene.show(value)


def draw_more(
    canvas: Canvas, column: Column, part: tuple[int, int], left: int, size: int, row: int
) -> None:
    """How many nodes of a column are out of view: `⋮ 7 more`, those above with an arrow."""
    above, below = part[0], column.count - part[1]
    if not above and not below:
        return
    ways = " ".join(f"{number}{sign}" for number, sign in ((above, "↑"), (below, "↓")) if number)
    whole = f"⋮ {ways}" if above else f"⋮ {below} more"
    # In a narrow column fewer words: the title has all of them.
    text = next(each for each in (whole, f"⋮ {above + below}", "⋮") if cells(each) <= size)
    canvas.write(row, left + (size - cells(text)) // 2, text, "dim")


def targets_text(scene: Scene) -> str:
    """`t 0.10`: what the outputs should be."""
    targets = scene.run.tape.t
    if len(targets) > MOST_TARGETS:
        return f"{len(targets)} targets"
    return "t " + " ".join(scene.show(scene.record.value[each]) for each in targets)


def _draw_values(canvas: Canvas, scene: Scene, node: Node, row: int, left: int, size: int) -> None:
    parts = values_told(scene, node)
    column = left + (size - cells("→".join(text for text, _ in parts))) // 2
    for place, ((text, role), each) in enumerate(zip(parts, node.values, strict=True)):
        if place:
            canvas.write(row, column, "→", "dim")
            column += 1
        canvas.write(row, column, text, standing_for(role, f"value:{each}"))
        column += cells(text)


def values_told(scene: Scene, node: Node) -> list[Run]:
    """The values under a node's name, each with its role."""
    loss = scene.run.tape.loss
    if scene.phase == UPDATE and loss is not None and node.values == (loss.total,):
        # Like the position line: of several samples the loss of the round.
        return [(scene.show(scene.loss), "text")]
    texts = [_marked(scene, each) for each in node.values]
    return [
        (text, "unknown" if text == UNKNOWN else "changed" if scene.made(each) else "text")
        for text, each in zip(texts, node.values, strict=True)
    ]


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
    has_own = gradients_of(scene, node)
    shown = has_own if with_all else [each for each in has_own if each == node.gradient]
    if not shown:
        return
    parts = [gradient_told(scene, each) for each in shown]
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


def gradients_of(scene: Scene, node: Node) -> list[int]:
    """The values of a node that have a gradient."""
    return [each for each in node.values if not _is_passed_over(scene, each)]


def _is_passed_over(scene: Scene, node: int) -> bool:
    """Softmax and cross-entropy are one step, so that a has no gradient of its own."""
    loss = scene.run.tape.loss
    return loss is not None and loss.fused and node in scene.run.tape.outputs


def gradient_told(scene: Scene, node: int) -> Run:
    """A gradient as far as it has arrived, and its role."""
    gradient = scene.gradient(node)
    value = gradient.current
    text = scene.show(value) + ("" if gradient.settled or value is None else "+")
    text = ("*" if value is not None and scene.gradient_differs(node) else "") + text
    changed = " changed" if scene.moved(node) else ""
    return text, "unknown" if value is None else "backward" + changed
