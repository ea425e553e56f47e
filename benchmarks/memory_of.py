"""The memory of a process, as Linux counts it."""

from __future__ import annotations

from pathlib import Path


def resident(process: int | str) -> int:
    """Bytes of memory that are a process's own (private pages)."""
    told = Path(f"/proc/{process}/smaps_rollup").read_text()
    rows = (line.split() for line in told.splitlines())
    return sum(int(row[1]) for row in rows if row[0] in ("Private_Clean:", "Private_Dirty:")) * 1024
