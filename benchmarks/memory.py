"""Bytes an operation of the tape, with all that its record holds."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Iterator

from benchmarks.measure import Goal, Table
from benchmarks.nets import net, shape
from benchmarks.passes import GOALS
from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.record import run as run_once
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.scenario.model import Scenario

GOAL = Goal(64, "bytes")


def run(quick: bool) -> Iterator[Table]:
    """The table of the bytes."""
    table = Table(
        "memory: bytes an operation",
        ("net", "operations", "tape", "record", "both", "goal", "", "all of Python"),
        notes=["all of Python: traced while compiling and running; small nets are mostly overhead"],
    )
    _record(net((1, 1)))  # What is imported on the way is not the record's.
    for sizes in GOALS:
        scenario = net(sizes)
        gc.collect()
        tracemalloc.start()
        try:
            record = _record(scenario)
            gc.collect()
            traced = tracemalloc.get_traced_memory()[0]
        finally:
            tracemalloc.stop()
        tape = record.tape
        count = len(tape.op)
        both = (tape.nbytes + record.nbytes) / count
        figures = (f"{each / count:.1f}" for each in (tape.nbytes, record.nbytes))
        table.add(
            shape(sizes), f"{count:,}", *figures, f"{both:.1f}", *GOAL.judge(both),
            f"{traced / count:,.0f}",
        )  # fmt: skip
    yield table


def _record(scenario: Scenario) -> Record:
    exact = Exact()
    parameters = initial_parameters(scenario, exact)
    return run_once(compile_tape(scenario), exact, parameters, scenario.samples[0])
