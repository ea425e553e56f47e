"""A thousand epochs of the boundary, against numpy's own loops written by layers; and a frame.

The peer is what one writes without looking: every array made anew, the loss worked out each epoch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from benchmarks.measure import Goal, Table, duration, in_turn, timed, times
from nnhs_tui.boundary.net import BoundaryNet, start_weights
from nnhs_tui.boundary.points import Points, make_points
from nnhs_tui.boundary.table import Table as Boundary
from nnhs_tui.present.boundary import draw_panel, draw_told

EPOCHS, POINTS, UNITS = 1000, 200, 6
SLOWER, FRAME = Goal(1.5), Goal(0.1)
SIZE = (44, 22)
"""Columns and rows of the plane at 80 × 24."""


def run(quick: bool) -> Iterator[Table]:
    """The table."""
    table = Table(
        f"the boundary: {EPOCHS} epochs of {POINTS} points, {UNITS} hidden units",
        ("what", "ours", "numpy by layers", "ours as a multiple", "goal", ""),
    )
    points = make_points("circle", POINTS, 0)
    pairs = 5 if quick else 21
    for activation in ("tanh", "relu"):
        measured = in_turn(
            timed(_ours(points, activation)), timed(_theirs(points, activation)), pairs
        )
        texts = (*map(duration, measured.medians), times(measured.ratio))
        table.add(activation, *texts, *SLOWER.judge(measured.ratio))
    measured = in_turn(timed(_frame()), timed(_ours(points, "tanh")), pairs)
    texts = (*map(duration, measured.medians), times(measured.ratio))
    table.add("one frame, against as many epochs of ours", *texts, *FRAME.judge(measured.ratio))
    yield table


def _ours(points: Points, activation: str) -> Callable[[], object]:
    def train() -> None:
        BoundaryNet(UNITS, activation, 0).train(points, EPOCHS)

    return train


def _theirs(points: Points, activation: str) -> Callable[[], object]:
    x, t = points.x, points.t[:, None]

    def train() -> list[float]:
        start, losses = start_weights(UNITS, 0), []
        w1, b1, w2, b2 = start.hidden, start.hidden_bias, start.output, start.output_bias
        for _ in range(EPOCHS):
            z = x @ w1 + b1
            a = np.tanh(z) if activation == "tanh" else np.maximum(z, 0)
            o = 1 / (1 + np.exp(-(a @ w2 + b2)))
            losses.append(float(-np.mean(t * np.log(o) + (1 - t) * np.log(1 - o))))
            dz2 = (o - t) / len(x)
            slope = 1 - a**2 if activation == "tanh" else (z > 0).astype(float)
            dz1 = (dz2 @ w2.T) * slope
            w2, b2 = w2 - a.T @ dz2, b2 - dz2.sum(axis=0)
            w1, b1 = w1 - x.T @ dz1, b1 - dz1.sum(axis=0)
        return losses

    return train


def _frame() -> Callable[[], object]:
    table = Boundary(count=POINTS)
    table.train(50)

    def draw() -> None:
        draw_panel(table, table.net, *SIZE, has_dots=True)
        draw_told(table, 34, SIZE[1], pace=10, is_playing=True)

    return draw
