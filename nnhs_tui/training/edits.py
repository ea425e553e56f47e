"""What-if: a number of the scenario that is given another value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Edit:
    """One number, and its new value from a round on."""

    round: int
    """From 0; the edit takes effect at the start of this round."""
    kind: str
    """parameter, input, target, or rate (the learning rate)."""
    place: int
    """A parameter's id; an input's or target's place, from 0; 0 for the rate."""
    sample: int | None
    """From 0; None for a parameter and the rate."""
    value: Decimal
    """As it was typed."""
    name: str
    """The quantity's name, as it is shown."""
