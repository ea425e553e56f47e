"""The program on the presenter's own terminal."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from nnhs_tui.present.presenting.briefing import Briefing
from nnhs_tui.ui.app import NnhsApp, code_of
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.screens.notes import NotesScreen
from nnhs_tui.ui.terminal.driver import driver_class


class NotesApp(NnhsApp):
    """Shows what a presentation tells; see `NotesScreen` for the arguments."""

    def __init__(self, wanted: str = "", before: Briefing | None = None, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._shown = wanted, before

    def get_default_screen(self) -> Screen[Any]:
        return NotesScreen(*self._shown)

    def _begin(self) -> None:
        """The first frame is there: now look for a presentation."""
        screen: NotesScreen = self.screen  # type: ignore[assignment]
        screen.begin()


def run_notes(wanted: str, before: Briefing | None, look: Look) -> int:
    """Show a presentation's notes until they are left; gives the exit code."""
    app = NotesApp(wanted, before, look=look, driver_class=driver_class())
    app.run()
    return code_of(app)
