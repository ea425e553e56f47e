"""The numbers of every shipped scenario's trace as one hash each: the same on every Python.

Doubles are the same wherever + − · / and √ are taken in the same order. The last bit of exp, ln,
sin, cos, tanh and of powers is the processor's library's own; `PORTABLE` has them rounded
correctly, so that their hashes can be kept in a file. `python -m tests.trace_numbers` prints the
hashes, with `--portable` those that are kept in `tests/autodiff/goldens/trace_numbers.txt`.
"""

from __future__ import annotations

import decimal
import hashlib
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any
from unittest import mock

import numpy as np

from nnhs_tui.debugger.session import Session
from nnhs_tui.operations import arithmetic
from nnhs_tui.present.trace import trace_json
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

ROUNDS = 3
"""Enough that what an update changed has gone through the net twice."""

_CONTEXT = decimal.Context(prec=50, traps=[])


def _portable(name: str) -> Callable[..., Any]:
    """A function through decimals of 50 digits, then rounded to the nearest double."""
    rule = arithmetic._HAND[name]

    def function(*args: Any) -> Any:
        decimals = [np.frompyfunc(lambda each: Decimal(float(each)), 1, 1)(each) for each in args]
        with decimal.localcontext(_CONTEXT):
            found = rule(*decimals)
        return np.float64(found) if isinstance(found, Decimal) else found.astype(np.float64)

    return function


def _sigmoid(z: Any) -> Any:
    """In doubles, as the program has it, but for exp."""
    e = PORTABLE["exp"](-np.abs(z))
    return np.where(np.asarray(z) >= 0, 1.0, e)[()] / (1.0 + e)


PORTABLE = {name: _portable(name) for name in ("exp", "log", "sin", "cos", "tanh", "power")}
PORTABLE |= {"sqrt": np.sqrt, "sigmoid": _sigmoid}


def numbers_of(value: object) -> Iterator[float]:
    """Every number of a JSON value, in order."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from numbers_of(each)
    elif isinstance(value, int | float):
        yield float(value)


def hashes(*, portable: bool) -> dict[str, str]:
    """The hash of the numbers of each shipped scenario in each arithmetic."""
    found = {}
    functions = PORTABLE if portable else {}
    with mock.patch.dict(arithmetic._EXACT, functions), np.errstate(all="ignore"):
        for path in sorted(shipped_folder().glob("*.toml")):
            for kind in ("exact", "hand"):
                session = Session(load(path), arithmetic=kind)
                session.run.round(ROUNDS - 1)
                numbers = numbers_of(trace_json(session, "node", ROUNDS))
                text = "\n".join(each.hex() for each in numbers)
                digest = hashlib.sha256(text.encode()).hexdigest()[:16]
                found[f"{path.stem} {kind}"] = digest
    return found


if __name__ == "__main__":
    for what, digest in hashes(portable="--portable" in sys.argv).items():
        print(what, digest)
