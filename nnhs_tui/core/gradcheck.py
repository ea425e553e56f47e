"""Gradient check: every gradient beside the central difference of what it is the gradient of.

(f(v + h) − f(v − h)) / 2h, in exact arithmetic. See Goodfellow, Bengio & Courville, Deep Learning
(2016), section 11.5. The tolerance is 10⁻⁶ of the gradient's size, and what rounding in f itself
can do to the difference; h is made smaller where f bends too much, and then the difference that
changes least between two h is the one to go by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from nnhs_tui.core.arithmetic import Exact
from nnhs_tui.core.compiler import compile_tape, initial_parameters
from nnhs_tui.core.errors import ComputationError
from nnhs_tui.core.names import Names
from nnhs_tui.core.passes import prepare
from nnhs_tui.core.record import Runner
from nnhs_tui.core.scenario import Graph, Sample, Scenario
from nnhs_tui.core.tape import CODE, Tape

STEP = 6e-6
"""h for values up to 1 in size: the cube root of a double's precision."""
SHRINK = (1.0, 0.1, 0.01, 0.001)
TOLERANCE = 1e-6
ROUNDING = 64 * np.finfo(float).eps

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
    """Check every parameter over all samples, then every input of every sample.

    Raises:
        ComputationError: the scenario itself overflows.
    """
    tape, exact = compile_tape(scenario), Exact()
    names, samples = Names(tape), scenario.samples
    parameters = initial_parameters(scenario, exact)
    runner = Runner(tape, exact)
    records = [runner.run(parameters, prepare(tape, exact, sample)) for sample in samples]
    weight = 1 / len(samples) if scenario.reduction == "mean" else 1.0
    with exact.protected():
        total = np.sum([record.gradient for record in records], axis=0) * weight
    if not exact.all_finite(total):
        node = int(np.flatnonzero(~np.isfinite(total))[0])
        raise ComputationError(
            f"grad {names.name(node)}",
            f"a number too large (overflow) from {len(samples)} samples together",
            "expected numbers that stay finite: smaller inputs or parameters",
        )

    def reduced(values: np.ndarray) -> Evaluation:
        each = [_evaluate(runner, values, sample) for sample in samples]
        return weight * sum(value for value, _ in each), b"".join(ways for _, ways in each)

    for node in range(tape.parameters):
        yield _check(f"grad {names.name(node)}", total[node], parameters, node, reduced)
    for number, (sample, record) in enumerate(zip(samples, records, strict=True), 1):
        inputs = np.array(record.value[tape.x.start : tape.x.stop], float)
        prefix = f"sample {number}: " if len(samples) > 1 else ""

        def own(values: np.ndarray, sample: Sample = sample) -> Evaluation:
            return _evaluate(runner, parameters, _with_inputs(tape, sample, values))

        for place, node in enumerate(tape.x):
            name = f"{prefix}grad {names.name(node)}"
            yield _check(name, record.gradient[node], inputs, place, own)


def _with_inputs(tape: Tape, sample: Sample, values: np.ndarray) -> Sample:
    """The sample with other inputs. Decimal(float) is exact, so not a digit is lost."""
    numbers = tuple(Decimal(float(value)) for value in values)
    if isinstance(tape.scenario.model, Graph):
        return replace(
            sample, overrides=dict(zip(tape.scenario.model.inputs, numbers, strict=True))
        )
    return replace(sample, x=numbers)


def _evaluate(runner: Runner, parameters: np.ndarray, sample: Sample) -> Evaluation:
    tape = runner.tape
    value = runner.forward(parameters, prepare(runner.tape, runner.ar, sample))
    if tape.loss is not None:
        objective = value[tape.loss.total]
    elif tape.is_graph:
        objective = value[tape.outputs[0]]
    else:
        objective = value[tape.outputs] @ runner.ar.array(sample.upstream or ())
    return float(objective), _ways(tape, value)


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
