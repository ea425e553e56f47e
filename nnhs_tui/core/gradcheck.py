"""Gradient check: every gradient beside the central difference of what it is the gradient of.

(f(v + h) − f(v − h)) / 2h, in exact arithmetic. See Goodfellow, Bengio & Courville, Deep Learning
(2016), section 11.5. The tolerance is 10⁻⁶ of the gradient's size, and what rounding in f itself
can do to the difference; h is made smaller where f bends too much.
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
    total = np.sum([record.gradient for record in records], axis=0) * weight

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
    best: Check | None = None
    kink = False
    for shrink in SHRINK:
        h = STEP * max(1.0, abs(values[place])) * shrink
        try:
            (up, up_ways), (down, down_ways) = (
                objective(_moved(values, place, by)) for by in (h, -h)
            )
        except ComputationError:
            continue
        kink = up_ways != down_ways
        numeric = (up - down) / (2 * h)
        allowed = TOLERANCE * max(1.0, abs(analytic), abs(numeric))
        allowed += ROUNDING * max(abs(up), abs(down)) / h
        found = Check(name, float(analytic), numeric, DISAGREES)
        if found.difference <= allowed and not kink:
            return replace(found, verdict=AGREES)
        if best is None or found.difference < best.difference:
            best = found
    if best is None:
        return Check(name, float(analytic), float("nan"), DISAGREES)
    return replace(best, verdict=KINK) if kink else best


def _moved(values: np.ndarray, place: int, by: float) -> np.ndarray:
    moved = values.copy()
    moved[place] += by
    return moved
