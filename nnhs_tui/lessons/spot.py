"""Spotting the mistake: which numbers were looked at, what was taken for the mistake, the score.

look 4      see the number of a quantity (from 1)
accuse 4    say that the mistake was made there
name b      say which mistake it is, by its letter
"""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.puzzle import DEGREES, MEDIUM, Puzzle, puzzle
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.selection import Selected, Selection

WHOLE = Selection()
FULL, LOOK, WRONG_PLACE, WRONG_NAME = 100, 3, 15, 10
"""Points to begin with, and what is taken off for each look, wrong place and wrong name."""


class Spot:
    """The state of a search for a mistake."""

    def __init__(self, found: Puzzle, seed: int) -> None:
        self.puzzle, self.seed = found, seed
        self.looked: set[int] = set()
        """The quantities whose numbers were seen, from 0."""
        self.accused: list[int] = []
        """Where it was not made, though somebody said so."""
        self.misnamed: list[str] = []
        """What it is not, by letters."""
        self.is_found = self.is_named = False

    def apply(self, line: str) -> None:
        """Take a line; what means nothing is left out."""
        word, _, rest = line.partition(" ")
        place = int(rest) - 1 if rest.isascii() and rest.isdigit() and len(rest) < 7 else -1
        is_place = 0 <= place < len(self.puzzle.names)
        if word == "look" and is_place:
            self.looked.add(place)
        elif word == "accuse" and is_place and not self.is_found:
            self.is_found = place == self.puzzle.place
            if not self.is_found and place not in self.accused:
                self.accused.append(place)
        elif word == "name" and self.is_found and not self.is_named:
            self._name(rest)

    def _name(self, letter: str) -> None:
        offered = self.puzzle.offered
        if letter not in LETTERS[: len(offered)] or len(letter) != 1:
            return
        self.is_named = offered[LETTERS.index(letter)].name == self.puzzle.mistake.name
        if not self.is_named and letter not in self.misnamed:
            self.misnamed.append(letter)

    @property
    def points(self) -> int:
        """What is left of the points, never less than 0."""
        lost = LOOK * len(self.looked) + WRONG_PLACE * len(self.accused)
        return max(0, FULL - lost - WRONG_NAME * len(self.misnamed))


def spot_in(session: Session, argument: str) -> Spot:
    """A mistake to be found in a session's scenario, in its arithmetic and decimals.

    Args:
        argument: a degree of difficulty, and `seed N`; both may be left out.

    Raises:
        Refusal: the words mean nothing, or no mistake can be put in.
    """
    degree, seed = read(argument)
    return spot_of(questions_of(session), degree, seed)


def questions_of(session: Session) -> Questions:
    """The questions about a session's scenario, in its arithmetic and with its decimals."""
    own = replace(session.scenario, arithmetic=session.arithmetic_name, digits=session.digits)
    return Questions(own)


def spot_of(questions: Questions, degree: str, seed: int) -> Spot:
    """A mistake to be found, in what a worksheet asks.

    Raises:
        Refusal: no mistake can be put in.
    """
    return Spot(puzzle(questions, asked_names(questions, WHOLE), seed, degree), seed)


def asked_names(questions: Questions, selection: Selection) -> list[str]:
    """The quantities that a worksheet asks, in the order of the calculation."""
    chosen = Selected(selection, questions.schedule, questions.names)
    return [name_of(questions.names, each, questions.schedule) for each in chosen]


def read(argument: str) -> tuple[str, int]:
    """The degree and the seed of a command.

    >>> read(""), read("hard seed 7")
    (('medium', 0), ('hard', 7))

    Raises:
        Refusal: it means nothing.
    """
    words = argument.split()
    degree = words.pop(0) if words and words[0] in DEGREES else MEDIUM
    if not words:
        return degree, 0
    if len(words) == 2 and words[0] == "seed":
        number = words[1]
        if number.isascii() and number.isdigit() and len(number) < 10:
            return degree, int(number)
    raise Refusal(f"spot takes {', '.join(DEGREES)} and seed N; found {quoted(argument)}")
