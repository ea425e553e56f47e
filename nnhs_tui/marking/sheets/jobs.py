"""Marking the sheets of a class, a large one with several processes, in the same order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker, Summary

Shown = TypeVar("Shown")

CHUNK, FEW = 32, 8
"""Files that a process marks at once, and how many where there is one: what is counted of them is
put together then."""
AHEAD = 3
"""Chunks a process that are marked before they are asked for, so that memory stays flat."""
MANY = 1000
"""Files from which on all cores are used, where nothing else is wanted: fewer are marked sooner
than processes are started."""
MOST = 64
"""Processes at most."""


@dataclass
class Batch(Generic[Shown]):
    """Some sheets, as they are shown, and what they come to together."""

    shown: list[Shown] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)


@dataclass(frozen=True)
class Job(Generic[Shown]):
    """What is done with each file; it is handed to other processes."""

    make: Callable[[], SheetMarker]
    show: Callable[[MarkedSheet], Shown]
    """What of a sheet is wanted: marked sheets themselves are large."""

    def batch(self, marker: SheetMarker, paths: Iterable[str]) -> Batch[Shown]:
        """Mark files."""
        found = Batch[Shown]()
        for path in paths:
            for sheet in marker.marked(path):
                found.summary.add(sheet)
                found.shown.append(self.show(sheet))
        return found


def jobs_for(wanted: int | None, files: int) -> int:
    """How many processes mark so many files.

    Args:
        wanted: how many are asked for; None: as many as there are cores, for many files.

    >>> jobs_for(3, 100), jobs_for(None, 30), jobs_for(8, 16)
    (3, 1, 1)
    """
    if wanted is None:
        wanted = _cores() if files >= MANY else 1
    return max(1, min(wanted, MOST, -(-files // CHUNK)))


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def batches(jobs: int, job: Job[Shown], paths: Sequence[str]) -> Iterator[Batch[Shown]]:
    """Mark files, in their order, one after the other or so many at a time.

    Raises:
        ComputationError: the scenario overflows.
    """
    # What is wrong with the scenario is said here, whoever marks.
    marker = job.make()
    every = iter(paths)
    chunks = iter(lambda: list(islice(every, CHUNK if jobs > 1 else FEW)), [])
    if jobs == 1:
        yield from (job.batch(marker, chunk) for chunk in chunks)
        return
    # Loaded where it is needed: most classes are marked sooner than processes are started.
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (job,)) as pool:
        pending = deque(pool.submit(_batch, each) for each in islice(chunks, jobs * AHEAD))
        while pending:
            yield pending.popleft().result()
            pending.extend(pool.submit(_batch, each) for each in islice(chunks, 1))


_own: tuple[Job[Any], SheetMarker] | None = None
"""What a process does."""


def _begin(job: Job[Any]) -> None:
    global _own
    _own = job, job.make()


def _batch(paths: Sequence[str]) -> Batch[Any]:
    assert _own is not None
    job, marker = _own
    return job.batch(marker, paths)
