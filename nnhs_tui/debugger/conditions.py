"""Conditions over quantities: `grad hidden.W[1,2] < 0.01`, `loss rises`, `abs(z) > 4 and x is nan`.

    condition  = both ("or" both)*          both = single ("and" single)*
    single     = "not" single | sum compared sum | sum happens
    compared   = < <= > >= == !=
    happens    = rises | falls | changes | changes sign | is nan | is zero
    sum        = product (("+" | "-") product)*    product = factor (("*" | "/") factor)*
    factor     = "-" factor | number | quantity | "abs" "(" sum ")" | "(" sum or condition ")"

What happens is seen against the same quantity in the round before; in the first one nothing does.
A gradient that adds up is not known before it is whole. What is too large to compute with, or no
number at all, is not known either; only `is nan` asks for that.
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.operations.written import IN_TEXT, read_answer

Lookup = Callable[[Quantity], Any]
Number = Callable[[Decimal], Any]
Read = Callable[[str], Quantity]


@dataclass(frozen=True)
class Values:
    """What a condition is looked at with."""

    now: Lookup
    """A quantity's value, None while it is not known."""
    before: Lookup | None
    """The same in the round before; None in the first round."""
    number: Number
    """A number as written, in the arithmetic of the run."""


class _Unknown(Exception):
    """A quantity that is not known: whatever is said about it does not hold."""


Meaning = Callable[[Values], Any]


@dataclass(frozen=True)
class Condition:
    """A condition that was read."""

    meaning: Meaning
    quantities: tuple[Quantity, ...]

    def holds(self, values: Values) -> bool:
        """Whether it holds; where a number in it is not known it does not.

        To be asked within the arithmetic's `protected`: then 0/0 is not a number, and no error.
        """
        try:
            return bool(self.meaning(values))
        except (_Unknown, ArithmeticError):
            return False


_NAME = r"[^\W\d]\w*(?:\.\w+)*(?:\[ *\d+ *(?:, *\d+ *)?\])?"
_BEHIND = r"(?:and|or|not|is|rises|falls|changes|sign)\b"
"""Behind a node that is called like a kind: a word of the condition, and no name of a quantity."""
_QUANTITY = re.compile(
    r"(?:(?:sample|round|update) \d+: *)*"
    rf"(?:learning rate\b|clip norm\b|∂\w* */ *∂ *{_NAME}(?: +via +{_NAME})?"
    rf"|(?:(?:grad|step|new) +|(?:decay|g|m|v|mhat|vhat) +(?!{_BEHIND}))?"
    rf"{_NAME}(?: +via +{_NAME})?)"
)
_WORD = re.compile(r"[^\W\d]\w*")
_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_HAPPENS: dict[tuple[str, ...], Callable[[Any, Any], bool]] = {
    ("rises",): lambda now, before: now > before,
    ("falls",): lambda now, before: now < before,
    ("changes", "sign"): lambda now, before: now * before < 0,
    ("sign", "changes"): lambda now, before: now * before < 0,
    ("changes",): lambda now, before: now != before,
}
_IS: dict[tuple[str, ...], Callable[[Any], bool]] = {
    ("is", "nan"): lambda now: now != now,
    ("is", "zero"): lambda now: now == 0,
}
DEEPEST = 40
"""Brackets within brackets."""
MOST = 100
"""Numbers and quantities in a condition."""
LARGEST = Decimal(10) ** 12
"""The limit of all numbers that are typed."""

WORDS = frozenset(
    ("and", "or", "not", "is", "abs", "grad", "step", "new", "rises", "falls", "changes", "sign")
)
"""Words that mean something of their own in a condition; a value may be called so all the same."""

LOOKS_LIKE = re.compile(r"[<>=!*/()]|\s[+-]\s|\b(rises|falls|changes|is|and|or|not)\b")
"""What no name of a quantity contains, but a condition may."""


def read_condition(text: str, read: Read) -> Condition:
    """Read a condition.

    Raises:
        Refusal: it cannot be read; the message says at which character, and what is expected.
    """
    reader = _Reader(text, read)
    meaning, is_truth = reader.condition()
    reader.space()
    if reader.at < len(text):
        raise reader.fault("expected 'and', 'or' or the end")
    if not is_truth:
        raise reader.fault("expected a comparison such as < 0.01, or rises, falls, changes, is nan")
    return Condition(meaning, tuple(dict.fromkeys(reader.quantities)))


def with_full_names(text: str, full: Callable[[str], str]) -> str:
    """A condition or a name, each quantity in it as `full` has it."""
    return _QUANTITY.sub(lambda found: full(found[0]), text)


Part = tuple[Meaning, bool]
"""What it means, and whether it is true or false rather than a number."""


class _Reader:
    """Reads from left to right; `at` is the character it has come to."""

    def __init__(self, text: str, read: Read) -> None:
        self.text, self._read = text, read
        self.at = self._deep = self._count = 0
        self.quantities: list[Quantity] = []

    def fault(self, told: str, at: int | None = None) -> Refusal:
        place = self.at if at is None else at
        found = self.text[place : place + 20].strip() or "the end"
        return Refusal(f"at character {place + 1} of the condition, {quoted(found)}: {told}")

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def take(self, sign: str) -> bool:
        self.space()
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        return True

    def words(self, *wanted: str) -> bool:
        """Take these words, if they come next."""
        start = self.at
        for word in wanted:
            self.space()
            found = _WORD.match(self.text, self.at)
            if found is None or found[0] != word:
                self.at = start
                return False
            self.at = found.end()
        return True

    def condition(self) -> Part:
        start, first = self._start(), self._both()
        while self.words("or"):
            left, here = self._truth(first, start), self._start()
            first = _or(left, self._truth(self._both(), here))
        return first

    def _both(self) -> Part:
        start, first = self._start(), self._single()
        while self.words("and"):
            left, here = self._truth(first, start), self._start()
            first = _and(left, self._truth(self._single(), here))
        return first

    def _start(self) -> int:
        """Where what comes next begins."""
        self.space()
        return self.at

    def _truth(self, part: Part, start: int) -> Meaning:
        if not part[1]:
            raise self.fault("expected a condition, not a number alone", start)
        return part[0]

    def _single(self) -> Part:
        if self.words("not"):
            self._deepen()
            start = self._start()
            inner = self._truth(self._single(), start)
            self._deep -= 1
            return (lambda values: not inner(values)), True
        left, is_truth = self._sum()
        if is_truth:
            return left, True
        for sign, compare in _COMPARED.items():
            if self.take(sign):
                start = self._start()
                right = self._number(self._sum(), start)
                return _compared(compare, _sound(left), _sound(right)), True
        for words, happens in _HAPPENS.items():
            if self.words(*words):
                return _happening(happens, _sound(left)), True
        for words, test in _IS.items():
            if self.words(*words):
                return _tested(test, left), True
        return left, False

    def _number(self, part: Part, start: int) -> Meaning:
        if part[1]:
            raise self.fault("expected a number or a quantity, not a condition", start)
        return part[0]

    def _sum(self) -> Part:
        return self._chain(self._product, {"+": operator.add, "-": operator.sub})

    def _product(self) -> Part:
        return self._chain(self._factor, {"*": operator.mul, "/": operator.truediv})

    def _chain(self, of: Callable[[], Part], signs: dict[str, Callable[[Any, Any], Any]]) -> Part:
        start, first = self._start(), of()
        while True:
            sign = next((each for each in signs if self.take(each)), None)
            if sign is None:
                return first
            left, here = self._number(first, start), self._start()
            first = _compared(signs[sign], left, self._number(of(), here)), False

    def _deepen(self) -> None:
        self._deep += 1
        if self._deep > DEEPEST:
            raise self.fault(f"expected at most {DEEPEST} brackets or signs within one another")

    def _factor(self) -> Part:
        self._deepen()
        try:
            return self._inner()
        finally:
            self._deep -= 1

    def _inner(self) -> Part:
        if self.take("-") or self.take("−"):
            here = self._start()
            inner = self._number(self._factor(), here)
            return (lambda values: -inner(values)), False
        if self.take("("):
            part = self.condition()
            if not self.take(")"):
                raise self.fault("expected a closing bracket )")
            return part
        start = self._start()
        if self.words("abs"):
            if not self.take("("):
                raise self.fault("expected ( behind abs", start)
            here = self._start()
            inner = self._number(self._sum(), here)
            if not self.take(")"):
                raise self.fault("expected a closing bracket )")
            return (lambda values: abs(inner(values))), False
        self._count += 1
        if self._count > MOST:
            raise self.fault(f"expected at most {MOST} numbers and quantities")
        return self._written() or self._quantity(), False

    def _written(self) -> Meaning | None:
        """A number as it is written; None where none comes next."""
        found = IN_TEXT.match(self.text, self.at)
        if found is None:
            return None
        read = read_answer(found[0])
        # An exponent that is not read leaves nothing, or too much.
        number = Decimal(0) if read is None else read.value
        if number > LARGEST or (read is None and "e-" not in found[0].casefold()):
            raise self.fault("expected a number up to 10¹²")
        self.at = found.end()
        return lambda values: values.number(number)

    def _quantity(self) -> Meaning:
        found = _QUANTITY.match(self.text, self.at)
        if found is None:
            raise self.fault("expected a quantity such as loss or hidden.z[1], or a number")
        try:
            quantity = self._read(found[0])
        except Refusal as refusal:
            raise self.fault(str(refusal)) from refusal
        self.at = found.end()
        self.quantities.append(quantity)
        return lambda values: _known(values.now(quantity))


def _known(value: Any) -> Any:
    if value is None:
        raise _Unknown
    return value


def _sound(meaning: Meaning) -> Meaning:
    """A number one can compare with: not one that is too large, nor one that is none."""

    def sound(values: Values) -> Any:
        number = meaning(values)
        if not math.isfinite(number):
            raise _Unknown
        return number

    return sound


def _or(left: Meaning, right: Meaning) -> Part:
    # A side that is not known must not hide the other one.
    return (lambda values: _sure(left, values) or _sure(right, values)), True


def _sure(meaning: Meaning, values: Values) -> bool:
    return Condition(meaning, ()).holds(values)


def _and(left: Meaning, right: Meaning) -> Part:
    return (lambda values: left(values) and right(values)), True


def _compared(compare: Callable[[Any, Any], Any], left: Meaning, right: Meaning) -> Meaning:
    return lambda values: compare(left(values), right(values))


def _tested(test: Callable[[Any], bool], of: Meaning) -> Meaning:
    return lambda values: test(of(values))


def _happening(happens: Callable[[Any, Any], bool], of: Meaning) -> Meaning:
    def meaning(values: Values) -> bool:
        if values.before is None:
            return False
        return happens(of(values), of(Values(values.before, None, values.number)))

    return meaning
