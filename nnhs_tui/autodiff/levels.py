"""The levels a round is stepped at: layer, neuron, node.

A step at a level above `node` is a run of consecutive node steps of one phase that belong to one
layer, or to one neuron of it. A graph's step at both of these levels is one named node; where there
are matrices, at the level of neurons it is one entry of a node. Where a step begins and ends is
looked up, so a round of a million node steps costs nothing to walk.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnhs_tui.autodiff.schedule import Schedule

LEVELS = ("layer", "neuron", "node")
"""From the widest to the finest."""


def levels_of(schedule: Schedule) -> tuple[str, ...]:
    """The levels that differ: a graph without matrices has no neurons."""
    tape = schedule.tape
    return ("layer", "node") if tape.is_graph and not tape.has_matrices else LEVELS


def span(schedule: Schedule, index: int, level: str) -> tuple[int, int]:
    """(first node step, the one behind the last) of the step at `level` that holds `index`."""
    if level == "node":
        return index, index + 1
    in_pass, in_update = _starts(schedule, level)
    base, starts, size = schedule.update_start(schedule.update_at(index)), in_update, 0
    if index >= base:
        size = schedule.entries.size
    else:
        base = schedule.sample_start(schedule.sample_at(index))
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
    found = []
    for update in range(schedule.updates):
        samples = schedule.samples_of(update)
        begins = np.arange(len(samples))[:, None] * schedule.per_sample
        found.append((schedule.sample_start(samples[0]) + begins + in_pass).ravel())
        found.append(schedule.update_start(update) + in_update)
    return np.concatenate(found)


def _starts(schedule: Schedule, level: str) -> tuple[np.ndarray, np.ndarray]:
    """Where steps begin within a sample's pass, and within the update."""
    if level not in schedule.starts:
        forward, backward = _forward_runs(schedule), _backward_runs(schedule)
        in_pass = np.concatenate([forward, backward])
        begins = _changes(in_pass, level)
        if len(backward):
            begins[len(forward)] = True
        in_update = _update_runs(schedule)
        update_begins = _changes(in_update, level)
        schedule.starts[level] = in_pass[begins, 0], in_update[update_begins, 0]
    return schedule.starts[level]


# Runs are (runs, 3): the first step, the layer or graph node as a number, the neuron. There are as
# many as neurons, while there may be millions of steps.


def _changes(runs: np.ndarray, level: str) -> np.ndarray:
    """(runs,) bool: which begin a step of the level."""
    keys = runs[:, 1:2] if level == "layer" else runs[:, 1:]
    begins = np.ones(len(keys), bool)
    begins[1:] = (keys[1:] != keys[:-1]).any(axis=1)
    return begins


def _owned(owners: np.ndarray, entries: np.ndarray, first: int) -> np.ndarray:
    """A graph's runs of steps, from step `first` on, that belong to these of its nodes.

    Args:
        owners: (steps,) the named node of each.
        entries: (steps,) the entry of it, from 0.
        first: the place of the first step.
    """
    changes = (np.diff(owners, prepend=-1) != 0) | (np.diff(entries, prepend=-1) != 0)
    places = np.flatnonzero(changes)
    return np.column_stack([first + places, owners[places], entries[places] + 1])


def _forward_runs(schedule: Schedule) -> np.ndarray:
    tape = schedule.tape
    if tape.is_graph:
        return _owned(tape.owner, tape.entry, 0)
    found = []
    for layer in tape.layers:
        places = np.arange(layer.m)
        starts = [layer.start + places * layer.row]
        if layer.is_softmax:
            starts.append(layer.rows_stop + places)
        for each in starts:
            owner = np.full(layer.m, layer.index)
            found.append(np.stack([each - tape.leaves, owner, places + 1], axis=1))
    if tape.loss is not None:
        found.append(np.array([[tape.loss.start - tape.leaves, -1, 0]]))
    return np.concatenate(found)


def _backward_runs(schedule: Schedule) -> np.ndarray:
    tape = schedule.tape
    if tape.is_graph:
        nodes = schedule.graph_steps[:, 0] - tape.leaves
        return _owned(tape.owner[nodes], tape.entry[nodes], schedule.forward)
    found = []
    for part in schedule.parts:
        layer = -1 if part.layer is None else part.layer.index
        is_join = part.kind in ("join", "loss")
        places = np.arange(part.rows)
        starts = schedule.forward + part.start + places * part.width
        neurons = places * 0 if is_join else places + 1
        found.append(np.stack([starts, np.full(part.rows, layer), neurons], axis=1))
    return np.concatenate(found)


def _update_runs(schedule: Schedule) -> np.ndarray:
    tape, entries = schedule.tape, schedule.entries
    found = [np.zeros((0, 3), np.int64)]
    if entries.before:
        # The size of all gradients belongs to no layer.
        found.append(np.array([[0, -1, 0]]))
    if tape.is_graph:
        places = np.arange(tape.parameters)
        counts = [len(each.ids) for each in tape.blocks if each.ids[0] < tape.parameters]
        owners = np.repeat(np.arange(len(counts)), counts)
        found.append(np.stack([_starts_of(schedule, places), owners, places], axis=1))
    for layer in tape.layers:
        places = np.arange(layer.m)
        starts = _starts_of(schedule, layer.weights + places * layer.terms)
        found.append(np.stack([starts, np.full(layer.m, layer.index), places + 1], axis=1))
    return np.concatenate(found)


def _starts_of(schedule: Schedule, places: np.ndarray) -> np.ndarray:
    """Where the steps of parameters begin in an update, by their places in its order."""
    starts = [schedule.entries.start(place) for place in places.tolist()]
    return np.array(starts, np.int64)
