"""One of the audience who came by SSH."""

from __future__ import annotations

import asyncio

from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.limits import IDLE_SECONDS, OWN_SESSIONS, RESIZE_SECONDS
from nnhs_tui.serve.own_session import OwnSession
from nnhs_tui.serve.ssh_session import MOST_AT_ONCE, NO_TERMINAL, Session
from nnhs_tui.serve.terminal_viewer import TerminalViewer
from nnhs_tui.serve.viewer import Viewer


class Follower(Session):
    """One of the audience."""

    def __init__(self, audience: Audience, address: str, user: str) -> None:
        super().__init__(audience, address)
        self._user = user
        self._terminal: TerminalViewer | None = None
        self._own: OwnSession | None = None
        self._left: asyncio.TimerHandle | None = None
        self._size: tuple[int, int] | None = None
        """That of a terminal which is still to be drawn at it."""

    @property
    def viewer(self) -> Viewer | None:
        """What they see, once they have a name."""
        return None if self._terminal is None else self._terminal.viewer

    def session_started(self) -> None:
        chan = self._chan
        assert chan is not None
        if not self._has_terminal:
            self.write(NO_TERMINAL)
            self.leave()
            return
        self._terminal = TerminalViewer(
            self, self._audience.painter, self.environment(), self._user, self._audience.join
        )
        width, height, *_ = chan.get_terminal_size()
        self._audience.guests.add(self)
        self._audience.log(self._address, "joined by ssh")
        self._terminal.begin(width or 80, height or 24)
        self._stay()

    def data_received(self, data: str, datatype: int | None) -> None:
        terminal = self._terminal
        if terminal is None:
            return
        self._stay()
        if self._own is not None:
            self._own.type(data[:MOST_AT_ONCE])
            return
        terminal.type(data)
        if terminal.is_leaving:
            self.send_away("")
        elif terminal.wants_own:
            self._begin_own(terminal)

    def _begin_own(self, terminal: TerminalViewer) -> None:
        """Open a session of their own on their terminal, if there is room for one more."""
        audience = self._audience
        if audience.own_sessions >= OWN_SESSIONS:
            terminal.tell(f"{OWN_SESSIONS} have a session of their own already: try again later")
            return
        terminal.is_away = True
        try:
            self._own = OwnSession(
                audience.paths, terminal.environment, terminal.size, self.write, self._own_ended
            )
        except OSError as error:
            terminal.back(f"there is no room for a session of your own: {error.strerror}")
            return
        audience.own_sessions += 1

    def _own_ended(self) -> None:
        self._own = None
        self._audience.own_sessions -= 1
        if self._terminal is not None and self._chan is not None:
            self._terminal.back()

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        if self._size is None:
            asyncio.get_running_loop().call_later(RESIZE_SECONDS, self._resize)
        self._size = width, height

    def _resize(self) -> None:
        """Draw at the last of the sizes that came together."""
        size, self._size = self._size, None
        if self._terminal is None or self._chan is None or size is None:
            return
        self._terminal.resize(*size)
        if self._own is not None:
            self._own.resize(self._terminal.size)

    def pause_writing(self) -> None:
        if self._terminal is not None:
            self._terminal.is_full = True
        if self._own is not None:
            self._own.pause()

    def resume_writing(self) -> None:
        if self._terminal is not None:
            self._terminal.taken()
        if self._own is not None:
            self._own.go_on()

    def eof_received(self) -> bool:
        self.send_away("")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._left is not None:
            self._left.cancel()
        if self._own is not None:
            self._own.end()
        if self in self._audience.guests:
            self._audience.guests.discard(self)
            self._audience.log(self._address, "left")
            if self.viewer is not None:
                self._audience.hall.go(self.viewer.person)

    def look(self) -> None:
        """What there is to see has changed."""
        if self._terminal is not None:
            self._terminal.draw()

    def send_away(self, told: str) -> None:
        """Restore the terminal and end the session."""
        if self._own is not None:
            self._own.end()
        if self._terminal is not None:
            self._terminal.end(told)
        self.leave()

    def _stay(self) -> None:
        """Begin to count the time without a key anew."""
        if self._left is not None:
            self._left.cancel()
        loop = asyncio.get_running_loop()
        self._left = loop.call_later(IDLE_SECONDS, self.send_away, "nothing was typed for long")
