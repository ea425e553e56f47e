"""`tour`: the lessons, on the screen or on paper."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import (
    FINE,
    as_json,
    complain,
    has_terminal,
    is_utf8,
    output_text,
    print_rows,
    use_own_keys,
)
from nnhs_tui.errors import Fault, NnhsError, ScenarioError, printable
from nnhs_tui.lessons.course import Course, answered
from nnhs_tui.lessons.lesson import Lesson
from nnhs_tui.lessons.library import find_lesson, scenario_of, shipped_lessons
from nnhs_tui.store.learned import learned

EXPECTED = "expected what there is in the lesson's scenario"


def tour(options: argparse.Namespace) -> int:
    """Open a lesson, the next one that is not done where none is named; or list, or print."""
    wanted = None if options.lesson is None else find_lesson(options.lesson)
    if options.print:
        return _print([wanted] if wanted else list(shipped_lessons()), options)
    if options.format or options.key:
        raise UsageError("--format and --key say how --print prints; see nnhs-tui tour --help")
    if options.json and not options.list:
        raise UsageError("--json says how --list lists; see nnhs-tui tour --help")
    if options.list:
        return _list([wanted] if wanted else shipped_lessons(), options)
    if not has_terminal():
        complain("no terminal to open the program in: printing what `nnhs-tui tour --list` prints")
        return _list(shipped_lessons(), options)
    return _open(wanted or comes_next(), options)


def comes_next() -> Lesson:
    """The first lesson with an open task; where there is none, the first."""
    lessons = shipped_lessons()
    return next((each for each in lessons if _done(each) < len(each.tasks)), lessons[0])


def _done(lesson: Lesson) -> int:
    """How many tasks of a lesson are answered."""
    outcomes = learned(lesson.path)
    return answered(outcomes) if len(outcomes) == len(lesson.tasks) else 0


def _open(lesson: Lesson, options: argparse.Namespace) -> int:
    from nnhs_tui.ui.terminal.starting import hasten

    scenario = scenario_of(lesson)
    hasten()
    use_own_keys()
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.ui.app import run
    from nnhs_tui.ui.look import look_here
    from nnhs_tui.ui.program import Files

    look = look_here(ascii_only=options.ascii, theme=options.theme)
    return run(lambda: Session(scenario), Files(lesson=lesson, keeps_places=True), look)


def _list(lessons: Sequence[Lesson], options: argparse.Namespace) -> int:
    from nnhs_tui.scenario.chapters import chapter_label

    numbers = {each.name: place for place, each in enumerate(shipped_lessons(), 1)}
    if options.json:
        objects = [
            {
                "number": numbers.get(each.name),
                "name": each.name,
                "title": each.title,
                "chapter": each.chapter,
                "place": each.place,
                "part": list(each.parts),
                "errata": list(each.errata),
                "scenario": each.scenario,
                "tasks": len(each.tasks),
                "done": _done(each),
                "path": each.path,
            }
            for each in lessons
        ]
        print(as_json(objects, sys.stdout))
        return FINE
    rows = [
        (
            str(numbers.get(each.name, "")),
            each.name,
            chapter_label(each.chapter),
            f"{_done(each)}/{len(each.tasks)}",
            each.title,
        )
        for each in lessons
    ]
    print_rows(rows)
    return FINE


def _print(lessons: Sequence[Lesson], options: argparse.Namespace) -> int:
    from nnhs_tui.worksheet.handout import html_handout, markdown_handout

    numbers = {each.name: place for place, each in enumerate(shipped_lessons(), 1)}
    courses = [(numbers.get(each.name, 0), _course(each)) for each in lessons]
    form = html_handout if options.format == "html" else markdown_handout
    # All of it is made before the first line is printed.
    for line in list(form(courses, with_key=options.key)):
        print(line if is_utf8(sys.stdout) else output_text(line))
    return FINE


def _course(lesson: Lesson) -> Course:
    """A lesson with all its tasks made ready.

    Raises:
        ScenarioError: something of it means nothing in its scenario.
    """
    course = Course(lesson, scenario_of(lesson))
    for where, make in _pieces(course):
        try:
            make()
        except NnhsError as error:
            fault = Fault(printable(lesson.path), where, str(error), EXPECTED)
            raise ScenarioError((fault,)) from error
    return course


def _pieces(course: Course) -> Iterator[tuple[str, Callable[[], object]]]:
    """What of a lesson is worked out in its scenario: where it stands, and what does it."""
    yield "comparison", lambda: course.compared
    for place in range(len(course.lesson.tasks)):
        yield f"tasks[{place + 1}]", partial(course.ready, place)
