"""The command `notes`: a presentation's speaker's notes on a terminal of the presenter's own."""

from __future__ import annotations

import argparse

from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import FINE, complain, has_terminal, load, use_own_keys
from nnhs_tui.errors import printable


def notes(options: argparse.Namespace) -> int:
    """Attach to a presentation; without a terminal, or with --print, print its notes."""
    prints = options.print or not has_terminal()
    if prints and not options.print:
        complain("no terminal to open the notes in: printing them")
    if prints and options.scenario is not None:
        from nnhs_tui.present.presenting.notes import scenario_text

        for line in scenario_text(load(options.scenario)):
            print(line)
        return FINE
    from nnhs_tui.store.presentations import has_sockets

    if not has_sockets():
        told = "notes on a second terminal need Unix sockets, which this system does not have"
        raise UsageError(f"{told}; nnhs-tui notes SCENARIO --print prints them")
    return _print_running() if prints else _open(options)


def _print_running() -> int:
    """Print what the newest presentation tells."""
    from nnhs_tui.present.presenting.briefing import from_line
    from nnhs_tui.present.presenting.notes import START, briefing_text
    from nnhs_tui.store.presentations import first_line, running

    for connection in running():
        with connection:
            told = from_line(first_line(connection))
        if told is not None:
            for line in briefing_text(told):
                print(printable(line))
            return FINE
    raise UsageError(f"no presentation is running; {START} starts one; or name a SCENARIO")


def _open(options: argparse.Namespace) -> int:
    """Show the notes of the newest presentation, or of that of a scenario."""
    before, wanted = None, ""
    if options.scenario is not None:
        from nnhs_tui.present.presenting.briefing import notes_of

        before = notes_of(load(options.scenario))
        wanted = before.path
    use_own_keys()
    from nnhs_tui.ui.look import look_here
    from nnhs_tui.ui.notes_app import run_notes

    return run_notes(wanted, before, look_here(ascii_only=options.ascii, theme=options.theme))
