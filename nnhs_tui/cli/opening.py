"""The commands that open the program on the terminal."""

from __future__ import annotations

import argparse

from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import (
    FINE,
    complain,
    has_terminal,
    load,
    open_session,
    read_lines,
    use_own_keys,
)
from nnhs_tui.cli.printing import list_scenarios, trace
from nnhs_tui.core.errors import printable


def pick(options: argparse.Namespace) -> int:
    if not has_terminal():
        complain("no terminal to open the program in: printing what `nnhs-tui list` prints")
        options.json = False
        return list_scenarios(options)
    use_own_keys()
    from nnhs_tui.ui.app import Files, run

    return run(None, Files(keeps_places=True))


def run_debugger(options: argparse.Namespace) -> int:
    if options.replay is None and (options.speed or options.stepwise):
        told = "--speed and --stepwise say how --replay FILE is played"
        raise UsageError(f"{told}; see nnhs-tui run --help")
    replay = None if options.replay is None else read_lines(options.replay)
    if not has_terminal():
        complain("no terminal to open the program in: printing what `nnhs-tui trace` prints")
        return trace(options)
    scenario = load(options.scenario)
    use_own_keys()
    from nnhs_tui.ui.app import Files, run

    recording = None
    if options.record is not None:
        from nnhs_tui.ui.recording import Recording

        recording = Recording(options.record)
    files = Files(
        replay=replay or (),
        speed=options.speed,
        stepwise=options.stepwise,
        recording=recording,
        keeps_places=replay is None,
        fresh=options.fresh,
    )
    return run(lambda: open_session(scenario, options), files)


def resume(options: argparse.Namespace) -> int:
    from nnhs_tui.core.selftest.log import unfinished
    from nnhs_tui.core.selftest.opening import resume

    if options.list:
        for path, setting in unfinished():
            seed = "" if setting.seed is None else f", seed {setting.seed}"
            print(printable(f"{setting.name}{seed}  {path}"))
        return FINE
    if not has_terminal():
        raise UsageError("a self-test needs a terminal; --list lists those that were left")
    opened = resume(options.scenario or "")
    from nnhs_tui.ui.app import run_selftest

    return run_selftest(opened)
