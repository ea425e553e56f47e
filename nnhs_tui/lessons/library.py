"""Where lessons are found: those shipped with the program, and any file."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from nnhs_tui.debugger.naming.completion import Candidate
from nnhs_tui.errors import Fault, ScenarioError, nearest, printable
from nnhs_tui.lessons.lesson import Lesson
from nnhs_tui.lessons.reading import load_lesson
from nnhs_tui.scenario.library import find, shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario

ANEW = "anew"
"""Begins the lesson that is open once more."""


def lessons_folder() -> Path:
    """The shipped lessons, beside the scenarios."""
    return shipped_folder() / "lessons"


@cache
def shipped_lessons() -> tuple[Lesson, ...]:
    """The shipped lessons, in their order."""
    found = map(load_lesson, sorted(lessons_folder().glob("*.toml")))
    return tuple(sorted(found, key=lambda lesson: lesson.order))


def find_lesson(name: str) -> Lesson:
    """A shipped lesson by its name, or by its number in the list; or a file by its path.

    Raises:
        ScenarioError: there is none, or its file has faults.
    """
    lessons = shipped_lessons()
    if name.endswith(".toml") or os.sep in name:
        return load_lesson(name)
    known = {each.name: each for each in lessons}
    if name in known:
        return known[name]
    if name.isascii() and name.isdigit() and 1 <= int(name[:9]) <= len(lessons):
        return lessons[int(name[:9]) - 1]
    near = nearest(name, known)
    cure = f"did you mean {near}? " if near else ""
    expected = f"{cure}expected a name or a number that `nnhs-tui tour --list` shows"
    raise ScenarioError((Fault(printable(name), "", "no lesson has this name", expected),))


def scenario_of(lesson: Lesson) -> Scenario:
    """The scenario of a lesson: a shipped one by its name, or a file beside the lesson's.

    Raises:
        ScenarioError: there is none, or its file has faults.
    """
    if not lesson.scenario.endswith(".toml"):
        return load(find(lesson.scenario, own=False))
    return load(Path(lesson.path).parent / lesson.scenario)


def candidates(line: str) -> list[Candidate]:
    """How a `lesson` command may go on."""
    typed = line.partition(" ")[2].lstrip()
    found = [each.name for each in shipped_lessons()] + [ANEW]
    return [Candidate(f"lesson {each}", each) for each in found if each.startswith(typed)]


def next_lesson(lesson: Lesson) -> Lesson | None:
    """The lesson behind a shipped one; None behind the last, and behind any other file."""
    lessons = shipped_lessons()
    places = [place for place, each in enumerate(lessons) if each.name == lesson.name]
    if not places or lesson != lessons[places[0]]:
        return None
    return lessons[places[0] + 1] if places[0] + 1 < len(lessons) else None
