"""Compiling a scenario, network or graph, to its tape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from nnhs_tui.core.arithmetic import Arithmetic
from nnhs_tui.core.losses import LOSSES
from nnhs_tui.core.reading.expression import Constant, Node
from nnhs_tui.core.scenario import Graph, Layer, Network, Scenario
from nnhs_tui.core.tape import CIRCUIT, CODE, LayerBlock, LossBlock, Tape

ONE = Constant(1.0, Decimal(1))


def compile_tape(scenario: Scenario) -> Tape:
    """Compile a network or a graph to its tape."""
    if isinstance(scenario.model, Graph):
        return _compile_graph(scenario, scenario.model)
    return _compile_network(scenario, scenario.model)


def initial_parameters(scenario: Scenario, arithmetic: Arithmetic) -> np.ndarray:
    """The scenario's parameters (parameters,) in the given arithmetic."""
    model = scenario.model
    if isinstance(model, Graph):
        return arithmetic.array(model.parameters.values())
    return np.concatenate([part for la in model.layers for part in _parameters(la, arithmetic)])


def _parameters(layer: Layer, arithmetic: Arithmetic) -> list[np.ndarray]:
    """A layer's W, row-major, and b as vectors; drawn at random where it says so."""
    if layer.weights is not None:
        weights = arithmetic.array(number for row in layer.weights for number in row)
    else:
        weights = arithmetic.drawn(_draw(layer)).reshape(-1)
    bias = [] if layer.bias is None else [arithmetic.array(layer.bias)]
    return [weights, *bias]


def _draw(layer: Layer) -> np.ndarray:
    """Weights (inputs, neurons) drawn row by row, the same for a seed (scenario-format.md)."""
    init = layer.init
    assert init is not None
    shape = (layer.inputs, layer.neurons)
    scale = float(init.scale)
    random = np.random.default_rng(init.seed)
    if init.kind == "zeros":
        return np.zeros(shape)
    if init.kind == "normal":
        return scale * random.standard_normal(shape)
    if init.kind == "he":
        return scale * math.sqrt(2 / layer.inputs) * random.standard_normal(shape)
    bound = scale if init.kind == "uniform" else scale * math.sqrt(6 / sum(shape))
    return random.uniform(-bound, bound, shape)


def _layout(scenario: Scenario, network: Network) -> tuple[list[LayerBlock], range, range, int]:
    """The blocks of the layers, the ids of inputs and targets, and the id of the constant 1."""
    weights, offsets = [], 0
    for layer in network.layers:
        weights.append(offsets)
        offsets += layer.inputs * layer.neurons + (len(layer.bias) if layer.bias else 0)
    x = range(offsets, offsets + network.inputs)
    t = range(x.stop, x.stop + (network.layers[-1].neurons if network.loss else 0))
    source, step = x.start, 1
    start = t.stop + _needs_one(scenario, network)
    blocks: list[LayerBlock] = []
    for index, layer in enumerate(network.layers):
        circuit = layer.activation == "sigmoid" and scenario.sigmoid == "circuit"
        bias = weights[index] + layer.inputs * layer.neurons if layer.bias is not None else None
        block = LayerBlock(
            index,
            layer.name,
            "circuit" if circuit else layer.activation,
            layer.inputs,
            layer.neurons,
            weights[index],
            bias,
            source,
            step,
            start,
        )
        blocks.append(block)
        start, source, step = block.stop, block.out, block.out_step
    return blocks, x, t, t.stop


def _needs_one(scenario: Scenario, network: Network) -> int:
    return int(
        scenario.sigmoid == "circuit" and any(la.activation == "sigmoid" for la in network.layers)
    )


def _compile_network(scenario: Scenario, network: Network) -> Tape:
    blocks, x, t, one = _layout(scenario, network)
    constants = (ONE,) * _needs_one(scenario, network)
    parts = [_layer_arrays(block, one) for block in blocks]
    loss = None
    if network.loss is not None:
        last = blocks[-1]
        fused = network.loss == "cross_entropy" and last.activation == "softmax"
        loss = LossBlock(LOSSES[network.loss], last.stop, last.m, fused)
        parts.append(_loss_arrays(loss, last, t))
    return Tape(
        scenario,
        op=np.concatenate([part[0] for part in parts]),
        inputs=np.concatenate([part[1] for part in parts]),
        first=_firsts([part[2] for part in parts]),
        parameters=x.start,
        leaves=one + len(constants),
        x=x,
        t=t,
        constants=constants,
        layers=tuple(blocks),
        loss=loss,
        frozen=_frozen_entries(scenario, blocks, x.start),
    )


def _firsts(counts: Sequence[np.ndarray]) -> np.ndarray:
    """(operations + 1,) int32: where each operation's operands start, from how many it has."""
    first = np.zeros(1 + sum(map(len, counts)), np.int32)
    np.cumsum(np.concatenate(counts), out=first[1:])
    return first


Fields = tuple[np.ndarray, np.ndarray, np.ndarray]
"""op (uint8), inputs and the number of operands (int32), of consecutive operations.

All in the few bytes they are kept in: a net may have millions of operations.
"""


def _layer_arrays(block: LayerBlock, one: int) -> Fields:
    """The operations of a layer: the same row for each neuron, shifted."""
    n, m = block.n, block.m
    tail: Sequence[str] = CIRCUIT if block.activation == "circuit" else (block.activation,)
    tail_codes = np.array([CODE[name] for name in ("sum", *tail[: block.acts])], np.uint8)
    z = block.z(0)
    circuit = ([z, z + 1, one, z + 2, one, z + 3], [block.row, block.row] + [0, block.row] * 2)
    own, own_shifts = {0: ([], []), 1: ([z], [block.row]), 4: circuit}[block.acts]
    own_counts = {0: [], 1: [1], 4: [1, 1, 2, 2]}[block.acts]
    i = np.arange(n, dtype=np.int32)
    products = np.stack([block.weights + i * m, block.x(0) + i * block.source_step], 1).ravel()
    bias = [block.bias] if block.bias is not None else []
    shift_products, shift_terms = np.tile(_ids([1, 0]), n), np.full(n, block.row, np.int32)
    first_row = np.concatenate([products, block.start + i, _ids([*bias, *own])])
    shifts = np.concatenate([shift_products, shift_terms, _ids([1] * len(bias) + own_shifts)])
    inputs = (first_row + np.arange(m, dtype=np.int32)[:, None] * shifts).ravel()
    op = np.tile(np.append(np.full(n, CODE["product"], np.uint8), tail_codes), m)
    row_counts = np.concatenate([np.full(n, 2, np.int32), _ids([block.terms, *own_counts])])
    counts = np.tile(row_counts, m)
    if block.activation == "softmax":
        zs = np.arange(m, dtype=np.int32) * block.row + z
        op = np.append(op, np.full(m, CODE["softmax"], np.uint8))
        inputs = np.append(inputs, np.tile(zs, m))
        counts = np.append(counts, np.full(m, m, np.int32))
    return op, inputs, counts


def _ids(numbers: Sequence[int]) -> np.ndarray:
    return np.array(numbers, np.int32)


def _loss_arrays(loss: LossBlock, last: LayerBlock, t: range) -> Fields:
    name = loss.loss.name
    op = np.full(loss.n + 1, CODE[f"{name}.term"], np.uint8)
    op[-1] = CODE[f"{name}.total"]
    j = np.arange(loss.n, dtype=np.int32)
    pairs = np.stack([last.out + j * last.out_step, t.start + j], 1).ravel()
    counts = np.full(loss.n + 1, 2, np.int32)
    counts[-1] = loss.n
    return op, np.concatenate([pairs, loss.start + j]), counts


def _frozen_entries(scenario: Scenario, blocks: Sequence[LayerBlock], count: int) -> np.ndarray:
    """Which parameters are frozen: "hidden.W", "hidden.b", or one entry such as "hidden.W[2,1]"."""
    frozen = np.zeros(count, bool)
    for block in blocks:
        weights, bias = f"{block.name}.W", f"{block.name}.b"
        for entry in scenario.frozen:
            which, _, index = entry.partition("[")
            places = [int(each) for each in index.rstrip("]").split(",")] if index else []
            if which == weights:
                where = slice(block.weights, block.weights + block.n * block.m)
                frozen[block.w(places[0] - 1, places[1] - 1) if places else where] = True
            elif which == bias and block.bias is not None:
                where = slice(block.bias, block.bias + block.m)
                frozen[block.bias + places[0] - 1 if places else where] = True
    return frozen


def expand_sigmoids(nodes: Sequence[Node]) -> list[Node]:
    """Every sigmoid as its four operations; inner nodes are numbered anew, in order."""
    result: list[Node] = []
    counts: dict[str, int] = {}
    renamed: dict[str, str] = {}

    def inner(owner: str, op: str, *operands: str | Constant) -> str:
        counts[owner] = counts.get(owner, 0) + 1
        result.append(Node(f"{owner}.{counts[owner]}", owner, op, operands))
        return result[-1].name

    for node in nodes:
        op = node.op
        operands = tuple(renamed.get(e, e) if isinstance(e, str) else e for e in node.operands)
        if op == "sigmoid":
            negated = inner(node.owner, "neg", *operands)
            exponential = inner(node.owner, "exp", negated)
            op, operands = "div", (ONE, inner(node.owner, "add", ONE, exponential))
        if node.name == node.owner:
            result.append(Node(node.name, node.owner, op, operands))
        else:
            renamed[node.name] = inner(node.owner, op, *operands)
    return result


def _compile_graph(scenario: Scenario, graph: Graph) -> Tape:
    nodes = expand_sigmoids(graph.nodes) if scenario.sigmoid == "circuit" else list(graph.nodes)
    names = (*graph.parameters, *graph.inputs)
    ids = {name: place for place, name in enumerate(names)}
    operands = [each for node in nodes for each in node.operands]
    constants = [each for each in operands if isinstance(each, Constant)]
    constant_ids = iter(range(len(names), len(names) + len(constants)))
    leaves = len(names) + len(constants)
    ids.update((node.name, place) for place, node in enumerate(nodes, leaves))
    inputs = [next(constant_ids) if isinstance(e, Constant) else ids[e] for e in operands]
    owners = {owner: place for place, owner in enumerate(dict.fromkeys(n.owner for n in nodes))}
    counts = [len(node.operands) for node in nodes]
    parameters = len(graph.parameters)
    return Tape(
        scenario,
        op=np.array([CODE[node.op] for node in nodes], np.uint8),
        inputs=np.array(inputs, np.int32),
        first=_firsts([np.array(counts, np.int32)]),
        parameters=parameters,
        leaves=leaves,
        x=range(parameters, len(names)),
        t=range(0),
        constants=tuple(constants),
        leaf_names=names,
        node_names=tuple(node.name for node in nodes),
        owners=tuple(owners),
        owner=np.array([owners[node.owner] for node in nodes], np.int32),
        frozen=np.array([name in scenario.frozen for name in graph.parameters], bool),
    )
