"""Graph expressions: from text such as `(w + z) * y` to elementary operations.

An operator-precedence parser with its own stack: a chain of thousands of terms or a hundred
nested brackets never meets Python's recursion limit, and nothing in a file is ever run.
"""

import math
from array import array
from collections.abc import Set
from itertools import pairwise

from nnhs_tui.characters import called, unseen
from nnhs_tui.errors import nearest, printable, shorten
from nnhs_tui.labels import counted
from nnhs_tui.operations.matrices.table import MATRIX_OPERATIONS, matrix_functions
from nnhs_tui.operations.table import OPERATIONS, functions
from nnhs_tui.scenario.reading.chains import chain
from nnhs_tui.scenario.reading.elementary import OPS, Expression, Parsed, Problem
from nnhs_tui.scenario.reading.faults import quote
from nnhs_tui.scenario.reading.limits import MAX_EXPRESSION, MAX_NESTING
from nnhs_tui.scenario.reading.literals import (
    CONSTANTS,
    Constant,
    FoldingError,
    constant,
    fold,
    negate,
)
from nnhs_tui.scenario.reading.matrices.suffixes import SUFFIX_EXPECTED, SUFFIXES, suffix_of
from nnhs_tui.scenario.reading.tokens import END, column_of, kind_of, words_of


class _Stop(Exception):
    """Reading cannot go on."""


_Pending = tuple[int, str, int, int, int]
"""An operator, bracket or function whose operands are not complete.

How tightly it binds, a bracket less than all else; `+ - * / **`, neg, `(` or call; the place of
its word; how many operands stood before those of a function; 1 when it makes the expression deeper.
"""
_BRACKET = -1
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "@": 2, "neg": 3, "**": 4}
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
    "[": "expected round brackets ( ); an index stands directly behind a value",
    "{": "expected round brackets ( )",
    "=": "expected the right-hand side alone: the key before it is the node's name",
}


def parse(
    owner: str, text: str, assigned: Set[str] = frozenset(), *, shaped: bool = False
) -> Parsed:
    """Breaks an expression into elementary operations; never raises.

    Args:
        owner: The node's name.
        text: The expression.
        assigned: Names with a meaning of their own, such as `e`, that the file gives to something.
        shaped: Whether the file has matrices, so that `max` of one value is that of its entries.

    >>> [node.name for node in parse("f", "(w + z) * y").nodes]
    ['f.1', 'f']
    """
    if len(text) > MAX_EXPRESSION:
        found = f"an expression of {len(text):,} characters"
        return Parsed(None, (), (Problem(found, f"expected at most {MAX_EXPRESSION:,}"),))
    return chain(owner, text, assigned) or _Reader(owner, text, assigned, shaped).read()


class _Reader:
    """Reads one expression from left to right.

    Operands are numbers, as in `Expression`: a large file has millions of them.
    """

    def __init__(self, owner: str, text: str, assigned: Set[str], shaped: bool) -> None:
        self.owner = owner
        self.shaped = shaped
        self.text = text
        self.words = words_of(text)
        self.singles = functions()
        self.functions = tuple(dict.fromkeys((*self.singles, *matrix_functions())))
        self.special = {*self.functions, *CONSTANTS} - assigned
        """Names that stand for a function or a number."""
        self.at = 0
        """The place of the word to be read."""
        self.known: dict[str, int] = {}
        """Names and numbers that were read, and which leaves they are."""
        self.leaves: list[str | Constant] = []
        self.operands: list[int] = []
        self.pending: list[_Pending] = []
        self.ops: list[str] = []
        self.counts: list[int] = []
        self.given: list[int] = []
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
        if self.problems:
            names = (
                word
                for before, (word, after) in zip(
                    ("", *self.words), pairwise(self.words), strict=False
                )
                if after != "("
                and before not in SUFFIXES
                and word not in self.special
                and kind_of(word) == "name"
            )
            return Parsed(None, tuple(dict.fromkeys(names)), tuple(self.problems))
        if not self.ops:
            # A number or a name alone is a copy.
            self.step("copy", [*self.operands])
        leaves = tuple(self.leaves)
        done = Expression(
            self.owner, tuple(self.ops), tuple(self.counts), array("i", self.given), leaves
        )
        return Parsed(done, tuple(leaf for leaf in leaves if isinstance(leaf, str)), ())

    def problem(self, place: int, found: str, expected: str) -> None:
        """Notes a problem, with the expression around it and the column."""
        column = column_of(self.text, place)
        start = max(0, column - 30) if len(self.text) > 60 else 0
        part = ("…" if start else "") + self.text[start:]
        where = f"{quote(part, 60)} at column {column}"
        self.problems.append(Problem(f"{where}: {found}", expected))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise _Stop

    def stop(self, expected: str) -> _Stop:
        """Notes that the word cannot stand where it does."""
        word = self.words[self.at]
        shown = "the end" if word == END else f"'{printable(shorten(word))}'"
        if kind_of(word) == "other":
            hidden = unseen(word)
            shown = called(hidden) if hidden else shown
            expected = _CURES.get(word, "expected numbers, names, + - * / ** and ( )")
        self.problem(self.at, shown, expected)
        return _Stop()

    def push(self, binding: int, kind: str, place: int, base: int = 0) -> None:
        """Opens an operation; a power is deeper only inside another power's exponent."""
        inside_power = bool(self.pending) and self.pending[-1][1] == "**"
        nested = int(kind != "**" or inside_power)
        self.depth += nested
        if self.depth > MAX_NESTING:
            expected = f"expected at most {MAX_NESTING} brackets, signs or powers in one another"
            self.problem(place, "it is nested too deep", expected)
            raise _Stop
        self.pending.append((binding, kind, place, base, nested))

    def operand(self) -> None:
        """Reads what may stand where a value begins, up to and with a number or a name."""
        while True:
            word = self.words[self.at]
            leaf = self.known.get(word)
            if leaf is None:
                if word == "-":
                    self.push(_BINDING["neg"], "neg", self.at)
                elif word == "(":
                    self.push(_BRACKET, "(", self.at)
                elif word in self.functions and self.words[self.at + 1] == "(":
                    self.open(self.at)
                else:
                    leaf = self.leaf(word)
            self.at += 1
            if leaf is not None:
                self.operands.append(leaf)
                return

    def open(self, place: int) -> None:
        """Opens the bracket of a function, whose name is the word at a place."""
        self.push(_BRACKET, "call", place, len(self.operands))
        self.at = place + 1

    def leaf(self, word: str) -> int:
        """The number or the name that is read here for the first time."""
        kind, leaf = kind_of(word), ~len(self.leaves)
        if kind not in ("name", "number"):
            also = "; leave out a + that adds nothing" if kind == "+" else ""
            raise self.stop(f"{_OPERAND}{also}")
        if word in self.special and word in CONSTANTS:
            self.known[word] = leaf
            self.leaves.append(CONSTANTS[word])
            return leaf
        if word in self.special:
            found = f"the function {word} without brackets"
            self.problem(self.at, found, f"expected {word}(…)")
        elif kind == "number" and math.isinf(float(word)):
            found = f"{shorten(word)} is too large"
            self.problem(self.at, found, "expected at most 1.8e308")
        else:
            self.known[word] = leaf
            self.leaves.append(constant(word) if kind == "number" else word)
            return leaf
        self.leaves.append(word)
        return leaf

    def operator(self) -> bool:
        """Reads what may follow a value; true at the end of the expression."""
        words, known, operands, pending = self.words, self.known, self.operands, self.pending
        while True:
            word = words[self.at]
            while word in OPS and word != "**":
                binding = _BINDING[word]
                if pending and pending[-1][0] >= binding:
                    self.reduce(binding)
                pending.append((binding, word, self.at, 0, 0))
                self.at += 1
                leaf = known.get(words[self.at])
                if leaf is None:
                    return False
                # Mostly a name or a number follows that was read before.
                operands.append(leaf)
                self.at += 1
                word = words[self.at]
            if word == "**":
                # Equal powers wait: 2 ** 3 ** 2 is 2 ** 9.
                self.push(_BINDING[word], word, self.at)
                self.at += 1
                return False
            if word == "(" and kind_of(words[self.at - 1]) == "name":
                # It was no value, but a function that is not known.
                operands.pop()
                self.open(self.at - 1)
                self.at += 1
                return False
            if word in SUFFIXES:
                self.suffix()
                continue
            if word not in (END, ",", ")"):
                raise self.stop("expected + - * / ** between two values; a product is 2 * x")
            self.reduce(0)
            if word == ")":
                self.close()
            elif word == END:
                if pending:
                    opened = column_of(self.text, pending[-1][2])
                    raise self.stop(f"expected ')' for what column {opened} opens")
                return True
            else:
                if not pending or pending[-1][1] != "call":
                    raise self.stop(
                        "expected a comma only inside max(…) and min(…); decimals have a point"
                    )
                self.at += 1
                return False

    def close(self) -> None:
        """Closes the bracket or function opened last; all operators in it are complete."""
        if not self.pending:
            raise self.stop("expected a '(' before it")
        _, kind, place, base, nested = self.pending.pop()
        self.depth -= nested
        if kind == "call":
            given = self.operands[base:]
            del self.operands[base:]
            self.call(place, given)
        self.at += 1

    def call(self, place: int, given: list[int]) -> None:
        """Applies a function to its complete operands."""
        name = self.words[place]
        row = MATRIX_OPERATIONS.get(name)
        is_single = name in self.singles
        if row is not None and row.takes(len(given)) and (self.shaped or not is_single):
            pass
        elif is_single and OPERATIONS[name].is_listed:
            if len(given) < 2:
                found = f"{name} of one value"
                self.problem(place, found, "expected two or more, with commas")
        elif name not in self.functions:
            near = nearest(shorten(name), self.functions)
            all_of_them = ", ".join(self.functions)
            known = f"did you mean {near}?" if near else f"expected one of {all_of_them}"
            found = f"{shorten(name)} is not a function"
            self.problem(place, found, f"{known} (a product is written with *)")
        elif row is not None and row.least > 1:
            more = "" if row.most else " or more"
            found = f"{name} of {counted(len(given), 'value')}"
            self.problem(place, found, f"expected {row.least}{more}, with commas")
        elif len(given) != 1:
            found = f"{name} of {len(given)} values"
            self.problem(place, found, "expected one value; decimals have a point")
        self.step(name, given)

    def suffix(self) -> None:
        """Reads what stands directly behind a value: `.T`, or an index in square brackets."""
        begun = self.at
        self.at, op = suffix_of(self.words, begun)
        if op is None:
            self.problem(begun, f"'{self.words[begun]}' behind a value", SUFFIX_EXPECTED)
            raise _Stop
        self.step(op, [self.operands.pop()])

    def reduce(self, binding: int) -> None:
        """Completes the open operators that bind at least as tightly as what follows."""
        pending, operands, leaves, given = self.pending, self.operands, self.leaves, self.given
        while pending and pending[-1][0] >= binding:
            _, kind, place, _, nested = pending.pop()
            self.depth -= nested
            last = operands.pop()
            number = leaves[~last] if last < 0 else ""
            if kind == "neg":
                if isinstance(number, Constant):
                    self.folded(negate(number))
                else:
                    self.step("neg", [last])
                continue
            first = operands.pop()
            if first < 0 and isinstance(number, Constant) and OPS[kind] in OPERATIONS:
                left = leaves[~first]
                if isinstance(left, Constant):
                    self.fold(place, left, number)
                    continue
            # As a step of its own, but without the call: there may be a million.
            operands.append(len(self.ops))
            self.ops.append(OPS[kind])
            self.counts.append(2)
            given.append(first)
            given.append(last)

    def fold(self, place: int, left: Constant, right: Constant) -> None:
        """Does arithmetic between two numbers."""
        try:
            self.folded(fold(OPS[self.words[place]], left, right))
        except FoldingError as error:
            self.problem(place, str(error), "expected arithmetic that has a result")
            self.folded("?")

    def folded(self, result: Constant | str) -> None:
        self.operands.append(~len(self.leaves))
        self.leaves.append(result)

    def step(self, op: str, given: list[int]) -> None:
        """Adds an elementary operation; its result becomes an operand."""
        self.operands.append(len(self.ops))
        self.ops.append(op)
        self.counts.append(len(given))
        self.given += given
