"""One question: the quantity, what is right there, and what known mistakes give there."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.marking.mistakes.at_quantity import Found
from nnhs_tui.marking.mistakes.case import Likely, Through


@dataclass(frozen=True)
class Question:
    """One quantity that is asked for. Numbers are doubles here: they are only compared."""

    name: str
    """As it was asked: z and a are one number where there is no activation."""
    plain_name: str
    """The name without a prefix that says nothing, and without spaces in brackets."""
    owner: str
    """The layer or graph node it belongs to, "inputs" or "loss"."""
    quantity: Quantity
    """With its round, and where there are several samples its sample, filled in."""
    exact: float
    hand: float | None
    """When every step is rounded; None where that cannot be computed."""
    expected: str
    """As it is shown."""
    expected_hand: str | None
    cut_off: float
    """The exact number, its further decimals left away."""
    divisor: int = 1
    """Of a term of the loss: what the sum of all is divided by. Divided by it, it is right too."""

    def right_in(self, arithmetic: str) -> str:
        """What is right as it is shown, by hand where that is asked and can be computed."""
        by_hand = arithmetic == "hand" and self.expected_hand is not None
        return str(self.expected_hand) if by_hand else self.expected

    @cached_property
    def in_its_round(self) -> Quantity:
        """The quantity without its round."""
        return replace(self.quantity, round=None)


@dataclass(frozen=True)
class Mistaken:
    """What known mistakes give at a quantity: numbers in their order, and which gives each."""

    values: list[float]
    found: list[Found]

    weights: dict[str, tuple[float, float]]

    def between(self, low: float, high: float) -> Iterator[tuple[str, Through, Likely]]:
        """What gives a number between these, both included, and how likely it is."""
        first, last = bisect_left(self.values, low), bisect_right(self.values, high)
        for name, _, through, detail in self.found[first:last]:
            yield name, through, Likely(self.weights[name][bool(through)], detail)
