"""Scenario files: what one holds, and loading it (the contract is scenario-format.md)."""

import os
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from nnhs_tui.core.errors import printable
from nnhs_tui.core.reading.elementary import Expression, Node
from nnhs_tui.core.reading.faults import count
from nnhs_tui.core.reading.literals import Constant

if TYPE_CHECKING:
    from nnhs_tui.core.reading.contents import PathLike

__all__ = [
    "Constant",
    "Expression",
    "Graph",
    "Init",
    "Layer",
    "Network",
    "Node",
    "Sample",
    "Scenario",
    "from_text",
    "load",
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
    """identity, sigmoid, tanh, relu or softmax."""


@dataclass(frozen=True)
class Network:
    """Layers of neurons, and what is made of their output."""

    input_names: tuple[str, ...]
    """Empty when the inputs are only counted."""
    inputs: int
    layers: tuple[Layer, ...]
    loss: str | None
    """mse, sse, half_sse, bce, cross_entropy, or None."""


@dataclass(frozen=True)
class Graph:
    """Named expressions, broken into elementary operations."""

    inputs: dict[str, Decimal]
    parameters: dict[str, Decimal]
    expressions: tuple[Expression, ...]
    """The named nodes, in the order of evaluation."""
    output: str
    """The node whose gradient is 1."""

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
    """What arrives from in front; always there for a network without a loss, else None."""
    overrides: dict[str, Decimal]
    """Inputs of a graph that have another value in this sample."""


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
    reduction: str
    """mean or sum."""
    frozen: frozenset[str]
    """Parameters no update touches: `hidden.W`, `hidden.b[1]`; in a graph `w`."""
    samples: tuple[Sample, ...]
    text: str = field(default="", compare=False, repr=False)
    """The file as it was read: two that say the same in other words are equal."""


def load(path: "PathLike", *, shown_as: str | None = None) -> Scenario:
    """Reads and checks a scenario file.

    Args:
        path: The file.
        shown_as: What messages call it, when that is not its path.

    Raises:
        ScenarioError: With all faults at once, in the order of the file.
    """
    from nnhs_tui.core.reading.files import read_text

    file = printable(os.fsdecode(path) if shown_as is None else shown_as)
    return _made(read_text(path, file), os.fsdecode(path), file)


def from_text(text: str, path: str) -> Scenario:
    """Checks the text of a scenario file, which need not be there any more.

    Args:
        text: What it holds.
        path: Where it is, or was; also what messages call it.

    Raises:
        ScenarioError: With all faults at once, in the order of the file.
    """
    from nnhs_tui.core.reading.files import text_of

    content, file = text.encode("utf-8", "surrogatepass"), printable(path)
    return _made(text_of(content, file), path, file)


def _made(text: str, path: str, file: str) -> Scenario:
    """The scenario of a text that was read; see `load`."""
    # Imported here: whoever only needs the classes does not wait for the validation.
    from nnhs_tui.core.reading.build import build
    from nnhs_tui.core.reading.checks import check
    from nnhs_tui.core.reading.faults import Findings
    from nnhs_tui.core.reading.files import decode
    from nnhs_tui.core.reading.schema import check_structure

    data = decode(text, file)
    findings = Findings()
    check_structure(data, findings)
    expressions = check(data, findings)
    if len(findings):
        raise findings.error(file, data)
    return replace(build(data, expressions, path), text=text)


def shape(scenario: Scenario) -> str:
    """The size of the model in a few characters: `3→2→1`, or `graph, 4 nodes`."""
    model = scenario.model
    if isinstance(model, Graph):
        return f"graph, {count(len(model.expressions), 'node')}"
    return "→".join(map(str, (model.inputs, *(layer.neurons for layer in model.layers))))
