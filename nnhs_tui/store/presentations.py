"""Presentations that are running on this machine: the sockets where their notes can be had.

Each has a Unix socket in a folder that is the user's alone, so nobody else hears or steers one.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import secrets
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

from nnhs_tui.errors import NnhsError, printable

LONGEST = 100
"""Bytes of a socket's path: systems take 103 to 107."""
WAIT = 2.0
"""Seconds in which a presentation that is awake has answered."""


class NoPlace(NnhsError):
    """There is nowhere a socket could be made; the message says why."""


def has_sockets() -> bool:
    """Whether this system has what is needed; Windows does not."""
    return hasattr(socket, "AF_UNIX") and hasattr(os, "geteuid")


def folders() -> list[Path]:
    """Where sockets are made, the best place first.

    One's terminals need not all know of the runtime folder, so all of these are looked through.
    """
    from platformdirs import user_state_path

    given = os.environ.get("XDG_RUNTIME_DIR", "")
    runtime = Path(given if os.path.isabs(given) else f"/run/user/{os.geteuid()}")
    return [runtime / "nnhs-tui", user_state_path("nnhs-tui", appauthor=False) / "live"]


def listen() -> tuple[socket.socket, Path]:
    """A new socket that listens, and its path. Sockets that were left are removed.

    Raises:
        NoPlace: no folder will do.
    """
    for other in running():
        other.close()
    reasons = []
    for folder in folders():
        path = folder / f"{_machine()}-{secrets.token_hex(4)}"
        if len(os.fsencode(path)) > LONGEST:
            reasons.append(f"{folder}: its path is too long for a socket")
            continue
        try:
            _make_private(folder)
            return _listening(path), path
        except OSError as error:
            reasons.append(f"{folder}: {error.strerror or error}")
    cure = "expected XDG_RUNTIME_DIR to name a folder of your own"
    raise NoPlace(printable(f"{'; '.join(reasons)}; {cure}"))


def _make_private(folder: Path) -> None:
    """Make a folder that is the user's alone.

    Raises:
        OSError: there is something else in its place.
    """
    with contextlib.suppress(FileExistsError):
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    if not _is_own(folder, stat.S_ISDIR):
        raise PermissionError(errno.EPERM, "it is not a folder of your own")
    folder.chmod(0o700)


def _is_own(path: Path, is_kind: object) -> bool:
    """Whether there is something of this kind that belongs to the user, and is no link."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return found.st_uid == os.geteuid() and bool(is_kind(found.st_mode))  # type: ignore[operator]


def _listening(path: Path) -> socket.socket:
    """A socket that listens under its name from the moment it has it.

    One that had its name already and did not listen yet would be taken for a left one.
    """
    draft = path.with_name(f".{path.name[-8:]}")
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        server.bind(os.fspath(draft))
        os.chmod(draft, 0o600)
        server.listen(16)
        os.rename(draft, path)
    except OSError:
        server.close()
        draft.unlink(missing_ok=True)
        raise
    server.setblocking(False)
    return server


def _machine() -> str:
    """Stands for this machine: a home may be shared, and with it the sockets of other machines."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]


def running() -> Iterator[socket.socket]:
    """A connection to each presentation of the user on this machine, the newest first.

    Sockets that were left by programs which were killed are removed.
    """
    found: list[tuple[int, Path]] = []
    for folder in folders():
        if not _is_private(folder):
            continue
        for path in folder.glob(f"{_machine()}-*"):
            if _is_own(path, stat.S_ISSOCK):
                with contextlib.suppress(OSError):
                    found.append((path.lstat().st_mtime_ns, path))
    for _, path in sorted(found, reverse=True):
        connection = _connected(path)
        if connection is not None:
            yield connection


def _is_private(folder: Path) -> bool:
    return _is_own(folder, stat.S_ISDIR) and not folder.lstat().st_mode & 0o077


def _connected(path: Path) -> socket.socket | None:
    """A connection; None where nobody listens any more, or too many wait already."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(WAIT)
    try:
        connection.connect(os.fspath(path))
    except OSError as error:
        connection.close()
        if isinstance(error, ConnectionRefusedError):
            path.unlink(missing_ok=True)
        return None
    return connection


def first_line(connection: socket.socket) -> bytes:
    """What a presentation says first, without its end; b"" where it says nothing in time."""
    read = bytearray()
    try:
        while b"\n" not in read:
            part = connection.recv(65536)
            if not part:
                return b""
            read += part
    except OSError:
        return b""
    return bytes(read[: read.index(b"\n")])
