"""The steps of a scenario as frames: what the debugger draws at each, in a few widths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nnhs_tui.commands.panes import GRADIENTS, MATRICES, NET, STEP, TIMELINE
from nnhs_tui.debugger.outcome import MOVED
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, Unfit
from nnhs_tui.labels import PHASE, counted
from nnhs_tui.present.panes.explain import explain
from nnhs_tui.present.panes.level_steps import level_steps
from nnhs_tui.present.panes.table import draw, position
from nnhs_tui.present.panes.widths import net_width
from nnhs_tui.present.text.lines import Line, line_cells, unsigned

NARROW, MIDDLE, WIDE = 40, 80, 120
WIDTHS = (NARROW, MIDDLE, WIDE)
"""Columns that a page chooses from: a phone held upright, a phone held across, a desk."""
MOST_STEPS = 3_000


@dataclass(frozen=True)
class Frame:
    """One step."""

    phase: str
    """forward, backward or update."""
    round: int
    """From 1."""
    said: str
    """The step in one sentence, for whoever hears it."""
    drawn: tuple[tuple[Line, ...], ...]
    """For each of WIDTHS its lines."""


def frames(session: Session, rounds: int, level: str) -> Iterator[Frame]:
    """Every step of the first rounds, at a level.

    Raises:
        Unfit: there would be too many.
        ComputationError: a round cannot be computed.
    """
    session.execute(f"level {level}")
    session.execute("first")
    in_round = sum(1 for _ in islice(level_steps(session.scene(), level), MOST_STEPS + 1))
    if in_round * rounds > MOST_STEPS:
        told = f"a page would have more than {counted(MOST_STEPS, 'step')}"
        raise Unfit(f"{told}; choose --level neuron or layer, or fewer rounds")
    for number in range(1, rounds + 1):
        while True:
            yield _frame(session.scene(), number)
            before = session.index
            if session.execute("next").kind != MOVED or session.index <= before:
                break
        if number < rounds:
            session.jump_to(session.at(session.total - 1))
            outcome = session.execute("apply")
            if outcome.kind != MOVED:
                raise Refusal(f"round {number + 1}: {outcome.message}")


def _frame(scene: Scene, number: int) -> Frame:
    return Frame(
        scene.phase, number, said(scene), tuple(frame_lines(scene, width) for width in WIDTHS)
    )


def said(scene: Scene) -> str:
    """`Forward, step 4 of 55: z1 = p11 + p21 + p31 = 1.00 - 2.40 + 0.65 = -0.75. …`."""
    told = explain(scene)
    shown = scene.show(told.value)
    parts = dict.fromkeys((told.formula, told.numbers, shown))
    numbers = " = ".join(part for part in parts if part)
    where = f"{PHASE[scene.phase]}, step {scene.index + 1} of {scene.total}"
    said = f"{where}: {told.result} = {numbers}. {told.why}"
    return f"{said[:1].upper()}{said[1:]}"


def frame_lines(scene: Scene, width: int) -> tuple[Line, ...]:
    """The debugger's panes at a step, in so many columns; always as many lines."""
    lines: list[Line] = [position(scene, width)]
    if width < MIDDLE:
        for pane, height in (
            (STEP.name, 9),
            (NET.name, 11),
            (MATRICES.name, 10),
            (GRADIENTS.name, 8),
        ):
            lines += _filled(draw(pane, scene, width, height), height)
    else:
        height = 12 if width < WIDE else 16
        left = net_width(scene, width)
        beside = draw(MATRICES.name, scene, width - left - 1, height)
        net = draw(NET.name, scene, left, height)
        lines += _beside(_filled(net, height), _filled(beside, height), left)
        lines += _filled(draw(STEP.name, scene, width, 8), 8)
        lines += _filled(draw(GRADIENTS.name, scene, width, 8), 8)
    lines += draw(TIMELINE.name, scene, width, 1)
    return tuple(map(unsigned, lines))


def _filled(lines: list[Line], height: int) -> list[Line]:
    return [*lines, *[()] * (height - len(lines))]


def _beside(left: list[Line], right: list[Line], width: int) -> Iterator[Line]:
    for one, other in zip(left, right, strict=True):
        yield (*one, (" " * (width + 1 - line_cells(one)), "text"), *other)
