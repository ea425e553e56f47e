"""The command line: one row in which a command is typed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType
from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import Input

from nnhs_tui.debugger.naming.completion import Candidate, common

LONGEST = 500
"""Characters that can be typed: each more costs as much as there are."""

REMEMBERED = 200
"""Commands that can be gone back to."""


class CommandLine(Input):
    """A command being typed. Enter carries it out, Esc leaves, up and down go through the past.

    Tab completes it: first what all candidates share, then one candidate after the other.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "leave", "leave"),
        ("up", "past(-1)", "earlier"),
        ("down", "past(1)", "later"),
        ("tab", "complete(1)", "complete"),
        ("shift+tab", "complete(-1)", "complete"),
    ]

    class Typed(Message):
        """What is typed has changed, and how it may go on."""

    def __init__(
        self, complete: Callable[[str], list[Candidate]], closed: Callable[[str], None]
    ) -> None:
        """A line that is not seen yet.

        Args:
            complete: how a text may go on.
            closed: told at once what to carry out; "" where the line was left without a command.
        """
        super().__init__(
            select_on_focus=False,
            compact=True,
            max_length=LONGEST,
            placeholder="a command, such as goto 12; Tab completes it, Esc leaves",
        )
        # A blinking cursor would write to the terminal for ever.
        self.cursor_blink = False
        self.display = False
        self._history: deque[str] = deque(maxlen=REMEMBERED)
        self._place = 0
        self._complete = complete
        self._when_closed = closed
        self.candidates: list[Candidate] = []
        """How the line may go on."""
        self.chosen: int | None = None
        """The place of the candidate that stands in the line."""

    def open(self, text: str) -> None:
        """Begin to type, with a text that is there already."""
        self._place = len(self._history)
        self.display = True
        self.chosen = None
        self._set(text)
        self.candidates = self._complete(text)
        # At once: keys typed right after the colon must not reach the panes.
        self.screen.set_focus(self)

    def _set(self, text: str) -> None:
        self.value = text
        self.cursor_position = len(text)

    def watch_value(self, value: str) -> None:
        """Typing begins a new completion; choosing a candidate goes on with the old one."""
        if not self.display:
            return
        if self.chosen is None or value != self.candidates[self.chosen].line:
            self.chosen = None
            self.candidates = self._complete(value)
        self.post_message(self.Typed())

    def action_complete(self, step: int) -> None:
        """Complete what is typed."""
        found = self.candidates
        if not found:
            return
        shared = "" if self.chosen is not None else common(found)
        if len(shared) > len(self.value):
            self._set(shared)
        elif len(found) == 1:
            self._set(found[0].line)
        else:
            first = 0 if step > 0 else -1
            place = first if self.chosen is None else self.chosen + step
            self.chosen = place % len(found)
            self._set(found[self.chosen].line)

    def action_past(self, step: int) -> None:
        """An earlier or later command."""
        self._place = max(0, min(len(self._history), self._place + step))
        self._set(self._history[self._place] if self._place < len(self._history) else "")

    def action_leave(self) -> None:
        self._close("")

    def on_key(self, event: Key) -> None:
        """Enter closes the line at once: the next key is no letter of it."""
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self._close(self.value.strip())

    def on_paste(self, event: Paste) -> None:
        """As much of the first line as there is room for."""
        line, room = event.text.partition("\n")[0].strip("\r"), LONGEST - len(self.value)
        event.stop()
        event.prevent_default()
        self.insert_text_at_cursor(line[:room])

    def on_blur(self) -> None:
        """Keys go elsewhere, so the line must not stay."""
        if self.app.app_focus and self.display:
            self._close("")

    def _close(self, command: str) -> None:
        if command:
            self._history.append(command)
        self.display = False
        self.screen.set_focus(None)
        self._when_closed(command)
