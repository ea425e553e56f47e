"""`.safetensors`: eight bytes with the length of a header in JSON, the header, the numbers.

The format is told in https://github.com/huggingface/safetensors#format.
"""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import Any

from nnhs_tui.errors import quoted
from nnhs_tui.exchange.weights.tensors import (
    BRAIN,
    Tensors,
    checked_shape,
    decoded,
    place,
    refusal,
)

_EXPECTED = "expected what safetensors' save_file(model.state_dict(), FILE) writes"
_KINDS = {
    "F64": "f8",
    "F32": "f4",
    "F16": "f2",
    "BF16": BRAIN,
    "I64": "i8",
    "I32": "i4",
    "I16": "i2",
    "I8": "i1",
    "U64": "u8",
    "U32": "u4",
    "U16": "u2",
    "U8": "u1",
}
_LENGTH = 8
_MAX_HEADER = 4 * 2**20
_REMARKS = "__metadata__"


def read_safetensors(content: bytes, file: str) -> Tensors:
    """The arrays of a file, by name: the order they are written in says nothing.

    Raises:
        ScenarioError: it is none, or holds something else.
    """
    header = _header(content, file)
    data = memoryview(content)[_LENGTH + int.from_bytes(content[:_LENGTH], "little") :]
    found: Tensors = {}
    taken: list[tuple[int, int]] = []
    for name, told in header.items():
        if name == _REMARKS:
            continue
        kind, shape, start, stop = _told(told, name, file)
        sizes = checked_shape(file, name, shape)
        size = 2 if kind == BRAIN else int(kind[1:])
        if stop - start != math.prod(sizes) * size or not 0 <= start <= stop <= len(data):
            raise refusal(file, place(name), "bytes that do not fit its shape", _EXPECTED)
        taken.append((start, stop))
        found[name] = decoded(bytes(data[start:stop]), kind).reshape(sizes)
    if any(start < stop for (_, stop), (start, _) in pairwise(sorted(taken))):
        raise refusal(file, "", "arrays that lie on one another", _EXPECTED)
    return found


def _header(content: bytes, file: str) -> dict[str, Any]:
    length = int.from_bytes(content[:_LENGTH], "little")
    if len(content) < _LENGTH or length > len(content) - _LENGTH:
        raise refusal(file, "", "a header longer than the file", _EXPECTED)
    if length > _MAX_HEADER:
        raise refusal(
            file, "", f"a header of {length:,} bytes", f"expected at most {_MAX_HEADER:,}"
        )
    try:
        text = content[_LENGTH : _LENGTH + length].decode()
        header = json.loads(text, object_pairs_hook=_once)
    except (ValueError, RecursionError):
        raise refusal(
            file, "", "a header that is no JSON, or has a name twice", _EXPECTED
        ) from None
    if not isinstance(header, dict):
        raise refusal(file, "", "a header that is no table", _EXPECTED)
    return header


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table whose keys differ; else a ValueError."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError
    return table


def _told(told: Any, name: str, file: str) -> tuple[str, list[object], int, int]:
    """(kind, shape, first byte, byte behind the last) of an array, out of the header."""
    if not isinstance(told, dict):
        raise refusal(file, place(name), "no table that tells of an array", _EXPECTED)
    kind, shape, ends = (told.get(key) for key in ("dtype", "shape", "data_offsets"))
    if not isinstance(kind, str) or kind not in _KINDS:
        found = f"the type {quoted(str(kind))}" if isinstance(kind, str) else "no type"
        raise refusal(file, place(name), found, f"expected one of {', '.join(_KINDS)}")
    is_pair = isinstance(ends, list) and len(ends) == 2 and all(type(end) is int for end in ends)
    if not isinstance(shape, list) or not is_pair:
        raise refusal(file, place(name), "no shape, or no place of its numbers", _EXPECTED)
    assert isinstance(ends, list)
    return _KINDS[kind], shape, ends[0], ends[1]
