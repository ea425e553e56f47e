"""What a scenario file holds (the contract is docs/scenario-format.md)."""

from dataclasses import dataclass, field
from decimal import Decimal

from nnhs_tui.labels import counted
from nnhs_tui.operations.matrices.shapes import Shape
from nnhs_tui.operations.optimizer import Optimizer
from nnhs_tui.operations.reductions import Reduction
from nnhs_tui.scenario.chapters import OWN
from nnhs_tui.scenario.reading.elementary import Expression, Node
from nnhs_tui.scenario.reading.literals import Constant

__all__ = [
    "Constant",
    "DataFile",
    "Expression",
    "Graph",
    "Init",
    "Layer",
    "Network",
    "Node",
    "Sample",
    "Scaled",
    "Scenario",
    "shape",
]


@dataclass(frozen=True)
class Init:
    """How weights that are not given are drawn."""

    kind: str
    """normal, uniform, xavier, he or zeros."""
    scale: Decimal
    seed: int


@dataclass(frozen=True)
class Layer:
    """One layer of neurons: O = activation(X·W + b)."""

    name: str
    inputs: int
    neurons: int
    weights: tuple[tuple[Decimal, ...], ...] | None
    """One row per input, one column per neuron; None when they are drawn."""
    init: Init | None
    """None when the weights are given."""
    bias: tuple[Decimal, ...] | None
    """One per neuron; None when the layer has none."""
    activation: str
    """The name of an activation of the table of operations, identity, or a formula in z."""
    formula: Expression | None = None
    """A formula in z, broken into its operations."""


@dataclass(frozen=True)
class Network:
    """Layers of neurons, and what is made of their output."""

    input_names: tuple[str, ...]
    """Empty when the inputs are only counted."""
    inputs: int
    layers: tuple[Layer, ...]
    loss: str | None
    """The name of a loss of the table of losses, or None."""


@dataclass(frozen=True)
class Graph:
    """Named expressions, broken into elementary operations."""

    inputs: dict[str, Decimal]
    """By the name of each entry: `x`, of a row `x[2]`, of a matrix `X[2,1]`."""
    parameters: dict[str, Decimal]
    """Likewise."""
    expressions: tuple[Expression, ...]
    """The named nodes, in the order of evaluation."""
    output: str
    """The node whose gradient is 1, or what is given."""
    shapes: dict[str, Shape] = field(default_factory=dict)
    """Of inputs, parameters and named nodes that are no single numbers."""

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All elementary operations, one by one."""
        return tuple(node for expression in self.expressions for node in expression.nodes)


@dataclass(frozen=True)
class Sample:
    """One example that goes through the model."""

    x: tuple[Decimal, ...]
    """Empty for a graph."""
    t: tuple[Decimal, ...] | None
    """The target; always there with a loss."""
    upstream: tuple[Decimal, ...] | None
    """What arrives from in front; always there for a network without a loss. Of a graph, entry
    by entry of its output, what is given in place of 1; else None."""
    overrides: dict[str, Decimal]
    """Inputs of a graph that have another value in this sample."""


@dataclass(frozen=True)
class Scaled:
    """How an input is made of a column: (its number - off) / by."""

    column: str
    off: Decimal
    by: Decimal


@dataclass(frozen=True)
class DataFile:
    """A file beside a scenario whose rows are its samples."""

    path: str
    scale: str
    """none, standard or unit."""
    scaled: tuple[Scaled, ...]
    """One per input; empty where the numbers are used as they are."""
    words: tuple[str, ...]
    """What each target stands for, where they are made of a column of words; else empty."""
    text: str = field(default="", compare=False, repr=False)
    """What was read."""


@dataclass(frozen=True)
class Scenario:
    """A scenario file, checked and with its defaults filled in."""

    name: str
    """The file's name without its ending."""
    path: str
    title: str
    description: str
    source: str
    notes: str
    """For whoever presents it, never for an audience."""
    digits: int
    arithmetic: str
    """exact or hand."""
    level: str
    """layer, neuron or node."""
    sigmoid: str
    """shortcut or circuit."""
    model: Network | Graph
    learning_rate: Decimal
    rounds: int
    optimizer: Optimizer
    """How parameters change."""
    reduction: Reduction
    """How the gradients of several samples become one."""
    frozen: frozenset[str]
    """Parameters no update touches: `hidden.W`, `hidden.b[1]`; in a graph `w`."""
    samples: tuple[Sample, ...]
    chapter: str = OWN
    """Where it is listed: one of `labels.CHAPTER`, or a line of somebody's own."""
    place: int | None = None
    """Its place in the chapter; None: last, by its title."""
    update: int | None = None
    """After how many samples parameters change; None: after all of a round."""
    parts: tuple[int, ...] = ()
    """The article's parts it shows."""
    data: DataFile | None = None
    """Where its samples come from; None: they stand in the file itself."""
    text: str = field(default="", compare=False, repr=False)
    """The file as it was read: two that say the same in other words are equal."""


def shape(scenario: Scenario) -> str:
    """The size of the model in a few characters: `3→2→1`, or `graph, 4 nodes`."""
    model = scenario.model
    if isinstance(model, Graph):
        return f"graph, {counted(len(model.expressions), 'node')}"
    return "→".join(map(str, (model.inputs, *(layer.neurons for layer in model.layers))))
