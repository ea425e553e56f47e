"""The update: how a rule makes new parameters out of old ones and their gradients.

One row holds the rule, what it keeps from round to round, its formula (the same makes the symbols
and the numbers), the sentence that says why, and the cure where it overflows. Vectors are
(parameters,), in either arithmetic; rules work on single numbers too, which marking does.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnhs_tui.operations.arithmetic import Arithmetic

State = tuple[Any, ...]
"""What a rule keeps from round to round, one entry for each of its `keeps`."""


@dataclass(frozen=True)
class Update:
    """What an update comes to."""

    step: Any
    """What is taken off."""
    after: Any
    state: State
    """What the rule keeps afterwards."""


@dataclass(frozen=True)
class UpdateRule:
    """One row of the table: new = old − step."""

    name: str
    step: Callable[[Arithmetic, Any, Any, State], Any]
    """(ar, learning rate, gradient, state with this gradient in it) → the step, rounded."""
    formula: Callable[[str, str, Sequence[str]], str]
    """(learning rate, gradient, state) as text → the step as a product."""
    why: str
    """One sentence on the step; {smaller} is what it makes smaller."""
    is_product: bool = False
    """Whether the step is the learning rate times the gradient and nothing else."""
    cure: str = "a learning rate smaller than {rate}"
    """What to expect where it overflows."""
    keeps: tuple[str, ...] = ()
    """The names of what it keeps of each parameter; before the first update each is 0."""
    keep: Callable[[Arithmetic, Any, State], State] = lambda ar, gradient, state: state
    """(ar, gradient, state) → the state after this gradient, rounded."""
    keeps_told: str = ""
    """The same as a formula, for a sheet; {gradient} is the gradient."""

    def __reduce__(self) -> tuple[Callable[[str], UpdateRule], tuple[str]]:
        """Another process has the same table: a row goes there by its name."""
        return _row, (self.name,)

    def update(self, ar: Arithmetic, rate: Any, old: Any, gradient: Any, state: State) -> Update:
        """New parameters: old and gradient are single numbers or (parameters,)."""
        now = self.keep(ar, gradient, state)
        step = self.step(ar, rate, gradient, now)
        return Update(step, ar.round(old - step), now)

    def short(self, rate: str, gradient: str) -> str:
        """The step in few characters, for headings: `lr·dW`."""
        return self.formula(rate, gradient, self.keeps).replace(" ", "")


SGD = UpdateRule(
    "sgd",
    lambda ar, rate, gradient, state: ar.round(rate * gradient),
    lambda rate, gradient, state: f"{rate} · {gradient}",
    "Against the gradient, by the learning rate: a step that makes {smaller} smaller.",
    is_product=True,
)

UPDATE_RULES = {each.name: each for each in (SGD,)}


def _row(name: str) -> UpdateRule:
    return UPDATE_RULES[name]
