"""The presenter's pointer: an arrow over the panes, moved by keys or placed by a click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnhs_tui.commands.panes import STEP
from nnhs_tui.present.text.charset import ASCII
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part

if TYPE_CHECKING:
    from nnhs_tui.present.text.lines import Line
    from nnhs_tui.ui.widgets.pane import Pane

STRIDE = (4, 1)
"""Columns and rows by which a key moves the pointer."""


class Pointer(Part):
    """Where the presenter points."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(debugger)
        self.tip: tuple[int, int] | None = None
        """Column and row of its tip on the screen; None: there is none."""

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"pointer": self._switch}

    @property
    def is_on(self) -> bool:
        """Whether there is an arrow."""
        return self.tip is not None

    def _switch(self, _argument: str) -> None:
        if self.is_on:
            self.tip = None
            return
        step = self._debugger.pane(STEP.name).region
        self.tip = (step.x + step.width // 2, step.y + step.height // 2)
        told = "pointer: H J K L move it, a click places it, A takes it away"
        self._debugger.row.say(told)

    def move(self, rows: int, columns: int) -> None:
        """Move it by so many strides, if there is one."""
        if self.tip is not None:
            column, row = self._on_screen(*self.tip)
            self.tip = self._on_screen(column + columns * STRIDE[0], row + rows * STRIDE[1])

    def press(self, message: Pane.Pressed) -> bool:
        """A click places it; False where there is none to place."""
        if not self.is_on or not message.pane.has_class("-view"):
            return False
        region = message.pane.region
        self.tip = self._on_screen(region.x + message.column, region.y + message.row)
        self._debugger.redraw_soon()
        return True

    def _on_screen(self, column: int, row: int) -> tuple[int, int]:
        """The nearest place between the first and the last row, on which no arrow is drawn.

        The terminal may have become smaller.
        """
        width, height = self._debugger.program.size
        return max(0, min(column, width - 1)), max(1, min(row, height - 2))

    def over(self, name: str, lines: list[Line], width: int, height: int) -> list[Line]:
        """What a pane draws, with the arrow over it where it is there."""
        if self.tip is None:
            return lines
        from nnhs_tui.present.presenting import pointer

        pane = self._debugger.pane(name)
        across, down = self._on_screen(*self.tip)
        column, row = across - pane.region.x, down - pane.region.y
        outside = not -pointer.WIDTH < column < width or not -1 <= row <= height
        plain = pane.look.signs == ASCII
        place = (column, row)
        return lines if outside else pointer.with_pointer(lines, width, height, place, plain=plain)

    def let_go(self) -> None:
        self.tip = None
