"""The last row of a screen: the message row, and the command line while one is typed."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nnhs_tui.ui.paper import paper


class LastRow(Widget):
    """Holds the message row, and the command line while one is typed."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return paper(self, crop)
