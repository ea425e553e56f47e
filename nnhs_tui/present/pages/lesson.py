"""A lesson beside the step: its text, the task that is asked, what is said of the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnhs_tui.commands.commands import BY_WORD, key_label
from nnhs_tui.debugger.quantities import of_step
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import NnhsError
from nnhs_tui.labels import counted
from nnhs_tui.lessons.asked import Asked
from nnhs_tui.lessons.course import AT_ONCE, LATER, OPEN, Course
from nnhs_tui.lessons.lesson import Code, Lesson
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.marking.selection import matches
from nnhs_tui.present.pages.lesson_drawn import compared_lines, draw_pair, starts_lines
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.solutions import Solver, without_result
from nnhs_tui.present.text.lines import (
    Line,
    cells,
    paragraphs,
    run,
    standing_for,
    title,
    wrap,
    wrap_prose,
)

LEAST_TEXT = 4
"""Rows that the text keeps, however long the task is."""
BREAKS = " ("
"""Signs behind which a line of a program may be broken."""
SIGNS = {OPEN: ("·", "unknown"), AT_ONCE: ("✓", "key"), LATER: ("~", "key")}
"""What became of a task."""


def lesson_page(course: Course, session: Session, coming: Lesson | None) -> Page:
    """A lesson as a page over the debugger."""
    return Page(
        f"lesson: {course.lesson.title}",
        lambda width: lesson_lines(course, session, coming, width),
    )


def draw_lesson(
    course: Course, session: Session, coming: Lesson | None, width: int, height: int, scroll: int
) -> list[Line]:
    """A lesson as a pane of `width` × `height` cells, the task in view.

    Args:
        scroll: by how many lines it is moved by hand.
    """
    text = text_lines(course, session, width)
    task = task_lines(course, session, coming, width)
    # The task stays in view, and a little of the text with it.
    below = task[: max(1, height - 1 - LEAST_TEXT)]
    room = max(0, height - 2 - len(below))
    last = max(0, len(text) - room)
    start = max(0, min(last, scroll))
    shown = text[start : start + room]
    note = f"{start + 1}–{start + len(shown)} of {len(text)}, {_key('lesson')} all"
    note = note if last else ""
    return [title("", "lesson", width, note), *shown, (), *below]


def lesson_lines(course: Course, session: Session, coming: Lesson | None, width: int) -> list[Line]:
    """The whole lesson, what is asked first: it is what one looks for."""
    text = text_lines(course, session, width)
    task = task_lines(course, session, coming, width)
    if course.done or course.hints or course.said:
        return [*task, (), *text]
    return [*text, (), *task]


# The text


def text_lines(course: Course, session: Session, width: int) -> list[Line]:
    """Title, text, and what is drawn with it."""
    lesson = course.lesson
    lines = wrap((run(lesson.title, "title chosen"),), width)
    if lesson.parts or lesson.errata:
        lines += wrap((run(source_of(lesson), "dim"),), width)
    for paragraph in paragraphs(lesson.text):
        lines += [(), *wrap_prose(paragraph, width)] if paragraph else []
    for pair in lesson.pairs:
        lines += [(), *draw_pair(pair, width)]
    if course.compared is not None:
        lines += [(), *compared_lines(course.compared, width)]
    if course.starts is not None:
        lines += [(), *starts_lines(course.starts, width)]
    if lesson.code:
        lines += [(), *code_lines(lesson.code, quantity_of_step(session), width)]
    return lines


def source_of(lesson: Lesson) -> str:
    """`parts 1, 6 of the article, its mistake E4`."""
    told = []
    if lesson.parts:
        told.append(counted(len(lesson.parts), "part", parts=", ".join(map(str, lesson.parts))))
    if lesson.errata:
        told.append(counted(len(lesson.errata), "erratum", names=", ".join(lesson.errata)))
    return ", ".join(told)


def quantity_of_step(session: Session) -> str:
    """The name of what the step in work makes."""
    step = session.schedule.step(session.index)
    return session.name(of_step(session.schedule, step)).rpartition(": ")[2]


def code_lines(code: Sequence[Code], quantity: str, width: int) -> list[Line]:
    """A program that does the same, the line marked that computes the number in work."""
    lines: list[Line] = [(("the same as a program", "title"),)]
    for each in code:
        is_here = any(matches(pattern, quantity) for pattern in each.computes)
        mark = "► " if is_here else "  "
        # Spaces at its beginning mean something in a program.
        for part in _cut(mark + each.line, width):
            lines.append((run(part, "current" if is_here else "text"),))
    return lines


def _cut(text: str, width: int) -> Iterator[str]:
    """A line of a program, broken where it must be: in its second half, behind a blank or a bracket
    that stands in as few brackets as may be."""
    further = " " * min(len(text) - len(text[1:].lstrip()) + 3, width // 3)
    while cells(text) > width > 8:
        places = [place for place in range(width // 2, width + 1) if text[place - 1] in BREAKS]
        where = max(places, key=lambda place: (-_depth(text[:place]), place), default=width)
        yield text[:where].rstrip()
        text = further + text[where:].lstrip()
    yield text


def _depth(text: str) -> int:
    """How many brackets are open at the end of a text."""
    return text.count("(") - text.count(")")


# The task


def task_lines(course: Course, session: Session, coming: Lesson | None, width: int) -> list[Line]:
    """What is said of the last answer, then what is asked."""
    lines = list(_verdict(course, width))
    if course.is_done:
        return lines + _done_lines(course, coming, width)
    count = len(course.outcomes)
    signs = [SIGNS[each] for each in course.outcomes]
    head: Line = (run(f"Task {course.at + 1} of {count}  ", "title"), *signs)
    asked = course.asked
    lines += [head, ()]
    for paragraph in paragraphs(asked.task.ask):
        lines += wrap_prose(paragraph, width)
    for letter, choice in zip(LETTERS, asked.choices, strict=False):
        lines += wrap((run(f" {letter}  ", "key"), run(choice)), width, 4)
    lines += list(_hints(course, asked, session, width))
    what = standing_for("key", "do:answer")
    offer = hint_offer(course)
    more = f" answers; {offer}" if offer else " answers"
    return [*lines, (), *wrap(((_key("answer"), what), (more, "dim")), width)]


def hint_offer(course: Course) -> str:
    """How to get another hint; "" where there is none."""
    has_more = not course.is_done and course.hints < _most_hints(course.asked)
    return f"{_key('answer')} ? gives a hint" if has_more else ""


def _key(word: str) -> str:
    command = BY_WORD.get(word)
    return key_label(command.keys[0]) if command is not None and command.keys else f":{word}"


def _verdict(course: Course, width: int) -> Iterator[Line]:
    said = course.said
    if said is None:
        return
    sign = ("✓ ", "key") if said.is_right else ("✗ ", "error")
    yield from wrap((sign, run(course.told, "title" if said.is_right else "text")), width, 2)
    if course.solved is not None and course.solved.task.why:
        for paragraph in paragraphs(course.solved.task.why):
            yield from wrap_prose(paragraph, width)
    yield ()


def _done_lines(course: Course, coming: Lesson | None, width: int) -> list[Line]:
    lines: list[Line] = []
    if course.outcomes:
        at_once = sum(each == AT_ONCE for each in course.outcomes)
        told = f"Done: {counted(len(course.outcomes), 'task')}, {at_once} right at once."
        lines += [*wrap((run(told, "title"),), width), ()]
    for paragraph in paragraphs(course.lesson.notice):
        lines += wrap_prose(paragraph, width)
    lines += [()] if course.lesson.notice else []
    if coming is not None:
        what = standing_for("key", "do:next-lesson")
        told = f" goes on to: {coming.title}"
        lines += wrap(((_key("next-lesson"), what), run(told, "dim")), width)
    else:
        lines += wrap((run("That was the last lesson.", "dim"),), width)
    return lines


def _most_hints(asked: Asked) -> int:
    return bool(asked.task.hint) + (1 if asked.choices else 2)


def hint_texts(asked: Asked, session: Session) -> list[str]:
    """The hints of a task: its own, how the number is worked out, and the result."""
    texts = [asked.task.hint] if asked.task.hint else []
    if not asked.choices:
        texts.append(_way(asked, session))
    return [*texts, f"the answer is {asked.solution}"]


def _way(asked: Asked, session: Session) -> str:
    """How a number is worked out, without the result."""
    questions = asked.questions
    try:
        own = Session(questions.scenario, arithmetic=session.arithmetic_name)
        line = Solver(own, "neuron").lines(questions.question(asked.quantity).in_its_round)[-1]
    except NnhsError:
        return f"go to {asked.quantity} and read what stands there"
    return without_result(line)


def _hints(course: Course, asked: Asked, session: Session, width: int) -> Iterator[Line]:
    if not course.hints:
        return
    for place, text in enumerate(hint_texts(asked, session)[: course.hints], 1):
        yield from wrap(((f"hint {place}: ", "dim"), run(text)), width, 2)


def question_line(course: Course) -> str:
    """What is asked, in one line."""
    task = course.task
    return "" if task is None else " ".join(task.ask.split())
