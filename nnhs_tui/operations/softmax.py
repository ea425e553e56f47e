"""Softmax, stable in both arithmetics (Bishop, Pattern Recognition, 2006, section 4.3.4)."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnhs_tui.operations.arithmetic import Arithmetic


def softmax_exponentials(ar: Arithmetic, z: Any) -> tuple[Any, bool]:
    """e_i = r(exp z_i) and whether the largest z was taken off first.

    Exact arithmetic always takes it off. Hand arithmetic does so only where exp z_i would
    overflow or all of them would round to 0; otherwise it is exp z_i itself, as on paper.
    """
    if ar.name == "hand":
        e = ar.round(ar.function("exp", z))
        if np.all(ar.finite(e)) and np.any(e != 0):
            return e, False
    return ar.round(ar.function("exp", z - np.max(z))), True


def softmax(ar: Arithmetic, z: Any) -> Any:
    """a_i = e_i / Σe for a vector z (outputs,)."""
    e, _ = softmax_exponentials(ar, z)
    return ar.round(np.true_divide(e, np.add.reduce(e)))


def softmax_slopes(ar: Arithmetic, a: Any) -> Any:
    """∂a_j/∂z_i = a_j(δ_ij − a_i) as a matrix (i, j)."""
    return ar.round(a * (np.eye(len(a), dtype=int) - a[:, None]))
