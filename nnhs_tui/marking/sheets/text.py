"""The text of an answer sheet's file, in whichever encoding it is; as lines of a bounded number."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.marking.asked_quantities import MOST_ROWS
from nnhs_tui.marking.sheets.workbook import NoWorkbook, is_workbook, workbook_text
from nnhs_tui.scenario.reading.contents import TooLarge, Unreadable, read_bytes

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
    text = _text(data)
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
        end, many = len(line), line[-1:] * 1000
        if end > LONGEST and many[:1] in (b",", b";", b"\t"):
            while line.endswith(many, 0, end):
                end -= len(many)
        if end > LONGEST:
            raise NoSheet(f"a row of over {LONGEST >> 10} KiB", A_SHEET, f"line {number}")
        yield line[:end]


def _text(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NoSheet("it is no text", "expected a CSV file")


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif b"\0" in data[:4]:
        yield "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    if b"\0" in data:
        # No text in any of the others.
        return
    yield "utf-8-sig"
    # Latin-1 as Windows writes it; the few bytes that stand for nothing there are Latin-1's.
    yield "cp1252"
    yield "latin-1"
