"""A slider: one number moved by keys, the loss and its tangent following."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.present.text.lines import Line, clip
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.screens.leaving import OTHER
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.debugger.slider import Slider

KEYS = (
    ("← →", "move", ""),
    ("< >", "step size", ""),
    ("Tab", "another", "next"),
    ("0", "back", "begin"),
    ("Enter", "take it", "take"),
    ("q", "leave", "leave"),
)


class SliderScreen(SizedScreen):
    """Moves one number of the round in work.

    Args:
        take: carries out the edit that takes it.
    """

    cover = OTHER
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l", "move(1)", show=False),
        Binding("left,h", "move(-1)", show=False),
        Binding("greater_than_sign", "coarser(1)", show=False),
        Binding("less_than_sign", "coarser(-1)", show=False),
        Binding("tab,down,j", "other(1)", show=False),
        Binding("shift+tab,up,k", "other(-1)", show=False),
        Binding("0", "begin", show=False),
        Binding("enter", "take", show=False),
        Binding("q,escape", "leave", show=False),
    ]

    def __init__(self, slider: Slider, take: Callable[[str], None]) -> None:
        super().__init__()
        self.slider, self._take = slider, take
        self.row = MessageRow(keys=KEYS)

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_curve, id="plane")
        yield Pane(self._draw_told, id="told")
        yield Pane(self.row.draw, id="message", classes="-across -row")

    def _draw_head(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        session = self.slider.session
        told = f" · round {session.round + 1} · with all decimals"
        return [clip(((session.scenario.name, "title"), (told, "text")), width)]

    def _draw_curve(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.slider import draw_slope

        return draw_slope(self.slider, width, height)

    def _draw_told(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.slider import draw_slider_told

        has_dots = self.query_one("#plane", Pane).look.has_dots
        return draw_slider_told(self.slider, width, height, has_dots=has_dots)

    def action_move(self, by: int) -> None:
        """Move it."""
        self.slider.move(by)
        self._redraw()

    def action_coarser(self, by: int) -> None:
        """Longer or shorter steps."""
        self.slider.coarser(by)
        self._redraw()

    def action_other(self, by: int) -> None:
        """Another number."""
        self.slider.other(by)
        self._redraw()

    def action_next(self) -> None:
        """The next number."""
        self.action_other(1)

    def action_begin(self) -> None:
        """Back to what it was."""
        self.slider.begin()
        self._redraw()

    def action_take(self) -> None:
        """Take it as a what-if in the debugger."""
        command = self.slider.command
        self.dismiss()
        if command:
            self._take(command)

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.dismiss()

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_move(1 if message.rows < 0 else -1)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what.startswith("do:"):
            getattr(self, f"action_{message.what.removeprefix('do:')}")()
