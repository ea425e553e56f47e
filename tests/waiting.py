"""One deadline for everything that a test waits for."""

from __future__ import annotations

import time
from collections.abc import Callable

SECONDS = 60
"""After so many a wait has failed: a machine may be busy, and only a failing test waits so long."""


def eventually(condition: Callable[[], object], told: str = "waited in vain") -> None:
    """Wait until a condition holds that nobody tells of; fails after `SECONDS`."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, told
        time.sleep(0.01)
