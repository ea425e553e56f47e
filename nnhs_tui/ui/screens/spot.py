"""Spotting the mistake: the calculation on the left, the chosen number on the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.errors import NnhsError, reason_of
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.present.text.lines import Line
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.screens.leaving import SELF_TEST
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.lessons.spot import Spot

KEYS = (
    ("↑ ↓", "choose", ""),
    ("Enter", "look", "look"),
    ("m", "here", "accuse"),
    ("n", "another", "another"),
    ("?", "help", "help"),
    ("q", "leave", "leave"),
)


class SpotScreen(SizedScreen):
    """A search for one mistake."""

    cover = SELF_TEST
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", show=False),
        Binding("up,k", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("home", "move(-100000)", show=False),
        Binding("end", "move(100000)", show=False),
        Binding("enter,space", "look", show=False),
        Binding("m", "accuse", show=False),
        Binding("n", "another", show=False),
        Binding("question_mark,f1", "help", show=False),
        Binding("q,escape", "leave", show=False),
    ]

    def __init__(self, spot: Spot, session: Session) -> None:
        super().__init__()
        self.spot, self._session = spot, session
        self.at = spot.puzzle.seen_at
        """The quantity that is chosen, from 0: at first where the mistake is seen."""
        self.row = MessageRow(keys=KEYS)

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head", classes="-across -row")
        yield Pane(self._draw_list, id="list")
        yield Pane(self._draw_chosen, id="preview")
        yield Pane(self.row.draw, id="message", classes="-across -row")

    def _draw_head(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        from nnhs_tui.present.spot import draw_spot_head

        return [draw_spot_head(self.spot, width)]

    def _draw_list(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.spot import draw_calculation

        return draw_calculation(self.spot, self.at, width, height)

    def _draw_chosen(self, width: int, height: int) -> list[Line]:
        from nnhs_tui.present.spot import draw_chosen

        return draw_chosen(self.spot, self._session, self.at, width, height)

    def _do(self, line: str) -> None:
        self.row.say("")
        self.spot.apply(line)
        self._redraw()

    def action_move(self, by: int) -> None:
        """Choose another quantity."""
        self.at = max(0, min(len(self.spot.puzzle.names) - 1, self.at + by))
        self._do("")

    def action_look(self) -> None:
        """See the number of the chosen quantity."""
        self._do(f"look {self.at + 1}")

    def action_accuse(self) -> None:
        """Say that the mistake was made at the chosen quantity."""
        self._do(f"accuse {self.at + 1}")
        if not self.spot.is_found:
            self.row.refuse("not here: this follows rightly from what stands before it")
        elif not self.spot.is_named:
            self.row.say("right. Which mistake was it? Press its letter")
        self._redraw()

    def on_key(self, event: events.Key) -> None:
        """A letter says which mistake it is, once it is found."""
        letter = event.character or " "
        is_asked = self.spot.is_found and not self.spot.is_named
        if is_asked and letter in LETTERS[: len(self.spot.puzzle.offered)]:
            event.stop()
            event.prevent_default()
            self._say_which(letter)

    def _say_which(self, letter: str) -> None:
        before = len(self.spot.misnamed)
        self._do(f"name {letter}")
        if len(self.spot.misnamed) > before:
            self.row.refuse("that gives another number; try again")
        self._redraw()

    def action_another(self) -> None:
        """Another mistake in the same scenario: the next seed."""
        from nnhs_tui.lessons.spot import spot_of

        self.row.say("")
        puzzle = self.spot.puzzle
        try:
            self.spot = spot_of(puzzle.questions, puzzle.degree, self.spot.seed + 1)
        except (NnhsError, MemoryError) as error:
            self.row.refuse(reason_of(error))
        self.at = self.spot.puzzle.seen_at
        self._redraw()

    def action_help(self) -> None:
        """What it is about, and all keys."""
        from nnhs_tui.present.pages.spot import spot_page
        from nnhs_tui.ui.screens.page import PageScreen

        self.app.push_screen(PageScreen(spot_page()))

    def action_leave(self) -> None:
        """Back to the debugger."""
        self.dismiss()

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_move(1 if message.rows > 0 else -1)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        kind, _, what = message.what.partition(":")
        if kind == "row":
            is_there = self.at == int(what) - 1
            self.at = int(what) - 1
            self._do(f"look {what}" if is_there else "")
        elif kind == "name":
            self._say_which(what)
        elif kind == "do":
            getattr(self, f"action_{what}")()
