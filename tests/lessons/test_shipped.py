"""Every shipped lesson can be worked through, and together they are the article."""

from __future__ import annotations

import re

import pytest

from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.lessons.course import AT_ONCE, LATER, OPEN, Course
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.library import next_lesson, scenario_of, shipped_lessons
from nnhs_tui.present.pages.lesson import code_lines, hint_texts, lesson_lines
from nnhs_tui.present.pages.lesson_drawn import compared_lines

LESSONS = {lesson.name: lesson for lesson in shipped_lessons()}


def course_of(name: str) -> Course:
    return Course(LESSONS[name], scenario_of(LESSONS[name]))


def test_they_are_the_article() -> None:
    parts = {part for lesson in LESSONS.values() for part in lesson.parts}
    assert parts == set(range(1, 25))
    errata = {erratum for lesson in LESSONS.values() for erratum in lesson.errata}
    assert errata == {f"E{number}" for number in range(1, 11)}


def test_each_leads_to_the_next_one() -> None:
    lessons = list(LESSONS.values())
    assert [next_lesson(each) for each in lessons] == [*lessons[1:], None]


@pytest.mark.parametrize("name", LESSONS)
def test_every_task_can_be_answered(name: str) -> None:
    course = course_of(name)
    for asked in course.all_asked:
        said = course.answer(asked.solution)
        assert said.is_right, (asked.task.ask, asked.solution, said)
    assert course.is_done and course.outcomes == [AT_ONCE] * len(course.outcomes)


@pytest.mark.parametrize("name", LESSONS)
def test_no_other_answer_is_right(name: str) -> None:
    course = course_of(name)
    for place, asked in enumerate(course.all_asked):
        if asked.choices:
            letters = LETTERS[: len(asked.choices)]
            others = [each for n, each in enumerate(letters) if frozenset({n}) != asked.right]
            others += [letters] if len(asked.right) < len(letters) else []
        else:
            far = abs(float(asked.solution)) + 1.5
            others = [f"{far}", f"{-far}"]
        assert others
        for answer in others:
            said = course.answer(answer)
            assert said.is_answer and not said.is_right and said.text, (asked.task.ask, answer)
        assert course.answer(asked.solution).is_right and course.outcomes[place] == LATER


@pytest.mark.parametrize("name", LESSONS)
def test_what_it_has_the_debugger_do_can_be_done(name: str) -> None:
    lesson = LESSONS[name]
    places = [f"goto {each.at}" for each in (lesson, *lesson.tasks) if each.at]
    changes = [command for task in lesson.tasks for command in task.commands]
    for command in (*places, *lesson.commands, *changes):
        outcome = Session(scenario_of(lesson)).execute(command)
        assert outcome.kind != REFUSED, (command, outcome.message)


@pytest.mark.parametrize("name", LESSONS)
def test_a_task_does_not_begin_behind_its_answer(name: str) -> None:
    """What is to be predicted does not stand on the screen yet."""
    lesson = LESSONS[name]
    for asked in course_of(name).all_asked:
        if asked.choices or asked.task.commands:
            continue
        session = Session(scenario_of(lesson))
        if asked.task.at:
            session.execute(f"goto {asked.task.at}")
        start = session.index
        session.execute(f"goto {asked.quantity}")
        assert start <= session.index, (asked.task.ask, asked.task.at)


@pytest.mark.parametrize("name", LESSONS)
def test_the_last_hint_is_the_answer_and_those_before_are_not(name: str) -> None:
    course = course_of(name)
    for asked in course.all_asked:
        *before, last = hint_texts(asked, Session(course.scenario))
        assert last == f"the answer is {asked.solution}"
        assert asked.choices or before
        for text in before:
            assert not text.endswith(f"= {asked.solution}")


@pytest.mark.parametrize("width", [38, 78])
@pytest.mark.parametrize("name", LESSONS)
def test_it_is_drawn_in_its_columns(name: str, width: int) -> None:
    course = course_of(name)
    session = Session(course.scenario)
    for asked in course.all_asked:
        for line in lesson_lines(course, session, None, width):
            assert sum(len(text) for text, _ in line) <= width, line
        course.answer("?")
        course.answer(asked.solution)
    assert lesson_lines(course, session, None, width)


BESIDE = 40
"""Columns of a lesson beside the panes."""


@pytest.mark.parametrize("name", [each for each in LESSONS if LESSONS[each].comparison])
def test_what_is_compared_stands_in_rows(name: str) -> None:
    found = course_of(name).compared
    assert found is not None
    lines = ["".join(text for text, _ in line) for line in compared_lines(found, BESIDE)]
    assert max(map(len, lines)) <= BESIDE
    for row in found.exact:
        whole = [row.name, row.printed, row.right, *([row.tried] if row.tried else [])]
        assert any(line[2:].rsplit(maxsplit=len(whole) - 1) == whole for line in lines), row


@pytest.mark.parametrize("name", [each for each in LESSONS if LESSONS[each].code])
def test_a_program_is_broken_between_its_words(name: str) -> None:
    code = LESSONS[name].code
    lines = ["".join(text for text, _ in line) for line in code_lines(code, "", BESIDE)]
    assert max(map(len, lines)) <= BESIDE
    words = [word for each in code for word in re.findall(r"[\w.]+", each.line)]
    assert [word for line in lines[1:] for word in re.findall(r"[\w.]+", line)] == words


def test_an_open_task_is_gone_on_with() -> None:
    lesson = LESSONS["dot-product"]
    course = Course(lesson, scenario_of(lesson), [AT_ONCE, OPEN, OPEN])
    assert course.at == 1 and course.done == 1
    assert Course(lesson, scenario_of(lesson), ["nonsense"]).outcomes == [OPEN] * 3


def test_texts_are_short() -> None:
    for lesson in LESSONS.values():
        assert len(lesson.text.split()) <= 130, lesson.name
        assert lesson.notice and lesson.tasks
        for task in lesson.tasks:
            assert len(task.ask) <= 140, task.ask
