"""What a neuron's row on the tape has behind its sum: the operations that make a of z.

None for the identity, one for most activations, four for a sigmoid that is stepped as a circuit,
and as many as it has for a formula in z. Each inner result is used once, z perhaps several times:
then the terms of its gradient are added up.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Arithmetic, Exact, added
from nnhs_tui.operations.table import CIRCUIT, CIRCUIT_OF, OPERATIONS
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.literals import ONE, Constant

Numbers = Sequence[Any] | np.ndarray

_EXACT = Exact()

Z = -1
"""The operand that is the neuron's sum. An operation is its place, from 0; a constant ~ of its
place and one further down: see `constant_place`."""

CIRCUIT_OPERANDS = ((Z,), (0,), (Z - 1, 1), (Z - 1, 2))
"""A = -z, B = exp A, C = 1 + B, a = 1/C."""


def constant_place(operand: int) -> int:
    """Which of the tail's constants an operand below `Z` is."""
    return Z - 1 - operand


@dataclass(frozen=True)
class BackStep:
    """A backward step between a and z."""

    op: int
    """The operation; at a join the one whose term came last."""
    place: int | None
    """Which operand of it; None where the terms that arrived at z are added up."""
    target: int
    """What the gradient is about: an operation, or `Z`."""


@dataclass(frozen=True)
class Tail:
    """The operations from z to a, in the order of evaluation."""

    ops: tuple[str, ...] = ()
    operands: tuple[tuple[int, ...], ...] = ()
    constants: tuple[Constant, ...] = ()
    letters: tuple[str, ...] = ()
    """What the inner results are called; the last operation's is a."""
    formula: str = ""
    """As it stands in the file; "" where the activation has a name."""

    @property
    def written(self) -> str:
        """The formula as it is shown: z^2·3 for `z ** 2 * 3`."""
        signs = self.formula.replace("**", "^").replace("*", "·")
        return " ".join(re.sub(r"\s*([\^·])\s*", r"\1", signs).split())

    @cached_property
    def steps(self) -> tuple[BackStep, ...]:
        """The backward steps, from a to z: one for each operand that is no constant."""
        found = [
            BackStep(op, place, target)
            for op in reversed(range(len(self.ops)))
            for place, target in enumerate(self.operands[op])
            if target >= Z
        ]
        at_z = [n for n, each in enumerate(found) if each.target == Z]
        if len(at_z) > 1:
            found.insert(at_z[-1] + 1, BackStep(found[at_z[-1]].op, None, Z))
        return tuple(found)

    @cached_property
    def slopes(self) -> int:
        """How many local derivatives it has."""
        return sum(each.place is not None for each in self.steps)

    def curve(self, z: float) -> tuple[float, float]:
        """a and its slope at one z, in doubles."""
        constants = [np.float64(each.exact) for each in self.constants]
        number, one = np.float64(z), np.float64(1)
        with _EXACT.protected():
            values = self.forward(_EXACT, number, constants)
            _, slope, _ = self.backward(_EXACT, number, values, constants, one)
        return float(values[-1]), float(slope)

    def forward(self, ar: Arithmetic, z: Any, constants: Numbers) -> list[Any]:
        """The result of each operation, rounded, for one neuron."""
        values: list[Any] = []
        for op in range(len(self.ops)):
            given = self._given(op, z, values, constants)
            values.append(OPERATIONS[self.ops[op]].forward(ar, *given))
        return values

    def backward(
        self, ar: Arithmetic, z: Any, values: Numbers, constants: Numbers, at_a: Any
    ) -> tuple[list[Any], Any, list[Any]]:
        """What arrives at each operation, and at z, if this arrives at a; for one neuron.

        Returns:
            The gradient at each operation, at z, and the local derivatives, step for step.
        """
        gradients = [at_a] * len(self.ops)
        at_z, slopes = [], []
        for step in self.steps:
            if step.place is None:
                continue
            given = self._given(step.op, z, values, constants)
            operation = OPERATIONS[self.ops[step.op]]
            slope = operation.local(ar, values[step.op], *given)[step.place] * ar.one
            term = ar.round(gradients[step.op] * slope)
            slopes.append(slope)
            if step.target == Z:
                at_z.append(term)
            else:
                gradients[step.target] = term
        return gradients, ar.round(added(at_z)), slopes

    def _given(self, op: int, z: Any, values: Numbers, constants: Numbers) -> list[Any]:
        return [
            values[each] if each > Z else z if each == Z else constants[constant_place(each)]
            for each in self.operands[op]
        ]


NO_TAIL = Tail()
CIRCUIT_TAIL = Tail(CIRCUIT, CIRCUIT_OPERANDS, (ONE,), ("A", "B", "C"))


def single_tail(name: str) -> Tail:
    """An activation that is one operation."""
    return Tail((name,), ((Z,),))


def formula_tail(formula: str, expression: Expression, *, is_circuit: bool) -> Tail:
    """A formula in z; its leaves are z and numbers.

    Args:
        formula: As it stands in the file.
        is_circuit: Whether a sigmoid in it is stepped as four operations.
    """
    constants: dict[Constant, int] = {}
    ops: list[str] = []
    operands: list[tuple[int, ...]] = []
    places: list[int] = []

    def constant(number: Constant) -> int:
        return Z - 1 - constants.setdefault(number, len(constants))

    given = iter(expression.operands)
    for name, count in zip(expression.ops, expression.counts, strict=True):
        own = []
        for each in (next(given) for _ in range(count)):
            leaf = "" if each >= 0 else expression.leaves[~each]
            inner = places[each] if each >= 0 else Z
            own.append(constant(leaf) if isinstance(leaf, Constant) else inner)
        if is_circuit and name == CIRCUIT_OF:
            start = len(ops)
            ops += CIRCUIT
            operands += [
                (own[0],),
                (start,),
                (constant(ONE), start + 1),
                (constant(ONE), start + 2),
            ]
        else:
            ops.append(name)
            operands.append(tuple(own))
        places.append(len(ops) - 1)
    letters = tuple(f"f{place}" for place in range(1, len(ops)))
    return Tail(tuple(ops), tuple(operands), tuple(constants), letters, formula)
