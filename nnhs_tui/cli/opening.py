"""The commands that open the program on the terminal."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

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
from nnhs_tui.errors import NnhsError, Refusal, printable

if TYPE_CHECKING:
    from nnhs_tui.scenario.model import Scenario
    from nnhs_tui.ui.cast import Cast
    from nnhs_tui.ui.look import Look


def pick(options: argparse.Namespace) -> int:
    if not has_terminal():
        complain("no terminal to open the program in: printing what `nnhs-tui list` prints")
        options.json = False
        return list_scenarios(options)
    _prepare()
    from nnhs_tui.ui.app import run
    from nnhs_tui.ui.program import Files

    return run(None, Files(keeps_places=True), _look(options))


def _prepare() -> None:
    """What comes before the screen."""
    from nnhs_tui.ui.terminal.starting import hasten

    hasten()
    use_own_keys()


def run_debugger(options: argparse.Namespace) -> int:
    if options.kiosk:
        from nnhs_tui.cli.kiosk import run_kiosk

        return run_kiosk(options)
    options.scenario, *others = options.scenarios
    if others:
        told = "one scenario is opened; several only with --kiosk"
        raise UsageError(f"{told}; see nnhs-tui run --help")
    if options.replay is None and (options.speed or options.stepwise):
        told = "--speed and --stepwise say how --replay FILE is played"
        raise UsageError(f"{told}; see nnhs-tui run --help")
    presented = _presented(options)
    replay = None if options.replay is None else read_lines(options.replay)
    if not has_terminal():
        if options.cast is not None:
            raise UsageError("there is no terminal, whose screen --cast would record")
        complain("no terminal to open the program in: printing what `nnhs-tui trace` prints")
        return trace(options)
    scenario = load(options.scenario)
    _prepare()
    cast = _cast(options, scenario)
    from nnhs_tui.ui.app import run
    from nnhs_tui.ui.program import Files

    recording = None
    if options.record is not None:
        from nnhs_tui.ui.debugger.recording import Recording

        try:
            recording = Recording(options.record)
        except NnhsError:
            if cast is not None:
                cast.discard()
            raise
    files = Files(
        presented=presented,
        replay=replay or (),
        speed=options.speed,
        stepwise=options.stepwise,
        recording=recording,
        cast=cast,
        keeps_places=replay is None,
        fresh=options.fresh,
    )
    return run(lambda: open_session(scenario, options), files, _look(options))


def _look(options: argparse.Namespace) -> Look:
    from nnhs_tui.ui.look import look_here

    return look_here(ascii_only=options.ascii, theme=options.theme)


def _presented(options: argparse.Namespace) -> tuple[str, ...] | None:
    """The panes beside the step in large type; None where that is not asked for."""
    if options.panes is None:
        return () if options.present else None
    if not options.present:
        raise UsageError("--panes says what is shown with --present; see nnhs-tui run --help")
    from nnhs_tui.present.presenting.beside_large import read_panes

    try:
        return read_panes(options.panes)
    except Refusal as refusal:
        raise UsageError(f"--{refusal}; see nnhs-tui run --help") from refusal


def _cast(options: argparse.Namespace, scenario: Scenario) -> Cast | None:
    """What records the screen; None where that is not asked for."""
    if options.cast is None:
        return None
    if sys.platform == "win32":
        raise UsageError("--cast is not there on Windows yet")
    from nnhs_tui.ui.cast import Cast
    from nnhs_tui.ui.terminal.leaving_it import size_of

    return Cast(options.cast, f"nnhs-tui: {scenario.title}", size_of(sys.stdin.fileno()))


def resume(options: argparse.Namespace) -> int:
    from nnhs_tui.selftest.log import unfinished
    from nnhs_tui.selftest.opening import resume

    if options.list:
        for number, (path, setting) in enumerate(unfinished(), 1):
            seed = "" if setting.seed is None else f", seed {setting.seed}"
            print(printable(f"{number}  {setting.name}{seed}  {path}"))
        return FINE
    if not has_terminal():
        raise UsageError("a self-test needs a terminal; --list lists those that were left")
    opened = resume(options.scenario or "")
    from nnhs_tui.ui.app import run_selftest

    return run_selftest(opened, _look(options))
