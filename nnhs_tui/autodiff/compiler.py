"""Compiling a scenario, network or graph, to its tape."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

import numpy as np

from nnhs_tui.autodiff.tail import (
    CIRCUIT_TAIL,
    NO_TAIL,
    Tail,
    Z,
    constant_place,
    formula_tail,
    single_tail,
)
from nnhs_tui.autodiff.tape import CODE, LayerBlock, LossBlock, Tape
from nnhs_tui.operations.arithmetic import Arithmetic
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.table import CIRCUIT, CIRCUIT_NAME, CIRCUIT_OF, OPERATIONS
from nnhs_tui.scenario.model import Expression, Graph, Layer, Network, Scenario
from nnhs_tui.scenario.reading.literals import ONE, Constant


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
    """Weights (inputs, neurons) drawn row by row, the same for a seed (docs/scenario-format.md)."""
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


def _layout(
    scenario: Scenario, network: Network
) -> tuple[list[LayerBlock], range, range, tuple[Constant, ...]]:
    """The blocks of the layers, the ids of inputs and targets, and the constants behind them."""
    weights, offsets = [], 0
    for layer in network.layers:
        weights.append(offsets)
        offsets += layer.inputs * layer.neurons + (len(layer.bias) if layer.bias else 0)
    x = range(offsets, offsets + network.inputs)
    t = range(x.stop, x.stop + (network.layers[-1].neurons if network.loss else 0))
    source, step = x.start, 1
    tails = [_tail(scenario, layer) for layer in network.layers]
    constants = tuple(dict.fromkeys(chain.from_iterable(tail.constants for tail in tails)))
    ids = {constant: t.stop + place for place, constant in enumerate(constants)}
    start = t.stop + len(constants)
    blocks: list[LayerBlock] = []
    for index, layer in enumerate(network.layers):
        circuit = _is_circuit(scenario, layer)
        bias = weights[index] + layer.inputs * layer.neurons if layer.bias is not None else None
        block = LayerBlock(
            index,
            layer.name,
            CIRCUIT_NAME if circuit else layer.activation,
            layer.inputs,
            layer.neurons,
            weights[index],
            bias,
            source,
            step,
            start,
            tails[index],
            tuple(ids[each] for each in tails[index].constants),
        )
        blocks.append(block)
        start, source, step = block.stop, block.out, block.out_step
    return blocks, x, t, constants


def _is_circuit(scenario: Scenario, layer: Layer) -> bool:
    return layer.activation == CIRCUIT_OF and scenario.sigmoid == CIRCUIT_NAME


def _tail(scenario: Scenario, layer: Layer) -> Tail:
    """What a neuron of a layer does with its sum."""
    if layer.formula is not None:
        is_circuit = scenario.sigmoid == CIRCUIT_NAME
        return formula_tail(layer.activation, layer.formula, is_circuit=is_circuit)
    if _is_circuit(scenario, layer):
        return CIRCUIT_TAIL
    operation = OPERATIONS.get(layer.activation)
    return NO_TAIL if operation is None or operation.of_layer else single_tail(operation.name)


def _compile_network(scenario: Scenario, network: Network) -> Tape:
    blocks, x, t, constants = _layout(scenario, network)
    parts = [_layer_arrays(block) for block in blocks]
    loss = None
    if network.loss is not None:
        last = blocks[-1]
        row = LOSSES[network.loss]
        fused = bool(row.fused_with) and row.fused_with == last.function
        loss = LossBlock(row, last.stop, last.m, fused)
        parts.append(_loss_arrays(loss, last, t))
    return Tape(
        scenario,
        op=np.concatenate([part[0] for part in parts]),
        inputs=np.concatenate([part[1] for part in parts]),
        first=_firsts([part[2] for part in parts]),
        parameters=x.start,
        leaves=t.stop + len(constants),
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


def _layer_arrays(block: LayerBlock) -> Fields:
    """The operations of a layer: the same row for each neuron, shifted."""
    n, m, tail, z = block.n, block.m, block.tail, block.z(0)
    tail_codes = np.array([CODE[name] for name in ("sum", *tail.ops)], np.uint8)
    given = list(chain.from_iterable(tail.operands))
    # Operations follow z, which is one place in front of the first.
    own = [z + 1 + each if each >= Z else block.constants[constant_place(each)] for each in given]
    own_shifts = [block.row if each >= Z else 0 for each in given]
    own_counts = [len(each) for each in tail.operands]
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
    if block.is_softmax:
        zs = np.arange(m, dtype=np.int32) * block.row + z
        op = np.append(op, np.full(m, CODE[block.activation], np.uint8))
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


def _compile_graph(scenario: Scenario, graph: Graph) -> Tape:
    names = (*graph.parameters, *graph.inputs)
    op, counts, operands, owner, numbers = _operations(graph, names)
    if scenario.sigmoid == CIRCUIT_NAME:
        op, counts, operands, owner = _with_circuits(op, counts, operands, owner)
    is_number = operands < _NUMBER
    constants = [numbers[each] for each in (operands[is_number] - _LEAST).tolist()]
    leaves = len(names) + len(constants)
    inputs = np.where(operands >= 0, operands + leaves, ~operands)
    inputs[is_number] = np.arange(len(names), leaves)
    parameters = len(graph.parameters)
    return Tape(
        scenario,
        op=op,
        inputs=inputs,
        first=_firsts([counts]),
        parameters=parameters,
        leaves=leaves,
        x=range(parameters, len(names)),
        t=range(0),
        constants=tuple(constants),
        leaf_names=names,
        owners=tuple(each.owner for each in graph.expressions),
        owner=owner,
        frozen=np.array([_is_frozen(scenario, name) for name in graph.parameters], bool),
    )


def _is_frozen(scenario: Scenario, name: str) -> bool:
    """Whether an entry of a graph's parameters is frozen, by itself or with all of its matrix."""
    return not scenario.frozen.isdisjoint((name, name.partition("[")[0]))


# While a graph is compiled an operand is the place of an operation, or ~ the id of a parameter or
# an input, or _LEAST + the place of a number: which ids numbers have is known at the end.
_LEAST = -(2**31)
_NUMBER = -(2**30)


def _operations(
    graph: Graph, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, list[Constant]]:
    """op (uint8), operand counts, operands and owners (int32) of a graph, and its numbers."""
    places = {name: ~place for place, name in enumerate(names)}
    numbers = [ONE]
    operands: list[np.ndarray] = []
    start = 0
    for expression in graph.expressions:
        leaves = []
        for leaf in expression.leaves:
            if isinstance(leaf, str):
                leaves.append(places[leaf])
            else:
                leaves.append(_LEAST + len(numbers))
                numbers.append(leaf)
        own = np.frombuffer(expression.operands, np.intc)
        is_leaf = own < 0
        found = own + np.int32(start)
        found[is_leaf] = _ids(leaves)[~own[is_leaf]]
        operands.append(found)
        start += len(expression.ops)
        places |= _results(expression, start)
    expressions = graph.expressions
    ops = chain.from_iterable(each.ops for each in expressions)
    counts = chain.from_iterable(each.counts for each in expressions)
    return (
        np.fromiter(map(CODE.__getitem__, ops), np.uint8, start),
        np.fromiter(counts, np.int32, start),
        np.concatenate(operands),
        np.repeat(np.arange(len(expressions), dtype=np.int32), [len(e.ops) for e in expressions]),
        numbers,
    )


def _results(expression: Expression, stop: int) -> dict[str, int]:
    """The places of a named node's entries, by their names; its operations end at `stop`."""
    if not expression.own_names:
        return {expression.owner: stop - 1}
    start = stop - len(expression.ops)
    return {expression.own_names[end]: start + end for end in expression.ends}


def _with_circuits(
    op: np.ndarray, counts: np.ndarray, operands: np.ndarray, owner: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Every sigmoid as its four operations, the last of which has the sigmoid's place."""
    is_sigmoid = op == CODE[CIRCUIT_OF]
    sizes = np.where(is_sigmoid, len(CIRCUIT), 1)
    places = np.cumsum(sizes, dtype=np.int32) - 1
    last = places[is_sigmoid]
    new_op, new_counts = np.repeat(op, sizes), np.repeat(counts, sizes)
    for back, name in enumerate(reversed(CIRCUIT)):
        new_op[last - back] = CODE[name]
    new_counts[last] = new_counts[last - 1] = 2
    is_result, moved = operands >= 0, operands.copy()
    moved[is_result] = places[operands[is_result]]
    # A = -z, B = exp A, C = 1 + B, a = 1/C: z is the one operand there was.
    of_sigmoid = np.repeat(is_sigmoid, counts)
    widths = np.where(of_sigmoid, 6, 1)
    first = (np.cumsum(widths) - widths)[of_sigmoid]
    new_operands = np.repeat(moved, widths)
    for place, operand in enumerate((last - 3, _LEAST, last - 2, _LEAST, last - 1), 1):
        new_operands[first + place] = operand
    return new_op, new_counts, new_operands, np.repeat(owner, sizes)
