"""The SSH side: the audience with the code, the presenter with a key, and nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import asyncssh

from nnhs_tui.serve.audience import Audience
from nnhs_tui.serve.follower import Follower
from nnhs_tui.serve.limits import (
    ALIVE_SECONDS,
    LOGIN_SECONDS,
    SESSIONS_OF_CONNECTION,
)
from nnhs_tui.serve.ssh_session import Refused, Session

PRESENTER = "presenter"
"""The user name of whoever presents; the audience may have any other."""
CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes256-ctr")
"""The first is the cheapest where many are written to at once."""

PresenterSession = Callable[[str], Session | None]
"""Makes the session of a presenter at an address; None where somebody else presents."""


def host_key(path: Path) -> asyncssh.SSHKey:
    """The server's own key, made the first time, for nobody else to read.

    Raises:
        OSError: it can neither be read nor written.
        asyncssh.KeyImportError: the file is no key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key = asyncssh.generate_private_key("ssh-ed25519", comment="nnhs-tui serve")
        path.touch(mode=0o600)
        path.write_bytes(key.export_private_key())
    return asyncssh.read_private_key(str(path))


class Door(asyncssh.SSHServer):
    """One connection, before it is known who it is.

    Args:
        keys: the file of those who may present; "" where nobody may by SSH.
    """

    def __init__(self, audience: Audience, keys: str, presenter: PresenterSession) -> None:
        self._audience, self._keys, self._presenter = audience, keys, presenter
        self._address, self._user = "?", ""
        self._is_in = False
        self._sessions: list[Session] = []

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._address = str((conn.get_extra_info("peername") or ("?",))[0])
        self._is_in = self._audience.gate.come(self._address)
        if not self._is_in:
            self._audience.log(self._address, "refused: too many are here")
            conn.disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, "too many are here", "en")

    def connection_lost(self, exc: Exception | None) -> None:
        if self._is_in:
            self._audience.gate.go(self._address)

    def begin_auth(self, username: str) -> bool:
        self._user = username
        if username == PRESENTER and self._keys:
            self._conn.set_authorized_keys(self._keys)
        return username == PRESENTER or not self._audience.gate.is_open

    def public_key_auth_supported(self) -> bool:
        return self._user == PRESENTER and bool(self._keys)

    def password_auth_supported(self) -> bool:
        return self._user != PRESENTER

    def kbdint_auth_supported(self) -> bool:
        return False

    def validate_password(self, username: str, password: str) -> bool:
        gate, log = self._audience.gate, self._audience.log
        if not gate.may_try(self._address):
            log(self._address, "refused: too many wrong codes")
            return False
        is_right = username != PRESENTER and gate.opens(self._address, password)
        if not is_right:
            log(self._address, "wrong code by ssh")
        return is_right

    def session_requested(self) -> Session | bool:
        # Who is here is counted by connections.
        self._sessions = [each for each in self._sessions if not each.is_over]
        if len(self._sessions) >= SESSIONS_OF_CONNECTION:
            return self._refuse("too many sessions on one connection")
        session = self._new_session()
        self._sessions.append(session)
        return session

    def _new_session(self) -> Session:
        if self._user != PRESENTER:
            return Follower(self._audience, self._address, self._user)
        if (session := self._presenter(self._address)) is not None:
            self._audience.log(self._address, "presenter by ssh")
            return session
        return Refused("somebody else presents\r\n", self._audience, self._address)

    def connection_requested(self, *where: Any) -> bool:
        return self._refuse("a forwarded port")

    def server_requested(self, *where: Any) -> bool:
        return self._refuse("a listening port")

    def unix_connection_requested(self, dest_path: str) -> bool:
        return self._refuse("a forwarded socket")

    def unix_server_requested(self, listen_path: str) -> bool:
        return self._refuse("a listening socket")

    def tun_requested(self, unit: int | None) -> bool:
        return self._refuse("a tunnel")

    def tap_requested(self, unit: int | None) -> bool:
        return self._refuse("a tunnel")

    def _refuse(self, what: str) -> bool:
        self._audience.log(self._address, f"refused: {what}")
        return False


async def open_ssh(
    audience: Audience,
    bind: str,
    port: int,
    key: asyncssh.SSHKey,
    keys: str,
    presenter: PresenterSession,
) -> asyncssh.SSHAcceptor:
    """Listen.

    Args:
        port: 0: any that is free.
        keys: the file of those who may present, or "".

    Raises:
        OSError: the address or the port is not to be had.
    """
    logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
    return await asyncssh.create_server(
        lambda: Door(audience, keys, presenter),
        bind,
        port,
        server_host_keys=[key],
        encryption_algs=list(CIPHERS),
        compression_algs=["none"],
        public_key_auth=bool(keys),
        kbdint_auth=False,
        gss_kex=False,
        gss_auth=False,
        host_based_auth=False,
        agent_forwarding=False,
        x11_forwarding=False,
        allow_scp=False,
        line_editor=False,
        encoding="utf-8",
        errors="replace",
        login_timeout=LOGIN_SECONDS,
        keepalive_interval=ALIVE_SECONDS,
        keepalive_count_max=3,
        server_version="nnhs-tui",
        reuse_address=True,
    )


def ports_of(acceptor: asyncssh.SSHAcceptor) -> Sequence[int]:
    """The ports that are listened to."""
    return [each.getsockname()[1] for each in acceptor.sockets]
