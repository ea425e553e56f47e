"""A pane: shows drawn lines, and repaints the rows that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import Reactive
from textual.strip import Strip
from textual.widget import Widget

from nnhs_tui.present.text.lines import Line, clip, line_cells, unsigned, what_at
from nnhs_tui.present.text.signs import drawn_in
from nnhs_tui.ui.look import Look
from nnhs_tui.ui.themes import style_of

Drawing = Callable[[int, int], Sequence[Line]]
"""(width, height) → lines, at most so many and so wide."""

NO_ROOM = "there is not enough memory to draw this"


class Pane(Widget):
    """Lines of (text, roles), drawn anew for every size."""

    ALLOW_SELECT = False

    @dataclass
    class Pressed(Message):
        """The pane was clicked."""

        pane: Pane
        row: int
        column: int
        what: str = ""
        """What the text there stands for, see `present.lines.standing_for`."""

    @dataclass
    class Wheel(Message):
        """The wheel was turned over the pane."""

        pane: Pane
        rows: int
        columns: int

    virtual_size = Reactive(Size(0, 0))
    """As Textual's own, but another size does not lay the whole screen out a second time: a pane
    is as large as what it shows."""

    def __init__(self, drawing: Drawing, *, id: str | None = None, classes: str | None = None):
        super().__init__(id=id, classes=classes)
        self._drawing = drawing
        self._lines: Sequence[Line] = ()
        self._strips: list[Strip | None] = []
        self._drawn = Size()
        """The size it was drawn for."""

    @property
    def look(self) -> Look:
        """How the program looks."""
        look: Look = self.app.look  # type: ignore[attr-defined]
        return look

    def redraw(self) -> None:
        """Draw anew, and repaint the rows in which something changed."""
        # It takes Textual a while to find out its size, so it is asked once.
        size = self.size
        if not (size.width and size.height):
            return
        changed = self._draw(size)
        if changed is None:
            self.refresh()
        elif changed:
            self.refresh(*[Region(0, y, size.width, 1) for y in changed])

    def _draw(self, size: Size) -> list[int] | None:
        """Draw anew; gives the rows in which something changed, None where it is the whole."""
        old, strips, self._drawn = self._lines, self._strips, size
        try:
            new = self._lines = drawn_in(self._drawing, *size, self.look.signs)
        except MemoryError:
            new = self._lines = [clip(((NO_ROOM, "error"),), size.width)]
        if len(old) != len(new) or len(strips) != len(new):
            self._strips = [None] * len(new)
            return None
        changed = [y for y, line in enumerate(new) if line != old[y]]
        for y in changed:
            strips[y] = None
        return changed

    def put_off(self) -> None:
        """Draw anew when it is seen again, though it has the size then that it had before."""
        self._drawn = Size()

    def forget(self) -> None:
        """Repaint everything at the next drawing."""
        self._strips = []

    def render_line(self, y: int) -> Strip:
        if y >= len(self._strips):
            return Strip.blank(self._drawn.width, style_of("text", self.look))
        strip = self._strips[y]
        if strip is None:
            look = self.look
            line, width = unsigned(self._lines[y]), self._drawn.width
            segments = [Segment(text, style_of(roles, look)) for text, roles in line]
            # Rich counts the columns of some scripts in another way than the drawing did.
            left = width - line_cells(line)
            segments += [Segment(" " * left, style_of("text", look))] if left > 0 else []
            strip = Strip(segments, width + max(0, -left)).adjust_cell_length(width)
            for line_filter in self.app.get_line_filters():
                strip = strip.apply_filter(line_filter, self.background_colors[1])
            self._strips[y] = strip
        return strip

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of a region. There is no border and no padding, so the way through the style
        sheet's boxes would only take time: a tenth of a step."""
        if self._drawn != (size := self.size):
            # It is seen before it hears of its size: else the first frame would be an empty one.
            self.forget()
            self._draw(size)
        strips = [self.render_line(y) for y in crop.line_range]
        if crop.column_span != (0, size.width):
            strips = [strip.crop(*crop.column_span) for strip in strips]
        return strips

    def on_resize(self) -> None:
        # Where it was seen before it heard of its size it was drawn for that already.
        if self._drawn != self.size:
            self.forget()
            self.redraw()

    def on_click(self, event: events.Click) -> None:
        line = self._lines[event.y] if event.y < len(self._lines) else ()
        self.post_message(self.Pressed(self, event.y, event.x, what_at(line, event.x)))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._turned(event, 0, 3) if event.shift else self._turned(event, 2, 0)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._turned(event, 0, -3) if event.shift else self._turned(event, -2, 0)

    def _turned(self, event: events.MouseEvent, rows: int, columns: int) -> None:
        event.stop()
        self.post_message(self.Wheel(self, rows, columns))
