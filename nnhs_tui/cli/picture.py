"""Pictures of steps."""

from __future__ import annotations

import argparse

from nnhs_tui.cli.common import FINE, session_of
from nnhs_tui.cli.placing import Kind, place, put
from nnhs_tui.errors import printable


def picture(options: argparse.Namespace) -> int:
    path = None if options.output is None else place(options.output, _kind())
    session = session_of(options)
    from nnhs_tui.ui.picture import Order, picture

    orders = [Order(command, printable(asked)) for command, asked in options.orders]
    theme = "light" if options.theme == "terminal" else options.theme
    drawn = picture(session, orders, options.size, theme, net_alone=options.net)
    put(path, options.output, drawn)
    return FINE


def _kind() -> Kind:
    from nnhs_tui.present.text.svg import MADE_HERE

    return Kind("picture", ".svg", "SVG", MADE_HERE)
