"""Arrays of numbers out of bytes: which kinds there are, and how large they may be."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.labels import counted
from nnhs_tui.scenario.reading.faults import describe_value, quote
from nnhs_tui.scenario.reading.limits import MAX_PARAMETERS

MAX_BYTES = 64 * 2**20
"""Of a file of weights, and of what it holds when it is unpacked: 2,000,000 doubles are 16 MiB."""
MAX_NAME = 200
"""Characters of an array's name."""

Tensors = dict[str, np.ndarray]
"""Arrays by name, in the order of the file; each (neurons,) or a matrix, float32 or float64."""

BRAIN = "bf2"
"""The upper half of a single: numpy has no such type."""
DENSE = "only dense layers can be taken: matrices of weights, and a list of biases for each"


def refusal(file: str, where: str, found: str, expected: str) -> ScenarioError:
    """What is wrong with one place of a file."""
    return ScenarioError((Fault(printable(file), where, found, expected),))


def place(name: str) -> str:
    """An array's name as messages have it."""
    is_plain = 0 < len(name) <= MAX_NAME and name.isascii() and name.isprintable()
    return name if is_plain and '"' not in name else quote(name)


def checked_shape(file: str, name: str, shape: Sequence[object]) -> tuple[int, ...]:
    """The shape of an array, if a dense net can have it.

    Raises:
        ScenarioError: it is no list, no matrix, or too large.
    """
    sizes = [each for each in shape if isinstance(each, int) and not isinstance(each, bool)]
    if len(sizes) != len(shape) or any(each < 0 for each in sizes):
        raise refusal(file, place(name), "a shape that is none", "expected whole numbers from 1 on")
    if len(sizes) not in (1, 2):
        found = f"an array with {counted(len(sizes), 'axis')}"
        raise refusal(file, place(name), found, f"expected one or two: {DENSE}")
    if 0 in sizes:
        raise refusal(file, place(name), "an array without numbers", "expected numbers in it")
    if math.prod(sizes) > MAX_PARAMETERS:
        told = " times ".join(describe_value(each) for each in sizes)
        expected = f"expected a net of at most {MAX_PARAMETERS:,} parameters"
        raise refusal(file, place(name), f"{told} numbers", expected)
    return tuple(sizes)


def decoded(raw: bytes, kind: str, order: str = "<") -> np.ndarray:
    """Numbers out of bytes: (count,) float32, or float64 where they have more digits than that.

    Args:
        kind: numpy's letter and size, such as `f4`, or `BRAIN`.
        order: of the bytes, `<` or `>`.
    """
    if kind == BRAIN:
        upper = np.frombuffer(raw, f"{order}u2").astype(np.uint32) << 16
        return upper.view(np.float32)
    return as_floats(np.frombuffer(raw, f"{order}{kind}"))


def as_floats(array: np.ndarray) -> np.ndarray:
    """Singles of halves and singles, doubles of all else."""
    is_short = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    return array.astype(np.float32 if is_short else np.float64)


def is_kind(dtype: np.dtype) -> bool:
    """Whether numbers are of a kind that weights may have: real, and no more than a double."""
    return dtype.kind in "fiu" and dtype.itemsize <= 8
