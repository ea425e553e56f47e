"""Pictures of steps."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path

from nnhs_tui.cli.common import FINE, session_of
from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.scenario.reading.contents import Unreadable, first_bytes
from nnhs_tui.scenario.writing import followed, write_whole


def picture(options: argparse.Namespace) -> int:
    path = None if options.output is None else _place(options.output)
    session = session_of(options)
    from nnhs_tui.ui.picture import Order, picture

    orders = [Order(command, printable(asked)) for command, asked in options.orders]
    theme = "light" if options.theme == "terminal" else options.theme
    drawn = picture(session, orders, options.size, theme, net_alone=options.net)
    if path is None:
        # The same bytes in every locale: XML that does not say otherwise is UTF-8.
        sys.stdout.buffer.write(drawn.encode())
        return FINE
    try:
        write_whole(path, drawn, over=True)
    except OSError as error:
        raise _refused(options.output, f"it cannot be written ({error.strerror})") from error
    return FINE


def _place(name: str) -> Path:
    """Where the picture goes: a new file, or in the place of another picture of ours.

    Raises:
        ScenarioError: another file is there, or the name is that of no SVG.
    """
    from nnhs_tui.present.text.svg import MADE_HERE

    if not name.lower().endswith(".svg"):
        raise _refused(name, "a picture is written as SVG", "expected a name that ends in .svg")
    try:
        path = followed(Path(name))
        if not path.exists():
            return path
        with contextlib.suppress(Unreadable):
            if MADE_HERE.encode() in first_bytes(path, 1000):
                return path
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise _refused(name, f"it cannot be written ({reason})") from error
    there = "there is something of this name already that is no picture of nnhs-tui"
    raise _refused(name, there, "expected another name")


def _refused(name: str, found: str, cure: str = "expected another place") -> ScenarioError:
    return ScenarioError((Fault(printable(name), "", found, cure),))
