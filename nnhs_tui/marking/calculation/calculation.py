"""The calculation as lines: every quantity of the rounds, and what it is worked out from.

The record holds what is right. This is for what follows from a person's own numbers: a line is
one quantity with its operands, so that any of them can be replaced and the rest worked out again,
line by line, in the order a person works in. Exact arithmetic; hand arithmetic has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from nnhs_tui.autodiff.schedule import Arrival
from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, STEP, VALUE, Quantity
from nnhs_tui.marking.calculation.line import EXACT, FORWARD, GIVEN, OTHER, SUM, TIMES, Line
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.losses import softmax_cross_entropy_slope
from nnhs_tui.operations.softmax import softmax, softmax_slopes
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.training.rounds import Run


class Calculation:
    """The lines of a run's first rounds, in order; rounds are only ever appended."""

    def __init__(self, run: Run, rounds: int = 1) -> None:
        self.run, self.tape, self.schedule = run, run.tape, run.schedule
        self.lines: list[Line] = []
        self.values: list[Any] = []
        """What is right: the values of the record, line by line."""
        self.opnames: list[str] = []
        self.users: list[list[int]] = []
        """For each line those that are worked out from it."""
        self.kept: dict[Any, Any] = {}
        """What others have found out about each round."""
        self._number: dict[Quantity, int] = {}
        self._several = len(run.samples) > 1
        self._before = [
            self._given(Quantity(VALUE, node, round=0), value)
            for node, value in enumerate(run.parameters(0).tolist())
        ]
        nothing = {
            name: [
                self._given(Quantity(name, node, round=-1), 0.0)
                for node in range(run.tape.parameters)
            ]
            for name in run.tape.scenario.optimizer.keeps
        }
        self.state: list[list[list[int]]] = [list(nothing.values())]
        """For each round, and behind it, the lines of what the update rule has kept."""
        self.ends = [len(self.lines)]
        """Of how many lines no round, the first one, the first two and so on are made."""
        self.extend(rounds)

    @property
    def rounds(self) -> int:
        return len(self.ends) - 1

    def extend(self, rounds: int) -> None:
        """Append what is missing of so many rounds."""
        with EXACT.protected():
            while self.rounds < rounds:
                self._before = self._round(self.rounds, self._before)
                self.ends.append(len(self.lines))
        assert len(self._before) == self.tape.parameters

    def number(self, quantity: Quantity) -> int | None:
        """The line of a quantity whose round (and where there are several, sample) is given."""
        return self._number.get(quantity)

    def _add(self, line: Line, opname: str, value: Any = None) -> int:
        number = len(self.lines)
        self.lines.append(line)
        self.users.append([])
        for each in line.operands:
            self.users[each].append(number)
        self.opnames.append(opname)
        self._number.setdefault(line.quantity, number)
        self.values.append(line.value(self.values) if value is None else value)
        return number

    def _given(self, quantity: Quantity, value: Any) -> int:
        return self._add(Line(quantity, GIVEN), GIVEN, np.float64(value))

    def _round(self, number: int, before: list[int]) -> list[int]:
        """The lines of a round; those of the parameters after it."""
        for node, line in enumerate(before):
            self._number[Quantity(VALUE, node, round=number)] = line
        rate = self._given(Quantity(RATE, round=number), self.run.learning_rate(number))
        self.state.append([[0] * len(before) for _ in self.tape.scenario.optimizer.keeps])
        samples = [self._sample(number, place, before) for place in range(len(self.run.samples))]
        after = []
        for node, old in enumerate(before):
            used = self._reduced(
                Quantity(GRAD, node, round=number), [gradients[node] for gradients, _ in samples]
            )
            step = self._step(number, node, rate, used)
            new = Line(Quantity(NEW, node, round=number), OTHER, (old, step), _less)
            is_frozen = bool(self.tape.frozen[node])
            after.append(old if is_frozen else self._add(new, NEW))
            if is_frozen:
                self._number[new.quantity] = old
        loss = self.tape.loss
        if self._several and loss is not None:
            whole = Quantity(VALUE, loss.total, round=number)
            self._reduced(whole, [losses for _, losses in samples if losses is not None])
        return after

    def _step(self, number: int, node: int, rate: int, used: int) -> int:
        """The line of what the update takes off; before it those of what the rule keeps."""
        rule, about = self.tape.scenario.optimizer, Quantity(STEP, node, round=number)
        if rule.is_product:
            return self._add(Line(about, TIMES, (rate, used), _itself), STEP)
        before = tuple(each[node] for each in self.state[number])
        now = []
        for place, name in enumerate(rule.keeps):
            kept = Line(
                Quantity(name, node, round=number),
                OTHER,
                (used, *before),
                lambda gradient, *state, at=place: rule.keep(EXACT, gradient, state)[at],
            )
            now.append(self._add(kept, name))
            self.state[number + 1][place][node] = now[-1]
        step = Line(
            about,
            OTHER,
            (rate, used, *now),
            lambda lr, gradient, *state: rule.step(EXACT, lr, gradient, state),
        )
        return self._add(step, STEP)

    def _reduced(self, quantity: Quantity, parts: list[int]) -> int:
        """What the samples' numbers become together."""
        if not self._several:
            self._number[quantity] = parts[0]
            return parts[0]
        divisor = self.tape.scenario.reduction.divisor(len(parts))
        return self._add(
            Line(quantity, SUM, tuple(parts), lambda *each: added(each) / divisor), "reduce"
        )

    def _sample(self, number: int, place: int, before: list[int]) -> tuple[list[int], int | None]:
        """The lines of a sample: those of the gradients of the parameters, and that of its loss."""
        return _SamplePass(self, number, place, before).run()


class _SamplePass:
    """Writes the lines of one sample."""

    def __init__(self, whole: Calculation, number: int, place: int, before: list[int]) -> None:
        self.whole, self.tape, self.schedule = whole, whole.tape, whole.schedule
        self.round = number
        self.sample = place if whole._several else None
        self.record = whole.run.record(number, place)
        self.v: list[int] = list(before)
        self.g: dict[int, int] = {}

    def run(self) -> tuple[list[int], int | None]:
        tape = self.tape
        for node in range(tape.parameters, tape.leaves):
            self.v.append(self.whole._given(self._about(VALUE, node), self.record.value[node]))
        if self.sample is not None:
            for node in range(tape.parameters):
                self.whole._number[self._about(VALUE, node)] = self.v[node]
        for node in range(tape.leaves, tape.size):
            self.v.append(self._forward(node))
        loss = tape.loss
        if loss is not None:
            for node in range(loss.start, loss.total + 1):
                self.g[node] = self.whole._given(self._about(GRAD, node), 1.0)
        for node in sorted(self._ends(), reverse=True):
            given = self.whole._given(self._about(GRAD, node), self.record.gradient[node])
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
        return self.whole._add(line, opname)

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
                self.g[node] = self.whole._add(joined, "join")
            else:
                self.g[node] = parts[0]
        for node in range(self.tape.leaves):
            # Nothing arrives at what the output does not depend on.
            if node not in self.g and node not in self.tape.t:
                self.g[node] = self.whole._given(self._about(GRAD, node), 0.0)

    def _terms(self, node: int, arrivals: list[Arrival]) -> list[int]:
        """The lines of the terms of a gradient; its only term is the gradient itself."""
        several = len(arrivals) > 1
        found = []
        for arrival in arrivals:
            quantity = self._about(GRAD, node, arrival if several else None)
            upstream, operands, local = self._slope(arrival)
            line = Line(quantity, TIMES, (upstream, *operands), local)
            found.append(self.whole._add(line, self.tape.opname(arrival.node)))
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
            return upstream, (operands[1 - place],), _itself
        if OPERATIONS[opname].of_layer:
            outputs, own = tape.outputs.tolist(), node - int(tape.outputs[0])
            lines = tuple(self.v[each] for each in outputs)
            return upstream, lines, lambda *a: softmax_slopes(EXACT, np.array(a))[place, own]
        rule = OPERATIONS[opname].local
        return upstream, (self.v[node], *operands), lambda y, *x: rule(EXACT, y, *x)[place]


def _itself(value: Any) -> Any:
    return value


def _single(value: Any) -> Any:
    """A single number out of what may be an array without dimensions."""
    return value[()]


def _one() -> Any:
    return EXACT.one


def _less(old: Any, step: Any) -> Any:
    return old - step


def _added(*terms: Any) -> Any:
    return added(terms)
