"""The operations of a graph as a list: formula, value, gradient."""

from __future__ import annotations

from nnhs_tui.autodiff.schedule import UPDATE
from nnhs_tui.commands.panes import MATRICES
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.text.lines import (
    Line,
    Run,
    cells,
    clip,
    fit,
    run,
    standing_for,
    title,
    window,
)

NUMBERS = 22
"""Columns of a row's marker, value and gradient."""
LOOKED_AT = 60
"""Operations whose formulas are measured."""


def list_width(scene: Scene) -> int:
    """The columns in which no formula is cut."""
    count = min(len(scene.run.tape.op), LOOKED_AT)
    return NUMBERS + max((cells(_formula(scene, place)) for place in range(count)), default=0)


def _formula(scene: Scene, place: int) -> str:
    told = explain_step(scene, scene.run.schedule.step(place))
    return f"{told.result} = {told.formula}"


def draw_tape(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The operations as a list: formula, value, gradient."""
    tape = scene.run.tape
    count = len(tape.op)
    hot = None if scene.phase == UPDATE else scene.step.node - tape.leaves
    if hot is not None and hot < 0:
        hot = None
    start, stop = window(count, height - 1, hot, scroll[0])
    rows = [(tape.leaves + place, _formula(scene, place)) for place in range(start, stop)]
    widest = max((cells(text) for _, text in rows), default=0)
    formula = max(4, min(widest, width - NUMBERS))
    head = fit("tape", formula) + fit("value", 9, right=True) + fit("gradient", 10, right=True)
    note = f"{start + 1}–{stop} of {count}" if stop - start < count else ""
    lines = [title(MATRICES.number, head, width, note)]
    for node, text in rows:
        lines.append(clip(_tape_row(scene, node, fit(text, formula)), width))
    return lines


def _tape_row(scene: Scene, node: int, text: str) -> Line:
    value = scene.show(scene.value(node))
    gradient = scene.gradient(node) if scene.backward_offset >= 0 else None
    found = None if gradient is None else gradient.current
    hot = scene.phase != UPDATE and node == scene.step.node
    changed = " changed" if scene.made(node) else ""
    role = ("unknown" if value == UNKNOWN else "text") + changed
    slope_role = "unknown" if found is None else "backward"
    runs: list[Run] = [
        ("►" if hot else " ", "mark"),
        run(text, standing_for("mark" if hot else "text", f"node:{node}")),
        (" ", "text"),
        (fit(value, 9, right=True), standing_for(role, f"value:{node}")),
        (" ", "text"),
        (fit(scene.show(found), 9, right=True), standing_for(slope_role, f"grad:{node}")),
    ]
    return tuple(runs)
