"""A calculation noted down while it is done with letters, to be done with many numbers at once.

Whatever is written for single numbers, in Python and numpy, runs with letters too: each step is
noted instead of done, the same step once. Steps of one kind that do not wait for each other are
then done in one call. What a step depends on must not be what the numbers are: a letter that is
asked for its number raises TypeError.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, NoReturn

import numpy as np

Kind = tuple[Callable[..., Any], int]
"""A function and how many operands it has: what is the same of steps that are done in one call."""


@dataclass(frozen=True, slots=True)
class Step:
    """A function of letters."""

    kind: Kind
    operands: tuple[int, ...]
    result: int


Calls = list[tuple[Callable[..., Any], list[np.ndarray | slice], slice]]
"""(function, places of each operand, places of the results): many steps each."""


@dataclass(frozen=True)
class Plan:
    """The steps in the order to do them in."""

    size: int
    """How many letters there are."""
    places: np.ndarray
    """(letters,) where each letter's number stands."""
    constants: np.ndarray
    """What stands behind the inputs."""
    calls: Calls


LOGICAL = {
    np.bitwise_and: np.logical_and,
    np.bitwise_or: np.logical_or,
    np.invert: np.logical_not,
}
"""What `&`, `|` and `~` are between comparisons, whose results are kept as doubles."""


class Letter(np.lib.mixins.NDArrayOperatorsMixin):
    """A number that is not known yet: an input of a program, or the result of a step."""

    __slots__ = ("number", "program")

    def __init__(self, program: Program, number: int) -> None:
        self.program, self.number = program, number

    def __array_ufunc__(self, ufunc: Any, method: str, *operands: Any, **options: Any) -> Any:
        if method != "__call__" or options or any(isinstance(x, np.ndarray) for x in operands):
            return NotImplemented
        return self.program.note(LOGICAL.get(ufunc, ufunc), operands)

    def __array_function__(self, function: Any, types: Any, operands: Any, options: Any) -> Any:
        if function is not np.where or options:
            return NotImplemented
        return self.program.note(function, operands)

    def put_through(self, function: Callable[..., Any], *operands: Any) -> Letter:
        """What a function of numpy's functions makes of it and others, noted as a single step."""
        return self.program.note(function, (self, *operands))

    def __getitem__(self, index: tuple[()]) -> Letter:
        """Of a single number, as of an array without dimensions, only itself can be taken."""
        if index != ():
            self._refuse()
        return self

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError("what number this letter is, is not known yet")

    __bool__ = __float__ = __int__ = __index__ = __round__ = __hash__ = __len__ = _refuse


class Program:
    """The steps that were noted, each with its operands.

    Args:
        inputs: how many numbers are put in; theirs are the first letters.
        most: letters at most; a step behind that raises TypeError.
    """

    def __init__(self, inputs: int, most: int = 100_000) -> None:
        self.letters = [Letter(self, number) for number in range(inputs)]
        self._inputs, self._most = inputs, most
        self._constants: dict[Any, int] = {}
        self._steps: list[Step] = []
        self._results: dict[tuple[Any, ...], int] = {}
        """(function, operands) → the letter that this step gives."""
        self._plan: Plan | None = None

    def __len__(self) -> int:
        return len(self.letters)

    def note(self, function: Callable[..., Any], operands: tuple[Any, ...]) -> Letter:
        """Note a step; letters and numbers are its operands."""
        numbers = tuple(self.number_of(each) for each in operands)
        key = (function, *numbers)
        if key not in self._results:
            result = self._letter().number
            self._results[key] = result
            self._steps.append(Step((function, len(numbers)), numbers, result))
        return self.letters[self._results[key]]

    def number_of(self, operand: Any) -> int:
        """Which letter it is; of a plain number the one that stands for it."""
        if isinstance(operand, Letter):
            return operand.number
        # 0 and −0 are two constants.
        key = float(operand).hex()
        if key not in self._constants:
            self._constants[key] = self._letter().number
        return self._constants[key]

    def _letter(self) -> Letter:
        if len(self.letters) >= self._most:
            raise TypeError(f"over {self._most:,} letters")
        self.letters.append(Letter(self, len(self.letters)))
        return self.letters[-1]

    def run(self, inputs: np.ndarray, letters: np.ndarray) -> np.ndarray:
        """The numbers of some letters, in their order.

        Args:
            inputs: (inputs,) doubles.
            letters: (n,) which ones.
        """
        plan = self._planned()
        numbers = np.empty(plan.size)
        behind = len(inputs) + len(plan.constants)
        numbers[: len(inputs)], numbers[len(inputs) : behind] = inputs, plan.constants
        at = numbers.__getitem__
        for function, operands, results in plan.calls:
            numbers[results] = function(*map(at, operands))
        found: np.ndarray = numbers[plan.places[letters]]
        return found

    def _planned(self) -> Plan:
        if self._plan is None or self._plan.size != len(self.letters):
            self._plan = self._made_plan()
        return self._plan

    def _made_plan(self) -> Plan:
        """Inputs, then constants, then group for group the steps that are done together."""
        ordered = list(_grouped(self._steps))
        order = [*range(self._inputs), *self._constants.values()]
        order += [step.result for group in ordered for step in group]
        places = [0] * len(order)
        for place, letter in enumerate(order):
            places[letter] = place
        calls: Calls = []
        start = self._inputs + len(self._constants)
        for group in ordered:
            columns = zip(*(step.operands for step in group), strict=True)
            operands = [_index([places[letter] for letter in each]) for each in columns]
            calls.append((group[0].kind[0], operands, slice(start, start + len(group))))
            start += len(group)
        constants = np.array([float.fromhex(each) for each in self._constants])
        return Plan(len(order), np.array(places, np.intp), constants, calls)


def _grouped(steps: Sequence[Step]) -> Iterator[list[Step]]:
    """Steps of one kind that wait for nothing, again and again until all are done.

    Of the kinds the one of which the largest part of what is left can be done at once, so that
    there are few groups.
    """
    waits, users = dict[int, int](), dict[int, list[Step]]()
    ready, left = dict[Kind, list[Step]](), Counter(step.kind for step in steps)
    for step in steps:
        # What is worked out at all stands further in front.
        needed = {each for each in step.operands if each in waits}
        waits[step.result] = len(needed)
        for each in needed:
            users.setdefault(each, []).append(step)
        if not needed:
            ready.setdefault(step.kind, []).append(step)
    while ready:
        kind = max(ready, key=lambda kind: len(ready[kind]) / left[kind])
        group = ready.pop(kind)
        yield group
        left[kind] -= len(group)
        for user in chain.from_iterable(users.get(step.result, ()) for step in group):
            waits[user.result] -= 1
            if not waits[user.result]:
                ready.setdefault(user.kind, []).append(user)


def _index(places: list[int]) -> np.ndarray | slice:
    """Places that are all the same, or follow one another, as a slice, which copies nothing."""
    first, count = places[0], len(places)
    if places == [first] * count:
        return slice(first, first + 1)
    is_in_a_row = places == list(range(first, first + count))
    return slice(first, first + count) if is_in_a_row else np.array(places, np.intp)
