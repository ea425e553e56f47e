"""Which of Textual's drivers the program has its terminal from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def driver_class() -> type[Driver] | None:
    """A driver that notices the end of its input; None for Textual's own."""
    if sys.platform == "win32":
        return None
    try:
        from nnhs_tui.ui.terminal.posix_driver import TerminalDriver
    except ImportError:
        # Another version of Textual keeps its parts elsewhere.
        return None
    return TerminalDriver
