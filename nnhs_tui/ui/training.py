"""Training on the screen: in slices, so that keys are heard and the bar moves."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from nnhs_tui.core.errors import Refusal

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nnhs_tui.core.session import Outcome, Session
    from nnhs_tui.core.training import Training

SLICE = 0.03
"""Seconds of computing before keys are looked at."""
PAUSE = 0.003
"""Seconds between two slices."""
SHOW = 0.2
"""Seconds from one picture of the bar to the next: few enough bytes for a slow line."""
BAR = 20


class TrainingRunner:
    """Runs a training while the screen stays awake.

    Args:
        show: shows a text while the training is under way.
        finished: is given what became of it.
    """

    def __init__(
        self, pump: MessagePump, show: Callable[[str], None], finished: Callable[[Outcome], None]
    ) -> None:
        self._pump, self._show, self._finished = pump, show, finished
        self._training: Training | None = None
        self._shown = 0.0
        self.done = 0
        """Rounds that the last training has run."""

    @property
    def is_running(self) -> bool:
        return self._training is not None

    def start(self, session: Session, goal: str) -> None:
        """Begin a training; one that is under way ends where it is."""
        self.stop()
        from nnhs_tui.core.session import REFUSED, Outcome
        from nnhs_tui.core.training import Training

        try:
            self._training = Training(session, goal)
        except Refusal as refusal:
            self.done = 0
            self._finished(Outcome(REFUSED, str(refusal)))
            return
        self._shown = time.monotonic()
        self._slice(self._training)

    def stop(self) -> None:
        """End the training where it is: the rounds that were run stay."""
        if self._training is not None:
            self._end(self._training)

    def complete(self) -> None:
        """Run what is left without looking at keys."""
        if self._training is not None:
            while self._training.advance():
                pass
            self._end(self._training)

    def _end(self, training: Training) -> None:
        self._training, self.done = None, training.done
        self._finished(training.finish())

    def _slice(self, training: Training) -> None:
        if training is not self._training:
            return
        begun = time.monotonic()
        while time.monotonic() - begun < SLICE:
            if not training.advance():
                self.stop()
                return
        if begun - self._shown >= SHOW:
            self._shown = begun
            self._show(bar(training))
        # A timer, since the screen is painted only when no call is waiting.
        self._pump.set_timer(PAUSE, partial(self._slice, training))


def bar(training: Training) -> str:
    """`training ████······ 412 of 1000 rounds, loss 0.12: Esc stops`."""
    full = BAR * training.done // training.goal.rounds
    return f"training {'█' * full}{'·' * (BAR - full)} {training.describe()}: Esc stops"
