"""Answer sheets that a spreadsheet program keeps as .xlsx or .ods: their first table, as CSV."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from nnhs_tui.errors import Refusal
from nnhs_tui.extras import needed

KINDS = (".xlsx", ".ods")
LARGEST_UNPACKED = 64 * 2**20
"""Bytes of a workbook at most once it is unpacked: a small file may hold a great many."""


class NoWorkbook(Exception):
    """A file that cannot be read as a workbook: the text says why."""


def is_workbook(path: str) -> bool:
    """Whether a file's name says that it is one."""
    return path.casefold().endswith(KINDS)


def workbook_text(path: str, data: bytes) -> str:
    """The first table of a workbook as CSV with commas.

    What a spreadsheet has taken for a date is written as one, so that it is no number.

    Raises:
        NoWorkbook: it is none, or too large, or the library that reads it is not installed.
    """
    try:
        calamine = needed("python_calamine", "sheets", "an answer sheet of this kind")
    except Refusal as refusal:
        raise NoWorkbook(str(refusal)) from None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > LARGEST_UNPACKED:
            raise NoWorkbook(f"over {LARGEST_UNPACKED >> 20} MiB once it is unpacked")
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows = book.get_sheet_by_index(0).to_python() if book.sheet_names else []
    except (zipfile.BadZipFile, OSError, ValueError, calamine.CalamineError) as error:
        raise NoWorkbook(f"it cannot be read ({error or type(error).__name__})") from None
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(list, map(_cells, rows)))
    return text.getvalue()


def _cells(row: list[Any]) -> Iterator[str]:
    for cell in row:
        if isinstance(cell, bool):
            yield str(cell)
        elif isinstance(cell, float | int):
            # The shortest decimals that are this double: what was typed.
            yield repr(int(cell)) if cell == int(cell) and abs(cell) < 2**53 else repr(cell)
        elif isinstance(cell, datetime.date | datetime.time | datetime.timedelta):
            yield str(cell)
        else:
            yield " ".join(str(cell).split("\n"))
