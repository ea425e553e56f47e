"""Sheets as files: each written whole, none over a file that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nnhs_tui.errors import Refusal, printable
from nnhs_tui.scenario.writing import write_whole


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
        write_whole(path, text)
    except FileExistsError:
        raise _is_there(path) from None
    except OSError as error:
        raise _cannot(path, error) from None


def _is_there(path: Path) -> Refusal:
    return Refusal(printable(f"{path} is there already; choose another --output"))


def _cannot(path: Path, error: OSError) -> Refusal:
    return Refusal(printable(f"{path} cannot be written: {error.strerror or error}"))
