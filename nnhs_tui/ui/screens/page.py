"""A page of text over the debugger."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, clip, standing_for, title
from nnhs_tui.ui.screens.leaving import PAGE
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

LEAVE: list[BindingType] = [
    Binding("escape,q,question_mark,f1,i,enter", "leave", "close", show=False),
    Binding("down,j,J", "scroll(1)", "down", show=False),
    Binding("up,k,K", "scroll(-1)", "up", show=False),
    Binding("pagedown,space", "turn(1)", "next page", show=False),
    Binding("pageup,b", "turn(-1)", "previous page", show=False),
    Binding("home", "scroll(-100000)", "to the top", show=False),
    Binding("end", "scroll(100000)", "to the end", show=False),
]


class PageScreen(SizedScreen):
    """Text that can be scrolled."""

    cover = PAGE
    BINDINGS = LEAVE

    def __init__(self, page: Page, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._page = page
        self._top = 0

    def compose(self) -> ComposeResult:
        yield Pane(self._draw)

    def _draw(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        lines, room = self._page.text(width), height - 2
        last = max(0, len(lines) - room)
        self._top = max(0, min(self._top, last))
        shown = lines[self._top : self._top + room]
        shown += [()] * (room - len(shown))
        close = "do:leave"
        keys: Line = (("Esc", standing_for("key", close)), (" close", standing_for("dim", close)))
        if last:
            keys += (("  ↑ ↓ PgUp PgDn", "key"), (" scroll", "dim"))
            keys += ((f"  lines {self._top + 1}–{self._top + room} of {len(lines)}", "dim"),)
        return [title("", self._page.name, width)] + [clip(line, width) for line in [*shown, keys]]

    def action_leave(self) -> None:
        self.dismiss()

    def action_scroll(self, rows: int) -> None:
        self._top += rows
        self.query_one(Pane).redraw()

    def action_turn(self, pages: int) -> None:
        self.action_scroll(pages * max(1, self.size.height - 3))

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_scroll(message.rows)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what == "do:leave":
            self.action_leave()
