"""Fuzzes the program: `python -m fuzz [TARGET…] [--seconds N] [--seed S] [--save FOLDER]`."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from pathlib import Path
from random import SystemRandom

from fuzz.command_line import workplace
from fuzz.run import fuzzed, repeated, table
from fuzz.target import Target

TARGETS = {
    "files": "scenario files, through every command that reads one",
    "sheets": "answer sheets: one that was changed, among good ones",
    "tables": "tables that samples come from",
    "keys": "the user's own keys.toml",
    "replay": "replay files",
    "selftest_log": "the file of a self-test",
    "commands": "the commands of the : line, on every shipped scenario",
    "terminal": "the bytes of a terminal, on every screen",
    "paths": "paths that are no file, or have odd names",
}
"""What each module of this name in this package fuzzes."""


def target_of(name: str) -> Target:
    """The target of a name."""
    found: Target = import_module(f"fuzz.{name}").TARGET
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m fuzz",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"  {name:<13} {what}" for name, what in TARGETS.items()),
    )
    parser.add_argument("targets", metavar="TARGET", nargs="*", help="only these; see below")
    parser.add_argument("--seconds", type=float, default=300, help="how long; else 300")
    parser.add_argument("--seed", type=int, help="makes the same inputs again; else at random")
    parser.add_argument(
        "--save", type=Path, default=Path("fuzz-findings"), help="where inputs that fail are put"
    )
    parser.add_argument("--repeat", type=Path, metavar="FILE", help="try this input of one target")
    options = parser.parse_args()
    unknown = [name for name in options.targets if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {unknown[0]!r}, only {', '.join(TARGETS)}")
    if options.repeat is not None and len(options.targets) != 1:
        parser.error("--repeat takes the one target that the input is for")
    return options


def main() -> int:
    """Fuzz and print what was found; exit code 1 where that was anything."""
    options = _options()
    targets = [target_of(name) for name in options.targets or TARGETS]
    save = options.save.absolute()
    if options.repeat is not None:
        data = options.repeat.read_bytes()
        with workplace():
            return 1 if repeated(targets[0], data) else 0
    seed = SystemRandom().randrange(10**9) if options.seed is None else options.seed
    print(f"seed {seed}, {options.seconds:g} s", flush=True)
    with workplace():
        tallies = list(fuzzed(targets, options.seconds, seed, save))
    print("\n".join(table(tallies)))
    return 1 if any(tally.failures for tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
