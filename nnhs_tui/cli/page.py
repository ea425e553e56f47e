"""`page`: a scenario as one HTML file in which its steps can be walked."""

from __future__ import annotations

import argparse

from nnhs_tui.cli.common import FINE, in_file, session_of
from nnhs_tui.cli.placing import Kind, place, put
from nnhs_tui.errors import ComputationError, Refusal, Unfit, printable


def page(options: argparse.Namespace) -> int:
    from nnhs_tui.web.page import MADE_HERE
    from nnhs_tui.web.page import page as made

    path = None
    if options.output is not None:
        path = place(options.output, Kind("page", ".html", "HTML", MADE_HERE))
    session = session_of(options)
    try:
        text = made(session, options.rounds or 1, options.level or session.scenario.level)
    except Unfit as refusal:
        raise Refusal(f"{printable(options.scenario)}: {refusal}") from refusal
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error
    put(path, options.output, text)
    return FINE
