"""Points of two classes in a square, drawn from a seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

EDGE = 1.0
"""Both coordinates are between -EDGE and EDGE."""
MOST = 1_000


@dataclass(frozen=True, eq=False)
class Points:
    """Points and their classes."""

    x: np.ndarray
    """(points, 2), in hundredths: as many decimals as anybody reads."""
    t: np.ndarray
    """(points,) 0 or 1."""

    def __len__(self) -> int:
        return len(self.t)

    def with_point(self, x: float, y: float, kind: int) -> Points:
        """These and one more."""
        added = np.round(np.clip([[x, y]], -EDGE, EDGE), 2)
        return Points(np.vstack([self.x, added]), np.append(self.t, float(kind)))

    def without(self, place: int) -> Points:
        """All but one; the last one stays."""
        if len(self) < 2:
            return self
        return Points(np.delete(self.x, place, axis=0), np.delete(self.t, place))

    def moved(self, place: int, x: float, y: float) -> Points:
        """One of them somewhere else."""
        moved = self.x.copy()
        moved[place] = np.round(np.clip([x, y], -EDGE, EDGE), 2)
        return Points(moved, self.t)

    def nearest(self, x: float, y: float) -> int:
        """The place of the point that is nearest."""
        return int(np.argmin(((self.x - np.array([x, y])) ** 2).sum(axis=1)))


Draw = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def _circle(draw: np.random.Generator, t: np.ndarray) -> np.ndarray:
    inner, outer = 0.45 * np.sqrt(draw.random(len(t))), 0.65 + 0.3 * draw.random(len(t))
    radius, angle = np.where(t == 0, inner, outer), 2 * np.pi * draw.random(len(t))
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])


def _moons(draw: np.random.Generator, t: np.ndarray) -> np.ndarray:
    angle, up = np.pi * draw.random(len(t)), np.where(t == 0, 1.0, -1.0)
    x = 0.55 * np.cos(angle) - 0.25 * up
    y = up * (0.55 * np.sin(angle) - 0.15)
    return np.column_stack([x, y]) + 0.05 * draw.standard_normal((len(t), 2))


def _spiral(draw: np.random.Generator, t: np.ndarray) -> np.ndarray:
    along = (np.arange(len(t)) // 2 + 1) / ((len(t) + 1) // 2)
    angle = 1.5 * np.pi * along + np.pi * t
    on_arm = 0.9 * along[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    found: np.ndarray = on_arm + 0.02 * draw.standard_normal((len(t), 2))
    return found


def _xor(draw: np.random.Generator, t: np.ndarray) -> np.ndarray:
    size = 0.08 + 0.84 * draw.random((len(t), 2))
    side = np.where(draw.random(len(t)) < 0.5, -1.0, 1.0)
    found: np.ndarray = size * np.column_stack([side, side * np.where(t == 0, 1.0, -1.0)])
    return found


def _linear(draw: np.random.Generator, t: np.ndarray) -> np.ndarray:
    along, off = 1.6 * draw.random(len(t)) - 0.8, 0.06 + 0.5 * draw.random(len(t))
    normal, side = np.array([0.8, 0.6]), np.where(t == 0, -1.0, 1.0)
    found: np.ndarray = along[:, None] * np.array([-0.6, 0.8]) + (side * off)[:, None] * normal
    return found


KINDS: Mapping[str, Draw] = {
    "circle": _circle,
    "moons": _moons,
    "spiral": _spiral,
    "xor": _xor,
    "linear": _linear,
}
"""How the points lie: a disc in a ring, two moons, two arms, four corners, two sides."""


def make_points(kind: str, count: int, seed: int) -> Points:
    """So many points, as many of each class as can be.

    Args:
        kind: one of KINDS.
    """
    t = np.arange(count) % 2.0
    found = KINDS[kind](np.random.default_rng(seed), t)
    return Points(np.round(np.clip(found, -EDGE, EDGE), 2), t)
