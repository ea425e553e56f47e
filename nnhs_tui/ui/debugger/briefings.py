"""Tells the presenter's terminals what is on the screen, and takes the commands they send back.

A terminal that does not read has the newest briefing kept for it and nothing else, so however
many there are, and whatever they do, the presentation neither waits nor grows.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from nnhs_tui.commands.commands import Command, parse
from nnhs_tui.commands.row import ASKS, LEAVES
from nnhs_tui.errors import NnhsError, Refusal

if TYPE_CHECKING:
    from pathlib import Path

MOST = 16
"""Terminals that are told at a time."""
LONGEST = 1000
"""Bytes of a command that is sent."""
SOON = 0.02
"""Seconds from a change to its briefing: the audience's frame goes first."""


def may_be_sent(command: Command) -> bool:
    """Whether a presenter's terminal may send this command: it touches no file, and ends nothing.

    What would wait for somebody at the keyboard of the presentation is left out too.
    """
    return command.stays_inside and command.row.use not in (ASKS, LEAVES)


def check_sent(text: str) -> Command:
    """The command that was sent.

    Raises:
        Refusal: it is none, or none that may be sent.
    """
    command, _ = parse(text)
    if not may_be_sent(command):
        raise Refusal(f"{command.word} works at the presentation's own keyboard only")
    return command


class Attached(asyncio.Protocol):
    """The connection to one terminal."""

    def __init__(self, briefings: Briefings) -> None:
        self._briefings = briefings
        self._transport: asyncio.Transport | None = None
        self._is_full = False
        self._kept = b""
        """The newest briefing, where the terminal does not read."""
        self._read = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        # Full as soon as the system takes no more: nothing but one line ever waits here.
        transport.set_write_buffer_limits(high=0)
        if not self._briefings.attach(self):
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._briefings.detach(self)

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        kept, self._kept = self._kept, b""
        if kept:
            self.tell(kept)

    def tell(self, line: bytes) -> None:
        """Hand on a line; an older one that waits is forgotten."""
        if self._is_full:
            self._kept = line
        elif self._transport is not None:
            self._transport.write(line)

    def data_received(self, data: bytes) -> None:
        *lines, self._read = (self._read + data).split(b"\n")
        if len(self._read) > LONGEST:
            self.close()
            return
        for line in lines:
            fault = self._briefings.take(line.decode("utf-8", "replace"))
            if fault and not self._is_full:
                self.tell(as_refusal(fault))

    def close(self) -> None:
        """End the connection at once."""
        if self._transport is not None:
            self._transport.abort()


def as_refusal(fault: str) -> bytes:
    """The line that says why a command is not carried out."""
    return json.dumps({"refused": fault}).encode() + b"\n"


def refusal_of(line: bytes) -> str:
    """Why a command is not carried out; "" where the line says something else."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return ""
    refused = found.get("refused") if isinstance(found, dict) else None
    return refused if isinstance(refused, str) else ""


class Briefings:
    """The presenter's terminals of one presentation. While there are none, nothing is made.

    Args:
        make: makes the line of the briefing; None while there is nothing to tell.
        carry_out: is given each command that was sent.
    """

    def __init__(self, make: Callable[[], str | None], carry_out: Callable[[str], object]) -> None:
        self._make, self._carry_out = make, carry_out
        self._attached: set[Attached] = set()
        self._server: asyncio.Server | None = None
        self._due: asyncio.TimerHandle | None = None
        self._opening: asyncio.Task[None] | None = None
        self.path: Path | None = None
        """The socket, while there is one."""

    async def open(self) -> None:
        """Begin to be found.

        Raises:
            NoPlace: there is nowhere a socket could be made.
        """
        from nnhs_tui.store.presentations import listen

        listening, self.path = listen()
        loop = asyncio.get_running_loop()
        self._server = await loop.create_unix_server(lambda: Attached(self), sock=listening)

    async def _open_again(self) -> None:
        if self._server is not None:
            self._server.close()
        with contextlib.suppress(NnhsError, OSError):
            await self.open()

    def attach(self, terminal: Attached) -> bool:
        """A terminal has come; False where there are too many."""
        if len(self._attached) >= MOST:
            return False
        self._attached.add(terminal)
        self.changed()
        return True

    def detach(self, terminal: Attached) -> None:
        """A terminal has gone."""
        self._attached.discard(terminal)

    def changed(self) -> None:
        """Tell of what is shown now, once for all changes that come together."""
        if self.path is not None and not self.path.exists():
            # Logging out clears the folder away, while what runs in tmux goes on.
            self.path = None
            self._opening = asyncio.get_running_loop().create_task(self._open_again())
        if self._attached and self._due is None:
            self._due = asyncio.get_running_loop().call_later(SOON, self._tell)

    def _tell(self) -> None:
        self._due = None
        if (made := self._make()) is not None:
            line = made.encode() + b"\n"
            for each in self._attached:
                each.tell(line)

    def take(self, text: str) -> str:
        """Take a command that was sent; gives why it is not carried out, or ""."""
        try:
            check_sent(text)
        except Refusal as refusal:
            return str(refusal)
        self._carry_out(text)
        return ""

    def close(self) -> None:
        """Be found no more, and let everybody go."""
        for each in (self._due, self._opening):
            if each is not None:
                each.cancel()
        if self._server is not None:
            self._server.close()
        for terminal in list(self._attached):
            terminal.close()
        if self.path is not None:
            with contextlib.suppress(OSError):
                self.path.unlink(missing_ok=True)
