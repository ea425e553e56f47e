"""How operations, losses and the update are written in programs of one's own, and called elsewhere.

A table beside those of operations and losses: what has no row here, or an empty place in it, is
refused by whoever writes a program. In NumPy the way back is written out; PyTorch finds it itself
(its derivatives at a kink are those of docs/scenario-format.md: 0 for a ReLU's 0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nnhs_tui.operations.formulas import fixed, template
from nnhs_tui.operations.table import activations

Texts = Sequence[str]


@dataclass(frozen=True)
class Spelling:
    """An operation; operands come as text that may stand beside any sign."""

    numpy: Callable[[Texts], str]
    """Operands → the result."""
    slope: Callable[[int, str, Texts], str]
    """(operand's place, result, operands) → the local derivative; of a softmax, whose operand is
    the z of a layer, the matrix of them."""
    torch: Callable[[Texts], str] | None = None
    """Operands → the result."""
    keras: tuple[str, ...] = ()
    """What Keras calls the activation that is the very same function."""


def _function(name: str, slope: str, keras: tuple[str, ...] = ()) -> Spelling:
    """A function that both libraries have by this name."""
    numpy, torch = (template(f"{library}.{name}({{0}})") for library in ("np", "torch"))
    return Spelling(numpy, fixed(slope), torch, keras)


def _sign(text: str, *slopes: str, torch: str = "") -> Spelling:
    """Python's own sign, which both libraries understand."""
    return Spelling(template(text), fixed(*slopes), template(torch or text))


def _chosen(name: str) -> Spelling:
    """The first of the largest, or smallest; Python's own takes the first, and so does argmax."""
    together = ", ".join
    return Spelling(
        lambda operands: f"{name}({together(operands)})",
        lambda place, y, operands: (
            f"(1.0 if np.arg{name}([{together(operands)}]) == {place} else 0.0)"
        ),
        # A number of its own: its gradient is not that of the one taken.
        lambda operands: f"{name}({together(operands)}) * 1",
    )


def _power_slope(place: int, y: str, operands: Texts) -> str:
    """c·x^(c − 1), worked out where c is a number; x^c·ln x. 0 where x^c does not change."""
    x, c = operands
    if place == 1:
        return f"({y} * np.log({x}) if {x} != 0 else 0.0)"
    try:
        exponent = float(c.strip("()"))
    except ValueError:
        return f"({c} * {x} ** ({c} - 1) if {c} != 0 else 0.0)"
    if exponent in (0, 1, 2):
        return ("0.0", "1", f"2 * {x}")[int(exponent)]
    return f"{c} * {x} ** {exponent - 1!r}"


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
    "tanh": _function("tanh", "1 - {y} ** 2", keras=("tanh",)),
    "sigmoid": Spelling(
        template("1 / (1 + np.exp(-{0}))"),
        fixed("{y} * (1 - {y})"),
        template("torch.sigmoid({0})"),
        ("sigmoid",),
    ),
    "relu": Spelling(
        template("np.maximum({0}, 0)"),
        fixed("np.where({0} > 0, 1.0, 0.0)"),
        template("torch.relu({0})"),
        ("relu",),
    ),
    "max": _chosen("max"),
    "min": _chosen("min"),
    "softmax": Spelling(
        template("softmax({0})"),
        fixed("np.diag({y}) - np.outer({y}, {y})"),
        template("torch.softmax({0}, 0)"),
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
}
"""A term whose weight is 0 has no logarithm: it is taken of 1."""

UPDATE_SPELLINGS = {"sgd": "learning_rate * {gradient}"}
"""What an update takes off, the same in both."""
