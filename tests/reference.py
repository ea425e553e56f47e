"""An independent reference for hand arithmetic, and plain autograd code for exact arithmetic.

Nothing here is imported from the program. It is written from the contract's table alone: single
numbers, explicit loops, `decimal` for the functions, `fractions` for the rounding. A scenario is
the dictionary that `tomllib` makes of its text; expressions are read by Python's own parser.
"""

from __future__ import annotations

import ast
import decimal
import math
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.extend import defvjp, primitive

CONTEXT = decimal.Context(prec=90, Emax=decimal.MAX_EMAX, Emin=decimal.MIN_EMIN)
LIMIT = Decimal(10) ** 12
ONE = Decimal(1)


class Impossible(Exception):
    """A number that cannot be computed; holds the name of the quantity."""


def as_decimals(text: str) -> dict[str, Any]:
    """A scenario with every number exactly as written."""
    return tomllib.loads(text, parse_float=Decimal)


def as_doubles(text: str) -> dict[str, Any]:
    return tomllib.loads(text)


def r(value: Decimal | int, digits: int) -> Decimal:
    """Round half away from zero, by whole numbers alone."""
    if isinstance(value, Decimal) and value:
        # With exponents in the thousands whole numbers would take minutes.
        if value.adjusted() > 12:
            raise Impossible("overflow")
        if value.adjusted() < -digits - 2:
            return Decimal(0)
    exact = abs(Fraction(value)) * 10**digits
    whole = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    if whole > 10 ** (12 + digits):
        raise Impossible("overflow")
    return Decimal(whole if value > 0 else -whole).scaleb(-digits) if whole else Decimal(0)


def exp(x: Decimal) -> Decimal:
    if x > 5000:
        raise Impossible("overflow")
    return Decimal(0) if x < -5000 else x.exp()


def sigmoid(z: Decimal) -> Decimal:
    return Decimal(0) if z < -5000 else ONE if z > 5000 else 1 / (1 + exp(-z))


def tanh(z: Decimal) -> Decimal:
    return 2 * sigmoid(2 * z) - 1


def normal(z: Decimal) -> Decimal:
    """Φ(z) by the alternating series of erf; beyond 20 there is nothing left to six decimals."""
    if abs(z) > 20:
        return Decimal(int(z > 0))
    with decimal.localcontext(decimal.Context(prec=300)):
        total, term, k = Decimal(0), z, 0
        while abs(term) > Decimal("1e-120"):
            total += term / (2 * k + 1)
            term, k = -term * z * z / (2 * (k + 1)), k + 1
        return Decimal(1) / 2 + total / (2 * PI).sqrt()


def density(z: Decimal) -> Decimal:
    return exp(-z * z / 2) / (2 * PI).sqrt()


def sign(x: Decimal) -> Decimal:
    return Decimal((x > 0) - (x < 0))


def arctan_inverse(n: int) -> Decimal:
    """arctan(1/n) by its series."""
    total, power, k = Decimal(0), ONE / n, 0
    while abs(power) > Decimal("1e-88"):
        total += power / (2 * k + 1)
        power, k = -power / (n * n), k + 1
    return total


def sin(x: Decimal) -> Decimal:
    pi = 4 * (4 * arctan_inverse(5) - arctan_inverse(239))
    x = x % (2 * pi)
    total, term, k = Decimal(0), x, 1
    while abs(term) > Decimal("1e-85"):
        total += term
        term, k = -term * x * x / ((k + 1) * (k + 2)), k + 2
    return total


def cos(x: Decimal) -> Decimal:
    pi = 4 * (4 * arctan_inverse(5) - arctan_inverse(239))
    return sin(x + pi / 2)


with decimal.localcontext(CONTEXT):
    PI = 4 * (4 * arctan_inverse(5) - arctan_inverse(239))

HUNDREDTH = Decimal("0.01")
FURTHER: dict[str, tuple[Callable[[Decimal], Decimal], Callable[[Decimal], Decimal]]] = {
    "leaky_relu": (
        lambda z: z if z > 0 else z * HUNDREDTH,
        lambda z: ONE if z > 0 else HUNDREDTH,
    ),
    "elu": (lambda z: z if z > 0 else exp(z) - 1, lambda z: ONE if z > 0 else exp(z)),
    "softplus": (lambda z: (1 + exp(z)).ln(), sigmoid),
    "gelu": (lambda z: z * normal(z), lambda z: normal(z) + z * density(z)),
    "swish": (
        lambda z: z * sigmoid(z),
        lambda z: sigmoid(z) + z * sigmoid(z) * (1 - sigmoid(z)),
    ),
    "step": (lambda z: ONE if z >= 0 else Decimal(0), lambda z: Decimal(0)),
}
"""Activation → (a, its slope), each of z and not rounded."""


def power(x: Decimal, c: Decimal) -> Decimal:
    if c == 0:
        return ONE
    if x == 0:
        if c < 0:
            raise Impossible("division by 0")
        return Decimal(0)
    return x**c


_rounded = r


@dataclass
class Result:
    """Values and gradients of one sample by the contract's names."""

    values: dict[str, Decimal] = field(default_factory=dict)
    gradients: dict[str, Decimal] = field(default_factory=dict)


def initial(data: dict[str, Any], drawn: dict[str, Any] | None = None) -> dict[str, Decimal]:
    """The parameters by name; weights that are drawn are given, as rows."""
    if "graph" in data:
        return {k: Decimal(v) for k, v in data["graph"].get("parameters", {}).items()}
    found = {}
    for name, layer in layers_of(data):
        for i, row in enumerate(layer["weights"] if "weights" in layer else drawn[name], 1):
            for j, weight in enumerate(row, 1):
                found[f"{name}.W[{i},{j}]"] = Decimal(weight)
        for j, bias in enumerate(layer.get("bias") or [], 1):
            found[f"{name}.b[{j}]"] = Decimal(bias)
    return found


def layers_of(data: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    listed = data["network"]["layers"]
    return [(layer.get("name", f"layer{k}"), layer) for k, layer in enumerate(listed, 1)]


def samples_of(data: dict[str, Any]) -> list[dict[str, Any]]:
    return data.get("samples") or [{}]


def hand_sample(
    data: dict[str, Any], digits: int, parameters: dict[str, Decimal], sample: dict[str, Any]
) -> Result:
    """One sample forward and backward in hand arithmetic."""
    with decimal.localcontext(CONTEXT):
        try:
            if "graph" in data:
                return HandGraph(data, digits, parameters, sample).run()
            return HandNetwork(data, digits, parameters, sample).run()
        except (decimal.InvalidOperation, decimal.DivisionByZero) as error:
            raise Impossible(str(error)) from error


def hand_rounds(
    data: dict[str, Any], digits: int, rounds: int, drawn: dict[str, Any] | None = None
) -> Iterator[dict[str, Any]]:
    """Every round: what its update used and made of it, by name."""
    training = data.get("training", {})
    rate = Decimal(training.get("learning_rate", Decimal("0.1")))
    mean = training.get("reduction", "mean") == "mean"
    parameters = initial(data, drawn)
    samples = samples_of(data)
    for _ in range(rounds):
        results = [hand_sample(data, digits, parameters, each) for each in samples]
        with decimal.localcontext(CONTEXT):

            def reduced(numbers: list[Decimal]) -> Decimal:
                if len(numbers) == 1:
                    return numbers[0]
                total = sum(numbers, Decimal(0))
                return r(total / len(numbers), digits) if mean else r(total, digits)

            total = {k: reduced([each.gradients[k] for each in results]) for k in parameters}
            step = {k: r(rate * total[k], digits) for k in parameters}
            after = {
                k: v if is_frozen(k, training.get("frozen", [])) else r(v - step[k], digits)
                for k, v in parameters.items()
            }
            losses = [each.values["loss"] for each in results if "loss" in each.values]
            yield {
                "results": results,
                "before": parameters,
                "accumulated": total,
                "step": step,
                "after": after,
                "loss": reduced(losses) if losses else None,
            }
        parameters = after


def is_frozen(name: str, frozen: list[str]) -> bool:
    """`hidden.W[1,2]` is frozen by "hidden.W" and by its own name."""
    return name in frozen or name.partition("[")[0] in frozen


def is_formula(activation: str) -> bool:
    return not activation.isidentifier() or activation == "z"


class HandNetwork:
    """Layers of neurons, one product at a time."""

    def __init__(
        self, data: dict[str, Any], digits: int, parameters: dict[str, Decimal], sample: dict
    ) -> None:
        self.data, self.digits, self.parameters, self.sample = data, digits, parameters, sample
        self.v: dict[str, Decimal] = dict(parameters)
        self.g: dict[str, Decimal] = {}
        self.circuit = data.get("sigmoid", "shortcut") == "circuit"
        named = data["network"]["inputs"]
        self.inputs = named if isinstance(named, list) else [f"x[{i + 1}]" for i in range(named)]
        self.loss = data.get("loss", {}).get("kind")

    def r(self, value: Decimal) -> Decimal:
        return r(value, self.digits)

    def run(self) -> Result:
        for name, x in zip(self.inputs, self.sample["x"], strict=True):
            self.v[name] = Decimal(x)
        arriving = self.inputs
        chain = []
        for name, layer in layers_of(self.data):
            m = len([k for k in self.parameters if k.startswith(f"{name}.W[1,")])
            chain.append((name, layer, arriving, m))
            arriving = self.forward(name, layer, arriving, m)
        if self.loss:
            self.loss_forward(arriving)
        self.start_backward(chain[-1], arriving)
        for name, layer, before, m in reversed(chain):
            self.backward(name, layer, before, m)
        return Result(self.v, self.g)

    def forward(self, name: str, layer: dict[str, Any], before: list[str], m: int) -> list[str]:
        v = self.v
        kind = layer.get("activation", "identity")
        for j in range(1, m + 1):
            total = Decimal(0)
            for i, source in enumerate(before, 1):
                product = self.r(v[f"{name}.W[{i},{j}]"] * v[source])
                v[f"{name}.p[{i},{j}]"] = product
                total += product
            if layer.get("bias"):
                total += v[f"{name}.b[{j}]"]
            v[f"{name}.z[{j}]"] = z = self.r(total)
            if kind == "identity":
                v[f"{name}.a[{j}]"] = z
            elif kind == "sigmoid" and self.circuit:
                v[f"{name}.A[{j}]"] = a = self.r(-z)
                v[f"{name}.B[{j}]"] = b = self.r(exp(a))
                v[f"{name}.C[{j}]"] = c = self.r(1 + b)
                v[f"{name}.a[{j}]"] = self.r(1 / c)
            elif is_formula(kind):
                self.formula_forward(name, kind, j)
            elif kind != "softmax":
                function = {"sigmoid": sigmoid, "tanh": tanh, "relu": lambda z: max(z, Decimal(0))}
                forward = FURTHER[kind][0] if kind in FURTHER else function[kind]
                v[f"{name}.a[{j}]"] = self.r(forward(z))
        if kind == "softmax":
            self.softmax(name, m)
        return [f"{name}.a[{j}]" for j in range(1, m + 1)]

    def formula(self, name: str, text: str, j: int) -> list[Elementary]:
        """The nodes from z to a of a neuron, operands by their names."""
        nodes = elementary("a", text, self.circuit)
        called = {each.name: f"{name}.f{k}[{j}]" for k, each in enumerate(nodes, 1)}
        called |= {"a": f"{name}.a[{j}]", "z": f"{name}.z[{j}]"}
        return [
            Elementary(
                called[each.name],
                each.op,
                [called[o] if isinstance(o, str) else o for o in each.operands],
            )
            for each in nodes
        ]

    def formula_forward(self, name: str, text: str, j: int) -> None:
        for node in self.formula(name, text, j):
            given = [o if isinstance(o, Decimal) else self.v[o] for o in node.operands]
            self.v[node.name] = self.r(_FORWARD[node.op](*given))

    def formula_backward(self, name: str, text: str, j: int) -> None:
        self.g[f"{name}.z[{j}]"] = Decimal(0)
        for node in reversed(self.formula(name, text, j)):
            given = [o if isinstance(o, Decimal) else self.v[o] for o in node.operands]
            slopes = slopes_of(node, self.v[node.name], given, self.digits)
            for place, operand in enumerate(node.operands):
                if isinstance(operand, str):
                    before = self.g.get(operand, Decimal(0))
                    self.g[operand] = before + self.r(self.g[node.name] * slopes(place))

    def softmax(self, name: str, m: int) -> None:
        z = [self.v[f"{name}.z[{j}]"] for j in range(1, m + 1)]
        try:
            e = [self.r(exp(each)) for each in z]
        except Impossible:
            e = [Decimal(0)] * m
        if not any(e):
            # Where exp overflows or nothing is left of it, the largest z is taken off first.
            e = [self.r(exp(each - max(z))) for each in z]
        for j in range(1, m + 1):
            self.v[f"{name}.a[{j}]"] = self.r(e[j - 1] / sum(e))

    def loss_forward(self, outputs: list[str]) -> None:
        total, n = Decimal(0), len(outputs)
        for k, (name, target) in enumerate(zip(outputs, self.sample["t"], strict=True), 1):
            o, t = self.v[name], Decimal(target)
            self.v[f"t[{k}]"] = t
            if self.loss in ("mse", "sse", "half_sse"):
                term = self.r((o - t) ** 2)
            elif self.loss == "cross_entropy":
                term = Decimal(0) if t == 0 else self.r(-t * self.log(o))
            elif self.loss == "mae":
                term = self.r(abs(o - t))
            elif self.loss == "huber":
                d = abs(o - t)
                term = self.r(d * d / 2 if d <= 1 else d - Decimal("0.5"))
            elif self.loss == "hinge":
                term = self.r(max(Decimal(0), 1 - t * o))
            else:
                own = Decimal(0) if t == 0 else t * self.log(o)
                other = Decimal(0) if t == 1 else (1 - t) * self.log(1 - o)
                term = self.r(-(own + other))
            self.v[f"loss[{k}]"] = term
            total += term
        means = ("mse", "bce", "mae", "huber", "hinge")
        factor = dict.fromkeys(means, Fraction(1, n)) | {"half_sse": Fraction(1, 2)}
        share = factor.get(self.loss, Fraction(1))
        self.v["loss"] = self.r(total * share.numerator / share.denominator)

    @staticmethod
    def log(x: Decimal) -> Decimal:
        if x <= 0:
            raise Impossible("the logarithm of 0")
        return x.ln()

    def start_backward(self, last: tuple[str, dict, list[str], int], outputs: list[str]) -> None:
        name, layer, _, n = last
        if not self.loss:
            given = self.sample.get("upstream") or self.data.get("backward", {}).get("upstream")
            for output, g in zip(outputs, given or [1] * n, strict=True):
                self.g[output] = Decimal(g)
            return
        for k, output in enumerate(outputs, 1):
            o, t = self.v[output], self.v[f"t[{k}]"]
            if self.loss == "mse":
                self.g[output] = self.r(2 * (o - t) / n)
            elif self.loss == "sse":
                self.g[output] = self.r(2 * (o - t))
            elif self.loss == "half_sse":
                self.g[output] = self.r(o - t)
            elif self.loss == "bce":
                self.g[output] = self.r((o - t) / (o * (1 - o)) / n)
            elif self.loss == "mae":
                self.g[output] = self.r(sign(o - t) / n)
            elif self.loss == "huber":
                self.g[output] = self.r((o - t if abs(o - t) <= 1 else sign(o - t)) / n)
            elif self.loss == "hinge":
                self.g[output] = self.r(-t / n if 1 - t * o > 0 else Decimal(0))
            elif layer.get("activation") == "softmax":
                self.g[f"{name}.z[{k}]"] = self.r(o - t)
            else:
                self.g[output] = Decimal(0) if t == 0 else self.r(-t / o)

    def backward(self, name: str, layer: dict[str, Any], before: list[str], m: int) -> None:
        v, g = self.v, self.g
        kind = layer.get("activation", "identity")
        for j in range(1, m + 1):
            z = f"{name}.z[{j}]"
            if z in g:  # Softmax and cross-entropy were one step.
                continue
            if is_formula(kind):
                self.formula_backward(name, kind, j)
                continue
            if kind == "softmax":
                g[z] = self.r(sum(self.softmax_terms(name, j, m)))
                continue
            a, arriving = v[f"{name}.a[{j}]"], g[f"{name}.a[{j}]"]
            if kind == "identity":
                g[z] = arriving
            elif kind == "sigmoid" and self.circuit:
                c = v[f"{name}.C[{j}]"]
                g[f"{name}.C[{j}]"] = at_c = self.r(arriving * self.r(-1 / c**2))
                g[f"{name}.B[{j}]"] = at_b = self.r(at_c * 1)
                g[f"{name}.A[{j}]"] = at_a = self.r(at_b * v[f"{name}.B[{j}]"])
                g[z] = self.r(at_a * -1)
            elif kind in FURTHER:
                g[z] = self.r(arriving * self.r(FURTHER[kind][1](v[z])))
            else:
                slope = {
                    "sigmoid": lambda a: self.r(a * (1 - a)),
                    "tanh": lambda a: self.r(1 - a * a),
                    "relu": lambda a: ONE if a > 0 else Decimal(0),
                }[kind](a)
                g[z] = self.r(arriving * slope)
        self.sums_backward(name, bool(layer.get("bias")), before, m)

    def softmax_terms(self, name: str, i: int, m: int) -> list[Decimal]:
        a = [self.v[f"{name}.a[{j}]"] for j in range(1, m + 1)]
        slopes = [self.r(a[j] * ((j == i - 1) - a[i - 1])) for j in range(m)]
        return [self.r(self.g[f"{name}.a[{j + 1}]"] * slopes[j]) for j in range(m)]

    def sums_backward(self, name: str, bias: bool, before: list[str], m: int) -> None:
        v, g = self.v, self.g
        for source in before:
            g[source] = Decimal(0)
        for j in range(1, m + 1):
            arriving = g[f"{name}.z[{j}]"]
            if bias:
                g[f"{name}.b[{j}]"] = arriving
            for i, source in enumerate(before, 1):
                g[f"{name}.p[{i},{j}]"] = arriving
                g[f"{name}.W[{i},{j}]"] = self.r(arriving * v[source])
                g[source] += self.r(arriving * v[f"{name}.W[{i},{j}]"])


@dataclass
class Elementary:
    name: str
    op: str
    operands: list[str | Decimal]


def elementary(owner: str, text: str, circuit: bool) -> list[Elementary]:
    """An expression as elementary nodes, read by Python's own parser."""
    numbers = {"e": CONTEXT.exp(ONE), "pi": PI}
    steps: list[Elementary] = []

    def add(op: str, *operands: Any) -> Elementary:
        steps.append(Elementary("", op, list(operands)))
        return steps[-1]

    def call(op: str, *operands: Any) -> Any:
        if op != "sigmoid" or not circuit:
            return add(op, *operands)
        return add("div", ONE, add("add", ONE, add("exp", add("neg", *operands))))

    def walk(node: ast.expr) -> Any:
        if isinstance(node, ast.Constant):
            return Decimal(ast.get_source_segment(text.strip(), node))
        if isinstance(node, ast.Name):
            return numbers.get(node.id, node.id)
        if isinstance(node, ast.Call):
            assert isinstance(node.func, ast.Name)
            return call(node.func.id, *[walk(each) for each in node.args])
        if isinstance(node, ast.UnaryOp):
            inner = walk(node.operand)
            return -inner if isinstance(inner, Decimal) else add("neg", inner)
        assert isinstance(node, ast.BinOp)
        left, right = walk(node.left), walk(node.right)
        op = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.Pow: "pow"}[
            type(node.op)
        ]
        if isinstance(left, Decimal) and isinstance(right, Decimal):
            folded: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
                "add": Decimal.__add__,
                "sub": Decimal.__sub__,
                "mul": Decimal.__mul__,
                "div": Decimal.__truediv__,
                "pow": Decimal.__pow__,
            }
            return folded[op](left, right)
        return add(op, left, right)

    found = walk(ast.parse(text.strip(), mode="eval").body)
    if not steps:
        add("copy", found)
    for place, step in enumerate(steps, 1):
        step.name = owner if place == len(steps) else f"{owner}.{place}"
    for step in steps:
        step.operands = [e.name if isinstance(e, Elementary) else e for e in step.operands]
    return steps


class HandGraph:
    """Named expressions, one elementary node at a time."""

    def __init__(
        self, data: dict[str, Any], digits: int, parameters: dict[str, Decimal], sample: dict
    ) -> None:
        graph = data["graph"]
        self.digits = digits
        inputs = {**graph.get("inputs", {}), **sample}
        self.v = {**parameters, **{k: Decimal(v) for k, v in inputs.items()}}
        circuit = data.get("sigmoid", "shortcut") == "circuit"
        self.nodes = [n for k, v in graph["nodes"].items() for n in elementary(k, v, circuit)]
        self.output = graph.get("output", list(graph["nodes"])[-1])

    def r(self, value: Decimal) -> Decimal:
        return r(value, self.digits)

    def operands(self, node: Elementary) -> list[Decimal]:
        return [e if isinstance(e, Decimal) else self.v[e] for e in node.operands]

    def run(self) -> Result:
        for node in self.nodes:
            self.v[node.name] = self.r(_FORWARD[node.op](*self.operands(node)))
        g = {name: Decimal(0) for name in self.v}
        g[self.output] = ONE
        needed = {self.output}
        for node in reversed(self.nodes):
            if node.name not in needed:
                continue
            slopes = slopes_of(node, self.v[node.name], self.operands(node), self.digits)
            for place, operand in enumerate(node.operands):
                if isinstance(operand, str):
                    needed.add(operand)
                    g[operand] += self.r(g[node.name] * slopes(place))
        return Result(self.v, g)


def slopes_of(
    node: Elementary, y: Decimal, args: list[Decimal], digits: int
) -> Callable[[int], Decimal]:
    """The rounded local derivative by each operand of a node."""

    def r(value: Decimal) -> Decimal:
        return _rounded(value, digits)

    a, b = args[0], args[1] if len(args) > 1 else Decimal(0)
    if node.op in ("max", "min"):
        best = {"max": max, "min": min}[node.op](args)
        return lambda place: ONE if place == args.index(best) else Decimal(0)
    table: dict[str, list[Callable[[], Decimal]]] = {
        "copy": [lambda: ONE],
        "neg": [lambda: -ONE],
        "add": [lambda: ONE, lambda: ONE],
        "sub": [lambda: ONE, lambda: -ONE],
        "mul": [lambda: r(b), lambda: r(a)],
        "div": [lambda: r(1 / b), lambda: r(-a / b**2)],
        "pow": [
            lambda: r(b * power(a, b - 1)) if b else Decimal(0),
            lambda: Decimal(0) if a == 0 and b > 0 else r(y * a.ln()),
        ],
        "exp": [lambda: y],
        "log": [lambda: r(1 / a)],
        "sqrt": [lambda: r(1 / (2 * y))],
        "sin": [lambda: r(cos(a))],
        "cos": [lambda: r(-sin(a))],
        "sigmoid": [lambda: r(y * (1 - y))],
        "tanh": [lambda: r(1 - y**2)],
        "relu": [lambda: ONE if a > 0 else Decimal(0)],
        "tan": [lambda: r(1 + y**2)],
        "abs": [lambda: sign(a)],
    }
    return lambda place: table[node.op][place]()


_FORWARD: dict[str, Callable[..., Decimal]] = {
    "copy": lambda x: x,
    "neg": lambda x: -x,
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b,
    "pow": power,
    "exp": exp,
    "log": HandNetwork.log,
    "sqrt": lambda x: x.sqrt(),
    "sin": sin,
    "cos": cos,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": lambda x: max(x, Decimal(0)),
    "max": max,
    "min": min,
    "tan": lambda x: sin(x) / cos(x),
    "abs": abs,
}


# Exact arithmetic: the same scenarios as matrix code for autograd.

_erf = primitive(np.vectorize(math.erf, otypes=[float]))
defvjp(_erf, lambda y, x: lambda g: g * 2 / math.sqrt(math.pi) * np.exp(-x * x))

_ACTIVATIONS = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "tanh": anp.tanh,
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: anp.where(z > 0, z, 0.01 * z),
    "elu": lambda z: anp.where(z > 0, z, anp.expm1(anp.where(z > 0, 0.0, z))),
    "softplus": lambda z: anp.logaddexp(0.0, z),
    "gelu": lambda z: z * (1 + _erf(z / math.sqrt(2))) / 2,
    "swish": lambda z: z / (1 + anp.exp(-z)),
    "step": lambda z: anp.where(z >= 0, 1.0, 0.0 * z),
    "softmax": lambda z: anp.exp(z - anp.max(z)) / anp.sum(anp.exp(z - anp.max(z))),
}


def exact_parameters(data: dict[str, Any]) -> dict[str, Any]:
    """W and b of every layer as arrays of doubles."""
    found = {}
    for name, layer in layers_of(data):
        found[f"{name}.W"] = anp.array(layer["weights"], float)
        if layer.get("bias"):
            found[f"{name}.b"] = anp.array(layer["bias"], float)
    return found


def exact_network(
    data: dict[str, Any], sample: dict[str, Any], variables: dict[str, Any]
) -> tuple[Any, dict[str, Any]]:
    """(objective, values) of one sample.

    `variables` holds parameters, `x`, and what is added to z and a of each layer (0): the
    derivative with respect to that is the gradient at z or a.
    """
    a = variables["x"]
    values = {}
    for name, layer in layers_of(data):
        z = anp.dot(a, variables[f"{name}.W"])
        if f"{name}.b" in variables:
            z = z + variables[f"{name}.b"]
        z = z + variables[f"{name}.z"]
        kind = layer.get("activation", "identity")
        a = (activated(kind, z) if is_formula(kind) else _ACTIVATIONS[kind](z)) + variables[
            f"{name}.a"
        ]
        values |= {f"{name}.z": z, f"{name}.a": a}
    n = len(a)
    kind = data.get("loss", {}).get("kind")
    if kind is None:
        upstream = sample.get("upstream") or data.get("backward", {}).get("upstream") or [1.0] * n
        return anp.sum(a * anp.array(upstream, float)), values
    t = anp.array(sample["t"], float)
    objective = {
        "mse": lambda: anp.sum((a - t) ** 2) / n,
        "sse": lambda: anp.sum((a - t) ** 2),
        "half_sse": lambda: anp.sum((a - t) ** 2) / 2,
        "bce": lambda: -anp.sum(t * anp.log(a) + (1 - t) * anp.log(1 - a)) / n,
        "cross_entropy": lambda: -anp.sum(t * anp.log(a)),
        "mae": lambda: anp.sum(anp.abs(a - t)) / n,
        "huber": lambda: (
            anp.sum(anp.where(abs(a - t) <= 1, (a - t) ** 2 / 2, anp.abs(a - t) - 0.5)) / n
        ),
        "hinge": lambda: anp.sum(anp.where(t * a < 1, 1 - t * a, 0.0)) / n,
    }[kind]()
    return objective, values | {"loss": objective}


def _largest(*values: Any) -> Any:
    best = values[0]
    for each in values[1:]:
        best = anp.where(each > best, each, best)
    return best


def _smallest(*values: Any) -> Any:
    return -_largest(*[-each for each in values])


FUNCTIONS = {
    "exp": anp.exp,
    "log": anp.log,
    "sqrt": anp.sqrt,
    "sin": anp.sin,
    "cos": anp.cos,
    "sigmoid": _ACTIVATIONS["sigmoid"],
    "tanh": anp.tanh,
    "relu": _ACTIVATIONS["relu"],
    "max": _largest,
    "min": _smallest,
    "tan": anp.tan,
    "abs": anp.abs,
}


def activated(formula: str, z: Any) -> Any:
    """A formula in z of a whole layer."""
    return eval(formula, {}, {"e": math.e, "pi": math.pi, **FUNCTIONS, "z": z})


def exact_graph(data: dict[str, Any], variables: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """(output, values of the named nodes); a node's own variable is added to it (0)."""
    known = dict(variables)
    values = {}
    for name, text in data["graph"]["nodes"].items():
        scope = {"e": math.e, "pi": math.pi, **FUNCTIONS, **known}
        known[name] = values[name] = eval(text, {}, scope) + variables[name]
    return values[data["graph"].get("output", name)], values
