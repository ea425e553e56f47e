r"""Lines that tell what happened at the door: time, address, event; never who a pupil is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from nnhs_tui.errors import printable

Log = Callable[[str, str], None]
"""(address, event)."""


def line_of(when: datetime, address: str, event: str) -> str:
    r"""A line of the log.

    >>> line_of(datetime(2026, 1, 2, 3, 4, 5), "127.0.0.1", "wrong code\x1b[2J")
    '2026-01-02T03:04:05 127.0.0.1 wrong code\\x1b[2J'
    """
    return f"{when.isoformat(timespec='seconds')} {printable(address)} {printable(event)}"


def to_standard_error(address: str, event: str) -> None:
    """Write a line where the process began, also while a screen is shown elsewhere."""
    stream = sys.__stderr__
    if stream is not None:
        print(line_of(datetime.now(), address, event), file=stream, flush=True)


def nowhere(address: str, event: str) -> None:
    """Keep no log."""


def to_file(path: str) -> Log:
    """Append lines to a file, made for nobody else to read."""
    import os

    def write(address: str, event: str) -> None:
        # Whoever comes in does so with a full disk too.
        with suppress(OSError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as stream:
                print(line_of(datetime.now(), address, event), file=stream)

    return write
