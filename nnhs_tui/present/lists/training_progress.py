"""The training so far: the curve of the losses, and how large each layer's gradient is."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from nnhs_tui.autodiff.names import Names
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.numerals import telling
from nnhs_tui.present.lists.listing import Listing, Row
from nnhs_tui.present.text.lines import Line, cells, clip, fit, run
from nnhs_tui.present.text.plot import Plot
from nnhs_tui.training.gradient_flow import gradient_flow

HOW = "T trains: train 100, or train until loss < 0.05; Esc stops it. a takes a single update."


def training_listing(session: Session) -> Listing:
    """The curve of the losses up to now; below it a row for each layer's gradient."""
    scene = session.scene()
    flows = gradient_flow(session.run, session.round)
    longest = max((cells(flow.name) for flow in flows), default=0)
    rows = []
    for flow in flows:
        act = f"goto grad {Names(session.tape).name(flow.parameter)}"
        norm = f"{fit(flow.name, longest)}  size of the gradient {telling(flow.norm, scene.digits)}"
        rows.append(Row((run(norm),), act))
        rows += [Row((run(f"  {told}", "key"),), act, follows=True) for told in flow.words]
    losses = session.run.losses()[: session.rounds]
    told: Line = ((HOW, "dim"),)
    if len(losses) > 1:
        told = _summary(scene, losses, _edited(session))
    is_curve = len(losses) > 1
    figure = partial(draw_losses, losses, session.round) if is_curve else None
    nothing = "there are no parameters to train"
    return Listing("training", tuple(rows), nothing, (told,) if rows else (), figure)


def _edited(session: Session) -> set[int]:
    """The rounds whose own numbers were edited; another learning rate first shows in the next."""
    return {edit.round for edit in session.edits if edit.kind != "rate"}


LATELY = 5
"""Updates back from the last round that count as the last ones."""
LARGER = 1 + 1e-6
"""By how much a loss has to rise to be said to: the last bits of a double rise too."""


def _rose_lately(losses: np.ndarray, edited: set[int]) -> int | None:
    """The round (from 0) whose loss an update, and no edit, made larger than the one before."""
    first = max(1, len(losses) - LATELY)
    rounds = [k for k in range(first, len(losses)) if k not in edited]
    rose = [k for k in rounds if losses[k] > losses[k - 1] * LARGER]
    # What has come down again since is over.
    return rose[-1] if rose and losses[-1] > losses[rose[-1] - 1] * LARGER else None


def _summary(scene: Scene, losses: np.ndarray, edited: set[int]) -> Line:
    """`loss 0.34 → 0.02, smallest 0.02 in round 98; round 12: 0.20`.

    Args:
        edited: the rounds in which something was edited.
    """
    here, least = scene.round_number, int(np.argmin(losses))
    first, last = (telling(float(losses[k]), scene.digits) for k in (0, -1))
    told = f"loss {first} → {last}, smallest {telling(float(losses[least]), scene.digits)}"
    parts = [run(f"{told} in round {least + 1}")]
    rose = _rose_lately(losses, edited)
    if rose is not None:
        told = f"; the update of round {rose} raised it: a smaller learning rate helps"
        parts.append(run(told, "key"))
    now = f"; ● round {here + 1}: {telling(float(losses[here]), scene.digits)}"
    return (*parts, run(now, "dim"))


def draw_losses(losses: np.ndarray, here: int, width: int, height: int) -> list[Line]:
    """The curve of (rounds,) losses over their rounds, from 0 up, the round in work marked.

    Where there are more rounds than dots, each dot's column reaches from the smallest to the
    largest of its rounds, so that no peak is lost.
    """
    low, high = min(0.0, float(losses.min())), float(losses.max())
    labels = [f"{each:.3g}" for each in (high, low)]
    margin = max(map(len, labels)) + 1
    plot = Plot(max(1, width - margin), max(1, height - 1), (1, len(losses)), (low, high))
    plot.points(_thinned(losses, 2 * plot.width), "text")
    plot.sign(here + 1, float(losses[here]), "●", "current")
    lines: list[Line] = []
    for row, line in enumerate(plot.lines()):
        label = labels[0] if row == 0 else labels[1] if row == plot.height - 1 else ""
        lines.append(((f"{label:>{margin - 1}} ", "dim"), *line))
    left, right = "round 1", str(len(losses))
    space = " " * max(1, width - margin - len(left) - len(right))
    lines.append(clip(((" " * margin, "text"), (left + space + right, "dim")), width))
    return lines


def _thinned(losses: np.ndarray, columns: int) -> list[tuple[float, float]]:
    """Points (round, loss), at most two for each column of dots."""
    count = len(losses)
    if count <= 2 * columns:
        return [(k + 1, value) for k, value in enumerate(losses.tolist())]
    points: list[tuple[float, float]] = []
    for column in range(columns):
        start, stop = (math.floor(each * count / columns) for each in (column, column + 1))
        part = losses[start:stop]
        ends = sorted({int(part.argmin()), int(part.argmax())})
        points += [(start + end + 1, float(part[end])) for end in ends]
    return points
