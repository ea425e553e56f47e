"""`boundary`: points of two classes, and the line that a net draws between them."""

from __future__ import annotations

import argparse

from nnhs_tui.boundary.table import Table
from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import FINE, has_terminal
from nnhs_tui.cli.placing import Kind, place, put


def boundary(options: argparse.Namespace) -> int:
    """Open it, or write it as a picture after so many epochs."""
    table = Table(options.points, options.hidden, options.activation, options.seed, options.count)
    if options.three:
        table.three()
    if options.svg is not None:
        return _picture(table, options)
    if not has_terminal():
        raise UsageError("the boundary needs a terminal; --svg FILE.svg writes a picture")
    from nnhs_tui.ui.terminal.starting import hasten

    hasten()
    from nnhs_tui.ui.app import run_boundary
    from nnhs_tui.ui.look import look_here

    table.train(options.epochs)
    return run_boundary(table, look_here(ascii_only=options.ascii, theme=options.theme))


def _picture(table: Table, options: argparse.Namespace) -> int:
    from nnhs_tui.present.boundary import boundary_svg
    from nnhs_tui.present.text.svg import MADE_HERE

    path = None
    if options.svg != "-":
        path = place(options.svg, Kind("picture", ".svg", "SVG", MADE_HERE))
    table.train(options.epochs)
    put(path, options.svg, boundary_svg(table, MADE_HERE))
    return FINE
