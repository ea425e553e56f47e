"""Starting: the list against bare Python, the debugger's first frame against pudb's."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.measure import Goal, Pairs, Table, duration, in_turn, times
from benchmarks.pty_clock import seconds_until

LIST_GOAL = Goal(7)
FRAME_GOAL = Goal(1)
SCENARIO = "two-layer-sigmoid"

SCRIPT = """\
def square(number):
    return number * number


total = 0
for number in range(4):
    total += square(number)
    print(total)
print("the sum is")
print(total)
"""

PUDB_SETTINGS = """\
[pudb]
seen_welcome = e999
prompt_on_quit = False
"""


def run(quick: bool) -> Iterator[Table]:
    """The table of the starts."""
    table = Table(
        "startup: from the start of the process, on a terminal of 80×24",
        ("", "ours", "theirs", "ratio", "goal", ""),
        notes=[f"debugger: nnhs-tui run {SCENARIO}, against pudb on a script of ten lines"],
    )
    pairs = in_turn(
        lambda: _to_the_end([*program(), "list"]),
        lambda: _to_the_end([sys.executable, "-c", "pass"]),
        7 if quick else 31,
    )
    table.add("list, against python -c pass", *_figures(pairs, LIST_GOAL))
    frame, numbers = _first_frames(3 if quick else 15)
    table.add("debugger: panes and keys on the screen", *_figures(frame, FRAME_GOAL))
    # No goal: NumPy, which comes only now, takes as long as a fifth of all of pudb.
    table.add("debugger: with the first step in them", *_figures(numbers, None))
    yield table


def _figures(pairs: Pairs, goal: Goal | None) -> tuple[str, ...]:
    judged = goal.judge(pairs.ratio) if goal is not None else ()
    return (*map(duration, pairs.medians), times(pairs.ratio), *judged)


def program() -> list[str]:
    """The command as it was installed beside this Python; else the module."""
    installed = Path(sys.executable).with_name("nnhs-tui")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "nnhs_tui"]


def _to_the_end(command: Sequence[str]) -> float:
    begin = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return time.perf_counter() - begin


def _first_frames(rounds: int) -> tuple[Pairs, Pairs]:
    """Our first frame, and our first frame with numbers, against pudb's."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder, "pudb", "pudb.cfg")
        settings.parent.mkdir()
        settings.write_text(PUDB_SETTINGS, encoding="utf-8")
        script = Path(folder, "ten_lines.py")
        script.write_text(SCRIPT, encoding="utf-8")
        environment = {
            **os.environ,
            "TERM": "xterm-256color",
            "XDG_CONFIG_HOME": folder,
            "XDG_CONFIG_DIRS": folder,
            "XDG_STATE_HOME": folder,
            "XDG_DATA_HOME": folder,
        }
        for name in ("NO_COLOR", "COLUMNS", "LINES", "PYTHONDONTWRITEBYTECODE", "PYTHONBREAKPOINT"):
            environment.pop(name, None)
        ours = [*program(), "run", "--fresh", SCENARIO]
        theirs = [sys.executable, "-m", "pudb", str(script)]
        found = []
        for _ in range(rounds + 1):
            frame, numbers = seconds_until(ours, environment, [_is_frame, _has_numbers])
            found.append((frame, numbers, *seconds_until(theirs, environment, [_is_pudb])))
    # The first round may have had to compile.
    frames, whole, pudb = zip(*found[1:], strict=True)
    return Pairs(frames, pudb), Pairs(whole, pudb)


def _is_frame(rows: Sequence[str]) -> bool:
    """The titles of the panes, and the keys in the last row."""
    text = "\n".join(rows)
    return all(part in text for part in ("1 net", "2 step", "4 gradients")) and "quit" in rows[-1]


def _has_numbers(rows: Sequence[str]) -> bool:
    """The position line with the first step, and the keys in the last row."""
    return "step 1/" in rows[0] and "quit" in rows[-1]


def _is_pudb(rows: Sequence[str]) -> bool:
    """The title, the script, and the lists beside it."""
    text = "\n".join(rows)
    return all(part in text for part in ("PuDB", "def square", "Variables:", "Breakpoints:"))
