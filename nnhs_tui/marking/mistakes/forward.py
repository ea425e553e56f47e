"""Known mistakes on the way forward: what each would give at a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.marking.mistakes.case import Case, Made, Through
from nnhs_tui.marking.mistakes.place import mixed_up, scrambled
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.softmax import softmax
from nnhs_tui.operations.table import OPERATIONS

LETTERS = ("z", "a")


def missing_bias(case: Case) -> Iterator[Any]:
    """z, or the activation of it, without b."""
    layer = case.layer
    if not case.is_value or layer is None or layer.bias is None or case.letter not in LETTERS:
        return
    value, sums = case.record.value, range(layer.m)
    if case.letter == "z":
        # The sum that is written may be the one without.
        z = [case.at(layer.z(j)) if j == case.index[1] else value[layer.z(j)] for j in sums]
    else:
        z = [value[layer.z(j)] for j in sums]
    z = [case.ar.round(z[j] - value[layer.bias + j]) for j in sums]
    yield from _from_z(case, layer, z)


def _from_z(case: Case, layer: LayerBlock, z: list[Any], through: Through = ()) -> Iterator[Made]:
    """What is asked, z or a, going by other z's of the layer."""
    _, j = case.index
    if case.letter == "z":
        yield Made(z[j], through)
    elif layer.is_softmax:
        yield Made(softmax(case.ar, np.array(z))[j], case.from_z + through)
    elif layer.single is not None:
        yield Made(layer.single.forward(case.ar, z[j]), case.from_z + through)


def exp_sign(case: Case) -> Iterator[Any]:
    """exp(z) for exp(−z), and the other way round."""
    if not case.is_value:
        return
    ar, operation, layer = case.ar, OPERATIONS.get(case.opname), case.layer
    if operation is not None and operation.has_exponential:
        yield operation.forward(ar, -case.operands[0])
    elif operation is not None and operation.of_layer:
        e = [ar.round(ar.function("exp", -z)) for z in case.operands]
        total = added(e)
        if ar.finite(total) and total != 0:
            yield ar.round(e[case.node - int(case.tape.outputs[0])] / total)
    elif layer is not None and layer.is_circuit:
        _, j = case.index
        z = layer.z(j)
        wrong = ar.round(1 + ar.round(ar.function("exp", case.record.value[z])))
        if case.node == z + 3:
            yield wrong
        elif case.letter == "a":
            yield Made(ar.round(1 / wrong), case.from_z[1:])


def relu_gate(case: Case) -> Iterator[Any]:
    """max(z, 0) forgotten: z itself."""
    operation = OPERATIONS.get(case.opname)
    if case.is_value and operation is not None and operation.gate is not None:
        yield case.operands[0]


def reversed_difference(case: Case) -> Iterator[Any]:
    """b − a for a − b."""
    if case.is_value and case.opname == "sub":
        yield -case.right


def loss_factor(case: Case) -> Iterator[Any]:
    """The terms, or their sum, with another convention's factor, or without its own."""
    loss = case.tape.loss
    if not case.is_value or loss is None or not loss.start <= case.node <= loss.total:
        return
    divisors = (1, 2, loss.n, 2 * loss.n) if loss.loss.is_square else (1, loss.n)
    is_total = case.node == loss.total
    total = added(case.operands) if is_total else case.right
    yield from (case.ar.round(total / divisor) for divisor in divisors)


def transposed(case: Case) -> Iterator[Any]:
    """W read by columns for rows, or reshaped where it should be transposed."""
    layer = case.layer
    if not case.is_value or layer is None or case.letter not in ("p", *LETTERS):
        return
    i, j = case.index
    value, ar = case.record.value, case.ar
    if case.letter == "p":
        weight = layer.matrix(value)
        yield from (ar.round(weight[at] * value[layer.x(i)]) for at in mixed_up(layer, i, j))
        return
    for weights in scrambled(layer, value):
        z = []
        for k in range(layer.m):
            products = [ar.round(weights[n][k] * value[layer.x(n)]) for n in range(layer.n)]
            bias = [] if layer.bias is None else [value[layer.bias + k]]
            z.append(ar.round(added([*products, *bias])))
        yield from _from_z(case, layer, z, case.products)


def wrong_index(case: Case) -> Iterator[Any]:
    """A neighbour's number; for a product also a neighbour's input or weight."""
    yield from map(case.at, case.siblings())
    layer = case.layer
    if layer is None or case.letter != "p":
        return
    i, j = case.index
    value = case.record.value
    w, x = value[layer.w(i, j)], value[layer.x(i)]
    for near in (i - 1, i + 1):
        if 0 <= near < layer.n:
            yield case.ar.round(w * value[layer.x(near)])
            yield case.ar.round(value[layer.w(near, j)] * x)
    for near in (j - 1, j + 1):
        if 0 <= near < layer.m:
            yield case.ar.round(value[layer.w(i, near)] * x)
