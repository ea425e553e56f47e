"""Watching a file by looking at it now and then: that works on every system and over a network."""

from __future__ import annotations

import os

EVERY = 1.0
"""Seconds from one look to the next."""
GONE_AFTER = 3
"""Looks in a row that must find no file: editors put another one in its place."""

Signature = tuple[int, int, int] | None
"""(time of change in ns, bytes, inode); None where there is no file."""

SAME, CHANGED, GONE = "same", "changed", "gone"


class FileWatch:
    """Notices that a file, or what is read with it, became another one, once both stand still."""

    def __init__(self, path: str, *beside: str) -> None:
        """Watch it.

        Args:
            path: the file.
            beside: files that are read with it.
        """
        self._path, self._beside = path, beside
        self._known = self._last = self._look()
        self._missing = 0

    def _look(self) -> tuple[Signature, ...] | None:
        """Every file as it is now; None where the first is not there."""
        found = _signature(self._path)
        return None if found is None else (found, *map(_signature, self._beside))

    def poll(self) -> str:
        """What became of the file since the last change that was told: same, changed or gone."""
        now, before = self._look(), self._last
        self._last = now
        if now is None:
            self._missing += 1
            if self._missing == GONE_AFTER and self._known is not None:
                self._known = None
                return GONE
            return SAME
        self._missing = 0
        # Still being written, if it is not what it was at the look before.
        if now == self._known or now != before:
            return SAME
        self._known = now
        return CHANGED


def _signature(path: str) -> Signature:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
