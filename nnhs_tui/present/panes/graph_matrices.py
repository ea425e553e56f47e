"""The matrices of a graph's node in work: its values, its gradient, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nnhs_tui.autodiff.matrices import Block as Named
from nnhs_tui.autodiff.schedule import FORWARD, UPDATE
from nnhs_tui.commands.panes import MATRICES
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.labels import PHASE
from nnhs_tui.present.panes.blocks import Block, Entry
from nnhs_tui.present.panes.matrix import side_by_side
from nnhs_tui.present.panes.matrix_steps import block_of, used
from nnhs_tui.present.panes.tape_list import draw_tape
from nnhs_tui.present.text.lines import Line, standing_for, title


def draw_graph(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """Of a node of matrices these; else the operations as a list."""
    node = block_of(scene.run.tape, scene.step) if scene.run.tape.has_matrices else None
    if node is None:
        return draw_tape(scene, width, height, scroll)
    blocks = _blocks(scene, node)
    head = f"{MATRICES.label} of {node.name}, {PHASE[scene.phase]}"
    lines = side_by_side(scene, blocks, _entry_width(scene, node), width, height - 1, scroll)
    return [title(MATRICES.number, head, width), *lines[: height - 1]]


def _blocks(scene: Scene, node: Named) -> list[Block]:
    """The node and its gradient first, then what it uses: going back, the gradients of that."""
    others = used(scene.run.tape, node.name)
    if scene.phase == UPDATE:
        return [
            _block(scene, node, "", _before(scene)),
            _block(scene, node, "grad ", _accumulated(scene)),
            _block(scene, node, "new ", _after(scene)),
        ]
    own = [_block(scene, node, "", _values(scene))]
    if scene.phase == FORWARD:
        return [*own, *(_block(scene, each, "", _values(scene)) for each in others)]
    gradients = _gradients(scene)
    return [
        *own,
        _block(scene, node, "grad ", gradients),
        *(_block(scene, each, "grad ", gradients) for each in others),
        *(_block(scene, each, "", _values(scene)) for each in others),
    ]


def _block(scene: Scene, named: Named, before: str, entry: Callable[[int], Entry]) -> Block:
    rows, columns = named.shape
    return Block(
        f"{before}{named.name}",
        "",
        rows,
        columns,
        lambda i, j: entry(named.ids[i * columns + j]),
        _hot(scene, named, is_gradient=before == "grad "),
    )


def _hot(scene: Scene, named: Named, *, is_gradient: bool) -> tuple[int | None, int | None]:
    """Row and column of what is in work."""
    tape, step = scene.run.tape, scene.step
    node = step.target if is_gradient and step.target is not None else step.node
    if node in named.ids:
        return divmod(named.ids.index(node), named.shape[1])
    if node >= tape.leaves and tape.group_of(node)[0] == named.name:
        return divmod(int(tape.entry[node - tape.leaves]), named.shape[1])
    return None, None


def _values(scene: Scene) -> Callable[[int], Entry]:
    def entry(node: int) -> Entry:
        changed = " changed" if scene.made(node) else ""
        return scene.value(node), standing_for("text" + changed, f"value:{node}")

    return entry


def _gradients(scene: Scene) -> Callable[[int], Entry]:
    def entry(node: int) -> Entry:
        return scene.gradient(node).current, standing_for("backward", f"grad:{node}")

    return entry


def _before(scene: Scene) -> Callable[[int], Entry]:
    return lambda node: (scene.round.before[node], "text")


def _accumulated(scene: Scene) -> Callable[[int], Entry]:
    return lambda node: (scene.round.accumulated[node], "backward")


def _after(scene: Scene) -> Callable[[int], Entry]:
    return lambda node: (scene.round.after[node] if scene.updated(node) else None, "text")


def _entry_width(scene: Scene, node: Named) -> int:
    """Columns of an entry: the widest number, known yet or not, so that nothing moves."""
    ids = [each for block in (node, *used(scene.run.tape, node.name)) for each in block.ids]
    extremes: list[Any] = []
    for array in (scene.record.value[ids], scene.record.gradient[ids]):
        extremes += [array.min(), array.max()]
    return max(len(scene.show(each)) for each in extremes) + (scene.base is not None)
