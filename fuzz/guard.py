"""Trying one input, and seeing whatever must not happen: an exception, a warning, time, memory."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nnhs_tui
from fuzz.target import Fault, Target

MEGABYTES = 400
"""What one input may take more than the program had before."""
LARGE = 1_000_000
"""Bytes of an input that may take twice the usual time."""
LIMIT = 3 * 2**29
"""What an input may take beside what there is: more is a MemoryError, which is seen, not a machine
at its end."""

_PACKAGE = str(Path(nnhs_tui.__file__).parent)


class Stall(BaseException):
    """The time is up. Not an Exception: nothing on the way may catch it."""


@dataclass(frozen=True)
class Found:
    """A fault of an input."""

    kind: str
    """The same for the same fault."""
    detail: str


def tried(target: Target, data: bytes, aspect: str) -> Found | None:
    """Try an input; what was found, None where all is right."""
    limit_memory()
    before = _reset_peak()
    try:
        with _seen_warnings() as seen, _alarm(target.seconds * (1 + len(data) / LARGE)):
            target.check(data, aspect)
    except Fault as fault:
        return Found(fault.kind, fault.detail)
    except Stall:
        return Found(f"stall: over {target.seconds:g} s", "")
    except (Exception, SystemExit) as error:
        told = "".join(traceback.format_exception(error))
        return Found(f"{type(error).__name__} in {_place_of(error)}", told)
    if seen:
        return Found(f"{seen[0].category.__name__}: {seen[0].message}", str(seen[0]))
    taken = (peak() - before) / 2**20
    if taken > MEGABYTES:
        return Found(f"memory: over {MEGABYTES} MB", f"{taken:.0f} MB more than before")
    return None


def _place_of(error: BaseException) -> str:
    """The last function of the program that it came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_PACKAGE)] or list(frames)
    return f"{os.path.relpath(ours[-1].filename, _PACKAGE)} {ours[-1].name}"


@contextlib.contextmanager
def _seen_warnings() -> Iterator[list[Any]]:
    """The warnings that Python would print."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        yield seen


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(*details: Any) -> None:
        raise Stall

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)


def limit_memory() -> None:
    """Let the system refuse what would take the machine's memory."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = _address_space() + LIMIT
    least = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (least, hard))


def _address_space() -> int:
    """Bytes of addresses that the process has, where the system tells."""
    with contextlib.suppress(OSError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _reset_peak() -> int:
    """Begin to count the peak of memory anew, where the system can; gives the bytes there are."""
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return peak()


def peak() -> int:
    """The most bytes this process had at once (since the count was begun)."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024
