"""What a session was asked for, beside where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nnhs_tui.debugger.quantity import Quantity

ARITHMETICS = "arithmetics"
"""What is compared: the round in exact arithmetic and by hand."""


@dataclass
class Asked:
    """The questions that were asked last; lists and searches go on from them."""

    quantity: Quantity | None = None
    """What `from` and `to` were asked about."""
    goes_to: bool = False
    """Whether it was `to`."""
    compared: tuple[int | str | None, bool] | None = None
    """The round (from 0) that is compared with, ARITHMETICS, or None for the run without the edits
    or the round before; and whether the numbers that are the same are listed too."""
    comparison: tuple[Any, Any] | None = None
    """What was compared last, and what came of it; see `compare`."""
    searched: str = ""
    """What was searched for."""

    @property
    def compares_arithmetics(self) -> bool:
        return self.compared is not None and self.compared[0] == ARITHMETICS
