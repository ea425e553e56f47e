"""Rounds: forward and backward for every sample, then the update. Rounds are only ever appended.

Of every round the parameters it begins with and its loss are kept. All else (what its update is
made of, the full record of a sample) is made again when somebody walks into it: the same numbers,
since they are a pure function of parameters and samples.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from nnhs_tui.autodiff.compiler import initial_parameters
from nnhs_tui.autodiff.memory import (
    RECORDS,
    ROUNDS,
    Budget,
    check_room,
    round_bytes,
    weight,
    working_bytes,
)
from nnhs_tui.autodiff.passes import Prepared, Samples, blank
from nnhs_tui.autodiff.record import Record, Runner
from nnhs_tui.autodiff.schedule import Groups, Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.errors import ComputationError, OutOfMemory
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.update_rules import State
from nnhs_tui.training.edits import Edit
from nnhs_tui.training.history import History
from nnhs_tui.training.round import Round, updated, whole_loss

CACHE_BYTES = 32 * 2**20
"""How much memory records of samples already walked may keep."""

RECENT = 8
"""How many rounds already walked keep what their updates are made of, at most."""

SHARE = 8
"""One part in so many of the budget is what records may take besides, and rounds already walked."""

FOLLOWED, OVERHEAD, SLOWER = 20_000, 100, 5
"""Operations that take next to no time; how many a pass counts beside its own; and by hand."""


class Run:
    """The rounds of a tape in one arithmetic, from the scenario's own parameters on.

    Args:
        budget: what its rounds are taken from; None: one of its own.

    Raises:
        OutOfMemory: the process may not take what a single round needs.
    """

    def __init__(
        self,
        tape: Tape,
        arithmetic: Arithmetic,
        edits: tuple[Edit, ...] = (),
        budget: Budget | None = None,
    ) -> None:
        check_room(tape, arithmetic)
        self.budget = budget or Budget.beside(working_bytes(tape, arithmetic))
        self.tape = tape
        self.arithmetic = arithmetic
        self.edits = edits
        self.samples = Samples(tape, arithmetic)
        self.groups = Groups(tape, len(self.samples))
        self._runner = Runner(tape, arithmetic)
        first = initial_parameters(tape.scenario, arithmetic)
        # Before the first update the rule has kept nothing yet.
        nothing = [blank(arithmetic, tape.parameters)] * len(tape.scenario.optimizer.keeps)
        self._history = History(arithmetic, np.concatenate([first, *nothing]), self.budget)
        self._recent: OrderedDict[int, tuple[Round, ...]] = OrderedDict()
        self._records: OrderedDict[tuple[int, int], Record] = OrderedDict()
        self._sums: tuple[int, int, np.ndarray] | None = None
        self.checks: dict[int, Any] = {}
        """Gradient checks of a round (from 0), kept while one looks at them."""
        self.ended: ComputationError | None = None
        """Why there is no round behind those that were computed; None: none was found so far."""

    @cached_property
    def schedule(self) -> Schedule:
        """The order of a round's steps; only whoever walks needs one."""
        return Schedule(self.tape, len(self.samples))

    def __len__(self) -> int:
        """How many rounds have been computed."""
        return len(self._history)

    def round(self, number: int) -> Round:
        """The last update of round `number` (from 0); most rounds have only one. See `updates`."""
        return self.updates(number)[-1]

    def updates(self, number: int) -> tuple[Round, ...]:
        """The updates of round `number` (from 0), computed with all before it where it is not there
        yet.

        Raises:
            ComputationError: a number overflows; the rounds before it stay.
            OutOfMemory: the budget is used up; the rounds before it stay.
        """
        while len(self) < number:
            self.extend()
        if number == len(self):
            self._append(self._next(keep=True))
        elif number not in self._recent:
            self._remember(number, self._made(number, keep=True))
        self._recent.move_to_end(number)
        return self._recent[number]

    def extend(self) -> None:
        """Compute the next round, and keep no more of it than is always kept.

        Raises:
            ComputationError: a number overflows; the rounds before it stay.
            OutOfMemory: the budget is all but used up; the rounds before it stay.
        """
        row = 8 * (self._history.width + 1)
        if self.budget.is_nearly_full(row):
            self.budget.make_room(self)
            if self.budget.is_nearly_full(row):
                raise self.budget.refusal()
        try:
            made = self._next(keep=False)
        except MemoryError:
            # Records and rounds walked are in the way: they can be made again.
            self.budget.make_room(self)
            made = self._next(keep=False)
        self._append(made)

    def _next(self, *, keep: bool) -> tuple[Round, ...]:
        """The round behind those that were computed; that there is none is remembered."""
        if self.ended is not None:
            raise self.ended.with_traceback(None)
        try:
            return self._made(len(self), keep=keep)
        except ComputationError as error:
            self.ended = error
            raise

    def follow(self, number: int) -> None:
        """Compute the rounds up to `number` (from 0), where that takes next to no time."""
        work = len(self.samples) * (len(self.tape.op) + OVERHEAD)
        work *= SLOWER if self.arithmetic.name == "hand" else 1
        if number - len(self) < max(1, FOLLOWED // work):
            with suppress(ComputationError, MemoryError):
                self.round(number)

    def _append(self, made: tuple[Round, ...]) -> None:
        last = made[-1]
        ends_with = np.concatenate([last.after, *last.state_after])
        try:
            self._history.append(ends_with, last.loss)
        except OutOfMemory:
            self.budget.make_room(self)
            self._history.append(ends_with, last.loss)
        self._remember(len(self) - 1, made)

    def _remember(self, number: int, made: tuple[Round, ...]) -> None:
        self._recent[number] = made
        most = self._spare // max(1, round_bytes(self.tape, self.arithmetic))
        while len(self._recent) > min(RECENT, max(ROUNDS, most)):
            self._recent.popitem(last=False)

    def fork(self, edit: Edit) -> Run:
        """A run with one edit more; it shares the rounds before the edit."""
        while len(self) < edit.round:
            self.extend()
        # The samples, the schedule and the runner's workspace are the same for both.
        other = copy(self)
        other.edits = (*self.edits, edit)
        other.ended = None
        other.let_go()
        other._history = self._history.until(edit.round)
        return other

    def begin_again(self) -> None:
        """Forget all rounds."""
        self.let_go()
        self.ended = None
        first = self._history.numbers(0).copy()
        # What it held is given back before there is anything new.
        del self._history
        self._history = History(self.arithmetic, first, self.budget)

    def let_go(self) -> None:
        """Keep of every round only what all the rest can be made from again."""
        self._recent = OrderedDict()
        self._records = OrderedDict()
        self._sums = None
        self.checks = {}

    @property
    def _spare(self) -> int:
        """Bytes that records, and as many that rounds walked, may keep."""
        return min(CACHE_BYTES, self.budget.limit // SHARE)

    @property
    def nbytes(self) -> int:
        """Bytes of what `let_go` keeps."""
        return self._history.nbytes

    def learning_rate(self, number: int, update: int | None = None) -> Any:
        """The learning rate of an update (from 0; None: the last) of a round, by its schedule."""
        which = self.groups.updates - 1 if update is None else update
        done = number * self.groups.updates + which
        with self.arithmetic.protected():
            rate: Any = self.tape.scenario.optimizer.rate(
                self.arithmetic, self.written_rate(number), done
            )
        return rate

    def written_rate(self, number: int) -> Any:
        """The learning rate of a round (from 0) as the file or an edit has it."""
        rate = self.tape.scenario.learning_rate
        for edit in self.edits:
            if edit.kind == "rate" and edit.round <= number:
                rate = edit.value
        return self.arithmetic.number(rate)

    def prepared(self, number: int, sample: int) -> Prepared:
        """A sample as a round (both from 0) uses it."""
        found: Prepared = self.samples[sample]
        for edit in self.edits:
            if edit.sample == sample and edit.round <= number:
                leaves = found.leaves.copy()
                behind = len(self.tape.x) if edit.kind == "target" else 0
                leaves[behind + edit.place] = self.arithmetic.number(edit.value)
                found = replace(found, leaves=leaves)
        return found

    def _edited(self, number: int, before: np.ndarray) -> np.ndarray:
        """The parameters a round begins with."""
        for edit in self.edits:
            if edit.kind == "parameter" and edit.round == number:
                before = before.copy()
                before[edit.place] = self.arithmetic.number(edit.value)
        return before

    def parameters(self, number: int) -> np.ndarray:
        """(parameters,) at the start of a round (from 0)."""
        while len(self) < number:
            self.extend()
        numbers = self._history.numbers(number)[: self.tape.parameters]
        return self._edited(number, numbers)

    def before_sample(self, number: int, sample: int) -> np.ndarray:
        """(parameters,) that a sample (from 0) of a round is worked with."""
        update = self.groups.update_of(sample)
        return self.updates(number)[update].before if update else self.parameters(number)

    def state(self, number: int) -> State:
        """What the update rule has kept where a round (from 0) begins: see `Round.state`."""
        keeps, count = len(self.tape.scenario.optimizer.keeps), self.tape.parameters
        if not keeps:
            return ()
        while len(self) < number:
            self.extend()
        return tuple(np.split(self._history.numbers(number)[count:], keeps))

    def loss(self, number: int) -> Any:
        """The loss of a round (from 0), reduced over the samples; None without one."""
        while len(self) <= number:
            self.round(len(self))
        return self._history.loss(number) if self.has_loss else None

    @property
    def has_loss(self) -> bool:
        """Whether there is a loss to speak of."""
        return self.tape.loss is not None

    def losses(self) -> np.ndarray:
        """(rounds,) the losses of all rounds computed, as doubles; empty without a loss."""
        return self._history.losses() if self.has_loss else np.zeros(0)

    def record(self, number: int, sample: int) -> Record:
        """The full record of a sample (from 0) in a round (from 0)."""
        key = (number, sample)
        if key not in self._records:
            before = self.before_sample(number, sample)
            self._keep(key, self._runner.run(before, self.prepared(number, sample)))
        self._records.move_to_end(key)
        return self._records[key]

    def accumulated_before(self, number: int, sample: int) -> np.ndarray:
        """Gradients (parameters,) summed over the samples before `sample` that go into the same
        update."""
        update = self.groups.update_of(min(sample, len(self.samples) - 1))
        known, first = self._sums, self.groups.samples_of(update)[0]
        if known is not None and known[0] == number and first < known[1] <= sample:
            start, total = known[1], known[2]
        else:
            start, total = first, self.parameters(number) * 0
        for place in range(start, sample):
            total = total + self.record(number, place).gradient[: self.tape.parameters]
        self._sums = (number, sample, total)
        return total

    def _keep(self, key: tuple[int, int], record: Record) -> None:
        self._records[key] = record
        most = self._spare // (weight(self.arithmetic) * max(1, record.nbytes))
        most = max(RECORDS, most)
        while len(self._records) > most:
            self._records.popitem(last=False)

    def _made(self, number: int, *, keep: bool) -> tuple[Round, ...]:
        """What a round's updates are made of; with the records of its samples kept, or not."""
        groups = self.groups
        rate, before, state = self.written_rate(number), self.parameters(number), self.state(number)
        losses: list[Any] = []
        made: list[Round] = []
        for update in range(groups.updates):
            samples = groups.samples_of(update)
            total, own = self._total(number, samples, before, keep=keep)
            losses += own
            done = number * groups.updates + update
            one = updated(
                self.tape, self.arithmetic, rate, done, before, state, total, len(samples)
            )
            made.append(one)
            before, state = one.after, one.state_after
        loss = whole_loss(self.tape, self.arithmetic, losses)
        return tuple(replace(each, losses=tuple(losses), loss=loss) for each in made)

    def _total(
        self, number: int, samples: range, before: np.ndarray, *, keep: bool
    ) -> tuple[Any, list[Any]]:
        """Samples' gradients (parameters,), added up, and their losses."""
        total: Any = None
        losses = []
        for place in samples:
            own, sample_loss = self._sample(number, place, before, keep=keep)
            with self.arithmetic.protected():
                total = own.copy() if total is None else np.add(total, own, total)
            if sample_loss is not None:
                losses.append(sample_loss)
        return total, losses

    def _sample(
        self, number: int, place: int, before: np.ndarray, *, keep: bool
    ) -> tuple[np.ndarray, Any]:
        """A sample's own gradients (parameters,), good until the next one is worked, and loss."""
        prepared = self.prepared(number, place)
        if not keep:
            return self._runner.gradients(before, prepared)
        record = self._runner.run(before, prepared)
        self._keep((number, place), record)
        return record.gradient[: self.tape.parameters], record.loss
