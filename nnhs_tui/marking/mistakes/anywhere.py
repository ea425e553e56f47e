"""Known mistakes that can be made with any number: what each makes of many at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

TENS = np.array([[[10.0**power]] for power in (-2, -1, 1, 2)])
"""What a moved point multiplies by, each for a pair of rows."""

TELLING = 9.5
"""Units of the last decimal that a number must have to be told from one found by chance."""


def sign(right: np.ndarray, shown: np.ndarray, digits: int) -> Iterator[np.ndarray]:
    """−a for a."""
    yield -right


def reciprocal(right: np.ndarray, shown: np.ndarray, digits: int) -> Iterator[np.ndarray]:
    """1/a for a."""
    yield _telling(1 / right, digits)


def power_of_ten(right: np.ndarray, shown: np.ndarray, digits: int) -> Iterator[np.ndarray]:
    """The decimal point moved by a place or two, before rounding or after it."""
    moved = TENS * np.array([right, shown])
    yield from _telling(moved.reshape(-1, len(right)), digits)


def _telling(found: np.ndarray, digits: int) -> np.ndarray:
    """What shows as a single digit may have come from anywhere: NaN for it."""
    return np.where(abs(found) < TELLING * 10.0**-digits, np.nan, found)
