"""The paper under what is drawn."""

from __future__ import annotations

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nnhs_tui.ui.look import Look
from nnhs_tui.ui.themes import style_of


def paper(widget: Widget, crop: Region) -> list[Strip]:
    """The lines of a region on which nothing is drawn."""
    look: Look = widget.app.look  # type: ignore[attr-defined]
    return [Strip.blank(crop.width, style_of("text", look))] * crop.height
