"""One number of a calculation, and which of its numbers that is."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.autodiff.schedule import Arrival
from nnhs_tui.operations.optimizer import DECAY, NEW, NORM, STEP, G

VALUE, GRAD, RATE = "value", "grad", "rate"

__all__ = ["DECAY", "GRAD", "NEW", "NORM", "RATE", "STEP", "VALUE", "G", "Quantity"]


@dataclass(frozen=True)
class Quantity:
    """One number of the calculation."""

    kind: str
    """value, grad, rate; or of an update: step (what its rule takes off), new (the parameter after
    it), the size of all gradients, and what else its rule works out, such as m."""
    node: int = -1
    """Id of the value it is about; −1 for the learning rate and the size of all gradients."""
    path: Arrival | None = None
    """Of a gradient: only the term that arrives along this path."""
    sample: int | None = None
    """From 0; None: the one in work, or all of them."""
    round: int | None = None
    """From 0; None: the one in work."""
    update: int | None = None
    """Which update of a round with several, from 0; None: the last one."""

    @property
    def is_of_update(self) -> bool:
        """Whether an update finds it."""
        return self.kind not in (VALUE, GRAD, RATE)
