"""`validate` of files as large as they may be, against Python's TOML reader alone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.large_files import FILES
from benchmarks.measure import Goal, Table, duration

EXTRA = 3.0
"""Seconds beside twice what the reader takes."""
LONGEST = 300
"""Seconds on the clock after which either is ended: it goes on for ever."""
MEMORY = Goal(500, "MB")

READER = """
import sys, tomllib
with open(sys.argv[1], encoding="utf-8") as file:
    text = file.read()
try:
    tomllib.loads(text)
except Exception:
    pass
"""


def run(quick: bool) -> Iterator[Table]:
    """The table: one row a file."""
    table = Table(
        "limits: validate of large files, against Python's tomllib reading the same text",
        ("file", "size", "exit", "validate", "tomllib", "goal", "", "peak", "goal", ""),
        notes=[f"CPU time; its goal: twice what tomllib takes, and {EXTRA:.0f} s"],
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.toml")
        for name, make in list(FILES.items())[:: 4 if quick else 1]:
            path.write_text(make(), encoding="utf-8")
            read, _, _ = _child([sys.executable, "-c", READER, str(path)])
            taken, peak, code = _child([sys.executable, "-m", "nnhs_tui", "validate", str(path)])
            goal = Goal(2 * read + EXTRA, "s")
            table.add(
                name, f"{path.stat().st_size / 1e6:.1f} MB", code, duration(taken),
                duration(read), f"≤ {goal.limit:.1f} s", goal.judge(taken)[1],
                f"{peak:.0f} MB", *MEMORY.judge(peak),
            )  # fmt: skip
    yield table


def _child(command: Sequence[str]) -> tuple[float, float, str]:
    """CPU seconds and MB at most that a command took, and its exit code.

    CPU time, as other things that the machine does are not the command's.
    """
    begin = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        done, status, usage = os.wait4(child.pid, os.WNOHANG)
        taken = time.perf_counter() - begin
        if done:
            child.returncode = os.waitstatus_to_exitcode(status)
            code = "ended" if child.returncode < 0 else str(child.returncode)
            # Linux counts in KiB, macOS in bytes.
            peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
            return usage.ru_utime + usage.ru_stime, peak, code
        if taken > LONGEST:
            child.kill()
        time.sleep(0.01)
