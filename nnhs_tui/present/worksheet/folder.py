"""Sheets as files: each written whole, none over a file that is there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from nnhs_tui.core.errors import Refusal, printable


def file_name(scenario: str, seed: int | None, ending: str, *, is_key: bool) -> str:
    """What a sheet's file is called.

    >>> file_name("one-to-one", 7, "md", is_key=True)
    'one-to-one-seed-7-key.md'
    """
    seeded = "" if seed is None else f"-seed-{seed}"
    return f"{scenario}{seeded}{'-key' if is_key else ''}.{ending}"


def prepare_folder(folder: Path, names: Iterable[str]) -> None:
    """Make the folder where it is missing, and see that none of the files is there.

    Raises:
        Refusal: one is, or there can be no such folder; nothing is written then.
    """
    for name in names:
        if os.path.lexists(folder / name):
            raise _is_there(folder / name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise Refusal(printable(f"{folder} is no folder; choose another --output")) from None
    except OSError as error:
        raise _cannot(folder, error) from None


def write_new(path: Path, text: str) -> None:
    """Write a text in UTF-8, whole or not at all.

    Raises:
        Refusal: there is such a file, or it cannot be written.
    """
    try:
        handle, draft = tempfile.mkstemp(".part", ".sheet-", path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            os.chmod(draft, 0o666 & ~_umask())
            _place(draft, path)
        finally:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(draft)
    except FileExistsError:
        raise _is_there(path) from None
    except OSError as error:
        raise _cannot(path, error) from None


def _place(draft: str, path: Path) -> None:
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


def _is_there(path: Path) -> Refusal:
    return Refusal(printable(f"{path} is there already; choose another --output"))


def _cannot(path: Path, error: OSError) -> Refusal:
    return Refusal(printable(f"{path} cannot be written: {error.strerror or error}"))
