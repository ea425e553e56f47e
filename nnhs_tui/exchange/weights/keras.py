"""Keras's `.keras`: a zip archive with the layers in `config.json`, the numbers in HDF5.

The layout is told in https://keras.io/guides/serialization_and_saving/; a layer's numbers stand in
`layers/KEY/vars`, where KEY is the layer's class in small letters, from the second on with `_1`, …,
or the layer's own name.
"""

from __future__ import annotations

import io
import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np

from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.exchange.weights.archive import Archive
from nnhs_tui.exchange.weights.tensors import Tensors, as_floats, checked_shape, is_kind, refusal
from nnhs_tui.extras import needed
from nnhs_tui.operations.spellings import of_keras

_EXPECTED = "expected what model.save('FILE.keras') writes in Keras 3"
_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_MAX_CONFIG = 4 * 2**20
_ROOTS = ("layers", "_layer_checkpoint_dependencies")
_NO_NUMBERS = ("InputLayer", "Dropout")
"""Layers that change nothing when a net is used."""
_CHAIN = "expected Dense layers one after the other, with Activation and Dropout between them"


@dataclass
class _Dense:
    """A dense layer of the configuration."""

    name: str
    keys: tuple[str, ...]
    """What its group may be called."""
    has_bias: bool
    activation: str


def read_keras(content: bytes, file: str) -> tuple[Tensors, tuple[str, ...]]:
    """The arrays `NAME.kernel` and `NAME.bias` of the layers in their order, and the activations.

    Raises:
        ScenarioError: it is none, or holds other layers; or h5py is not installed.
    """
    archive = Archive(content, file, _EXPECTED)
    layers = _layers(archive.read(_CONFIG), file)
    weights = archive.read(_WEIGHTS)
    try:
        h5py = needed("h5py", "keras", "a .keras file")
    except Refusal as missing:
        raise refusal(file, "", str(missing), "or an .npz file of model.get_weights()") from None
    found: Tensors = {}
    try:
        with h5py.File(io.BytesIO(weights), "r") as opened:
            for layer in layers:
                for name, array in _arrays(h5py, opened, layer, file):
                    found[name] = array
    except (OSError, KeyError, ValueError, RuntimeError, TypeError, AttributeError):
        raise refusal(file, _WEIGHTS, "no HDF5 file, or a broken one", _EXPECTED) from None
    return found, tuple(layer.activation for layer in layers)


def _layers(content: bytes, file: str) -> list[_Dense]:
    """The dense layers of the configuration, in their order."""
    if len(content) > _MAX_CONFIG:
        found = f"a configuration of {len(content):,} bytes"
        raise refusal(file, _CONFIG, found, f"expected at most {_MAX_CONFIG:,}")
    try:
        model = json.loads(content)
    except (ValueError, RecursionError):
        raise refusal(file, _CONFIG, "no JSON", _EXPECTED) from None
    kind, config = _told(model, file, "")
    layers = config.get("layers")
    if kind not in ("Sequential", "Functional"):
        raise refusal(file, _CONFIG, f"a model of the kind {quoted(kind)}", _CHAIN)
    if not isinstance(layers, list):
        raise refusal(file, _CONFIG, "a model without layers", _CHAIN)
    if kind == "Functional" and not _is_chain(layers):
        raise refusal(file, _CONFIG, "layers that do not follow one another", _CHAIN)
    dense: list[_Dense] = []
    times: Counter[str] = Counter()
    for place, layer in enumerate(layers, 1):
        where = f"{_CONFIG}: layers[{place}]"
        kind, config = _told(layer, file, where)
        if kind == "Dense":
            dense.append(_dense(config, times[kind], file, where))
        elif kind == "Activation" and dense and dense[-1].activation == of_keras("linear"):
            dense[-1].activation = _activation(config, file, where)
        elif kind not in _NO_NUMBERS:
            raise refusal(file, where, f"a layer of the kind {quoted(kind)}", _CHAIN)
        times[kind] += 1
    return dense


def _is_chain(layers: list[Any]) -> bool:
    """Whether each layer takes what the one before it gives, and nothing else."""
    before: list[object] = []
    for layer in layers:
        try:
            given = [
                tensor["config"]["keras_history"][0]
                for node in layer["inbound_nodes"]
                for tensor in node["args"]
            ]
            if given != before:
                return False
            before = [layer["name"]]
        except (KeyError, TypeError, IndexError):
            return False
    return True


def _told(value: Any, file: str, where: str) -> tuple[str, dict[str, Any]]:
    """(class, configuration) of a model or a layer."""
    is_table = isinstance(value, dict)
    kind, config = (value.get("class_name"), value.get("config")) if is_table else (None, None)
    if not isinstance(kind, str) or not isinstance(config, dict):
        raise refusal(file, where or _CONFIG, "no class_name and config", _EXPECTED)
    return kind, config


def _dense(config: dict[str, Any], before: int, file: str, where: str) -> _Dense:
    name = config.get("name")
    name = name if isinstance(name, str) else "dense"
    key = f"dense_{before}" if before else "dense"
    has_bias = config.get("use_bias", True) is not False
    return _Dense(name, (key, name), has_bias, _activation(config, file, where))


def _activation(config: dict[str, Any], file: str, where: str) -> str:
    given = config.get("activation")
    given = "linear" if given is None else given
    found = of_keras(given) if isinstance(given, str) else None
    if found is None:
        shown = quoted(given) if isinstance(given, str) else "something else"
        raise refusal(file, where, f"the activation {shown}", "expected one that layers can have")
    return found


def _arrays(
    h5py: ModuleType, opened: Any, layer: _Dense, file: str
) -> Iterator[tuple[str, np.ndarray]]:
    """A layer's arrays by name: the kernel, and the bias where it has one."""
    group = None
    for root in _ROOTS:
        for key in layer.keys:
            group = group or _inside(h5py, opened, (root, key, "vars"))
    for place, role in enumerate(("kernel", "bias")[: 1 + layer.has_bias]):
        name = f"{layer.name}.{role}"
        data = group and _inside(h5py, group, (str(place),))
        if not isinstance(data, h5py.Dataset):
            raise refusal(file, f"{_WEIGHTS}: {name}", "no such array", _EXPECTED)
        yield name, _array(data, name, file)


def _inside(h5py: ModuleType, group: Any, names: tuple[str, ...]) -> Any:
    """What lies in a group, no link to another place or another file followed; else None."""
    here = group
    for name in names:
        if not isinstance(here, h5py.Group) or "/" in name or name in ("", "."):
            return None
        if not isinstance(here.get(name, getlink=True), h5py.HardLink):
            return None
        here = here[name]
    return here


def _array(data: Any, name: str, file: str) -> np.ndarray:
    """A data set, its size checked before it is unpacked."""
    sizes = checked_shape(file, name, data.shape or ())
    is_outside = data.is_virtual or data.external is not None
    is_large = data.chunks is not None and math.prod(data.chunks) > 4 * math.prod(sizes) + 2**20
    if is_outside or is_large or not is_kind(data.dtype):
        found = "numbers elsewhere, in odd pieces or of an odd type"
        raise refusal(file, f"{_WEIGHTS}: {name}", found, _EXPECTED)
    return as_floats(np.asarray(data[()]).reshape(sizes))
