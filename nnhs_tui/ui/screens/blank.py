"""A blank screen over a presentation."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from nnhs_tui.ui.screens.leaving import BLANK, LeftOnce
from nnhs_tui.ui.widgets.pane import Pane


class BlankScreen(LeftOnce, Screen[None]):
    """Nothing, until a key is pressed."""

    cover = BLANK
    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield Pane(lambda _width, _height: [])

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()

    def on_click(self) -> None:
        self.dismiss()
