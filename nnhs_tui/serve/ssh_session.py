"""A session by SSH that is a terminal, and nothing else."""

from __future__ import annotations

from typing import Any

import asyncssh

from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.limits import WAITING_BYTES

ENVIRONMENT = ("LANG", "LC_ALL", "LC_CTYPE")
"""What is heard of a client's environment, beside the name of its terminal."""
LONGEST_VALUE = 64
PLAINEST = "vt100"
"""The terminal of who says none, or none that can be one."""
MOST_AT_ONCE = 4_096
"""Signs of what is typed that are taken at once."""
NO_TERMINAL = "this needs a terminal: ssh -t\n"


class Heard(dict[bytes, bytes]):
    """What is heard of a client's environment; the rest is dropped, however much is sent."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        told = value.decode("utf-8", "replace")
        if name.decode("utf-8", "replace") in ENVIRONMENT and _is_plain(told):
            super().__setitem__(name, value)


def _is_plain(value: str) -> bool:
    """Whether a value may be handed on to a process."""
    return len(value) <= LONGEST_VALUE and value.isascii() and value.isprintable()


class Session(asyncssh.SSHServerSession[str]):
    """A session that is a terminal and nothing else."""

    def __init__(self, audience: Audience, address: str) -> None:
        self._audience, self._address = audience, address
        self._chan: asyncssh.SSHServerChannel[str] | None = None
        self._has_terminal = False

        self.is_over = False
        """Whether its channel is closed."""

    def connection_made(self, chan: asyncssh.SSHServerChannel[str]) -> None:
        self._chan = chan
        chan.set_write_buffer_limits(high=WAITING_BYTES)
        # The library keeps all that a client sends, for which there is no setting.
        chan._env = Heard()

    def connection_lost(self, exc: Exception | None) -> None:
        self._chan, self.is_over = None, True

    def environment(self) -> dict[str, str]:
        """What is known of the terminal: its name, and the locale where it was sent."""
        chan = self._chan
        if chan is None:
            return {}
        term, sent = chan.get_terminal_type() or "", chan.get_environment()
        told = {"TERM": term if term and _is_plain(term) else PLAINEST}
        return told | {name: sent[name] for name in ENVIRONMENT if name in sent}

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
