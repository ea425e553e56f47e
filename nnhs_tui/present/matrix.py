"""The matrices of the layer in work: shapes, the entry, its row and column, and what is known.

Forward Z = X·W + b and A; backward dW = Xᵀ·dZ and dX = dZ·Wᵀ; in the update W, lr·dW and the new
W. What does not fit scrolls so that the entry in work is in view, and says which part is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnhs_tui.core.scene import UNKNOWN, Scene
from nnhs_tui.core.schedule import BACKWARD, FORWARD
from nnhs_tui.core.tape import LayerBlock
from nnhs_tui.present.focus import edge_in_work, layer_in_work
from nnhs_tui.present.lines import Line, Run, cells, fit, line_cells, merge, title, window

Entry = tuple[Any, str]
"""(value or None while unknown, role)."""


@dataclass(frozen=True)
class Block:
    """One matrix on the screen."""

    label: str
    formula: str
    """What it is equal to, said where there is room; "" for what is given."""
    rows: int
    columns: int
    entry: Callable[[int, int], Entry]
    hot: tuple[int | None, int | None] = (None, None)
    """Row and column in work; both: the entry."""


def draw_matrices(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The matrices around the cursor in `width` × `height` cells."""
    layer = layer_in_work(scene) or scene.run.tape.layers[-1]
    tall, flat = _blocks(scene, layer)
    decimals = entry_width(scene, layer)
    room = height - 1
    share = width
    if flat:
        share = max(
            min(block_width(tall[:1], decimals), width // 2), width - _widest(flat, decimals) - 2
        )
    lines = _side_by_side(scene, tall, decimals, share, room, scroll)
    if flat:
        left = _stack(scene, flat, decimals, width - share - 2, room, scroll)
        lines = _beside(left, lines, width - share - 2)
    head = f"matrices of {layer.name}, {scene.phase}"
    return [title("3", head, width), *lines[:room]]


def _blocks(scene: Scene, layer: LayerBlock) -> tuple[list[Block], list[Block]]:
    """(matrices with a row for each input, row vectors)."""
    n, m = layer.n, layer.m
    if scene.phase == FORWARD:
        i, j = edge_in_work(scene)
        z_hot = (0, j)
        flat = [
            Block("X", "", 1, n, values(scene, layer.x), (0, i)),
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
    flat = [
        Block("X", "", 1, n, values(scene, layer.x), (0, i) if is_weight else (None, None)),
        Block("dZ", "", 1, m, gradients(scene, layer.z), (0, j)),
        Block("dX", "dZ·Wᵀ", 1, n, gradients(scene, layer.x), (0, i) if is_input else (None, None)),
    ]
    if layer.bias is not None:
        on_bias = layer.bias <= target < layer.bias + m
        flat.append(
            Block(
                "db",
                "dZ",
                1,
                m,
                gradients(scene, lambda k: _bias(layer, k)),
                (0, j) if on_bias else (None, None),
            )
        )
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
        role = "changed" if scene.made(node) else "text"
        return scene.value(node), role + (" edited" if scene.value_differs(node) else "")

    return entry


def gradients(scene: Scene, node_of: Callable[[int], int]) -> Callable[[int, int], Entry]:
    def entry(_row: int, column: int) -> Entry:
        node = node_of(column)
        gradient = scene.gradient(node)
        value = gradient.current
        role = "backward parameter" if node < scene.run.tape.parameters else "backward"
        role += " changed" if scene.moved(node) else ""
        return value, role + (" edited" if scene.gradient_differs(node) else "")

    return entry


def grid(layer: LayerBlock, of: Callable[[int, int], Entry]) -> Callable[[int, int], Entry]:
    return lambda row, column: of(0, layer.w(row, column))


def weights(scene: Scene, layer: LayerBlock) -> Callable[[int, int], Entry]:
    def entry(row: int, column: int) -> Entry:
        node = layer.w(row, column)
        role = "text edited" if scene.value_differs(node) else "text"
        return scene.round.before[node], role

    return entry


def update_entries(scene: Scene, layer: LayerBlock, *, new: bool) -> Callable[[int, int], Entry]:
    """lr·dW, known from the start of the update; the new W, known entry by entry."""

    def entry(row: int, column: int) -> Entry:
        node = layer.w(row, column)
        if not new:
            edited = " edited" if scene.differs_beside(lambda here: here.taken[node]) else ""
            return scene.taken[node], f"backward parameter{edited}"
        if not scene.updated(node):
            return None, "text"
        role = "text changed" if scene.updates(node) else "text"
        edited = " edited" if scene.differs_beside(lambda here: here.round.after[node]) else ""
        return scene.round.after[node], role + edited

    return entry


def taken_block(scene: Scene, layer: LayerBlock, hot: tuple[int | None, int | None]) -> Block:
    """What the update takes off the weights."""
    frozen = scene.run.tape.frozen[layer.weights : layer.weights + layer.n * layer.m].any()
    told = "0 where frozen" if frozen else ""
    return Block("lr·dW", told, layer.n, layer.m, update_entries(scene, layer, new=False), hot)


def entry_width(scene: Scene, layer: LayerBlock) -> int:
    """Columns of an entry: the widest number of the layer, known yet or not."""
    value, gradient = scene.record.value, scene.record.gradient
    weights = slice(layer.weights, layer.weights + layer.n * layer.m)
    extremes: list[Any] = []
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


def block_width(blocks: list[Block], decimals: int) -> int:
    return (
        sum(max(cells(_label(b)), b.columns * (decimals + 1) + 1) for b in blocks)
        + 2 * (len(blocks) - 1)
        if blocks
        else 0
    )


def _widest(blocks: list[Block], decimals: int) -> int:
    return max((block_width([block], decimals) for block in blocks), default=0)


def _label(block: Block) -> str:
    return f"{block.label} ({block.rows}×{block.columns})"


def _longest_label(block: Block, part: str, width: int) -> str:
    """The label with as much of its formula, the part shown and the shape as there is room for."""
    formula = f" = {block.formula}" if block.formula else ""
    shape = f" of {block.rows}×{block.columns}" if part else f" ({block.rows}×{block.columns})"
    texts = (block.label + part + formula + shape, block.label + part + shape)
    return next((text for text in texts if cells(text) <= width), block.label + part)


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


def _side_by_side(
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
            size = min(left, block_width([block], decimals))
            height = min(room - len(lines), 2 + block.rows)
            next_one = draw_block(scene, block, decimals, size, height, scroll)
            drawn = _beside(drawn, next_one, width - left - 2) if drawn else next_one
            left -= size + 2
        lines += drawn
    return lines


def _arranged(blocks: list[Block], decimals: int, width: int, room: int) -> list[list[Block]]:
    """The blocks in rows, as many as there is room for; one that is in work takes a line more."""
    rows: list[list[Block]] = [[]]
    used = height = 0
    for block in blocks:
        size = block_width([block], decimals)
        if rows[-1] and used + size > width:
            height += max(1 + each.rows + (each.hot[1] is not None) for each in rows[-1])
            if room - height < 1 + block.rows:
                return rows
            rows.append([])
            used = 0
        rows[-1].append(block)
        used += size + 2
    return rows


def _beside(left: list[Line], right: list[Line], width: int) -> list[Line]:
    lines = []
    for place in range(max(len(left), len(right))):
        first = left[place] if place < len(left) else ()
        second = right[place] if place < len(right) else ()
        space = " " * (width + 2 - line_cells(first))
        lines.append(merge([*first, (space, "text"), *second]))
    return lines


def draw_block(
    scene: Scene, block: Block, decimals: int, width: int, height: int, scroll: tuple[int, int]
) -> list[Line]:
    """A block's label and the part of its entries around the one in work."""
    fitting = max(1, (width - 1) // (decimals + 1))
    # A line for the sign below the column, where it does not cost a row of a small matrix.
    room = height > 1 + block.rows or height > 6
    pointed = block.rows > 1 and block.hot[1] is not None and room
    top, bottom = window(block.rows, max(1, height - 1 - pointed), block.hot[0], scroll[0])
    first, last = window(block.columns, fitting, block.hot[1], scroll[1])
    part = ""
    if (bottom - top, last - first) != (block.rows, block.columns):
        rows = f"{top + 1}–{bottom}," if block.rows > 1 else ""
        part = f"[{rows}{first + 1}–{last}]"
    label = _longest_label(block, part, width)
    lines: list[Line] = [((fit(label, width).rstrip(), "title"),)]
    for row in range(top, bottom):
        hot = block.rows > 1 and row == block.hot[0]
        runs: list[Run] = [("►", "mark") if hot else ("[" if block.rows == 1 else "│", "dim")]
        for column in range(first, last):
            if column > first:
                runs.append((" ", "text"))
            runs += _entry(scene, block, row, column, decimals)
        runs.append(("]" if block.rows == 1 else "│", "dim"))
        lines.append(merge(runs))
    if pointed and block.hot[1] is not None and first <= block.hot[1] < last:
        space = (block.hot[1] - first + 1) * (decimals + 1) - 1
        lines.append(((" " * space, "text"), ("▲", "mark")))
    return lines


def _entry(scene: Scene, block: Block, row: int, column: int, decimals: int) -> list[Run]:
    value, role = block.entry(row, column)
    text = scene.show(value)
    if text == UNKNOWN:
        role = "unknown"
    hot_row, hot_column = block.hot
    if (row, column) == block.hot:
        role += " current"
    elif block.rows > 1 and (row == hot_row or column == hot_column):
        # In front, so that the colour of a backward value wins over that of the mark.
        role = f"mark {role}"
    sign = "*" if "edited" in role and text != UNKNOWN else ""
    space = " " * (decimals - cells(text) - cells(sign))
    return [(space, "text"), (sign, "edited"), (text, role)]
