"""From arrays by name to the layers of a net: what belongs together, its order, which way round.

Names tell: `hidden.weight`, `W2`, `coefs_0` are matrices; `hidden.bias`, `b2`, `intercepts_0`
lists. Names that tell neither go in the order of the file, a list belonging to the matrix before.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.exchange.weights.tensors import DENSE, Tensors, place, refusal
from nnhs_tui.labels import counted
from nnhs_tui.scenario.reading.limits import MAX_LAYERS, MAX_PARAMETERS, ROWS

_MATRIX = frozenset(("weight", "weights", "kernel", "w", "coef", "coefs"))
_LIST = frozenset(("bias", "biases", "b", "intercept", "intercepts"))
_WORD = re.compile(r"[^\W\d_]+|\d+")
_MOST_FAULTS = 20

Key = tuple[str, ...]
"""The words of a name without the one that tells what it is."""


@dataclass
class Chained:
    """A layer, as it stands in a file."""

    key: Key
    stem: str
    """The name without the word that tells that it is a matrix."""
    matrix: str
    """Name of its matrix."""
    weights: np.ndarray
    """(inputs, neurons) or, with a row per neuron, (neurons, inputs)."""
    bias: str = ""
    """Name of its list; "" for none."""
    biases: np.ndarray | None = None


def chain(
    tensors: Tensors, file: str, rows: str | None, order: Sequence[str], *, by_name: bool
) -> tuple[list[Chained], str]:
    """The layers in order, every matrix (inputs, neurons), and what its rows stood for.

    Args:
        rows: one of `ROWS`; None: as the names say, or where they do not, as it fits.
        order: names of all layers in the order wanted; none: see `by_name`.
        by_name: whether the file's own order says nothing, so that names are sorted.

    Raises:
        ScenarioError: they make no dense net; with all faults.
    """
    layers = _paired(tensors, file)
    layers = _named(layers, order, file) if order else _sorted(layers, by_name)
    _check_numbers(layers, file)
    if sum(each.weights.size + each.weights.shape[1] for each in layers) > MAX_PARAMETERS:
        expected = f"expected at most {MAX_PARAMETERS:,}"
        raise refusal(file, "", "a net of too many parameters", expected)
    if len(layers) > MAX_LAYERS:
        raise refusal(file, "", counted(len(layers), "layer"), f"expected at most {MAX_LAYERS:,}")
    wanted = (rows,) if rows else (ROWS[1],) if _are_pytorchs(layers) else ROWS
    if not rows and by_name and not order:
        # In an order that is guessed, what does not fit may seem to when it is turned round.
        wanted = wanted[:1]
    told: list[Fault] = []
    for each in wanted:
        found = _misfits(layers, each, file)
        if not found:
            return _turned(layers, each), each
        told = told or found
    raise ScenarioError(tuple(told[:_MOST_FAULTS]))


def _paired(tensors: Tensors, file: str) -> list[Chained]:
    """Each matrix with its list, in the order of the file."""
    layers: list[Chained] = []
    by_key: dict[Key, Chained] = {}
    lists: list[tuple[Key | None, str, np.ndarray, Chained | None]] = []
    faults: list[Fault] = []
    for name, array in tensors.items():
        key, role, stem = _read(name)
        if role == "list" or (role is None and array.ndim == 1):
            lists.append(
                (None if role is None else key, name, array, layers[-1] if layers else None)
            )
        elif array.ndim != 2:
            found = f"a list of {counted(array.size, 'value')}"
            faults.append(Fault(file, place(name), found, f"expected a matrix: {DENSE}"))
        elif role is not None and key in by_key:
            found = f"a second matrix of the layer of {place(by_key[key].matrix)}"
            faults.append(Fault(file, place(name), found, "expected one for each layer"))
        else:
            layers.append(Chained(key, stem, name, array))
            if role is not None:
                by_key[key] = layers[-1]
    for each, name, array, before in lists:
        layer = before if each is None else by_key.get(each)
        is_row = array.ndim == 1 or 1 in array.shape
        if layer is None or layer.bias or not is_row:
            found = "a list of biases without a matrix of its own"
            faults.append(Fault(file, place(name), found, "expected names such as W1 and b1"))
        else:
            layer.bias, layer.biases = name, array.reshape(-1)
    if not layers and not faults:
        faults.append(Fault(file, "", "no matrix", f"expected weights: {DENSE}"))
    if faults:
        raise ScenarioError(tuple(faults[:_MOST_FAULTS]))
    return layers


def _read(name: str) -> tuple[Key, str | None, str]:
    """The words of a name, whether it is a matrix or a list, and the name without that.

    The second is None where it does not say.

    >>> _read("fc1.weight"), _read("b2"), _read("arr_0")
    ((('fc', '1'), 'matrix', 'fc1'), (('2',), 'list', '2'), (('arr', '0'), None, 'arr_0'))
    """
    name = name.removesuffix(":0")
    words = list(_WORD.finditer(name))
    for at in range(len(words) - 1, -1, -1):
        word = words[at][0].casefold()
        if word in _MATRIX or word in _LIST:
            key = tuple(each[0] for each in (*words[:at], *words[at + 1 :]))
            rest = name[: words[at].start()] + name[words[at].end() :]
            return key, "matrix" if word in _MATRIX else "list", rest.strip("._/-: ")
    return tuple(each[0] for each in words), None, name


def _sorted(layers: list[Chained], by_name: bool) -> list[Chained]:
    """In the order of the numbers in their names, where these differ in numbers alone."""
    texts = {tuple(word for word in each.key if not word.isdecimal()) for each in layers}
    counts = {len(each.key) for each in layers}
    if by_name or (len(texts) == 1 and len(counts) == 1):
        return sorted(layers, key=lambda each: _natural(each.key))
    return layers


def _natural(key: Key) -> list[tuple[bool, int, str]]:
    return [(word.isdecimal(), int(word[:100]) if word.isdecimal() else 0, word) for word in key]


def _named(layers: list[Chained], order: Sequence[str], file: str) -> list[Chained]:
    """In the order that is asked for."""
    wanted = [tuple(_WORD.findall(name)) for name in order]
    by_key = {each.key: each for each in layers}
    if sorted(wanted) != sorted(by_key):
        there = ",".join(printable(each.stem) for each in layers)
        raise refusal(file, "", f"the layers {there}", "expected each of them once in --order")
    return [by_key[key] for key in wanted]


def _are_pytorchs(layers: Sequence[Chained]) -> bool:
    """Whether all are called as in PyTorch, whose matrices have a row per neuron; in NumPy, Keras
    and scikit-learn, where they are called otherwise, they have a row per input."""
    return all(_WORD.findall(each.matrix)[-1:] == ["weight"] for each in layers)


def _check_numbers(layers: Sequence[Chained], file: str) -> None:
    """See that all numbers are finite.

    Raises:
        ScenarioError: one of each array that has some that are not.
    """
    faults = []
    for layer in layers:
        for name, array in ((layer.matrix, layer.weights), (layer.bias, layer.biases)):
            if array is None or np.isfinite(array).all():
                continue
            at = tuple(int(n) for n in np.argwhere(~np.isfinite(array))[0])
            where = f"{place(name)}[{','.join(str(n + 1) for n in at)}]"
            faults.append(Fault(file, where, str(array[at]), "expected a finite number"))
    if faults:
        raise ScenarioError(tuple(faults[:_MOST_FAULTS]))


def _misfits(layers: Sequence[Chained], rows: str, file: str) -> list[Fault]:
    """What does not fit, if the rows stand for this."""
    faults = []
    ways = 1 if rows == ROWS[0] else -1
    sizes = [each.weights.shape[::ways] for each in layers]
    told = f"(a row for each of the {rows}; see --rows and --order)"
    for layer, (_, neurons) in zip(layers, sizes, strict=True):
        if layer.biases is not None and layer.biases.size != neurons:
            found = counted(layer.biases.size, "value")
            expected = f"expected {neurons:,}, for each neuron of {place(layer.matrix)} {told}"
            faults.append(Fault(file, place(layer.bias), found, expected))
    for (before, (_, arriving)), (layer, (inputs, _)) in pairwise(zip(layers, sizes, strict=True)):
        if arriving != inputs:
            found = f"a matrix for {counted(inputs, 'input')}"
            expected = f"expected {arriving:,}, what {place(before.matrix)} gives {told}"
            faults.append(Fault(file, place(layer.matrix), found, expected))
    return faults


def _turned(layers: list[Chained], rows: str) -> list[Chained]:
    """Every matrix (inputs, neurons)."""
    if rows != ROWS[0]:
        for each in layers:
            each.weights = each.weights.T
    return layers
