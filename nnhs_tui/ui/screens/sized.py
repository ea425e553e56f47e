"""What all screens have in common: layouts by size."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

from nnhs_tui.ui.paper import paper
from nnhs_tui.ui.screens.leaving import LeftOnce
from nnhs_tui.ui.widgets.pane import Pane

SMALLEST = (40, 12)
"""Columns and rows below which nothing useful can be shown."""

WIDTHS = [(0, "-tiny"), (SMALLEST[0], "-single"), (70, "-columns"), (110, "-wide")]
HEIGHTS = [(0, "-tiny"), (SMALLEST[1], "-single"), (24, "-rows"), (30, "-tall")]


class SizedScreen(LeftOnce, Screen[Any]):
    """A screen laid out by style classes for its size."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    AUTO_FOCUS = ""
    columns_taken = 0
    """Columns that something beside the panes has."""
    ALLOW_SELECT = False

    def render_lines(self, crop: Region) -> list[Strip]:
        """Only the paper under the panes. Textual asks for it at every step, and would take a
        twentieth of it to find that out."""
        return paper(self, crop)

    @property
    def is_tiny(self) -> bool:
        """Whether the terminal is too small for anything but saying so."""
        width, height = self.app.size
        return width < SMALLEST[0] or height < SMALLEST[1]

    def too_small(self, width: int) -> str:
        """The one line for a terminal that is too small."""
        columns, rows = SMALLEST
        have = self.app.size
        long = f"This terminal has {have.width}×{have.height} cells; {columns}×{rows} are needed."
        texts = (long, f"needs {columns}×{rows}", f"{columns}×{rows}")
        return next((text for text in texts if len(text) <= width), "")

    def _redraw(self) -> None:
        """Draw anew what is seen."""
        for pane in self.query(Pane):
            if pane.display:
                pane.redraw()
            else:
                pane.put_off()

    def on_compose(self, event: events.Compose) -> None:
        # The classes for the size are usually set after a first layout, and every widget gets its
        # styles anew: before there are any widgets it costs nothing.
        fit_classes(self)


def fit_classes(screen: SizedScreen) -> None:
    """Have a screen wear the style classes of the size there is for its panes."""
    width, height = screen.app.size
    wanted = {_fitting(width - screen.columns_taken, WIDTHS), _fitting(height, HEIGHTS)}
    for _, name in (*WIDTHS, *HEIGHTS):
        screen.set_class(name in wanted, name)


def _fitting(size: int, breakpoints: list[tuple[int, str]]) -> str:
    return [name for least, name in breakpoints if size >= least][-1]
