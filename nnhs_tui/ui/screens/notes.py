"""The presenter's own terminal: notes, this step and the next; its keys step the presentation."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from nnhs_tui.commands.commands import COMMANDS
from nnhs_tui.debugger.naming.completion import Candidate
from nnhs_tui.errors import Refusal
from nnhs_tui.present.presenting import notes
from nnhs_tui.present.presenting.briefing import Briefing, Shown, from_line
from nnhs_tui.present.text.lines import Line, clip
from nnhs_tui.store import presentations
from nnhs_tui.ui.debugger.briefings import check_sent, may_be_sent, refusal_of
from nnhs_tui.ui.keys import hints
from nnhs_tui.ui.message_row import MessageRow
from nnhs_tui.ui.screens.sized import SizedScreen
from nnhs_tui.ui.typing import Typing, asks
from nnhs_tui.ui.widgets.last_row import LastRow
from nnhs_tui.ui.widgets.pane import Pane

LOOK = 1.0
"""Seconds from one look for a presentation to the next."""
LONGEST = 2**21
"""Bytes of a line that is read."""

HINTS = ("next", "back", "blank", "play", "command", "help", "quit")

SCROLLS = {
    "down": "scroll(1)",
    "j": "scroll(1)",
    "up": "scroll(-1)",
    "k": "scroll(-1)",
    "pagedown": "turn(1)",
    "pageup": "turn(-1)",
    "home": "scroll(-100000)",
    "end": "scroll(100000)",
}
"""Keys that move the notes; all others are those of the debugger."""


def _own_bindings() -> Iterator[BindingType]:
    """The keys of the notes, then those of every command that may be sent.

    All with priority: keys that come in one piece take effect one after the other.
    """
    taken = set(SCROLLS)
    for key, action in SCROLLS.items():
        yield Binding(key, action, "scroll the notes", show=False, priority=True)
    for command in COMMANDS:
        own = command.word in ("quit", "help", "command")
        for key in command.keys:
            if key in taken or not (own or may_be_sent(command)):
                continue
            argument = f" {key}" if command.word == "pane" else ""
            action = f"run('{command.word}{argument}')"
            yield Binding(key, action, command.title, show=False, priority=True)


class NotesScreen(SizedScreen):
    """What a presentation tells, as long as there is one; else it waits for one.

    Args:
        wanted: the path of the scenario whose presentation it is to be; "": the newest one.
        before: what is shown while there is none.
    """

    BINDINGS: ClassVar[list[BindingType]] = list(_own_bindings())

    def __init__(self, wanted: str = "", before: Briefing | None = None) -> None:
        super().__init__()
        self.briefing = before
        self.wanted = wanted
        self.row = MessageRow(lambda: HINTS)
        self.typing = Typing(self, self.row, _candidates, self.send, self.redraw)
        self._writer: asyncio.StreamWriter | None = None
        self._heard = 0.0
        """When the briefing came."""
        self._top = 0

    def compose(self) -> ComposeResult:
        yield Pane(self._draw_head, id="head")
        yield Pane(self._draw_notes, id="notes")
        yield Pane(self._draw_now, id="now", classes="-step")
        yield Pane(self._draw_next, id="next", classes="-step")
        yield Pane(self._draw_said, id="said")
        with LastRow(id="last-row", classes="-row"):
            yield Pane(self._draw_message, id="message")

    def begin(self) -> None:
        """Look for the presentation, and show the time."""
        self.typing.prepare()
        self.run_worker(self._follow())
        self.set_interval(1.0, self._tick)

    # Drawing

    @property
    def is_following(self) -> bool:
        """Whether there is a presentation."""
        return self._writer is not None

    def _clock(self) -> notes.Clock:
        now = time.strftime("%H:%M")
        if self.briefing is None or not self.is_following:
            return notes.Clock(None, now)
        since, shown = time.monotonic() - self._heard, self.briefing.shown
        left = None if shown.countdown is None else max(0.0, shown.countdown - since)
        return notes.Clock(shown.elapsed + since, now, left)

    def _draw_head(self, width: int, height: int) -> list[Line]:
        if self.is_tiny:
            return [((self.too_small(width), "text"),)]
        told = self.briefing
        if told is not None and not self.is_following:
            told = replace(told, position=(), shown=Shown())
        return notes.draw_head(told, self._clock(), width, height)

    def _draw_notes(self, width: int, height: int) -> list[Line]:
        last = max(0, len(notes.notes_lines(self.briefing, width)) - (height - 1))
        self._top = max(0, min(self._top, last))
        return notes.draw_notes(self.briefing, width, height, self._top)

    def _draw_now(self, width: int, height: int) -> list[Line]:
        told = self.briefing if self.is_following else None
        now = told.now if told is not None else None
        return notes.draw_step("now", now, "", width, height)

    def _draw_next(self, width: int, height: int) -> list[Line]:
        told = self.briefing if self.is_following else None
        coming, ending = (None, "") if told is None else (told.next, told.ending)
        return notes.draw_step("next", coming, ending, width, height)

    def _draw_said(self, width: int, height: int) -> list[Line]:
        if self.row.typing:
            return [self.typing.draw(width)]
        return notes.draw_said(self.briefing if self.is_following else None, width, height)

    def _draw_message(self, width: int, height: int) -> list[Line]:
        if self.row.typing or self.row.text:
            return self.row.draw(width, height)
        if not self.is_following:
            waiting: Line = (("waiting for a presentation  ", "dim"),)
            return [clip((*waiting, *hints(("help", "quit"), width)), width)]
        scroll: Line = (("↑ ↓", "key"), (" notes  ", "dim"))
        return [clip((*scroll, *hints(HINTS, width - 11)), width)]

    def redraw(self) -> None:
        """Draw what has changed."""
        for pane in self.query(Pane):
            if pane.display:
                pane.redraw()

    def _tick(self) -> None:
        self.query_one("#head", Pane).redraw()

    # The presentation

    async def _follow(self) -> None:
        """Show one presentation after the other."""
        while True:
            found = await self._find()
            if found is None:
                await asyncio.sleep(LOOK)
                continue
            line, reader, writer = found
            self._writer = writer
            self.row.say("")
            try:
                # Torn off, or a line without end: it is left like one that has ended.
                with contextlib.suppress(OSError, ValueError):
                    while line:
                        self._hear(line)
                        line = await reader.readline()
            finally:
                self._writer = None
                writer.close()
            self.row.say("the presentation has ended; waiting for another one, q leaves")
            self.redraw()

    async def _find(self) -> tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter] | None:
        """The newest presentation that is wanted, with its first line."""
        for connection in presentations.running():
            connection.setblocking(False)
            reader, writer = await asyncio.open_unix_connection(sock=connection, limit=LONGEST)
            line = b""
            with contextlib.suppress(OSError, ValueError, TimeoutError):
                line = await asyncio.wait_for(reader.readline(), presentations.WAIT)
            if line and self._is_wanted(line):
                return line, reader, writer
            writer.close()
        return None

    def _is_wanted(self, line: bytes) -> bool:
        told = from_line(line)
        return told is not None and self.wanted in ("", told.path)

    def _hear(self, line: bytes) -> None:
        refusal, told = refusal_of(line), from_line(line)
        if refusal:
            self.row.refuse(refusal)
        elif told is not None:
            if self.briefing is None or told.path != self.briefing.path:
                self._top = 0
            self.briefing, self._heard = told, time.monotonic()
            self.set_class(bool(told.shown.replay), "-replaying")
        self.redraw()

    def send(self, command: str) -> None:
        """Have the presentation carry out a command; what comes of it is seen by all."""
        try:
            check_sent(command)
        except Refusal as refusal:
            self.row.refuse(str(refusal))
            return
        if self._writer is None:
            self.row.refuse("no presentation is running")
            return
        self._writer.write(f"{command}\n".encode())

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a command is being typed its letters are not keys."""
        return self.typing.is_key(action, parameters)

    def action_run(self, command: str) -> None:
        """The key of a command: this screen's own, or one of the presentation."""
        self.row.say("")
        if command == "quit":
            self.app.exit(0)
        elif command == "help":
            self._help()
        elif command == "command":
            self.typing.open("")
        elif asks(command):
            self.typing.open(f"{command} ")
        else:
            self.send(command)
        self.redraw()

    def _help(self) -> None:
        from nnhs_tui.present.pages.notes import notes_page
        from nnhs_tui.ui.screens.page import PageScreen

        self.app.push_screen(PageScreen(notes_page()))

    def action_scroll(self, rows: int) -> None:
        self._top += rows
        self.query_one("#notes", Pane).redraw()

    def action_turn(self, pages: int) -> None:
        self.action_scroll(pages * max(1, self.query_one("#notes", Pane).size.height - 2))

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        self.action_scroll(message.rows)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        if message.what.startswith("do:"):
            self.action_run(message.what.removeprefix("do:"))

    def on_command_line_typed(self) -> None:
        """How the line may go on stands above it."""
        self.query_one("#said", Pane).redraw()


def _candidates(line: str) -> list[Candidate]:
    """The commands that may be sent, of those that begin like a text."""
    typed = line.lstrip()
    words = (each for each in COMMANDS if may_be_sent(each) and each.word.startswith(typed))
    return [Candidate(each.word + " " * (each.argument is not None), each.word) for each in words]
