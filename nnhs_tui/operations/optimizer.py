"""How the parameters of a scenario change: an update rule, and what a file puts around it.

Around a rule may be a clipping of the gradients before it (Pascanu, Mikolov & Bengio 2013), a decay
of the weights, and a schedule of its learning rate. What there is of each parameter, in the order
of its steps: `g` where the gradient is changed before the rule has it, the rule's own parts, and
the new value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from nnhs_tui.operations.rates import RateSchedule
from nnhs_tui.operations.update_rules import Part, UpdateRule, symbol

if TYPE_CHECKING:
    from nnhs_tui.operations.arithmetic import Arithmetic

G, STEP, DECAY, NEW, NORM = "g", "step", "decay", "new", "clip norm"
"""The names of numbers of an update that are no part of a rule's own."""
GRADIENT = "grad"
"""What the gradient is called where `g` is another."""

BY_NORM, BY_VALUE = "norm", "value"
"""How gradients are clipped: all of them by their size together, or each by itself."""

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Clip:
    """What gradients are clipped to."""

    kind: str
    """BY_NORM or BY_VALUE."""
    limit: Decimal


@dataclass(frozen=True)
class Optimizer:
    """A rule with the numbers of a file, and what is around it."""

    rule: UpdateRule
    own: tuple[tuple[str, Decimal], ...] = ()
    """The rule's own numbers that the file has changed."""
    weight_decay: Decimal = NOTHING
    clip: Clip | None = None
    schedule: RateSchedule | None = None
    """None: the learning rate stays."""

    @cached_property
    def numbers(self) -> dict[str, Decimal]:
        """The rule's own numbers, by name."""
        return {**self.rule.numbers, **dict(self.own)}

    @property
    def adds_decay(self) -> bool:
        """Whether weight decay is added to the gradient."""
        return bool(self.weight_decay) and not self.rule.decays_beside

    @property
    def decays_beside(self) -> bool:
        """Whether weight decay is taken off beside the step."""
        return bool(self.weight_decay) and self.rule.decays_beside

    @property
    def has_g(self) -> bool:
        """Whether the rule uses something else than the gradient."""
        return self.clip is not None or self.adds_decay

    @property
    def has_norm(self) -> bool:
        """Whether the size of all gradients is worked out."""
        return self.clip is not None and self.clip.kind == BY_NORM

    @cached_property
    def steps(self) -> tuple[str, ...]:
        """What the steps of one parameter find, in their order."""
        return (*((G,) if self.has_g else ()), *(each.name for each in self.rule.parts), NEW)

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The names of all numbers there are of a parameter in an update, its new value last."""
        decay = (DECAY,) if self.weight_decay else ()
        return (*self.steps[:-1], STEP, *decay, NEW)

    @property
    def keeps(self) -> tuple[str, ...]:
        """The names of what is kept of each parameter from update to update."""
        return self.rule.keeps

    @property
    def differs_by_count(self) -> bool:
        """Whether two updates that begin with the same numbers may come to others."""
        return self.rule.is_corrected or self.schedule is not None

    def needs(self, kind: str) -> tuple[str, ...]:
        """What of the update a number of it is worked out from, by name; of the gradient itself
        `grad` where the rule has another."""
        part = self.part(kind)
        if part is not None:
            return part.needs
        return {
            G: (
                GRADIENT,
                *((NORM,) if self.has_norm else ()),
                *(("w",) if self.adds_decay else ()),
            ),
            STEP: self.rule.needs,
            DECAY: ("lr", "w") if self.decays_beside else ("w",),
            NEW: ("w", STEP, *((DECAY,) if self.decays_beside else ())),
        }.get(kind, ())

    def part(self, name: str) -> Part | None:
        """The rule's part of a name; None for what is no part of it."""
        return next((each for each in self.rule.parts if each.name == name), None)

    def rate(self, ar: Arithmetic, rate: Any, done: int) -> Any:
        """The learning rate of the update behind so many of the run."""
        return rate if self.schedule is None else self.schedule.rate(ar, rate, done)

    @cached_property
    def in_order(self) -> tuple[str, ...]:
        """The names of all numbers of a parameter in the order they are worked out in."""
        g = (G,) if self.has_g else ()
        decay = (DECAY,) if self.weight_decay else ()
        return (*g, *(each.name for each in self.rule.parts), STEP, *decay, NEW)

    # Formulas

    def formula(self, name: str, texts: Mapping[str, str]) -> str:
        """The right-hand side that finds a part, or the step, out of texts for what it needs."""
        part = self.part(name)
        template = self.rule.formula if part is None else part.formula
        g = texts.get(G, "")
        is_bare = not any(sign in g for sign in " ∂/")
        return template.format(**{**texts, "(g)": g if is_bare else f"({g})"})

    def symbols(self, gradient: str, rate: str = "lr") -> dict[str, str]:
        """Texts for a formula in symbols."""
        known = {name: symbol(name) for name in (*self.numbers, *self.steps, "k")}
        return {**known, "lr": rate, G: G if self.has_g else gradient}

    def short(self, rate: str, gradient: str) -> str:
        """The step in few characters, for headings: `lr·dW`."""
        return self.formula(STEP, self.symbols(gradient, rate)).replace(" ", "")

    def short_of(self, kind: str, gradient: str, w: str) -> str:
        """What a step of the update finds in few characters: `β·m+dW`."""
        if kind == G:
            return self.used(gradient, w)
        return self.formula(kind, self.symbols(gradient)).replace(" ", "")

    def taken(self, gradient: str, w: str, *, decays: bool = True) -> str:
        """All that is taken off, in few characters: the step, and decay where it stands beside."""
        step = self.short("lr", gradient)
        return f"lr·λ·{w} - {step}" if self.decays_beside and decays else step

    def whole_step(self, gradient: str) -> str:
        """All that is taken off, in symbols."""
        step = self.formula(STEP, self.symbols(gradient))
        return f"lr · λ · w - {step}" if self.decays_beside else step

    def told(self, gradient: str) -> Iterator[str]:
        """What is worked out before the step, each as an equation in symbols, for a sheet."""
        if self.has_g:
            yield f"g = {self.used(gradient, 'w')}"
        symbols = self.symbols(gradient)
        for part in self.rule.parts:
            own = {part.name: f"({part.name} before)"} if part.is_kept else {}
            yield f"{part.name} = {self.formula(part.name, {**symbols, **own})}"
        if self.keeps:
            yield f"{' and '.join(self.keeps)} {'are' if self.keeps[1:] else 'is'} 0 at first"

    def used(self, gradient: str, w: str, *, decays: bool = True) -> str:
        """`g` in symbols, whatever the gradients are."""
        clipped = gradient
        if self.clip is not None:
            limit = f"{self.clip.limit.normalize():f}"
            clipped = f"{gradient} cut to size {limit}"
            if self.clip.kind == BY_VALUE:
                clipped = f"{gradient} cut at ±{limit}"
        return f"{clipped} + λ · {w}" if self.adds_decay and decays else clipped
