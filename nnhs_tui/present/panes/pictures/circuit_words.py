"""What is written at elementary nodes: names, circles, and how wide it may become."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.signs import sign_of
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.pictures.circuit_places import Size
from nnhs_tui.present.panes.pictures.marker import node_label
from nnhs_tui.present.panes.pictures.nodes import MOST_SAMPLES, neurons
from nnhs_tui.present.text.lines import cells, fit

LONGEST = 16
"""Columns of a name at most."""


class Sizes(dict[int, Size]):
    """How wide nodes are, whatever is known of them yet; worked out when it is asked for.

    Where it is tight, value and gradient begin over the circle and not behind it.
    """

    def __init__(self, scene: Scene, *, is_tight: bool = False) -> None:
        super().__init__()
        self._scene, self._is_tight = scene, is_tight

    def __missing__(self, node: int) -> Size:
        scene, name = self._scene, name_of_node(self._scene, node)
        is_given, label = node < scene.run.tape.leaves, _label_width(scene, node)
        head = cells(name) + 2 if is_given else cells(circle(scene, node))
        if not is_given and name:
            label = max(label, cells(name) + 1 + _value_width(scene, node))
        if self._is_tight:
            self[node] = Size(head, label if is_given else max(1, label - head))
        else:
            self[node] = Size(head, label + 1)
        return self[node]


def _value_width(scene: Scene, node: int) -> int:
    """Of a value, in whatever sample, so that nothing moves between them."""
    values = [record.value[node] for record in _records(scene)]
    if node < scene.run.tape.parameters:
        values.append(scene.round.after[node])
    # With edits, a * before each number that differs.
    return max(cells(scene.show(each)) for each in values) + (scene.base is not None)


def _label_width(scene: Scene, node: int) -> int:
    """The columns that a value and its gradient take."""
    if not has_gradient(scene, node):
        return _value_width(scene, node)
    gradients = (record.gradient[node] for record in _records(scene))
    gradient = max(cells(scene.show(each)) for each in gradients) + (scene.base is not None)
    # Two for the sign ∂, one for the + of a sum that is not whole yet.
    grows = len(scene.run.schedule.arrivals(node)) > 1
    return max(_value_width(scene, node), gradient + 2 + grows)


def _records(scene: Scene) -> Iterator[Record]:
    for sample in range(min(len(scene.run.samples), MOST_SAMPLES)):
        yield scene.run.record(scene.round_number, sample)


def has_gradient(scene: Scene, node: int) -> bool:
    """Whether a step finds how the result depends on a value, or it is known from the start.

    Of a target none does, nor of a term of the loss: the slope of a loss goes right to the outputs.
    """
    tape = scene.run.tape
    ends = (tape.loss.total,) if tape.loss else tape.outputs
    return node in ends or bool(scene.run.schedule.arrivals(node))


def name_of_node(scene: Scene, node: int) -> str:
    """What a value is called here; "" for one that nobody would ask for by its name."""
    tape = scene.run.tape
    if tape.is_graph:
        name = scene.names.name(node)
    elif node == (tape.loss.total if tape.loss else None):
        name = "L"
    else:
        name = _symbol(scene, node)
    return fit(name, min(cells(name), LONGEST))


def _symbol(scene: Scene, node: int) -> str:
    """Of a network a given value's symbol, and h1 or o1 for what a neuron hands on."""
    tape = scene.run.tape
    if node < tape.leaves:
        return scene.names.symbol(node)
    return next((neuron.label for neuron in neurons(tape) if neuron.values[-1] == node), "")


def circle(scene: Scene, node: int, *, is_chosen: bool = False) -> str:
    sign = sign_of(scene.run.tape, node)
    # `(o-t)²` has its circle already.
    return sign if sign[0] == "(" and not is_chosen else node_label(sign, is_chosen)
