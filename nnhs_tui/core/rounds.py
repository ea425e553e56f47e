"""Rounds: forward and backward for every sample, then the update. Rounds are only ever appended.

A round keeps what its update used: the parameters before and after, the gradients as they were
reduced over the samples, the losses. The full record of a sample is made again when somebody
walks into it: the same numbers, since a record is a pure function of parameters and sample.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from nnhs_tui.core.arithmetic import Arithmetic, Exact, plain
from nnhs_tui.core.compiler import compile_tape, initial_parameters
from nnhs_tui.core.edits import Edit
from nnhs_tui.core.errors import ComputationError
from nnhs_tui.core.names import Names
from nnhs_tui.core.passes import Prepared, prepare
from nnhs_tui.core.record import Record, Runner
from nnhs_tui.core.scenario import Scenario
from nnhs_tui.core.schedule import Schedule
from nnhs_tui.core.tape import Tape

CACHE_BYTES = 128 * 2**20
"""How much memory records of samples already walked may keep."""


@dataclass(frozen=True, eq=False)
class Round:
    """What one round's update is made of; every array is (parameters,) and read-only."""

    before: np.ndarray
    total: np.ndarray
    """The gradients summed over the samples."""
    accumulated: np.ndarray
    """What the update uses: `total`, divided by the number of samples for the mean."""
    step: np.ndarray
    """Learning rate × gradient."""
    after: np.ndarray
    losses: tuple[Any, ...]
    """The loss of each sample; empty without a loss."""
    loss: Any
    """The losses reduced like the gradients; None without a loss."""


class Run:
    """The rounds of a tape in one arithmetic, from the scenario's own parameters on."""

    def __init__(self, tape: Tape, arithmetic: Arithmetic, edits: tuple[Edit, ...] = ()) -> None:
        self.tape = tape
        self.arithmetic = arithmetic
        self.edits = edits
        self.samples = [prepare(tape, arithmetic, each) for each in tape.scenario.samples]
        self._runner = Runner(tape, arithmetic)
        self.schedule = Schedule(tape, len(self.samples))
        self._rounds: list[Round] = []
        self._records: OrderedDict[tuple[int, int], Record] = OrderedDict()
        self._sums: tuple[int, int, np.ndarray] | None = None

    def __len__(self) -> int:
        """How many rounds have been computed."""
        return len(self._rounds)

    def round(self, number: int) -> Round:
        """Round `number` (from 0), computed with all before it where it is not there yet.

        Raises:
            ComputationError: a number overflows; the rounds before it stay.
        """
        while len(self._rounds) <= number:
            self._rounds.append(self._next())
        return self._rounds[number]

    def fork(self, edit: Edit) -> Run:
        """A run with one edit more; it shares the rounds before the edit."""
        other = Run(self.tape, self.arithmetic, (*self.edits, edit))
        if edit.round:
            self.round(edit.round - 1)
        other._rounds = self._rounds[: edit.round]
        return other

    def learning_rate(self, number: int) -> Any:
        """The learning rate of a round (from 0)."""
        rate = self.tape.scenario.learning_rate
        for edit in self.edits:
            if edit.kind == "rate" and edit.round <= number:
                rate = edit.value
        return self.arithmetic.number(rate)

    def prepared(self, number: int, sample: int) -> Prepared:
        """A sample as a round (both from 0) uses it."""
        found = self.samples[sample]
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
        return self.round(number).before

    def loss(self, number: int) -> Any:
        """The loss of a round (from 0), reduced over the samples; None without one."""
        return self.round(number).loss

    def record(self, number: int, sample: int) -> Record:
        """The full record of a sample (from 0) in a round (from 0)."""
        key = (number, sample)
        if key not in self._records:
            before = self.round(number).before
            self._keep(key, self._runner.run(before, self.prepared(number, sample)))
        self._records.move_to_end(key)
        return self._records[key]

    def accumulated_before(self, number: int, sample: int) -> np.ndarray:
        """Gradients (parameters,) summed over the samples before `sample` of a round."""
        known = self._sums
        if known is not None and known[0] == number and known[1] <= sample:
            start, total = known[1], known[2]
        else:
            start, total = 0, self.round(number).before * 0
        for place in range(start, sample):
            total = total + self.record(number, place).gradient[: self.tape.parameters]
        self._sums = (number, sample, total)
        return total

    def _keep(self, key: tuple[int, int], record: Record) -> None:
        self._records[key] = record
        # Behind each pointer of an array of decimals there is an object of a hundred bytes.
        weight = 13 if record.value.dtype == object else 1
        most = max(2, CACHE_BYTES // (weight * max(1, record.nbytes)))
        while len(self._records) > most:
            self._records.popitem(last=False)

    def _next(self) -> Round:
        ar, tape = self.arithmetic, self.tape
        number = len(self._rounds)
        before = self._rounds[-1].after if self._rounds else initial_parameters(tape.scenario, ar)
        before = self._edited(number, before)
        total: Any = None
        losses = []
        for place in range(len(self.samples)):
            record = self._runner.run(before, self.prepared(number, place))
            self._keep((number, place), record)
            own = record.gradient[: tape.parameters]
            with ar.protected():
                total = own if total is None else total + own
            if record.loss is not None:
                losses.append(record.loss)
        with ar.protected():
            accumulated, loss = self._reduced(total), self._reduced_loss(losses)
            self._check_sums(accumulated, loss)
            step = ar.round(self.learning_rate(number) * accumulated)
            after = np.where(tape.frozen, before, ar.round(before - step))
            self._check(after)
        for array in (before, total, accumulated, step, after):
            array.setflags(write=False)
        return Round(before, total, accumulated, step, after, tuple(losses), loss)

    def _reduced(self, total: Any) -> Any:
        """Samples' gradients, or losses, become one: their sum, or for the mean divided."""
        count = len(self.samples)
        if count == 1:
            return total
        mean = self.tape.scenario.reduction == "mean"
        return self.arithmetic.round(total / count if mean else total)

    def _reduced_loss(self, losses: list[Any]) -> Any:
        return self._reduced(sum(losses[1:], losses[0])) if losses else None

    def _check_sums(self, accumulated: np.ndarray, loss: Any) -> None:
        """Samples that are fine by themselves may add up to an overflow."""
        fine = np.asarray(self.arithmetic.finite(accumulated), bool)
        name = "loss"
        if not fine.all():
            name = f"grad {Names(self.tape).name(int(np.flatnonzero(~fine)[0]))}"
        elif loss is None or self.arithmetic.finite(loss):
            return
        raise ComputationError(
            name,
            f"a number too large (overflow) from {len(self.samples)} samples together",
            "expected numbers that stay finite: smaller inputs or parameters",
        )

    def _check(self, after: np.ndarray) -> None:
        fine = np.asarray(self.arithmetic.finite(after), bool)
        if not fine.all():
            name = Names(self.tape).name(int(np.flatnonzero(~fine)[0]))
            rate = plain(self.learning_rate(len(self._rounds)))
            raise ComputationError(
                f"new {name}",
                "a number too large (overflow) after the update",
                f"expected a learning rate smaller than {rate}",
            )


def check_first_round(scenario: Scenario) -> None:
    """Run the first round in doubles, whatever the file says.

    Raises:
        ComputationError: it overflows, divides by 0 or takes the logarithm of 0.
    """
    Run(compile_tape(scenario), Exact()).round(0)
