"""Which files are marked: those named, and of a folder the answer sheets in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from nnhs_tui.marking.selection import is_of_key
from nnhs_tui.marking.sheets.sheet import ASKS, read_sheet, says
from nnhs_tui.marking.sheets.table import SheetError
from nnhs_tui.marking.sheets.workbook import KINDS

SUFFIXES = (".csv", ".tsv", *KINDS)


def sheet_files(paths: Iterable[str]) -> Iterator[str]:
    """The files, a folder's by name; of its hidden ones and its other kinds none.

    A folder that cannot be looked into is handed on, so that marking says why.
    """
    for path in paths:
        found = _within(path) if os.path.isdir(path) else None
        yield from [path] if found is None else found


def _within(folder: str) -> list[str] | None:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return None
    wanted = (name for name in names if not name.startswith((".", "~$")))
    return [str(Path(folder) / name) for name in wanted if name.casefold().endswith(SUFFIXES)]


def told_apart(paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Answer sheets, and the keys that lie beside them; where there are only keys, no keys."""
    every = list(paths)
    keys = [path for path in every if _is_key(path)]
    if len(keys) == len(every):
        return every, []
    return [path for path in every if path not in keys], keys


def _is_key(path: str) -> bool:
    """Whether a file is called as a worksheet's key is, and says that it is one."""
    if not Path(path).stem.endswith("-key"):
        return False
    try:
        return is_of_key(says(read_sheet(path), ASKS)[1])
    except SheetError:
        return False
