"""Whether the first round of a scenario can be worked: what `validate` looks at behind the form."""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.core.arithmetic import arithmetic
from nnhs_tui.core.compiler import compile_tape
from nnhs_tui.core.rounds import Run
from nnhs_tui.core.scenario import Scenario

TRIED = {"exact": 1_000_000, "hand": 100_000}
"""Operations, of all samples together, that a check of a file works one by one at most."""


def check_first_round(scenario: Scenario) -> None:
    """Run the first round in doubles, whatever the file says, and in the file's own arithmetic.

    Of work that would take minutes the first samples are done, or none: see `TRIED`.

    Raises:
        ComputationError: it overflows, divides by 0 or takes the logarithm of 0.
    """
    tape = compile_tape(scenario)
    kinds = dict.fromkeys(("exact", scenario.arithmetic))
    for kind in kinds:
        # A layer of neurons is one operation of numpy in doubles; all else is done one by one.
        is_quick = kind == "exact" and not tape.is_graph
        most = len(scenario.samples) if is_quick else TRIED[kind] // max(1, len(tape.op))
        if most:
            # Its records are not kept: nobody looks at them.
            few = replace(scenario, samples=scenario.samples[:most])
            Run(replace(tape, scenario=few), arithmetic(kind, scenario.digits)).extend()
