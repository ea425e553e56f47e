"""Whether the first round of a scenario can be worked: what `validate` looks at behind the form."""

from __future__ import annotations

import numpy as np

from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.memory import check_room
from nnhs_tui.autodiff.passes import Samples
from nnhs_tui.autodiff.record import Runner
from nnhs_tui.autodiff.tape import CODE, Tape
from nnhs_tui.operations.arithmetic import Arithmetic, arithmetic
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.rounds import Run

TRIED = {"exact": 500_000, "hand": 100_000}
"""Operations, of all samples together, that a check of a file works one by one at most; in doubles
a first sample is always worked."""

INPUTS = 20
"""Inputs that take as long as an operation."""

SOFTMAX_TRIED = 100_000_000
"""Local derivatives of a softmax, of all samples together, that are worked in doubles at most."""


def check_first_round(scenario: Scenario) -> None:
    """Run the first round in doubles, whatever the file says, and in the file's own arithmetic.

    Of work that would take minutes the first samples are done, or none: see `TRIED`.

    Raises:
        ComputationError: it overflows, divides by 0 or takes the logarithm of 0.
    """
    tape = compile_tape(scenario)
    kinds = dict.fromkeys(("exact", scenario.arithmetic))
    for kind in kinds:
        most = _most(tape, kind)
        ar = arithmetic(kind, scenario.digits)
        if most < len(scenario.samples):
            _try_samples(tape, ar, most)
        else:
            # Its records are not kept: nobody looks at them.
            Run(tape, ar).extend()


def _most(tape: Tape, kind: str) -> int:
    """How many samples are worked at most."""
    entries = _softmax_entries(tape)
    if kind == "exact" and not tape.is_graph:
        # A layer of neurons is one operation of numpy in doubles; all else is done one by one.
        return max(1, SOFTMAX_TRIED // entries) if entries else len(tape.scenario.samples)
    operations = len(tape.op) if kind == "exact" else _by_hand(tape)
    most = TRIED[kind] // max(1, operations + entries + len(tape.x) // INPUTS)
    return max(1, most) if kind == "exact" else most


def _by_hand(tape: Tape) -> int:
    """Its operations, each as often as the sums or products it takes as long as."""
    counts = np.bincount(tape.op).tolist()
    rows = (OPERATIONS.get(name) for name in CODE.names)
    return sum(
        count * (1 if row is None else row.by_hand)
        for count, row in zip(counts, rows, strict=False)
    )


def _softmax_entries(tape: Tape) -> int:
    """Local derivatives of a softmax: each output depends on each z, unless the loss sums up."""
    if tape.is_graph or not tape.layers[-1].is_softmax or (tape.loss and tape.loss.fused):
        return 0
    return tape.layers[-1].m ** 2


def _try_samples(tape: Tape, ar: Arithmetic, most: int) -> None:
    """Forward and backward for the first samples, each by itself.

    What all of them come to, and so the update, cannot be told from some of them.
    """
    if not most:
        return
    check_room(tape, ar)
    runner, parameters = Runner(tape, ar), initial_parameters(tape.scenario, ar)
    for sample in Samples(tape, ar)[:most]:
        runner.gradients(parameters, sample)
