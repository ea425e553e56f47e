"""What an expression is broken into: elementary operations, in few bytes.

A graph may have a million of them, so there is no object for each: see `Expression`.
"""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from nnhs_tui.operations.matrices.shapes import MATMUL, SINGLE, Shape
from nnhs_tui.scenario.reading.literals import Constant

OPS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow", "@": MATMUL}
"""The signs between two values, and the operations that they stand for."""


class Node(NamedTuple):
    """One elementary operation of a graph."""

    name: str
    """`f` for the outermost operation of the expression named f, `f.1`, `f.2`, … inside it."""
    owner: str
    """The named node it belongs to."""
    op: str
    """copy neg add sub mul div pow, or the name of a function."""
    operands: tuple[str | Constant, ...]
    """Names of inputs, parameters or nodes, and numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """A named node of a graph: its operations in the order of evaluation, at least one."""

    owner: str
    ops: tuple[str, ...]
    """(operations,) copy neg add sub mul div pow, or the name of a function."""
    counts: tuple[int, ...]
    """(operations,) how many operands each has."""
    operands: "array[int]"
    """Operation after operation: the place of an operation, or ~ the place of a leaf."""
    leaves: tuple[str | Constant, ...]
    """Names of inputs, parameters and other nodes, each once, and numbers."""
    own_names: tuple[str, ...] = ()
    """(operations,) their names, where matrices were in it; () where they are only counted."""
    shape: Shape = SINGLE
    """Of its result."""
    entries: "array[int]" = field(default_factory=lambda: array("i"))
    """(operations,) with `own_names`: the entry of the result, row by row, for which each is."""
    ends: "array[int]" = field(default_factory=lambda: array("i"))
    """(entries,) with `own_names`: the places of the operations that give them."""

    text: str = ""
    """With matrices in the file: as it is written."""
    uses: tuple[str, ...] = ()
    """With matrices in the file: the names in it, each once."""

    def __eq__(self, other: object) -> bool:
        """Whether it has the same operations; `2*3` leaves numbers that only the reader needed."""
        return isinstance(other, Expression) and self.nodes == other.nodes

    @property
    def names(self) -> Sequence[str]:
        """(operations,) what their results are called."""
        return self.own_names or inner_names(self.owner, len(self.ops))

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The operations one by one, by their names."""
        names = self.names
        given = iter([names[each] if each >= 0 else self.leaves[~each] for each in self.operands])
        return tuple(
            Node(name, self.owner, op, tuple(next(given) for _ in range(count)))
            for name, op, count in zip(names, self.ops, self.counts, strict=True)
        )


def inner_names(owner: str, count: int) -> list[str]:
    """The names of a named node's operations: `f.1`, `f.2` …, and of the last one `f`."""
    return [*(f"{owner}.{place}" for place in range(1, count)), owner]


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an expression."""

    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an expression turned out to be."""

    expression: Expression | None
    """None when there are problems."""
    names: tuple[str, ...]
    """What it refers to, each name once, in the order of the text."""
    problems: tuple[Problem, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """In the order of evaluation; empty when there are problems."""
        return self.expression.nodes if self.expression else ()
