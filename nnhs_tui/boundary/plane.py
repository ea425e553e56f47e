"""A scenario's network as a function over the plane: two inputs, and one output of two classes."""

from __future__ import annotations

import math

import numpy as np

from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.boundary.field import HALF
from nnhs_tui.boundary.points import Points
from nnhs_tui.operations.arithmetic import Exact
from nnhs_tui.training.rounds import Run

_EXACT = Exact()
AIR = 1.25


class Plane:
    """What the network says at points, in doubles.

    Args:
        parameters: (parameters,) those it has.
    """

    def __init__(self, tape: Tape, parameters: np.ndarray) -> None:
        self._tape, self._parameters = tape, parameters.astype(float)

    def output(self, x: np.ndarray) -> np.ndarray:
        """(points,) between 0 and 1, at (points, 2)."""
        with _EXACT.protected():
            for layer in self._tape.layers:
                x = x @ layer.matrix(self._parameters)
                if layer.bias is not None:
                    x = x + layer.vector(self._parameters)
                if layer.is_formula:
                    x = np.vectorize(layer.tail.curve, otypes=[float, float])(x)[0]
                elif layer.operation is not None:
                    x = np.asarray(layer.operation.forward(_EXACT, x))
        found: np.ndarray = x[:, 0]
        return found


def has_boundary(tape: Tape) -> bool:
    """Whether a network has two inputs and one output, with targets of 0 and 1 and a half of them
    where its sum is 0."""
    if tape.is_graph or len(tape.x) != 2 or len(tape.outputs) != 1:
        return False
    last = tape.layers[-1].operation
    if last is None or float(last.forward(_EXACT, np.zeros(1))[0]) != HALF:
        return False
    targets = [sample.t for sample in tape.scenario.samples]
    return all(t is not None and t[0] in (0, 1) for t in targets)


def edge_of(points: Points) -> float:
    """Half of the side of the square around 0 that has all of them in it, and some air."""
    far = float(abs(points.x).max())
    return AIR * far if math.isfinite(far) and far > 0 else 1.0


def points_of(run: Run, number: int) -> Points:
    """The samples as a round (from 0) uses them."""
    leaves = [run.prepared(number, place).leaves for place in range(len(run.samples))]
    found = np.array([[float(each) for each in values[:3]] for values in leaves])
    return Points(found[:, :2], found[:, 2])
