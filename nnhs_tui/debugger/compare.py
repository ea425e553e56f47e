"""Two calculations side by side.

A run and the one without the edits, two of its rounds, or a round in both arithmetics.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.autodiff.schedule import Arrival, Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.provenance import slope_needs
from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, VALUE, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal, reason_of
from nnhs_tui.labels import ARITHMETIC, counted
from nnhs_tui.operations.operation import Needs
from nnhs_tui.training.rounds import Run

CERTAINLY = 1e6
"""Up to here a double has digits enough to tell half a unit of the last decimal."""

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


BEGINS, CARRIED, EARLIER = "begins", "carried", "earlier"
"""Why two arithmetics differ at a number: it is rounded here; it is made of what differs already;
it is a parameter that an earlier round has made."""

MOST_SAMPLES = 16
"""Samples whose gradients are looked at one by one."""


@dataclass(frozen=True)
class Origin:
    """Why a number differs."""

    kind: str
    parts: tuple[Quantity, ...] = ()
    """What it is made of that differs already; of a gradient those of samples."""


class Comparison:
    """The numbers of two sides, in the order of the calculation.

    Args:
        scene: says which numbers there are, and how they are shown.
    """

    def __init__(self, scene: Scene, before: Side, after: Side) -> None:
        self.before, self.after = before, after
        self._scene = scene
        self._order = np.array([*_order(scene)], int)

    @property
    def is_of_arithmetics(self) -> bool:
        """Whether it is one round in both arithmetics."""
        return self.before.run.arithmetic.name != self.after.run.arithmetic.name

    @cached_property
    def _differing(self) -> np.ndarray:
        """Places in the order whose numbers are shown differently."""
        a, b = (side.numbers[self._order] for side in (self.before, self.after))
        if self.is_of_arithmetics:
            return _shown_apart(a, b, self._scene)
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
        where = self._where(place, among_all=among_all)
        before, after = (side.numbers[where] for side in (self.before, self.after))
        return Pair(self._quantity(where), before, after)

    def _where(self, place: int, *, among_all: bool) -> int:
        return int(self._order[place if among_all else self._differing[place]])

    @cached_property
    def _places(self) -> frozenset[int]:
        """Where in `Side.numbers` those are that differ."""
        return frozenset(self._order[self._differing].tolist())

    @property
    def first(self) -> Quantity | None:
        """The first that differs, in the order of the calculation."""
        return self.pair(0, among_all=False).quantity if self.differing else None

    def origin(self, place: int, *, among_all: bool) -> Origin | None:
        """Why a number of the two arithmetics differs; None where it does not."""
        where = self._where(place, among_all=among_all)
        if where not in self._places:
            return None
        schedule, quantity = self._scene.run.schedule, self._quantity(where)
        is_parameter = 0 <= quantity.node < schedule.tape.parameters
        if is_parameter and quantity.kind == VALUE and self.after.round:
            return Origin(EARLIER)
        if is_parameter and quantity.kind == GRAD and schedule.samples > 1:
            return self._of_samples(quantity, schedule.samples)
        needed = dict.fromkeys(each for each in made_of(schedule, where) if each in self._places)
        parts = tuple(map(self._quantity, needed))
        return Origin(CARRIED if parts else BEGINS, parts)

    def _of_samples(self, gradient: Quantity, samples: int) -> Origin:
        """Which samples' gradients differ before they come together; of many the first."""
        parts = tuple(
            replace(gradient, sample=each)
            for each in range(min(samples, MOST_SAMPLES))
            if self._scene.differs(*self._gradients(each, gradient.node))
        )
        return Origin(CARRIED if parts or samples > MOST_SAMPLES else BEGINS, parts)

    def _gradients(self, sample: int, node: int) -> tuple[Any, Any]:
        sides = self.before, self.after
        a, b = (side.run.record(side.round, sample).gradient[node] for side in sides)
        return a, b

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


def _shown_apart(a: np.ndarray, b: np.ndarray, scene: Scene) -> np.ndarray:
    """Places where exact numbers are shown differently from those by hand.

    Nearly all differ in what is not shown. What was worked out by hand is a whole number of units
    of the last decimal, so that only about half a unit away one has to look.
    """
    exact = a.astype(float)
    gap = np.abs(exact - b.astype(float)) * 10.0**scene.digits
    is_doubtful = (np.abs(gap - 0.5) < 0.01) | (np.abs(exact) > CERTAINLY)
    places = np.flatnonzero((gap >= 0.5) | is_doubtful).tolist()
    return np.array([k for k in places if not is_doubtful[k] or scene.differs(a[k], b[k])], int)


def made_of(schedule: Schedule, where: int) -> Iterator[int]:
    """The places in `Side.numbers` of what a number is worked out from."""
    tape, size = schedule.tape, schedule.tape.size
    if where < size:
        yield from tape.operands(where).tolist() if where >= tape.leaves else ()
    elif where < 2 * size:
        node = where - size
        for arrival in schedule.arrivals(node):
            yield size + arrival.node
            yield from _made_slope_of(tape, arrival, node)
    elif where < 2 * size + tape.parameters:
        node = where - 2 * size
        yield node
        if not tape.frozen[node]:
            yield from (size + node, 2 * size + tape.parameters)


def _made_slope_of(tape: Tape, arrival: Arrival, target: int) -> Iterator[int]:
    """The values that a local derivative is worked out from."""
    node, operation = arrival.node, tape.operation(arrival.node)
    needs = slope_needs(tape, node)
    operands = tape.operands(node).tolist()
    if operation is not None and operation.of_layer:
        yield from (node, int(tape.outputs[arrival.place]))
    if Needs.RESULT in needs:
        yield node
    if Needs.ITSELF in needs and target in operands:
        yield target
    if Needs.OTHERS in needs:
        yield from (e for k, e in enumerate(operands) if k != arrival.place or e != target)


def compare(session: Session) -> Comparison | None:
    """What the session's `compare` was asked for, at its cursor; None where there is only one side.

    With a round asked for, this round beside that one; with the arithmetics, exact beside hand;
    else, with edits, beside the run without them; else beside the round before.
    """
    if session.asked.compares_arithmetics:
        return _in_both_arithmetics(session)
    asked = session.asked.compared[0] if session.asked.compared else None
    number, scene = session.round, session.scene()
    place = number - 1 if asked is None else int(asked)
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


def _in_both_arithmetics(session: Session) -> Comparison | None:
    """Exact beside hand; None where the other arithmetic's run does not reach this round."""
    other, sample = session.runs.there(session.other_branch), session.scene().sample
    if other is None or len(other) <= session.round:
        return None
    runs = (session.run, other)
    before, after = runs if session.arithmetic_name == "exact" else reversed(runs)
    return _compared(
        session,
        Side(ARITHMETIC["exact"], before, session.round, sample),
        Side(ARITHMETIC["hand"], after, session.round, sample),
    )


def reach_other_arithmetic(session: Session) -> None:
    """Run the other arithmetic as far as the round in work.

    Raises:
        Refusal: it cannot be computed so far.
        RoundsAhead: rounds before it are missing, and are not to be run at once.
    """
    session.look_ahead(session.other_branch)
    try:
        session.runs[session.other_branch].round(session.round)
    except (ComputationError, MemoryError) as error:
        raise Refusal(_cannot(session, session.round + 1, reason_of(error))) from error


def _cannot(session: Session, number: int, reason: str) -> str:
    name = ARITHMETIC[session.other_branch.arithmetic]
    return f"in {name} arithmetic round {number} cannot be computed: {reason}"


def _why_no_other_arithmetic(session: Session) -> str:
    other = session.runs.there(session.other_branch)
    count = 0 if other is None else len(other)
    if other is not None and other.ended is not None:
        return _cannot(session, count + 1, str(other.ended))
    name, there = session.other_branch.arithmetic, counted(count, "round")
    told = f"in {ARITHMETIC[name]} arithmetic {there} of {session.round + 1} were computed"
    return f"{told}; : compare {name} computes the others"


def why_not(session: Session) -> str:
    """Why `compare` has nothing to set beside the round in work."""
    if session.asked.compares_arithmetics:
        return _why_no_other_arithmetic(session)
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
