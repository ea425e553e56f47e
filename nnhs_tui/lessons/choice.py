"""A lesson that can be chosen in a list, as a scenario is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nnhs_tui.lessons.lesson import Lesson
from nnhs_tui.lessons.library import scenario_of
from nnhs_tui.scenario.reading.describe import Described

if TYPE_CHECKING:
    from nnhs_tui.scenario.model import Scenario


@dataclass(frozen=True)
class LessonChoice:
    """What a list of lessons offers."""

    lesson: Lesson

    @property
    def path(self) -> Path:
        """Its file."""
        return Path(self.lesson.path)

    @property
    def name(self) -> str:
        """What it is called in a list."""
        return self.lesson.name

    def described(self) -> Described:
        """What a list shows of it; its texts are not made harmless yet."""
        lesson = self.lesson
        return Described(lesson.title, "", lesson.chapter, lesson.place, lesson.parts)

    def load(self, shown_as: str | None = None) -> Scenario:
        """Its scenario.

        Raises:
            ScenarioError: there is none, or its file has faults.
        """
        return scenario_of(self.lesson)
