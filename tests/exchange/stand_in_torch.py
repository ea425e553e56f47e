"""What a script uses of PyTorch, by PyTorch's rules, in NumPy: nothing else is there.

Its documentation says: a tensor that requires a gradient is a leaf, or the result of such; `grad`
of a result is kept only after `retain_grad`; `backward` adds to `grad` and needs a single number;
a result that is worked under `no_grad` requires none; relu's derivative at 0 is 0; `where` hands
its gradient to the side that was taken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

_RECORDS = [True]


def _fitted(gradient: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """A gradient of a number that was repeated: the sum over what it was repeated along."""
    while gradient.ndim > len(shape):
        gradient = gradient.sum(axis=0)
    return gradient.reshape(shape)


class Tensor:
    def __init__(self, value: Any, requires_grad: bool = False) -> None:
        self.value = np.array(value, np.float64)
        self.requires_grad = requires_grad
        self.grad: Tensor | None = None
        self.parents: list[tuple[Tensor, Callable[[np.ndarray], np.ndarray]]] = []
        self.keeps = requires_grad

    def requires_grad_(self) -> Tensor:
        assert not self.parents, "only leaves can be told so"
        self.requires_grad = self.keeps = True
        return self

    def retain_grad(self) -> None:
        assert self.requires_grad, "can't retain_grad on Tensor that has requires_grad=False"
        self.keeps = True

    def detach(self) -> Tensor:
        return Tensor(self.value)

    def tolist(self) -> Any:
        return self.value.tolist()

    def sum(self) -> Tensor:
        return _made(self.value.sum(), (self, lambda g: np.broadcast_to(g, self.value.shape)))

    def backward(self) -> None:
        assert self.requires_grad and self.value.size == 1
        order: list[Tensor] = []
        seen: set[int] = set()

        def visit(tensor: Tensor) -> None:
            if id(tensor) not in seen:
                seen.add(id(tensor))
                for parent, _ in tensor.parents:
                    visit(parent)
                order.append(tensor)

        visit(self)
        arriving = {id(self): np.ones_like(self.value)}
        for tensor in reversed(order):
            gradient = arriving.pop(id(tensor), None)
            if gradient is None:
                continue
            if tensor.keeps:
                before = 0.0 if tensor.grad is None else tensor.grad.value
                tensor.grad = Tensor(before + gradient)
            for parent, slope in tensor.parents:
                part = _fitted(slope(gradient), parent.value.shape)
                arriving[id(parent)] = arriving.get(id(parent), 0.0) + part
        for tensor in order:
            tensor.parents = []

    def __neg__(self) -> Tensor:
        return _made(-self.value, (self, lambda g: -g))

    def __add__(self, other: Any) -> Tensor:
        a, b = self, _tensor(other)
        return _made(a.value + b.value, (a, lambda g: g), (b, lambda g: g))

    def __mul__(self, other: Any) -> Tensor:
        a, b = self, _tensor(other)
        return _made(a.value * b.value, (a, lambda g: g * b.value), (b, lambda g: g * a.value))

    def __sub__(self, other: Any) -> Tensor:
        return self + -_tensor(other)

    def __truediv__(self, other: Any) -> Tensor:
        a, b = self, _tensor(other)
        slopes = (lambda g: g / b.value), (lambda g: -g * a.value / b.value**2)
        return _made(a.value / b.value, (a, slopes[0]), (b, slopes[1]))

    def __pow__(self, other: Any) -> Tensor:
        x, c = self, _tensor(other)
        with np.errstate(all="ignore"):
            y = x.value**c.value
            in_x = np.where(c.value == 0, 0.0, c.value * x.value ** (c.value - 1))
            in_c = np.where((x.value == 0) & (c.value >= 0), 0.0, y * np.log(x.value))
        return _made(y, (x, lambda g: g * in_x), (c, lambda g: g * in_c))

    def __matmul__(self, other: Tensor) -> Tensor:
        assert self.value.ndim == 1 and other.value.ndim == 2
        slopes = (lambda g: other.value @ g), (lambda g: np.outer(self.value, g))
        return _made(self.value @ other.value, (self, slopes[0]), (other, slopes[1]))

    def __radd__(self, other: float) -> Tensor:
        return _tensor(other) + self

    def __rmul__(self, other: float) -> Tensor:
        return _tensor(other) * self

    def __rsub__(self, other: float) -> Tensor:
        return _tensor(other) - self

    def __rtruediv__(self, other: float) -> Tensor:
        return _tensor(other) / self

    def __rpow__(self, other: float) -> Tensor:
        return _tensor(other) ** self

    def __gt__(self, other: Any) -> Tensor:
        return Tensor(self.value > _tensor(other).value)

    def __ge__(self, other: Any) -> Tensor:
        return Tensor(self.value >= _tensor(other).value)

    def __le__(self, other: Any) -> Tensor:
        return Tensor(self.value <= _tensor(other).value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def __eq__(self, other: object) -> Any:
        return Tensor(self.value == _tensor(other).value)

    def __hash__(self) -> int:
        return id(self)

    def __getitem__(self, place: Any) -> float:
        assert not _RECORDS[0]
        return float(self.value[place])

    def __setitem__(self, place: Any, value: float) -> None:
        assert not self.requires_grad
        self.value[place] = value


def _tensor(value: Any) -> Tensor:
    return value if isinstance(value, Tensor) else Tensor(value)


def _made(value: Any, *parents: tuple[Tensor, Callable[[np.ndarray], np.ndarray]]) -> Tensor:
    """A result, with what hands its gradient on to those operands that want one."""
    wanted = [each for each in parents if each[0].requires_grad and _RECORDS[0]]
    made = Tensor(value)
    made.requires_grad, made.parents = bool(wanted), wanted
    return made


def _function(forward: Callable[..., Any], slope: Callable[[Any, Any], Any]) -> Any:
    """A function of each number: (x), (x, y) → its derivative."""

    def function(x: Tensor) -> Tensor:
        assert isinstance(x, Tensor), "argument 'input' must be Tensor, not float"
        y = forward(x.value)
        return _made(y, (x, lambda g: g * slope(x.value, y)))

    return function


def _softmax(z: Tensor, dim: int) -> Tensor:
    assert dim == 0
    e = np.exp(z.value - z.value.max())
    a = e / e.sum()
    return _made(a, (z, lambda g: a * (g - (g * a).sum())))


def _log_softmax(z: Tensor, dim: int) -> Tensor:
    assert dim == 0
    largest = z.value.max()
    y = z.value - largest - np.log(np.exp(z.value - largest).sum())
    return _made(y, (z, lambda g: g - np.exp(y) * g.sum()))


def _where(condition: Tensor, a: Any, b: Any) -> Tensor:
    first, second, taken = _tensor(a), _tensor(b), condition.value.astype(bool)
    slopes = (lambda g: np.where(taken, g, 0.0)), (lambda g: np.where(taken, 0.0, g))
    made = np.where(taken, first.value, second.value)
    return _made(made, (first, slopes[0]), (second, slopes[1]))


def _logaddexp(a: Tensor, b: Tensor) -> Tensor:
    y = np.logaddexp(a.value, b.value)
    slopes = (lambda g: g * np.exp(a.value - y)), (lambda g: g * np.exp(b.value - y))
    return _made(y, (a, slopes[0]), (b, slopes[1]))


_ERF = np.vectorize(math.erf)


def _normal(z: np.ndarray) -> Any:
    return 0.5 * (1 + _ERF(z / np.sqrt(2)))


def _density(z: np.ndarray) -> Any:
    return np.exp(-0.5 * z * z) / np.sqrt(2 * np.pi)


def _share(z: np.ndarray) -> Any:
    return 1 / (1 + np.exp(-z))


FUNCTIONAL = {
    "elu": (lambda z: np.where(z > 0, z, np.exp(z) - 1), lambda z, y: np.where(z > 0, 1, y + 1)),
    "gelu": (lambda z: z * _normal(z), lambda z, y: _normal(z) + z * _density(z)),
    "silu": (lambda z: z * _share(z), lambda z, y: _share(z) + y * (1 - _share(z))),
}


@contextmanager
def _no_grad() -> Iterator[None]:
    _RECORDS[0] = False
    try:
        yield
    finally:
        _RECORDS[0] = True


def _set_default_dtype(dtype: object) -> None:
    assert dtype == "float64", "single precision would not give the same numbers"


def stand_in() -> ModuleType:
    """The module."""
    torch = ModuleType("torch")
    found: dict[str, Any] = {
        "float64": "float64",
        "set_default_dtype": _set_default_dtype,
        "tensor": Tensor,
        "no_grad": _no_grad,
        "where": _where,
        "softmax": _softmax,
        "log_softmax": _log_softmax,
        "logaddexp": _logaddexp,
        "sum": Tensor.sum,
        "clip": lambda x, low, high: Tensor(np.clip(x.value, low, high)),
        "abs": _function(np.abs, lambda x, y: np.sign(x)),
        "tan": _function(np.tan, lambda x, y: 1 + y * y),
        "nn": SimpleNamespace(
            functional=SimpleNamespace(**{k: _function(*v) for k, v in FUNCTIONAL.items()})
        ),
        "exp": _function(np.exp, lambda x, y: y),
        "log": _function(np.log, lambda x, y: 1 / x),
        "sqrt": _function(np.sqrt, lambda x, y: 0.5 / y),
        "sin": _function(np.sin, lambda x, y: np.cos(x)),
        "cos": _function(np.cos, lambda x, y: -np.sin(x)),
        "tanh": _function(np.tanh, lambda x, y: 1 - y * y),
        "sigmoid": _function(lambda x: 1 / (1 + np.exp(-x)), lambda x, y: y * (1 - y)),
        "relu": _function(lambda x: np.where(x > 0, x, 0.0), lambda x, y: (x > 0).astype(float)),
    }
    vars(torch).update(found)
    return torch
