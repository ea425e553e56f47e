"""The text of an answer sheet's file, in whichever encoding it is; as lines of a bounded number."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.marking.asked_quantities import MOST_ROWS
from nnhs_tui.marking.sheets.workbook import NoWorkbook, is_workbook, workbook_text
from nnhs_tui.scenario.reading.contents import TooLarge, Unreadable, read_bytes
from nnhs_tui.scenario.reading.table.spreadsheets import decoded

LARGEST = 2**20
"""Bytes of a sheet at most."""

LONGEST = 2**17
"""Bytes of a row at most, empty fields at its end not counted; csv lets one field have as many."""

A_SHEET = "expected an answer sheet"
TOO_MANY = f"over {MOST_ROWS:,} rows"


class NoSheet(Exception):
    """A file that is no sheet: what was found, what was expected, and where, if anywhere."""

    def __init__(self, found: str, expected: str, where: str = "") -> None:
        super().__init__(found, expected, where)
        self.found, self.expected, self.where = found, expected, where


def lines_of(path: str) -> list[str]:
    """The lines of a file; those at its end with nothing in them are left out.

    Raises:
        NoSheet: it cannot be read, is too large, or no text.
    """
    try:
        data = read_bytes(path, LARGEST)
    except TooLarge:
        raise NoSheet(f"over {LARGEST >> 20} MiB", A_SHEET) from None
    except Unreadable as error:
        raise NoSheet(str(error), "expected a CSV file") from None
    if is_workbook(path):
        try:
            data = workbook_text(path, data).encode()
        except NoWorkbook as error:
            found, _, cure = str(error).partition("; expected ")
            raise NoSheet(found, f"expected {cure or A_SHEET.removeprefix('expected ')}") from None
    if b"\0" not in data:
        # What is too large is seen in the bytes already, where a line's end is one of them.
        if _ends(data) > MOST_ROWS:
            raise NoSheet(TOO_MANY, A_SHEET)
        if len(data) > LONGEST:
            data = b"\n".join(_narrowed(data.splitlines()))
    text = decoded(data)
    if text is None:
        raise NoSheet("it is no text", "expected a CSV file")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    # A Ctrl-Z is what some programs put at the end of a file.
    lines = text.rstrip("\n\x1a").split("\n")
    if len(lines) > MOST_ROWS + 1:
        raise NoSheet(TOO_MANY, A_SHEET)
    return lines


def _ends(data: bytes) -> int:
    """How many lines there are behind the first one."""
    data = data.rstrip(b"\r\n")
    count = data.count(b"\n")
    return count + data.count(b"\r") - data.count(b"\r\n") if b"\r" in data else count


def _narrowed(lines: list[bytes]) -> Iterator[bytes]:
    """Lines without a great many separators at their end.

    Raises:
        NoSheet: one is too long all the same.
    """
    for number, line in enumerate(lines, 1):
        if len(line) <= LONGEST:
            yield line
            continue
        end, many = len(line), line[-1:] * 1000
        if many[:1] in (b",", b";", b"\t"):
            while line.endswith(many, 0, end):
                end -= len(many)
        if end > LONGEST:
            raise NoSheet(f"a row of over {LONGEST >> 10} KiB", A_SHEET, f"line {number}")
        yield line[:end]
