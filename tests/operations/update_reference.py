"""Update rules worked a second time, for tests: PyTorch's published rules, and the same by hand.

In doubles as torch.optim documents them (SGD with momentum and nesterov, Adagrad, RMSprop, Adam,
AdamW; version 2.x, "Algorithm" boxes), one parameter at a time in plain Python. By hand with every
result rounded, as docs/scenario-format.md says, in `Decimal`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, getcontext
from typing import Any

KINDS = ("sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw")


class Torch:
    """One parameter under an optimizer of PyTorch."""

    def __init__(self, kind: str, lr: float, weight_decay: float = 0.0) -> None:
        self.kind, self.lr, self.weight_decay = kind, lr, weight_decay
        self.buffer: float | None = None
        self.sum = self.square_avg = self.exp_avg = self.exp_avg_sq = 0.0
        self.step_count = 0

    def state(self) -> dict[str, float]:
        return {
            "momentum": {"m": self.buffer or 0.0},
            "nesterov": {"m": self.buffer or 0.0},
            "adagrad": {"v": self.sum},
            "rmsprop": {"v": self.square_avg},
            "adam": {"m": self.exp_avg, "v": self.exp_avg_sq},
            "adamw": {"m": self.exp_avg, "v": self.exp_avg_sq},
        }.get(self.kind, {})

    def step(self, w: float, g: float) -> float:
        self.step_count += 1
        if self.kind == "adamw":
            w *= 1 - self.lr * self.weight_decay
        else:
            g += self.weight_decay * w
        if self.kind in ("sgd", "momentum", "nesterov"):
            if self.kind != "sgd":
                self.buffer = g if self.buffer is None else 0.9 * self.buffer + g
                g = g + 0.9 * self.buffer if self.kind == "nesterov" else self.buffer
            return w - self.lr * g
        if self.kind == "adagrad":
            self.sum += g * g
            return w - self.lr * g / (math.sqrt(self.sum) + 1e-10)
        if self.kind == "rmsprop":
            self.square_avg = 0.99 * self.square_avg + 0.01 * g * g
            return w - self.lr * g / (math.sqrt(self.square_avg) + 1e-8)
        self.exp_avg = 0.9 * self.exp_avg + 0.1 * g
        self.exp_avg_sq = 0.999 * self.exp_avg_sq + 0.001 * g * g
        corrected1 = 1 - 0.9**self.step_count
        corrected2 = 1 - 0.999**self.step_count
        denominator = math.sqrt(self.exp_avg_sq) / math.sqrt(corrected2) + 1e-8
        return w - self.lr / corrected1 * self.exp_avg / denominator


class ByHand:
    """The same with every result rounded to so many decimals."""

    def __init__(self, kind: str, lr: str, digits: int, weight_decay: str = "0") -> None:
        getcontext().prec = 60
        self.kind, self.lr, self.decay = kind, Decimal(lr), Decimal(weight_decay)
        self.unit = Decimal(1).scaleb(-digits)
        self.m = self.v = Decimal(0)
        self.k = 0

    def r(self, value: Decimal) -> Decimal:
        return value.quantize(self.unit, rounding=ROUND_HALF_UP)

    def state(self) -> dict[str, Decimal]:
        names = {"adagrad": "v", "rmsprop": "v", "momentum": "m", "nesterov": "m", "sgd": ""}
        return {name: getattr(self, name) for name in names.get(self.kind, "mv")}

    def over(self, top: Decimal, square: Decimal, epsilon: str) -> Decimal:
        return self.r(self.r(self.lr * top) / (self.r(square.sqrt()) + Decimal(epsilon)))

    def step(self, w: Decimal, g: Decimal) -> Decimal:
        r, beta, self.k = self.r, Decimal("0.9"), self.k + 1
        old = w
        if self.kind == "adamw":
            w = r(w - r(self.lr * self.decay * old))
        elif self.decay:
            g = r(g + r(self.decay * w))
        if self.kind == "sgd":
            return r(w - r(self.lr * g))
        if self.kind in ("momentum", "nesterov"):
            self.m = r(r(beta * self.m) + g)
            ahead = r(g + r(beta * self.m)) if self.kind == "nesterov" else self.m
            return r(w - r(self.lr * ahead))
        if self.kind == "adagrad":
            self.v = r(self.v + r(g * g))
            return r(w - self.over(g, self.v, "1e-10"))
        if self.kind == "rmsprop":
            self.v = r(r(Decimal("0.99") * self.v) + r(Decimal("0.01") * r(g * g)))
            return r(w - self.over(g, self.v, "1e-8"))
        b2 = Decimal("0.999")
        self.m = r(r(beta * self.m) + r((1 - beta) * g))
        self.v = r(r(b2 * self.v) + r((1 - b2) * r(g * g)))
        mhat, vhat = r(self.m / (1 - beta**self.k)), r(self.v / (1 - b2**self.k))
        return r(w - self.over(mhat, vhat, "1e-8"))


def walked(rule: Any, w: Any, gradient: Any, count: int) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(new w, state) after each of so many updates; the gradient is a function of w."""
    for _ in range(count):
        w = rule.step(w, gradient(w))
        yield w, dict(rule.state())


def close(found: Sequence[float], wanted: Sequence[float]) -> bool:
    """Whether doubles that were worked out in another order are the same."""
    return all(
        math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-12) for a, b in zip(found, wanted, strict=True)
    )
