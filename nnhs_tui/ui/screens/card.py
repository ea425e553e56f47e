"""A page that any key closes; the key of a command is carried out as well."""

from __future__ import annotations

from collections.abc import Callable

from textual import events

from nnhs_tui.present.pages.page import Page
from nnhs_tui.ui.keys import bindings
from nnhs_tui.ui.screens.page import PageScreen
from nnhs_tui.ui.widgets.pane import Pane

TURNING = {"scroll-down": 1, "scroll-up": -1}
"""Commands whose keys only turn its pages: it may be longer than the screen."""


class CardScreen(PageScreen, inherit_bindings=False):
    """The first card of a scenario, or a lesson.

    Args:
        press: does what the key of a command does in the debugger.
        own: the command that shows this card again.
    """

    # In order: keys that come in one piece with the one that closes it are the debugger's.
    BINDINGS = bindings(in_order=True)
    SCROLL = "PgUp PgDn"

    def __init__(self, page: Page, press: Callable[[str], None], own: str = "about") -> None:
        super().__init__(page)
        self._press, self._own = press, own

    def action_run(self, command: str) -> None:
        """Close it, and carry out the command; what this card says needs not be shown again."""
        if command in TURNING:
            self.action_turn(TURNING[command])
            return
        self.dismiss("")
        if command != self._own:
            self._press(command)

    def on_key(self, event: events.Key) -> None:
        """A key that is no command."""
        event.stop()
        event.prevent_default()
        self.dismiss("")

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        self.dismiss("")
