"""The program of whoever presents to a hall."""

from __future__ import annotations

import asyncio

from nnhs_tui.ui.app import NnhsApp


class PresenterApp(NnhsApp):
    """The presenter's debugger; before the first step it shows how to come in."""

    hears_signals = False

    def on_load(self) -> None:
        # From Python 3.12 on Textual has every task of the loop begin at once; those of the
        # connections, which share the loop, do not endure that.
        asyncio.get_running_loop().set_task_factory(None)

    def on_ready(self) -> None:
        self.call_later(self._show_hall)

    def _show_hall(self) -> None:
        if self._first is not None and self._first.is_open:
            self._first.run_command("hall")
