"""The command line: one row in which a command is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widgets import Input

if TYPE_CHECKING:
    from nnhs_tui.ui.screens.debugger import DebuggerScreen


class CommandLine(Input):
    """A command being typed. Enter carries it out, Esc leaves, up and down go through the past."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "leave"),
        ("up", "past(-1)", "earlier"),
        ("down", "past(1)", "later"),
    ]

    def __init__(self, text: str, history: list[str]) -> None:
        super().__init__(
            text,
            select_on_focus=False,
            compact=True,
            placeholder="a command, such as goto 12; Esc leaves",
        )
        # A blinking cursor would write to the terminal for ever.
        self.cursor_blink = False
        self._history = [*history, text]
        self._place = len(history)
        self._closed = False

    def on_mount(self) -> None:
        self.focus()
        self.cursor_position = len(self.value)

    def action_past(self, step: int) -> None:
        """An earlier or later command."""
        self._place = max(0, min(len(self._history) - 1, self._place + step))
        self.value = self._history[self._place]
        self.cursor_position = len(self.value)

    def action_leave(self) -> None:
        self._close("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close(event.value)

    def on_blur(self, event: events.Blur) -> None:
        """Keys go to the panes again, so the line must not stay."""
        if self.app.app_focus:
            self._close("")

    def _close(self, command: str) -> None:
        if self._closed:
            return
        self._closed = True
        screen: DebuggerScreen = self.screen  # type: ignore[assignment]
        screen.close_command_line(self, command)
