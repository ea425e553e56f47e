"""The layers of a dense net out of a file of weights, by the ending of its name."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nnhs_tui.errors import printable, shorten
from nnhs_tui.exchange.weights.chain import Chained, chain
from nnhs_tui.exchange.weights.keras import read_keras
from nnhs_tui.exchange.weights.npz import read_npz
from nnhs_tui.exchange.weights.safetensors import read_safetensors
from nnhs_tui.exchange.weights.tensors import MAX_BYTES, Tensors, place, refusal
from nnhs_tui.exchange.weights.torch import read_torch
from nnhs_tui.scenario.reading.contents import TooLarge, Unreadable, read_bytes
from nnhs_tui.scenario.reading.limits import RESERVED, ROWS
from nnhs_tui.scenario.reading.tokens import is_name
from nnhs_tui.training.drafting import GivenLayer

_Read = tuple[Tensors, tuple[str, ...]]
"""The arrays, and the activations where the file tells them; else none."""


@dataclass(frozen=True)
class Format:
    """A kind of files of weights."""

    endings: tuple[str, ...]
    read: Callable[[bytes, str], _Read]
    """(content, file in messages) → arrays and activations."""
    is_ordered: bool = True
    """Whether its arrays stand in the order of the net, where they have no numbers."""


FORMATS = (
    Format((".npz",), lambda content, file: (read_npz(content, file), ())),
    Format((".safetensors",), lambda content, file: (read_safetensors(content, file), ()), False),
    Format((".pt", ".pth"), lambda content, file: (read_torch(content, file), ())),
    Format((".keras",), read_keras),
)


@dataclass(frozen=True)
class Net:
    """A dense net of a file."""

    layers: tuple[GivenLayer, ...]
    sizes: tuple[int, ...]
    """Inputs, then the neurons of each layer."""
    activations: tuple[str, ...]
    """One for each layer; none where the file does not tell them."""
    remarks: tuple[str, ...]
    """What one has to know of how they were taken."""


def read_net(path: str, rows: str | None = None, order: Sequence[str] = ()) -> Net:
    """The net of a file of weights.

    Args:
        rows: what the rows of its matrices stand for; None: as the names say, or else as it fits.
        order: names of the layers in their order; none: that of their numbers, or of the file.

    Raises:
        ScenarioError: it cannot be read, holds something else, or makes no dense net.
    """
    file = printable(path)
    ending = os.path.splitext(path)[1].lower()
    known = [ending for each in FORMATS for ending in each.endings]
    form = next((each for each in FORMATS if ending in each.endings), None)
    if form is None:
        expected = f"expected a file of weights: {', '.join(known)}"
        raise refusal(file, "", "a name with another ending", expected)
    try:
        content = read_bytes(path, MAX_BYTES)
    except TooLarge as error:
        raise refusal(file, "", str(error), f"expected at most {MAX_BYTES >> 20} MiB") from None
    except Unreadable as error:
        raise refusal(file, "", str(error), f"expected a file of weights, {ending}") from None
    tensors, activations = form.read(content, file)
    layers, stood = chain(tensors, file, rows, order, by_name=not form.is_ordered)
    names = _names(layers)
    return Net(
        tuple(_given(layer, name, stood) for layer, name in zip(layers, names, strict=True)),
        (layers[0].weights.shape[0], *(each.weights.shape[1] for each in layers)),
        activations,
        tuple(_remarks(os.path.basename(path), stood, bool(activations))),
    )


def _remarks(file: str, stood: str, knows_activations: bool) -> list[str]:
    """What was taken how."""
    found = [f"The weights of {place(file)}, each with as many digits as its type tells apart."]
    if stood != ROWS[0]:
        found.append(
            "There a matrix has a row for each neuron (PyTorch's Linear: outputs x inputs);"
        )
        found.append("here it has a row for each input, so each was turned round (transposed).")
    if not knows_activations:
        found.append("That file does not say which activations the net has: see them below.")
    return found


def _names(layers: Sequence[Chained]) -> list[str]:
    """A name for each layer: as in the file where that can be one, else its number."""
    wanted = [re.sub(r"\W", "_", layer.stem) for layer in layers]
    is_sound = all(is_name(name) and name not in RESERVED and len(name) <= 40 for name in wanted)
    if is_sound and len(set(wanted)) == len(wanted):
        return wanted
    return [f"layer{number}" for number in range(1, len(layers) + 1)]


def _given(layer: Chained, name: str, stood: str) -> GivenLayer:
    turned = "" if stood == ROWS[0] else " turned round"
    also = f", {place(layer.bias)}" if layer.bias else "; no bias there"
    remark = printable(shorten(f"{place(layer.matrix)}{turned}{also}", 120))
    bias = None if layer.biases is None else _literals(layer.biases)
    return GivenLayer(name, [_literals(row) for row in layer.weights], bias, remark)


def _literals(numbers: np.ndarray) -> list[str]:
    """Numbers in as few digits as their type tells apart, as TOML has them."""
    return [
        np.format_float_scientific(each, trim="0")
        if _is_far(each)
        else np.format_float_positional(each, trim="0")
        for each in numbers
    ]


def _is_far(number: np.floating) -> bool:
    """Whether it would have many zeros."""
    return bool(number) and not 1e-4 <= abs(number) < 1e16
