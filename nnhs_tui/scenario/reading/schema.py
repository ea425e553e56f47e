"""The structure of a scenario file: which keys there are, and what each may hold by itself."""

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from voluptuous import DictInvalid, Invalid, MultipleInvalid, Required, RequiredFieldInvalid, Schema

from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.operations.table import activations
from nnhs_tui.operations.update_rules import UPDATE_RULES
from nnhs_tui.scenario.reading import limits
from nnhs_tui.scenario.reading.crowds import check_crowds
from nnhs_tui.scenario.reading.faults import (
    UNSOUND,
    Findings,
    choices,
    count,
    describe_value,
    key_path,
    quote,
)

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


def _rule(fits: Callable[[Any], bool], expected: str) -> Validator:
    """A validator of single values."""

    def validate(value: object) -> object:
        if not fits(value):
            raise Finding(describe_value(value), expected)
        return value

    return validate


def _whole(low: int, high: int | None = None, reason: str = "") -> Validator:
    span = f"from {low} to {high:,}" if high is not None else f"of at least {low}"
    return _rule(
        lambda value: type(value) is int and low <= value and (high is None or value <= high),
        f"expected a whole number {span}{reason}",
    )


def _one_of(words: Collection[str]) -> Validator:
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


def _number(value: object) -> object:
    if not is_finite(value):
        raise _number_finding(value)
    return value


def _not_negative(value: Any) -> object:
    _number(value)
    if value < 0:
        raise Finding(describe_value(value), "expected a number of at least 0")
    return value


def _raise(errors: Sequence[Invalid]) -> None:
    if errors:
        raise MultipleInvalid(list(errors))


def _vector(value: object) -> object:
    """A list of numbers; a loop of its own, as files hold tens of thousands."""
    if not isinstance(value, list):
        raise Finding(describe_value(value), "expected a list of numbers: [1.0, 2.0]")
    faulty = (_number_finding(v, (i,)) for i, v in enumerate(value) if not is_finite(v))
    _raise(list(islice(faulty, limits.MAX_FAULTS + 1)))
    return value


def _matrix(value: object) -> object:
    """A list of rows of one length."""
    rows = "expected a list of rows, one row per input: [[0.5, -0.3], [0.8, 0.2]]"
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
            errors.append(Finding("an empty row", "expected one number per neuron", (place,)))
        elif len(row) != width:
            found = f"a row of {count(len(row), 'number')}"
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


def _bias(value: object) -> object:
    if isinstance(value, bool):
        return value
    if not isinstance(value, list):
        expected = "expected a list with one number per neuron, or true for zeros"
        raise Finding(describe_value(value), expected)
    return _vector(value)


def _names(value: object) -> object:
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


def _inputs(value: object) -> object:
    """How many, or a list of names; what a name may be is checked with the layers' names."""
    if isinstance(value, list) and value:
        return _names(value)
    if type(value) is int and 1 <= value <= limits.MAX_PARAMETERS:
        return value
    expected = f"expected how many, from 1 to {limits.MAX_PARAMETERS:,}, or a list of names"
    raise Finding(describe_value(value), expected)


def _title(value: object) -> object:
    expected = 'expected one line of text: title = "…"'
    if not isinstance(value, str) or not value.strip():
        raise Finding(describe_value(value), expected)
    if value.splitlines() != [value]:
        raise Finding(f"several lines, {quote(value)}", expected)
    return value


def _each(entry: Validator, maximum: int, noun: str, example: str) -> Validator:
    """A table in which every key is a name and every value fits `entry`."""

    def validate(value: object) -> object:
        if not isinstance(value, dict):
            raise Finding(describe_value(value), f"expected a table of names: {example}")
        if len(value) > maximum:
            raise Finding(count(len(value), noun), f"expected at most {maximum:,}")
        errors: list[Invalid] = []
        for name, each in value.items():
            try:
                entry(each)
            except Invalid as error:
                error.prepend([name])
                errors.append(error)
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


_text = _rule(lambda value: isinstance(value, str), 'expected text in quotes: "…" or """…"""')
_expression = _rule(lambda v: isinstance(v, str), 'expected an expression in quotes: "2 * x"')
_numbers = _each(_number, limits.MAX_PARAMETERS, "entry", "{ x = 1.0 }")


def _activation(value: object) -> object:
    return _one_of(activations())(value)


_SAMPLE: dict[Any, Any] = {
    Required("x", "expected the inputs of this sample: x = [1.0, 2.0]"): _vector,
    "t": _vector,
    "upstream": _vector,
}
_LAYER: dict[Any, Any] = {
    "name": _text,
    "weights": _matrix,
    "neurons": _whole(1, limits.MAX_PARAMETERS, ": a network has at most that many parameters"),
    "init": {"kind": _one_of(limits.INITS), "scale": _not_negative, "seed": _whole(0)},
    "bias": _bias,
    "activation": _activation,
}
_FILE: dict[Any, Any] = {
    Required("title", 'expected one line of text: title = "…"'): _title,
    "description": _text,
    "source": _text,
    "notes": _text,
    "digits": _whole(0, limits.MAX_DIGITS),
    "arithmetic": _one_of(limits.ARITHMETICS),
    "level": _one_of(limits.LEVELS),
    "sigmoid": _one_of(limits.SIGMOIDS),
    "network": {
        Required("inputs", "expected how many inputs, or a list of their names"): _inputs,
        Required("layers", "expected at least one layer, under [[network.layers]]"): Tables(
            _LAYER, "[[network.layers]]", limits.MAX_LAYERS
        ),
    },
    "graph": {
        "inputs": _numbers,
        "parameters": _numbers,
        "output": _text,
        Required("nodes", "expected the expressions, under [graph.nodes]"): _each(
            _expression, limits.MAX_NODES, "node", '[graph.nodes] and below it A = "-x"'
        ),
    },
    "loss": {Required("kind", f"expected {choices(LOSSES)}"): _one_of(LOSSES)},
    "backward": {Required("upstream", "expected one number per output"): _vector},
    "training": {
        "learning_rate": _not_negative,
        "rounds": _whole(1, limits.MAX_ROUNDS),
        "optimizer": _one_of(UPDATE_RULES),
        "reduction": _one_of(REDUCTIONS),
        "frozen": _names,
    },
    "samples": Tables(_SAMPLE, "[[samples]]", limits.MAX_SAMPLES),
}


def check_structure(data: dict[str, object], findings: Findings) -> None:
    """Notes what is wrong with keys and single values, and marks those values as unsound."""
    layout = dict(_FILE)
    if ("network" in data) == ("graph" in data):
        # What a sample may hold depends on which of the two it was meant to be.
        layout["samples"] = Tables(None, "[[samples]]", limits.MAX_SAMPLES)
    elif "graph" in data:
        layout["samples"] = Tables({str: _number}, "[[samples]]", limits.MAX_SAMPLES)
    check_crowds(data, set().union(*_homes().values()), findings)
    try:
        Schema(layout)(data)
    except MultipleInvalid as found:
        for error in found.errors:
            _note(error, data, layout, findings)
        for error in found.errors:
            _mark(data, error.path)


def _note(
    error: Invalid, data: dict[str, object], layout: dict[Any, Any], findings: Findings
) -> None:
    path: list[Any] = [str(p) if isinstance(p, Required) else p for p in error.path]
    if isinstance(error, Finding):
        findings.add(path, error.found, error.error_message)
    elif isinstance(error, RequiredFieldInvalid):
        findings.add(path, "missing", error.error_message)
    elif isinstance(error, DictInvalid):
        inside_list = any(isinstance(part, int) for part in path)
        header = "" if inside_list else f"[{key_path(tuple(path))}] or "
        found = describe_value(_at(data, path))
        findings.add(path, found, f"expected a table: {header}{path[-1]} = {{ … }}")
    else:
        _note_unknown(path, layout, findings)


def _note_unknown(path: list[Any], layout: dict[Any, Any], findings: Findings) -> None:
    known = [str(key) for key in _table(path[:-1], layout)]
    homes = [home for home, keys in _homes().items() if path[-1] in keys]
    near = findings.nearest(path[-1], known)
    if near is None and homes:
        findings.add(path, "unknown key here", f"expected {path[-1]} {' or '.join(homes)}")
    elif near is not None:
        findings.add(path, "unknown key", f"did you mean {quote(near)}?")
    else:
        findings.add(path, "unknown key", f"expected one of {', '.join(known)}")


def _table(path: list[Any], layout: dict[Any, Any]) -> dict[Any, Any]:
    """The keys a place in the file may have."""
    here: Any = layout
    for part in path:
        here = here[part] if isinstance(here, dict) else here.table
    return here if isinstance(here, dict) else {}


def _homes() -> dict[str, set[str]]:
    """Where each key belongs, for keys that stand in the wrong table."""
    tables = {"in [[samples]]": _SAMPLE, "in [[network.layers]]": _LAYER}
    tables |= {f"in [{name}]": part for name, part in _FILE.items() if isinstance(part, dict)}
    top = {"at the top of the file, above the first [table]": _FILE}
    return {place: set(map(str, table)) for place, table in (top | tables).items()}


def _at(data: Any, path: list[Any]) -> object:
    for part in path:
        data = data[part]
    return data


def _mark(data: dict[str, object], path: list[Any]) -> None:
    """Puts the mark of an unsound value in its place, unless something above it has one."""
    here: Any = data
    for part in path[:-1]:
        here = here[part]
        if here is UNSOUND:
            return
    here[str(path[-1]) if isinstance(path[-1], Required) else path[-1]] = UNSOUND
