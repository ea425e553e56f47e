"""Running the tape: every value, local derivative, contribution and gradient of one sample.

A network runs layer by layer, each layer a handful of numpy calls over matrix views of the flat
arrays; a graph runs operation by operation. Both arithmetics take the same way. A record is never
changed once it is made.

Local derivatives that are a value of the tape already (of a product: the other factor) or 1 are
not stored a second time; `Record.local` gives every one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np

from nnhs_tui.autodiff.graph_passes import graph_pass
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.passes import NetworkPass, Pass, Prepared, Samples
from nnhs_tui.autodiff.tape import LossBlock, Tape
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.losses import softmax_cross_entropy_slope
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.scenario.model import Sample

if TYPE_CHECKING:
    from nnhs_tui.autodiff.schedule import Arrival

PATHS = 2**16
"""Terms of gradients that a record remembers the sums of."""


@dataclass(frozen=True)
class Paths:
    """What arrives at one value, where paths join."""

    terms: list[Any]
    sums: list[Any]
    """The sum up to and with each term."""
    place: dict[tuple[int, int], int]
    """(operation, operand) → which term it gives."""


@dataclass(frozen=True, eq=False)
class Record:
    """One sample's forward and backward pass. Arrays are read-only."""

    tape: Tape
    arithmetic: Arithmetic
    value: np.ndarray
    """(ids,) the value of every leaf and operation."""
    gradient: np.ndarray
    """(ids,) what arrives at it; targets and constants have none (0), nor what is not reached."""
    terms: np.ndarray
    """What arrives along each path. Networks: layer after layer (neurons, inputs), at the inputs;
    behind them for a softmax (z, outputs). Graphs: as the operands lie in the tape."""
    slopes: np.ndarray
    """Local derivatives that are not a value already. Networks: layer after layer those of its
    activation; behind them for a softmax (z, outputs). Graphs: as the operands lie in the tape."""
    _paths: dict[int, Paths] = field(default_factory=dict, init=False, repr=False)

    @property
    def nbytes(self) -> int:
        """Bytes of all recorded arrays."""
        arrays = (self.value, self.gradient, self.terms, self.slopes)
        return sum(array.nbytes for array in arrays)

    @property
    def loss(self) -> Any:
        """The sample's loss, or None without one."""
        return None if self.tape.loss is None else self.value[self.tape.loss.total]

    def local(self, node: int, place: int) -> Any:
        """The local derivative of operation `node` with respect to its operand at `place`."""
        tape = self.tape
        if tape.loss is not None and node >= tape.loss.start:
            return self._loss_slope(tape.loss, node)
        if tape.opname(node) == "sum":
            return self.arithmetic.one
        operation = OPERATIONS[tape.opname(node)]
        if operation.of_layer:
            last = tape.layers[-1]
            return self.slopes[-(last.m**2) :].reshape(last.m, last.m)[place, node - last.out]
        operands = self.value[tape.operands(node)]
        with self.arithmetic.protected():
            return operation.local(self.arithmetic, self.value[node], *operands)[place]

    def _loss_slope(self, loss: LossBlock, node: int) -> Any:
        o, t = self.value[self.tape.operands(node)]
        with self.arithmetic.protected():
            if loss.fused:
                return softmax_cross_entropy_slope(self.arithmetic, o, t)
            return _item(loss.loss.slope(self.arithmetic, o, t, loss.n))

    def _term(self, node: int, place: int) -> Any:
        """r(g·d) of an operand of an operation."""
        slope = self.local(node, place) * self.arithmetic.one
        with self.arithmetic.protected():
            return self.arithmetic.round(self.gradient[node] * slope)

    def upstream(self, node: int) -> Any:
        """The gradient that arrives at operation `node`; 1 at the loss itself."""
        loss = self.tape.loss
        if loss is not None and node >= loss.start:
            return self.arithmetic.one
        return self.gradient[node]

    def joined(self, target: int, arrivals: Sequence[Arrival]) -> Paths:
        """What arrives at `target` along these paths; its sums are made once, not at each step."""
        if target not in self._paths:
            if sum(len(each.terms) for each in self._paths.values()) + len(arrivals) > PATHS:
                self._paths.clear()
            terms = [self.arriving(each.node, each.place) for each in arrivals]
            place = {(each.node, each.place): at for at, each in enumerate(arrivals)}
            self._paths[target] = Paths(terms, list(accumulate(terms)), place)
        return self._paths[target]

    def arriving(self, node: int, place: int) -> Any:
        """The contribution of operation `node` to the gradient of its operand at `place`."""
        tape = self.tape
        if tape.is_graph:
            return self.terms[tape.first[node - tape.leaves] + place]
        start = 0
        for layer in tape.layers:
            if layer.start <= node < layer.rows_stop:
                j, column = divmod(node - layer.start, layer.row)
                if column > layer.n and layer.is_formula:
                    # Several may arrive at z; a term is made anew where it is asked for.
                    return self._term(node, place)
                if column < layer.n and place == 1:
                    return self.terms[start + j * layer.n + column]
            elif layer.rows_stop <= node < layer.stop:
                return self.terms[-(layer.m**2) :][place * layer.m + node - layer.rows_stop]
            start += layer.n * layer.m
        if tape.loss is not None and tape.loss.fused and node >= tape.loss.start:
            return self.gradient[tape.layers[-1].z(node - tape.loss.start)]
        return self.gradient[tape.operands(node)[place]]


def _item(value: Any) -> Any:
    """A single number out of what may be an array without dimensions."""
    return value[()] if isinstance(value, np.ndarray) else value


class Runner:
    """Runs samples through a tape in one arithmetic."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        self.tape, self.ar = tape, ar
        self._pass = graph_pass(tape, ar) if tape.is_graph else NetworkPass(tape, ar)

    def forward(self, parameters: np.ndarray, sample: Prepared) -> np.ndarray:
        """The values (ids,) of a sample's forward pass, in an array that is used again.

        Raises:
            ComputationError: a value is not a number; names the first one that is not.
        """
        with self.ar.protected():
            return self._forward(parameters, sample)

    def run(self, parameters: np.ndarray, sample: Prepared) -> Record:
        """Run a sample forward and backward.

        Args:
            parameters: (parameters,) in the runner's arithmetic.

        Raises:
            ComputationError: a value or gradient is not a number; names the first one that is not.
        """
        work = self._run(parameters, sample)
        value, gradient = work.value.copy(), work.gradient.copy()
        terms, slopes = work.terms.copy(), work.slopes.copy()
        value.flags.writeable = gradient.flags.writeable = False
        terms.flags.writeable = slopes.flags.writeable = False
        return Record(self.tape, self.ar, value, gradient, terms, slopes)

    def gradients(self, parameters: np.ndarray, sample: Prepared) -> tuple[np.ndarray, Any]:
        """What `run` finds for the update, and no record: half the time in large nets.

        Returns:
            The gradients (parameters,), in an array that is used again, and the loss or None.

        Raises:
            ComputationError: as for `run`.
        """
        work, loss = self._run(parameters, sample), self.tape.loss
        own = work.gradient[: self.tape.parameters]
        return own, None if loss is None else work.value[loss.total]

    def _run(self, parameters: np.ndarray, sample: Prepared) -> Pass:
        work, ar = self._pass, self.ar
        with ar.protected():
            self._forward(parameters, sample)
            work.backward(sample)
            if not ar.all_finite(work.gradient):
                raise _fault(self.tape, ar, work.gradient, work.value, "grad ")
        return work

    def _forward(self, parameters: np.ndarray, sample: Prepared) -> np.ndarray:
        work = self._pass
        work.load(parameters, sample)
        work.forward()
        if not self.ar.all_finite(work.value):
            raise _fault(self.tape, self.ar, work.value, work.value, "")
        return work.value


def run(tape: Tape, ar: Arithmetic, parameters: np.ndarray, sample: Sample) -> Record:
    """Run one sample once; see `Runner.run`."""
    return Runner(tape, ar).run(parameters, Samples(tape, ar).prepared(sample))


def _fault(
    tape: Tape, ar: Arithmetic, found: np.ndarray, value: np.ndarray, prefix: str
) -> ComputationError:
    """Names the first operation (backward: the last) whose number cannot be carried on."""
    broken = np.flatnonzero(~np.asarray(ar.finite(found), bool))
    node = int(broken[-1] if prefix else broken[0])
    what = f"{_readable(found[node])} (overflow)"
    if not prefix:
        what = _forward_fault(tape, ar, node, value) or what
    else:
        what = _backward_fault(tape, ar, node, value, found) or what
    cure = "numbers that stay finite: smaller inputs, parameters or learning rate"
    return ComputationError(prefix + Names(tape).name(node), what, f"expected {cure}")


def _readable(number: Any) -> str:
    return {"inf": "a number too large", "-inf": "a number too large", "nan": "not a number"}.get(
        str(number).lower().replace("infinity", "inf"), str(number)
    )


def _forward_fault(tape: Tape, ar: Arithmetic, node: int, value: np.ndarray) -> str:
    """What the operation that failed would have had to compute."""
    if node < tape.leaves:
        return f"{_readable(value[node])}"
    opname = tape.opname(node)
    operands = value[tape.operands(node)]
    if opname.endswith((".term", ".total")):
        texts = [plain(each) for each in operands[:16]]
        assert tape.loss is not None
        if tape.loss.loss.has_logarithm and node < tape.loss.total:
            return f"o = {texts[0]}, t = {texts[1]}: the logarithm of 0"
        return f"overflow from {', '.join(texts)}"
    operation = OPERATIONS[opname]
    formula = operation.formula([_operand(each) for each in operands])
    reason = operation.fault(*operands)
    return f"{formula}: {reason or 'a number too large (overflow)'}"


def _backward_fault(
    tape: Tape, ar: Arithmetic, node: int, value: np.ndarray, gradient: np.ndarray
) -> str:
    """The local derivative, or its product with what arrives, that cannot be carried on."""
    if tape.loss is not None and node in tape.outputs and tape.loss.loss.has_logarithm:
        return f"the output is {plain(value[node])}: division by 0"
    for place in np.flatnonzero(tape.inputs == node)[::-1]:
        user = int(np.searchsorted(tape.first, place, "right")) - 1
        operation = OPERATIONS.get(tape.opname(user + tape.leaves))
        if operation is None or operation.of_layer:
            continue
        operand, result = int(place - tape.first[user]), user + tape.leaves
        operands = value[tape.operands(result)]
        # The slope of a gate is a truth value.
        local = operation.local(ar, value[result], *operands)[operand] * ar.number(Decimal(1))
        if not ar.finite(local):
            texts = [_operand(each) for each in operands]
            slope = operation.slope(operand, _operand(value[result]), texts)
            return f"{slope}: {operation.fault(*operands) or 'a number too large (overflow)'}"
        if not ar.finite(ar.round(gradient[result] * local)):
            factors = f"{_operand(gradient[result])}·{_operand(local)}"
            return f"{factors}: a number too large (overflow)"
    return ""


def _operand(number: Any) -> str:
    text = plain(number)
    return f"({text})" if text.startswith("-") else text
