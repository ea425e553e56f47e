"""The levels a round is stepped at: layer, neuron, node.

A step at a level above `node` is a run of consecutive node steps of one phase that belong to one
layer, or to one neuron of it. A graph's step at both of these levels is one named node. Where a
step begins and ends is looked up, so a round of a million node steps costs nothing to walk.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from nnhs_tui.core.schedule import Schedule

LEVELS = ("layer", "neuron", "node")
"""From the widest to the finest."""


def levels_of(schedule: Schedule) -> tuple[str, ...]:
    """The levels that differ: a graph has no neurons."""
    return ("layer", "node") if schedule.tape.is_graph else LEVELS


def span(schedule: Schedule, index: int, level: str) -> tuple[int, int]:
    """(first node step, the one behind the last) of the step at `level` that holds `index`."""
    if level == "node":
        return index, index + 1
    in_pass, in_update = _starts(schedule, level)
    if index >= schedule.update_start:
        base, starts, size = schedule.update_start, in_update, schedule.tape.parameters
    else:
        base = index - index % schedule.per_sample
        starts, size = in_pass, schedule.per_sample
    place = int(np.searchsorted(starts, index - base, "right"))
    stop = int(starts[place]) if place < len(starts) else size
    return base + int(starts[place - 1]), base + stop


def last_of(schedule: Schedule, index: int, level: str) -> int:
    """The last node step of the step at `level` that holds `index`: where a cursor stands."""
    return span(schedule, index, level)[1] - 1


def fitting(schedule: Schedule, index: int, level: str) -> str:
    """The widest level, `level` at most, at which a step ends exactly at `index`."""
    wanted = LEVELS[LEVELS.index(level) :]
    return next(each for each in wanted if last_of(schedule, index, each) == index)


def spans(schedule: Schedule, start: int, stop: int, level: str) -> Iterator[tuple[int, int]]:
    """The steps at `level` from node step `start` up to `stop`."""
    while start < stop:
        first, after = span(schedule, start, level)
        yield first, after
        start = after


def first_steps(schedule: Schedule, level: str) -> np.ndarray:
    """The first node step of every step at `level`, in order, for a whole round."""
    if level == "node":
        return np.arange(schedule.total)
    in_pass, in_update = _starts(schedule, level)
    samples = np.arange(schedule.samples)[:, None] * schedule.per_sample
    return np.concatenate([(samples + in_pass).ravel(), schedule.update_start + in_update])


@lru_cache(16)
def _starts(schedule: Schedule, level: str) -> tuple[np.ndarray, np.ndarray]:
    """Where steps begin within a sample's pass, and within the update."""
    groups = np.concatenate([_forward_groups(schedule), _backward_groups(schedule)])
    starts = [_changes(groups, level, schedule.forward), _changes(_update_groups(schedule), level)]
    return starts[0], starts[1]


def _changes(groups: np.ndarray, level: str, also: int = 0) -> np.ndarray:
    """Where rows of (layer, neuron) change, and at the places 0 and `also`."""
    keys = groups[:, :1] if level == "layer" else groups
    begins = np.ones(len(keys), bool)
    begins[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    if also < len(begins):
        begins[also] = True
    return np.flatnonzero(begins)


def _numbered(schedule: Schedule) -> np.ndarray:
    """(groups of the tape, 2): the layer or graph node as a number, and the neuron."""
    owners: dict[str, int] = {}
    rows = [(owners.setdefault(name, len(owners)), n) for name, n in schedule.tape.groups]
    return np.array(rows, np.int64).reshape(-1, 2)


def _forward_groups(schedule: Schedule) -> np.ndarray:
    groups: np.ndarray = _numbered(schedule)[schedule.tape.group]
    return groups


def _backward_groups(schedule: Schedule) -> np.ndarray:
    tape = schedule.tape
    if tape.is_graph:
        groups: np.ndarray = _numbered(schedule)[
            tape.group[schedule.graph_steps[:, 0] - tape.leaves]
        ]
        return groups
    found = []
    for part in schedule.parts:
        layer = -1 if part.layer is None else part.layer.index
        is_join = part.kind in ("join", "loss")
        neurons = np.zeros(part.rows) if is_join else np.arange(part.rows) + 1
        rows = np.repeat(neurons, part.width).astype(np.int64)
        found.append(np.stack([np.full(len(rows), layer), rows], axis=1))
    return np.concatenate(found)


def _update_groups(schedule: Schedule) -> np.ndarray:
    tape = schedule.tape
    if tape.is_graph:
        places = np.arange(tape.parameters)
        return np.stack([places, places * 0], axis=1)
    found = [np.zeros((0, 2), np.int64)]
    for layer in tape.layers:
        neurons = np.repeat(np.arange(layer.m), layer.terms) + 1
        found.append(np.stack([np.full(len(neurons), layer.index), neurons], axis=1))
    return np.concatenate(found)
