"""The two arithmetics.

Exact arithmetic is IEEE double precision throughout. Hand arithmetic rounds every elementary
result half away from zero to a number of decimals, as a pupil does on paper; it works on
`decimal.Decimal` objects, so that 0.285 rounds to 0.29 though no double holds 0.285. Both work on
numpy arrays and on single numbers through the same methods, so an operation is written once.
"""

from __future__ import annotations

import decimal
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from nnhs_tui.operations.numerals import Number, as_decimal
from nnhs_tui.operations.pi import pi
from nnhs_tui.operations.special import (
    decimal_density,
    decimal_expm1,
    decimal_normal,
    decimal_softplus,
    exact_density,
    exact_normal,
    exact_softplus,
)

PRECISION = 60
"""Digits hand arithmetic carries inside one operation, before its result is rounded."""

LARGEST = Decimal(10) ** 12
"""Hand arithmetic refuses results beyond this size (docs/scenario-format.md)."""


def added(terms: Sequence[Any]) -> Any:
    """Numbers added up from left to right, each step as the arithmetic adds two; at least one.

    Python's own `sum` carries what doubles lose along from 3.12 on, so that its last bit depends
    on the version.

    >>> added([0.1] * 10), added([Decimal("0.1")] * 10)
    (0.9999999999999999, Decimal('1.0'))
    """
    return reduce(add, terms)


class Arithmetic(ABC):
    """How numbers are held, rounded and put through functions.

    Every method takes single numbers and arrays alike. What is not a number (an overflow, the
    logarithm of 0) comes back as NaN or infinity; the record finds the node that did it.
    """

    name: str
    digits: int
    dtype: type
    one: Any

    @abstractmethod
    def number(self, written: Decimal) -> Number:
        """A number of the scenario, as written."""

    def array(self, written: Iterable[Decimal]) -> np.ndarray:
        """Numbers of the scenario, as written, as a vector."""
        return np.array([self.number(each) for each in written], dtype=self.dtype)

    @abstractmethod
    def drawn(self, values: np.ndarray) -> np.ndarray:
        """Numbers drawn at random (doubles), as parameters."""

    @abstractmethod
    def round(self, value: Any) -> Any:
        """r(…) of the contract: nothing in exact arithmetic, rounding to `digits` in hand."""

    def settle(self, values: np.ndarray) -> None:
        """Round an array in place."""
        values[...] = self.round(values)

    @abstractmethod
    def multiply(self, a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """r(a·b) over arrays, into `out` where it is given."""

    @abstractmethod
    def all_finite(self, values: np.ndarray) -> bool:
        """Whether every number can be carried on."""

    @abstractmethod
    def finite(self, values: Any) -> Any:
        """Where `values` are numbers that can be carried on."""

    @abstractmethod
    def protected(self) -> AbstractContextManager[Any]:
        """Within it, operations yield NaN or infinity instead of raising or warning."""

    @abstractmethod
    def function(self, name: str, *args: Any) -> Any:
        """One of the functions in `_EXACT` and `_HAND`, not yet rounded."""


class Exact(Arithmetic):
    """IEEE double precision; `digits` is only how many decimals are shown."""

    name = "exact"
    dtype = np.float64
    one = np.float64(1)

    def __init__(self, digits: int = 2) -> None:
        self.digits = digits

    def number(self, written: Decimal) -> Number:
        return np.float64(float(written))

    def array(self, written: Iterable[Decimal]) -> np.ndarray:
        return np.fromiter(map(float, written), np.float64)

    def drawn(self, values: np.ndarray) -> np.ndarray:
        return values

    def round(self, value: Any) -> Any:
        return value

    def settle(self, values: np.ndarray) -> None:
        pass

    def multiply(self, a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        product: np.ndarray = np.multiply(a, b, out)
        return product

    def all_finite(self, values: np.ndarray) -> bool:
        # A finite sum has finite terms; only a sum that is not finite needs a second look.
        return math.isfinite(np.add.reduce(values)) or bool(np.isfinite(values).all())

    def finite(self, values: Any) -> Any:
        return np.isfinite(values)

    def protected(self) -> AbstractContextManager[Any]:
        return np.errstate(all="ignore")

    def function(self, name: str, *args: Any) -> Any:
        return _EXACT[name](*args)


def _exact_sigmoid(z: Any) -> Any:
    """1/(1+exp(−z)) without overflow: exp is only taken of −|z|."""
    e = np.exp(-np.abs(z))
    if isinstance(z, float):
        return (1.0 if z >= 0 else e) / (1.0 + e)
    return np.where(z >= 0, 1.0, e)[()] / (1.0 + e)


_EXACT: dict[str, Callable[..., Any]] = {
    "exp": np.exp,
    "log": np.log,
    "sqrt": np.sqrt,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "tan": np.tan,
    "abs": np.abs,
    "power": np.power,
    "sigmoid": _exact_sigmoid,
    "expm1": np.expm1,
    "softplus": exact_softplus,
    "normal": exact_normal,
    "density": exact_density,
}


class Hand(Arithmetic):
    """Every result rounded half away from zero to `digits` decimals before it is used again."""

    name = "hand"
    dtype = object
    one = Decimal(1)

    def __init__(self, digits: int = 2) -> None:
        self.digits = digits
        unit = Decimal(1).scaleb(-digits)
        half_up = decimal.ROUND_HALF_UP
        overflow = Decimal("Infinity")

        def rounded(value: Any) -> Decimal:
            number: Decimal = value if isinstance(value, Decimal) else Decimal(int(value))
            if not number.is_finite():
                return number
            if abs(number) > LARGEST:
                return overflow.copy_sign(number)
            result = number.quantize(unit, rounding=half_up)
            return result if result else abs(result)

        self._round = np.frompyfunc(rounded, 1, 1)

    def number(self, written: Decimal) -> Number:
        return written

    def drawn(self, values: np.ndarray) -> np.ndarray:
        decimals = np.array([as_decimal(each) for each in values.ravel()], dtype=object)
        with self.protected():
            rounded: np.ndarray = self._round(decimals).reshape(values.shape)
        return rounded

    def round(self, value: Any) -> Any:
        return self._round(value)

    def multiply(self, a: np.ndarray, b: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        product = self._round(a * b)
        if out is None:
            return np.asarray(product)
        out[...] = product
        return out

    def all_finite(self, values: np.ndarray) -> bool:
        return bool(np.all(_IS_FINITE(values)))

    def finite(self, values: Any) -> Any:
        found = _IS_FINITE(values)
        return found.astype(bool) if isinstance(found, np.ndarray) else bool(found)

    def protected(self) -> AbstractContextManager[Any]:
        return decimal.localcontext(
            decimal.Context(prec=PRECISION, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN, traps=[])
        )

    def function(self, name: str, *args: Any) -> Any:
        return _HAND[name](*args)


class Unrounded(Hand):
    """Decimals as in hand arithmetic, carried on with all their digits."""

    def round(self, value: Any) -> Any:
        return value


def _decimal_exp(x: Decimal) -> Decimal:
    # Past these the result is an overflow or rounds to 0 whatever follows, and Decimal.exp is slow.
    if x > 1000:
        return Decimal("Infinity")
    return Decimal(0) if x < -1000 else x.exp()


def _decimal_sigmoid(z: Decimal) -> Decimal:
    e = _decimal_exp(-abs(z))
    return (Decimal(1) if z >= 0 else e) / (1 + e)


def _decimal_tanh(z: Decimal) -> Decimal:
    e = _decimal_exp(-2 * abs(z))
    return ((1 - e) / (1 + e)).copy_sign(z)


def _decimal_power(base: Decimal, exponent: Decimal) -> Decimal:
    if not exponent:
        return Decimal(1)
    if not base and exponent < 0:
        return Decimal("Infinity")
    return base**exponent


def _decimal_sine(x: Decimal) -> Decimal:
    """sin x by its Taylor series, after taking off whole turns."""
    # A large angle has as many turns as digits before its point; so many more π needs.
    turns = max(0, x.adjusted()) if x.is_finite() else 0
    with decimal.localcontext(decimal.Context(prec=PRECISION + 20 + turns, traps=[])):
        x = x.remainder_near(2 * pi(PRECISION + 30 + turns))
    with decimal.localcontext(decimal.Context(prec=PRECISION + 20, traps=[])):
        term = total = x
        n = 1
        while term and abs(term) > Decimal(1).scaleb(-PRECISION):
            term *= -x * x / ((n + 1) * (n + 2))
            total += term
            n += 2
        return total


def _decimal_cosine(x: Decimal) -> Decimal:
    turns = max(0, x.adjusted()) if x.is_finite() else 0
    with decimal.localcontext(decimal.Context(prec=PRECISION + 20 + turns, traps=[])):
        return _decimal_sine(x + pi(PRECISION + 30 + turns) / 2)


def _decimal_tangent(x: Decimal) -> Decimal:
    return _decimal_sine(x) / _decimal_cosine(x)


_IS_FINITE = np.frompyfunc(Decimal.is_finite, 1, 1)
_HAND: dict[str, Callable[..., Any]] = {
    "exp": np.frompyfunc(_decimal_exp, 1, 1),
    "log": np.frompyfunc(Decimal.ln, 1, 1),
    "sqrt": np.frompyfunc(Decimal.sqrt, 1, 1),
    "sin": np.frompyfunc(_decimal_sine, 1, 1),
    "cos": np.frompyfunc(_decimal_cosine, 1, 1),
    "tanh": np.frompyfunc(_decimal_tanh, 1, 1),
    "sigmoid": np.frompyfunc(_decimal_sigmoid, 1, 1),
    "power": np.frompyfunc(_decimal_power, 2, 1),
    "tan": np.frompyfunc(_decimal_tangent, 1, 1),
    "abs": np.frompyfunc(abs, 1, 1),
    "expm1": np.frompyfunc(decimal_expm1, 1, 1),
    "softplus": np.frompyfunc(decimal_softplus, 1, 1),
    "normal": np.frompyfunc(decimal_normal, 1, 1),
    "density": np.frompyfunc(decimal_density, 1, 1),
}


def arithmetic(name: str, digits: int) -> Arithmetic:
    """The arithmetic of that name: "exact" or "hand"."""
    return Hand(digits) if name == "hand" else Exact(digits)
