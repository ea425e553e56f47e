"""Factors of gradients that are less than the smallest double: what is worked with them is 0.

A smooth operation's local derivative is 0 only where an operand is, and a product only where a
factor is. A 0 that is neither was lost: the gradient may be far from it, as behind 1/C of a C of
1e199, whose derivative -1/C² no double holds. Among ordinary numbers nothing is lost: there a 0
is a mistake.
"""

from __future__ import annotations

import numpy as np

from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.operations.table import OPERATIONS

ORDINARY = 1e100
"""Up to this size, and down to one part of 1 in so many, no square leaves the doubles."""


def loses_factors(record: Record) -> bool:
    """Whether that happened on the way back of a sample, worked in doubles."""
    return _in_graph(record) if record.tape.is_graph else _in_network(record)


def _in_graph(record: Record) -> bool:
    tape = record.tape
    owners = np.repeat(np.arange(len(tape.op)), np.diff(tape.first))
    arrives = record.gradient[tape.leaves :][owners] != 0
    is_smooth = np.ones(len(tape.op), bool)
    is_smooth[tape.operations(lambda each: each.side is not None) - tape.leaves] = False
    given, first = record.value[tape.inputs], tape.first[:-1]
    is_smooth &= np.logical_and.reduceat(given != 0, first)
    is_smooth &= np.logical_or.reduceat(_far(given), first) | _far(record.value[tape.leaves :])
    flat = (record.slopes == 0) & is_smooth[owners] & ~tape.are_constants(tape.inputs)
    lost = (record.terms == 0) & (record.slopes != 0)
    return bool((arrives & (flat | lost)).any())


def _in_network(record: Record) -> bool:
    start = 0
    for layer in record.tape.layers:
        slopes = record.slopes[start : start + layer.slopes].reshape(-1, layer.m)
        start += layer.slopes
        if _in_layer(record, layer, slopes):
            return True
    # Behind them those of a softmax, where each output needs each z; one alone is always 1.
    last = record.tape.layers[-1]
    flat = last.m > 1 and bool((record.slopes[start:] == 0).any())
    return flat and bool(_far(record.value[record.tape.outputs]).any())


def _far(values: np.ndarray) -> np.ndarray:
    """Which numbers are so large, or so small, that a factor made of them may be lost."""
    size = np.abs(values)
    far: np.ndarray = (size > ORDINARY) | (size < 1 / ORDINARY)
    return far


def _in_layer(record: Record, layer: LayerBlock, slopes: np.ndarray) -> bool:
    """Args: slopes: (operations behind the sum, neurons) local derivatives."""
    value, gradient = record.value, record.gradient
    z, a = ([node(j) for j in range(layer.m)] for node in (layer.z, layer.a))
    dz, x = gradient[z], value[[layer.x(i) for i in range(layer.n)]][:, None]
    ops = layer.tail.ops
    is_smooth = bool(ops) and all(OPERATIONS[name].side is None for name in ops)
    # From z on: what the activation is made of, and what it comes to.
    behind = value[layer.start : layer.rows_stop].reshape(layer.m, layer.row)[:, layer.n :]
    may_be_lost = (value[z] != 0) & _far(behind).any(axis=1)
    flat = is_smooth and bool(((slopes == 0) & may_be_lost).any())
    single = layer.single is not None and not layer.is_circuit
    lost = single and bool(((dz == 0) & (gradient[a] != 0) & (slopes != 0)).any())
    weights = layer.matrix(value)
    products = ((layer.matrix(gradient) == 0) & (x != 0) & (dz != 0)).any()
    paths = ((weights * dz == 0) & (weights != 0) & (dz != 0)).any()
    return flat or lost or bool(products) or bool(paths)
