"""Known mistakes on the way forward: what each would give at a value."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nnhs_tui.core.marking.case import Case, scrambled
from nnhs_tui.core.ops import OPERATIONS


def missing_bias(case: Case) -> Iterator[Any]:
    """z, or the activation of it, without b."""
    layer = case.layer
    if not case.is_value or layer is None or layer.bias is None or case.letter not in ("z", "a"):
        return
    _, j = case.index
    record = case.record
    z = case.ar.round(record.value[layer.z(j)] - record.value[layer.bias + j])
    if case.letter == "z" or layer.activation == "identity":
        yield z
    elif layer.activation in ("sigmoid", "tanh", "relu", "circuit"):
        name = "sigmoid" if layer.activation == "circuit" else layer.activation
        yield OPERATIONS[name].forward(case.ar, z)


def exp_sign(case: Case) -> Iterator[Any]:
    """exp(z) for exp(−z), and the other way round."""
    if not case.is_value:
        return
    ar, opname = case.ar, case.opname
    if opname == "sigmoid":
        yield OPERATIONS["sigmoid"].forward(ar, -case.operands[0])
    elif opname == "exp":
        yield OPERATIONS["exp"].forward(ar, -case.operands[0])
    elif opname == "tanh":
        yield OPERATIONS["tanh"].forward(ar, -case.operands[0])
    elif opname == "softmax":
        e = [ar.round(ar.function("exp", -z)) for z in case.operands]
        total = sum(e[1:], e[0])
        if ar.finite(total) and total != 0:
            yield ar.round(e[case.node - int(case.tape.outputs[0])] / total)


def relu_gate(case: Case) -> Iterator[Any]:
    """max(z, 0) forgotten: z itself."""
    if case.is_value and case.opname == "relu":
        yield case.operands[0]


def reversed_difference(case: Case) -> Iterator[Any]:
    """b − a for a − b."""
    if case.is_value and case.opname == "sub":
        yield -case.right


def loss_factor(case: Case) -> Iterator[Any]:
    """The sum of the terms with another convention's factor, or without its own."""
    loss = case.tape.loss
    if not case.is_value or loss is None or case.node != loss.total:
        return
    total = sum(case.operands[1:], case.operands[0])
    is_square = loss.loss.name in ("mse", "sse", "half_sse")
    divisors = (1, 2, loss.n, 2 * loss.n) if is_square else (1, loss.n)
    yield from (case.ar.round(total / divisor) for divisor in divisors)


def transposed(case: Case) -> Iterator[Any]:
    """W read by columns for rows, or reshaped where it should be transposed."""
    layer = case.layer
    if not case.is_value or layer is None or case.letter not in ("p", "z"):
        return
    i, j = case.index
    record = case.record
    for weights in scrambled(layer, record.value):
        products = [case.ar.round(weights[k][j] * record.value[layer.x(k)]) for k in range(layer.n)]
        if case.letter == "p":
            yield products[i]
            continue
        bias = [] if layer.bias is None else [record.value[layer.bias + j]]
        yield case.ar.round(sum([*products[1:], *bias], products[0]))


def wrong_index(case: Case) -> Iterator[Any]:
    """A neighbour's number; for a product also a neighbour's input or weight."""
    yield from map(case.at, case.siblings())
    layer = case.layer
    if layer is None or case.letter != "p":
        return
    i, j = case.index
    record = case.record
    w, x = record.value[layer.w(i, j)], record.value[layer.x(i)]
    for near in (i - 1, i + 1):
        if 0 <= near < layer.n:
            yield case.ar.round(w * record.value[layer.x(near)])
            yield case.ar.round(record.value[layer.w(near, j)] * x)
    for near in (j - 1, j + 1):
        if 0 <= near < layer.m:
            yield case.ar.round(record.value[layer.w(i, near)] * x)


RULES = {
    "reversed-difference": reversed_difference,
    "loss-factor": loss_factor,
    "transposed": transposed,
    "wrong-index": wrong_index,
    "relu-gate": relu_gate,
    "missing-bias": missing_bias,
    "exp-sign": exp_sign,
}
