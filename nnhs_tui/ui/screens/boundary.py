"""The boundary: points and the line between them, drawn while a net learns."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.boundary.field import plane_size, point_of
from nnhs_tui.boundary.table import Table
from nnhs_tui.errors import NnhsError, Refusal, reason_of
from nnhs_tui.present.text.lines import Line, clip
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.screens.leaving import OTHER
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from textual.timer import Timer

    from nnhs_tui.ui.program import Program

PACES = (1, 10, 100, 1000)
"""Epochs between two frames."""
FRAME = 0.06
"""Seconds between two frames at least."""
BUSY = 0.03
"""Seconds of training after which a frame is drawn, however many epochs are wanted."""
STRIDE = 0.08
"""How far an arrow moves the pointer."""
KEYS = (
    ("Space", "train", "play"),
    ("n", "one epoch", "step"),
    ("Enter", "step into it", "into"),
    ("3", "three nets", "three"),
    ("?", "all keys", "help"),
    ("q", "leave", "leave"),
)


class BoundaryScreen(SizedScreen):
    """A net with two inputs that learns to tell points of two classes apart."""

    cover = OTHER
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "play", show=False),
        Binding("n", "step", show=False),
        Binding("enter,s", "into", show=False),
        Binding("3", "three", show=False),
        Binding("greater_than_sign", "pace(1)", show=False),
        Binding("less_than_sign", "pace(-1)", show=False),
        Binding("plus", "units(1)", show=False),
        Binding("minus", "units(-1)", show=False),
        Binding("a", "change('next_activation')", show=False),
        Binding("p", "change('next_kind')", show=False),
        Binding("w", "change('next_seed')", show=False),
        Binding("r", "change('begin')", show=False),
        Binding("o", "add(0)", show=False),
        Binding("x", "add(1)", show=False),
        Binding("d", "change('remove')", show=False),
        Binding("g", "change('grab')", show=False),
        Binding("left,h", "move(-1,0)", show=False),
        Binding("right,l", "move(1,0)", show=False),
        Binding("up,k", "move(0,1)", show=False),
        Binding("down,j", "move(0,-1)", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("q,escape", "leave", show=False),
    ]

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table
        self.row = MessageRow(keys=KEYS)
        self.pace = 1
        """Which of PACES."""
        self._timer: Timer | None = None

    @property
    def is_playing(self) -> bool:
        """Whether it is being trained."""
        return self._timer is not None

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_plane, id="plane")
        yield Pane(self._draw_told, id="told")
        yield Pane(self.row.draw, id="message", classes="-across -row")

    # Drawing

    def on_mount(self) -> None:
        self.set_class(self.table.are_three, "-three")

    def _draw_head(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        from nnhs_tui.present.boundary import draw_boundary_head

        return [draw_boundary_head(self.table, width)]

    def _draw_plane(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.boundary import beside, draw_panel, panel_width

        table, nets = self.table, self.table.nets
        has_dots = self.query_one("#plane", Pane).look.has_dots
        each = panel_width(width, len(nets))
        panels = [draw_panel(table, net, each, height, has_dots=has_dots) for net in nets]
        lines = panels[0] if len(nets) == 1 else beside(panels, [each] * len(nets))
        return [clip(line, width) for line in lines]

    def _draw_told(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.boundary import draw_told

        pace = PACES[self.pace]
        return draw_told(self.table, width, height, pace=pace, is_playing=self.is_playing)

    # Training

    def action_play(self) -> None:
        """Train, or pause."""
        if self._timer is not None:
            self._stop()
        else:
            self._timer = self.set_interval(FRAME, self._frame)
        self.row.say("")
        self._redraw()

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def _frame(self) -> None:
        """Train as far as is wanted, or as one would wait for, and draw."""
        until, left = time.perf_counter() + BUSY, PACES[self.pace]
        while left and time.perf_counter() < until:
            part = min(left, 10)
            self.table.train(part)
            left -= part
        self._redraw()

    def action_step(self) -> None:
        """One update."""
        self._stop()
        self.table.train(1)
        self.row.say("")
        self._redraw()

    def action_pace(self, by: int) -> None:
        """More or fewer epochs between two frames."""
        self.pace = max(0, min(len(PACES) - 1, self.pace + by))
        self._redraw()

    # What is trained

    def action_change(self, what: str) -> None:
        """Something about the points or the net."""
        self.row.say("")
        try:
            getattr(self.table, what)()
        except Refusal as refusal:
            self.row.refuse(str(refusal))
        self._redraw()

    def action_three(self) -> None:
        """The three pictures of the article side by side, or one net."""
        self.table.three()
        self.set_class(self.table.are_three, "-three")
        self.row.say("")
        self.call_after_refresh(self._redraw)

    def action_units(self, by: int) -> None:
        """More or fewer hidden units."""
        self.table.with_units(by)
        self._redraw()

    def action_add(self, kind: int) -> None:
        """A point where the pointer is."""
        self.row.say("")
        try:
            self.table.add(kind)
        except Refusal as refusal:
            self.row.refuse(str(refusal))
        self._redraw()

    def action_move(self, across: int, up: int) -> None:
        """Move the pointer."""
        self.table.point(self.table.x + across * STRIDE, self.table.y + up * STRIDE)
        self._redraw()

    # Elsewhere

    def action_into(self) -> None:
        """Step through the update that comes next, in the debugger."""
        self._stop()
        from nnhs_tui.boundary.net import scenario_text
        from nnhs_tui.debugger.session import Session
        from nnhs_tui.scenario.loading import from_text

        net = self.table.net
        title = f"The boundary: {self.table.kind}, epoch {net.epoch:,}"
        try:
            session = Session(from_text(scenario_text(net, self.table.points, title), "boundary"))
        except (NnhsError, MemoryError) as error:
            self.row.refuse(reason_of(error).splitlines()[0])
            self._redraw()
            return
        program: Program = self.app  # type: ignore[assignment]
        program.open_debugger(session)

    def action_help(self) -> None:
        """All keys."""
        from nnhs_tui.present.pages.boundary import boundary_page
        from nnhs_tui.ui.screens.page import PageScreen

        self.app.push_screen(PageScreen(boundary_page()))

    def action_leave(self) -> None:
        """Back to where it was opened, or out of the program."""
        self._stop()
        if len(self.app.screen_stack) > 1:
            self.dismiss()
        else:
            self.app.exit(0)

    def on_screen_suspend(self) -> None:
        self._stop()

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what.startswith("do:"):
            getattr(self, f"action_{message.what.removeprefix('do:')}")()
        elif message.pane.id == "plane" and message.row:
            self._point_at(message)

    def _point_at(self, message: Pane.Pressed) -> None:
        """The pointer goes where it was clicked, in whichever panel."""
        from nnhs_tui.present.boundary import panel_width

        size = message.pane.size
        each = panel_width(size.width, len(self.table.nets))
        columns, rows = plane_size(each, size.height - 1)
        row, column = message.row - 1, message.column % (each + 1)
        if row < rows and column < columns:
            self.table.point(*point_of(row, column, columns, rows))
            self._redraw()
