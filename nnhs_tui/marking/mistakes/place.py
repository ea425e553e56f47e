"""Where a value lies in a network: its layer, what is beside it, and what is mixed up with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from nnhs_tui.autodiff.tape import LayerBlock, Tape

FEW = 4
"""Neurons or inputs among which each is every other one's neighbour."""


@dataclass(frozen=True)
class Place:
    """Where a value or a parameter lies in a network; in a graph nowhere."""

    layer: LayerBlock | None = None
    """The layer it belongs to; None for inputs, targets and losses."""
    letter: str = ""
    """W, b, p, z or a; "" for others, such as the letters of the circuit."""
    index: tuple[int, int] = (0, 0)
    """(input, neuron) from 0; the input is 0 where there is none."""
    above: LayerBlock | None = None
    """The layer that it is an input of."""
    siblings: tuple[int, ...] = ()
    """The values next to it: of a matrix those in the same row and column."""


@lru_cache(8192)
def place_of(tape: Tape, node: int) -> Place:
    """Where a value or a parameter lies."""
    above = next((layer for layer in tape.layers if _is_input(layer, node)), None)
    for layer in tape.layers:
        if found := _in_layer(layer, node):
            letter, i, j = found
            return Place(layer, letter, (i, j), above, tuple(_near(layer, letter, i, j)))
    loss = tape.loss
    terms = range(loss.start, loss.total) if loss is not None else range(0)
    for group in (tape.x, tape.t, terms):
        if node in group and not tape.is_graph:
            near = beside(node - group.start, len(group))
            return Place(above=above, siblings=tuple(group.start + each for each in near))
    return Place()


def _is_input(layer: LayerBlock, node: int) -> bool:
    place, rest = divmod(node - layer.source, layer.source_step)
    return rest == 0 and 0 <= place < layer.n


def _in_layer(layer: LayerBlock, node: int) -> tuple[str, int, int] | None:
    """(letter, input, neuron) of a layer's value or parameter; None where it is not one of it."""
    if layer.weights <= node < layer.weights + layer.n * layer.m:
        return ("W", *divmod(node - layer.weights, layer.m))
    if layer.bias is not None and layer.bias <= node < layer.bias + layer.m:
        return "b", 0, node - layer.bias
    if layer.rows_stop <= node < layer.stop:
        return "a", 0, node - layer.rows_stop
    if not layer.start <= node < layer.rows_stop:
        return None
    j, column = divmod(node - layer.start, layer.row)
    if column < layer.n:
        return "p", column, j
    letters = {layer.row - 1: "a", layer.n: "z"}
    return letters.get(column, ""), 0, j


def _near(layer: LayerBlock, letter: str, i: int, j: int) -> Iterator[int]:
    """The ids of the same letter next to this one."""
    at: dict[str, Callable[[int, int], int]] = {
        "W": layer.w,
        "p": layer.product,
        "b": lambda _, j: (layer.bias or 0) + j,
        "z": lambda _, j: layer.z(j),
        "a": lambda _, j: layer.a(j),
    }
    if letter not in at:
        return
    yield from (at[letter](i, near) for near in beside(j, layer.m))
    if letter in ("W", "p"):
        yield from (at[letter](near, j) for near in beside(i, layer.n))


def beside(place: int, size: int) -> Iterator[int]:
    """The places next to one; of a few all the others."""
    reach = size if size <= FEW else 1
    yield from (
        each for each in range(max(0, place - reach), min(size, place + reach + 1)) if each != place
    )


def scrambled(layer: LayerBlock, array: np.ndarray) -> Iterator[np.ndarray]:
    """A layer's matrix (inputs, neurons) mirrored, or reshaped where it should be transposed."""
    matrix = layer.matrix(array)
    if layer.n == layer.m:
        yield matrix.T
    elif min(layer.n, layer.m) > 1:
        yield matrix.T.reshape(layer.n, layer.m)
        yield matrix.ravel().reshape(layer.m, layer.n).T


@lru_cache(4096)
def mixed_up(layer: LayerBlock, i: int, j: int) -> tuple[tuple[int, int], ...]:
    """Which entries a mirrored or reshaped matrix has in place of entry (i, j)."""
    places = np.arange(layer.n * layer.m).reshape(layer.n, layer.m)
    beside = replace(layer, weights=0)
    found = {divmod(int(each[i, j]), layer.m) for each in scrambled(beside, places.ravel())}
    return tuple(sorted(found - {(i, j)}))
