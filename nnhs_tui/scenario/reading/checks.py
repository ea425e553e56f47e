"""Checks across the fields of a scenario file, on whatever parts of it are sound by themselves."""

import re
from dataclasses import dataclass
from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.operations.table import CIRCUIT_NAME, OPERATIONS
from nnhs_tui.scenario.model import DataFile
from nnhs_tui.scenario.reading.elementary import Expression
from nnhs_tui.scenario.reading.faults import (
    UNSOUND,
    Findings,
    describe_value,
    no_name,
    quote,
)
from nnhs_tui.scenario.reading.formula_checks import check_formulas
from nnhs_tui.scenario.reading.graph_checks import check_graph, check_work
from nnhs_tui.scenario.reading.limits import (
    MAX_PARAMETERS,
    MAX_SOFTMAX,
    RESERVED,
)
from nnhs_tui.scenario.reading.sample_checks import check_samples, rows_of, table
from nnhs_tui.scenario.reading.table.columns import check_sizes
from nnhs_tui.scenario.reading.tokens import is_name

_UNSOUND_LAYER: dict[str, Any] = {"name": UNSOUND, "weights": UNSOUND}
_LAYERS = ("network", "layers")
_INDEX = "(0|[1-9][0-9]{0,8})"
_PARAMETER = re.compile(rf"(.+)\.(?:(W)(?:\[{_INDEX},{_INDEX}\])?|(b)(?:\[{_INDEX}\])?)")


def _is_softmax(layer: dict[str, Any]) -> bool:
    """Whether each of its results needs the z of every neuron."""
    activation = layer.get("activation")
    operation = OPERATIONS.get(activation) if isinstance(activation, str) else None
    return operation is not None and operation.of_layer


@dataclass
class Size:
    """What is known of a layer; None is not known, because what says it is faulty."""

    name: str | None
    inputs: int | None
    neurons: int | None
    bias: bool | None

    @property
    def parameters(self) -> int:
        if self.inputs is None or self.neurons is None:
            return 0
        return self.neurons * (self.inputs + bool(self.bias))


def check(
    data: dict[str, object], findings: Findings, beside: DataFile | None = None
) -> tuple[Expression, ...]:
    """Notes everything that is wrong between the parts of a decoded file.

    Args:
        data: The decoded file.
        findings: Where faults are noted.
        beside: Where its samples come from, if they do not stand in it.

    Returns:
        The expressions of a graph, so that they are read only once.
    """
    expressions: tuple[Expression, ...] = ()
    network, graph = "network" in data, "graph" in data
    if network and graph:
        findings.add(("graph",), "a [graph] beside a [network]", "expected only one of them")
    elif not network and not graph:
        findings.add(("network",), "missing", "expected a [network] or a [graph]")
    if graph:
        expressions = check_graph(data, findings, alone=not network)
    if network:
        _check_network(data, findings, beside, alone=not graph)
    return expressions


def _check_network(
    data: dict[str, object], findings: Findings, beside: DataFile | None, alone: bool
) -> None:
    network = table(data, "network")
    listed = network.get("layers")
    layers = [each if isinstance(each, dict) else _UNSOUND_LAYER for each in rows_of(listed)]
    given = network.get("inputs")
    inputs = len(given) if isinstance(given, list) else given if isinstance(given, int) else None
    _check_names(rows_of(given), layers, findings)
    rows = "neurons" if network.get("rows") == "neurons" else "inputs"
    sizes = _sizes(inputs, layers, rows, findings)
    is_circuit = data.get("sigmoid") == CIRCUIT_NAME
    check_formulas(layers, [size.neurons for size in sizes], is_circuit, findings)
    for place, layer in enumerate(layers[:-1]):
        if _is_softmax(layer):
            path = (*_LAYERS, place, "activation")
            findings.add(path, "softmax before the last layer", "expected softmax only in the last")
    total = sum(size.parameters for size in sizes)
    if total > MAX_PARAMETERS:
        largest = max(range(len(sizes)), key=lambda place: sizes[place].parameters)
        found = f"a network of {total:,} parameters, most of them here"
        findings.add((*_LAYERS, largest), found, f"expected at most {MAX_PARAMETERS:,}")
    if layers and _is_softmax(layers[-1]):
        neurons = sizes[-1].neurons
        if neurons is not None and neurons > MAX_SOFTMAX:
            path = (*_LAYERS, len(layers) - 1, "activation")
            expected = f"expected at most {MAX_SOFTMAX:,}: each depends on each"
            findings.add(path, f"a softmax of {counted(neurons, 'neuron')}", expected)
    if alone:
        check_work(rows_of(data.get("samples")), total, "network", findings)
        _check_frozen(data, sizes, bool(sizes), findings)
        outputs = sizes[-1].neurons if sizes else None
        if "data" in data:
            check_sizes(data, beside, inputs, outputs, findings)
        check_samples(data, inputs, outputs, findings)


def _check_names(inputs: list[Any], layers: list[dict[str, Any]], findings: Findings) -> None:
    """Named inputs and layers share one set of names, with those that layers have by default."""
    defaults = {
        f"layer{n + 1}": f"layer {n + 1}" for n, each in enumerate(layers) if "name" not in each
    }
    taken: dict[str, str] = {}
    places = [(("network", "inputs", n), name, f"input {n + 1}") for n, name in enumerate(inputs)]
    named = ((n, each["name"]) for n, each in enumerate(layers) if "name" in each)
    for path, name, owner in [
        *places,
        *(((*_LAYERS, n, "name"), name, f"layer {n + 1}") for n, name in named),
    ]:
        if not isinstance(name, str):
            continue
        if not is_name(name):
            expected = "expected letters, digits and _, not beginning with a digit"
            findings.add(path, no_name(name) if name else describe_value(name), expected)
        elif name in RESERVED:
            expected = "expected another name: this one has a meaning in the names of quantities"
            findings.add(path, quote(name), expected)
        elif name in defaults:
            expected = f"expected another name: {defaults[name]} is called that, having none"
            findings.add(path, quote(name), expected)
        elif name in taken:
            expected = f"expected a name of its own: {taken[name]} has this one"
            findings.add(path, quote(name), expected)
        taken.setdefault(name, owner)


def _sizes(
    inputs: int | None, layers: list[dict[str, Any]], rows: str, findings: Findings
) -> list[Size]:
    """The size of each layer.

    Args:
        rows: what the rows of its weights stand for, inputs or neurons.
    """
    sizes: list[Size] = []
    before, arriving = "input", inputs
    for place, layer in enumerate(layers):
        size = _size(place, layer, arriving, before, rows, findings)
        sizes.append(size)
        before, arriving = f"neuron of layer {place + 1}", size.neurons
    return sizes


def _size(
    place: int,
    layer: dict[str, Any],
    arriving: int | None,
    before: str,
    rows: str,
    findings: Findings,
) -> Size:
    """The size of one layer, its weights, neurons and bias checked against one another."""
    path = (*_LAYERS, place)
    name = layer.get("name", f"layer{place + 1}")
    size = Size(name if isinstance(name, str) else None, arriving, None, None)
    if not layer:
        findings.add(path, "an empty layer", "expected weights = [[…], […]], or neurons = 3")
        return size
    if "weights" in layer and "neurons" in layer:
        found = "both weights and neurons"
        findings.add((*path, "neurons"), found, "expected one of them: weights have their size")
    elif "weights" in layer:
        fit = _fit_by_neurons if rows == "neurons" else _fit_weights
        fit(path, layer, size, before, findings)
    elif "neurons" in layer:
        size.neurons = layer["neurons"] if isinstance(layer["neurons"], int) else None
    else:
        expected = "expected weights = [[…], […]], or neurons = 3 to draw them at random"
        findings.add(path, "neither weights nor neurons", expected)
    if "init" in layer and "weights" in layer and "neurons" not in layer:
        expected = "expected init only with neurons, to draw weights that are not given"
        findings.add((*path, "init"), "init beside weights", expected)
    bias = layer.get("bias", False)
    size.bias = bias if isinstance(bias, bool) else True if isinstance(bias, list) else None
    if isinstance(bias, list) and size.neurons is not None and len(bias) != size.neurons:
        expected = f"expected {size.neurons}, one per neuron"
        findings.add((*path, "bias"), counted(len(bias), "number"), expected)
    return size


def _fit_weights(
    path: tuple[str | int, ...], layer: dict[str, Any], size: Size, before: str, findings: Findings
) -> None:
    weights = layer["weights"]
    if not isinstance(weights, list):
        return
    if all(isinstance(row, list) for row in weights):
        size.neurons = len(weights[0])
    wanted, size.inputs = size.inputs, len(weights)
    if wanted is not None and len(weights) != wanted:
        turned = (
            ' (it looks transposed: rows = "neurons" in [network] reads it so)'
            if size.neurons == wanted
            else ""
        )
        expected = f"expected {counted(wanted, 'row')}, one per {before}{turned}"
        findings.add((*path, "weights"), f"a matrix of {counted(len(weights), 'row')}", expected)


def _fit_by_neurons(
    path: tuple[str | int, ...], layer: dict[str, Any], size: Size, before: str, findings: Findings
) -> None:
    """The same of weights that have a row for each neuron."""
    weights = layer["weights"]
    if not isinstance(weights, list):
        return
    size.neurons, wanted = len(weights), size.inputs
    if not all(isinstance(row, list) for row in weights):
        return
    size.inputs = len(weights[0])
    if wanted is not None and len(weights[0]) != wanted:
        turned = (
            ' (it looks transposed: without rows = "neurons" it is read so)'
            if len(weights) == wanted
            else ""
        )
        expected = f"expected {counted(wanted, 'number')} in each, one per {before}{turned}"
        findings.add((*path, "weights"), f"rows of {counted(len(weights[0]), 'number')}", expected)


def _check_frozen(data: dict[str, Any], sizes: list[Size], known: bool, findings: Findings) -> None:
    frozen = table(data, "training").get("frozen")
    if not isinstance(frozen, list) or not known or any(size.name is None for size in sizes):
        return
    by_name = {size.name: size for size in sizes if size.name is not None}
    parameters = [
        f"{size.name}.{letter}" for size in sizes for letter in ("Wb" if size.bias else "W")
    ]
    for place, entry in enumerate(frozen):
        if findings.full:
            break
        if not isinstance(entry, str):
            continue
        path = ("training", "frozen", place)
        match = _PARAMETER.fullmatch(entry)
        size = by_name.get(match[1]) if match else None
        if match is None or size is None:
            kind = 'a parameter, as in "hidden.W" or one entry "hidden.W[2,1]"'
            findings.add(path, quote(entry), findings.suggestion(entry, parameters, kind))
        elif match[5] and size.bias is False:
            findings.add(path, quote(entry), "expected a parameter; this layer has no bias")
        else:
            _check_entry(path, entry, match, size, findings)


def _check_entry(
    path: tuple[str | int, ...], entry: str, match: re.Match[str], size: Size, findings: Findings
) -> None:
    rows, columns = size.inputs, size.neurons
    pairs = [(match[3], rows), (match[4], columns), (match[6], columns)]
    indices = [(int(index), limit) for index, limit in pairs if index is not None]
    if any(index < 1 or (limit is not None and index > limit) for index, limit in indices):
        limits = ",".join("?" if limit is None else str(limit) for _, limit in indices)
        name = entry[: entry.index("[")]
        expected = f"expected indices from 1, at most {name}[{limits}]"
        findings.add(path, quote(entry), expected)
