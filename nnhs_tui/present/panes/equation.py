"""A step of a layer as equations between matrices, with shapes and numbers in place.

Forward Z = X·W + b and A = g(Z); backward dZ = dA ∘ g′(Z), dW = Xᵀ·dZ, db = dZ and dX = dZ·Wᵀ,
in the order in which they can be computed (Goodfellow, Bengio & Courville, Deep Learning, 2016,
section 6.5.6); in the update new W = W − lr·dW.
In the notation by neurons the same transposed: z = W·x + b, dW = dz·xᵀ, dx = Wᵀ·dz.
"""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.blocks import (
    Block,
    Entry,
    block_width,
    by_neurons,
    draw_block,
    gap,
    transposed,
)
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.panes.matrix import (
    entry_width,
    gradients,
    grid,
    taken_block,
    update_entries,
    values,
    weights,
)
from nnhs_tui.present.text.lines import Line, cells, line_cells, merge, run

Term = Block | str
"""A matrix, or a sign between two of them."""


def equations(scene: Scene, width: int, height: int) -> list[Line]:
    """The equations of the layer in work, each at most `height` lines."""
    layer = layer_in_work(scene)
    if layer is None:
        return []
    found = _equations(scene, layer)
    if scene.view.notation == "neurons":
        found = [_by_neurons(equation) for equation in found]
    size = entry_width(scene, layer)
    lines: list[Line] = []
    for equation in found:
        lines += _draw(scene, equation, size, width, height)
    return lines


def _equations(scene: Scene, layer: LayerBlock) -> list[list[Term]]:
    if scene.phase == FORWARD:
        return _forward(scene, layer)
    if scene.phase == BACKWARD:
        return _backward(scene, layer)
    i, j = edge_in_work(scene)
    n, m = layer.n, layer.m
    return [
        [
            Block("new W", "", n, m, update_entries(scene, layer, new=True), (i, j)),
            "=",
            Block("W", "", n, m, weights(scene, layer), (i, j)),
            "-",
            taken_block(scene, layer, (i, j)),
        ]
    ]


def _row(scene: Scene, label: str, size: int, entry: Callable[[int, int], Entry]) -> Block:
    j = edge_in_work(scene)[1]
    return Block(label, "", 1, size, entry, (None, None) if j is None else (0, j))


def _forward(scene: Scene, layer: LayerBlock) -> list[list[Term]]:
    n, m = layer.n, layer.m
    i, j = edge_in_work(scene)
    first: list[Term] = [
        _row(scene, "Z", m, values(scene, layer.z)),
        "=",
        Block("X", "", 1, n, values(scene, layer.x), (None if i is None else 0, i)),
        "·",
        Block("W", "", n, m, weights(scene, layer), (i, j)),
    ]
    bias = layer.bias
    if bias is not None:
        first += ["+", _row(scene, "b", m, values(scene, lambda k: bias + k))]
    if layer.a(0) == layer.z(0):
        return [first]
    activation: list[Term] = [
        _row(scene, "A", m, values(scene, layer.a)),
        f"= ({layer.called}) of" if layer.is_formula else f"= {layer.called}",
        _row(scene, "Z", m, values(scene, layer.z)),
    ]
    return [first, activation]


def _backward(scene: Scene, layer: LayerBlock) -> list[list[Term]]:
    n, m = layer.n, layer.m
    i, j = edge_in_work(scene)
    target = scene.step.target or 0
    on_weight = layer.weights <= target < layer.weights + n * m or scene.level != "node"
    at_w = (i, j) if on_weight else (None, None)
    at_x = (None, None) if on_weight else (0, i)
    dz = _row(scene, "dZ", m, gradients(scene, layer.z))
    x = Block("X", "", 1, n, values(scene, layer.x), (0, i) if on_weight else (None, None))
    found: list[list[Term]] = []
    if layer.acts:
        found.append(
            [
                dz,
                "=",
                _row(scene, "dA", m, gradients(scene, layer.a)),
                "∘",
                _row(scene, "g′(Z)", m, _slopes(scene, layer)),
            ]
        )
    found.append(
        [
            Block("dW", "", n, m, grid(layer, gradients(scene, lambda node: node)), at_w),
            "=",
            transposed(x),
            "·",
            dz,
        ]
    )
    bias = layer.bias
    if bias is not None:
        found.append([_row(scene, "db", m, gradients(scene, lambda k: bias + k)), "=", dz])
    found.append(
        [
            Block("dX", "", 1, n, gradients(scene, layer.x), at_x),
            "=",
            dz,
            "·",
            transposed(Block("W", "", n, m, weights(scene, layer), (None, None))),
        ]
    )
    return found


def _slopes(scene: Scene, layer: LayerBlock) -> Callable[[int, int], Entry]:
    """The local derivatives of the activation; a circuit's are the product of its four."""

    def entry(_row: int, column: int) -> Entry:
        if scene.gradient(layer.z(column)).current is None:
            return None, "text"
        slope = scene.run.arithmetic.one
        if layer.is_formula:
            value = scene.record.value
            with scene.run.arithmetic.protected():
                return layer.through_formula(scene.run.arithmetic, value, column, slope), "text"
        for node in range(layer.z(column) + 1, layer.a(column) + 1):
            operands = scene.run.tape.operands(node).tolist()
            slope = slope * scene.record.local(node, operands.index(node - 1))
        return scene.run.arithmetic.round(slope), "text"

    return entry


def _by_neurons(equation: list[Term]) -> list[Term]:
    """(A·B)ᵀ = Bᵀ·Aᵀ: everything transposed, the factors in the other order."""
    terms = [each if isinstance(each, str) else by_neurons(each) for each in equation]
    if "·" in terms:
        at = terms.index("·")
        terms[at - 1], terms[at + 1] = terms[at + 1], terms[at - 1]
    return terms


def _draw(scene: Scene, equation: list[Term], size: int, width: int, height: int) -> list[Line]:
    """The terms side by side, the signs at the height of the first row."""
    blocks = [each for each in equation if isinstance(each, Block)]
    signs = sum(cells(each) + 2 for each in equation if isinstance(each, str))
    wanted = [block_width(each, size) for each in blocks]
    share = max(size + 2, (width - signs) // max(1, len(blocks)))
    if sum(wanted) + signs > width:
        wanted = [min(each, share) for each in wanted]
    rows = min(height, 1 + max(block.rows for block in blocks))
    columns: list[list[Line]] = []
    sizes = iter(wanted)
    for place, term in enumerate(equation):
        if isinstance(term, str):
            behind = equation[place + 1]
            space = " " * (gap(behind) - 1) if isinstance(behind, Block) else " "
            columns.append([(), (run(f" {term}{space}"),)])
            continue
        drawn = draw_block(scene, term, size, next(sizes), min(rows, 1 + term.rows), (0, 0))
        columns.append(drawn)
    widths = [max(map(line_cells, column)) for column in columns]
    return [
        merge(
            part
            for column, wide in zip(columns, widths, strict=True)
            for part in _filled(column[row] if row < len(column) else (), wide)
        )
        for row in range(max(map(len, columns)))
    ]


def _filled(line: Line, width: int) -> Line:
    return (*line, (" " * (width - line_cells(line)), "text"))
