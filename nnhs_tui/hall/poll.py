"""A question to everyone, asked once or twice, and how it was answered.

Asked, talked about and asked again is what is known as peer instruction (E. Mazur, 1997).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from nnhs_tui.lessons.asked import Asked
from nnhs_tui.marking.judge import (
    FOLLOWS,
    MISTAKE,
    NO_ANSWER,
    RIGHT,
    UNREADABLE,
    WRONG,
    Marked,
    is_right,
)
from nnhs_tui.marking.marker import Marker


@dataclass(frozen=True)
class Given:
    """One answer."""

    text: str
    verdict: str
    """See `labels.VERDICT`."""
    mistake: str = ""
    """The likeliest known mistake that gives it; "" for none."""
    message: str = ""

    @property
    def is_right(self) -> bool:
        """Whether it counts as right."""
        return is_right(self.verdict)


@dataclass(frozen=True)
class Tally:
    """How a question was answered, one time it was asked."""

    asked: int
    """How many were there to answer."""
    answered: int
    right: int
    """Without those that follow from an earlier slip."""
    follows: int
    mistakes: tuple[tuple[str, int], ...]
    """Each known mistake, or each wrong choice, and how many made it, the commonest first."""
    others: int
    """Wrong in a way that has no name."""


class Question(Protocol):
    """What is asked, and how an answer is marked."""

    @property
    def title(self) -> str:
        """What is asked, in a few words."""

    @property
    def name(self) -> str:
        """What it is called in the results; the quantity's name where it is one."""

    @property
    def of_file(self) -> bool:
        """Whether it asks for a number of the scenario's file, which `check` can mark."""

    @property
    def seen_from(self) -> tuple[int, int]:
        """(round, node step), from 0, from which on the answer is seen on the screen."""

    @property
    def unsaid(self) -> frozenset[int]:
        """Ids of the parameters whose update answers it, or of the loss: told nowhere before."""

    @property
    def choices(self) -> Sequence[str]:
        """What there is to choose from; none where a number is typed."""

    @property
    def expected(self) -> str:
        """The right answer, as it is revealed."""

    def given(self, text: str, before: Mapping[str, str]) -> Given:
        """An answer, marked.

        Args:
            before: what the same person answered to other questions, by its title.
        """


class Number:
    """Asks for a quantity."""

    choices: Sequence[str] = ()

    def __init__(
        self,
        marker: Marker,
        name: str,
        told: str,
        seen_from: tuple[int, int],
        *,
        arithmetic: str,
        unsaid: frozenset[int] = frozenset(),
        of_file: bool = True,
    ) -> None:
        self._marker, self.name, self.of_file = marker, name, of_file
        self.seen_from, self.unsaid = seen_from, unsaid
        self.title = told
        self.expected = marker.questions.question(name).right_in(arithmetic)
        self._alone: dict[str, Given] = {}

    def given(self, text: str, before: Mapping[str, str]) -> Given:
        known = self._marker.questions.knows
        earlier = [(name, one) for name, one in before.items() if name != self.name and known(name)]
        if earlier:
            return _given(self._marker.mark([*earlier, (self.name, text)])[-1])
        if text not in self._alone:
            if len(self._alone) >= 2_000:
                self._alone.clear()
            self._alone[text] = _given(self._marker.mark([(self.name, text)])[0])
        return self._alone[text]


class Choice:
    """Asks to choose, by letters."""

    of_file = False

    def __init__(
        self, asked: Asked, told: str, seen_from: tuple[int, int], unsaid: frozenset[int]
    ) -> None:
        self.seen_from, self.unsaid = seen_from, unsaid
        self._asked, self.title, self.choices = asked, told, asked.choices
        self.name = told
        self.expected = ", ".join(asked.choices[place] for place in sorted(asked.right))

    def given(self, text: str, before: Mapping[str, str]) -> Given:
        said = self._asked.mark(text)
        if not said.is_answer:
            return Given(text, UNREADABLE, message=said.text)
        if said.is_right:
            return Given(text, RIGHT, message=said.text)
        return Given(text, WRONG, " ".join(text.casefold().split()), said.text)


def _given(marked: Marked) -> Given:
    mistake = marked.mistakes[0] if marked.verdict == MISTAKE and marked.mistakes else ""
    return Given(marked.answer, marked.verdict, mistake, marked.message)


class Poll:
    """A question, with the answers of each time it was asked.

    Args:
        hints: whether whoever answers is told what became of it at once.
    """

    def __init__(self, question: Question, *, hints: bool) -> None:
        self.question, self.hints = question, hints
        self.times: list[dict[int, Given]] = [{}]
        """By the person's number; the last one is the time it is asked now."""
        self.is_open = True
        """Whether answers are taken."""
        self.is_revealed = False
        self.is_put_away = False
        """Whether everyone sees the whole step again."""

    @property
    def name(self) -> str:
        """The question's."""
        return self.question.name

    def answer(self, person: int, text: str, before: Mapping[str, str]) -> Given:
        """Mark an answer and keep it; one given before is replaced."""
        found = self.question.given(text, before)
        if found.verdict not in NO_ANSWER:
            self.times[-1][person] = found
        return found

    def ask_again(self) -> None:
        """Take answers anew; those given are kept beside them."""
        if self.times[-1]:
            self.times.append({})
        self.is_open, self.is_revealed, self.is_put_away = True, False, False

    def tally(self, time: int, asked: int) -> Tally:
        """How it was answered the time before last (-2), or last (-1)."""
        given = list(self.times[time].values())
        wrong = [each for each in given if not each.is_right]
        named = Counter(each.mistake for each in wrong if each.mistake)
        follows = sum(each.verdict == FOLLOWS for each in given)
        return Tally(
            max(asked, len(given)),
            len(given),
            sum(each.is_right for each in given) - follows,
            follows,
            tuple(sorted(named.items(), key=lambda one: (-one[1], one[0]))),
            sum(not each.mistake for each in wrong),
        )
