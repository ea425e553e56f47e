"""Carries out the commands of a file, as if they were typed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nnhs_tui.core.commands import parse
from nnhs_tui.core.errors import Refusal
from nnhs_tui.ui.messages import REFUSED_MARK

if TYPE_CHECKING:
    from nnhs_tui.ui.screens.debugger import DebuggerScreen


def replay(screen: DebuggerScreen, lines: Iterable[str]) -> None:
    """Carry out every line; empty ones and those that begin with # say nothing.

    Lines that are no command are left out, and so are those that are refused; the message row
    names the first.
    """
    faults: list[str] = []
    for number, line in enumerate(lines, 1):
        command = line.strip()
        if not command or command.startswith("#"):
            continue
        try:
            parse(command)
        except Refusal as refusal:
            faults.append(f"line {number}: {refusal}")
        else:
            screen.run_command(command)
            if screen.row.is_refusal:
                faults.append(f"line {number}: {screen.row.text.removeprefix(REFUSED_MARK)}")
            if command == "quit":
                break
    if faults:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        screen.row.refuse(faults[0] + more)
        screen.redraw_soon()
