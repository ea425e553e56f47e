"""The structure of a scenario file: which keys there are, and what each may hold."""

from typing import Any

from voluptuous import DictInvalid, Invalid, MultipleInvalid, Required, RequiredFieldInvalid, Schema

from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.reductions import REDUCTIONS
from nnhs_tui.scenario.reading import limits, training_values
from nnhs_tui.scenario.reading.crowds import check_crowds
from nnhs_tui.scenario.reading.faults import (
    UNSOUND,
    Findings,
    choices,
    describe_value,
    key_path,
    quote,
)
from nnhs_tui.scenario.reading.matrices.validators import named_values, number_or_matrix
from nnhs_tui.scenario.reading.values import (
    Finding,
    Tables,
    activation,
    bias,
    chapter,
    columns,
    each_of,
    expression,
    inputs,
    matrix,
    names,
    not_negative,
    one_of,
    parts,
    text,
    title,
    vector,
    whole,
    yes_or_no,
)

_SAMPLE: dict[Any, Any] = {
    Required("x", "expected the inputs of this sample: x = [1.0, 2.0]"): vector,
    "t": vector,
    "upstream": vector,
}
_LAYER: dict[Any, Any] = {
    "name": text,
    "weights": matrix,
    "neurons": whole(1, limits.MAX_PARAMETERS, ": a network has at most that many parameters"),
    "init": {"kind": one_of(limits.INITS), "scale": not_negative, "seed": whole(0)},
    "bias": bias,
    "activation": activation,
}
_FILE: dict[Any, Any] = {
    Required("title", 'expected one line of text: title = "…"'): title,
    "description": text,
    "source": text,
    "notes": text,
    "digits": whole(0, limits.MAX_DIGITS),
    "arithmetic": one_of(limits.ARITHMETICS),
    "level": one_of(limits.LEVELS),
    "sigmoid": one_of(limits.SIGMOIDS),
    "chapter": chapter,
    "place": whole(0, limits.MAX_PLACE),
    "part": parts,
    "network": {
        Required("inputs", "expected how many inputs, or a list of their names"): inputs,
        "rows": one_of(limits.ROWS),
        Required("layers", "expected at least one layer, under [[network.layers]]"): Tables(
            _LAYER, "[[network.layers]]", limits.MAX_LAYERS
        ),
    },
    "graph": {
        "inputs": named_values,
        "parameters": named_values,
        "output": text,
        Required("nodes", "expected the expressions, under [graph.nodes]"): each_of(
            expression, limits.MAX_NODES, "node", '[graph.nodes] and below it A = "-x"'
        ),
    },
    "loss": {Required("kind", f"expected {choices(LOSSES)}"): one_of(LOSSES)},
    "backward": {Required("upstream", "expected one number per output"): vector},
    "training": {
        "learning_rate": not_negative,
        "rounds": whole(1, limits.MAX_ROUNDS),
        "optimizer": training_values.optimizer,
        "weight_decay": not_negative,
        "update": training_values.update,
        "schedule": training_values.schedule,
        "clip": training_values.clip,
        "reduction": one_of(REDUCTIONS),
        "frozen": names,
    },
    "samples": Tables(_SAMPLE, "[[samples]]", limits.MAX_SAMPLES),
    "data": {
        Required("file", 'expected a file beside this one: file = "measured.csv"'): text,
        Required("inputs", 'expected the columns of the inputs: inputs = ["height"]'): columns,
        "targets": columns,
        "onehot": yes_or_no,
        "scale": one_of(limits.SCALES),
        "first": whole(1, limits.MAX_SAMPLES),
    },
}


_ARRIVES = "expected what arrives at the output: a number, or as many as it has"


def check_structure(data: dict[str, object], findings: Findings) -> None:
    """Notes what is wrong with keys and single values, and marks those values as unsound."""
    layout = dict(_FILE)
    if ("network" in data) == ("graph" in data):
        # What a sample may hold depends on which of the two it was meant to be.
        layout["samples"] = Tables(None, "[[samples]]", limits.MAX_SAMPLES)
    elif "graph" in data:
        layout["samples"] = Tables({str: number_or_matrix}, "[[samples]]", limits.MAX_SAMPLES)
        layout["backward"] = {Required("upstream", _ARRIVES): number_or_matrix}
    check_layout(data, layout, _homes(), findings)


def check_layout(
    data: dict[str, object],
    layout: dict[Any, Any],
    homes: dict[str, set[str]],
    findings: Findings,
) -> None:
    """Notes what is wrong with a file of some layout, and marks those values as unsound.

    Args:
        layout: The keys there may be, and what each may hold.
        homes: In words, the places there are, and the keys that belong there.
    """
    check_crowds(data, set().union(*homes.values()), findings)
    try:
        Schema(layout)(data)
    except MultipleInvalid as found:
        for error in found.errors:
            _note(error, data, layout, homes, findings)
        for error in found.errors:
            _mark(data, error.path)


def _note(
    error: Invalid,
    data: dict[str, object],
    layout: dict[Any, Any],
    homes: dict[str, set[str]],
    findings: Findings,
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
        _note_unknown(path, layout, homes, findings)


def _note_unknown(
    path: list[Any], layout: dict[Any, Any], homes: dict[str, set[str]], findings: Findings
) -> None:
    known = [str(key) for key in _table(path[:-1], layout)]
    fitting = [home for home, keys in homes.items() if path[-1] in keys]
    near = findings.nearest(path[-1], known)
    if near is None and fitting:
        findings.add(path, "unknown key here", f"expected {path[-1]} {' or '.join(fitting)}")
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
