"""How the gradients of several samples, and their losses, become one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Reduction:
    """They are added up; what then?"""

    name: str
    divisor: Callable[[int], int]
    """How many samples → what their sum is divided by; 1: it is used as it is."""


REDUCTIONS = {
    each.name: each
    for each in (Reduction("mean", lambda count: count), Reduction("sum", lambda count: 1))
}
