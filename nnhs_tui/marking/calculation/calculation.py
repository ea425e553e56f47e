"""The calculation as lines: every quantity of the rounds, and what it is worked out from.

The record holds what is right. This is for what follows from a person's own numbers: a line is
one quantity with its operands, so that any of them can be replaced and the rest worked out again,
line by line, in the order a person works in. Exact arithmetic; hand arithmetic has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnhs_tui.debugger.quantities import own_update
from nnhs_tui.debugger.quantity import GRAD, NEW, NORM, RATE, STEP, VALUE, G, Quantity
from nnhs_tui.marking.calculation.line import EXACT, OTHER, SUM, TIMES, Line, itself
from nnhs_tui.marking.calculation.lines import Lines
from nnhs_tui.marking.calculation.sample import SamplePass
from nnhs_tui.operations.arithmetic import Arithmetic, added
from nnhs_tui.operations.optimizer import GRADIENT, Optimizer
from nnhs_tui.operations.updating import entry
from nnhs_tui.training.rounds import Run

UPDATED = "what is taken off"
"""What makes the line of a step of the update: an activation is called step as well."""


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
        self._state = [
            [
                self._written.given(Quantity(name, node, round=-1), 0.0)
                for node in range(run.tape.parameters)
            ]
            for name in run.tape.scenario.optimizer.keeps
        ]
        """The lines of what the update rule has kept so far."""
        self.state: list[list[list[int]]] = []
        """The same where each update begins, those of all rounds one after the other."""
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
        losses: list[int] = []
        for update in range(self.schedule.updates):
            for node, line in enumerate(before):
                about = Quantity(VALUE, node, round=number)
                own = replace(about, update=own_update(self.schedule, update))
                # Without saying which, it is what the round begins with.
                for each in (own, about) if update == 0 else (own,):
                    self._written.stands_for(line, each)
            places = self.schedule.samples_of(update)
            samples = [self._sample(number, place, before) for place in places]
            losses += [each for _, each in samples if each is not None]
            before = self._update(number, update, before, [own for own, _ in samples])
        loss = self.tape.loss
        if self._several and loss is not None:
            self._reduced([Quantity(VALUE, loss.total, round=number)], losses)
        return before

    def _update(
        self, number: int, update: int, before: list[int], gradients: list[list[int]]
    ) -> list[int]:
        """The lines of an update; those of the parameters after it."""
        about = partial(Quantity, round=number, update=own_update(self.schedule, update))
        rate = self._written.given(about(RATE), self.run.learning_rate(number, update))
        self._also(about(RATE), rate, update)
        used = [
            self._reduced(self._ending(about(GRAD, node), update), [own[node] for own in gradients])
            for node in range(len(before))
        ]
        optimizer, norm = self.tape.scenario.optimizer, None
        if optimizer.has_norm:
            lines = tuple(np.array(used)[~self.tape.frozen].tolist())
            norm = self._add(about(NORM), lines, _norm_of(optimizer), update)
        self.state.append([list(each) for each in self._state])
        count, after = number * self.schedule.updates + update + 1, []
        for node, old in enumerate(before):
            if self.tape.frozen[node]:
                for each in self._ending(about(NEW, node), update):
                    self._written.stands_for(old, each)
                after.append(old)
                continue
            given = {"lr": rate, "w": old, G: used[node], GRADIENT: used[node]}
            if norm is not None:
                given[NORM] = norm
            after.append(self._entry(partial(about, node=node), update, count, given))
        return after

    def _entry(
        self,
        about: Callable[..., Quantity],
        update: int,
        count: int,
        known: dict[str, int],
    ) -> int:
        """The lines of what an update has of one parameter; that of its new value."""
        optimizer, node = self.tape.scenario.optimizer, about(NEW).node
        kept = {name: each[node] for name, each in zip(optimizer.keeps, self._state, strict=True)}
        known = {**known, **kept}
        decays = bool(self.tape.decays[node])
        for name in optimizer.in_order:
            needs = tuple(each for each in optimizer.needs(name) if each != "k")
            lines = tuple(known[each] for each in needs)
            if name == STEP and optimizer.rule.is_product:
                line = Line(about(name), TIMES, lines, itself)
                known[name] = self._written.add(line, UPDATED)
                self._also(about(name), known[name], update)
                continue
            work = partial(_entry_of, optimizer, name, needs, count, decays)
            known[name] = self._add(about(name), lines, work, update)
        for place, name in enumerate(optimizer.keeps):
            self._state[place][node] = known[name]
        return known[NEW]

    def _add(
        self, quantity: Quantity, lines: tuple[int, ...], work: Callable[..., Any], update: int
    ) -> int:
        line = Line(quantity, OTHER, lines, work, takes_arithmetic=True)
        opname = UPDATED if quantity.kind == STEP else quantity.kind
        number = self._written.add(line, opname)
        self._also(quantity, number, update)
        return number

    def _also(self, quantity: Quantity, number: int, update: int) -> None:
        """Let a line be found as the round's own, where it is the last of several."""
        for each in self._ending(quantity, update):
            self._written.stands_for(number, each)

    def _ending(self, quantity: Quantity, update: int) -> list[Quantity]:
        """A quantity of an update; of the last of several that without its number too."""
        is_last = quantity.update is not None and update == self.schedule.updates - 1
        return [quantity, replace(quantity, update=None)] if is_last else [quantity]

    def _reduced(self, quantities: list[Quantity], parts: list[int]) -> int:
        """What the samples' numbers become together."""
        number = parts[0]
        if len(parts) > 1:
            divisor = self.tape.scenario.reduction.divisor(len(parts))
            line = Line(quantities[0], SUM, tuple(parts), lambda *each: added(each) / divisor)
            number = self._written.add(line, "reduce")
        for each in quantities:
            self._written.stands_for(number, each)
        return number

    def _sample(self, number: int, place: int, before: list[int]) -> tuple[list[int], int | None]:
        """The lines of a sample: those of the gradients of the parameters, and that of its loss."""
        record, sample = self.run.record(number, place), place if self._several else None
        return SamplePass(self._written, record, self.schedule, before, number, sample).run()


def _entry_of(
    optimizer: Optimizer,
    name: str,
    needs: tuple[str, ...],
    count: int,
    decays: bool,
    arithmetic: Arithmetic,
    *operands: Any,
) -> Any:
    """A number of an update out of what it needs."""
    known = dict(zip(needs, operands, strict=True))
    return entry(optimizer, arithmetic, name, {**known, "k": count}, decays=decays)


def _norm_of(optimizer: Optimizer) -> Callable[..., Any]:
    def work(arithmetic: Arithmetic, *gradients: Any) -> Any:
        squares = added([arithmetic.round(each * each) for each in gradients])
        return arithmetic.round(arithmetic.function("sqrt", squares))

    return work
