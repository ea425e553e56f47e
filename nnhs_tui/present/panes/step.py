"""The step pane: the formula in symbols, the same with the numbers, the result, and why."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from nnhs_tui.autodiff.schedule import BACKWARD, UPDATE
from nnhs_tui.commands.panes import STEP
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.coming_out import (
    SO_FAR,
    beside,
    equations_with_more,
    formula_with_more,
)
from nnhs_tui.present.panes.equation import equations
from nnhs_tui.present.panes.explain import explain, step_name
from nnhs_tui.present.panes.explanation import Explanation
from nnhs_tui.present.panes.matrix_steps import block_of, equation
from nnhs_tui.present.panes.written_out import path, written
from nnhs_tui.present.text.lines import Line, Run, cells, line_cells, run, title, wrap
from nnhs_tui.present.text.more_decimals import SHORT, WORDS, together
from nnhs_tui.present.text.notation import equals


def draw_step(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """This step in `width` × `height` cells, as its level and the view have it."""
    if scene.opened:
        from nnhs_tui.present.panes.opened import draw_inside

        return draw_inside(scene, width, height, scroll)
    room = height - 1
    lines = equations(scene, width, max(2, room)) if scene.as_matrix else []
    if lines:
        count, start = len(lines), _start(len(lines), room, scroll[0])
        lines = lines[start : start + room]
    elif scene.level == "node":
        lines = _node_lines(scene, width, room)
        count, start = len(lines), _start(len(lines), room, scroll[0])
        lines = lines[start : start + room]
    else:
        start, head = max(0, scroll[0]), _matrix_equation(scene, width)
        lines, count = written(scene, width, start, room - len(head))
        lines, count = [*head, *lines], count + len(head)
    hidden = count - start - len(lines)
    where = path(scene)
    note = step_name(scene, scene.step) if scene.level == "node" else ""
    if note == where.rpartition(" › ")[2]:
        note = ""
    if hidden > 0:
        note = f"{note}  {hidden} more: J".strip()
    if scene.level == "node" and cells(where) + cells(note) + 8 > width:
        # The name on the right says the quantity too.
        where = where.rpartition(" › ")[0]
    return [title(STEP.number, where, width, note), *lines]


def _matrix_equation(scene: Scene, width: int) -> list[Line]:
    """Of a node of matrices at the level of layers what it is, with the shapes."""
    tape = scene.run.tape
    if scene.level != "layer" or scene.phase == UPDATE or not tape.has_matrices:
        return []
    block = block_of(tape, scene.step)
    return [] if block is None else wrap((run(equation(tape, block)),), width)[:2]


COPIED = (200, 60)
"""Columns and rows in which a step is written to be copied: more is read nowhere."""


def formula_text(scene: Scene, width: int = COPIED[0], height: int = COPIED[1]) -> str:
    """The step as it is written at its level and in its view, to be copied."""
    lines = equations(scene, width, height) if scene.as_matrix else []
    if not lines and scene.level != "node":
        lines = written(scene, width, 0, height)[0]
    if not lines:
        told = explain(scene)
        value = scene.show(told.value)
        sides = dict.fromkeys((told.result, told.formula, told.numbers))
        text = " = ".join(sides)
        return text if value in sides else f"{text} {equals(scene, told.value)} {value}"
    return "\n".join("".join(text for text, _ in line).rstrip() for line in lines)


def text_to_copy(scene: Scene) -> str:
    """`formula_text`, and below one number's formula the same with more decimals."""
    is_one = scene.level == "node" and not scene.as_matrix
    more = together((formula_with_more(scene, scene.step),)) if is_one else ""
    return "\n".join(filter(None, (formula_text(scene), more)))


def _start(count: int, room: int, scrolled: int) -> int:
    """The first line to show."""
    return min(max(0, scrolled), max(0, count - room))


ROOMY = 8
"""Rows of a pane from which on one is kept for more decimals, so that nothing jumps."""


def _node_lines(scene: Scene, width: int, room: int) -> list[Line]:
    """The formula, the numbers, the local derivative and what arrives, and why."""
    told = explain(scene)
    formula, between, running = _formula(scene, told, width), list[Line](), list[Line]()
    if told.local:
        local: Line = (("local derivative ", "dim"), run(told.local))
        arrives: Line = (("what arrives ", "dim"), run(told.arrives, "backward"))
        both = (*local, ("   ", "text"), *arrives)
        between = [both] if line_cells(both) <= width else [*wrap(local, width, 2), arrives]
    if told.running:
        running = wrap(((SO_FAR, "dim"), run(told.running, "backward")), width, 2)
    why = wrap((run(told.why, "dim"),), width)
    blocks = [formula, between, running, why]
    if scene.run.arithmetic.name != "hand":
        equations = equations_with_more(scene, scene.step, told)
        blocks = _with_more(equations, blocks, cells(told.result) + 3, width, room)
    return [line for block in blocks for line in block]


def _with_more(
    equations: tuple[str, str, str],
    blocks: list[list[Line]],
    indent: int,
    width: int,
    room: int,
) -> list[list[Line]]:
    """The same with more decimals, below the formula, for what does not come out.

    Where there is little room it stands behind each, or last of all, so that the rest stays.
    """
    formula, between, running, why = blocks
    if room >= ROOMY and sum(map(len, blocks)) < room:
        row, left = _kept_row(equations, indent, width)
        return [formula, [row], between, running, why, _below(left, 0, width)]
    of_formula, of_local, of_running = equations
    formula, of_formula = beside(formula, of_formula, width)
    running, left_over = beside(running, of_running.removeprefix(SO_FAR), width)
    of_running = of_running if left_over else ""
    left = of_formula, of_local, of_running
    below = _below(left, 0, width)
    if sum(map(len, blocks)) + len(below) > room:
        still_left = []
        for equation in left:
            symbols, equation = beside(formula[:1], equation, width)
            formula = [*symbols, *formula[1:]]
            still_left.append(equation)
        below = _below(still_left, 0, width)
    return [formula, between, running, why, below]


def _kept_row(equations: tuple[str, ...], indent: int, width: int) -> tuple[Line, tuple[str, ...]]:
    """(the row that is kept for more decimals, what does not fit into it)."""
    for first, words in product((equations, equations[:1]), (WORDS, *SHORT)):
        lines = _below(first, indent, width, words)
        if len(lines) == 1:
            return lines[0], equations[len(first) :]
    return (), equations


def _below(equations: Iterable[str], indent: int, width: int, words: str = WORDS) -> list[Line]:
    told = together(equations, words)
    return wrap(((" " * indent, "text"), run(told, "dim")), width, indent) if told else []


def _formula(scene: Scene, told: Explanation, width: int) -> list[Line]:
    """`z1 = p11 + p21` and below it `= 0.10 + 0.20 = 0.30`, the signs = in one column."""
    role = {BACKWARD: "backward", UPDATE: "text"}.get(scene.phase, "text")
    if scene.phase == BACKWARD and (scene.step.target or 0) < scene.run.tape.parameters:
        role += " parameter"
    indent = cells(told.result) + 1
    first = wrap((run(told.result, role), (" = ", "text"), run(told.formula)), width, indent + 2)
    differs = scene.differs_beside(lambda here: explain(here).value)
    value, star = scene.show(told.value), "*" if differs else ""
    result: Run = run(star + value, f"{role} changed{' edited' * differs}")
    put_in: tuple[Run, ...] = ((" " * indent + "= ", "text"),)
    if told.numbers != value:
        put_in = (*put_in, run(told.numbers), (f" {equals(scene, told.value)} ", "text"))
    return [*first, *wrap((*put_in, result), width, indent + 2)]
