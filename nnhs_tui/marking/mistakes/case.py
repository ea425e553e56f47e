"""What a rule for a known mistake looks at: one quantity, and all the numbers around it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import Arrival
from nnhs_tui.autodiff.tape import LayerBlock, Tape
from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.marking.calculation.numbers import Numbers
from nnhs_tui.marking.mistakes.place import Place, place_of
from nnhs_tui.operations.arithmetic import Arithmetic, added

Through = tuple[Quantity, ...]
"""What a mistake is carried through, without its round: it explains a number only where none of
these stands on the sheet."""


class Likely(NamedTuple):
    """How likely a mistake is before anything else is known, and which it is."""

    weight: float
    detail: str = ""


LOSS_GRADIENT = Quantity(GRAD, -1)
"""In place of every gradient on the way back from the loss."""


@dataclass(frozen=True)
class Made:
    """A number that a mistake gives which is made further back than at the quantity itself."""

    value: Any
    through: Through = ()
    detail: str = ""
    """Which factor, which place or which neighbour it is."""


Spread = tuple[LayerBlock, int, Any]
"""A layer, a neuron of it (from 0), and what the gradient at its z is multiplied by."""


@dataclass(frozen=True, eq=False)
class Case:
    """One quantity of a round, of one sample."""

    numbers: Numbers
    quantity: Quantity
    sample: int
    known: Any = None
    """What the quantity is, where that is not among the numbers."""

    @property
    def tape(self) -> Tape:
        return self.numbers.tape

    @property
    def ar(self) -> Arithmetic:
        return self.numbers.arithmetic

    @property
    def node(self) -> int:
        return self.quantity.node

    @property
    def record(self) -> Record:
        return self.numbers.records[self.sample]

    @property
    def is_value(self) -> bool:
        """Whether it is a value that an operation finds."""
        return self.quantity.kind == VALUE and self.node >= self.tape.leaves

    @property
    def is_gradient(self) -> bool:
        return self.quantity.kind == GRAD

    @property
    def opname(self) -> str:
        """The operation that finds the value; "" where none does."""
        return self.tape.opname(self.node) if self.node >= self.tape.leaves else ""

    @cached_property
    def operands(self) -> list[Any]:
        """The values of its operands."""
        return list(self.record.value[self.tape.operands(self.node)])

    @cached_property
    def arrivals(self) -> list[Arrival]:
        """The paths of a gradient: one where only a term of it is asked for."""
        path = self.quantity.path
        return [path] if path is not None else self.numbers.schedule.arrivals(self.node)

    @cached_property
    def right(self) -> Any:
        """What the quantity is."""
        return self.of(self.quantity) if self.known is None else self.known

    def of(self, quantity: Quantity) -> Any:
        """The value of another quantity of this sample and round."""
        if quantity.kind == GRAD:
            if quantity.path is not None:
                return self.record.arriving(quantity.path.node, quantity.path.place)
            return self.record.gradient[quantity.node]
        return self.record.value[quantity.node]

    def at(self, node: int) -> Any:
        """The same kind of quantity at another value, as it is worked out from its own operands."""
        there = replace(self.quantity, node=node, path=None)
        worked = self.numbers.worked
        return self.of(there) if worked is None else worked(there)

    def name(self, node: int) -> str:
        """What a value of a network is called, with "grad" in front where that is asked for."""
        place = place_of(self.tape, node)
        i, j = place.index
        prefix = {VALUE: ""}.get(self.quantity.kind, f"{self.quantity.kind} ")
        if place.layer is None:
            return ""
        index = f"{i + 1},{j + 1}" if place.letter in ("W", "p") else f"{j + 1}"
        return f"{prefix}{place.layer.name}.{place.letter}[{index}]"

    def about(self, kind: str, *nodes: int) -> Through:
        """Quantities of this sample."""
        return tuple(Quantity(kind, node, None, self.quantity.sample) for node in nodes)

    @property
    def is_out_of_loss(self) -> bool:
        """Whether it is a gradient that comes out of the loss itself."""
        loss = self.tape.loss
        return loss is not None and any(each.node >= loss.start for each in self.arrivals)

    @cached_property
    def products(self) -> Through:
        """Those of the neuron."""
        layer, (_, j) = self.layer, self.index
        if layer is None:
            return ()
        return self.about(VALUE, *(layer.product(i, j) for i in range(layer.n)))

    @cached_property
    def from_z(self) -> Through:
        """What lies between the sums of the layer and the value that is asked for, the sums too."""
        layer, (_, j) = self.layer, self.index
        if layer is None or self.letter == "z":
            return ()
        if layer.is_softmax:
            return self.about(VALUE, *(layer.z(k) for k in range(layer.m)))
        return self.about(VALUE, *range(layer.z(j), self.node))

    @cached_property
    def terms(self) -> Through:
        """Of a gradient that several paths join in: what arrives along each."""
        if self.quantity.path is not None or len(self.arrivals) < 2:
            return ()
        return tuple(replace(self.quantity, path=each) for each in self.arrivals)

    # Networks

    @cached_property
    def place(self) -> Place:
        """Where the value lies in its network."""
        return place_of(self.tape, self.node)

    @property
    def layer(self) -> LayerBlock | None:
        return self.place.layer

    @property
    def letter(self) -> str:
        return self.place.letter

    @property
    def index(self) -> tuple[int, int]:
        return self.place.index

    @property
    def above(self) -> LayerBlock | None:
        return self.place.above

    def siblings(self) -> tuple[int, ...]:
        return self.place.siblings

    @cached_property
    def spread(self) -> list[Spread]:
        """A network's gradient as Σ (gradient at z) × factor; [] where it is not of this form."""
        layer, record = self.layer, self.record
        if not self.is_gradient or self.tape.is_graph:
            return []
        if layer is not None and self.letter in ("W", "b", "p", "z"):
            i, j = self.index
            factor = record.value[layer.x(i)] if self.letter == "W" else self.ar.one
            return [(layer, j, factor)]
        return self.as_input

    @cached_property
    def as_input(self) -> list[Spread]:
        """The same of an input of a layer: along every path that is asked for."""
        above = self.above
        if above is None or not self.is_gradient:
            return []
        neurons = [(arrival.node - above.start) // above.row for arrival in self.arrivals]
        weights = [above.w(self.input_place, j) for j in neurons]
        return [(above, j, self.record.value[w]) for j, w in zip(neurons, weights, strict=True)]

    @property
    def input_place(self) -> int:
        """Which input of the layer above it is, from 0."""
        assert self.above is not None
        return (self.node - self.above.source) // self.above.source_step

    def slope(self, layer: LayerBlock, j: int) -> Any:
        """The local derivative of a neuron's activation; None where it has none of its own."""
        operation, value = layer.single, self.record.value
        if operation is None:
            return None
        return operation.local(self.ar, value[layer.a(j)], value[layer.z(j)])[0]

    def gathered(self, parts: list[tuple[Any, Any]]) -> Any:
        """r(Σ r(gradient at z × factor))."""
        rounded = [self.ar.round(gradient * factor) for gradient, factor in parts]
        return self.ar.round(added(rounded))

    def through(self, layer: LayerBlock, j: int, at_a: Any) -> Any:
        """What arrives at a neuron's z if this arrives at its a."""
        if layer.is_formula:
            return layer.through_formula(self.ar, self.record.value, j, at_a)
        slope = self.slope(layer, j)
        return at_a if slope is None else self.ar.round(at_a * slope)
