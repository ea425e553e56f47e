"""Textual's palette, without what ends the program or writes for ever."""

from __future__ import annotations

from textual.command import CommandList, CommandPalette
from textual.events import Mount
from textual.widgets import Input

LONGEST = 80
"""Characters of what is looked for."""


class SafePalette(CommandPalette):
    """The palette, whose cursor does not blink: that would write to the terminal for ever."""

    # In a list that is narrower than its padding Textual divides words into pieces of no width.
    DEFAULT_CSS = "SafePalette CommandList { min-width: 20; }"

    def _action_command_list(self, action: str) -> None:
        # Textual looks for the lines of a list that is not shown, and finds none.
        if self.query_one(CommandList).scrollable_content_region:
            super()._action_command_list(action)

    def on_mount(self, event: Mount) -> None:
        typed = self.query(Input)
        if not typed:
            # It is left before it was there: Textual would look for a list that never comes.
            event.prevent_default()
        for each in typed:
            each.cursor_blink, each.max_length = False, LONGEST
