"""A driver for a terminal at the other end of a line: no file of this process is its terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from textual.driver import Driver
from textual.events import MouseEvent, Resize
from textual.geometry import Size
from textual.message import Message

from nnhs_tui.present.text.signs import one_cell_each
from nnhs_tui.ui.terminal.leaving_it import within_largest
from nnhs_tui.ui.terminal.terminal_input import SizeReported, TerminalParser

if TYPE_CHECKING:
    from nnhs_tui.ui.program import Program

BEGIN = "\x1b[?1049h\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?25l\x1b[?2004h\x1b[?7l"
"""A screen of its own, the mouse, no cursor, pastes in brackets, no wrapping."""
END = "\x1b[?7h\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1000l\x1b[m\x1b[?1049l\x1b[?25h"


class RemoteLine(Protocol):
    """The line to a terminal."""

    size: tuple[int, int]
    """Its columns and rows."""
    driver: RemoteDriver | None
    """Who is told of what comes from there."""

    def write(self, text: str, /) -> None:
        """Write to the terminal."""


class RemoteDriver(Driver):
    """Draws on a line, and is told what comes from it. Made for one line by `driver_on`."""

    line: RemoteLine

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._parser = TerminalParser()
        self._is_heard = False

    @property
    def _program(self) -> Program:
        return self._app  # type: ignore[return-value]

    def write(self, data: str) -> None:
        self.line.write(one_cell_each(data, self._program.look.signs))

    def start_application_mode(self) -> None:
        self.line.driver = self
        self._is_heard = True
        self.write(BEGIN)
        self.resized()

    def disable_input(self) -> None:
        self._is_heard = False

    def stop_application_mode(self) -> None:
        self.disable_input()
        self.line.driver = None
        self.write(END)

    def resized(self) -> None:
        """The terminal has another size."""
        size = Size(*within_largest(*self.line.size))
        self._app.post_message(Resize(size, size))

    def typed(self, data: bytes) -> None:
        """What was typed there."""
        self._hand_on(self._parser.feed(data))
        patience = self._parser.patience
        if patience is not None:
            self._loop.call_later(patience, self._give_up)

    def _give_up(self) -> None:
        self._hand_on(self._parser.give_up())

    def _hand_on(self, messages: list[Message]) -> None:
        for message in messages:
            if not self._is_heard:
                return
            if isinstance(message, SizeReported):
                continue
            if isinstance(message, MouseEvent) and not self._is_inside(message):
                continue
            self.process_message(message)

    def _is_inside(self, message: MouseEvent) -> bool:
        columns, rows = self.line.size
        return 0 <= message.x < columns and 0 <= message.y < rows


def driver_on(line: RemoteLine) -> type[RemoteDriver]:
    """The driver of a line."""
    return type("LineDriver", (RemoteDriver,), {"line": line})
