"""How times grow with the net: a pass and opening in proportion, finding a step not at all."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measure import Goal, Table, duration, least_seconds
from benchmarks.nets import net, of_about, shape
from nnhs_tui.autodiff.compiler import compile_tape, initial_parameters
from nnhs_tui.autodiff.passes import Samples
from nnhs_tui.autodiff.record import Runner
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.present.panes import table as panes

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
LINEAR = Goal(1.25, "")
CONSTANT = Goal(0.1, "")
SCREEN = {"net": (44, 9), "step": (80, 6), "matrices": (35, 9), "gradients": (80, 5)}
"""The panes of a terminal of 80×24."""


@dataclass(frozen=True)
class Figures:
    """What one net takes, in seconds."""

    shape: str
    operations: int
    passing: float
    opening: float
    lookup: float
    drawing: float


def run(quick: bool) -> Iterator[Table]:
    """The times of every net, and how fast they grow."""
    found = [_measure(of_about(size), 3 if quick else 9) for size in SIZES]
    table = Table(
        "growth: time an operation of a recorded pass and of opening (tape and order of steps);\n"
        "        of finding the step in the middle of the round, and of drawing it at 80×24",
        ("net", "operations", "pass", "opening", "step", "draw"),
    )
    for each in found:
        an_operation = (each.passing / each.operations, each.opening / each.operations)
        table.add(
            each.shape, f"{each.operations:,}", *map(duration, an_operation),
            duration(each.lookup), duration(each.drawing),
        )  # fmt: skip
    yield table
    yield _summary(found)


def _measure(sizes: tuple[int, ...], rounds: int) -> Figures:
    scenario, exact = net(sizes), Exact()
    tape = compile_tape(scenario)
    runner = Runner(tape, exact)
    parameters = initial_parameters(scenario, exact)
    sample = Samples(tape, exact)[0]
    schedule = Schedule(tape, 1)
    session = Session(scenario)
    middle = schedule.total // 2
    session.execute(f"goto {middle}")
    return Figures(
        shape(sizes),
        len(tape.op),
        least_seconds(lambda: runner.run(parameters, sample), rounds),
        least_seconds(lambda: Schedule(compile_tape(scenario), 1), rounds),
        least_seconds(lambda: schedule.step(middle), rounds, 0.001),
        least_seconds(lambda: _draw(session), rounds, 0.001),
    )


def _draw(session: Session) -> None:
    scene = session.scene()
    for name, (width, height) in SCREEN.items():
        panes.draw(name, scene, width, height)


def _summary(found: list[Figures]) -> Table:
    """From a net of 10,000 operations to the largest: time grows as operations to what power?"""
    small, large = found[-3], found[-1]
    table = Table(
        f"growth: from {small.operations:,} to {large.operations:,} operations, "
        "as a power of their number",
        ("", "power", "goal", ""),
        notes=["1: linear, 0: constant. Nets that do not fit into the cache are a little above."],
    )
    for name, take, goal in (
        ("pass", lambda f: f.passing, LINEAR),
        ("opening", lambda f: f.opening, LINEAR),
        ("step", lambda f: f.lookup, CONSTANT),
        ("draw", lambda f: f.drawing, None),
    ):
        power = math.log(take(large) / take(small), large.operations / small.operations)
        table.add(name, f"{power:.2f}", *(goal.judge(power) if goal else ()))
    return table
