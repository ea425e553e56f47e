"""The step in large type, and the clock of a task for the class."""

from __future__ import annotations

from collections.abc import Sequence

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.commands.panes import STEP
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.coming_out import step_with_more
from nnhs_tui.present.panes.equation import equations
from nnhs_tui.present.panes.explain import explain, explain_step, step_name
from nnhs_tui.present.panes.step import draw_step
from nnhs_tui.present.panes.written_out import path, written
from nnhs_tui.present.text.large_type import Type, fitting
from nnhs_tui.present.text.lines import Line, run, title, wrap
from nnhs_tui.present.text.notation import equals

MOST_WRITTEN = 8
"""More lines than these of a wide step fit no screen in large type."""


def draw_large_step(
    scene: Scene, width: int, height: int, scroll: tuple[int, int], sizes: Sequence[Type]
) -> list[Line]:
    """This step in `width` × `height` cells: the formula and its numbers as large as they fit.

    What is in no size large fits is drawn in ordinary type.
    """
    paragraphs = [] if scene.opened else _paragraphs(scene, width)
    rows = fitting(paragraphs, width, height - 1, sizes) if paragraphs else None
    if rows is None:
        return draw_step(scene, width, height, scroll)
    name = step_name(scene, scene.step) if scene.level == "node" else ""
    lines = [title(STEP.number, path(scene), width, name), *rows]
    if scene.level == "node":
        why = wrap((run(explain(scene).why),), width)
        more = wrap((run(step_with_more(scene, scene.step), "dim"),), width)
        more = [(), *more] if any(more) else []
        if len(lines) + len(more) + len(why) < height:
            return [*lines, *more, (), *why]
        if len(lines) + len(why) < height:
            lines += [(), *why]
    return lines


def _paragraphs(scene: Scene, width: int) -> list[Line]:
    if scene.level == "node":
        return _node(scene)
    lines = equations(scene, width, MOST_WRITTEN) if scene.as_matrix else []
    return [line for line in lines or written(scene, width, 0, MOST_WRITTEN)[0] if line]


def _node(scene: Scene) -> list[Line]:
    """`z1 = p11 + p21`, `= 0.10 + 0.20`, `= 0.30`, each on a line of its own."""
    told = explain(scene)
    role = "backward" if scene.phase == BACKWARD else "text"
    if scene.phase == BACKWARD and (scene.step.target or 0) < scene.run.tape.parameters:
        role += " parameter"
    differs = scene.differs_beside(lambda here: explain(here).value)
    value = scene.show(told.value)
    lines: list[Line] = [(run(told.result, role), run(f" = {told.formula}"))]
    if told.numbers != value:
        lines.append((run(f"= {told.numbers}"),))
    sign = equals(scene, told.value)
    star = "*" if differs else ""
    lines.append((run(f"{sign} "), run(star + value, f"{role} changed{' edited' * differs}")))
    return lines


def draw_countdown(
    scene: Scene, width: int, height: int, seconds: int, sizes: Sequence[Type]
) -> list[Line]:
    """The task for the class: the next step's formula without its numbers, and the time left."""
    clock: Line = (run(f"{seconds // 60}:{seconds % 60:02}", "current" if not seconds else "key"),)
    lines = [title(STEP.number, "now you", width, "n shows the result")]
    asked = asked_next(scene)
    rows = fitting([asked, clock] if asked else [clock], width, height - 1, sizes)
    return [*lines, *(rows if rows is not None else [*wrap(asked, width), (), clock])][:height]


def asked_next(scene: Scene) -> Line:
    """`z1 = p11 + p21 = ?` of the step after this one; () at the end of the round."""
    if scene.index + 1 >= scene.run.schedule.total:
        return ()
    from dataclasses import replace

    following = replace(scene, index=scene.index + 1, level="node", opened=False)
    told = explain_step(following, following.step)
    return (run(f"{told.result} = {told.formula} = ?"),)
