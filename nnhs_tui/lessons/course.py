"""A lesson being worked through: which task is asked, what was answered, what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from nnhs_tui.errors import Refusal
from nnhs_tui.lessons.asked import Asked, Said, asked
from nnhs_tui.lessons.comparing import Compared, compare
from nnhs_tui.lessons.lesson import Lesson, Task
from nnhs_tui.lessons.starts import Starts, run_starts
from nnhs_tui.scenario.model import Scenario

OPEN, AT_ONCE, LATER = "open", "at once", "later"
"""What became of a task: not answered; right at the first try without a hint; right later on."""
OUTCOMES = (OPEN, AT_ONCE, LATER)
HINT = "?"
"""The answer that asks for a hint."""


def answered(outcomes: Sequence[str]) -> int:
    """How many tasks are answered."""
    return sum(each != OPEN for each in outcomes)


class Course:
    """The state of a lesson.

    Args:
        kept: what became of the tasks before, an outcome each; the first open one is asked.

    Raises:
        Refusal: a task means nothing in the scenario.
        NnhsError: a task cannot be computed.
    """

    def __init__(self, lesson: Lesson, scenario: Scenario, kept: Sequence[str] = ()) -> None:
        self.lesson, self.scenario = lesson, scenario
        sound = len(kept) == len(lesson.tasks) and set(kept) <= set(OUTCOMES)
        self.outcomes = list(kept) if sound else [OPEN] * len(lesson.tasks)
        self.at = self._next_open(0)
        """The task that is asked, from 0; behind the last one all are done."""
        self.said: Said | None = None
        """What is said of the last answer."""
        self.answer_given = ""
        self.solved: Asked | None = None
        """The task that has just been answered, while its answer is told."""
        self.hints = 0
        """How many hints were looked at for this task."""
        self._tries = 0
        self._ready: dict[int, Asked] = {}

    @property
    def is_done(self) -> bool:
        """Whether every task is answered."""
        return self.at >= len(self.lesson.tasks)

    @property
    def task(self) -> Task | None:
        """The task that is asked; None where all are done."""
        return None if self.is_done else self.lesson.tasks[self.at]

    @property
    def done(self) -> int:
        """How many tasks are answered."""
        return answered(self.outcomes)

    @property
    def told(self) -> str:
        """What is said of the last answer, behind the answer; "" where nothing is."""
        said = self.said
        if said is None:
            return ""
        return f"{self.answer_given}: {said.text}" if said.is_answer else said.text

    @property
    def asked(self) -> Asked:
        """The task that is asked, ready to be answered.

        Raises:
            Refusal: all are done.
        """
        if self.is_done:
            raise Refusal("every task of this lesson is done")
        return self.ready(self.at)

    def ready(self, place: int) -> Asked:
        """A task, from 0, ready to be answered.

        Raises:
            NnhsError: it means nothing in the scenario, or cannot be computed.
        """
        if place not in self._ready:
            self._ready[place] = asked(self.scenario, self.lesson.tasks[place])
        return self._ready[place]

    @property
    def all_asked(self) -> list[Asked]:
        """All tasks, ready to be answered."""
        return [self.ready(place) for place in range(len(self.lesson.tasks))]

    @cached_property
    def compared(self) -> Compared | None:
        """The printed rule and the right one; None where none is compared."""
        comparison = self.lesson.comparison
        return None if comparison is None else compare(self.scenario, comparison)

    @cached_property
    def starts(self) -> Starts | None:
        """The program run from many starts; None where it is not."""
        wanted = self.lesson.experiment
        return None if wanted is None else run_starts(wanted.starts, wanted.rounds, wanted.seed)

    def answer(self, text: str) -> Said:
        """Mark an answer; where it is right the next open task is asked.

        Raises:
            Refusal: all are done.
        """
        task = self.asked
        if text.strip() == HINT:
            self.hints += 1
            self.said, self.solved = None, None
            return Said(False, "", is_answer=False)
        said = task.mark(text)
        self.said, self.answer_given, self.solved = said, text.strip(), None
        if said.is_answer and not said.is_right:
            self._tries += 1
        if said.is_right:
            was_first = not self._tries and not self.hints
            self.outcomes[self.at] = AT_ONCE if was_first else LATER
            self.solved = task
            self._go(self._next_open(self.at))
        return said

    def again(self) -> None:
        """Begin the lesson anew."""
        self.outcomes = [OPEN] * len(self.lesson.tasks)
        self.said, self.solved = None, None
        self._go(0)

    def _go(self, place: int) -> None:
        self.at, self.hints, self._tries = place, 0, 0

    def _next_open(self, start: int) -> int:
        order = [*range(start, len(self.outcomes)), *range(start)]
        found = (place for place in order if self.outcomes[place] == OPEN)
        return next(found, len(self.outcomes))
