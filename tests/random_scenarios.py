"""Random scenario files, and running them. Every scenario is TOML text.

Hypothesis draws a seed and the largest size: drawing thousands of numbers one by one would take
most of the tests' time. A failure shows the text, and shrinks to the smallest net that fails.
"""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from random import Random

from hypothesis import strategies as st

from nnhs_tui.autodiff.compiler import compile_tape
from nnhs_tui.operations.arithmetic import arithmetic
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.training.rounds import Run

LOSSES = ("mse", "sse", "half_sse", "bce", "cross_entropy", "mae", "huber", "hinge")
SINGLE = (
    *("identity", "sigmoid", "tanh", "relu"),
    *("leaky_relu", "elu", "softplus", "gelu", "swish", "step"),
)
"""Activations of one neuron's z."""
FORMULAS = (
    *("z ** 2", "max(z, 0.1*z)", "z * sigmoid(z)", "1 - z", "abs(z) - z / 4", "z"),
    *("tanh(z) ** 3 + exp(-z ** 2)", "min(z, 1, relu(z) + 0.5)", "2 ** tanh(z)"),
)
"""Activations that are a formula."""


def loaded(text: str, name: str = "made") -> Scenario:
    """A scenario out of TOML text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{name}.toml")
        path.write_text(text, encoding="utf-8")
        return load(path)


def run_of(text: str, kind: str, digits: int = 2) -> Run:
    """The rounds of TOML text in an arithmetic."""
    return Run(compile_tape(loaded(text)), arithmetic(kind, digits))


def networks(
    decimals: int = 2, layers: int = 4, size: int = 5, largest: float = 1.5
) -> st.SearchStrategy[str]:
    """A network of any shape, activations and loss; numbers have at most `decimals` decimals."""
    drawn = st.tuples(st.integers(0, 2**32), st.integers(1, layers), st.integers(1, size))
    return drawn.map(lambda d: Maker(d[0], decimals).network(d[1], d[2], largest))


def graphs(decimals: int = 2, nodes: int = 4) -> st.SearchStrategy[str]:
    """A graph of a few named nodes: fan-outs, unused nodes, outputs that are not last."""
    drawn = st.tuples(st.integers(0, 2**32), st.integers(1, nodes), st.integers(0, 3))
    return drawn.map(lambda d: Maker(d[0], decimals).graph(d[1], d[2]))


def scenarios(decimals: int = 2) -> st.SearchStrategy[str]:
    """Both kinds, small."""
    return st.one_of(networks(decimals, layers=3, size=3), graphs(decimals))


class Maker:
    """Writes a scenario, deciding by one seed."""

    def __init__(self, seed: int, decimals: int) -> None:
        self.random = Random(seed)
        self.decimals = decimals

    def number(self, low: float, high: float, decimals: int | None = None) -> str:
        """A number as written in a file, 0 and whole numbers more often than by chance."""
        places = self.decimals if decimals is None else decimals
        if self.random.random() < 0.1:
            places = 0
        scale = 10**places
        return f"{self.random.randint(round(low * scale), round(high * scale)) / scale:.{places}f}"

    def vector(self, n: int, low: float, high: float, decimals: int | None = None) -> str:
        return "[" + ", ".join(self.number(low, high, decimals) for _ in range(n)) + "]"

    def maybe(self) -> bool:
        return self.random.random() < 0.5

    def target(self, loss: str, n: int) -> str:
        if loss == "cross_entropy":
            cuts = sorted(self.random.choice([0, 0, 3, 5, 10, 10]) for _ in range(n - 1))
            pairs = zip([0, *cuts], [*cuts, 10], strict=True)
            return "[" + ", ".join(f"{(b - a) / 10}" for a, b in pairs) + "]"
        if loss == "hinge":
            return "[" + ", ".join(self.random.choice(("1", "-1")) for _ in range(n)) + "]"
        if loss == "bce":
            return self.vector(n, 0, 1, min(self.decimals, 1))
        return self.vector(n, -2, 2)

    def network(self, depth: int, width: int, largest: float) -> str:
        choice = self.random.choice
        sizes = [self.random.randint(1, width) for _ in range(depth + 1)]
        loss = choice((None, *LOSSES))
        lines = ['title = "A network"', f'sigmoid = "{choice(("shortcut", "circuit"))}"']
        names = ", ".join(f'"in{i}"' for i in range(sizes[0]))
        lines += ["[network]", f"inputs = [{names}]" if self.maybe() else f"inputs = {sizes[0]}"]
        parameters = []
        for place, (n, m) in enumerate(pairwise(sizes), 1):
            name = f"part{place}" if self.maybe() else f"layer{place}"
            kind = choice(self.activations(place == depth, m, loss))
            rows = [self.vector(m, -largest, largest) for _ in range(n)]
            lines += ["[[network.layers]]", f"weights = [{', '.join(rows)}]"]
            lines += [f'name = "{name}"'] * name.startswith("part")
            lines += [f'activation = "{kind}"'] * (kind != "identity" or self.maybe())
            parameters += [f"{name}.W", f"{name}.W[{n},{m}]"]
            if self.maybe():
                lines.append(f"bias = {self.vector(m, -largest, largest)}")
                parameters += [f"{name}.b", f"{name}.b[{m}]"]
        lines += ["[loss]", f'kind = "{loss}"'] if loss else []
        lines += self.training(parameters)
        if loss is None and self.maybe():
            lines += ["[backward]", f"upstream = {self.vector(sizes[-1], -2, 2, 0)}"]
        for _ in range(self.random.randint(1, 3)):
            lines += ["[[samples]]", f"x = {self.vector(sizes[0], -2, 2)}"]
            if loss:
                lines.append(f"t = {self.target(loss, sizes[-1])}")
            elif self.maybe():
                lines.append(f"upstream = {self.vector(sizes[-1], -2, 2, 0)}")
        return "\n".join(lines)

    @staticmethod
    def activations(last: bool, m: int, loss: str | None) -> list[str]:
        if not last:
            return [*SINGLE, *FORMULAS]
        if loss in ("bce", "cross_entropy"):
            # One output of a softmax alone is always 1, and bce divides by 1 - o.
            return ["sigmoid"] + ["softmax"] * (m > 1 or loss == "cross_entropy")
        return [*SINGLE, *FORMULAS, "softmax", "softmax"]

    def training(self, parameters: list[str]) -> list[str]:
        count = self.random.choice([0, 0, 1, 2])
        frozen = self.random.sample(parameters, min(count, len(parameters)))
        return [
            "[training]",
            f"learning_rate = {self.random.choice(['0.1', '0.5', '0.03', '1'])}",
            f'reduction = "{self.random.choice(["mean", "sum"])}"',
            "frozen = [" + ", ".join(f'"{each}"' for each in frozen) + "]",
        ]

    def expression(self, names: list[str], depth: int) -> str:
        """An expression over the names, with functions kept within where they are defined."""
        random = self.random
        name, other = random.choice(names), random.choice(names)
        if depth <= 0 or random.random() < 0.1:
            return self.number(-3, 3) if random.random() < 0.2 else name
        inner, second = (self.expression(names, depth - 1) for _ in range(2))
        function = random.choice(["sin", "cos", "sigmoid", "tanh", "relu", "exp", "abs"])
        return random.choice(
            [
                f"{name} * ({inner})",
                f"({inner}) * {name}",
                f"{name} * {name}",
                f"({inner}) + ({second})",
                f"{inner} - ({second})",
                f"-({inner})",
                f"{name} / (4 + {other} * {other})",
                f"1 / (1.5 + {other} ** 2)",
                f"{function}({inner})",
                f"{function}({inner})",
                f"{function}({name})",
                f"log(2 + {name} * {name})",
                f"sqrt(1 + {name} ** 2)",
                f"{name} ** {random.randint(0, 4)}",
                f"(1.5 + {name} ** 2) ** tanh({other})",
                f"2 ** {name}",
                f"e ** {name} - pi * {other}",
                f"tan(sin({name}) + pi / 20)",
                f"max({name}, {inner})",
                f"min({name}, {inner})",
                f"max({other}, {inner}, 0.5, {name})",
            ]
        )

    def graph(self, count: int, depth: int) -> str:
        random = self.random
        inputs = {f"x{i}": self.number(-2, 2) for i in range(random.randint(0, 2))}
        parameters = {f"w{i}": self.number(-2, 2) for i in range(random.randint(0, 2))}
        if not inputs and not parameters:
            inputs = {"x0": self.number(-2, 2)}
        names = [*inputs, *parameters]
        nodes = []
        for place in range(count):
            nodes.append((f"n{place}", self.expression(names, depth)))
            names.append(f"n{place}")
        lines = ['title = "A graph"', f'sigmoid = "{random.choice(("shortcut", "circuit"))}"']
        lines.append("[graph]")
        for key, table in (("inputs", inputs), ("parameters", parameters)):
            entries = ", ".join(f"{name} = {value}" for name, value in table.items())
            lines += [f"{key} = {{ {entries} }}"] * bool(table)
        if self.maybe():
            lines.append(f'output = "{random.choice(nodes)[0]}"')
        lines += ["[graph.nodes]", *(f'{name} = "{text}"' for name, text in nodes)]
        if parameters:
            lines += self.training(list(parameters))
        if inputs and self.maybe():
            for _ in range(random.randint(1, 3)):
                name = random.choice(list(inputs))
                lines += ["[[samples]]", f"{name} = {self.number(-2, 2)}"]
        return "\n".join(lines)
