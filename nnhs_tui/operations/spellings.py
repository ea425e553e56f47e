"""How operations, losses and the update are written in programs of one's own, and called elsewhere.

A table beside those of operations and losses: what has no row here, or an empty place in it, is
refused by whoever writes a program. In NumPy the way back is written out; PyTorch finds it itself
(its derivatives at a kink are those of docs/scenario-format.md: 0 for a ReLU's 0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from nnhs_tui.operations.formulas import fixed, template
from nnhs_tui.operations.table import activations

Texts = Sequence[str]


@dataclass(frozen=True)
class Spelling:
    """An operation, on single numbers and on arrays; operands are text that may stand beside any
    sign."""

    numpy: Callable[[Texts], str]
    """Operands → the result."""
    slope: Callable[[int, str, Texts], str]
    """(operand's place, result, operands) → the local derivative; of a softmax, whose operand is
    the z of a layer, the matrix of them."""
    torch: Callable[[Texts], str] | None = None
    """Operands, all tensors where it is a function → the result."""
    keras: tuple[str, ...] = ()
    """What Keras calls the activation that is the very same function."""
    numpy_helper: str = ""
    """What it calls, as a function of the script's own."""
    torch_helper: str = ""


def _row(
    numpy: str,
    slope: str,
    torch: str,
    keras: tuple[str, ...] = (),
    numpy_helper: str = "",
) -> Spelling:
    """A function of one number, of templates."""
    return Spelling(template(numpy), fixed(slope), template(torch), keras, numpy_helper)


def _function(name: str, slope: str, keras: tuple[str, ...] = ()) -> Spelling:
    """A function that both libraries have by this name."""
    return _row(f"np.{name}({{0}})", slope, f"torch.{name}({{0}})", keras)


def _sign(text: str, *slopes: str, torch: str = "") -> Spelling:
    """Python's own sign, which both libraries understand."""
    return Spelling(template(text), fixed(*slopes), template(torch or text))


_TAKEN_FIRST = '''
def {name}(first, *others):
    """The {word} of the numbers, the first of equal ones."""
    for each in others:
        first = torch.where(first {sign} each, first, each)
    return first
'''


def _chosen(numpy: str, name: str, word: str, sign: str) -> Spelling:
    """The first of the largest, or smallest, which is above those before and not below others."""

    def forward(operands: Texts) -> str:
        first, *others = operands
        return reduce(lambda before, each: f"{numpy}({before}, {each})", others, first)

    def slope(place: int, y: str, operands: Texts) -> str:
        own = operands[place]
        tests = [
            f"({own} {sign[:1] if n < place else sign} {each})"
            for n, each in enumerate(operands)
            if n != place
        ]
        return f"np.where({' & '.join(tests)}, 1.0, 0.0)"

    helper = _TAKEN_FIRST.format(name=name, word=word, sign=sign)
    return Spelling(
        forward,
        slope,
        lambda operands: f"{name}({', '.join(operands)})",
        torch_helper=helper,
    )


def _number(text: str) -> float | None:
    """The number that an operand is, in brackets or not; None where it is a name."""
    try:
        return float(text.strip("()"))
    except ValueError:
        return None


def _power_slope(place: int, y: str, operands: Texts) -> str:
    """c·x^(c − 1), worked out where c is a number; x^c·ln x. 0 where x^c does not change."""
    x, c = operands
    if place == 1:
        if _number(x):
            return f"{y} * np.log({x})"
        return f"np.where({x} == 0, 0.0, {y} * np.log(np.where({x} == 0, 1.0, {x})))"
    exponent = _number(c)
    if exponent is None:
        return f"{c} * {x} ** np.where({c} == 0, 1.0, {c} - 1)"
    if exponent in (0, 1, 2):
        return (f"0.0 * {x}", "1", f"2 * {x}")[int(exponent)]
    return f"{c} * {x} ** {exponent - 1!r}"


_NORMAL = '''
import math


@np.vectorize
def Phi(z):
    """The share of a normal distribution that is below z."""
    return math.erfc(-z / math.sqrt(2)) / 2
'''

SPELLINGS = {
    "copy": _sign("{0}", "1", torch="{0} * 1"),
    "neg": _sign("-{0}", "-1"),
    "add": _sign("{0} + {1}", "1", "1"),
    "sub": _sign("{0} - {1}", "1", "-1"),
    "mul": _sign("{0} * {1}", "{1}", "{0}"),
    "div": _sign("{0} / {1}", "1 / {1}", "-{0} / {1} ** 2"),
    "pow": Spelling(template("{0} ** {1}"), _power_slope, template("{0} ** {1}")),
    "exp": _function("exp", "{y}"),
    "log": _function("log", "1 / {0}"),
    "sqrt": _function("sqrt", "1 / (2 * {y})"),
    "sin": _function("sin", "np.cos({0})"),
    "cos": _function("cos", "-np.sin({0})"),
    "tan": _function("tan", "1 + {y} ** 2"),
    "abs": _function("abs", "np.sign({0})"),
    "max": _chosen("np.maximum", "largest", "largest", ">="),
    "min": _chosen("np.minimum", "smallest", "smallest", "<="),
    "tanh": _function("tanh", "1 - {y} ** 2", ("tanh",)),
    "sigmoid": _row(
        "1 / (1 + np.exp(-{0}))", "{y} * (1 - {y})", "torch.sigmoid({0})", ("sigmoid",)
    ),
    "relu": _row("np.maximum({0}, 0)", "np.where({0} > 0, 1.0, 0.0)", "torch.relu({0})", ("relu",)),
    # That of Keras lets other shares through.
    "leaky_relu": _row(
        "np.where({0} > 0, {0}, 0.01 * {0})",
        "np.where({0} > 0, 1.0, 0.01)",
        "torch.where({0} > 0, {0}, 0.01 * {0})",
    ),
    "elu": _row(
        "np.where({0} > 0, {0}, np.expm1(np.minimum({0}, 0)))",
        "np.exp(np.minimum({0}, 0))",
        "torch.nn.functional.elu({0})",
        ("elu",),
    ),
    # torch.nn.functional.softplus goes over to z from 20 on.
    "softplus": _row(
        "np.logaddexp(0, {0})",
        "1 / (1 + np.exp(-{0}))",
        "torch.logaddexp({0}, torch.tensor(0.0))",
        ("softplus",),
    ),
    "gelu": _row(
        "{0} * Phi({0})",
        "Phi({0}) + {0} * np.exp(-({0} ** 2) / 2) / np.sqrt(2 * np.pi)",
        "torch.nn.functional.gelu({0})",
        ("gelu",),
        _NORMAL,
    ),
    "swish": _row(
        "{0} / (1 + np.exp(-{0}))",
        "(1 + {0} / (1 + np.exp({0}))) / (1 + np.exp(-{0}))",
        "torch.nn.functional.silu({0})",
        ("silu", "swish"),
    ),
    # Where nothing depends on z PyTorch has no gradient, not even 0.
    "step": _row(
        "np.where({0} >= 0, 1.0, 0.0)",
        "0.0 * {0}",
        "torch.where({0} >= 0, 1.0, 0.0) + 0 * {0}",
    ),
    "softmax": _row(
        "softmax({0})",
        "np.diag({y}) - np.outer({y}, {y})",
        "torch.softmax({0}, 0)",
        ("softmax",),
    ),
}


def of_keras(name: str) -> str | None:
    """The activation that Keras calls so; None where there is none.

    >>> of_keras("linear"), of_keras("tanh"), of_keras("mish")
    ('identity', 'tanh', None)
    """
    if name == "linear":
        return activations()[0]
    return next((own for own, each in SPELLINGS.items() if name in each.keras), None)


@dataclass(frozen=True)
class LossSpelling:
    """A loss: templates with {o}, {t} and {n}; its sum and divisor are those of its own row."""

    term: str
    """In NumPy."""
    slope: str
    """Of the whole loss, in NumPy."""
    torch: str
    """A term in PyTorch."""
    fused: str = ""
    """A term in PyTorch out of {z}, where it is one step with the activation before it."""


_SQUARE = "({o} - {t}) ** 2"
_LOG = "-{t} * {library}.log({library}.where({t} == 0, 1.0, {o}))"
_OTHER = " - (1 - {t}) * {library}.log(1 - {library}.where({t} == 1, 0.0, {o}))"
_FAR = "{library}.abs({o} - {t})"
_HUBER = f"{{library}}.where({_FAR} <= 1, 0.5 * ({{o}} - {{t}}) ** 2, {_FAR} - 0.5)"
_ABOVE = "np.where({t} == 0, 1.0, {o})"


def _in(library: str, text: str) -> str:
    return text.replace("{library}", library)


LOSS_SPELLINGS = {
    "mse": LossSpelling(_SQUARE, "2 * ({o} - {t}) / {n}", _SQUARE),
    "sse": LossSpelling(_SQUARE, "2 * ({o} - {t})", _SQUARE),
    "half_sse": LossSpelling(_SQUARE, "{o} - {t}", _SQUARE),
    "bce": LossSpelling(
        _in("np", _LOG + _OTHER),
        "({o} - {t}) / ({o} * (1 - {o})) / {n}",
        _in("torch", _LOG + _OTHER),
    ),
    "cross_entropy": LossSpelling(
        _in("np", _LOG),
        f"-{{t}} / {_ABOVE}",
        _in("torch", _LOG),
        "-{t} * torch.log_softmax({z}, 0)",
    ),
    "mae": LossSpelling("np.abs({o} - {t})", "np.sign({o} - {t}) / {n}", "torch.abs({o} - {t})"),
    "huber": LossSpelling(
        _in("np", _HUBER), "np.clip({o} - {t}, -1, 1) / {n}", _in("torch", _HUBER)
    ),
    "hinge": LossSpelling(
        "np.maximum(1 - {t} * {o}, 0)",
        "np.where({t} * {o} < 1, -{t}, 0.0) / {n}",
        "torch.relu(1 - {t} * {o})",
    ),
}
"""A term whose weight is 0 has no logarithm: it is taken of 1."""


@dataclass(frozen=True)
class UpdateSpelling:
    """An update rule: templates with {g} the gradient, {lr}, {k}, {library} and its parts.

    Its own numbers go by their names; what stands in R(…) is an elementary result, as is the whole.
    """

    step: str
    parts: Mapping[str, str] = field(default_factory=dict)
    """By name; a part's own name in it is what it was before."""


_ROLLING = {"m": "R(beta * {m}) + {g}"}
_MEANS = {
    "m": "R(beta1 * {m}) + R((1 - beta1) * {g})",
    "v": "R(beta2 * {v}) + R((1 - beta2) * R({g} ** 2))",
    "mhat": "{m} / (1 - beta1 ** {k})",
    "vhat": "{v} / (1 - beta2 ** {k})",
}
_BY_ROOT = "R({lr} * {g}) / (R({library}.sqrt({v})) + epsilon)"
_ADAM = UpdateSpelling("R({lr} * {mhat}) / (R({library}.sqrt({vhat})) + epsilon)", _MEANS)

UPDATE_SPELLINGS = {
    "sgd": UpdateSpelling("{lr} * {g}"),
    "momentum": UpdateSpelling("{lr} * {m}", _ROLLING),
    "nesterov": UpdateSpelling("{lr} * R({g} + R(beta * {m}))", _ROLLING),
    "adagrad": UpdateSpelling(_BY_ROOT, {"v": "{v} + R({g} ** 2)"}),
    "rmsprop": UpdateSpelling(_BY_ROOT, {"v": "R(beta * {v}) + R((1 - beta) * R({g} ** 2))"}),
    "adam": _ADAM,
    "adamw": _ADAM,
}
RATE_SPELLINGS = {
    "step": "learning_rate * {factor} ** ({done} // {every})",
    "inverse": "learning_rate / (1 + {rate} * {done})",
}
"""Schedules of the learning rate, {done} updates being done."""
