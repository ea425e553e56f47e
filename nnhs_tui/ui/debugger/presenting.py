"""Presenting: large type, a pointer, a blank screen, and a clock for a task."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen

from nnhs_tui.commands.panes import BESIDE, STEP
from nnhs_tui.errors import Refusal
from nnhs_tui.present.presenting.beside_large import read_panes
from nnhs_tui.present.text.charset import ASCII
from nnhs_tui.present.text.lines import Line
from nnhs_tui.ui.debugger.pointing import PointingScreen
from nnhs_tui.ui.screens.leaving import LeftOnce
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.timer import Timer

STRIDE = (4, 1)
"""Columns and rows by which a key moves the pointer."""
A_TASK = 60
"""Seconds that a task takes where nothing else is said."""
LONGEST = 3600


class BlankScreen(LeftOnce, Screen[None]):
    """Nothing, until a key is pressed."""

    AUTO_FOCUS = None

    def compose(self) -> ComposeResult:
        yield Pane(lambda _width, _height: [])

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()

    def on_click(self) -> None:
        self.dismiss()


class Countdown:
    """Seconds that run down to 0."""

    def __init__(self, seconds: int) -> None:
        self.ends = monotonic() + seconds

    @property
    def left(self) -> int:
        """The seconds left, rounded up."""
        return max(0, -int(-(self.ends - monotonic()) // 1))


class PresentingScreen(PointingScreen):
    """What a presenter has beside the debugger's commands."""

    is_presenting = False
    """Whether the step is shown in large type."""
    wanted: tuple[str, ...] = ()
    """The panes beside it."""
    pointer: tuple[int, int] | None = None
    """Column and row of the pointer's tip on the screen; None: there is none."""
    countdown: Countdown | None = None
    """The time of a task that is running, or has run out."""
    _clock: Timer | None = None

    def on_mount(self) -> None:
        if self.is_presenting:
            self._arrange()

    def present(self, panes: Sequence[str]) -> None:
        """Show the step in large type, and some panes beside it."""
        self.is_presenting = True
        self.wanted = tuple(panes)
        self._arrange()

    def _arrange(self) -> None:
        self.set_class(self.is_presenting, "-presenting")
        for name in BESIDE:
            self.query_one(f"#{name}", Pane).set_class(name in self.wanted, "-wanted")
        self.redraw_soon()

    def _present(self, _argument: str) -> None:
        self.is_presenting = not self.is_presenting
        self.zoomed = False
        self.remove_class("-zoomed")
        self._arrange()

    def _panes(self, argument: str) -> None:
        try:
            panes = read_panes(argument)
        except Refusal as refusal:
            self.row.refuse(str(refusal))
            return
        self.present(panes)

    def want(self, name: str) -> None:
        """Show a pane beside the step, or take it away; the step alone: take all away."""
        if name == STEP.name:
            self.wanted = ()
        elif name in self.wanted:
            self.wanted = tuple(each for each in self.wanted if each != name)
        else:
            self.wanted = (*self.wanted, name)
        self._arrange()

    # The large step, and the task

    def draw_large(self, width: int, height: int) -> list[Line]:
        """The step in large type, or the task that is set."""
        from nnhs_tui.present.presenting.large_step import draw_countdown, draw_large_step
        from nnhs_tui.present.text.large_type import SIZES

        sizes = SIZES[self.query_one(f"#{STEP.name}", Pane).look.signs]
        if self.countdown is not None:
            return draw_countdown(self.scene, width, height, self.countdown.left, sizes)
        scroll = self.scrolls.get(STEP.name, (0, 0))
        return draw_large_step(self.scene, width, height, scroll, sizes)

    def _countdown(self, argument: str) -> None:
        seconds = argument or str(A_TASK)
        is_number = seconds.isascii() and seconds.isdigit() and len(seconds) < 5
        if not (is_number and 1 <= int(seconds) <= LONGEST):
            self.row.refuse(f"countdown takes seconds from 1 to {LONGEST}, found {argument!r}")
            return
        self.halt()
        self.countdown = Countdown(int(seconds))
        self._clock = self.set_interval(1.0, self._tick)
        self._tell_countdown()

    def _tick(self) -> None:
        self._tell_countdown()
        self.redraw_soon()
        if self.countdown is not None and not self.countdown.left and self._clock is not None:
            self._clock.stop()

    def _tell_countdown(self) -> None:
        """Without large type the time left stands in the last row."""
        if self.countdown is not None and not self.is_presenting:
            left = self.countdown.left
            self.row.say(f"now you: {left // 60}:{left % 60:02}; n shows the result")

    def halt(self) -> None:
        """Stop what runs by itself."""
        self.end_countdown()
        super().halt()

    def end_countdown(self) -> None:
        """The task is over: the step is shown again."""
        if self._clock is not None:
            self._clock.stop()
            self._clock = None
        self.countdown = None

    # The pointer, and the blank screen

    def _pointer(self, _argument: str) -> None:
        if self.pointer is None:
            step = self.query_one(f"#{STEP.name}", Pane).region
            self.pointer = (step.x + step.width // 2, step.y + step.height // 2)
            self.row.say("pointer: H J K L move it, a click places it, A takes it away")
        else:
            self.pointer = None

    def scroll_by(self, rows: int, columns: int) -> None:
        """The keys that scroll: they move the pointer, where there is one."""
        if self.pointer is None:
            self.turn(self.chosen, rows, columns)
            return
        column, row = self._on_screen(*self.pointer)
        self._point(column + columns * STRIDE[0], row + rows * STRIDE[1])

    def _point(self, column: int, row: int) -> None:
        """Put the pointer's tip to a place of the screen, or as near as there is."""
        self.pointer = self._on_screen(column, row)

    def _on_screen(self, column: int, row: int) -> tuple[int, int]:
        """The nearest place between the first and the last row, on which no arrow is drawn.

        The terminal may have become smaller.
        """
        width, height = self.app.size
        return max(0, min(column, width - 1)), max(1, min(row, height - 2))

    def under_pointer(self, name: str, lines: list[Line], width: int, height: int) -> list[Line]:
        """What a pane draws, with the pointer over it where it is there."""
        if self.pointer is None:
            return lines
        from nnhs_tui.present.presenting import pointer

        region = self.query_one(f"#{name}", Pane).region
        across, down = self._on_screen(*self.pointer)
        column, row = across - region.x, down - region.y
        outside = not -pointer.WIDTH < column < width or not -1 <= row <= height
        plain = self.query_one(f"#{name}", Pane).look.signs == ASCII
        place = (column, row)
        return lines if outside else pointer.with_pointer(lines, width, height, place, plain=plain)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        """A click places the pointer, where there is one."""
        if self.pointer is None or not message.pane.has_class("-view"):
            return
        # Else the debugger's own handler comes next.
        message.prevent_default()
        region = message.pane.region
        self._point(region.x + message.column, region.y + message.row)
        self.redraw_soon()

    def _blank(self, _argument: str) -> None:
        self.app.push_screen(BlankScreen())

    def _stop(self, argument: str) -> None:
        was_there = self.pointer is not None or self.countdown is not None
        self.pointer = None
        super()._stop(argument)
        if was_there:
            self.redraw_soon()
