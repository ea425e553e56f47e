"""The command line (docs/cli.md). Every command imports only what it needs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from nnhs_tui.cli.arguments import COMMANDS, UsageError, parser
from nnhs_tui.cli.common import BAD_INPUT, FINE, complain
from nnhs_tui.cli.streams import give_up_on, steady_streams, use_signs
from nnhs_tui.errors import NnhsError, OutOfMemory, shortage
from nnhs_tui.room import room

__all__ = ["COMMANDS", "main"]

TO_START = 128 * 2**20
"""What the program and NumPy take of the addresses that a process may have, before any numbers."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; gives its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    steady_streams()
    # NumPy's linear algebra is not used; starting its threads would take a sixth of the start-up.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if arguments and arguments[0] not in COMMANDS and not arguments[0].startswith("-"):
        arguments.insert(0, "run")
    options = argparse.Namespace()
    try:
        options = parser().parse_args(arguments)
        use_signs(options)
        _see_to_room()
        code = _action(options.command)(options)
        sys.stdout.flush()
        return code
    except MemoryError as error:
        complain(": ".join([*_files(options), str(shortage(error))]))
        return BAD_INPUT
    except NnhsError as error:
        for line in str(error).splitlines():
            complain(line)
        return BAD_INPUT
    except UsageError as error:
        complain(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _cannot_write(error)


def _see_to_room() -> None:
    """See to it that what is imported finds room: NumPy's own messages tell nobody anything.

    Raises:
        OutOfMemory: it would not.
    """
    left = room()
    if left is not None and left < TO_START:
        raise OutOfMemory(
            f"this process may take {left >> 20} MiB more",
            f"expected at least {TO_START >> 20} MiB: a higher limit (ulimit -v)",
        )


def _files(options: argparse.Namespace) -> list[str]:
    """The file that the command is about, if it is about one."""
    for name in ("scenario", "scenarios", "files"):
        found = getattr(options, name, None) or ()
        found = [found] if isinstance(found, str) else found
        if len(found) == 1:
            return [str(each) for each in found]
    return []


def _cannot_write(error: OSError) -> int:
    """Whoever reads has seen enough, which is fine; or the results cannot be put anywhere."""
    give_up_on(sys.stdout)
    if isinstance(error, BrokenPipeError):
        return FINE
    complain(f"the results cannot be written: {error.strerror or error}")
    return BAD_INPUT


ACTIONS = {
    "pick": "opening.pick",
    "run": "opening.run_debugger",
    "list": "printing.list_scenarios",
    "show": "printing.show",
    "new": "new.new",
    "validate": "printing.validate",
    "trace": "printing.trace",
    "picture": "picture.picture",
    "page": "page.page",
    "boundary": "boundary.boundary",
    "worksheet": "printing.worksheet",
    "check": "printing.check",
    "serve": "serve.serve",
    "resume": "opening.resume",
    "tour": "tour.tour",
    "notes": "notes.notes",
    "gradcheck": "printing.gradcheck",
    "keys": "printing.keys",
}
"""Module and function of each command: only its own module is loaded."""


def _action(command: str) -> Callable[[argparse.Namespace], int]:
    module, function = ACTIONS[command].split(".")
    action: Callable[[argparse.Namespace], int] = getattr(
        import_module(f"nnhs_tui.cli.{module}"), function
    )
    return action
