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

    def __reduce__(self) -> tuple[Callable[[str], Reduction], tuple[str]]:
        """Another process has the same table: a row goes there by its name."""
        return _row, (self.name,)


REDUCTIONS = {
    each.name: each
    for each in (Reduction("mean", lambda count: count), Reduction("sum", lambda count: 1))
}


def _row(name: str) -> Reduction:
    return REDUCTIONS[name]
