"""Gradient check: every gradient beside the central difference of what it is the gradient of.

(f(v + h) − f(v − h)) / 2h, in exact arithmetic. See Goodfellow, Bengio & Courville, Deep Learning
(2016), section 11.5. The tolerance is 10⁻⁶ of the gradient's size, and what rounding in f itself
can do to the difference; h is made smaller where f bends too much, and then the difference that
changes least between two h is the one to go by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from nnhs_tui.core.arithmetic import Exact
from nnhs_tui.core.compiler import compile_tape, initial_parameters
from nnhs_tui.core.errors import ComputationError
from nnhs_tui.core.names import Names
from nnhs_tui.core.passes import Prepared, prepare
from nnhs_tui.core.record import Runner
from nnhs_tui.core.rounds import Run
from nnhs_tui.core.scenario import Scenario
from nnhs_tui.core.tape import CODE, Tape

STEP = 6e-6
"""h for values up to 1 in size: the cube root of a double's precision."""
SHRINK = (1.0, 0.1, 0.01, 0.001)
TOLERANCE = 1e-6
ROUNDING = 64 * np.finfo(float).eps

AT_ONCE, ALL_AT_ONCE = 1000, 25_000
"""How much a single check may take on the screen, and all of them together; see `_work`."""

AGREES, DISAGREES, KINK = "ok", "disagrees", "not differentiable here"


@dataclass(frozen=True)
class Check:
    """One gradient and its central difference."""

    name: str
    analytic: float
    numeric: float
    verdict: str

    @property
    def difference(self) -> float:
        return abs(self.analytic - self.numeric)


Evaluation = tuple[float, bytes]
"""The objective, and which way every ReLU, max and min went."""


def gradcheck(scenario: Scenario) -> Iterator[Check]:
    """Check every parameter over all samples, then every input of every sample, in round 1.

    Raises:
        ComputationError: the scenario itself overflows.
    """
    tape, exact = compile_tape(scenario), Exact()
    samples = [prepare(tape, exact, sample) for sample in scenario.samples]
    yield from GradientChecks(tape, initial_parameters(scenario, exact), samples)


@lru_cache(2)
def round_checks(run: Run, number: int) -> GradientChecks:
    """The checks of a round (from 0) of a run, with its edits, in exact arithmetic.

    Of many samples only the first are taken, so that a check is made while one looks.

    Raises:
        ComputationError: the round overflows in exact arithmetic.
    """
    exact = Run(run.tape, Exact(), run.edits)
    most = max(1, AT_ONCE // _work(run.tape))
    samples = [exact.prepared(number, place) for place in range(len(exact.samples))[:most]]
    return GradientChecks(run.tape, run.parameters(number).astype(float), samples)


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
        self._records = [self._runner.run(parameters, sample) for sample in samples]
        mean = tape.scenario.reduction == "mean"
        self._weight = 1 / len(samples) if mean else 1.0
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
        return passes * _work(self._tape) <= ALL_AT_ONCE

    def name(self, place: int) -> str:
        """The name of a checked gradient: `grad hidden.W[1,2]`, `sample 2: grad x[1]`."""
        parameters = self._tape.parameters
        if place < parameters:
            return f"grad {self._names.name(place)}"
        sample, which = divmod(place - parameters, len(self._tape.x))
        prefix = f"sample {sample + 1}: " if len(self._tape.scenario.samples) > 1 else ""
        return f"{prefix}grad {self._names.name(self._tape.x[which])}"

    def _check(self, place: int) -> Check:
        name, parameters = self.name(place), self._tape.parameters
        if place < parameters:
            return _check(name, self._total[place], self._parameters, place, self._reduced)
        sample, which = divmod(place - parameters, len(self._tape.x))
        prepared, record = self._samples[sample], self._records[sample]

        def own(values: np.ndarray) -> Evaluation:
            leaves = prepared.leaves.copy()
            leaves[: len(values)] = values
            return self._evaluate(self._parameters, replace(prepared, leaves=leaves))

        inputs = prepared.leaves[: len(self._tape.x)]
        return _check(name, record.gradient[self._tape.x[which]], inputs, which, own)

    def _reduced(self, parameters: np.ndarray) -> Evaluation:
        each = [self._evaluate(parameters, sample) for sample in self._samples]
        return self._weight * sum(value for value, _ in each), b"".join(ways for _, ways in each)

    def _evaluate(self, parameters: np.ndarray, sample: Prepared) -> Evaluation:
        tape = self._tape
        value = self._runner.forward(parameters, sample)
        if tape.loss is not None:
            objective = value[tape.loss.total]
        elif tape.is_graph:
            objective = value[tape.outputs[0]]
        else:
            objective = value[tape.outputs] @ sample.upstream
        return float(objective), _ways(tape, value)


def _work(tape: Tape) -> int:
    """What a forward pass takes, in operations of a graph: about ten microseconds each."""
    own = len(tape.op) if tape.is_graph else 8 * len(tape.layers) + len(tape.op) // 1000
    return own + 6


def _ways(tape: Tape, value: np.ndarray) -> bytes:
    """On which side of its kink every ReLU, max and min is, a tie being a side of its own."""
    ways: list[int] = []
    for code in ("relu", "max", "min"):
        for place in np.flatnonzero(tape.op == CODE[code]):
            operands = value[tape.operands(int(place) + tape.leaves)]
            if code == "relu":
                ways.append(int(np.sign(operands[0])) + 1)
            else:
                best = operands.max() if code == "max" else operands.min()
                ways += (operands == best).astype(int).tolist()
    return bytes(ways)


def _check(
    name: str,
    analytic: float,
    values: np.ndarray,
    place: int,
    objective: Callable[[np.ndarray], Evaluation],
) -> Check:
    across_kink: float | None = None
    found: list[tuple[float, float]] = []
    for h in _steps(abs(float(values[place]))):
        try:
            (up, up_ways), (down, down_ways) = (
                objective(_moved(values, place, by)) for by in (h, -h)
            )
        except ComputationError:
            continue
        numeric = up / (2 * h) - down / (2 * h)
        if up_ways != down_ways:
            across_kink = numeric
            continue
        rounding = ROUNDING * max(abs(up), abs(down)) / h
        # Only the first step, the largest, may be excused by how much f itself is rounded.
        if _agree(analytic, numeric, 0 if found else rounding):
            return Check(name, float(analytic), numeric, AGREES)
        found.append((numeric, rounding))
    if across_kink is not None and not found:
        return Check(name, float(analytic), across_kink, KINK)
    if not found:
        return Check(name, float(analytic), float("nan"), DISAGREES)
    numeric, error = _best(found)
    verdict = AGREES if _agree(analytic, numeric, error) else DISAGREES
    return Check(name, float(analytic), numeric, verdict)


def _steps(size: float) -> Iterator[float]:
    """The h to try for a value of that size, the largest first."""
    for shrink in SHRINK:
        yield STEP * max(1.0, size) * shrink
    # Close to 0 a function such as ln x or 1/x bends within much less than that; and at 0 itself
    # a steep one such as σ(10⁸·x).
    if 0 < size < 1:
        yield STEP * size
        yield STEP * size / 10
    elif size == 0:
        yield from (STEP * shrink for shrink in (1e-5, 1e-7, 1e-9))


def _agree(analytic: float, numeric: float, error: float) -> bool:
    allowed = TOLERANCE * max(1.0, abs(analytic), abs(numeric)) + error
    return bool(abs(analytic - numeric) <= allowed)


def _best(found: list[tuple[float, float]]) -> tuple[float, float]:
    """The difference that is least in error, and by how much: its rounding and its neighbour."""
    errors = []
    for place, (numeric, rounding) in enumerate(found):
        neighbours = found[max(0, place - 1) : place] + found[place + 1 : place + 2]
        bends = min((abs(numeric - other) for other, _ in neighbours), default=0.0)
        errors.append(bends + rounding)
    best = min(range(len(found)), key=errors.__getitem__)
    return found[best][0], errors[best]


def _moved(values: np.ndarray, place: int, by: float) -> np.ndarray:
    moved = values.copy()
    moved[place] += by
    return moved
