"""What files hold: the one place where the program reads one.

Only regular files are read, and only so much of them: a device may never end, a pipe waits for
whoever writes into it. Nothing here waits.
"""

from __future__ import annotations

import os
import stat

PathLike = str | os.PathLike[str]

_AT_ONCE = 2**20
"""Bytes that are asked for at a time."""

_FLAGS = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"))
"""Opening waits for nothing, and bytes come as they are; not every system has all of them."""


class Unreadable(Exception):
    """A file that is not read; the text says what was found in its place."""


class Missing(Unreadable):
    """There is no such file."""


class TooLarge(Unreadable):
    """A file of more bytes than are read."""


def read_bytes(path: PathLike, most: int) -> bytes:
    """All that a file holds when it is read.

    Args:
        most: bytes that it may have.

    Raises:
        Missing: there is no such file.
        TooLarge: it has more; no more than that is read.
        Unreadable: it is no regular file, or the system does not let it be read.
    """
    handle = open_regular(path)
    try:
        return read_opened(handle, most)
    finally:
        os.close(handle)


def first_bytes(path: PathLike, count: int) -> bytes:
    """The first bytes of a file, fewer where it has not so many.

    Raises:
        Unreadable: as for `read_bytes`.
    """
    handle = open_regular(path)
    try:
        return _read(handle, count)
    finally:
        os.close(handle)


def open_regular(path: PathLike, flags: int = os.O_RDONLY) -> int:
    """A descriptor of a regular file.

    Raises:
        Missing: there is no such file.
        Unreadable: it is something else, or cannot be opened.
    """
    try:
        # Asked first, for opening alone may do something to a device; and again of what was
        # opened, for something else may have taken the name in between.
        _expect_regular(os.stat(path).st_mode)
        handle = os.open(path, flags | _FLAGS)
        try:
            _expect_regular(os.fstat(handle).st_mode)
        except Unreadable:
            os.close(handle)
            raise
    except FileNotFoundError:
        raise Missing("there is no such file") from None
    except OSError as error:
        raise _unreadable(error) from None
    except ValueError:
        raise Unreadable("no file can have this name") from None
    return handle


def read_opened(handle: int, most: int) -> bytes:
    """All that an opened file holds from here on.

    Raises:
        TooLarge: more than `most` bytes.
        Unreadable: the system does not let it be read.
    """
    size = os.fstat(handle).st_size
    if size > most:
        raise TooLarge(f"a file of {size:,} bytes")
    # It may grow while it is read, and the files of /proc say that they are empty.
    content = _read(handle, most + 1)
    if len(content) > most:
        raise TooLarge(f"a file of over {most:,} bytes")
    return content


def kind(mode: int) -> str:
    """What something that is no regular file is."""
    if stat.S_ISDIR(mode):
        return "a folder"
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _expect_regular(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise Unreadable(kind(mode))


def _read(handle: int, count: int) -> bytes:
    """So many bytes, or all there are."""
    parts: list[bytes] = []
    while count > 0:
        try:
            part = os.read(handle, min(count, _AT_ONCE))
        except OSError as error:
            raise _unreadable(error) from None
        if not part:
            break
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _unreadable(error: OSError) -> Unreadable:
    if isinstance(error, BlockingIOError):
        return Unreadable("a file that waits for more to come")
    return Unreadable(f"it cannot be read ({error.strerror or error})")
