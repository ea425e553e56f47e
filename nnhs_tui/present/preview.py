"""What the picker shows of a scenario: its title, shape, picture, and what to learn from it."""

from __future__ import annotations

from nnhs_tui.commands.panes import NET
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError, ScenarioError, shortage
from nnhs_tui.labels import counted
from nnhs_tui.lessons.lesson import Lesson
from nnhs_tui.present.pages.lesson import source_of
from nnhs_tui.present.panes.table import draw
from nnhs_tui.present.text.lines import Line, paragraphs, run, wrap, wrap_prose
from nnhs_tui.scenario.model import shape
from nnhs_tui.scenario.scenario_choice import Choice

PICTURE = 10
"""Rows the picture of the net may take."""


def preview_lesson(lesson: Lesson, width: int, height: int) -> list[Line]:
    """What a list shows of a lesson."""
    lines = wrap((run(lesson.title, "title"),), width)
    told = [source_of(lesson)] if lesson.parts or lesson.errata else []
    told.append(counted(len(lesson.tasks), "task"))
    lines += wrap((run(" · ".join(told), "dim"),), width)
    for paragraph in paragraphs(lesson.text):
        lines += [(), *wrap_prose(paragraph, width)] if paragraph else []
    lines += [(), *wrap((run(f"in the scenario {lesson.scenario}", "dim"),), width)]
    return [*lines[: height - 1], (("…", "dim"),)] if len(lines) > height else lines


def preview(choice: Choice, width: int, height: int) -> list[Line]:
    """A scenario in `width` × `height` cells; what is wrong with it where it cannot be opened."""
    try:
        session = Session(choice.load(shown_as=choice.path.name))
    except MemoryError as error:
        return _faults(shortage(error), width)[:height]
    except NnhsError as error:
        return _faults(error, width)[:height]
    scenario = session.scenario
    lines = wrap((run(scenario.title, "title"),), width)
    told = [shape(scenario)] if shape(scenario) not in scenario.title else []
    if scenario.parts:
        told.append(
            counted(len(scenario.parts), "part", parts=" and ".join(map(str, scenario.parts)))
        )
    if scenario.arithmetic == "hand":
        told.append(f"by hand, {counted(scenario.digits, 'decimal')}")
    if told:
        lines += wrap((run(" · ".join(told), "dim"),), width)
    lines.append(())
    lines += draw(NET.name, session.scene(), width, PICTURE)[1:]
    while lines and not lines[-1]:
        lines.pop()
    lines.append(())
    for paragraph in paragraphs(scenario.description):
        lines += wrap_prose(paragraph, width)
    if scenario.source:
        lines.append(())
        for paragraph in paragraphs(scenario.source):
            lines += wrap_prose(paragraph, width, "dim")
    if len(lines) > height:
        lines = [*lines[: height - 1], (("…", "dim"),)]
    return lines


def _faults(error: NnhsError, width: int) -> list[Line]:
    faults = error.faults if isinstance(error, ScenarioError) else (error,)
    lines: list[Line] = [(("! this scenario cannot be opened:", "error"),), ()]
    for fault in faults:
        lines += wrap((run(str(fault)),), width, 2)
    return lines
