"""Sheets as files: each written whole, none over a file that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nnhs_tui.errors import Refusal, printable
from nnhs_tui.scenario.writing import write_whole

KEYS = "keys"
"""The folder, within that of the sheets, that their keys are in."""


def file_name(
    scenario: str, seed: int | None, ending: str, *, width: int = 0, is_key: bool = False
) -> str:
    """What a sheet's file is called, within the folder for sheets.

    Args:
        width: of the seed, so that names are in the order of the seeds.

    >>> file_name("one-to-one", 7, "md", width=2), file_name("one-to-one", None, "md", is_key=True)
    ('one-to-one-seed-07.md', 'keys/one-to-one-key.md')
    """
    seeded = "" if seed is None else f"-seed-{seed:0{width}}"
    return f"{f'{KEYS}/' * is_key}{scenario}{seeded}{'-key' * is_key}.{ending}"


def joined_name(scenario: str, ending: str, *, is_key: bool) -> str:
    """What the file with all sheets is called, or with all keys.

    >>> joined_name("one-to-one", "html", is_key=False)
    'one-to-one-sheets.html'
    """
    return f"{KEYS}/{scenario}-keys.{ending}" if is_key else f"{scenario}-sheets.{ending}"


def prepare_folder(folder: Path, names: Iterable[str]) -> None:
    """Make the folder where it is missing, and see that none of the files is there.

    Raises:
        Refusal: one is, or there can be no such folder; nothing is written then.
    """
    files = [folder / name for name in names]
    for file in files:
        if os.path.lexists(file):
            raise _is_there(file)
    for each in dict.fromkeys((folder, *(file.parent for file in files))):
        try:
            each.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise Refusal(printable(f"{each} is no folder; choose another --output")) from None
        except OSError as error:
            raise _cannot(each, error) from None


def write_new(path: Path, text: str | bytes) -> None:
    """Write a text in UTF-8, or bytes, whole or not at all.

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
