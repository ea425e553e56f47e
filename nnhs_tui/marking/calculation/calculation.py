"""The calculation as lines: every quantity of the rounds, and what it is worked out from.

The record holds what is right. This is for what follows from a person's own numbers: a line is
one quantity with its operands, so that any of them can be replaced and the rest worked out again,
line by line, in the order a person works in. Exact arithmetic; hand arithmetic has no part in it.
"""

from __future__ import annotations

from typing import Any

from nnhs_tui.debugger.quantity import GRAD, NEW, RATE, STEP, VALUE, Quantity
from nnhs_tui.marking.calculation.line import EXACT, OTHER, SUM, TIMES, Line, itself
from nnhs_tui.marking.calculation.lines import Lines
from nnhs_tui.marking.calculation.sample import SamplePass
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.training.rounds import Run


class Calculation:
    """The lines of a run's first rounds, in order; rounds are only ever appended."""

    def __init__(self, run: Run, rounds: int = 1) -> None:
        self.run, self.tape, self.schedule = run, run.tape, run.schedule
        self._written = Lines()
        self.lines, self.values = self._written.lines, self._written.values
        self.opnames, self.users = self._written.opnames, self._written.users
        self.kept: dict[Any, Any] = {}
        """What others have found out about each round."""
        self._several = len(run.samples) > 1
        self._before = [
            self._written.given(Quantity(VALUE, node, round=0), value)
            for node, value in enumerate(run.parameters(0).tolist())
        ]
        nothing = {
            name: [
                self._written.given(Quantity(name, node, round=-1), 0.0)
                for node in range(run.tape.parameters)
            ]
            for name in run.tape.scenario.optimizer.keeps
        }
        self.state: list[list[list[int]]] = [list(nothing.values())]
        """For each round, and behind it, the lines of what the update rule has kept."""
        self.ends = [len(self.lines)]
        """Of how many lines no round, the first one, the first two and so on are made."""
        self.extend(rounds)

    @property
    def rounds(self) -> int:
        return len(self.ends) - 1

    def extend(self, rounds: int) -> None:
        """Append what is missing of so many rounds."""
        with EXACT.protected():
            while self.rounds < rounds:
                self._before = self._round(self.rounds, self._before)
                self.ends.append(len(self.lines))
        assert len(self._before) == self.tape.parameters

    def number(self, quantity: Quantity) -> int | None:
        """The line of a quantity whose round (and where there are several, sample) is given."""
        return self._written.number(quantity)

    def _round(self, number: int, before: list[int]) -> list[int]:
        """The lines of a round; those of the parameters after it."""
        for node, line in enumerate(before):
            self._written.stands_for(line, Quantity(VALUE, node, round=number))
        rate = self._written.given(Quantity(RATE, round=number), self.run.learning_rate(number))
        self.state.append([[0] * len(before) for _ in self.tape.scenario.optimizer.keeps])
        samples = [self._sample(number, place, before) for place in range(len(self.run.samples))]
        after = []
        for node, old in enumerate(before):
            used = self._reduced(
                Quantity(GRAD, node, round=number), [gradients[node] for gradients, _ in samples]
            )
            step = self._step(number, node, rate, used)
            new = Line(Quantity(NEW, node, round=number), OTHER, (old, step), _less)
            is_frozen = bool(self.tape.frozen[node])
            after.append(old if is_frozen else self._written.add(new, NEW))
            if is_frozen:
                self._written.stands_for(old, new.quantity)
        loss = self.tape.loss
        if self._several and loss is not None:
            whole = Quantity(VALUE, loss.total, round=number)
            self._reduced(whole, [losses for _, losses in samples if losses is not None])
        return after

    def _step(self, number: int, node: int, rate: int, used: int) -> int:
        """The line of what the update takes off; before it those of what the rule keeps."""
        rule, about = self.tape.scenario.optimizer, Quantity(STEP, node, round=number)
        if rule.is_product:
            return self._written.add(Line(about, TIMES, (rate, used), itself), STEP)
        before = tuple(each[node] for each in self.state[number])
        now = []
        for place, name in enumerate(rule.keeps):
            kept = Line(
                Quantity(name, node, round=number),
                OTHER,
                (used, *before),
                lambda gradient, *state, at=place: rule.keep(EXACT, gradient, state)[at],
            )
            now.append(self._written.add(kept, name))
            self.state[number + 1][place][node] = now[-1]
        step = Line(
            about,
            OTHER,
            (rate, used, *now),
            lambda lr, gradient, *state: rule.step(EXACT, lr, gradient, state),
        )
        return self._written.add(step, STEP)

    def _reduced(self, quantity: Quantity, parts: list[int]) -> int:
        """What the samples' numbers become together."""
        if not self._several:
            self._written.stands_for(parts[0], quantity)
            return parts[0]
        divisor = self.tape.scenario.reduction.divisor(len(parts))
        return self._written.add(
            Line(quantity, SUM, tuple(parts), lambda *each: added(each) / divisor), "reduce"
        )

    def _sample(self, number: int, place: int, before: list[int]) -> tuple[list[int], int | None]:
        """The lines of a sample: those of the gradients of the parameters, and that of its loss."""
        record, sample = self.run.record(number, place), place if self._several else None
        return SamplePass(self._written, record, self.schedule, before, number, sample).run()


def _less(old: Any, step: Any) -> Any:
    return old - step
