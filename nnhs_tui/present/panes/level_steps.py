"""Steps at the levels node, neuron and layer: consecutive node steps taken together.

At layer level a step is a matrix equation, at neuron level a dot product; a graph's step is one
named node at both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhs_tui.autodiff.levels import spans
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule, Step
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.operations.softmax import softmax_exponentials
from nnhs_tui.present.panes.coming_out import step_with_more
from nnhs_tui.present.panes.explain import SHIFTED, explain_step
from nnhs_tui.present.panes.matrix_steps import one_entry, whole_node
from nnhs_tui.present.text.notation import bracketed, chain, equals, operand_text, shown_value


@dataclass(frozen=True)
class LevelStep:
    """A step of `trace`: at node level one number, above a list or a matrix."""

    sample: int | None
    """From 1; None in the update."""
    update: int | None
    """From 1; None where it is of no update, or of the only one of the round."""
    phase: str
    name: str
    formula: str
    numbers: str
    value: Any
    running: str = ""
    """Where paths join: the sum so far."""
    equals: str = "="
    """The sign before the value: ≈ where only a rounded part of it is shown."""
    more: Callable[[], str] = str
    """The same with more decimals where that takes more than are shown; else "". Worked out when
    it is asked for."""


def level_steps(scene: Scene, level: str) -> Iterator[LevelStep]:
    """All steps of the round of `scene`, which stands at any step of it."""
    schedule = scene.run.schedule
    for start, stop in _passes(schedule):
        here = replace(scene, index=min(start, schedule.total - 1), level="node")
        if level == "node":
            yield from (_node_step(here, schedule.step(index)) for index in range(start, stop))
        else:
            for first, after in spans(schedule, start, stop, level):
                yield _group_step(here, level, [schedule.step(k) for k in range(first, after)])


def _passes(schedule: Schedule) -> Iterator[tuple[int, int]]:
    """(first step, the one behind the last) of each sample's passes and of each update."""
    for update in range(schedule.updates):
        for sample in schedule.samples_of(update):
            start = schedule.sample_start(sample)
            yield start, start + schedule.per_sample
        start = schedule.update_start(update)
        yield start, start + schedule.entries.size


def _node_step(scene: Scene, step: Step) -> LevelStep:
    told = explain_step(scene, step)
    formula = f"{told.result} = {told.formula}"
    return LevelStep(
        _sample(step),
        _update(scene, step),
        step.phase,
        told.name,
        formula,
        told.numbers,
        told.value,
        told.running,
        equals(scene, told.value),
        lambda: step_with_more(scene, step, told),
    )


def _sample(step: Step) -> int | None:
    return None if step.sample is None else step.sample + 1


def _update(scene: Scene, step: Step) -> int | None:
    several = scene.run.schedule.updates > 1
    return step.update + 1 if several and step.phase == UPDATE else None


def _group_step(scene: Scene, level: str, steps: list[Step]) -> LevelStep:
    first = steps[0]
    tape = scene.run.tape
    layer = next((each for each in tape.layers if each.name == first.group[0]), None)
    if layer is None or first.node >= (tape.loss.start if tape.loss else tape.size):
        row = _of_matrices(scene, level, steps) or _plain_group(scene, steps)
    elif first.phase == FORWARD:
        row = (_forward_layer if level == "layer" else _forward_neuron)(scene, layer, steps)
    else:
        row = (_backward_layer if level == "layer" else _backward_neuron)(scene, layer, steps)
    return LevelStep(_sample(first), _update(scene, first), first.phase, *row)


Row = tuple[str, str, str, Any]
"""name, formula, numbers, value."""


def _of_matrices(scene: Scene, level: str, steps: list[Step]) -> Row | None:
    """Of a graph with matrices: a whole node, or an entry of it."""
    if not scene.run.tape.has_matrices:
        return None
    if level == "layer":
        return whole_node(scene, steps)
    return one_entry(scene, steps) if steps[0].phase == FORWARD else None


def _plain_group(scene: Scene, steps: list[Step]) -> Row:
    """A graph's named node, or the loss: forward what its last step finds, else what all find."""
    told = [explain_step(scene, step) for step in steps]
    formula = "; ".join(f"{each.result} = {each.formula}" for each in told)
    digits = scene.digits
    numbers = "; ".join(chain(each.numbers, shown_value(each.value, digits)) for each in told)
    if steps[0].phase != BACKWARD:
        return told[-1].name, formula, numbers, [told[-1].value]
    if scene.run.tape.is_graph:
        name = told[-1].name if len(steps) == 1 else f"backward {steps[0].group[0]}"
    else:
        name = told[0].name.rpartition("[")[0]
    return name, formula, numbers, [each.value for each in told]


def _equation(layer: LayerBlock, dot: str, z: str, a: str, off: str = "") -> str:
    """`Z = X·W + b; A = sigmoid(Z)`, in the letters given; `off` is taken off before."""
    bias = " + b" if layer.bias is not None else ""
    applied = layer.applied(f"{z}{off}")
    return f"{z} = {dot}{bias}" + (f"; {a} = {applied}" if applied else "")


def _forward_layer(scene: Scene, layer: LayerBlock, steps: list[Step]) -> Row:
    value, digits = scene.record.value, scene.digits
    z, a = ([value[node(j)] for j in range(layer.m)] for node in (layer.z, layer.a))
    numbers = f"{_inputs_text(scene, layer)}·{_operands(scene, layer.matrix(value))}"
    if layer.bias is not None:
        numbers += f" + {operand_text(scene, list(layer.vector(value)))}"
    letter = "z"
    numbers += f" = {shown_value(z, digits)}"
    if layer.a(0) != layer.z(0):
        letter = "a"
        numbers += f"; A = {shown_value(a, digits)}"
    equation = _equation(layer, "X·W", "Z", "A", _off(scene, layer, z))
    return f"{layer.name}.{letter}", equation, numbers, a


def _off(scene: Scene, layer: LayerBlock, z: list[Any]) -> str:
    """What a softmax by hand takes off each z, where it does."""
    ar = scene.run.arithmetic
    if not layer.is_softmax or ar.name != "hand":
        return ""
    with ar.protected():
        _, is_shifted = softmax_exponentials(ar, np.array(z))
    return SHIFTED if is_shifted else ""


def _forward_neuron(scene: Scene, layer: LayerBlock, steps: list[Step]) -> Row:
    """z, and what the activation makes of it; a softmax's a by itself, as it needs every z."""
    value, digits = scene.record.value, scene.digits
    last = steps[-1].node
    name = scene.names.name(last)
    if last >= layer.rows_stop:
        told = explain_step(scene, steps[-1])
        return name, f"{told.result} = {told.formula}", told.numbers, [value[last]]
    j = steps[-1].group[1] - 1
    column = list(layer.matrix(value)[:, j])
    numbers = f"{_inputs_text(scene, layer)}·{operand_text(scene, column)}"
    if layer.bias is not None:
        numbers += f" + {bracketed(operand_text(scene, value[layer.bias + j]))}"
    numbers += f" = {shown_value(value[layer.z(j)], digits)}"
    if last != layer.z(j):
        numbers += f"; a = {shown_value(value[last], digits)}"
    return name, _equation(layer, "x·w", "z", "a"), numbers, [value[last]]


def _backward_layer(scene: Scene, layer: LayerBlock, steps: list[Step]) -> Row:
    """Backward or update: the step is about the layer's weights, and says the rest."""
    digits = scene.digits
    if steps[0].phase == UPDATE:
        return _update_matrix(scene, layer)
    gradient = scene.record.gradient
    matrix = layer.matrix(gradient)
    dz = [gradient[layer.z(j)] for j in range(layer.m)]
    dx = [gradient[layer.x(i)] for i in range(layer.n)]
    numbers = f"dZ = {shown_value(dz, digits)}; dW = {_matrix_text(scene, matrix)}"
    formula = "dW = Xᵀ·dZ"
    if layer.bias is not None:
        formula += "; db = dZ"
    formula += "; dX = dZ·Wᵀ"
    numbers += f"; dX = {shown_value(dx, digits) if layer.n <= 64 else f'(1×{layer.n})'}"
    return f"grad {layer.name}.W", formula, numbers, matrix.tolist()


def _update_matrix(scene: Scene, layer: LayerBlock) -> Row:
    before, after = scene.round.before, scene.round.after
    matrix = layer.matrix(after)
    optimizer = scene.scenario.optimizer
    formula, numbers = "", ""
    for kind in optimizer.steps[:-1]:
        formula += f"{kind} = {optimizer.short_of(kind, 'dW', 'W')}; "
        part = layer.matrix(scene.round.numbers[kind])
        numbers += f"{kind} = {_matrix_text(scene, part)}; "
    numbers += f"{_operands(scene, layer.matrix(before))} - "
    numbers += f"{_matrix_text(scene, layer.matrix(scene.taken))} = {_matrix_text(scene, matrix)}"
    formula += f"new W = W - {optimizer.taken('dW', 'W')}"
    if layer.bias is not None:
        formula += f"; new b = b - {optimizer.taken('db', 'b', decays=False)}"
        numbers += f"; {operand_text(scene, list(layer.vector(before)))} - "
        numbers += f"{shown_value(list(layer.vector(scene.taken)), scene.digits)} = "
        numbers += shown_value(list(layer.vector(after)), scene.digits)
    own = range(layer.weights, layer.weights + layer.terms * layer.m)
    return f"new {layer.name}.W", formula + _frozen(scene, own), numbers, matrix.tolist()


def _frozen(scene: Scene, parameters: Iterable[int]) -> str:
    """`; frozen: h.W[1,1]` where some of the parameters are."""
    names = [scene.names.name(each) for each in parameters if scene.run.tape.frozen[each]]
    return f"; frozen: {', '.join(names)}" if names else ""


def _backward_neuron(scene: Scene, layer: LayerBlock, steps: list[Step]) -> Row:
    """The column of the neuron's weights; what arrives at the inputs where paths join."""
    last = steps[-1]
    neuron = last.group[1]
    gradient, digits = scene.record.gradient, scene.digits
    if neuron == 0:
        name = scene.names.name(layer.x(0))
        source = name.rpartition("[")[0] or "x"
        joined = [gradient[layer.x(i)] for i in range(layer.n)]
        text = shown_value(joined, digits)
        return f"grad {source}", "what arrives along all paths, added up", text, joined
    if last.target is not None and last.node == layer.z(neuron - 1) and last.is_join:
        told = explain_step(scene, last)
        return told.name, f"{told.result} = {told.formula}", told.numbers, [told.value]
    weights = [layer.w(i, neuron - 1) for i in range(layer.n)]
    own = [*weights, layer.bias + neuron - 1] if layer.bias is not None else weights
    if last.phase == UPDATE:
        before, after = scene.round.before, scene.round.after
        optimizer, formula, numbers = scene.scenario.optimizer, "", ""
        for kind in optimizer.steps[:-1]:
            formula += f"{kind} = {optimizer.short_of(kind, 'dw', 'w')}; "
            numbers += f"{kind} = {shown_value(list(scene.round.numbers[kind][own]), digits)}; "
        numbers += f"{operand_text(scene, list(before[own]))} - "
        numbers += f"{shown_value(list(scene.taken[own]), digits)} = "
        formula += f"new w = w - {optimizer.taken('dw', 'w')}"
        formula += ", the bias last" if own != weights else ""
        return (
            f"new {layer.name}.W[:,{neuron}]",
            formula + _frozen(scene, own),
            numbers + shown_value(list(after[own]), digits),
            list(after[weights]),
        )
    dz = gradient[layer.z(neuron - 1)]
    column = list(gradient[weights])
    formula, numbers = (
        "dw = x·dz",
        f"dz = {shown_value(dz, digits)}; dw = {shown_value(column, digits)}",
    )
    if own != weights:
        numbers += f"; db = {shown_value(gradient[own[-1]], digits)}"
    if layer.m == 1:
        # Nothing joins behind a neuron alone: what arrives at its inputs is said here.
        formula += "; dx = dz·w"
        numbers += f"; dx = {shown_value([gradient[layer.x(i)] for i in range(layer.n)], digits)}"
    return f"grad {layer.name}.W[:,{neuron}]", formula, numbers, column


def _inputs_text(scene: Scene, layer: LayerBlock) -> str:
    if layer.n > 64:
        return f"(1×{layer.n})"
    return operand_text(scene, [scene.record.value[layer.x(i)] for i in range(layer.n)])


def _operands(scene: Scene, matrix: np.ndarray) -> str:
    """A matrix that goes into an equation, or its shape where it is too large to read."""
    return (
        operand_text(scene, matrix.tolist()) if matrix.size <= 64 else _matrix_text(scene, matrix)
    )


def _matrix_text(scene: Scene, matrix: np.ndarray) -> str:
    """A matrix as text, or its shape where it is too large to read."""
    if matrix.size > 64:
        return f"({matrix.shape[0]}×{matrix.shape[1]})"
    return shown_value(matrix.tolist(), scene.digits)
