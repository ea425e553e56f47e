"""What is said of one step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Explanation:
    """A step at node level. Texts are data: they may hold any character a file may hold."""

    name: str
    """The quantity, as docs/scenario-format.md names it."""
    result: str
    """Its symbol: z1, ∂L/∂w21, new w21."""
    formula: str
    """The right-hand side in symbols."""
    numbers: str
    """The right-hand side with the numbers put in."""
    value: Any
    why: str
    local: str = ""
    """Backward: the local derivative, `∂p21/∂w21 = x2 = 2.00`."""
    arrives: str = ""
    """Backward: what arrives, `∂L/∂p21 = 0.12`."""
    running: str = ""
    """Where paths join: the sum so far, `0 + 0.12 - 0.05 = 0.07`."""
