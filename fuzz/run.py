"""The run: an input of each target in turn until the time is up, and what came of it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz.guard import Found, peak, tried
from fuzz.minimise import minimised
from fuzz.target import Case, Target

SECONDS_TO_MINIMISE = 15.0


@dataclass
class Failure:
    """A kind of fault of a target, and the first input that showed it."""

    target: Target
    case: Case
    found: Found
    times: int = 1
    path: Path | None = None
    """Where its smallest input was saved."""


@dataclass
class Tally:
    """What a target has done so far."""

    target: Target
    inputs: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    slowest_input: str = ""
    peak: int = 0
    failures: dict[str, Failure] = field(default_factory=dict)
    """By kind."""


def case_of(target: Target, seed: int, number: int) -> Case:
    """The input of a number (from 0), the same for a seed however many there are."""
    return target.case(Random(f"{seed} {target.name} {number}"))


def fuzzed(targets: Sequence[Target], seconds: float, seed: int, save: Path) -> Iterator[Tally]:
    """Fuzz until the time is up; the tallies of all targets, once it is.

    A failure is printed when it is found, and its smallest input saved.
    """
    tallies = [Tally(target) for target in targets]
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        # Each gets as much time as the others, not as many inputs.
        _try_next(min(tallies, key=lambda tally: tally.seconds), seed, save)
    yield from tallies


def _try_next(tally: Tally, seed: int, save: Path) -> None:
    target, begin = tally.target, time.monotonic()
    case = case_of(target, seed, tally.inputs)
    found = tried(target, case.data, case.aspect)
    taken = time.monotonic() - begin
    if taken > tally.slowest:
        tally.slowest, tally.slowest_input = taken, f"{case.aspect}, number {tally.inputs}"
    tally.peak = max(tally.peak, peak())
    tally.inputs += 1
    if found is not None and found.kind in tally.failures:
        tally.failures[found.kind].times += 1
    elif found is not None:
        failure = tally.failures[found.kind] = Failure(target, case, found)
        failure.path = saved(target, smallest(target, case, found), found, save)
        print(told(failure), flush=True)
    tally.seconds += time.monotonic() - begin


def smallest(target: Target, case: Case, found: Found) -> bytes:
    """The smallest input found that has the same kind of fault."""

    def fails(data: bytes) -> bool:
        again = tried(target, data, case.aspect)
        return again is not None and again.kind == found.kind

    return minimised(case.data, fails, SECONDS_TO_MINIMISE * (2 if target.is_costly else 1))


def saved(target: Target, data: bytes, found: Found, save: Path) -> Path:
    """Save an input, and beside it what was seen."""
    folder = save / target.name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:12]}{target.ending}"
    path.write_bytes(data)
    seen = f"{found.kind}\n\n{found.detail}\n"
    path.with_suffix(".seen").write_text(seen, encoding="utf-8", errors="backslashreplace")
    return path


def told(failure: Failure) -> str:
    """A line about a failure."""
    target, case = failure.target, failure.case
    again = f"python -m fuzz {target.name} --repeat {failure.path}"
    return printable(f"FOUND {target.name} [{case.aspect}] {failure.found.kind}: {again}")


def printable(text: str) -> str:
    """Text on one line that can be read."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def table(tallies: Sequence[Tally]) -> Iterator[str]:
    """Lines about what was done."""
    yield f"{'target':<13} {'inputs':>7} {'a second':>9} {'peak MB':>8} {'slowest':>8}  found"
    for each in tallies:
        rate = each.inputs / each.seconds if each.seconds else 0
        times = sum(failure.times for failure in each.failures.values())
        yield (
            f"{each.target.name:<13} {each.inputs:>7} {rate:>9.1f} {each.peak / 2**20:>8.0f} "
            f"{each.slowest:>6.2f} s  {len(each.failures)} ({times} times); slowest: "
            f"{each.slowest_input}"
        )


def repeated(target: Target, data: bytes) -> int:
    """Try an input in all its aspects and print what was found; how many failed."""
    failed = 0
    for aspect in target.aspects():
        found = tried(target, data, aspect)
        if found is not None:
            failed += 1
            print(printable(f"{target.name} [{aspect}] {found.kind}"))
            print("  " + found.detail.replace("\n", "\n  "))
    return failed
