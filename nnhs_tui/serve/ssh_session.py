"""A session by SSH that is a terminal, and nothing else."""

from __future__ import annotations

from typing import Any

import asyncssh

from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.limits import WAITING_BYTES

ENVIRONMENT = ("LANG", "LC_ALL", "LC_CTYPE")
"""What is heard of a client's environment, beside the name of its terminal."""
MOST_AT_ONCE = 4_096
"""Signs of what is typed that are taken at once."""
NO_TERMINAL = "this needs a terminal: ssh -t\n"


class Session(asyncssh.SSHServerSession[str]):
    """A session that is a terminal and nothing else."""

    def __init__(self, audience: Audience, address: str) -> None:
        self._audience, self._address = audience, address
        self._chan: asyncssh.SSHServerChannel[str] | None = None
        self._has_terminal = False

    def connection_made(self, chan: asyncssh.SSHServerChannel[str]) -> None:
        self._chan = chan
        chan.set_write_buffer_limits(high=WAITING_BYTES)

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Any) -> bool:
        self._has_terminal = True
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._audience.log(self._address, "refused: a command")
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        self._audience.log(self._address, f"refused: the subsystem {subsystem[:40]}")
        return False

    def write(self, text: str) -> None:
        """Write to the terminal, if it is still there."""
        if self._chan is not None and not self._chan.is_closing():
            self._chan.write(text)

    def leave(self) -> None:
        """End the session."""
        if self._chan is not None and not self._chan.is_closing():
            self._chan.exit(0)


class Refused(Session):
    """A session that only says why there is none."""

    def __init__(self, told: str, audience: Audience, address: str) -> None:
        super().__init__(audience, address)
        self._told = told

    def session_started(self) -> None:
        self.write(self._told)
        self.leave()
