"""Two calculations side by side: a run and the one without the edits, or two of its rounds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, VALUE, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.labels import counted
from nnhs_tui.training.rounds import Run

EXACTLY = 5_000
"""Numbers up to which those that differ are counted as they are shown, not as they are."""


@dataclass(frozen=True)
class Side:
    """One of the two calculations: a sample in a round of a run."""

    name: str
    run: Run
    round: int
    """From 0."""
    sample: int
    """From 0."""

    @cached_property
    def numbers(self) -> np.ndarray:
        """Values (ids,), gradients (ids,), new parameters and the learning rate, in this order."""
        record, made = self.run.record(self.round, self.sample), self.run.round(self.round)
        gradient = record.gradient.copy()
        gradient[: len(made.accumulated)] = made.accumulated
        rate = np.array([self.run.learning_rate(self.round)], record.value.dtype)
        return np.concatenate((record.value, gradient, made.after, rate))


@dataclass(frozen=True)
class Pair:
    """A quantity on both sides."""

    quantity: Quantity
    before: Any
    after: Any


class Comparison:
    """The numbers of two sides, in the order of the calculation.

    Args:
        scene: says which numbers there are, and how they are shown.
    """

    def __init__(self, scene: Scene, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self._scene = scene
        self._order = np.array([*_order(scene)], int)

    @cached_property
    def _differing(self) -> np.ndarray:
        """Places in the order whose numbers are shown differently."""
        a, b = (side.numbers[self._order] for side in (self.before, self.after))
        places = np.flatnonzero(np.asarray(a != b, bool))
        if len(places) > EXACTLY:
            return places
        show = self._scene.show
        return np.array([k for k in places.tolist() if show(a[k]) != show(b[k])], int)

    @property
    def count(self) -> int:
        """How many numbers are compared."""
        return len(self._order)

    @property
    def differing(self) -> int:
        """How many of them are shown differently."""
        return len(self._differing)

    def pair(self, place: int, *, among_all: bool) -> Pair:
        """The numbers at a place among all, or among those that differ."""
        at = place if among_all else int(self._differing[place])
        where = int(self._order[at])
        before, after = (side.numbers[where] for side in (self.before, self.after))
        return Pair(self._quantity(where), before, after)

    def _quantity(self, where: int) -> Quantity:
        tape = self._scene.run.tape
        if where < tape.size:
            # With several samples the loss alone is that of the round.
            is_loss = tape.loss is not None and where == tape.loss.total
            several = len(self._scene.run.samples) > 1
            return Quantity(VALUE, where, sample=self.after.sample if is_loss and several else None)
        if where < 2 * tape.size:
            return Quantity(GRAD, where - tape.size)
        if where < 2 * tape.size + tape.parameters:
            return Quantity(NEW, where - 2 * tape.size)
        return Quantity(RATE)


def _order(scene: Scene) -> Iterator[int]:
    """The places in `Side.numbers` of what has a name: given, forward, backward, update."""
    tape, schedule, names = scene.run.tape, scene.run.schedule, scene.names
    if tape.parameters:
        yield 2 * tape.size + tape.parameters
    named = [node for node in range(tape.size) if names.name(node)]
    yield from named
    for node in reversed(named):
        if schedule.settled(node) is not None:
            yield tape.size + node
    yield from range(2 * tape.size, 2 * tape.size + tape.parameters)


def compare(session: Session) -> Comparison | None:
    """What the session's `compare` was asked for, at its cursor; None where there is only one side.

    With a round asked for, this round beside that one; else, with edits, beside the run without
    them; else beside the round before.
    """
    asked = session.asked.compared[0] if session.asked.compared else None
    number, scene = session.round, session.scene()
    place = number - 1 if asked is None else asked
    if asked is None and scene.base is not None:
        if scene.beside is None:
            return None
        before = Side("unedited", scene.base, number, scene.sample)
    elif 0 <= place < session.rounds and place != number:
        before = Side(f"round {place + 1}", session.run, place, scene.sample)
    else:
        return None
    here = "edited" if before.run is not session.run else f"round {number + 1}"
    after = Side(here, session.run, number, scene.sample)
    return _compared(session, before, after)


def why_not(session: Session) -> str:
    """Why `compare` has nothing to set beside the round in work."""
    base = session.scene().base
    if base is None or (
        session.asked.compared is not None and session.asked.compared[0] is not None
    ):
        return "nothing to compare: e edits a value, a begins another round; or : compare 1"
    if base.ended is not None:
        return f"without the edits round {len(base) + 1} cannot be computed: {base.ended}"
    there = counted(len(base), "round")
    cure = "u until nothing is edited computes it up to here, and U edits again"
    return f"of the run without the edits {there} of {session.round + 1} were computed; {cure}"


def _compared(session: Session, before: Side, after: Side) -> Comparison:
    """Kept by the session, since a list asks for it at every drawing."""
    key = (before, after, session.digits)
    if session.asked.comparison is None or session.asked.comparison[0] != key:
        session.asked.comparison = key, Comparison(session.scene(), before, after)
    found: Comparison = session.asked.comparison[1]
    return found
