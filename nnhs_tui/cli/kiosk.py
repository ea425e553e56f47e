"""`run --kiosk`: for an account that can do nothing but step through the scenarios it is given."""

from __future__ import annotations

import argparse
import os
import signal
import sys

from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import FINE, complain, has_terminal, load, open_session
from nnhs_tui.cli.printing import trace
from nnhs_tui.commands.commands import COMMANDS, take_out
from nnhs_tui.commands.row import CLIPBOARD, NOTHING
from nnhs_tui.scenario.library import find

FITTING = ("arithmetic", "digits", "fresh", "ascii", "theme")
"""Options that change what is seen, and nothing else."""
OTHERS = ("command", "kiosk", "scenarios")
"""What else stands in the options of `run`."""
HARMLESS = (NOTHING, CLIPBOARD)
"""What the commands of a kiosk may touch: no file, and no shell."""
BYTES = 192 * 2**20
"""The memory that one login may use: twice what all shipped scenarios together make of it."""
ADDRESSES = 2**30
"""The addresses that it may have, where the system counts nothing else. That is no measure of
memory: each thread keeps 64 MiB of them, and with all locales installed their file is 200 more."""


def run_kiosk(options: argparse.Namespace) -> int:
    """Open scenarios so that no file but theirs is read, none is written, and only quit leads out.

    Raises:
        UsageError: an option that does something else.
        ScenarioError: a scenario cannot be opened.
    """
    _refuse_others(options)
    _shut_doors()
    paths = [str(find(name, own=False)) for name in options.scenarios]
    scenarios = [load(path) for path in dict.fromkeys(paths)]
    if not has_terminal():
        complain("no terminal to open the program in: printing what `nnhs-tui trace` prints")
        return _print_traces([scenario.path for scenario in scenarios], options)
    take_out(shut(has_others=len(scenarios) > 1))
    _limit()
    from nnhs_tui.ui.terminal.starting import hasten

    hasten()
    # Only now: Textual looks at the environment when it is imported.
    from nnhs_tui.ui.app import run
    from nnhs_tui.ui.look import look_here
    from nnhs_tui.ui.program import Files

    options.scenario = scenarios[0].path
    files = Files(only=scenarios, keeps_places=True, fresh=options.fresh)
    look = look_here(ascii_only=options.ascii, theme=options.theme)
    return run(lambda: open_session(scenarios[0], options), files, look)


def shut(*, has_others: bool) -> list[str]:
    """The words of the commands that there are none of in a kiosk."""
    outside = [command.word for command in COMMANDS if command.row.touches not in HARMLESS]
    # Nothing is replayed here.
    return [*outside, "replay-next", *([] if has_others else ["scenarios"])]


def _refuse_others(options: argparse.Namespace) -> None:
    """Refuse every option that is not known to fit, so that a new one does not open a door."""
    for name, value in vars(options).items():
        if name not in (*FITTING, *OTHERS) and value not in (None, False):
            raise UsageError(f"--{name} does not go with --kiosk; see nnhs-tui run --help")


def _print_traces(paths: list[str], options: argparse.Namespace) -> int:
    for place, path in enumerate(paths):
        print(end="\n" if place else "")
        options.scenario = path
        trace(options)
    return FINE


def _shut_doors() -> None:
    """Neither the keyboard nor the environment may have anything done but by the program's keys."""
    for name in ("SIGINT", "SIGQUIT", "SIGTSTP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    for name in [name for name in os.environ if name.startswith(("TEXTUAL", "NNHS"))]:
        del os.environ[name]
    sys.dont_write_bytecode = True


def _limit() -> None:
    """Let the system itself see to it that no file grows, and that nobody takes all memory."""
    try:
        import resource
    except ImportError:
        # Windows has no such limits.
        return
    limits = {
        resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0,
        resource.RLIMIT_DATA: BYTES, resource.RLIMIT_AS: ADDRESSES,
    }  # fmt: skip
    for limit, most in limits.items():
        _, hard = resource.getrlimit(limit)
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (least, least))
