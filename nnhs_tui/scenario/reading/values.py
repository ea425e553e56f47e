"""What a single value of a scenario file may be, apart from everything else in it.

A validator takes a decoded value and gives it back, or raises `Finding`s.
"""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from voluptuous import Invalid, MultipleInvalid, Schema

from nnhs_tui.labels import counted
from nnhs_tui.operations.table import activations
from nnhs_tui.scenario.reading import limits
from nnhs_tui.scenario.reading.faults import choices, describe_value, quote
from nnhs_tui.scenario.reading.formulas import is_formula

Validator = Callable[[Any], Any]


class Finding(Invalid):
    """A value that cannot be what it is; the message is what was expected."""

    def __init__(self, found: str, expected: str, path: tuple[str | int, ...] = ()) -> None:
        super().__init__(expected, list(path))
        self.found = found


def is_finite(value: object) -> bool:
    """Whether a decoded value is a number that a double can hold."""
    if type(value) is Decimal:
        return value.is_finite() and (value.adjusted() < 308 or abs(float(value)) < math.inf)
    # bool is a kind of int to Python.
    return type(value) is int and -(10**308) < value < 10**308


def rule(fits: Callable[[Any], bool], expected: str) -> Validator:
    """A validator of single values."""

    def validate(value: object) -> object:
        if not fits(value):
            raise Finding(describe_value(value), expected)
        return value

    return validate


def whole(low: int, high: int | None = None, reason: str = "") -> Validator:
    """A whole number between two, both included."""
    span = f"from {low} to {high:,}" if high is not None else f"of at least {low}"
    return rule(
        lambda value: type(value) is int and low <= value and (high is None or value <= high),
        f"expected a whole number {span}{reason}",
    )


def one_of(words: Collection[str]) -> Validator:
    """One of some words; of a table, of those that are in it when it is asked."""

    def validate(value: object) -> object:
        if value not in tuple(words):
            raise Finding(describe_value(value), f"expected {choices(words)}")
        return value

    return validate


def _number_finding(value: object, path: tuple[str | int, ...] = ()) -> Finding:
    expected = "expected a number"
    if type(value) in (int, Decimal):
        expected = "expected a finite number, at most 1.8e308 in size"
    elif isinstance(value, str) and value.strip()[-1:].isdecimal():
        expected = "expected a number, without the quotes"
    return Finding(describe_value(value), expected, path)


def number(value: object) -> object:
    """A number that a double can hold."""
    if not is_finite(value):
        raise _number_finding(value)
    return value


def not_negative(value: Any) -> object:
    """A number of at least 0."""
    number(value)
    if value < 0:
        raise Finding(describe_value(value), "expected a number of at least 0")
    return value


def _raise(errors: Sequence[Invalid]) -> None:
    if errors:
        raise MultipleInvalid(list(errors))


def vector(value: object) -> object:
    """A list of numbers; a loop of its own, as files hold tens of thousands."""
    if not isinstance(value, list):
        raise Finding(describe_value(value), "expected a list of numbers: [1.0, 2.0]")
    faulty = (_number_finding(v, (i,)) for i, v in enumerate(value) if not is_finite(v))
    _raise(list(islice(faulty, limits.MAX_FAULTS + 1)))
    return value


_ROWS = "expected a list of rows, one row per input: [[0.5, -0.3], [0.8, 0.2]]"


def matrix(value: object, rows: str = _ROWS, per: str = "neuron") -> object:
    """A list of rows of one length.

    Args:
        rows: what is expected in place of something else.
        per: what each number of a row belongs to.
    """
    if not isinstance(value, list) or not value or not any(isinstance(row, list) for row in value):
        raise Finding(describe_value(value), rows)
    errors: list[Invalid] = []
    width = next(len(row) for row in value if isinstance(row, list))
    for place, row in enumerate(value):
        if not isinstance(row, list):
            errors.append(
                Finding(describe_value(row), "expected a row: a list of numbers", (place,))
            )
        elif not row:
            errors.append(Finding("an empty row", f"expected one number per {per}", (place,)))
        elif len(row) != width:
            found = f"a row of {counted(len(row), 'number')}"
            errors.append(Finding(found, f"expected {width} as in the rows before it", (place,)))
        errors += [
            _number_finding(v, (place, i))
            for i, v in enumerate(row if isinstance(row, list) else ())
            if not is_finite(v)
        ]
        if len(errors) >= limits.MAX_FAULTS:
            break
    _raise(errors)
    return value


def bias(value: object) -> object:
    """A list of numbers, or whether there are zeros."""
    if isinstance(value, bool):
        return value
    if not isinstance(value, list):
        expected = "expected a list with one number per neuron, or true for zeros"
        raise Finding(describe_value(value), expected)
    return vector(value)


def names(value: object) -> object:
    """A list of texts."""
    if not isinstance(value, list):
        raise Finding(describe_value(value), 'expected a list of names in quotes: ["hidden.b"]')
    _raise(
        [
            Finding(describe_value(name), "expected a name in quotes", (place,))
            for place, name in enumerate(value)
            if not isinstance(name, str)
        ]
    )
    return value


def columns(value: object) -> object:
    """Columns of a data file, by what stands in its first row, each once."""
    expected = 'expected a list of columns by their names in the first row: ["height", "width"]'
    if not isinstance(value, list) or not value:
        raise Finding(describe_value(value), expected)
    errors: list[Invalid] = []
    seen: set[str] = set()
    for place, name in enumerate(value):
        if not isinstance(name, str) or not name.strip():
            errors.append(Finding(describe_value(name), "expected a column's name", (place,)))
        elif name.strip() in seen:
            errors.append(Finding(quote(name), "expected each column once", (place,)))
        else:
            seen.add(name.strip())
        if len(errors) > limits.MAX_FAULTS:
            break
    _raise(errors)
    return value


def inputs(value: object) -> object:
    """How many, or a list of names; what a name may be is checked with the layers' names."""
    if isinstance(value, list) and value:
        return names(value)
    if type(value) is int and 1 <= value <= limits.MAX_PARAMETERS:
        return value
    expected = f"expected how many, from 1 to {limits.MAX_PARAMETERS:,}, or a list of names"
    raise Finding(describe_value(value), expected)


def parts(value: object) -> object:
    """Some of the article's parts."""
    span = f"expected a list of parts of the article, whole numbers from 1 to {limits.PARTS}: [12]"
    if not isinstance(value, list):
        raise Finding(describe_value(value), span)
    _raise(
        [
            Finding(describe_value(each), span, (place,))
            for place, each in enumerate(value[: limits.PARTS + 1])
            if type(each) is not int or not 1 <= each <= limits.PARTS
        ]
    )
    if len(value) > limits.PARTS:
        raise Finding(counted(len(value), "number"), span)
    return value


def title(value: object) -> object:
    """One line of text."""
    return line(value, "title")


def chapter(value: object) -> object:
    """One line of text."""
    return line(value, "chapter")


def line(value: object, key: str) -> object:
    """One line of text, as the value of a key."""
    expected = f'expected one line of text: {key} = "…"'
    if not isinstance(value, str) or not value.strip():
        raise Finding(describe_value(value), expected)
    if value.splitlines() != [value]:
        raise Finding(f"several lines, {quote(value)}", expected)
    return value


def each_of(entry: Validator, maximum: int, noun: str, example: str) -> Validator:
    """A table in which every key is a name and every value fits `entry`."""

    def validate(value: object) -> object:
        if not isinstance(value, dict):
            raise Finding(describe_value(value), f"expected a table of names: {example}")
        if len(value) > maximum:
            raise Finding(counted(len(value), noun), f"expected at most {maximum:,}")
        errors: list[Invalid] = []
        for name, each in value.items():
            try:
                entry(each)
            except Invalid as error:
                error.prepend([name])
                errors += error.errors if isinstance(error, MultipleInvalid) else [error]
        _raise(errors)
        return value

    return validate


class Tables:
    """A list of tables, `[[samples]]`; unlike voluptuous' own lists it reports them all."""

    def __init__(self, table: Mapping[Any, Any] | None, header: str, maximum: int) -> None:
        self.table = table
        self.header = header
        self.maximum = maximum
        self._schema = None if table is None else Schema(table)

    def __call__(self, value: object) -> object:
        expected = f"expected tables under {self.header}, in double brackets"
        if not isinstance(value, list) or not value:
            raise Finding(describe_value(value), expected)
        if len(value) > self.maximum:
            raise Finding(f"{len(value):,} of them", f"expected at most {self.maximum:,}")
        errors: list[Invalid] = []
        for place, each in enumerate(value):
            try:
                if not isinstance(each, dict):
                    raise Finding(describe_value(each), expected)
                if self._schema is not None:
                    self._schema(each)
            except Invalid as error:
                error.prepend([place])
                errors += error.errors if isinstance(error, MultipleInvalid) else [error]
                if len(errors) >= limits.MAX_FAULTS:
                    break
        _raise(errors)
        return value


yes_or_no = rule(lambda value: isinstance(value, bool), "expected true or false")
text = rule(lambda value: isinstance(value, str), 'expected text in quotes: "…" or """…"""')
expression = rule(lambda v: isinstance(v, str), 'expected an expression in quotes: "2 * x"')


def activation(value: object) -> object:
    """An activation of the table, as it is when it is asked; a formula is read later."""
    if is_formula(value):
        return value
    known = choices(activations())
    return rule(lambda v: v in activations(), f'expected {known}, or a formula: "z ** 2"')(value)
