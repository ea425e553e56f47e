"""The tape (Wengert list): a scenario as elementary operations in order of evaluation.

One flat array per field. Every value has an id; first the leaves (parameters, inputs, targets,
constants), then one id per operation. A layer's operations lie neuron by neuron, a row each:

    product 1 … product n, sum z, (the circuit's A, B, C,) activation a

so that a layer is a matrix view (neurons, row) of any array over the ids. Softmax needs every z
first: its a's follow behind the rows. `compiler.py` makes a tape, `schedule.py` orders its steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from nnhs_tui.autodiff.matrices import Block, blocks
from nnhs_tui.autodiff.tail import NO_TAIL, Tail
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.losses import Loss
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.operation import Operation
from nnhs_tui.operations.table import CIRCUIT_NAME, CIRCUIT_OF, OPERATIONS
from nnhs_tui.scenario.model import Graph, Scenario
from nnhs_tui.scenario.reading.elementary import Expression, inner_names
from nnhs_tui.scenario.reading.literals import Constant


class Codes(dict[str, int]):
    """The number that stands for an operation's name in a tape, one for each name.

    A name that joins the tables later gets the next one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def __missing__(self, name: str) -> int:
        self[name] = len(self.names)
        self.names.append(name)
        return self[name]


CODE = Codes()
"""A part of a loss is called `mse.term` or `mse.total`."""


@dataclass(frozen=True)
class LayerBlock:
    """Where a layer of n inputs and m neurons lies among the ids."""

    index: int
    name: str
    activation: str
    """What stands in the file, or `CIRCUIT_NAME` for a sigmoid stepped as four operations."""
    n: int
    m: int
    weights: int
    """Id of W[1,1]; W[i,j] is row-major behind it."""
    bias: int | None
    source: int
    """Id of the first input; the others follow in steps of `source_step`."""
    source_step: int
    start: int
    """Id of the first neuron's first product."""
    tail: Tail = NO_TAIL
    """What a neuron's row has behind its sum."""
    constants: tuple[int, ...] = ()
    """Ids of the tail's constants."""

    @property
    def is_circuit(self) -> bool:
        """Whether it is a sigmoid that is stepped as four operations."""
        return self.activation == CIRCUIT_NAME

    @property
    def operation(self) -> Operation | None:
        """Its activation's row of the table; None for the identity, which is no operation."""
        return OPERATIONS.get(CIRCUIT_OF if self.is_circuit else self.activation)

    @property
    def is_formula(self) -> bool:
        """Whether its activation is a formula in z."""
        return bool(self.tail.formula)

    @property
    def function(self) -> str:
        """The name of its activation, a circuit being the sigmoid; "" for the identity and for a
        formula."""
        return "" if self.operation is None else self.operation.name

    @property
    def called(self) -> str:
        """Its activation in words: its name, or the formula; "" for the identity."""
        return self.function or self.applied("z")

    def applied(self, z: str) -> str:
        """How a formula writes the activation of z, whatever z is called; "" for the identity."""
        if self.is_formula:
            return re.sub(r"\bz\b", z, self.tail.written)
        return f"{self.function}({z})" if self.function else ""

    @cached_property
    def is_softmax(self) -> bool:
        """Whether each a needs the z of every neuron, so that they follow behind the rows."""
        return self.operation is not None and self.operation.of_layer

    @property
    def single(self) -> Operation | None:
        """Its activation where that is a function of each neuron's own z."""
        return None if self.is_softmax else self.operation

    @cached_property
    def acts(self) -> int:
        """Operations a neuron's row has behind its sum."""
        return len(self.tail.ops)

    @cached_property
    def row(self) -> int:
        """Ids in a neuron's row."""
        return self.n + 1 + self.acts

    @cached_property
    def terms(self) -> int:
        """Operands of the neuron's sum: its products and, where there is one, the bias."""
        return self.n + (self.bias is not None)

    @cached_property
    def rows_stop(self) -> int:
        return self.start + self.m * self.row

    @cached_property
    def stop(self) -> int:
        """Id behind the layer's last operation."""
        return self.rows_stop + (self.m if self.is_softmax else 0)

    @cached_property
    def out(self) -> int:
        """Id of the first output a[1] (with identity, of z[1]: it is the same value)."""
        return self.rows_stop if self.is_softmax else self.start + self.row - 1

    @cached_property
    def out_step(self) -> int:
        return 1 if self.is_softmax else self.row

    @property
    def slopes(self) -> int:
        """How many local derivatives its activations have that are not a value already."""
        return self.tail.slopes * self.m

    def matrix(self, array: np.ndarray) -> np.ndarray:
        """W, as a view (inputs, neurons) of an array over the ids or the parameters."""
        return array[self.weights : self.weights + self.n * self.m].reshape(self.n, self.m)

    def vector(self, array: np.ndarray) -> np.ndarray:
        """b, as a view (neurons,) of an array over the ids or the parameters; empty without one."""
        return array[:0] if self.bias is None else array[self.bias : self.bias + self.m]

    def neuron(self, node: int) -> int:
        """The neuron (from 0) that one of the layer's operations belongs to."""
        if node >= self.rows_stop:
            return node - self.rows_stop
        return (node - self.start) // self.row

    def product(self, i: int, j: int) -> int:
        """Id of input i's product in neuron j (both from 0)."""
        return self.start + j * self.row + i

    def is_behind_sum(self, node: int) -> bool:
        """Whether it is one of the operations from z to a."""
        return self.start <= node < self.rows_stop and (node - self.start) % self.row > self.n

    def inner(self, node: int) -> str:
        """The letter of an operation between z and a; "" for any other."""
        behind = (node - self.start) % self.row - self.n
        is_inner = self.is_behind_sum(node) and behind < self.acts
        return self.tail.letters[behind - 1] if is_inner else ""

    def made_of(self, ar: Arithmetic, z: Any, value: np.ndarray) -> Any:
        """What a neuron makes of a sum, rounded; not for a softmax.

        Args:
            value: (ids,) where the constants of a formula are.
        """
        if self.is_formula:
            return self.tail.forward(ar, z, value[list(self.constants)])[-1]
        return z if self.single is None else self.single.forward(ar, z)

    def through_formula(self, ar: Arithmetic, value: np.ndarray, j: int, at_a: Any) -> Any:
        """What arrives at z of neuron j through the formula if this arrives at its a.

        Args:
            value: (ids,) the values of a sample.
        """
        z = self.z(j)
        values, constants = value[z + 1 : z + 1 + self.acts], value[list(self.constants)]
        return self.tail.backward(ar, value[z], values, constants, at_a)[1]

    def z(self, j: int) -> int:
        return self.start + j * self.row + self.n

    def a(self, j: int) -> int:
        return self.out + j * self.out_step

    def x(self, i: int) -> int:
        return self.source + i * self.source_step

    def w(self, i: int, j: int) -> int:
        return self.weights + i * self.m + j


@dataclass(frozen=True)
class LossBlock:
    """The loss at the end of a network: a term for each output, then the total."""

    loss: Loss
    start: int
    """Id of loss[1]."""
    n: int
    fused: bool
    """Softmax with cross-entropy: backward is one step from the loss to z."""

    @property
    def total(self) -> int:
        return self.start + self.n


@dataclass(frozen=True, eq=False)
class Tape:
    """A compiled scenario. Ids below `leaves` have no operation."""

    scenario: Scenario
    op: np.ndarray
    """(operations,) uint8: what `CODE` has for the operation."""
    inputs: np.ndarray
    """(operands,) int32: ids, operation after operation."""
    first: np.ndarray
    """(operations + 1,) int32: where an operation's operands start in `inputs`."""
    parameters: int
    """How many parameters: ids 0 … parameters − 1."""
    leaves: int
    x: range
    """Ids of the inputs."""
    t: range
    """Ids of the targets."""
    constants: tuple[Constant, ...]
    """Values of the last leaves."""
    layers: tuple[LayerBlock, ...] = ()
    loss: LossBlock | None = None
    leaf_names: tuple[str, ...] = ()
    """Graphs: the names of parameters and inputs, by id."""
    owners: tuple[str, ...] = ()
    """Graphs: the named nodes."""
    owner: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int32))
    """Graphs: (operations,) int32: which of `owners` an operation belongs to."""
    frozen: np.ndarray = field(default_factory=lambda: np.zeros(0, bool))
    """(parameters,) bool: what no update touches."""

    @property
    def size(self) -> int:
        """How many ids there are."""
        return self.leaves + len(self.op)

    @property
    def is_graph(self) -> bool:
        return not self.layers

    @property
    def constant_ids(self) -> range:
        return range(self.leaves - len(self.constants), self.leaves)

    def constant_text(self, node: int) -> str:
        """A constant as formulas write it: `2`, or `pi` by its name."""
        constant = self.constants[node - self.constant_ids.start]
        return constant.name or plain(constant.written)

    def are_constants(self, ids: np.ndarray) -> np.ndarray:
        """(ids,) bool: which of some ids are constants."""
        constants = self.constant_ids
        found: np.ndarray = (ids >= constants.start) & (ids < constants.stop)
        return found

    @property
    def nbytes(self) -> int:
        """Bytes of the flat arrays."""
        return sum(a.nbytes for a in (self.op, self.inputs, self.first, self.owner, self.frozen))

    @cached_property
    def decays(self) -> np.ndarray:
        """(parameters,) bool: what weight decay is for; the biases of a network are left out."""
        found = np.ones(self.parameters, bool)
        for layer in self.layers:
            if layer.bias is not None:
                found[layer.bias : layer.bias + layer.m] = False
        return found

    @cached_property
    def outputs(self) -> np.ndarray:
        """Ids of the outputs: of a graph the one named, else the last layer's a."""
        if self.is_graph:
            assert isinstance(self.scenario.model, Graph)
            return self.ends_of(self.scenario.model.output)
        last = self.layers[-1]
        return np.arange(last.m) * last.out_step + last.out

    @cached_property
    def node_names(self) -> tuple[str, ...]:
        """Graphs: the names of the operations, from id `leaves` on."""
        counts = np.bincount(self.owner, minlength=len(self.owners)).tolist()
        each = (
            own.own_names or inner_names(own.owner, count)
            for own, count in zip(self.expressions, counts, strict=True)
        )
        return tuple(chain.from_iterable(each))

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Graphs: what the named nodes were made of."""
        model = self.scenario.model
        return model.expressions if isinstance(model, Graph) else ()

    def ends_of(self, owner: str) -> np.ndarray:
        """Graphs: ids of the entries of a named node, row by row."""
        place = self.owners.index(owner)
        start, stop = np.searchsorted(self.owner, [place, place + 1]) + self.leaves
        ends = self.expressions[place].ends
        return np.array([start + each for each in ends] or [stop - 1])

    @cached_property
    def has_matrices(self) -> bool:
        """Graphs: whether something in it is more than one number."""
        model = self.scenario.model
        return isinstance(model, Graph) and (
            bool(model.shapes) or any(each.own_names for each in model.expressions)
        )

    @cached_property
    def entry(self) -> np.ndarray:
        """Graphs: (operations,) int32: for which entry of its named node, from 0, each one is."""
        found = np.zeros(len(self.op), np.int32)
        for place, each in enumerate(self.expressions):
            if each.own_names:
                start = int(np.searchsorted(self.owner, place))
                found[start : start + len(each.entries)] = each.entries
        return found

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """Graphs: parameters, inputs and named nodes, each with the ids of its entries."""
        leaves = blocks(enumerate(self.leaf_names))
        nodes = (
            Block(each.owner, each.shape, tuple(self.ends_of(each.owner).tolist()))
            for each in self.expressions
        )
        return (*leaves, *nodes)

    @cached_property
    def reached(self) -> np.ndarray:
        """(ids,) bool: what the output depends on. No gradient arrives at the rest."""
        reached = bytearray(self.size)
        for output in self.outputs.tolist():
            reached[output] = True
        firsts, inputs = self.first.tolist(), self.inputs.tolist()
        for place in range(len(self.op) - 1, -1, -1):
            if reached[self.leaves + place]:
                for each in inputs[firsts[place] : firsts[place + 1]]:
                    reached[each] = True
        return np.frombuffer(reached, bool)

    def opname(self, node: int) -> str:
        """The name of the operation behind an id."""
        return CODE.names[int(self.op[node - self.leaves])]

    def operation(self, node: int) -> Operation | None:
        """The row of the table behind an id; None for a part of the loss."""
        return OPERATIONS.get(self.opname(node))

    def operations(self, is_wanted: Callable[[Operation], bool]) -> np.ndarray:
        """Ids of the operations that have a property, in order."""
        codes = [
            code
            for code, name in enumerate(CODE.names)
            if name in OPERATIONS and is_wanted(OPERATIONS[name])
        ]
        return np.flatnonzero(np.isin(self.op, codes)) + self.leaves

    def operands(self, node: int) -> np.ndarray:
        """Ids of an operation's operands, in order."""
        place = node - self.leaves
        return self.inputs[self.first[place] : self.first[place + 1]]

    def layer_of(self, node: int) -> LayerBlock | None:
        """The layer that one of a network's operations belongs to; None for the loss and leaves."""
        layers = (each for each in self.layers if each.start <= node < each.stop)
        return next(layers, None)

    def is_in_formula(self, node: int) -> bool:
        """Whether it is an operation of an activation that is a formula."""
        layer = self.layer_of(node)
        return layer is not None and layer.is_formula and layer.is_behind_sum(node)

    def group_of(self, node: int) -> tuple[str, int]:
        """(layer or graph node, neuron from 1 or 0) that an operation belongs to."""
        if self.is_graph:
            return self.owners[self.owner[node - self.leaves]], 0
        if self.loss is not None and node >= self.loss.start:
            return "loss", 0
        layer = next(each for each in reversed(self.layers) if node >= each.start)
        return layer.name, layer.neuron(node) + 1
