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

ACTIVATIONS = [each for each in OPERATIONS.values() if each.is_activation and not each.of_layer]


def missing_bias(case: Case) -> Iterator[Any]:
    """z, or the activation of it, without b."""
    yield from _less_bias(case, 1)


def threshold(case: Case) -> Iterator[Any]:
    """The bias taken for a threshold: Σ − b for Σ + b."""
    yield from _less_bias(case, 2)


def _less_bias(case: Case, times: int) -> Iterator[Any]:
    """z, or the activation of it, with the bias taken away so many times."""
    layer = case.layer
    if not case.is_value or layer is None or layer.bias is None or case.letter not in LETTERS:
        return
    value, sums = case.record.value, range(layer.m)
    z = [value[layer.z(j)] for j in sums]
    if case.letter == "z":
        # The sum that is written may be the one with the mistake.
        z[case.index[1]] = case.right
    z = [case.ar.round(z[j] - times * value[layer.bias + j]) for j in sums]
    yield from _from_z(case, layer, z)


def _from_z(case: Case, layer: LayerBlock, z: list[Any], through: Through = ()) -> Iterator[Made]:
    """What is asked, z or a, going by other z's of the layer."""
    _, j = case.index
    if case.letter == "z":
        yield Made(z[j], through)
    elif layer.is_softmax:
        yield Made(softmax(case.ar, np.array(z))[j], case.from_z + through)
    elif layer.acts:
        yield Made(layer.made_of(case.ar, z[j], case.record.value), case.from_z + through)


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


def no_activation(case: Case) -> Iterator[Any]:
    """z handed on as a. Of a ReLU that is its gate forgotten."""
    z = _activated(case)
    if z is not None:
        yield z


def wrong_function(case: Case) -> Iterator[Any]:
    """Another activation of the same z."""
    z, own = _activated(case), OPERATIONS.get(case.opname)
    if z is None or (own is not None and own.of_layer):
        return
    if _is_circuit(case) and case.layer is not None:
        own = case.layer.operation
    through = case.from_z[1:] if case.letter == "a" else ()
    for other in ACTIVATIONS:
        if other is not own:
            yield Made(other.forward(case.ar, z), through)


def _activated(case: Case) -> Any:
    """The z of an activation that squeezes it; None where the value is none."""
    operation = OPERATIONS.get(case.opname)
    if not case.is_value:
        return None
    if case.letter == "a" and case.layer is not None and case.layer.acts > 1:
        return case.record.value[case.layer.z(case.index[1])]
    if operation is None or not operation.is_activation or operation.gate is not None:
        return None
    return case.operands[case.index[1] if operation.of_layer else 0]


def _is_circuit(case: Case) -> bool:
    return case.letter == "a" and case.layer is not None and case.layer.is_circuit


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


def arithmetic(case: Case) -> Iterator[Any]:
    """A sum miscounted: one term's sign, or one term left out."""
    if not case.is_value:
        return
    ar, terms, layer = case.ar, case.operands, case.layer
    if case.opname in ("add", "sub"):
        a, b = terms
        yield ar.round(a - b if case.opname == "add" else a + b)
        if case.opname == "add":
            yield ar.round(b - a)
    elif layer is not None and case.letter == "z":
        for place, term in enumerate(terms):
            others = [each for n, each in enumerate(terms) if n != place]
            if place < layer.n:
                told = f"the product with input {place + 1}"
                yield Made(ar.round(added([*others, -term])), (), f"the sign of {told}")
                if others:
                    yield Made(ar.round(added(others)), (), f"{told} is left out")


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
    for near in case.siblings():
        name = case.name(near)
        yield Made(case.at(near), (), f"this is {name}" if name else "")
    layer = case.layer
    if case.is_value and layer is not None and case.letter == "z":
        yield from _used_twice(case, layer)
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


def _used_twice(case: Case, layer: LayerBlock) -> Iterator[Made]:
    """A sum in which one input stands for another as well."""
    _, j = case.index
    value, ar = case.record.value, case.ar
    for i in range(layer.n):
        for near in (i - 1, i + 1):
            if not 0 <= near < layer.n:
                continue
            product = ar.round(value[layer.w(i, j)] * value[layer.x(near)])
            terms = [product if n == i else each for n, each in enumerate(case.operands)]
            told = f"input {near + 1} is used twice, input {i + 1} is not"
            yield Made(ar.round(added(terms)), case.products[i : i + 1], told)
