"""What a lesson is, as its file says it."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.scenario.chapters import order

Shape = tuple[int, int]
"""Rows and columns."""
GROWS, SHRINKS, MOST = "grows", "shrinks", "changes most"
WHICH = (GROWS, SHRINKS, MOST)
"""What can be asked of parameters beside each other."""


@dataclass(frozen=True)
class Number:
    """A number of the calculation is to be predicted."""

    quantity: str


@dataclass(frozen=True)
class Choice:
    """Some of a few answers are right, which the file says."""

    choices: tuple[str, ...]
    right: frozenset[int]
    """From 0."""


@dataclass(frozen=True)
class Fits:
    """Which of these pairs of shapes can be multiplied?"""

    pairs: tuple[tuple[Shape, Shape], ...]


@dataclass(frozen=True)
class Which:
    """Which of these parameters does the update make larger, smaller, or change most?"""

    wanted: str
    """One of `WHICH`."""
    of: tuple[str, ...]


@dataclass(frozen=True)
class Slip:
    """A calculation with one known mistake in it: which line is the first that is wrong?"""

    mistake: str
    made_at: str
    lines: tuple[str, ...]
    """The quantities that are shown, in order."""


About = Number | Choice | Fits | Which | Slip


@dataclass(frozen=True)
class Task:
    """One thing to be answered."""

    ask: str
    about: About
    at: str = ""
    """Where the debugger goes first, as `goto` takes it."""
    commands: tuple[str, ...] = ()
    """What is changed before it is computed: the answer is about what comes out then."""
    hint: str = ""
    why: str = ""
    """Told once the answer is right."""


@dataclass(frozen=True)
class Code:
    """A line of a program that does the same, and which quantities it computes."""

    line: str
    computes: tuple[str, ...]
    """Names or patterns in which * stands for anything; none: it computes nothing."""


@dataclass(frozen=True)
class Comparison:
    """A rule of the article as it is printed, carried through, beside the right one."""

    rule: str
    """The number of the mistake: E4."""
    of: tuple[str, ...]
    """The quantities, in order."""
    rounds: int
    """Rounds of training that are compared; 1: none."""


@dataclass(frozen=True)
class Experiment:
    """The article's program run from many random starts, as printed and mended."""

    starts: int
    rounds: int
    seed: int


@dataclass(frozen=True)
class Lesson:
    """A lesson. Its texts may hold anything a file may hold."""

    name: str
    path: str
    title: str
    chapter: str
    place: int | None
    parts: tuple[int, ...]
    errata: tuple[str, ...]
    """Which of the article's mistakes it is about: E4."""
    scenario: str
    """A shipped scenario's name, or the path of a file beside the lesson's."""
    at: str
    """Where it begins, as `goto` takes it; "" at the first step."""
    commands: tuple[str, ...]
    """Carried out behind that: a level, a form."""
    text: str
    pairs: tuple[tuple[Shape, Shape], ...]
    """Shapes drawn side by side, those that do not fit too."""
    comparison: Comparison | None
    experiment: Experiment | None
    code: tuple[Code, ...]
    tasks: tuple[Task, ...]
    notice: str
    """What to notice, told behind the last task."""

    @property
    def order(self) -> tuple[object, ...]:
        """What a list of lessons is sorted by."""
        return order(self.chapter, self.place, self.title)


def fits(pair: tuple[Shape, Shape]) -> bool:
    """Whether two matrices can be multiplied: columns of the first = rows of the second.

    >>> fits(((2, 3), (3, 2))), fits(((3, 2), (3, 2)))
    (True, False)
    """
    (_, inner), (rows, _) = pair
    return inner == rows
