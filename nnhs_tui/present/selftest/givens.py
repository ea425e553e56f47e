"""The given numbers that a question of a self-test needs: weights, biases, targets, the rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.quantity import GRAD, VALUE, G, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.marking.mistakes.place import place_of
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.update_rules import symbol
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.panes.explain_update import exact_text, rate_text
from nnhs_tui.present.text.given_numbers import given_text
from nnhs_tui.present.text.lines import Line, fit, run, wrap
from nnhs_tui.selftest.setting import Setting

WIDEST = 12
"""Inputs and nodes that are listed."""

ROWS, COLUMNS = 4, 8
"""Of a matrix that is written out; of a larger one only the row or the column in work."""


def given_lines(scene: Scene, quantity: Quantity, width: int, setting: Setting) -> list[Line]:
    """What is given for a quantity: the file's numbers, and those that this test does not ask."""
    return given_of(scene, quantity, width, _not_asked(scene, quantity, setting))


def given_of(scene: Scene, quantity: Quantity, width: int, more: Iterable[str] = ()) -> list[Line]:
    """What the file gives for a quantity, and what else is said."""
    lines: list[Line] = []
    for text in (*_given(scene, quantity, width), *more):
        for row in text.split("\n"):
            lines += wrap((run(row, "dim"),), width, 2)
    return lines


def _not_asked(scene: Scene, quantity: Quantity, setting: Setting) -> Iterator[str]:
    """The gradient that an update uses, where the backward phase is not asked."""
    is_first = quantity.node >= 0 and quantity.kind == scene.scenario.optimizer.steps[0]
    if is_first and (BACKWARD not in setting.phases or setting.only):
        used = given_text(scene.round.accumulated[quantity.node], scene.digits)
        yield f"its gradient = {used}"


def _given(scene: Scene, quantity: Quantity, width: int) -> Iterator[str]:
    tape, node = scene.run.tape, quantity.node
    if quantity.is_of_update:
        yield from _update(scene, quantity)
    if node < 0:
        return
    if tape.is_graph:
        leaves = range(min(tape.leaves - len(tape.constants), WIDEST))
        yield _listed(scene, [(scene.names.name(each), each) for each in leaves])
        yield _formulas(scene)
        return
    place = place_of(tape, node)
    if place.layer is not None and place.letter in ("a", "z", ""):
        yield from _activation(place.layer, quantity, place.letter)
    first = place.layer is not None and place.layer.index == 0
    if first and len(tape.x) <= WIDEST and place.letter in ("p", "z", "W"):
        yield _listed(scene, [(scene.names.symbol(each), each) for each in tape.x])
    if quantity.kind == GRAD and place.above is not None and place.letter in ("a", "z", ""):
        yield from _matrix(scene, place.above, width, row=(node - place.above.source))
    elif place.layer is not None and (
        (quantity.kind == VALUE and place.letter in ("p", "z")) or quantity.is_of_update
    ):
        yield from _matrix(scene, place.layer, width, column=place.index[1])
    loss = tape.loss
    at_end = loss is not None and (
        (quantity.kind == VALUE and node >= loss.start)
        or (quantity.kind == GRAD and (node in tape.outputs or _is_fused(scene, node)))
    )
    if loss is not None and at_end:
        targets = ", ".join(plain(scene.record.value[each]) for each in tape.t)
        divided = f", n = {loss.n}" if loss.loss.divided_by is None else ""
        yield f"t = {targets}; the loss is L = {loss.loss.convention}{divided}"


def _listed(scene: Scene, named: list[tuple[str, int]]) -> str:
    """`x1 = 2.00, x2 = 3.00`."""
    value = scene.record.value
    return ", ".join(f"{name} = {given_text(value[node], scene.digits)}" for name, node in named)


def _formulas(scene: Scene) -> str:
    """The nodes of a graph: `o = w + z; f = o·y`."""
    steps = range(min(scene.run.schedule.forward, WIDEST))
    told = [explain_step(scene, scene.run.schedule.step(each)) for each in steps]
    return "; ".join(f"{each.result} = {each.formula}" for each in told)


def _activation(layer: LayerBlock, quantity: Quantity, letter: str) -> Iterator[str]:
    """Which activation it is, where the question goes through it."""
    through = "z" if quantity.kind == GRAD else "a"
    if layer.is_formula and (letter in (through, "") or layer.acts > 1):
        yield f"the activation of {layer.name} is a = {layer.applied('z')}"
    elif layer.function and (letter in (through, "") or layer.is_circuit):
        yield f"the activation of {layer.name} is the {layer.function}"


def _is_fused(scene: Scene, node: int) -> bool:
    """Whether the gradient comes from softmax and cross-entropy in one step."""
    tape = scene.run.tape
    last = tape.layers[-1]
    is_z = node in {last.z(j) for j in range(last.m)}
    return bool(tape.loss and tape.loss.fused and is_z)


def _update(scene: Scene, quantity: Quantity) -> Iterator[str]:
    """The rate, the rule's numbers, and what it keeps of the parameter."""
    optimizer, node = scene.scenario.optimizer, quantity.node
    numbers = [f"{symbol(name)} = {exact_text(each)}" for name, each in optimizer.numbers.items()]
    if optimizer.rule.is_corrected:
        numbers.append(f"k = {scene.round.given.count}")
    if optimizer.weight_decay:
        numbers.append(f"λ = {exact_text(optimizer.weight_decay)}")
    if optimizer.clip is not None:
        numbers.append(f"gradients are clipped at {exact_text(optimizer.clip.limit)}")
    yield ", ".join([f"lr = {rate_text(scene)}{_reduction(scene)}", *numbers])
    kept = zip(optimizer.keeps, scene.round.state, strict=True)
    old = [f"{name} = {given_text(each[node], scene.digits)}" for name, each in kept]
    if node >= 0 and old:
        yield f"before this update {', '.join(old)}"
    symbols = optimizer.symbols("its gradient")
    if optimizer.part(quantity.kind) is not None:
        yield f"{quantity.kind} = {optimizer.formula(quantity.kind, symbols)}"
    elif quantity.kind == G:
        yield f"g = {optimizer.used('its gradient', 'w')}"
    elif optimizer.rule.parts:
        yield f"new w = w - {optimizer.whole_step('its gradient')}"


def _reduction(scene: Scene) -> str:
    """How the samples' gradients become one."""
    count = len(scene.group)
    if count == 1:
        return ""
    return f", the {scene.scenario.reduction.name} of {count} samples' gradients"


def _matrix(
    scene: Scene,
    layer: LayerBlock,
    width: int,
    *,
    row: int | None = None,
    column: int | None = None,
) -> Iterator[str]:
    """W row by row, and b; of a large layer only what the question is about."""
    digits = scene.digits
    values = layer.matrix(scene.round.before)
    rows, columns = range(layer.n), range(layer.m)
    if layer.n > ROWS or layer.m > COLUMNS:
        yield from _part(scene, layer, row, column)
        return
    texts = [[given_text(values[i, j], digits) for j in columns] for i in rows]
    size = max(len(text) for line in texts for text in line)
    written = [" ".join(fit(text, size, right=True) for text in line) for line in texts]
    head = f"{layer.name}.W, a row for each input:"
    line = f"{head}  {' | '.join(written)}"
    # What does not fit into a line is written as the matrix it is.
    yield line if len(line) <= width else "\n".join([head, *(f"  {each}" for each in written)])
    bias = layer.vector(scene.round.before)
    if len(bias):
        listed = " ".join(given_text(each, digits) for each in bias)
        yield f"{layer.name}.b:  {listed}"


def _part(scene: Scene, layer: LayerBlock, row: int | None, column: int | None) -> Iterator[str]:
    """The row or column of a large W that the question needs, and its bias."""
    values, digits = layer.matrix(scene.round.before), scene.digits
    if column is not None:
        listed = " ".join(given_text(each, digits) for each in values[:, column])
        yield f"{layer.name}.W, column {column + 1}, to neuron {column + 1}:  {listed}"
        bias = layer.vector(scene.round.before)
        if len(bias):
            yield f"{layer.name}.b[{column + 1}] = {given_text(bias[column], digits)}"
    elif row is not None:
        place = row // layer.source_step
        listed = " ".join(given_text(each, digits) for each in values[place])
        yield f"{layer.name}.W, row {place + 1}, from input {place + 1}:  {listed}"
