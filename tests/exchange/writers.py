"""Files of weights, written byte by byte as their formats say, without their libraries."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np


def zipped(entries: Mapping[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    """A zip archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return file.getvalue()


def npy(array: np.ndarray, descr: str | None = None, shape: Any = None) -> bytes:
    """An array in the format of NEP 1, version 1.0, its header perhaps a lie."""
    told = (descr or array.dtype.str, array.shape if shape is None else shape)
    header = f"{{'descr': {told[0]!r}, 'fortran_order': False, 'shape': {told[1]!r}, }}".encode()
    header += b" " * (-(len(header) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + array.tobytes()


def npz(**arrays: np.ndarray) -> bytes:
    return zipped({f"{name}.npy": npy(array) for name, array in arrays.items()})


SAFE = {"float64": "F64", "float32": "F32", "float16": "F16", "int64": "I64", "int8": "I8"}


def safetensors(arrays: Mapping[str, np.ndarray], brain: bool = False, **lies: Any) -> bytes:
    """As the format says; sorted by name, as its own library writes.

    Args:
        brain: singles are written as bfloat16, their upper halves.
        lies: for the first array, instead of what is so.
    """
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    data = b""
    for name in sorted(arrays):
        array = arrays[name]
        raw, kind = array.tobytes(), SAFE[array.dtype.name]
        if brain:
            raw, kind = array.astype("<f4").view("<u2").reshape(-1)[1::2].tobytes(), "BF16"
        ends = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": kind, "shape": list(array.shape), "data_offsets": ends}
        data += raw
    header[min(arrays)] |= lies
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


STORED = {
    "float64": "DoubleStorage",
    "float32": "FloatStorage",
    "float16": "HalfStorage",
    "int64": "LongStorage",
}


class _Named:
    """Something a pickle only names: `torch FloatStorage`."""

    def __init__(self, module: str, name: str) -> None:
        self.module, self.name = module, name


class _Pickler(pickle._Pickler):  # type: ignore[misc, name-defined]
    """Python's own pickler, in Python, so that names need not be there to be written."""

    dispatch: ClassVar[dict[Any, Any]] = dict(pickle._Pickler.dispatch)  # type: ignore[attr-defined]

    def save_named(self, named: _Named) -> None:
        self.write(b"c" + f"{named.module}\n{named.name}\n".encode())

    dispatch[_Named] = save_named

    def persistent_id(self, value: Any) -> Any:
        return value.told if isinstance(value, _Storage) else None


class _Storage:
    def __init__(self, told: tuple[Any, ...]) -> None:
        self.told = told


class Call:
    """What calls a name with arguments as it is read."""

    def __init__(self, module: str, name: str, *arguments: Any) -> None:
        self.called, self.arguments = _Named(module, name), arguments


def _save_call(pickler: Any, call: Call) -> None:
    pickler.save(call.called)
    pickler.save(call.arguments)
    pickler.write(b"R")


_Pickler.dispatch[Call] = _save_call


def torch_file(
    state: Mapping[str, np.ndarray], wrap: Any = lambda table: table, protocol: int = 2
) -> bytes:
    """What `torch.save` writes from 1.6 on: a pickle, and an entry for each storage.

    A matrix that lies in columns keeps its strides, as a transposed tensor does.

    Args:
        wrap: what is saved, out of the table of tensors.
    """
    entries: dict[str, bytes] = {}
    table: OrderedDict[str, Any] = OrderedDict()
    for number, (name, array) in enumerate(state.items()):
        kind = _Named("torch", STORED[array.dtype.name])
        storage = _Storage(("storage", kind, str(number), "cpu", array.size))
        strides = tuple(step // array.itemsize for step in array.strides)
        given = (storage, 0, array.shape, strides, False, OrderedDict())
        table[name] = Call("torch._utils", "_rebuild_tensor_v2", *given)
        entries[f"net/data/{number}"] = array.tobytes("A")
    file = io.BytesIO()
    _Pickler(file, protocol).dump(wrap(table))
    return zipped({"net/data.pkl": file.getvalue(), "net/byteorder": b"little", **entries})


def sequential(*layers: tuple[str, dict[str, Any]]) -> bytes:
    """Keras's config.json of a Sequential model."""
    told = [{"module": "keras.layers", "class_name": kind, "config": c} for kind, c in layers]
    model = {"module": "keras", "class_name": "Sequential", "config": {"layers": told}}
    return json.dumps(model).encode()
