"""Schedules: how the learning rate changes with the updates that were done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnhs_tui.operations.arithmetic import Arithmetic


@dataclass(frozen=True)
class RateRule:
    """One row of the table."""

    name: str
    rate: Callable[[Any, int, Mapping[str, Any]], Any]
    """(learning rate, updates done in the whole run, its numbers) → the rate; never rounded."""
    formula: str
    """With {lr}, {k} and its numbers."""
    needs: tuple[str, ...] = ()
    """The keys of a file's table that must be there, its numbers; `every` is a whole number."""


RATE_RULES = {
    each.name: each
    for each in (
        RateRule(
            "step",
            lambda lr, k, at: lr * at["factor"] ** (k // int(at["every"])),
            "{lr} · {factor}^⌊{k}/{every}⌋",
            ("every", "factor"),
        ),
        RateRule(
            "inverse",
            lambda lr, k, at: lr / (1 + at["rate"] * k),
            "{lr} / (1 + {rate} · {k})",
            ("rate",),
        ),
    )
}


@dataclass(frozen=True)
class RateSchedule:
    """A row with the numbers of a file."""

    kind: str
    numbers: tuple[tuple[str, Decimal], ...]

    @property
    def rule(self) -> RateRule:
        """Its row."""
        return RATE_RULES[self.kind]

    def rate(self, ar: Arithmetic, rate: Any, done: int) -> Any:
        """The learning rate of the update behind so many."""
        numbers = {name: ar.number(each) for name, each in self.numbers}
        return self.rule.rate(rate, done, numbers)

    def told(self, rate: str, done: str) -> str:
        """The formula, with texts for the rate and for the updates done."""
        numbers = {name: f"{each.normalize():f}" for name, each in self.numbers}
        return self.rule.formula.format(lr=rate, k=done, **numbers)
