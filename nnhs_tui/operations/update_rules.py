"""The update: how a rule makes new parameters out of old ones and their gradients.

One row holds the rule: what it works out of each parameter on the way, what of that it keeps from
update to update, its step, the formulas (the same make the symbols and the numbers), the sentences
that say why, and the cure where it overflows. Vectors are (parameters,), in either arithmetic;
rules work on single numbers too, which marking does. What goes around a rule (decay, clipping, the
numbers of a file) is in `optimizer.py`.

Sources: Polyak 1964 (momentum, as PyTorch's SGD has it), Sutskever et al. 2013 (Nesterov's, in the
same form), Duchi, Hazan & Singer 2011 (AdaGrad), Tieleman & Hinton 2012 (RMSprop), Kingma & Ba 2015
(Adam), Loshchilov & Hutter 2019 (AdamW).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nnhs_tui.operations.arithmetic import Arithmetic

State = tuple[Any, ...]
"""What a rule keeps from update to update, one entry for each of its `keeps`."""

Known = Mapping[str, Any]
"""What an update is worked out from, by name: `g` the gradient, `w` the old parameter, `lr` the
learning rate, `k` which update of the run it is, from 1, the rule's own numbers such as `beta`, and
its parts: one that is kept is that of the update before until it is worked out."""

SYMBOLS = {"beta": "β", "beta1": "β1", "beta2": "β2", "epsilon": "ε", "lr": "lr", "k": "k"}
"""How a formula calls them; the rest goes by its own name."""


def symbol(name: str) -> str:
    """How a formula calls something that an update is worked out from."""
    return SYMBOLS.get(name, name)


@dataclass(frozen=True)
class Part:
    """A number that a rule works out of each parameter on the way to its step."""

    name: str
    """As in `m hidden.W[2,1]`."""
    work: Callable[[Arithmetic, Known], Any]
    """→ the number, rounded; only what `needs` and the rule's own numbers say is asked for."""
    needs: tuple[str, ...]
    """What of the update it is worked out from; its own name is what it was before."""
    formula: str
    """With {m}, {beta} and the like; {g} is the gradient, {g} the same as a factor."""
    why: str
    is_kept: bool = False
    """Whether it goes on into the next update; before the first it is 0."""


@dataclass(frozen=True)
class UpdateRule:
    """One row of the table: new = old − step."""

    name: str
    step: Callable[[Arithmetic, Known], Any]
    """→ the step, rounded."""
    formula: str
    """The step, as a product or a quotient; see `Part.formula`."""
    why: str
    """One sentence on the step; {smaller} is what it makes smaller."""
    needs: tuple[str, ...] = ("lr", "g")
    """What of the update the step is worked out from."""
    is_product: bool = False
    """Whether the step is the learning rate times the gradient and nothing else."""
    cure: str = "a learning rate smaller than {rate}"
    """What to expect where it overflows."""
    parts: tuple[Part, ...] = ()
    """In the order they are worked out in."""
    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    """Its own numbers, and what they are where a file says nothing."""
    decays_beside: bool = False
    """Whether weight decay is taken off beside the step instead of being added to the gradient."""
    squares: str = ""
    """The part whose root divides the step, if there is one."""
    is_corrected: bool = False
    """Whether it asks which update of the run it is."""

    def __reduce__(self) -> tuple[Callable[[str], UpdateRule], tuple[str]]:
        """Another process has the same table: a row goes there by its name."""
        return _row, (self.name,)

    @cached_property
    def keeps(self) -> tuple[str, ...]:
        """The names of what it keeps of each parameter."""
        return tuple(each.name for each in self.parts if each.is_kept)


def _momentum(ar: Arithmetic, at: Known) -> Any:
    return ar.round(ar.round(at["beta"] * at["m"]) + at["g"])


def _average(part: str, beta: str, of: Callable[[Arithmetic, Any], Any]) -> Callable[..., Any]:
    """β of what was, and 1 − β of what is new."""

    def work(ar: Arithmetic, at: Known) -> Any:
        new = ar.round((ar.one - at[beta]) * of(ar, at["g"]))
        return ar.round(ar.round(at[beta] * at[part]) + new)

    return work


def _square(ar: Arithmetic, g: Any) -> Any:
    return ar.round(g * g)


def _itself(ar: Arithmetic, g: Any) -> Any:
    return g


def _corrected(part: str, beta: str) -> Callable[..., Any]:
    return lambda ar, at: ar.round(at[part] / (ar.one - at[beta] ** at["k"]))


def _over_root(top: str, squares: str) -> Callable[..., Any]:
    """The learning rate times one, divided by the root of the other; ε is exact and unrounded."""

    def work(ar: Arithmetic, at: Known) -> Any:
        root = ar.round(ar.function("sqrt", at[squares]))
        return ar.round(ar.round(at["lr"] * at[top]) / (root + at["epsilon"]))

    return work


SGD = UpdateRule(
    "sgd",
    lambda ar, at: ar.round(at["lr"] * at["g"]),
    "{lr} · {g}",
    "Against the gradient, by the learning rate: a step that makes {smaller} smaller.",
    is_product=True,
)

_ROLLING = Part(
    "m",
    _momentum,
    ("m", "g"),
    "{beta} · {m} + {g}",
    "Momentum: β of what m was after the update before, and the gradient. Steps in the same "
    "direction add up.",
    is_kept=True,
)
_TENTH, _SMALL = Decimal("0.9"), Decimal("1e-8")

MOMENTUM = UpdateRule(
    "momentum",
    lambda ar, at: ar.round(at["lr"] * at["m"]),
    "{lr} · {m}",
    "Along m, by the learning rate: m goes on in the direction it had. It makes {smaller} smaller.",
    ("lr", "m"),
    parts=(_ROLLING,),
    numbers={"beta": _TENTH},
)

NESTEROV = UpdateRule(
    "nesterov",
    lambda ar, at: ar.round(at["lr"] * ar.round(at["g"] + ar.round(at["beta"] * at["m"]))),
    "{lr} · ({g} + {beta} · {m})",
    "As momentum, one step ahead: the gradient and β of the new m. It makes {smaller} smaller.",
    ("lr", "g", "m"),
    parts=(_ROLLING,),
    numbers={"beta": _TENTH},
)

_SHRINKS = (
    "Where gradients were large the root is large and the step small: each parameter has a pace of "
    "its own. It makes {smaller} smaller."
)

ADAGRAD = UpdateRule(
    "adagrad",
    _over_root("g", "v"),
    "{lr} · {g} / (√{v} + {epsilon})",
    _SHRINKS,
    ("lr", "g", "v"),
    squares="v",
    parts=(
        Part(
            "v",
            lambda ar, at: ar.round(at["v"] + _square(ar, at["g"])),
            ("v", "g"),
            "{v} + {(g)}²",
            "v adds up the squares of all gradients so far; it never becomes smaller.",
            is_kept=True,
        ),
    ),
    numbers={"epsilon": Decimal("1e-10")},
)

RMSPROP = UpdateRule(
    "rmsprop",
    _over_root("g", "v"),
    "{lr} · {g} / (√{v} + {epsilon})",
    _SHRINKS,
    ("lr", "g", "v"),
    squares="v",
    parts=(
        Part(
            "v",
            _average("v", "beta", _square),
            ("v", "g"),
            "{beta} · {v} + (1 - {beta}) · {(g)}²",
            "v is a mean of the gradients' squares in which the older ones fade.",
            is_kept=True,
        ),
    ),
    numbers={"beta": Decimal("0.99"), "epsilon": _SMALL},
)

_ADAM_PARTS = (
    Part(
        "m",
        _average("m", "beta1", _itself),
        ("m", "g"),
        "{beta1} · {m} + (1 - {beta1}) · {g}",
        "m is a mean of the gradients in which the older ones fade: β1 of what it was, and 1 - β1 "
        "of the gradient.",
        is_kept=True,
    ),
    Part(
        "v",
        _average("v", "beta2", _square),
        ("v", "g"),
        "{beta2} · {v} + (1 - {beta2}) · {(g)}²",
        "v is the same of the gradients' squares: how large gradients are here, whatever their "
        "sign.",
        is_kept=True,
    ),
    Part(
        "mhat",
        _corrected("m", "beta1"),
        ("m", "k"),
        "{m} / (1 - {beta1}^{k})",
        "m began with 0 and is too small at first: that is put right. k counts the updates.",
    ),
    Part(
        "vhat",
        _corrected("v", "beta2"),
        ("v", "k"),
        "{v} / (1 - {beta2}^{k})",
        "v began with 0 as well: the same for it.",
    ),
)
_ADAM_NUMBERS = {"beta1": _TENTH, "beta2": Decimal("0.999"), "epsilon": _SMALL}
_ADAM_WHY = (
    "The direction is that of m, and the root of v makes all steps about as long as the learning "
    "rate. It makes {smaller} smaller."
)

ADAM, ADAMW = (
    UpdateRule(
        name,
        _over_root("mhat", "vhat"),
        "{lr} · {mhat} / (√{vhat} + {epsilon})",
        _ADAM_WHY,
        ("lr", "mhat", "vhat"),
        parts=_ADAM_PARTS,
        numbers=_ADAM_NUMBERS,
        squares="vhat",
        decays_beside=beside,
        is_corrected=True,
    )
    for name, beside in (("adam", False), ("adamw", True))
)

UPDATE_RULES = {
    each.name: each for each in (SGD, MOMENTUM, NESTEROV, ADAGRAD, RMSPROP, ADAM, ADAMW)
}


def _row(name: str) -> UpdateRule:
    return UPDATE_RULES[name]
