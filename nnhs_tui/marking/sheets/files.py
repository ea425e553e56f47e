"""Which files are marked: those named, and of a folder the answer sheets in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

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
