"""A self-test: what was asked, typed and marked so far. It is moved by lines of text alone.

The lines that were applied are the whole state, so a test that was broken off goes on from the
file they were written to.

    type 0.37    what stands in the cell that is being filled in
    cell 2       another cell of the grid
    mark         mark what is filled in
    go 4         another question (from 1)
    hint         the next of four hints for this cell
    finish       see the report
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError
from nnhs_tui.marking.judge import NO_ANSWER, Marked, is_right
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.written import LONGEST, is_of_number
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.selftest.asks import Ask, asks_of
from nnhs_tui.selftest.setting import Setting

HINTS = ("rule", "formula", "numbers put in", "result")


@dataclass
class Tries:
    """What somebody did at one quantity."""

    answers: list[Marked] = field(default_factory=list)
    """What was marked, the last one last."""
    verdict: str = ""
    """What the last answer is by now: a slip that was mended may change what follows from it."""
    hints: int = 0
    """How many of the four hints were looked at."""
    hints_before: int | None = None
    """How many there had been at the first try."""

    @property
    def is_right(self) -> bool:
        return is_right(self.verdict)

    @property
    def is_right_at_once(self) -> bool:
        """Right at the first try, without having seen the result."""
        seen = self.hints_before is not None and self.hints_before >= len(HINTS)
        return bool(self.answers) and is_right(self.answers[0].verdict) and not seen

    @property
    def went_wrong(self) -> bool:
        """Whether it is worth another try on another day."""
        return bool(self.answers or self.hints) and not self.is_right_at_once


def _session(scenario: Scenario, setting: Setting) -> Session:
    """A session in the arithmetic of the hints; in exact where it cannot be done by hand."""
    try:
        return Session(scenario, arithmetic=setting.arithmetic, digits=setting.digits)
    except ComputationError:
        return Session(scenario, arithmetic="exact", digits=setting.digits)


class SelfTest:
    """The state of a self-test.

    Raises:
        NnhsError: its scenario cannot be computed, or there is nothing to ask.
    """

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.scenario = setting.scenario()
        self.questions = Questions(self.scenario, setting.digits)
        self.marker = Marker(self.questions)
        self.session = _session(self.scenario, setting)
        """The scenario at its first step, for pictures and hints."""
        self.asks = asks_of(setting, self.questions)
        self.at = 0
        """The question that is being answered, from 0."""
        self.cell = 0
        """The cell of its grid that is being filled in, from 0."""
        self.typed: dict[str, str] = {}
        """What stands in each cell, marked or not."""
        self.tries: dict[str, Tries] = {}
        self.last: tuple[Marked, ...] = ()
        """What was marked last."""
        self.last_at = 0
        """The question that was marked last."""
        self.finished = False
        self._untouched: set[str] = set()
        """The quantities whose number was marked, and at which nothing was typed since."""

    @property
    def ask(self) -> Ask:
        """The question that is being answered."""
        return self.asks[self.at]

    @property
    def name(self) -> str:
        """The quantity of the cell that is being filled in."""
        return self.ask.names[self.cell]

    @property
    def text(self) -> str:
        """What stands in the cell that is being filled in."""
        return self.typed.get(self.name, "")

    @property
    def is_fresh(self) -> bool:
        """Whether what is typed next begins a new number: the old one was marked, and nothing was
        typed since. A number may begin like the one that was marked."""
        return self.name in self._untouched

    @property
    def hints(self) -> int:
        """How many hints were looked at for the cell that is being filled in."""
        return self.tries_of(self.name).hints

    def tries_of(self, name: str) -> Tries:
        """What was done at a quantity."""
        return self.tries.get(name) or Tries()

    @property
    def names(self) -> Iterator[str]:
        """All quantities that are asked."""
        return (name for ask in self.asks for name in ask.names)

    @property
    def right(self) -> int:
        """How many numbers are right by now."""
        return sum(each.is_right for each in self.tries.values())

    @property
    def total(self) -> int:
        return sum(len(ask.names) for ask in self.asks)

    def is_done(self, ask: Ask) -> bool:
        """Whether every number of a question is right."""
        return all(self.tries_of(name).is_right for name in ask.names)

    def next_open(self) -> int | None:
        """The next question that is not done, from this one on and then from the first."""
        order = [*range(self.at + 1, len(self.asks)), *range(self.at + 1)]
        return next((place for place in order if not self.is_done(self.asks[place])), None)

    # Moving it on

    def apply(self, line: str) -> None:
        """Take a line; what means nothing is left out."""
        word, _, rest = line.partition(" ")
        number = int(rest) - 1 if rest.isascii() and rest.isdigit() and len(rest) < 9 else -1
        if word == "type" and len(rest) <= LONGEST and all(map(is_of_number, rest)):
            self._type(rest)
        elif word == "cell" and 0 <= number < len(self.ask.names):
            self.cell = number
        elif word == "go" and 0 <= number < len(self.asks):
            self.last = ()
            self._go(number)
        elif word == "hint":
            tries = self.tries.setdefault(self.name, Tries())
            tries.hints = min(tries.hints + 1, len(HINTS))
        elif word == "mark":
            self._mark()
        elif word == "finish":
            self.finished = True

    def _type(self, text: str) -> None:
        """What stands in the cell now; where all is erased, the number that was marked again."""
        answers = self.tries_of(self.name).answers
        if text or not answers:
            self.typed[self.name] = text
            self._untouched.discard(self.name)
        else:
            self.typed[self.name] = answers[-1].answer
            self._untouched.add(self.name)

    @property
    def is_half_typed(self) -> bool:
        """Whether a number is being typed: something stands there that was not marked."""
        return bool(self.text.strip()) and not self.is_fresh

    def _go(self, place: int) -> None:
        self.at, self.finished = place, False
        names = self.ask.names
        open_ = (n for n, name in enumerate(names) if not self.tries_of(name).is_right)
        self.cell = next(open_, 0)

    def _mark(self) -> None:
        """Mark the cells of this question that hold something; when all are right, go on."""
        filled = [name for name in self.ask.names if self.typed.get(name, "").strip()]
        if not filled:
            return
        given = {name: each.answers[-1].answer for name, each in self.tries.items() if each.answers}
        given |= {name: self.typed[name] for name in filled}
        marked = {each.question.name: each for each in self.marker.mark(given.items())}
        self._untouched.update(filled)
        self.last, self.last_at = tuple(marked[name] for name in filled), self.at
        for each in self.last:
            self._keep(each)
        for name, each in marked.items():
            if self.tries_of(name).answers:
                self.tries[name].verdict = each.verdict
        if self.is_done(self.ask):
            place = self.next_open()
            if place is None:
                self.finished = True
            else:
                self._go(place)
        else:
            self._go(self.at)

    def _keep(self, marked: Marked) -> None:
        if marked.verdict in NO_ANSWER:
            return
        tries = self.tries.setdefault(marked.question.name, Tries())
        if tries.answers and tries.answers[-1].answer == marked.answer:
            # It stands in the grid still; nobody has tried again.
            return
        if tries.hints_before is None:
            tries.hints_before = tries.hints
        tries.answers.append(marked)
