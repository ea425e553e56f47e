"""The hall: how many are here, what they are asked, and how they answered, as it comes in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.errors import Refusal
from nnhs_tui.present.text.lines import Line
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.screens.leaving import OTHER
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.hall.hall import Hall

KEYS = (
    ("r", "reveal", "reveal"),
    ("a", "again", "again"),
    ("c", "close", "close"),
    ("p", "next one", "propose"),
    ("n", "names", "names"),
    ("w", "where", "where"),
    ("x", "away", "put_away"),
    ("q", "leave", "leave"),
)


class HallScreen(SizedScreen):
    """What the hall answers.

    Args:
        propose: the quantity that is worth asking next; "" for none.
        ask: asks everyone for a quantity.
    """

    cover = OTHER
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "reveal", show=False),
        Binding("a", "again", show=False),
        Binding("c", "close", show=False),
        Binding("p", "propose", show=False),
        Binding("n", "names", show=False),
        Binding("w", "where", show=False),
        Binding("x", "put_away", show=False),
        Binding("q,escape", "leave", show=False),
    ]

    def __init__(self, hall: Hall, propose: Callable[[], str], ask: Callable[[str], None]) -> None:
        super().__init__()
        self._hall, self._propose, self._ask = hall, propose, ask
        self._with_names = self._is_where = self._is_due = False
        self._stop_listening: Callable[[], None] = lambda: None
        self.row = MessageRow(keys=KEYS)

    def compose(self) -> ComposeResult:
        yield Pane(self._draw, id="hall")
        yield Pane(self.row.draw, id="message", classes="-row")

    def on_mount(self) -> None:
        self._stop_listening = self._hall.listen(self._hear)
        self.set_interval(1, self._tick)

    def on_unmount(self) -> None:
        self._stop_listening()

    def _hear(self, _what: str) -> None:
        """Draw once for however many answers come together."""
        if not self._is_due:
            self._is_due = True
            self.call_later(self._draw_due)

    def _draw_due(self) -> None:
        self._is_due = False
        self._redraw()

    def _tick(self) -> None:
        if self._hall.until is not None:
            self._hall.look_at_the_time()
            self._redraw()

    def _draw(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        from nnhs_tui.present.hall import draw_hall, draw_stuck

        if self._is_where:
            return draw_stuck(self._hall, width, height)
        has_blocks = self.query_one("#hall", Pane).look.has_dots
        names = self._with_names
        return draw_hall(self._hall, width, height, with_names=names, has_blocks=has_blocks)

    def _do(self, act: Callable[[], object]) -> None:
        self.row.say("")
        try:
            act()
        except Refusal as refusal:
            self.row.refuse(str(refusal))
        self._redraw()

    def action_reveal(self) -> None:
        """Show everyone the right answer."""
        self._do(self._hall.reveal)

    def action_again(self) -> None:
        """Ask the same once more."""
        self._do(self._hall.ask_again)

    def action_close(self) -> None:
        """Take no more answers."""
        self._do(self._hall.close)

    def action_propose(self) -> None:
        """Ask for the next number at which the commonest mistake can be made."""
        name = self._propose()
        if not name:
            self.row.refuse("no mistake with a name was made: ask for another number with Q")
            self._redraw()
            return
        self._do(lambda: self._ask(name))

    def action_names(self) -> None:
        """Tell who answered what, or no longer."""
        self._with_names = not self._with_names
        self._redraw()

    def action_where(self) -> None:
        """Where those are who step alone, or the answers again."""
        self._is_where = not self._is_where
        self._redraw()

    def action_put_away(self) -> None:
        """Let everyone see the whole step again."""
        self._hall.put_away()
        self.dismiss()

    def action_leave(self) -> None:
        """Back to the step; the question stays."""
        self.dismiss()

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what.startswith("do:"):
            getattr(self, f"action_{message.what.removeprefix('do:')}")()
