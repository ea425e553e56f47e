"""The lesson beside the step: its text, its tasks, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from nnhs_tui.errors import NnhsError, Refusal, reason_of
from nnhs_tui.present.text.lines import cells
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part
from nnhs_tui.ui.screens.sized import fit_classes

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.lessons.asked import Said
    from nnhs_tui.lessons.course import Course
    from nnhs_tui.lessons.lesson import Lesson
    from nnhs_tui.present.text.lines import Line
    from nnhs_tui.ui.screens.sized import SizedScreen
    from nnhs_tui.ui.widgets.pane import Pane

COLUMNS = 42
"""Of the lesson beside the panes, its edge included."""
LEAST = (120, 24)
"""Columns and rows of a terminal from which on it stands there; else it is a card."""
CLASS = "-lesson"
EDGE = ("│ ", "rule")
NONE = "no lesson is open: :lesson 1 opens the first one"


class Lessons(Part):
    """The lesson that is open, if any.

    Args:
        screen: gives the lesson its columns.
    """

    def __init__(self, debugger: Debugger, screen: SizedScreen) -> None:
        super().__init__(debugger)
        self._screen = screen
        self.course: Course | None = None
        """The lesson being worked through."""
        self.coming: Lesson | None = None
        """The lesson that begins with the session that comes."""
        self._scroll = 0

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"lesson": self._lesson, "answer": self._answer, "next-lesson": self._next}

    # Where it stands

    @property
    def is_beside(self) -> bool:
        """Whether it stands beside the panes."""
        width, height = self._debugger.program.size
        return self.course is not None and width >= LEAST[0] and height >= LEAST[1]

    def fit(self) -> None:
        """The terminal has another size, or there is a lesson, or none any more."""
        self._debugger.set_class(self.is_beside, CLASS)
        self._screen.columns_taken = COLUMNS if self.is_beside else 0
        fit_classes(self._screen)

    def draw(self, width: int, height: int) -> list[Line]:
        """The lesson as a pane."""
        if self.course is None or not self._debugger.is_open:
            return []
        from nnhs_tui.present.pages.lesson import draw_lesson

        room = width - cells(EDGE[0])
        lines = draw_lesson(
            self.course, self._debugger.session, self._follows(), room, height, self._scroll
        )
        return [(EDGE, *line) for line in [*lines, *[()] * (height - len(lines))]]

    @property
    def at_hand(self) -> tuple[str, ...]:
        """The commands of the lesson that make sense now."""
        if self.course is None:
            return ()
        return ("next-lesson", "lesson") if self.course.is_done else ("answer", "lesson")

    def asked_for(self, line: str) -> str:
        """What is asked, where an answer to it is being typed; else ""."""
        if self.course is None or not line.startswith("answer "):
            return ""
        from nnhs_tui.present.pages.lesson import question_line

        return question_line(self.course)

    def turn(self, message: Pane.Wheel) -> None:
        """The wheel was turned over it."""
        if message.pane.id == "lesson":
            self._scroll = max(0, self._scroll + message.rows)
            self._debugger.redraw_soon()

    def _follows(self) -> Lesson | None:
        from nnhs_tui.lessons.library import next_lesson

        return None if self.course is None else next_lesson(self.course.lesson)

    # Beginning

    def begin(self) -> None:
        """A session has come: with its lesson, or without any."""
        lesson, self.coming = self.coming, None
        self.course = None
        if lesson is not None:
            try:
                self._open(lesson)
            except (NnhsError, MemoryError) as error:
                self.course = None
                self._debugger.row.refuse(f"{lesson.name}: {reason_of(error)}".splitlines()[0])
        self.fit()

    def _open(self, lesson: Lesson) -> None:
        from nnhs_tui.lessons.course import Course

        session, learned = self._debugger.session, self._debugger.program.learned
        course = Course(lesson, session.scenario, learned.learned(lesson.path))
        # What is wrong with a task is found before anything of it is seen.
        assert len(course.all_asked) == len(lesson.tasks)
        for command in (*((f"goto {lesson.at}",) if lesson.at else ()), *lesson.commands):
            _do(session, command)
        self.course, self._scroll = course, 0
        learned.learn(lesson.path, course.outcomes)
        self._to_task()
        self._debugger.program.call_later(self._show_card)

    def _to_task(self) -> None:
        """Go where the task is, in the file's own numbers."""
        course = self.course
        assert course is not None
        task, session = course.task, self._debugger.session
        if task is None or not task.at:
            return
        _begin_anew(session)
        _do(session, f"goto {task.at}")

    def _show_card(self) -> None:
        """Where there is no room beside the panes, it lies over them until a key."""
        if self.course is not None and not self.is_beside:
            self._show_page()

    def _show_page(self) -> None:
        """The whole lesson over the panes, until a key."""
        from nnhs_tui.present.pages.lesson import lesson_page
        from nnhs_tui.ui.screens.card import CardScreen

        page = lesson_page(self._course(), self._debugger.session, self._follows())
        card = CardScreen(page, self._debugger.action_run, "lesson")
        self._debugger.program.push_screen(card)

    # Commands

    def _lesson(self, argument: str) -> None:
        from nnhs_tui.lessons.library import ANEW, find_lesson

        if argument == ANEW:
            self._course().again()
            self._keep()
            self._to_task()
            self._show_card()
        elif argument:
            self._enter(_found(lambda: find_lesson(argument)))
        else:
            self._course()
            self._scroll = 0
            self._show_page()

    def _next(self, _argument: str) -> None:
        self._course()
        following = self._follows()
        if following is None:
            raise Refusal("this is the last lesson; :lesson NAME opens any other")
        self._enter(following)

    def _enter(self, lesson: Lesson) -> None:
        """Open a lesson in its scenario, in the place of what is open."""
        from nnhs_tui.debugger.session import Session
        from nnhs_tui.lessons.library import scenario_of

        def opened() -> Session:
            return Session(scenario_of(lesson))

        session = _found(opened)
        self._debugger.go_on_in(session, lesson)

    def _answer(self, argument: str) -> None:
        course = self._course()
        task = course.task
        try:
            said = course.answer(argument)
        except NnhsError as error:
            raise Refusal(str(error)) from error
        self._scroll = 0
        if not said.is_right:
            self._tell_wrong(said)
            return
        self._keep()
        self._debugger.row.say(f"✓ {argument.strip()}: {said.text}")
        assert task is not None
        if task.commands:
            self._show_change(task.commands)
        else:
            self._to_task()
        self._show_card()

    def _tell_wrong(self, said: Said) -> None:
        from nnhs_tui.present.pages.lesson import hint_offer, hint_texts

        course = self._course()
        if not said.text:
            texts = hint_texts(course.asked, self._debugger.session)
            self._debugger.row.say(f"hint: {texts[min(course.hints, len(texts)) - 1]}")
        else:
            # Beside the panes it stands below the question.
            hint = "" if self.is_beside else hint_offer(course)
            self._debugger.row.refuse(f"{course.told}; {hint}" if hint else course.told)

    def _show_change(self, commands: tuple[str, ...]) -> None:
        """Do what the task was about, in the file's own numbers, so that it is seen."""
        session = self._debugger.session
        _begin_anew(session)
        for command in commands:
            session.execute(command)

    def _course(self) -> Course:
        if self.course is None:
            raise Refusal(NONE)
        return self.course

    def _keep(self) -> None:
        course = self._course()
        self._debugger.program.learned.learn(course.lesson.path, course.outcomes)


Made = TypeVar("Made")


def _found(make: Callable[[], Made]) -> Made:
    """What is made, or the refusal of the command that wants it."""
    try:
        return make()
    except (NnhsError, MemoryError) as error:
        raise Refusal(reason_of(error).splitlines()[0]) from error


def _begin_anew(session: Session) -> None:
    """Back to the file's own numbers."""
    if session.edits or session.round:
        session.execute("reset")


def _do(session: Session, command: str) -> None:
    from nnhs_tui.debugger.outcome import REFUSED

    outcome = session.execute(command)
    if outcome.kind == REFUSED:
        raise Refusal(f"{command}: {outcome.message}")
