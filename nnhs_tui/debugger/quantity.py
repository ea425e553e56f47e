"""One number of a calculation, and which of its numbers that is."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.autodiff.schedule import Arrival

VALUE, GRAD, STEP, NEW, RATE = "value", "grad", "step", "new", "rate"


@dataclass(frozen=True)
class Quantity:
    """One number of the calculation."""

    kind: str
    """value, grad, step (learning rate × gradient), new (after the update), or rate."""
    node: int = -1
    """Id of the value it is about; −1 for the learning rate."""
    path: Arrival | None = None
    """Of a gradient: only the term that arrives along this path."""
    sample: int | None = None
    """From 0; None: the one in work, or all of them."""
    round: int | None = None
    """From 0; None: the one in work."""
