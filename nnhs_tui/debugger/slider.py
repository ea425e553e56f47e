"""One parameter, or the learning rate, moved by hand: the loss along it, and the tangent there."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from nnhs_tui.autodiff.gradcheck import GradientChecks
from nnhs_tui.debugger.naming.reading import rate_name
from nnhs_tui.debugger.quantity import DECAY, RATE, VALUE
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.operations.numerals import plain
from nnhs_tui.operations.updating import Given, norm_of, update
from nnhs_tui.training.round_checks import round_checks

STRIDES = tuple(map(Decimal, ("0.001", "0.01", "0.1", "1")))
"""How far a key moves it."""
SPAN, RATE_SPAN = 3.0, 2.0
"""How far the curve goes to either side; of the learning rate from 0 on."""
RATE_PLACE = -1


@dataclass
class Slider:
    """What is moved, and where it is.

    Raises:
        Refusal: there is nothing to move.
        ComputationError: the round cannot be computed with all decimals.
    """

    session: Session
    place: int = 0
    """The parameter; RATE_PLACE: the learning rate."""
    stride: int = 2
    """Which of STRIDES."""

    def __post_init__(self) -> None:
        if not self.session.tape.parameters:
            raise Refusal("there is nothing to move: this scenario has no parameters")
        self.checks: GradientChecks = round_checks(self.session.run, self.session.round)
        self.value = self.start

    @property
    def start(self) -> Decimal:
        """The number that the round in work has there."""
        run, number = self.session.run, self.session.round
        if self.place == RATE_PLACE:
            return Decimal(repr(float(run.written_rate(number))))
        return Decimal(repr(float(run.parameters(number)[self.place])))

    @property
    def name(self) -> str:
        """What is moved."""
        names = self.session.names
        return rate_name(names) if self.place == RATE_PLACE else names.name(self.place)

    @property
    def range(self) -> tuple[float, float]:
        """Where the curve begins and ends: what is there at first is in the middle."""
        start, here = float(self.start), float(self.value)
        if self.place == RATE_PLACE:
            return 0.0, max(RATE_SPAN, 1.25 * here)
        reach = max(SPAN, 1.25 * abs(here - start))
        return start - reach, start + reach

    @property
    def parameters(self) -> np.ndarray:
        """(parameters,) with the one that is moved; of a learning rate those after its update."""
        found = self.session.run.parameters(self.session.round).astype(float)
        if self.place == RATE_PLACE:
            return np.asarray(found - float(self.value) * self.per_rate)
        found[self.place] = float(self.value)
        return np.asarray(found)

    @cached_property
    def per_rate(self) -> np.ndarray:
        """(parameters,) what the round's first update takes off with a learning rate of 1.

        Whatever the rule and its schedule, that is in proportion to the learning rate.
        """
        run, number, exact = self.session.run, self.session.round, Exact()
        tape, made = self.session.tape, run.updates(self.session.round)[0]
        optimizer = tape.scenario.optimizer
        is_only = run.groups.updates == 1
        gradient = self.checks.total if is_only else made.accumulated.astype(float)
        old = run.parameters(number).astype(float)
        state = tuple(each.astype(float) for each in made.state)
        with exact.protected():
            rate = optimizer.rate(exact, 1.0, made.given.count - 1)
            norm = norm_of(optimizer, exact, gradient[~tape.frozen])
            given = Given(rate, made.given.count, old, gradient, state, tape.decays, norm)
            taken = update(optimizer, exact, given)
        beside = taken.numbers[DECAY] if optimizer.decays_beside else 0.0
        return np.where(tape.frozen, 0.0, taken.step + beside)

    def at(self, value: float) -> tuple[float, float]:
        """The loss (for the learning rate that after the update), and its slope.

        Raises:
            ComputationError: there is none there.
        """
        direction = np.zeros(self.session.tape.parameters)
        if self.place == RATE_PLACE:
            return self.checks.along(-self.per_rate, value)
        direction[self.place] = 1.0
        return self.checks.along(direction, value - float(self.start))

    def loss(self, value: float) -> float:
        """The same without the slope; not a number where there is none."""
        try:
            return self.at(value)[0]
        except ComputationError:
            return float("nan")

    def move(self, by: int) -> None:
        """So many strides; the learning rate is never negative."""
        moved = self.value + by * STRIDES[self.stride]
        if self.place != RATE_PLACE or moved >= 0:
            self.value = moved

    def coarser(self, by: int) -> None:
        """Longer or shorter strides."""
        self.stride = max(0, min(len(STRIDES) - 1, self.stride + by))

    def begin(self) -> None:
        """Back to what the round has."""
        self.value = self.start

    def other(self, by: int) -> None:
        """Another parameter, or the learning rate behind the last."""
        count = self.session.tape.parameters + 1
        place = (self.place % count + by) % count
        self.place = RATE_PLACE if place == count - 1 else place
        self.begin()

    @property
    def command(self) -> str:
        """The edit that takes it; "" where it is as it was."""
        return "" if self.value == self.start else f"edit {self.name} = {plain(self.value)}"


def slider_at(session: Session, argument: str) -> Slider:
    """A slider of what is named; without a name of the parameter of the step in work, or the first.

    Raises:
        Refusal: it is no parameter.
    """
    quantity = session.quantity(argument)
    if quantity.kind == RATE:
        return Slider(session, RATE_PLACE)
    if quantity.node < session.tape.parameters and (argument == "" or quantity.kind == VALUE):
        return Slider(session, max(0, quantity.node))
    if argument:
        raise Refusal(f"{session.name(quantity)}: only weights, biases and the learning rate move")
    return Slider(session)
