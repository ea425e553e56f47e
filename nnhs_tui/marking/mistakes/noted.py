"""Known mistakes made with a person's own numbers, at all wrong answers of a round at once.

What mistakes give there is another number for every sheet, but always worked out in the same way.
So where it was looked for before, it is worked out with letters once and noted down; for a sheet
the steps are then done with its own numbers, for all its wrong answers together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np

from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.line import EXACT
from nnhs_tui.marking.calculation.numbers import own_numbers
from nnhs_tui.marking.calculation.places import flat_places
from nnhs_tui.marking.mistakes.at_quantity import Found, general, special, weights
from nnhs_tui.marking.mistakes.case import Likely, Through
from nnhs_tui.marking.mistakes.program import Program
from nnhs_tui.operations.arithmetic import Exact

MOST_LETTERS = 50_000
"""Letters at most; what has no room among them is worked out anew each time."""


@dataclass(frozen=True, eq=False)
class Noted:
    """What mistakes give at a quantity, as letters."""

    names: list[str]
    through: list[Through]
    """What each is carried through."""
    details: list[str]
    """Which each is."""
    weights: dict[str, tuple[float, float]]
    """What `weights` gives."""
    letters: np.ndarray
    """(names,) the letter of each number; the first is what the quantity itself is, going by the
    numbers it is worked out from."""


Open = tuple[Noted, tuple[float, float]]
"""A wrong answer that is looked at: what mistakes give, and between which numbers it lies."""

Explaining = list[tuple[str, Through, Likely]]
"""The mistakes that give an answer, what each is carried through, and how likely it is."""


class NotedRound:
    """What mistakes give in a round of a scenario, in letters.

    Args:
        number: a round (from 0); the steps are the same in every other, but for the first, which
            has none before it, and where the update counts the rounds.
        update: which update of the round it is with, from 0.
        arithmetic: how a person goes on from the numbers.
    """

    def __init__(
        self,
        calculation: Calculation,
        number: int,
        update: int = 0,
        arithmetic: Exact = EXACT,
    ) -> None:
        where = flat_places(calculation, number, update)
        self._calculation, self._number = calculation, number
        self._arithmetic = arithmetic
        self._has_room = len(where) < MOST_LETTERS
        # Behind the numbers of the round stands its rate.
        self._program = Program(len(where) + 1 if self._has_room else 0, MOST_LETTERS)
        if self._has_room:
            self._letters = np.empty(len(calculation.values) + 1, object)
            self._letters[where] = self._program.letters[:-1]
            rate = self._program.letters[-1]
            own = own_numbers(calculation, self._letters, number, arithmetic, update)
            self._numbers = replace(own, rate=rate)
        self._wanted: list[Quantity] = []
        self._noted: dict[Quantity, Noted | None] = {}

    @property
    def size(self) -> int:
        """How many letters there are."""
        return len(self._program)

    def want(self, quantity: Quantity) -> None:
        """Have noted what mistakes give at a quantity, should anything be asked for again.

        Most is asked for once, and to note it takes longer than to work it out.
        """
        if quantity not in self._noted:
            self._wanted.append(quantity)

    def noted(self, quantity: Quantity) -> Noted | None:
        """What mistakes give at a quantity; None where that is to be worked out anew."""
        for each in self._wanted:
            self._noted[each] = self._note(each) if self._has_room else None
        self._wanted.clear()
        return self._noted.get(quantity)

    def _note(self, quantity: Quantity) -> Noted | None:
        number = self._calculation.number(replace(quantity, round=self._number))
        assert number is not None
        line = self._calculation.lines[number]
        try:
            own = line.in_arithmetic(
                self._letters.tolist(), self._arithmetic, self._letters[number]
            )
            found = list(special(self._numbers, quantity, own))
            letters = [self._program.number_of(each.value) for each in found]
        except TypeError:
            # There is no room for it; or which steps there are depends on the numbers, as with the
            # larger one of two.
            return None
        names = ["", *(each.name for each in found)]
        through = [(), *(each.through for each in found)]
        in_general = [(name, ()) for name in general(np.zeros(1), 2)[0]]
        details = ["", *(each.detail for each in found)]
        weighed = weights([*zip(names[1:], through[1:], strict=True), *in_general])
        return Noted(
            names,
            through,
            details,
            weighed,
            np.array([self._program.number_of(own), *letters], np.intp),
        )

    def given(self, noted: Noted, numbers: np.ndarray, digits: int) -> Iterator[Found]:
        """Every number that a known mistake gives at a quantity.

        Args:
            numbers: what `all_numbers` gives.
        """
        own, *others = numbers[noted.letters].tolist()
        yield from map(Found, noted.names[1:], others, noted.through[1:], noted.details[1:])
        in_general, found = general(np.array([own]), digits)
        for name, value in zip(in_general, found[:, 0].tolist(), strict=True):
            yield Found(name, value, ())

    def all_numbers(self, numbers: np.ndarray) -> np.ndarray:
        """Every letter's number.

        Args:
            numbers: those of the round at its `flat_places`, and its rate behind them.
        """
        return self.numbers_of(numbers, np.arange(len(self._program)))

    def numbers_of(self, numbers: np.ndarray, letters: np.ndarray) -> np.ndarray:
        """The numbers of some letters, in their order."""
        return self._program.run(numbers, letters)


class Look(NamedTuple):
    """Wrong answers of a round that are looked at, in one arithmetic."""

    noted_round: NotedRound
    numbers: np.ndarray
    """Those of the round at its `flat_places`, and its rate behind them."""
    answers: dict[int, Open]
    """By any numbers that tell them apart; at least one."""


class _Sought:
    """Where the numbers stand of all that is looked at together."""

    def __init__(self, noted: list[list[Noted]]) -> None:
        self.noted = noted
        self.letters = [np.concatenate([each.letters for each in look]) for look in noted]
        """For each look."""
        self.flat = list(chain.from_iterable(noted))
        counts = [len(each.letters) for each in self.flat]
        self.starts = list(accumulate(counts[:-1], initial=0))
        """Of each answer what its quantity is; behind it stands what mistakes give."""
        self.owners = np.repeat(np.arange(len(counts)), counts)
        """(letters,) which answer each is looked at for."""


class Notes:
    """What is noted of a scenario's rounds, for all whose numbers alone are others."""

    def __init__(self) -> None:
        self._rounds: dict[tuple[int, int, str], NotedRound] = {}
        self._sought: _Sought | None = None
        """What was looked at last; of a class it is often the same again."""

    def of(
        self,
        calculation: Calculation,
        number: int,
        update: int = 0,
        arithmetic: Exact = EXACT,
    ) -> NotedRound:
        """Those of a round with an update (from 0); mostly the same for all but the first."""
        counts = calculation.tape.scenario.optimizer.rule.is_corrected
        key = number if counts else min(number, 1), update, arithmetic.name
        if key not in self._rounds:
            self._rounds[key] = NotedRound(calculation, number, update, arithmetic)
        return self._rounds[key]

    def explained(self, looks: Sequence[Look], digits: int) -> list[dict[int, Explaining]]:
        """For each look, and each of its answers, the mistakes that give it."""
        noted = [[each for each, _ in look.answers.values()] for look in looks]
        if self._sought is None or self._sought.noted != noted:
            self._sought = _Sought(noted)
        sought, flat, starts = self._sought, self._sought.flat, self._sought.starts
        values = np.concatenate(
            [
                look.noted_round.numbers_of(look.numbers, letters)
                for look, letters in zip(looks, sought.letters, strict=True)
            ]
        )
        windows = [window for look in looks for _, window in look.answers.values()]
        low, high = np.array(windows).T
        in_general, made = general(values[starts], digits)
        values[starts] = np.nan
        found: list[Explaining] = [[] for _ in flat]
        (places,) = ((low[sought.owners] <= values) & (values <= high[sought.owners])).nonzero()
        for place in places.tolist():
            owner = sought.owners[place]
            each, at = flat[owner], place - starts[owner]
            name, through = each.names[at], each.through[at]
            likely = Likely(each.weights[name][bool(through)], each.details[at])
            found[owner].append((name, through, likely))
        places, which = ((low <= made) & (made <= high)).nonzero()
        for place, owner in zip(places.tolist(), which.tolist(), strict=True):
            name = in_general[place]
            found[owner].append((name, (), Likely(flat[owner].weights[name][0])))
        each_found = iter(found)
        return [{key: next(each_found) for key in look.answers} for look in looks]
