"""The passes of a graph: operation by operation, in order, and back in reverse order.

A graph may have a million operations. In doubles most of them are one of Python's own operators,
and the local derivatives of all operations of a kind are found at once: see `DoublesPass`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from nnhs_tui.autodiff.back_order import back_order
from nnhs_tui.autodiff.passes import Pass, Prepared
from nnhs_tui.autodiff.tape import CODE, Tape
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.table import OPERATIONS

BLOCK = 4096
"""Operations whose operands are unpacked at a time: fast, and in little memory."""


FEW = 30
"""Operations of which one by one is the quicker way."""


def _never(*_: Any) -> Any:
    raise AssertionError("a graph has no such operation")


class GraphPass(Pass):
    """Any arithmetic: every operation by its rules."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        super().__init__(tape, ar, len(tape.inputs), len(tape.inputs))
        self.rules = [self.rule(name) for name in CODE.names]

    def forward(self) -> None:
        # Numbers in a list are Python's own, which work several times as fast one by one.
        tape, value = self.tape, self.value[: self.tape.leaves].tolist()
        rules = self.rules
        for start in range(0, len(tape.op), BLOCK):
            codes, firsts, ids = _operations(tape, start)
            for code, first, behind in zip(codes, firsts, firsts[1:], strict=False):
                if behind - first == 2:
                    value.append(rules[code](value[ids[first]], value[ids[first + 1]]))
                elif behind - first == 1:
                    value.append(rules[code](value[ids[first]]))
                else:
                    value.append(rules[code](*[value[each] for each in ids[first:behind]]))
        self.value[...] = value

    def rule(self, name: str) -> Callable[..., Any]:
        """Operands → the result of an operation."""
        return partial(OPERATIONS[name].forward, self.ar) if name in OPERATIONS else _never

    def backward(self, sample: Prepared) -> None:
        """Contributions and local derivatives lie as the operands do in `tape.inputs`."""
        tape, ar, value = self.tape, self.ar, self.value.tolist()
        slopes_of = [
            OPERATIONS[name].local if name in OPERATIONS else _never for name in CODE.names
        ]
        nothing = ar.one * 0
        gradient = [nothing] * tape.size
        for output, arriving in zip(tape.outputs.tolist(), sample.upstream, strict=True):
            gradient[output] = arriving
        for start in _blocks_back(tape):
            codes, firsts, ids = _operations(tape, start)
            slopes = [nothing] * len(ids)
            terms = slopes.copy()
            reached = _reached(tape, start).tolist()
            for place in range(len(codes) - 1, -1, -1):
                if not reached[place]:
                    continue
                operands = range(firsts[place], firsts[place + 1])
                node = tape.leaves + start + place
                given = [value[ids[each]] for each in operands]
                local = slopes_of[codes[place]](ar, value[node], *given)
                for each, slope in zip(operands, local, strict=True):
                    target = ids[each]
                    if target in tape.constant_ids:
                        continue
                    slopes[each] = slope
                    terms[each] = ar.round(gradient[node] * slope)
                    gradient[target] = ar.round(gradient[target] + terms[each])
            begin = int(tape.first[start])
            self.slopes[begin : begin + len(slopes)] = slopes
            self.terms[begin : begin + len(terms)] = terms
        self.gradient[...] = gradient


class DoublesPass(GraphPass):
    """The same numbers, bit by bit, in doubles."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        super().__init__(tape, ar)
        self._of_constants = tape.are_constants(tape.inputs)
        """(operands,) bool: to which no gradient goes."""

    def rule(self, name: str) -> Callable[..., Any]:
        operator = OPERATIONS[name].operator if name in OPERATIONS else None
        if operator is not None:
            return operator
        rule = super().rule(name)
        # Numpy's own numbers would make all that is worked with them slow.
        return lambda *operands: float(rule(*operands))

    def backward(self, sample: Prepared) -> None:
        tape = self.tape
        gradient = [0.0] * tape.size
        for output, arriving in zip(tape.outputs.tolist(), sample.upstream, strict=True):
            gradient[output] = float(arriving)
        for start in _blocks_back(tape):
            codes, firsts, ids = _operations(tape, start)
            begin, reached = int(tape.first[start]), _reached(tape, start)
            self._find_slopes(start, reached)
            slopes = self.slopes[begin : begin + len(ids)].tolist()
            node = tape.leaves + start + len(codes)
            for first, behind, is_used in zip(
                firsts[-2::-1], firsts[:0:-1], reached[::-1].tolist(), strict=True
            ):
                node -= 1
                if not is_used:
                    continue
                arriving = gradient[node]
                gradient[ids[first]] += arriving * slopes[first]
                if behind - first == 2:
                    gradient[ids[first + 1]] += arriving * slopes[first + 1]
                    continue
                for each in range(first + 1, behind):
                    gradient[ids[each]] += arriving * slopes[each]
        self._note(gradient)

    def _note(self, gradient: list[float]) -> None:
        """Keep what was found: the gradients, and what arrives along each path."""
        tape = self.tape
        self.gradient[...] = gradient
        self.gradient[tape.constant_ids.start : tape.constant_ids.stop] = 0
        arriving_at = np.repeat(self.gradient[tape.leaves :], np.diff(tape.first))
        np.multiply(arriving_at, self.slopes, out=self.terms)
        self.terms[self._of_constants] = 0

    def _find_slopes(self, start: int, reached: np.ndarray) -> None:
        """The local derivatives in a block, 0 of what is not reached, and of constants."""
        tape = self.tape
        self._find_slopes_at(start + np.flatnonzero(reached))
        block = slice(tape.first[start], tape.first[start + len(reached)])
        self.slopes[block][self._of_constants[block]] = 0

    def _find_slopes_at(self, places: np.ndarray) -> None:
        """The local derivatives of some operations, of many of one kind at once."""
        tape, ar, value = self.tape, self.ar, self.value
        kinds = (tape.first[places + 1] - tape.first[places]) * len(CODE.names) + tape.op[places]
        for kind in np.unique(kinds).tolist():
            own = places[kinds == kind]
            count, code = divmod(kind, len(CODE.names))
            firsts, rule = tape.first[own], OPERATIONS[CODE.names[code]].local
            given = [value[tape.leaves + own]]
            given += [value[tape.inputs[firsts + each]] for each in range(count)]
            if OPERATIONS[CODE.names[code]].slopes_at_once:
                local = rule(ar, *given)
            else:
                singly = zip(*(each.tolist() for each in given), strict=True)
                local = zip(*[rule(ar, *each) for each in singly], strict=True)
            for each, slope in enumerate(local):
                self.slopes[firsts + each] = slope


class MatrixPass(GraphPass):
    """A graph with matrices in any arithmetic: gradients go back in an order of their own."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        super().__init__(tape, ar)
        self._order = _reached_back(tape)

    def backward(self, sample: Prepared) -> None:
        tape, ar, value = self.tape, self.ar, self.value.tolist()
        nothing, constants = ar.one * 0, tape.constant_ids
        gradient = [nothing] * tape.size
        for output, arriving in zip(tape.outputs.tolist(), sample.upstream, strict=True):
            gradient[output] = arriving
        for place, ids in _back(tape, self._order):
            node, first = tape.leaves + place, int(tape.first[place])
            rule = OPERATIONS[CODE.names[tape.op[place]]].local
            local = rule(ar, value[node], *[value[each] for each in ids])
            for each, (target, slope) in enumerate(zip(ids, local, strict=True), first):
                if target in constants:
                    continue
                self.slopes[each] = slope
                self.terms[each] = term = ar.round(gradient[node] * slope)
                gradient[target] = ar.round(gradient[target] + term)
        self.gradient[...] = gradient


class MatrixDoublesPass(DoublesPass):
    """The same numbers, bit by bit, in doubles."""

    def __init__(self, tape: Tape, ar: Arithmetic) -> None:
        super().__init__(tape, ar)
        self._order = _reached_back(tape)

    def backward(self, sample: Prepared) -> None:
        tape = self.tape
        gradient = [0.0] * tape.size
        for output, arriving in zip(tape.outputs.tolist(), sample.upstream, strict=True):
            gradient[output] = float(arriving)
        self._find_slopes_at(np.flatnonzero(tape.reached[tape.leaves :]))
        self.slopes[self._of_constants] = 0
        slopes, firsts = self.slopes.tolist(), tape.first.tolist()
        for place, ids in _back(tape, self._order):
            arriving = gradient[tape.leaves + place]
            for each, target in enumerate(ids, firsts[place]):
                gradient[target] += arriving * slopes[each]
        self._note(gradient)


def _reached_back(tape: Tape) -> np.ndarray:
    """Places of the operations that the output depends on, in the order back."""
    order = back_order(tape)
    found: np.ndarray = order[tape.reached[tape.leaves + order]]
    return found


def _back(tape: Tape, order: np.ndarray) -> Iterator[tuple[int, list[int]]]:
    """Places and operands of operations, in an order."""
    for start in range(0, len(order), BLOCK):
        places = order[start : start + BLOCK]
        bounds = np.stack([tape.first[places], tape.first[places + 1]], axis=1).tolist()
        for place, (first, behind) in zip(places.tolist(), bounds, strict=True):
            yield place, tape.inputs[first:behind].tolist()


def _blocks_back(tape: Tape) -> range:
    """Where the blocks begin, the last one first."""
    return range((len(tape.op) - 1) // BLOCK * BLOCK, -1, -BLOCK)


def _operations(tape: Tape, start: int) -> tuple[list[int], list[int], list[int]]:
    """Of a block: opcodes; where their operands start, counted in it; and the operands."""
    stop = min(start + BLOCK, len(tape.op))
    firsts = tape.first[start : stop + 1]
    ids = tape.inputs[firsts[0] : firsts[-1]].tolist()
    return tape.op[start:stop].tolist(), (firsts - firsts[0]).tolist(), ids


def _reached(tape: Tape, start: int) -> np.ndarray:
    """Of a block: which operations the output depends on."""
    node = tape.leaves + start
    return tape.reached[node : min(node + BLOCK, tape.size)]


def graph_pass(tape: Tape, ar: Arithmetic) -> Pass:
    """The way that is the quicker one for a graph; both find the same numbers."""
    is_quick = ar.name == "exact" and len(tape.op) > FEW
    if tape.has_matrices:
        return MatrixDoublesPass(tape, ar) if is_quick else MatrixPass(tape, ar)
    return DoublesPass(tape, ar) if is_quick else GraphPass(tape, ar)
