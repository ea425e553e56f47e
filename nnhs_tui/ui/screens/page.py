"""A page of text over the debugger."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, clip, run, standing_for, title
from nnhs_tui.ui.screens.leaving import PAGE
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

LEAVE: list[BindingType] = [
    Binding("escape,q,f1,i,enter", "leave", "close", show=False),
    Binding("question_mark", "more", "more", show=False),
    Binding("down,j,J", "scroll(1)", "down", show=False),
    Binding("up,k,K", "scroll(-1)", "up", show=False),
    Binding("pagedown,space", "turn(1)", "next page", show=False),
    Binding("pageup,b", "turn(-1)", "previous page", show=False),
    Binding("home", "scroll(-100000)", "to the top", show=False),
    Binding("end", "scroll(100000)", "to the end", show=False),
]
LONGEST_SEARCH = 60
"""Characters of what is looked for."""


class PageScreen(SizedScreen):
    """Text that can be scrolled."""

    cover = PAGE
    BINDINGS = LEAVE
    SCROLL = "↑ ↓ PgUp PgDn"
    """The keys that scroll it."""

    def __init__(self, page: Page, **keywords: Any) -> None:
        super().__init__(**keywords)
        self._page = page
        self._top = 0
        self._search: str | None = None
        """What is looked for; None: nothing is."""

    def compose(self) -> ComposeResult:
        yield Pane(self._draw)

    def _lines(self, width: int) -> list[Line]:
        page, search = self._page, self._search
        return page.found(width, search) if page.found and search else page.text(width)

    def _draw(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        lines, room = self._lines(width), height - 2
        last = max(0, len(lines) - room)
        self._top = max(0, min(self._top, last))
        shown = lines[self._top : self._top + room]
        shown += [()] * (room - len(shown))
        keys = self._keys()
        if last:
            keys += ((f"  {self.SCROLL}", "key"),)
            keys += ((" scroll", "dim"),)
            keys += ((f"  lines {self._top + 1}–{self._top + room} of {len(lines)}", "dim"),)
        return [title("", self._page.name, width)] + [clip(line, width) for line in [*shown, keys]]

    def _keys(self) -> Line:
        """What stands in the last row, or what is typed there."""
        if self._search is not None:
            return (run(f"find: {self._search}_"), ("  Esc", "key"), (" all again", "dim"))
        close = "do:leave"
        keys: Line = (("Esc", standing_for("key", close)), (" close", standing_for("dim", close)))
        if self._page.more is not None:
            more = "do:more"
            keys += (("  ?", standing_for("key", more)), (" all keys", standing_for("dim", more)))
        if self._page.found is not None:
            keys += (("  /", "key"), (" find", "dim"))
        return keys

    def on_key(self, event: events.Key) -> None:
        """What is looked for: here, since a binding has its effect later than the key that may
        come in one piece with it."""
        if self._page.found is not None and self.is_current and not self.is_tiny:
            self._type(event)

    def _type(self, event: events.Key) -> None:
        text, sign = self._search, event.character
        if text is None:
            if sign != "/":
                return
            text = ""
        elif event.key == "backspace":
            text = text[:-1]
        elif sign is not None and sign.isprintable() and len(text) < LONGEST_SEARCH:
            text += sign
        else:
            return
        event.stop()
        event.prevent_default()
        self._search = text
        self.action_scroll(-100000)

    def action_leave(self) -> None:
        """Stop looking for something; else close the page."""
        if self._search is not None:
            self._search = None
            self.action_scroll(-100000)
            return
        self.dismiss("")

    def action_more(self) -> None:
        """Show what is behind this page; where nothing is, close it."""
        if self._page.more is None:
            self.dismiss("")
            return
        self._page = self._page.more
        self.action_scroll(-100000)

    def action_scroll(self, rows: int) -> None:
        self._top += rows
        self.query_one(Pane).redraw()

    def action_turn(self, pages: int) -> None:
        self.action_scroll(pages * max(1, self.size.height - 3))

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_scroll(message.rows)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what == "do:more":
            self.action_more()
        elif message.what == "do:leave":
            self.dismiss("")
