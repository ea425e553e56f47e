"""Gradient check: every gradient beside the central difference of what it is the gradient of.

(f(v + h) − f(v − h)) / 2h, in exact arithmetic. See Goodfellow, Bengio & Courville, Deep Learning
(2016), section 11.5. Which h, and how far the difference can be trusted, is in `differences.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.differences import (
    AGREES,
    DISAGREES,
    KINK,
    TOO_SMALL,
    UNTRIED,
    Objective,
    Probe,
    tried,
)
from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.passes import Prepared, Samples
from nnhs_tui.autodiff.record import Runner
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.autodiff.underflow import loses_factors
from nnhs_tui.errors import ComputationError
from nnhs_tui.labels import CHECK
from nnhs_tui.operations.arithmetic import Exact, added
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.scenario.model import Scenario

__all__ = ["AGREES", "DISAGREES", "KINK", "UNTRIED", "Check", "Verdicts", "gradcheck"]

ROUNDING = np.finfo(float).eps
"""By how much of its size a result may be off: two roundings."""
SMALLEST = np.finfo(float).smallest_subnormal
"""By how much a result may be off that is too small for that."""

ALL_AT_ONCE = 25_000
"""How much all checks together may take while one waits; see `pass_work`."""


@dataclass(frozen=True)
class Check:
    """One gradient and its central difference."""

    name: str
    analytic: float
    numeric: float
    verdict: str
    reason: str = ""
    """Why it cannot be tried, where it cannot."""

    @property
    def difference(self) -> float:
        return abs(self.analytic - self.numeric)

    @property
    def told(self) -> str:
        """The verdict with its reason."""
        label = CHECK[self.verdict]
        return f"{label}: {self.reason}" if self.reason else label


@dataclass(frozen=True)
class Verdicts:
    """How many checks came to what."""

    agree: int
    disagree: int
    kinks: int
    """At a place without a derivative."""
    untried: int

    @property
    def checked(self) -> int:
        """Those that could be compared."""
        return self.agree + self.disagree

    @classmethod
    def of(cls, checks: Iterable[Check]) -> Verdicts:
        """Count them."""
        found = Counter(check.verdict for check in checks)
        return cls(found[AGREES], found[DISAGREES], found[KINK], found[UNTRIED])


def gradcheck(scenario: Scenario) -> Iterator[Check]:
    """Check every parameter over all samples, then every input of every sample, in round 1.

    Raises:
        ComputationError: the scenario itself overflows.
    """
    tape, exact = compile_tape(scenario), Exact()
    samples = list(Samples(tape, exact))
    yield from GradientChecks(tape, initial_parameters(scenario, exact), samples)


class GradientChecks(Sequence[Check]):
    """The checks of a round: every parameter over all samples, then every input of every sample.

    A check is made when it is looked at, and kept.

    Args:
        parameters: (parameters,) doubles.
        samples: in exact arithmetic.

    Raises:
        ComputationError: the round overflows.
    """

    def __init__(self, tape: Tape, parameters: np.ndarray, samples: list[Prepared]) -> None:
        self._tape, self._parameters, self._samples = tape, parameters, samples
        self._names, exact = Names(tape), Exact()
        self._runner = Runner(tape, exact)
        self._made: dict[int, Check] = {}
        turning = tape.operations(lambda each: each.is_periodic)
        self._angles = np.array([tape.operands(node)[0] for node in turning.tolist()], int)
        self._reaches: dict[int, np.ndarray] = {}
        self._records = [self._runner.run(parameters, sample) for sample in samples]
        self._weight = 1 / tape.scenario.reduction.divisor(len(samples))
        with exact.protected():
            gradients = [record.gradient for record in self._records]
            self._total: np.ndarray = np.sum(gradients, axis=0) * self._weight
        if not exact.all_finite(self._total):
            node = int(np.flatnonzero(~np.isfinite(self._total))[0])
            raise ComputationError(
                f"grad {self._names.name(node)}",
                f"a number too large (overflow) from {len(samples)} samples together",
                "expected numbers that stay finite: smaller inputs or parameters",
            )

    def __len__(self) -> int:
        return self._tape.parameters + len(self._samples) * len(self._tape.x)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        if place not in self._made:
            self._made[place] = self._check(place)
        return self._made[place]

    @property
    def samples(self) -> int:
        """Over how many samples the parameters are checked."""
        return len(self._samples)

    @property
    def are_quick(self) -> bool:
        """Whether all of them can be made while one waits."""
        passes = self.samples * (self._tape.parameters + len(self._tape.x))
        return passes * pass_work(self._tape) <= ALL_AT_ONCE

    def name(self, place: int) -> str:
        """The name of a checked gradient: `grad hidden.W[1,2]`, `sample 2: grad x[1]`."""
        parameters = self._tape.parameters
        if place < parameters:
            return f"grad {self._names.name(place)}"
        sample, which = divmod(place - parameters, len(self._tape.x))
        prefix = f"sample {sample + 1}: " if len(self._tape.scenario.samples) > 1 else ""
        return f"{prefix}grad {self._names.name(self._tape.x[which])}"

    def place_of(self, node: int, sample: int) -> int | None:
        """The place of a parameter's check, or of an input's in a sample; None where there is none.

        Args:
            sample: from 0.
        """
        if node < self._tape.parameters:
            return node
        if node not in self._tape.x or sample >= self.samples:
            return None
        inputs = len(self._tape.x)
        return self._tape.parameters + sample * inputs + node - self._tape.x.start

    def nudged(self, place: int, by: float) -> tuple[float, float, float]:
        """The number that is nudged; the objective with it so much smaller, and so much larger.

        Raises:
            ComputationError: there is no result there.
        """
        _, at, objective = self._about(place)
        return at, objective(at - by).value, objective(at + by).value

    @property
    def total(self) -> np.ndarray:
        """(parameters,) the gradients of all samples together."""
        return self._total[: self._tape.parameters]

    def along(self, direction: np.ndarray, way: float) -> tuple[float, float]:
        """The objective so far along a direction from the parameters, and its slope there.

        Args:
            direction: (parameters,) how much each changes for a way of 1.

        Raises:
            ComputationError: there is no result there.
        """
        parameters = self._parameters + way * direction
        records = [self._runner.run(parameters, sample) for sample in self._samples]
        total = added([record.gradient[: self._tape.parameters] for record in records])
        slope = np.add.reduce(total * direction) * self._weight
        return self._reduced(parameters).value, float(slope)

    def _about(self, place: int) -> tuple[float, float, Objective]:
        """The gradient, the number that it is about, and the objective with another one there."""
        parameters = self._tape.parameters
        if place < parameters:

            def of_parameter(number: float) -> Probe:
                return self._reduced(_with(self._parameters, place, number))

            return float(self._total[place]), float(self._parameters[place]), of_parameter
        sample, which = divmod(place - parameters, len(self._tape.x))
        prepared = self._samples[sample]

        def of_input(number: float) -> Probe:
            leaves = _with(prepared.leaves, which, number)
            return self._probe(sample, self._parameters, replace(prepared, leaves=leaves))

        analytic = self._records[sample].gradient[self._tape.x[which]]
        return float(analytic), float(prepared.leaves[which]), of_input

    def _check(self, place: int) -> Check:
        analytic, at, objective = self._about(place)
        trial = tried(analytic, at, objective)
        verdict, reason = trial.verdict, trial.reason
        if verdict == DISAGREES and self._loses_factors:
            # Right by its rules, and far from what it stands for.
            verdict, reason = UNTRIED, TOO_SMALL
        return Check(self.name(place), analytic, trial.numeric, verdict, reason)

    @cached_property
    def _loses_factors(self) -> bool:
        return any(map(loses_factors, self._records))

    def _reduced(self, parameters: np.ndarray) -> Probe:
        each = [
            self._probe(place, parameters, sample) for place, sample in enumerate(self._samples)
        ]
        return Probe(
            self._weight * added([probe.value for probe in each]),
            self._weight * added([probe.rounding for probe in each]),
            b"".join(probe.ways for probe in each),
            tuple(chain.from_iterable(probe.angles for probe in each)),
        )

    def _probe(self, place: int, parameters: np.ndarray, sample: Prepared) -> Probe:
        """The objective of a sample with other numbers; its gradients are those of its record."""
        tape, exact = self._tape, self._runner.ar
        value = self._runner.forward(parameters, sample)
        with exact.protected():
            if tape.loss is not None:
                objective = value[tape.loss.total]
            else:
                # Not `@`: in which order that adds up depends on the processor.
                objective = np.add.reduce(value[tape.outputs] * sample.upstream)
            reach = self._reach(place)
            rounding = ROUNDING * np.add.reduce(reach * np.abs(value[tape.leaves :]))
            rounding += SMALLEST * reach.sum()
        if tape.loss is not None and tape.loss.loss.has_logarithm:
            # What stands in the logarithms, such as 1 - o, is rounded too, and is about 1.
            rounding += ROUNDING
        angles = tuple(value[self._angles].tolist())
        return Probe(float(objective), float(rounding), _ways(tape, value), angles)

    def _reach(self, place: int) -> np.ndarray:
        """(operations,) how much a change of each result changes the sample's objective."""
        if place not in self._reaches:
            self._reaches[place] = np.abs(self._records[place].gradient[self._tape.leaves :])
        return self._reaches[place]


def _with(values: np.ndarray, place: int, number: float) -> np.ndarray:
    changed = values.copy()
    changed[place] = number
    return changed


def pass_work(tape: Tape) -> int:
    """What a forward pass takes, in operations of a graph: about ten microseconds each."""
    own = len(tape.op) if tape.is_graph else 8 * len(tape.layers) + len(tape.op) // 1000
    return own + 6


def _ways(tape: Tape, value: np.ndarray) -> bytes:
    """On which side of its kink every operation is that has one."""
    ways: list[int] = []
    for node in tape.operations(lambda each: each.side is not None).tolist():
        side = OPERATIONS[tape.opname(node)].side
        assert side is not None
        ways += side(value[tape.operands(node)])
    loss = tape.loss
    if loss is not None and loss.loss.side is not None:
        ways += loss.loss.side(value[tape.outputs], value[tape.t.start : tape.t.stop])
    return bytes(ways)
