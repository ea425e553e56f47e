"""PyTorch's `.pt`: a zip archive with a pickle, and an entry of bare numbers for each storage.

The layout is told in https://docs.pytorch.org/docs/stable/notes/serialization.html.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nnhs_tui.exchange.weights.archive import Archive
from nnhs_tui.exchange.weights.pickled import SAVE_STATE, View, read_pickle
from nnhs_tui.exchange.weights.tensors import Tensors, checked_shape, decoded, place, refusal

_PICKLE, _ORDER = "data.pkl", "byteorder"
_MAX_PICKLE = 4 * 2**20
_ZIP = b"PK"
_STATES = ("state_dict", "model_state_dict", "model")
"""What a checkpoint calls the table of its tensors."""


def read_torch(content: bytes, file: str) -> Tensors:
    """The tensors of a state dict, or of a checkpoint that holds one, in the order of the model.

    Raises:
        ScenarioError: it is none, or the pickle asks for more than numbers.
    """
    if not content.startswith(_ZIP):
        found = "no zip archive, as PyTorch writes it from 1.6 on"
        raise refusal(file, "", found, SAVE_STATE)
    archive = Archive(content, file, SAVE_STATE)
    folder = next((name.removesuffix(_PICKLE) for name in archive.names if _is(name)), None)
    if folder is None:
        raise refusal(file, _PICKLE, "no such entry", SAVE_STATE)
    pickled = archive.read(folder + _PICKLE)
    if len(pickled) > _MAX_PICKLE:
        found = f"a pickle of {len(pickled):,} bytes"
        raise refusal(file, _PICKLE, found, f"expected at most {_MAX_PICKLE:,}")
    views = _state(read_pickle(pickled, file, _PICKLE), file)
    is_big = folder + _ORDER in archive.names and archive.read(folder + _ORDER) == b"big"
    storages: dict[str, bytes] = {}
    found_tensors: Tensors = {}
    for name, view in views.items():
        entry = view.stored.entry
        if entry not in storages:
            storages[entry] = archive.read(f"{folder}data/{entry}")
        found_tensors[name] = _tensor(view, storages[entry], ">" if is_big else "<", name, file)
    return found_tensors


def _is(name: str) -> bool:
    """Whether an entry is the pickle, which stands in a folder of any name."""
    return name.rpartition("/")[2] == _PICKLE and name.count("/") <= 1


def _state(value: Any, file: str) -> dict[str, View]:
    """The table of tensors, itself or in a checkpoint."""
    tables = [value]
    if isinstance(value, dict):
        tables += [value[key] for key in _STATES if key in value]
    for table in tables:
        if isinstance(table, dict) and table and all(isinstance(v, View) for v in table.values()):
            return {str(name): view for name, view in table.items()}
    raise refusal(file, _PICKLE, "no table that holds tensors and nothing else", SAVE_STATE)


def _tensor(view: View, raw: bytes, order: str, name: str, file: str) -> np.ndarray:
    """A tensor out of its storage, its places checked before they are looked at."""
    shape, broken = checked_shape(file, name, view.shape), "numbers that the file does not hold"
    strides = [each for each in view.strides if type(each) is int and each >= 0]
    last = view.first + sum((n - 1) * step for n, step in zip(shape, strides, strict=False))
    try:
        stored = decoded(raw, view.stored.kind, order)
    except ValueError:
        raise refusal(file, place(name), broken, SAVE_STATE) from None
    if len(strides) != len(shape) or not 0 <= view.first <= last < len(stored):
        raise refusal(file, place(name), broken, SAVE_STATE)
    apart = [step * stored.itemsize for step in strides]
    return np.lib.stride_tricks.as_strided(stored[view.first :], shape, apart).copy()
