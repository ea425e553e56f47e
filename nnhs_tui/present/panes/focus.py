"""What is in work at a step: which layer, which input of it, which of its neurons."""

from __future__ import annotations

from nnhs_tui.autodiff.schedule import BACKWARD, UPDATE
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.scene import Scene


def layer_in_work(scene: Scene) -> LayerBlock | None:
    """The layer of the step; None at the loss and in a graph."""
    tape, step = scene.run.tape, scene.step
    if tape.loss is not None and step.phase != UPDATE and step.node >= tape.loss.start:
        return None
    return next((layer for layer in tape.layers if layer.name == step.group[0]), None)


def edge_in_work(scene: Scene) -> tuple[int | None, int | None]:
    """(input, neuron) in work, from 0, within the layer of the step."""
    loss, step = scene.run.tape.loss, scene.step
    layer = layer_in_work(scene)
    if scene.level == "layer" or step.node < 0:
        return None, None
    if layer is None:
        at_output = loss is not None and step.node < loss.total
        return None, step.node - loss.start if loss is not None and at_output else None
    neuron = step.group[1] - 1 if step.group[1] else None
    if scene.level == "neuron":
        return None, neuron
    if step.phase == UPDATE:
        inside = step.node - layer.weights
        return (inside // layer.m if 0 <= inside < layer.n * layer.m else None), neuron
    if step.is_join and neuron is None and step.target is not None:
        return (step.target - layer.source) // layer.source_step, None
    if layer.start <= step.node < layer.rows_stop:
        column = (step.node - layer.start) % layer.row
        if column < layer.n:
            return column, neuron
        if step.phase == BACKWARD and column == layer.n and (step.place or 0) < layer.n:
            return step.place, neuron
    return None, neuron
