"""Checks across the fields of a scenario that is a graph."""

from collections.abc import Collection
from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.operations.matrices.table import matrix_functions
from nnhs_tui.operations.table import CIRCUIT, CIRCUIT_NAME, CIRCUIT_OF, functions, reserved
from nnhs_tui.scenario.reading.chains import fewest_nodes
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.expression import parse
from nnhs_tui.scenario.reading.faults import Findings, describe_value, no_name, quote
from nnhs_tui.scenario.reading.limits import MAX_ELEMENTARY, MAX_SAMPLE_PARAMETERS
from nnhs_tui.scenario.reading.literals import CONSTANTS
from nnhs_tui.scenario.reading.matrices.given import Given, check_arriving
from nnhs_tui.scenario.reading.matrices.suffixes import may_be_of_matrices
from nnhs_tui.scenario.reading.tokens import is_name

Names = dict[str, dict[str, None] | None]
"""The names of each kind, in order; None where it cannot be known which there are."""

_TABLES = ("inputs", "parameters", "nodes")


def check_graph(data: dict[str, Any], findings: Findings, alone: bool) -> tuple[Expression, ...]:
    """Notes what is wrong with a graph, and with what stands beside it.

    Args:
        data: The decoded file; unsound values are marked.
        findings: Where faults are noted.
        alone: Whether the rest of the file can be understood as a graph's.

    Returns:
        The expressions that are right, broken into elementary operations.
    """
    graph = data["graph"] if isinstance(data["graph"], dict) else {}
    names: Names = {
        kind: dict.fromkeys(value) if isinstance(value, dict) else None
        for kind, value in ((kind, graph.get(kind, {})) for kind in _TABLES)
    }
    _check_names(names, findings)
    circuit = data.get("sigmoid") == CIRCUIT_NAME
    given = Given.of(graph, findings)
    expressions = _check_nodes(graph.get("nodes"), names, given, findings, circuit)
    _check_output(graph, names, findings)
    if alone:
        _check_beside(data, names, given, findings)
        check_arriving(data, graph, given, findings)
        check_work(data.get("samples"), given.parameters, "graph", findings)
    return expressions


def elementary_count(expression: Expression, circuit: bool) -> int:
    """How many elementary nodes these are on the tape, where a sigmoid may be four."""
    more = (len(CIRCUIT) - 1) * expression.ops.count(CIRCUIT_OF)
    return len(expression.ops) + (more if circuit else 0)


def check_work(samples: object, parameters: int, what: str, findings: Findings) -> None:
    """What a round takes: samples times parameters.

    Args:
        samples: those of the file; without any a graph has one.
        what: the kind of model, as a fault calls it.
    """
    several = len(samples) if isinstance(samples, list) else 1
    if several * parameters > MAX_SAMPLE_PARAMETERS:
        found = f"{counted(several, 'sample')} of a {what} of {counted(parameters, 'parameter')}"
        expected = f"expected at most {MAX_SAMPLE_PARAMETERS:,} samples times parameters"
        findings.add(("samples",), found, expected)


def _check_beside(data: dict[str, Any], names: Names, given: Given, findings: Findings) -> None:
    """Notes what is wrong with the rest of the file, for a graph."""
    if "loss" in data:
        expected = "expected [loss] only with a [network]; a graph starts at its output"
        findings.add(("loss",), "[loss] beside a [graph]", expected)
    training = data.get("training")
    frozen = training.get("frozen") if isinstance(training, dict) else None
    if names["parameters"] is not None:
        for place, entry in enumerate(frozen if isinstance(frozen, list) else []):
            if given.is_entry(entry):
                continue
            _check_member(
                ("training", "frozen", place), entry, names, "parameters", "a parameter", findings
            )
    samples = data.get("samples")
    for place, sample in enumerate(samples if isinstance(samples, list) else []):
        for key, value in sample.items() if isinstance(sample, dict) else ():
            path = ("samples", place, key)
            _check_member(path, key, names, "inputs", "an input of the graph", findings)
            given.check_override(path, key, value, findings)


def _check_names(names: Names, findings: Findings) -> None:
    taken: dict[str, str] = {}
    for kind, known in names.items():
        for name in known or ():
            path = ("graph", kind, name)
            if not is_name(name):
                expected = "expected a name of letters, digits and _, not beginning with a digit"
                findings.add(path, no_name(name), expected)
            elif name in reserved():
                expected = "expected a name that is not a function's"
                findings.add(path, f"the name {quote(name)}", expected)
            elif name in taken:
                found = f"the name {quote(name)} a second time"
                findings.add(path, found, f"expected another: it is among the {taken[name]}")
            taken.setdefault(name, kind)


def _check_nodes(
    nodes: object, names: Names, given: Given, findings: Findings, circuit: bool
) -> tuple[Expression, ...]:
    if not isinstance(nodes, dict):
        return ()
    if not nodes:
        findings.add(("graph", "nodes"), "no node", 'expected at least one: A = "-x"')
    texts = [each for each in nodes.values() if isinstance(each, str)]
    if sum(map(fewest_nodes, texts)) > MAX_ELEMENTARY:
        _note_elementary(findings)
        return ()
    expressions: list[Expression] = []
    shaped = given.has_matrices or any(map(may_be_of_matrices, texts))
    number = 0
    special = (*functions(), *matrix_functions(), *CONSTANTS)
    assigned = {name for name in special if any(name in (known or ()) for known in names.values())}
    defined = {**(names["inputs"] or {}), **(names["parameters"] or {})}
    for owner, text in nodes.items():
        if findings.full:
            break
        if isinstance(text, str):
            parsed = parse(owner, text, assigned, shaped=shaped)
            for problem in parsed.problems:
                findings.add(("graph", "nodes", owner), problem.found, problem.expected)
            for name in parsed.names:
                if name not in defined:
                    _note_name(owner, name, names, defined, findings)
            if parsed.expression is not None:
                room = MAX_ELEMENTARY - number
                own = given.elementary(parsed.expression, text, room, circuit, findings)
                number += MAX_ELEMENTARY + 1 if own.is_too_large else 0
                if own.expression is not None:
                    expressions.append(own.expression)
                    number += elementary_count(own.expression, circuit)
            if number > MAX_ELEMENTARY:
                _note_elementary(findings)
                return ()
        defined[owner] = None
    return tuple(expressions)


def _note_elementary(findings: Findings) -> None:
    found = f"more than {MAX_ELEMENTARY:,} elementary nodes"
    expected = f"expected at most {MAX_ELEMENTARY:,}, counting each operation of an expression"
    findings.add(("graph", "nodes"), found, expected)


def _note_name(
    owner: str,
    name: str,
    names: Names,
    defined: dict[str, None],
    findings: Findings,
) -> None:
    """Notes a name that is not known where the expression stands."""
    path = ("graph", "nodes", owner)
    if name == owner:
        expected = "expected names from above it: a node cannot use itself"
        findings.add(path, f"{quote(name)} in its own expression", expected)
    elif name in (names["nodes"] or ()):
        expected = f"expected it to stand above: {name} is defined further down"
        findings.add(path, f"{quote(name)} before it is defined", expected)
    elif None not in names.values():
        kind = "an input, a parameter or a node"
        expected = findings.suggestion(name, defined, kind)
        findings.add(path, f"unknown name {quote(name)}", expected)


def _check_output(graph: dict[str, Any], names: Names, findings: Findings) -> None:
    if isinstance(output := graph.get("output"), str):
        path = ("graph", "output")
        _check_member(path, output, names, "nodes", "a node", findings)


def _check_member(
    path: tuple[str | int, ...],
    name: object,
    names: Names,
    kind: str,
    noun: str,
    findings: Findings,
) -> None:
    """Notes a name that is not one of its kind; one of another kind is called what it is."""
    known = names[kind]
    if known is None or not isinstance(name, str) or name in known:
        return
    other = next((k for k, group in names.items() if group is not None and name in group), None)
    if other is not None:
        findings.add(path, f"{quote(name)}, one of the {other}", _expected(noun, known))
    else:
        findings.add(path, describe_value(name), findings.suggestion(name, known, noun))


def _expected(noun: str, known: Collection[str]) -> str:
    return f"expected {noun}" + ("" if known else "; there is none")
