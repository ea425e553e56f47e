"""One sample's part of a calculation: the lines of its values, then those of its gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import Arrival, Schedule
from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.marking.calculation.line import EXACT, FORWARD, SUM, TIMES, Line, itself
from nnhs_tui.marking.calculation.lines import Lines
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.losses import softmax_cross_entropy_slope
from nnhs_tui.operations.softmax import softmax, softmax_slopes
from nnhs_tui.operations.table import OPERATIONS


class SamplePass:
    """Writes the lines of one sample.

    Args:
        before: the lines of the parameters.
        number: the round (from 0).
        sample: its place among several (from 0); None where it is the only one.
    """

    def __init__(
        self,
        lines: Lines,
        record: Record,
        schedule: Schedule,
        before: list[int],
        number: int,
        sample: int | None,
    ) -> None:
        self.lines, self.record = lines, record
        self.schedule, self.tape = schedule, schedule.tape
        self.round, self.sample = number, sample
        self.v: list[int] = list(before)
        self.g: dict[int, int] = {}

    def run(self) -> tuple[list[int], int | None]:
        """The lines of the gradients of the parameters, and that of the loss."""
        tape = self.tape
        for node in range(tape.parameters, tape.leaves):
            self.v.append(self.lines.given(self._about(VALUE, node), self.record.value[node]))
        if self.sample is not None:
            for node in range(tape.parameters):
                self.lines.stands_for(self.v[node], self._about(VALUE, node))
        for node in range(tape.leaves, tape.size):
            self.v.append(self._forward(node))
        loss = tape.loss
        if loss is not None:
            for node in range(loss.start, loss.total + 1):
                self.g[node] = self.lines.given(self._about(GRAD, node), 1.0)
        for node in sorted(self._ends(), reverse=True):
            given = self.lines.given(self._about(GRAD, node), self.record.gradient[node])
            self.g[node] = given
        self._gradients()
        return [self.g[node] for node in range(tape.parameters)], (
            None if loss is None else self.v[loss.total]
        )

    def _about(self, kind: str, node: int, path: Arrival | None = None) -> Quantity:
        return Quantity(kind, node, path, self.sample, self.round)

    def _forward(self, node: int) -> int:
        opname, operands = self.tape.opname(node), self.tape.operands(node).tolist()
        lines = tuple(self.v[each] for each in operands)
        kind = SUM if opname == "sum" else FORWARD
        line = Line(self._about(VALUE, node), kind, lines, self._rule(node, opname))
        return self.lines.add(line, opname)

    def _rule(self, node: int, opname: str) -> Callable[..., Any]:
        part = opname.partition(".")[2]
        if part:
            assert self.tape.loss is not None
            loss = self.tape.loss.loss
            if part == "term":
                return lambda o, t: _single(loss.term(EXACT, o, t))
            return lambda *terms: _single(loss.total(EXACT, np.array(terms)))
        if OPERATIONS[opname].of_layer:
            place = node - int(self.tape.outputs[0])
            return lambda *z: softmax(EXACT, np.array(z))[place]
        forward = OPERATIONS[opname].forward
        return lambda *operands: forward(EXACT, *operands)

    def _ends(self) -> Iterable[int]:
        """Values at which what arrives is given: the outputs where there is no loss."""
        return self.tape.outputs.tolist() if self.tape.loss is None else ()

    def _gradients(self) -> None:
        """Every gradient in the order a person works in: once all its paths have arrived."""
        schedule, terms = self.schedule, self._terms
        order: list[tuple[int, int]] = []
        for node in range(self.tape.size):
            settled = schedule.settled(node)
            if settled is not None:
                order.append((settled, node))
        for _, node in sorted(order):
            parts = terms(node, schedule.arrivals(node))
            if len(parts) > 1:
                joined = Line(self._about(GRAD, node), SUM, tuple(parts), _added)
                self.g[node] = self.lines.add(joined, "join")
            else:
                self.g[node] = parts[0]
        for node in range(self.tape.leaves):
            # Nothing arrives at what the output does not depend on.
            if node not in self.g and node not in self.tape.t:
                self.g[node] = self.lines.given(self._about(GRAD, node), 0.0)

    def _terms(self, node: int, arrivals: list[Arrival]) -> list[int]:
        """The lines of the terms of a gradient; its only term is the gradient itself."""
        several = len(arrivals) > 1
        found = []
        for arrival in arrivals:
            quantity = self._about(GRAD, node, arrival if several else None)
            upstream, operands, local = self._slope(arrival)
            line = Line(quantity, TIMES, (upstream, *operands), local)
            found.append(self.lines.add(line, self.tape.opname(arrival.node)))
        return found

    def _slope(self, arrival: Arrival) -> tuple[int, tuple[int, ...], Callable[..., Any]]:
        """What arrives, and the local derivative: the lines it needs, and its rule."""
        node, place, tape = arrival.node, arrival.place, self.tape
        opname, upstream = tape.opname(node), self.g[node]
        operands = tuple(self.v[each] for each in tape.operands(node).tolist())
        if tape.loss is not None and node >= tape.loss.start:
            loss = tape.loss
            if loss.fused:
                return upstream, operands, lambda o, t: softmax_cross_entropy_slope(EXACT, o, t)
            return upstream, operands, lambda o, t: _single(loss.loss.slope(EXACT, o, t, loss.n))
        if opname == "sum":
            return upstream, (), _one
        if opname == "product":
            return upstream, (operands[1 - place],), itself
        if OPERATIONS[opname].of_layer:
            outputs, own = tape.outputs.tolist(), node - int(tape.outputs[0])
            lines = tuple(self.v[each] for each in outputs)
            return upstream, lines, lambda *a: softmax_slopes(EXACT, np.array(a))[place, own]
        rule = OPERATIONS[opname].local
        return upstream, (self.v[node], *operands), lambda y, *x: rule(EXACT, y, *x)[place]


def _single(value: Any) -> Any:
    """A single number out of what may be an array without dimensions."""
    return value[()]


def _one() -> Any:
    return EXACT.one


def _added(*terms: Any) -> Any:
    return added(terms)
