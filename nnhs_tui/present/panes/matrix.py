"""The matrices of the layer in work: shapes, the entry, its row and column, and what is known.

Forward Z = X·W + b and A; backward dW = Xᵀ·dZ and dX = dZ·Wᵀ; in the update W, lr·dW and the new
W. What does not fit scrolls so that the entry in work is in view, and says which part is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.commands.panes import MATRICES
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.labels import PHASE
from nnhs_tui.present.panes.blocks import (
    Block,
    Entry,
    block_width,
    by_neurons,
    draw_block,
    gap,
    has_pointer,
    inputs_formula,
)
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.text.lines import Line, line_cells, merge, standing_for, title


def draw_matrices(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The matrices around the cursor in `width` × `height` cells."""
    layer = layer_in_work(scene) or scene.run.tape.layers[-1]
    tall, flat = _blocks(scene, layer)
    decimals = entry_width(scene, layer)
    room = height - 1
    if scene.view.notation == "neurons":
        # Columns are as high as matrices: there is nothing to stack beside them.
        tall, flat = _columns([*tall, *flat], decimals, width, room), []
    share = width
    if flat:
        tall, flat = _telling(tall, flat, decimals, width, room)
        share = max(
            min(block_width(tall[0], decimals), width // 2),
            width - _widest(flat, decimals) - gap(tall[0]),
        )
    lines = side_by_side(scene, tall, decimals, share, room, scroll)
    if flat:
        left_width = width - share - gap(tall[0])
        left = _stack(scene, flat, decimals, left_width, room, scroll)
        lines = _beside(left, lines, width - share)
    head = f"{MATRICES.label} of {layer.name}, {PHASE[scene.phase]}"
    return [title(MATRICES.number, head, width), *lines[:room]]


def _blocks(scene: Scene, layer: LayerBlock) -> tuple[list[Block], list[Block]]:
    """(matrices with a row for each input, row vectors)."""
    n, m = layer.n, layer.m
    if scene.phase == FORWARD:
        i, j = edge_in_work(scene)
        z_hot = (0, j)
        flat = [
            Block("X", inputs_formula(scene, layer), 1, n, values(scene, layer.x), (0, i)),
            Block(
                "Z",
                "X·W" + (" + b" if layer.bias is not None else ""),
                1,
                m,
                values(scene, layer.z),
                z_hot if i is None else (None, j),
            ),
        ]
        if layer.bias is not None:
            flat.append(Block("b", "", 1, m, values(scene, lambda k: _bias(layer, k))))
        if layer.a(0) != layer.z(0):
            flat.append(Block("A", "g(Z)", 1, m, values(scene, layer.a), (0, j)))
        return [Block("W", "", n, m, weights(scene, layer), (i, j))], flat
    if scene.phase == BACKWARD:
        return _backward_blocks(scene, layer)
    i, j = edge_in_work(scene)
    return [
        Block("W", "", n, m, weights(scene, layer), (i, j)),
        Block("new W", "", n, m, update_entries(scene, layer, new=True), (i, j)),
        taken_block(scene, layer, (i, j)),
    ], []


def _backward_blocks(scene: Scene, layer: LayerBlock) -> tuple[list[Block], list[Block]]:
    n, m = layer.n, layer.m
    i, j = edge_in_work(scene)
    target = scene.step.target or 0
    is_weight = layer.weights <= target < layer.weights + n * m
    is_input = i is not None and target == layer.x(i)
    dz = "dA∘g′(Z)" if layer.acts else ""
    none = (None, None)
    flat = [
        Block(
            "X",
            inputs_formula(scene, layer),
            1,
            n,
            values(scene, layer.x),
            (0, i) if is_weight else none,
        ),
        Block("dZ", dz, 1, m, gradients(scene, layer.z), (0, j)),
    ]
    if layer.bias is not None:
        on_bias = layer.bias <= target < layer.bias + m
        of_bias = gradients(scene, lambda k: _bias(layer, k))
        flat.append(Block("db", "dZ", 1, m, of_bias, (0, j) if on_bias else none))
    of_inputs = gradients(scene, layer.x)
    flat.append(Block("dX", "dZ·Wᵀ", 1, n, of_inputs, (0, i) if is_input else none))
    tall = [
        Block(
            "dW",
            "Xᵀ·dZ",
            n,
            m,
            grid(layer, gradients(scene, lambda node: node)),
            (i, j) if is_weight else (None, None),
        ),
        Block("W", "", n, m, weights(scene, layer), (i, j) if is_input else (None, None)),
    ]
    return tall, flat


def _bias(layer: LayerBlock, j: int) -> int:
    assert layer.bias is not None
    return layer.bias + j


def values(scene: Scene, node_of: Callable[[int], int]) -> Callable[[int, int], Entry]:
    def entry(_row: int, column: int) -> Entry:
        node = node_of(column)
        role = standing_for("changed" if scene.made(node) else "text", f"value:{node}")
        return scene.value(node), role + (" edited" if scene.value_differs(node) else "")

    return entry


def gradients(scene: Scene, node_of: Callable[[int], int]) -> Callable[[int, int], Entry]:
    def entry(_row: int, column: int) -> Entry:
        node = node_of(column)
        gradient = scene.gradient(node)
        value = gradient.current
        role = "backward parameter" if node < scene.run.tape.parameters else "backward"
        role += " changed" if scene.moved(node) else ""
        role = standing_for(role, f"grad:{node}")
        return value, role + (" edited" if scene.gradient_differs(node) else "")

    return entry


def grid(layer: LayerBlock, of: Callable[[int, int], Entry]) -> Callable[[int, int], Entry]:
    return lambda row, column: of(0, layer.w(row, column))


def weights(scene: Scene, layer: LayerBlock) -> Callable[[int, int], Entry]:
    def entry(row: int, column: int) -> Entry:
        node = layer.w(row, column)
        role = "text edited" if scene.value_differs(node) else "text"
        return scene.round.before[node], standing_for(role, f"value:{node}")

    return entry


def update_entries(scene: Scene, layer: LayerBlock, *, new: bool) -> Callable[[int, int], Entry]:
    """lr·dW, known from the start of the update; the new W, known entry by entry."""

    def entry(row: int, column: int) -> Entry:
        node = layer.w(row, column)
        if not new:
            edited = " edited" if scene.differs_beside(lambda here: here.taken[node]) else ""
            return scene.taken[node], standing_for(f"text{edited}", f"new:{node}")
        role = standing_for("text changed" if scene.updates(node) else "text", f"new:{node}")
        if not scene.updated(node):
            return None, role
        edited = " edited" if scene.differs_beside(lambda here: here.round.after[node]) else ""
        return scene.round.after[node], role + edited

    return entry


def taken_block(scene: Scene, layer: LayerBlock, hot: tuple[int | None, int | None]) -> Block:
    """What the update takes off the weights."""
    frozen = scene.run.tape.frozen[layer.weights : layer.weights + layer.n * layer.m].any()
    told = "0 where frozen" if frozen else ""
    optimizer = scene.scenario.optimizer
    label = optimizer.taken("dW", "W")
    if len(label) > LONG:
        # A quotient is too long over a matrix; its step says it.
        label = "steps"
    return Block(label, told, layer.n, layer.m, update_entries(scene, layer, new=False), hot)


LONG = 12
"""Characters of what is taken off that are written over its matrix."""

MOST_LOOKED_AT = 2_000
"""Numbers of all samples together, to find the widest."""


def entry_width(scene: Scene, layer: LayerBlock) -> int:
    """Columns of an entry: the widest number of the layer, known yet or not.

    Of several samples in all of them, so that nothing moves from one to the next; of a great many
    numbers only in the one in work.
    """
    records, samples = [scene.record], len(scene.run.samples)
    if samples > 1 and samples * scene.run.tape.size <= MOST_LOOKED_AT:
        records = [scene.run.record(scene.round_number, place) for place in range(samples)]
    weights = slice(layer.weights, layer.weights + layer.n * layer.m)
    extremes: list[Any] = []
    for value, gradient in ((each.value, each.gradient) for each in records):
        for array in (
            value[weights],
            gradient[weights],
            value[layer.start : layer.stop],
            gradient[layer.start : layer.stop],
            value[layer.source : layer.source + layer.n * layer.source_step],
        ):
            extremes += [array.min(), array.max()]
    # A number that differs from the run without the edits wears a *.
    return max(len(scene.show(each)) for each in extremes) + (scene.base is not None)


def _telling(
    tall: list[Block], flat: list[Block], decimals: int, width: int, room: int
) -> tuple[list[Block], list[Block]]:
    """The blocks, with their formulas as far as as many of them are shown as without.

    Where not all formulas have room, those of the matrices come first, then the short ones.
    """

    def shown(blocks: list[Block]) -> int:
        high, low = blocks[: len(tall)], blocks[len(tall) :]
        share = width - _widest(low, decimals) - gap(high[0])
        if share < block_width(high[0], decimals):
            return 0
        return sum(map(len, _arranged(high, decimals, share, room)))

    blocks = [*tall, *flat]
    most = shown(blocks)
    order = sorted(range(len(blocks)), key=lambda k: (k >= len(tall), len(blocks[k].formula)))
    for place in order if most else ():
        told = blocks.copy()
        told[place] = replace(told[place], tells=True)
        if shown(told) == most:
            blocks = told
    return blocks[: len(tall)], blocks[len(tall) :]


def _widest(blocks: list[Block], decimals: int) -> int:
    return max((block_width(block, decimals) for block in blocks), default=0)


def _stack(
    scene: Scene, blocks: list[Block], decimals: int, width: int, room: int, scroll: tuple[int, int]
) -> list[Line]:
    """Blocks below one another."""
    lines: list[Line] = []
    for block in blocks:
        if len(lines) + 2 > room:
            break
        lines += draw_block(
            scene, block, decimals, width, min(room - len(lines), 1 + block.rows), scroll
        )
    return lines


def _columns(blocks: list[Block], decimals: int, width: int, room: int) -> list[Block]:
    """The matrices in the notation by neurons, with their formulas where all fit with them."""
    turned = [by_neurons(block) for block in blocks]
    telling = [replace(block, tells=True) for block in turned]
    rows = _arranged(telling, decimals, width, room)
    return telling if sum(map(len, rows)) == len(blocks) else turned


def side_by_side(
    scene: Scene, blocks: list[Block], decimals: int, width: int, room: int, scroll: tuple[int, int]
) -> list[Line]:
    """Blocks beside one another, and below where they do not fit; always the first.

    Where not all of them fit, those in work come first.
    """
    rows = _arranged(blocks, decimals, width, room)
    if sum(map(len, rows)) < len(blocks):
        in_work = sorted(blocks, key=lambda block: block.hot == (None, None))
        rows = _arranged(in_work, decimals, width, room)
    lines: list[Line] = []
    for row in rows:
        left = width
        drawn: list[Line] = []
        for block in row:
            left -= gap(block) if drawn else 0
            size = min(left, block_width(block, decimals))
            height = min(room - len(lines), 2 + block.rows)
            next_one = draw_block(scene, block, decimals, size, height, scroll)
            drawn = _beside(drawn, next_one, width - left) if drawn else next_one
            left -= size
        lines += drawn
    return lines


def _arranged(blocks: list[Block], decimals: int, width: int, room: int) -> list[list[Block]]:
    """The blocks in rows, as many as there is room for."""
    rows: list[list[Block]] = [[]]
    used = height = 0
    for block in blocks:
        size = block_width(block, decimals)
        if rows[-1] and used + gap(block) + size > width:
            height += max(1 + each.rows + has_pointer(each) for each in rows[-1])
            if room - height < 1 + block.rows:
                return rows
            rows.append([])
            used = 0
        used += size + (gap(block) if rows[-1] else 0)
        rows[-1].append(block)
    return rows


def _beside(left: list[Line], right: list[Line], start: int) -> list[Line]:
    """Lines and, from column `start` on, others."""
    lines = []
    for place in range(max(len(left), len(right))):
        first = left[place] if place < len(left) else ()
        second = right[place] if place < len(right) else ()
        space = " " * (start - line_cells(first))
        lines.append(merge([*first, (space, "text"), *second]))
    return lines
