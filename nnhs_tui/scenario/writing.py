"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from nnhs_tui.errors import Fault, ScenarioError, printable


def write_whole(
    path: Path,
    content: str | bytes,
    *,
    over: bool = False,
    check: Callable[[Path], None] | None = None,
) -> None:
    """Write a text in UTF-8, or bytes, beside its place, then give it its name.

    Args:
        over: whether a file that is there already is written over.
        check: looks at the draft before it gets its name; what it raises leaves all as it was.

    Raises:
        FileExistsError: there is such a file, and it is not to be written over.
        OSError: it cannot be written.
    """
    # Loaded where it is needed: most of what is started writes nothing.
    import tempfile

    handle, name = tempfile.mkstemp(path.suffix, f".{path.stem[:40]}.", path.parent)
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(content.encode() if isinstance(content, str) else content)
            draft.flush()
            os.fsync(draft.fileno())
        if check is not None:
            check(Path(name))
        os.chmod(name, path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        if over:
            os.replace(name, path)
        else:
            _name_new(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def followed(path: Path) -> Path:
    """The file that a path leads to, links followed, whether it is there or not.

    Raises:
        OSError: the links lead in a circle, or the name is too long.
        ValueError: no file can have this name.
    """
    # Asked of the system: `resolve` raises a RuntimeError for a circle, and from Python 3.13 on
    # gives the link itself.
    try:
        path.stat()
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENAMETOOLONG):
            raise
    return path.resolve()


def cannot_begin(path: str, error: Exception) -> ScenarioError:
    """Why a new file, which grows as the program goes on, cannot be begun.

    Args:
        error: what opening it raised: an OSError, or a ValueError for what is no name.
    """
    found, cure = "no file can have this name", "expected a new file"
    if isinstance(error, FileExistsError):
        found, cure = "there is a file of this name already", "expected a new name"
    elif isinstance(error, OSError):
        found = f"it cannot be written ({error.strerror or error})"
    return ScenarioError((Fault(printable(path), "", found, cure),))


def _name_new(draft: str, path: Path) -> None:
    """Give the draft its name; unlike a rename, a link never takes the place of another file."""
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:
        # Not every file system has links; a memory stick has none.
        if os.path.lexists(path):
            raise FileExistsError(f"{path} is there already") from None
        os.rename(draft, path)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
