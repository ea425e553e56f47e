"""What there is to know about an elementary operation: one row of the table in `table.py`."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Exact

Rule = Callable[..., Any]
Texts = Sequence[str]

_EXACT = Exact()


class Needs(Flag):
    """What a local derivative is worked out from; nothing where it is a constant."""

    NOTHING = 0
    OTHERS = auto()
    """The other operands."""
    ITSELF = auto()
    """The operand that it is taken with respect to."""
    RESULT = auto()


@dataclass(frozen=True)
class SubStep:
    """One of the smaller steps that an operation is made of."""

    symbol: str
    formula: str
    """With the symbols of the sub-steps before it, and z, in braces: `exp({A})`."""
    value: Any = None
    """In full; None at the last, which is what was opened."""


Opened = Callable[[Any], list[SubStep]]
"""An operand, or for a slope the result → the sub-steps, the last without its value."""


@dataclass(frozen=True)
class Gate:
    """What lets nothing through on one side."""

    name: str
    is_shut: Callable[[Any], Any]
    """Operand, a number or an array → whether its local derivative is 0 by rule."""
    when: str
    """The same as a formula in z."""


@dataclass(frozen=True)
class Operation:
    """One row of the table. Operands come as positional arguments, in order.

    Everything from `needs` on is what other parts of the program ask about an operation, so that
    none of them keeps a list of names.
    """

    name: str
    what: str
    """One sentence on what the operation does."""
    forward: Rule
    """(ar, *operands) → the rounded result."""
    local: Rule
    """(ar, result, *operands) → a sequence: the rounded local derivative for each operand."""
    formula: Callable[[Texts], str]
    """Operands as text, symbols or numbers → the right-hand side."""
    slope: Callable[[int, str, Texts], str]
    """(operand's place, result, operands) as text → the local derivative as a formula."""
    why: Callable[[int, str, Texts], str]
    """(operand's place, result, operands) in symbols → one sentence on the local derivative."""
    fault: Callable[..., str] = lambda *operands: ""
    """Operands → what makes the result impossible, or "" (then it is an overflow)."""
    needs: Needs = Needs.NOTHING
    """What its local derivatives are worked out from."""
    operator: Callable[..., Any] | None = None
    """The operator of Python's own that is the same in doubles, where nothing is rounded."""
    by_hand: int = 1
    """How many sums or products it takes as long as, in decimals."""
    slopes_at_once: bool = False
    """Whether its local derivatives are only sums, products and quotients of doubles: of these
    numpy gives the same bits for many at once as for one, which it need not for a sine."""
    is_activation: bool = False
    """Whether a layer may have it."""
    is_function: bool = False
    """Whether a graph's expressions may call it by its name."""
    is_reserved: bool = True
    """Whether a function's name may not be given to anything else."""
    is_listed: bool = False
    """Whether it takes two operands or more, as many as there are."""
    what_in_graph: str = ""
    """The same sentence in a graph of matrices, where it has no neuron; "" for the same."""
    in_sum: bool = False
    """Whether it is one product of a sum, which is written in the sum above single operations."""
    of_layer: bool = False
    """Whether each result needs the z of every neuron of the layer."""
    has_exponential: bool = False
    """Whether e to the power of its operand is in it, whose sign is easily lost."""
    is_periodic: bool = False
    """Whether its operand is an angle: a step of a whole turn changes nothing."""
    side: Callable[[np.ndarray], Sequence[int]] | None = None
    """Operands → on which side of its kink each of them is, the kink being a side of its own."""
    gate: Gate | None = None
    domain: tuple[float, float] | None = None
    """Where its curve begins and what is shown of it at least; None: on both sides of 0."""
    reach: float = 4.0
    """How far the curve is shown on both sides of 0 at least: until it has bent."""
    opened: Opened | None = None
    """Its sub-steps, where they are others than the formula itself."""
    slope_opened: Opened | None = None
    """The sub-steps of its local derivative, likewise."""
    in_words: str = ""
    """Its formula in z on a sheet, where `formula` does not say it."""
    sign: str = ""
    """What stands in its circle where it is drawn; "" for its name."""
    definition: str = ""
    """What a sign stands for in its formula that one has to be told."""

    @property
    def is_product(self) -> bool:
        """Whether it multiplies: each local derivative is the product of the other operands."""
        return self.needs == Needs.OTHERS

    @property
    def is_single(self) -> bool:
        """Whether it is a function of one number, which has a curve and can be opened."""
        return (self.is_activation or self.is_function) and not (self.is_listed or self.of_layer)

    @property
    def short(self) -> str:
        """Its formula in z, as it stands on a sheet: `max(z, 0)`."""
        return self.in_words or self.formula(("z",))

    def curve(self, z: float) -> float:
        """The function of one number in exact arithmetic; nan where it has no value."""
        with np.errstate(all="ignore"):
            value = float(self.forward(_EXACT, np.float64(z)))
        return value if math.isfinite(value) else math.nan

    def curve_along(self, place: int, operands: Sequence[float]) -> Callable[[float], float]:
        """The function of one of its operands, the others as they are; nan where there is none."""

        def function(z: float) -> float:
            given = [np.float64(z if n == place else each) for n, each in enumerate(operands)]
            with np.errstate(all="ignore"):
                value = float(self.forward(_EXACT, *given))
            return value if math.isfinite(value) else math.nan

        return function

    def sub_steps(self, z: Any) -> list[SubStep]:
        """What happens inside a function of one number; the last value is left open."""
        if self.opened is not None:
            return self.opened(z)
        return [SubStep("a", self.formula(("{z}",)))]

    def slope_sub_steps(self, a: Any) -> list[SubStep]:
        """What its local derivative is made of; the last value is left open."""
        if self.slope_opened is not None:
            return self.slope_opened(a)
        return [SubStep("slope", self.slope(0, "{a}", ("{z}",)))]
