"""The command line: one row in which a command is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input


class CommandLine(Input):
    """A command being typed. Enter carries it out, Esc leaves, up and down go through the past."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "leave"),
        ("up", "past(-1)", "earlier"),
        ("down", "past(1)", "later"),
    ]

    @dataclass
    class Closed(Message):
        """The line was left."""

        command: str
        """What to carry out; "" where it was left without a command."""

    def __init__(self) -> None:
        super().__init__(
            select_on_focus=False,
            compact=True,
            placeholder="a command, such as goto 12; Esc leaves",
        )
        # A blinking cursor would write to the terminal for ever.
        self.cursor_blink = False
        self.display = False
        self._history: list[str] = []
        self._place = 0

    def open(self, text: str) -> None:
        """Begin to type, with a text that is there already."""
        self._place = len(self._history)
        self._set(text)
        self.display = True
        # At once: keys typed right after the colon must not reach the panes.
        self.screen.set_focus(self)

    def _set(self, text: str) -> None:
        self.value = text
        self.cursor_position = len(text)

    def action_past(self, step: int) -> None:
        """An earlier or later command."""
        self._place = max(0, min(len(self._history), self._place + step))
        self._set(self._history[self._place] if self._place < len(self._history) else "")

    def action_leave(self) -> None:
        self._close("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._close(event.value.strip())

    def on_blur(self) -> None:
        """Keys go elsewhere, so the line must not stay."""
        if self.app.app_focus and self.display:
            self._close("")

    def _close(self, command: str) -> None:
        if command:
            self._history.append(command)
        self.display = False
        self.screen.set_focus(None)
        self.post_message(self.Closed(command))
