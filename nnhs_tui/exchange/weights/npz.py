"""NumPy's `.npz`: a zip archive of arrays with a header each (format of `.npy`, NEP 1)."""

from __future__ import annotations

import io
import math
import tokenize

import numpy as np

from nnhs_tui.exchange.weights.archive import Archive
from nnhs_tui.exchange.weights.tensors import (
    Tensors,
    as_floats,
    checked_shape,
    is_kind,
    place,
    refusal,
)

_EXPECTED = "expected what numpy.savez(FILE, W1=…, b1=…) writes"
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def read_npz(content: bytes, file: str) -> Tensors:
    """The arrays of an archive.

    Raises:
        ScenarioError: it is none, or holds something else.
    """
    archive = Archive(content, file, _EXPECTED)
    return {
        name.removesuffix(".npy"): _array(archive.read(name), name.removesuffix(".npy"), file)
        for name in archive.names
    }


def _array(content: bytes, name: str, file: str) -> np.ndarray:
    """One array, its size checked before anything is made of it."""
    opened = io.BytesIO(content)
    try:
        header = _HEADERS[np.lib.format.read_magic(opened)]
        shape, by_columns, dtype = header(opened)
    except (ValueError, TypeError, KeyError, SyntaxError, tokenize.TokenError, RecursionError):
        raise refusal(file, place(name), "no array of numpy's", _EXPECTED) from None
    if not is_kind(dtype):
        found = f"an array of the type {dtype}"
        raise refusal(file, place(name), found, "expected real numbers, such as float32")
    sizes = checked_shape(file, name, shape)
    wanted, there = math.prod(sizes) * dtype.itemsize, len(content) - opened.tell()
    if wanted != there:
        found = f"{there:,} bytes for {wanted:,} that its shape takes"
        raise refusal(file, place(name), found, _EXPECTED)
    flat = np.frombuffer(content, dtype, offset=opened.tell())
    return as_floats(flat.reshape(sizes, order="F" if by_columns else "C"))
