"""What the two languages of scripts differ in: NumPy writes the way back out, PyTorch finds it."""

from __future__ import annotations

import builtins
import keyword
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from nnhs_tui.operations.operation import Texts
from nnhs_tui.operations.spellings import SPELLINGS, LossSpelling, Spelling
from nnhs_tui.scenario.reading.elementary import OPS
from nnhs_tui.scenario.reading.literals import Constant

Lines = list[str]

_TAKEN = frozenset(
    (
        *dir(builtins),
        *keyword.kwlist,
        *keyword.softkwlist,
        *("np", "torch", "Decimal", "ROUND_HALF_UP", "r", "dot", "softmax", "show", "math", "Phi"),
        *("largest", "smallest", "slopes"),
        *("samples", "sample", "number", "rounds", "round_loss", "learning_rate", "where"),
        *("upstream", "step", "new", "divisor", "updates", "update", "lr", "k", "g", "norm"),
        *("squares", "mhat", "vhat", "beta", "beta1", "beta2", "epsilon", "weight_decay", "limit"),
    )
)
"""Names that a script needs itself; those of a network's own numbers, such as x, have no _ in them,
which all others of a network have."""


class Names:
    """A name in the script for each quantity: `hidden_W` for `hidden.W`, no two the same."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._taken = set(_TAKEN)

    def __call__(self, quantity: str) -> str:
        if quantity not in self._names:
            # Python takes two spellings of a letter for the same.
            name = unicodedata.normalize("NFKC", quantity.replace(".", "_").replace(" ", "_"))
            name = name if name.isidentifier() else "node"
            while name in self._taken:
                name += "_"
            self._taken.add(name)
            self._names[quantity] = name
        return self._names[quantity]


@dataclass(frozen=True)
class Language:
    """How a script is written; expressions are text."""

    name: str
    digits: int | None
    """Decimals to which every elementary result is rounded; None: not at all."""
    finds_gradients: bool
    forward: Callable[[Spelling], Callable[[Texts], str] | None]
    """A row → how its result is written, if it can be."""
    term: Callable[[LossSpelling], str]
    helper: Callable[[Spelling], str]
    """A row → the function of the script's own that it calls; "" for none."""
    vector: Callable[[str], str]
    """Numbers in brackets → an array of them."""
    imports: Sequence[str]
    tells_where: bool = True
    """Whether what is printed says which round or sample it is of."""
    names: Names = field(default_factory=Names)

    def rounded(self, text: str) -> str:
        """An elementary result, rounded where it is done by hand."""
        return text if self.digits is None else f"r({text})"

    def inner(self, template: str, **texts: str) -> str:
        """A template whose elementary results stand in R(…)."""
        library = "torch" if self.finds_gradients else "np"
        written = template.format(library=library, **texts)
        return written.replace("R(", "(" if self.digits is None else "r(")

    def factor(self, text: str) -> str:
        """A text that may stand beside any sign."""
        return text if _is_atom(text) else f"({text})"

    def product(self, x: str, matrix: str) -> str:
        """The finished sums of x times a matrix, each product rounded."""
        return f"{x} @ {matrix}" if self.digits is None else f"dot({x}, {matrix})"

    def times(self, gradient: str, slope: str) -> str:
        """What arrives times a local derivative, which is rounded before."""
        if slope in ("1", "-1"):
            return gradient if slope == "1" else f"-{gradient}"
        inner = self.factor(slope) if self.digits is None else self.rounded(slope)
        return self.rounded(f"{gradient} * {inner}")

    def result(self, operation: str, operands: Texts) -> str:
        """How an operation's result is written; see `unwritable` for what cannot be."""
        write = self.forward(SPELLINGS[operation])
        assert write is not None
        return self.rounded(write([self.factor(each) for each in operands]))

    def number(self, operation: str, constant: Constant) -> str:
        """A number as an operand; PyTorch's functions take none that are no tensors."""
        number = literal(constant.exact)
        if self.finds_gradients and operation not in OPS.values():
            return f"torch.tensor({number}, requires_grad=True)"
        return number

    def can(self, operation: str) -> bool:
        """Whether an operation can be written."""
        row = SPELLINGS.get(operation)
        return row is not None and self.forward(row) is not None


def numpy_language(digits: int | None, tells_where: bool) -> Language:
    """NumPy, every result rounded to so many decimals or, with None, none."""
    head = ["import numpy as np"]
    if digits is not None:
        head = ["from decimal import ROUND_HALF_UP, Decimal", "", *head]
    return Language(
        "NumPy",
        digits,
        False,
        lambda row: row.numpy,
        lambda row: row.term,
        lambda row: row.numpy_helper,
        lambda text: f"np.array({text})",
        head,
        tells_where,
    )


def torch_language(tells_where: bool) -> Language:
    """PyTorch, in doubles."""
    return Language(
        "PyTorch",
        None,
        True,
        lambda row: row.torch,
        lambda row: row.torch,
        lambda row: row.torch_helper,
        lambda text: f"torch.tensor({text})",
        ["import torch", "", "torch.set_default_dtype(torch.float64)"],
        tells_where,
    )


def literal(number: object) -> str:
    """A number as Python reads it back."""
    return repr(float(number))  # type: ignore[arg-type]


def row(numbers: Iterable[object]) -> str:
    """Numbers in brackets."""
    return f"[{', '.join(map(literal, numbers))}]"


def matrix(numbers: np.ndarray) -> Lines:
    """A matrix, a row a line."""
    return ["[", *(f"    {row(each)}," for each in numbers), "]"]


def indented(lines: Iterable[str], levels: int = 1) -> Lines:
    """Lines further in; empty ones stay so."""
    return [f"{'    ' * levels}{line}" if line else "" for line in lines]


def shown(language: Language, quantities: Iterable[tuple[str, str]]) -> Lines:
    """Prints quantities: (name, expression)."""
    pairs = list(quantities)
    if not pairs:
        return []
    where = "where, " if language.tells_where else ""
    return [f"show({where}{{", *(f"    {name!r}: {value}," for name, value in pairs), "})"]


def _is_atom(text: str) -> bool:
    """Whether it is one name or one number without a sign."""
    if text.isidentifier():
        return True
    return text.replace(".", "").replace("e+", "").replace("e-", "").isalnum()
