"""A quantity in words: what is asked, for somebody who does not read its name yet."""

from __future__ import annotations

from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.debugger.quantity import DECAY, GRAD, NEW, NORM, STEP, G, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.marking.mistakes.place import place_of
from nnhs_tui.present.text.notation import objective


def in_words(scene: Scene, quantity: Quantity) -> str:
    """What a quantity is: `input 1 times its weight to neuron 2 of hidden`."""
    node = quantity.node
    if quantity.kind == NORM:
        return "the size of all gradients together" + _which(quantity)
    if node < 0:
        return "the learning rate"
    told = _value(scene, node)
    if quantity.kind == GRAD:
        through = ""
        if quantity.path is not None:
            through = ", along this one path"
        return f"how much {objective(scene)} grows for a little more of {told}{through}"
    if quantity.is_of_update:
        return OF_UPDATE.get(quantity.kind, OTHER).format(told, quantity.kind) + _which(quantity)
    return told


OF_UPDATE = {
    NEW: "{0}, after the update",
    STEP: "what the update takes off {0}",
    DECAY: "what the decay of {0} comes to",
    G: "the gradient that the update rule uses for {0}",
}
OTHER = "the rule's {1} for {0}"
"""Of what a rule works out by itself."""


def _which(quantity: Quantity) -> str:
    """Which update of a round with several."""
    return "" if quantity.update is None else f", in update {quantity.update + 1}"


def _value(scene: Scene, node: int) -> str:
    tape = scene.run.tape
    if tape.is_graph:
        kind = "the parameter" if node < tape.parameters else "the value of"
        return f"{kind} {scene.names.name(node)}"
    if node in tape.x:
        return _input(tape.layers[0], scene, node - tape.x.start)
    if node in tape.t:
        return _target(tape, node)
    loss = tape.loss
    if loss is not None and node >= loss.start:
        term = f"the loss's term of output {node - loss.start + 1}"
        return "the loss" if node == loss.total else term
    return _of_layer(scene, node)


def _target(tape: Tape, node: int) -> str:
    return "the target" if len(tape.t) == 1 else f"target {node - tape.t.start + 1}"


def _of_layer(scene: Scene, node: int) -> str:
    """A weight, a bias, or what a neuron works out."""
    place = place_of(scene.run.tape, node)
    layer, (i, j) = place.layer, place.index
    assert layer is not None
    neuron = f"neuron {j + 1} of {layer.name}"
    if place.letter == "W":
        return f"the weight from {_input(layer, scene, i, result='')} to {neuron}"
    if place.letter == "b":
        return f"the bias of {neuron}"
    if place.letter == "p":
        return f"{_input(layer, scene, i)} times its weight to {neuron}"
    if place.letter == "z":
        return f"the sum of {neuron}" + (", bias included" if layer.bias is not None else "")
    if place.letter == "a":
        made = f"what the {layer.function} makes of its sum" if layer.function else "its sum"
        if layer.is_formula:
            made = f"{layer.applied('z')}, z being its sum"
        return f"the result of {neuron}: {made}"
    return f"a step inside the activation of {neuron}"


def _input(layer: LayerBlock, scene: Scene, place: int, result: str = "the result of ") -> str:
    """What goes into a layer: an input by its name, or a neuron's result."""
    if layer.index == 0:
        name = scene.names.symbol(scene.run.tape.x[place])
        return f"input {place + 1}" if name == f"x{place + 1}" else f"the input {name}"
    return f"{result}neuron {place + 1} of {scene.run.tape.layers[layer.index - 1].name}"
