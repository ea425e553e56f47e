"""Runs the benchmarks by name: `python -m benchmarks [NAME…] [--quick]`."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module

NAMES = {
    "passes": "a recorded pass, against micrograd's without a record",
    "memory": "bytes an operation of the tape and its record",
    "growth": "time an operation from 10 to 1,000,000 operations",
    "training": "a hundred rounds, against micrograd's; the memory of ten thousand",
    "marking": "a class's sheets marked, against reading them",
    "boundary": "a thousand epochs of the boundary, against numpy's own loops; a frame",
    "hall": "hundreds who follow, against a process for each and tmux",
    "limits": "validate of the largest files, against tomllib alone",
    "startup": "to the list, and to the first frame, against pudb",
    "step": "CPU time and bytes a step, against a screen of Static widgets",
    "line": "a step through a line of 56 kbit/s, against a screen of Static widgets",
}
"""What each module of this package measures. It has a `run(quick)` that gives its tables."""


def main() -> int:
    """Print the tables. The figures are reported, not judged: the exit code is 0."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<9} {what}" for name, what in NAMES.items()),
    )
    parser.add_argument("names", metavar="NAME", nargs="*", help="only these; see below")
    parser.add_argument("--quick", action="store_true", help="fewer rounds: rougher figures")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in NAMES]
    if unknown:
        parser.error(f"there is no benchmark {unknown[0]!r}, only {', '.join(NAMES)}")
    for stream in (sys.stdout, sys.stderr):
        # Where a terminal cannot show × or µ it shows a substitute.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    begin = time.perf_counter()
    for name in options.names or NAMES:
        try:
            module = import_module(f"benchmarks.{name}")
        except ModuleNotFoundError as error:
            print(f"{name}: left out, {error.name} is not installed (pip install -e '.[bench]')\n")
            continue
        for table in module.run(options.quick):
            print(table, end="\n\n", flush=True)
    print(f"{time.perf_counter() - begin:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
