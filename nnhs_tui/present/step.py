"""The step pane: the formula in symbols, the same with the numbers, the result, and why."""

from __future__ import annotations

from nnhs_tui.core.scene import Scene
from nnhs_tui.core.schedule import BACKWARD, UPDATE
from nnhs_tui.present.explain import Explanation, explain
from nnhs_tui.present.lines import Line, Run, cells, line_cells, run, title, wrap
from nnhs_tui.present.notation import equals


def draw_step(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """This step in `width` × `height` cells."""
    told = explain(scene)
    lines = _formula(scene, told, width)
    if told.local:
        local: Line = (("local derivative ", "dim"), run(told.local))
        arrives: Line = (("what arrives ", "dim"), run(told.arrives, "backward"))
        both = (*local, ("   ", "text"), *arrives)
        lines += [both] if line_cells(both) <= width else [*wrap(local, width, 2), arrives]
    if told.running:
        lines += wrap((("sum so far ", "dim"), run(told.running, "backward")), width, 2)
    lines += wrap((run(told.why, "dim"),), width)
    start = min(max(0, scroll[0]), max(0, len(lines) - (height - 1)))
    hidden = len(lines) - start - (height - 1)
    note = f"{hidden} more line{'s' * (hidden != 1)}: J" if hidden > 0 else ""
    return [title("2", f"step: {told.name}", width, note), *lines[start : start + height - 1]]


def _formula(scene: Scene, told: Explanation, width: int) -> list[Line]:
    """`z1 = p11 + p21` and below it `= 0.10 + 0.20 = 0.30`, the signs = in one column."""
    role = {BACKWARD: "backward", UPDATE: "text"}.get(scene.phase, "text")
    if scene.phase == BACKWARD and (scene.step.target or 0) < scene.run.tape.parameters:
        role += " parameter"
    indent = cells(told.result) + 1
    first = wrap((run(told.result, role), (" = ", "text"), run(told.formula)), width, indent + 2)
    result: Run = run(scene.show(told.value), role + " changed")
    put_in: tuple[Run, ...] = ((" " * indent + "= ", "text"),)
    if told.numbers != result[0]:
        put_in = (*put_in, run(told.numbers), (f" {equals(scene, told.value)} ", "text"))
    return [*first, *wrap((*put_in, result), width, indent + 2)]
