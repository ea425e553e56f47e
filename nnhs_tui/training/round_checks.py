"""The gradient checks of a round that is looked at."""

from __future__ import annotations

from nnhs_tui.autodiff.gradcheck import GradientChecks, pass_work
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.training.rounds import Run

AT_ONCE = 1000
"""How much a single check may take on the screen; see `pass_work`."""


def round_checks(run: Run, number: int) -> GradientChecks:
    """The checks of a round (from 0) of a run, with its edits, in exact arithmetic.

    The run keeps those of the last round that was asked for. Of many samples only the first are
    taken, so that a check is made while one looks.

    Raises:
        ComputationError: the round overflows in exact arithmetic.
    """
    kept: GradientChecks | None = run.checks.get(number)
    if kept is not None:
        return kept
    run.checks.clear()
    exact = Run(run.tape, Exact(), run.edits)
    most = max(1, AT_ONCE // pass_work(run.tape))
    samples = [exact.prepared(number, place) for place in range(len(exact.samples))[:most]]
    parameters = run.parameters(number).astype(float)
    made = run.checks[number] = GradientChecks(run.tape, parameters, samples)
    return made
