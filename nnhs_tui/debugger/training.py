"""Training: rounds one after another, until a goal is reached or something stops it.

    train 100     train until loss < 0.05     train 500 until 10 rounds without change

A training goes on round by round, so that whoever runs it can look up in between, and break off:
what was computed stays. Breakpoints with a condition stop it; those without one are for stepping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED, Outcome
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal, quoted
from nnhs_tui.labels import counted
from nnhs_tui.operations.numerals import plain, shown, telling

MOST_ROUNDS = 100_000
UNTIL_ROUNDS = 10_000
"""Rounds at most where only a goal is given."""

PANE = "training"

_ROUNDS = re.compile(r"(\d{1,9})(?: rounds?)?")
_BELOW = re.compile(r"loss *< *(\S+)")
_UNCHANGED = re.compile(r"(\d{1,9})(?: rounds?)? (?:unchanged|without (?:a )?change)")
_EXAMPLES = "for example train 100, train until loss < 0.05, train until 10 rounds without change"


@dataclass(frozen=True)
class Goal:
    """When a training ends."""

    rounds: int
    below: Decimal | None = None
    """As soon as the loss is smaller; of several goals the one that is reached first."""
    unchanged: int | None = None
    """As soon as so many rounds in a row end with the same numbers, as they are shown."""

    @property
    def is_open(self) -> bool:
        """Whether something else than the number of rounds may end it."""
        return self.below is not None or self.unchanged is not None


def read_goal(text: str) -> Goal:
    """The goal of `100`, `until loss < 0.05`, `500 until loss < 0.1 or 10 rounds without change`.

    Raises:
        Refusal: it cannot be read, or is out of range.
    """
    counted, has_until, until = (part.strip() for part in f" {text} ".partition(" until "))
    if not until and not _ROUNDS.fullmatch(counted):
        counted, until = "", counted
    rounds, below, unchanged = UNTIL_ROUNDS, None, None
    if counted:
        if not (found := _ROUNDS.fullmatch(counted)):
            raise Refusal(f"{quoted(counted)} is no number of rounds; {_EXAMPLES}")
        rounds = int(found[1])
    if has_until and not until:
        raise Refusal(f"train until what? {_EXAMPLES}")
    for part in re.split(r"\bor\b", until) if until else ():
        if found := _BELOW.fullmatch(part.strip()):
            each = _number(found[1])
            below = each if below is None else max(below, each)
        elif found := _UNCHANGED.fullmatch(part.strip()):
            count = max(1, int(found[1]))
            unchanged = count if unchanged is None else min(unchanged, count)
        else:
            raise Refusal(f"{quoted(part.strip())} is no goal; {_EXAMPLES}")
    if not 1 <= rounds <= MOST_ROUNDS:
        raise Refusal(f"train takes 1 to {MOST_ROUNDS} rounds, found {rounds}")
    return Goal(rounds, below, unchanged)


def _number(text: str) -> Decimal:
    from nnhs_tui.debugger.actions.what_if import read_number

    return read_number(text)


class Training:
    """A training under way. The session stays where it is until `finish`.

    Raises:
        Refusal: the goal cannot be read, or there is nothing to train.
    """

    doing = "training"

    def __init__(self, session: Session, text: str) -> None:
        if not session.tape.parameters:
            raise Refusal("there is nothing to train: this scenario has no parameters")
        self.session, self.goal = session, read_goal(text)
        if self.goal.below is not None and not session.run.has_loss:
            raise Refusal("this scenario has no loss; train 100 takes a number of rounds")
        self.start, self.reached = session.round, session.round
        """The round in work (from 0) at the beginning, and the one it has come to."""
        self._beside = session.scene().base
        """The run without the edits: it comes along, so that numbers that differ are marked."""
        self._same = 0
        self._ended = ""
        self._is_short = False
        """Whether memory ended it."""
        self._stop: tuple[int, Any] | None = None
        """Node step and breakpoint that ended it."""
        if self._is_below(self.start):
            self._ended = f"the loss is {self._loss(self.start)} already"

    @property
    def done(self) -> int:
        """Rounds run so far."""
        return self.reached - self.start

    @property
    def total(self) -> int:
        """Rounds to run at most."""
        return self.goal.rounds

    @property
    def leads_there(self) -> str:
        """The command that runs the same rounds, whatever ended them."""
        return f"train {self.done}" if self.done else ""

    def advance(self) -> bool:
        """Run a round more; False where the training has ended."""
        if self._ended:
            return False
        run, number = self.session.run, self.reached + 1
        try:
            while len(run) <= number:
                run.extend()
            self._look_for_stops(number)
        except (ComputationError, MemoryError) as error:
            self._is_short = isinstance(error, MemoryError)
            if isinstance(error, MemoryError):
                reason = self.session.short_of_memory(error).message
            else:
                reason = str(error)
            self._ended = f"round {number + 1} cannot be computed: {reason}"
            if self.done:
                self._ended += f"; {counted(self.done, 'round kept')}"
            return False
        if self._beside is not None:
            self._beside.follow(number)
        self.reached = number
        self._look_at_goal()
        return not self._ended

    def describe(self) -> str:
        """`412 of 1000 rounds, loss 0.12`."""
        progress = self._progress()
        if not self.session.run.has_loss:
            return progress
        return f"{progress}, loss {self._loss(self.reached)}"

    def _progress(self) -> str:
        return f"{self.done} of {self.goal.rounds} rounds"

    def finish(self) -> Outcome:
        """Go to the round it has come to, and say how it ended."""
        session = self.session
        if not self.done:
            kind = REFUSED if self._is_short else UNCHANGED
            return Outcome(kind, self._ended or "no round was run")
        session.runs.applied[session.branch] = max(session.rounds, self.reached + 1)
        if self._stop is not None:
            from nnhs_tui.debugger.actions.breakpoints import stop_at

            index, each = self._stop
            return stop_at(session, self.reached, index, each)
        session.jump_to(session.at(0, round_number=self.reached))
        ended = self._ended or f"broken off after {self._progress()}"
        message = f"round {self.reached + 1}: {ended}"
        if session.run.has_loss and self.done:
            message += f"; loss {self._loss(self.start)} → {self._loss(self.reached)}"
        return Outcome(MOVED, message, PANE)

    def _look_at_goal(self) -> None:
        count = counted(self.done, "round")
        unchanged = self.goal.unchanged
        if self._stop is not None:
            self._ended = "a breakpoint"
        elif self._is_below(self.reached):
            assert self.goal.below is not None
            self._ended = f"the loss is below {plain(self.goal.below)} after {count}"
        elif unchanged is not None and self._unchanged() >= unchanged:
            still = counted(unchanged, "round")
            self._ended = f"nothing has changed for {still}, after {count}"
        elif self.done >= self.goal.rounds:
            missed = ", and the goal is not reached" if self.goal.is_open else ""
            self._ended = f"{count} done{missed}"

    def _look_for_stops(self, number: int) -> None:
        from nnhs_tui.debugger.actions.breakpoints import conditional_stop

        self._stop = conditional_stop(self.session, number)

    def _loss(self, number: int) -> str:
        return telling(self.session.run.loss(number), self.session.digits)

    def _is_below(self, number: int) -> bool:
        run, below = self.session.run, self.goal.below
        return below is not None and bool(run.loss(number) < run.arithmetic.number(below))

    def _unchanged(self) -> int:
        """How many rounds in a row now have ended like the one before, as the numbers are shown."""
        self._same = self._same + 1 if self._is_same() else 0
        return self._same

    def _is_same(self) -> bool:
        run, digits = self.session.run, self.session.digits
        if run.has_loss:
            now, before = (shown(run.loss(k), digits) for k in (self.reached, self.reached - 1))
            return now == before
        now_all, before_all = (
            np.round(run.parameters(number).astype(float), digits)
            for number in (self.reached, self.reached - 1)
        )
        return bool((now_all == before_all).all())
