"""Graph expressions: from text such as `(w + z) * y` to elementary nodes.

An operator-precedence parser with its own stack: a chain of thousands of terms or a hundred
nested brackets never meets Python's recursion limit, and nothing in a file is ever run.
"""

import math
import re
from dataclasses import dataclass
from itertools import repeat
from typing import NamedTuple

from nnhs_tui.core.characters import called, unseen
from nnhs_tui.core.errors import nearest, printable, shorten
from nnhs_tui.core.reading.faults import quote
from nnhs_tui.core.reading.limits import MAX_EXPRESSION, MAX_NESTING
from nnhs_tui.core.reading.literals import Constant, FoldingError, fold, negate, number
from nnhs_tui.core.reading.tokens import Token, is_name, tokens_of

__all__ = ["FUNCTIONS", "Constant", "Node", "Parsed", "Problem", "is_name", "parse"]

FUNCTIONS = ("exp", "log", "sqrt", "sin", "cos", "sigmoid", "tanh", "relu", "max", "min")


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


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with an expression."""

    found: str
    expected: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """What an expression turned out to be."""

    nodes: tuple[Node, ...]
    """In the order of evaluation; empty when there are problems."""
    names: tuple[str, ...]
    """What it refers to, each name once, in the order of the text."""
    problems: tuple[Problem, ...]


class _Pending(NamedTuple):
    """An operator, bracket or function whose operands are not complete."""

    kind: str
    """`+ - * / **`, neg, `(` or call."""
    token: Token
    base: int = 0
    """Number of operands that stood before those of a function."""
    nested: int = 0
    """1 when it makes the expression deeper."""


class _Stop(Exception):
    """Reading cannot go on."""


_Operand = str | int | Constant
"""A name, the number of a step whose result it is, or a number."""
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}
_OPS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "**": "pow"}
_MAX_PROBLEMS = 20
"""In one expression."""
_OPERAND = "expected a number, a name or '('"
_CURES = {
    "^": "expected ** for a power",
    "²": "expected ** for a power",
    "³": "expected ** for a power",
    "×": "expected * for a product",
    "·": "expected * for a product",
    "÷": "expected / for a quotient",
    ":": "expected / for a quotient",
    "−": "expected the ordinary minus sign -",
    "–": "expected the ordinary minus sign -",
    "[": "expected round brackets ( )",
    "{": "expected round brackets ( )",
    "=": "expected the right-hand side alone: the key before it is the node's name",
}


def parse(owner: str, text: str) -> Parsed:
    """Breaks an expression into elementary nodes; never raises.

    >>> [node.name for node in parse("f", "(w + z) * y").nodes]
    ['f.1', 'f']
    """
    if len(text) > MAX_EXPRESSION:
        found = f"an expression of {len(text):,} characters"
        return Parsed((), (), (Problem(found, f"expected at most {MAX_EXPRESSION:,}"),))
    return _chain(owner, text) or _Reader(owner, text).read()


_TERM = r"[ \t]*[A-Za-z_][A-Za-z0-9_]*+[ \t]*"
_CHAINS = re.compile(rf"{_TERM}(?:(?:[-+]{_TERM})++|(?:(?:\*(?!\*)|/){_TERM})++)")
"""Names that are only added and taken away, or only multiplied and divided."""
_SIGN = re.compile(r"([-+*/])")


def _chain(owner: str, text: str) -> Parsed | None:
    """A chain such as `a + b - c` or `x * y / z`, from left to right; None where it is none.

    The reader below makes the same of it. A file may have a million operations in a few such
    chains, and this takes an eighth of the time.
    """
    if not _CHAINS.fullmatch(text):
        return None
    parts = _SIGN.split(text.replace(" ", "").replace("\t", ""))
    terms = parts[::2]
    seen = dict.fromkeys(terms)
    if not seen.keys().isdisjoint(FUNCTIONS):
        return None
    names = [f"{owner}.{step}" for step in range(1, len(terms) - 1)]
    operands = zip([terms[0], *names], terms[1:], strict=True)
    names.append(owner)
    ops = [_OPS[sign] for sign in parts[1::2]]
    nodes = tuple(map(Node._make, zip(names, repeat(owner), ops, operands, strict=False)))
    return Parsed(nodes, tuple(seen), ())


_NAMES = re.compile(r"(?<![\w.])[^\W\d]\w*+\s*+(?!\()|,")


def fewest_nodes(text: str) -> int:
    """Elementary nodes that an expression has at least, without reading it.

    Two names are joined by one operation; only commas join more.
    """
    if len(text) > MAX_EXPRESSION:
        return 0
    found = _NAMES.findall(text)
    commas = found.count(",")
    return max(1, len(found) - 2 * commas - 1)


class _Reader:
    """Reads one expression from left to right."""

    def __init__(self, owner: str, text: str) -> None:
        self.owner = owner
        self.text = text
        self.tokens = tokens_of(text)
        self.at = 0
        self.operands: list[_Operand] = []
        self.pending: list[_Pending] = []
        self.steps: list[tuple[str, tuple[_Operand, ...]]] = []
        self.problems: list[Problem] = []
        self.depth = 0

    def read(self) -> Parsed:
        try:
            while True:
                self.operand()
                if self.operator():
                    break
        except _Stop:
            pass
        names = tuple(
            dict.fromkeys(
                token.text
                for token, after in zip(self.tokens, self.tokens[1:], strict=False)
                if token.kind == "name" and after.kind != "(" and token.text not in FUNCTIONS
            )
        )
        return Parsed(() if self.problems else self.nodes(), names, tuple(self.problems))

    def nodes(self) -> tuple[Node, ...]:
        """The steps by their names; a number or a name alone is a copy."""
        steps = self.steps or [("copy", (self.operands[0],))]

        def name(step: int) -> str:
            return self.owner if step == len(steps) - 1 else f"{self.owner}.{step + 1}"

        return tuple(
            Node(
                name(step),
                self.owner,
                op,
                tuple(name(operand) if isinstance(operand, int) else operand for operand in given),
            )
            for step, (op, given) in enumerate(steps)
        )

    def problem(self, token: Token, found: str, expected: str) -> None:
        """Notes a problem, with the expression around it and the column."""
        start = max(0, token.column - 30) if len(self.text) > 60 else 0
        part = ("…" if start else "") + self.text[start:]
        place = f"{quote(part, 60)} at column {token.column}"
        self.problems.append(Problem(f"{place}: {found}", expected))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _Stop

    def stop(self, token: Token, expected: str) -> _Stop:
        """Notes that the token cannot stand where it does."""
        shown = token.text if token.kind == "end" else f"'{printable(shorten(token.text))}'"
        if token.kind == "other":
            hidden = unseen(token.text)
            shown = called(hidden) if hidden else shown
            expected = _CURES.get(token.text, "expected numbers, names, + - * / ** and ( )")
        self.problem(token, shown, expected)
        return _Stop()

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def push(self, kind: str, token: Token, base: int = 0) -> None:
        """Opens an operation; a power is deeper only inside another power's exponent."""
        inside_power = bool(self.pending) and self.pending[-1].kind == "**"
        nested = int(kind in ("(", "call", "neg") or (kind == "**" and inside_power))
        self.depth += nested
        if self.depth > MAX_NESTING:
            expected = f"expected at most {MAX_NESTING} brackets, signs or powers in one another"
            self.problem(token, "it is nested too deep", expected)
            raise _Stop
        self.pending.append(_Pending(kind, token, base, nested))

    def pop(self) -> _Pending:
        done = self.pending.pop()
        self.depth -= done.nested
        return done

    def operand(self) -> None:
        """Reads what may stand where a value begins, up to and with a number or a name."""
        while True:
            token = self.next()
            if token.kind == "number":
                self.operands.append(self.constant(token))
                return
            if token.kind == "name":
                if self.name(token):
                    return
            elif token.kind == "-":
                self.push("neg", token)
            elif token.kind == "(":
                self.push("(", token)
            elif token.kind == "+":
                raise self.stop(token, f"{_OPERAND}; leave out a + that adds nothing")
            else:
                raise self.stop(token, _OPERAND)

    def name(self, token: Token) -> bool:
        """Takes a name; true when it is a value, false when it opens a function's bracket."""
        if self.tokens[self.at].kind == "(":
            self.next()
            self.push("call", token, len(self.operands))
            return False
        if token.text in FUNCTIONS:
            self.problem(
                token, f"the function {token.text} without brackets", f"expected {token.text}(…)"
            )
        self.operands.append(token.text)
        return True

    def constant(self, token: Token) -> Constant | str:
        exact = float(token.text)
        if math.isinf(exact):
            self.problem(token, f"{shorten(token.text)} is too large", "expected at most 1.8e308")
            return "?"
        return Constant(exact, number(token.text))

    def operator(self) -> bool:
        """Reads what may follow a value; true at the end of the expression."""
        while True:
            token = self.next()
            if token.kind in _OPS:
                self.reduce(_BINDING[token.kind], right=token.kind == "**")
                self.push(token.kind, token)
                return False
            if token.kind == "end":
                self.reduce(0)
                if self.pending:
                    opened = self.pending[-1].token.column
                    raise self.stop(token, f"expected ')' for what column {opened} opens")
                return True
            if token.kind == ",":
                self.reduce(0)
                if not self.pending or self.pending[-1].kind != "call":
                    raise self.stop(
                        token,
                        "expected a comma only inside max(…) and min(…); decimals have a point",
                    )
                return False
            if token.kind != ")":
                raise self.stop(token, "expected + - * / ** between two values; a product is 2 * x")
            self.close(token)

    def close(self, token: Token) -> None:
        self.reduce(0)
        if not self.pending:
            raise self.stop(token, "expected a '(' before it")
        opened = self.pop()
        if opened.kind == "call":
            given = tuple(self.operands[opened.base :])
            del self.operands[opened.base :]
            self.call(opened.token, given)

    def call(self, token: Token, given: tuple[_Operand, ...]) -> None:
        """Applies a function to its complete operands."""
        if token.text in ("max", "min"):
            if len(given) < 2:
                self.problem(
                    token, f"{token.text} of one value", "expected two or more, with commas"
                )
        elif token.text not in FUNCTIONS:
            self.unknown_function(token)
        elif len(given) != 1:
            found = f"{token.text} of {len(given)} values"
            self.problem(token, found, "expected one value; decimals have a point")
        self.step(token.text, given)

    def unknown_function(self, token: Token) -> None:
        near = nearest(shorten(token.text), FUNCTIONS)
        known = f"did you mean {near}?" if near else f"expected one of {', '.join(FUNCTIONS)}"
        found = f"{shorten(token.text)} is not a function"
        self.problem(token, found, f"{known} (a product is written with *)")

    def reduce(self, binding: int, right: bool = False) -> None:
        """Completes the open operators that bind at least as tightly as what follows."""
        while self.pending and (top := self.pending[-1]).kind in _BINDING:
            # Equal powers wait: 2 ** 3 ** 2 is 2 ** 9.
            if _BINDING[top.kind] < binding + right:
                return
            self.pop()
            last = self.operands.pop()
            if top.kind == "neg":
                if isinstance(last, Constant):
                    self.operands.append(negate(last))
                else:
                    self.step("neg", (last,))
            else:
                self.binary(top.token, self.operands.pop(), last)

    def binary(self, token: Token, left: _Operand, right: _Operand) -> None:
        op = _OPS[token.kind]
        if not (isinstance(left, Constant) and isinstance(right, Constant)):
            self.step(op, (left, right))
            return
        try:
            self.operands.append(fold(op, left, right))
        except FoldingError as error:
            self.problem(token, str(error), "expected arithmetic that has a result")
            self.operands.append("?")

    def step(self, op: str, given: tuple[_Operand, ...]) -> None:
        """Adds an elementary operation; its result becomes an operand."""
        self.operands.append(len(self.steps))
        self.steps.append((op, given))
