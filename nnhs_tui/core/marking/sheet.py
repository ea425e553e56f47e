"""Answer sheets: CSV with the columns `quantity` and `answer`, as spreadsheets write it.

Read are the usual encodings, and commas, semicolons or tabs between the columns. A quantity such
as `hidden.W[1,2]` and an answer such as `0,30` may hold commas of their own, quoted or not.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnhs_tui.core.errors import Fault, Refusal, ScenarioError, printable
from nnhs_tui.core.marking.questions import Questions

QUANTITY, ANSWER, SEED = "quantity", "answer", "worksheet-seed"
"""The columns; the last is that of a worksheet with numbers of its own."""

LARGEST = 8 * 2**20
"""Bytes of a sheet at most."""

_SEPARATOR = re.compile("sep=.", re.IGNORECASE)
_WHOLE = re.compile(r"[-+−–]?\s*\d*", re.ASCII)
_DIGITS = re.compile(r"\d+\s*%?", re.ASCII)


MANY = 5
"""Unknown quantities from which on a sheet is taken for one of another scenario."""


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet that was read."""

    line: int
    quantity: str
    answer: str
    seed: str = ""


class SheetError(ScenarioError):
    """A sheet that is refused, with all its faults at once."""


def read_sheet(path: str) -> list[SheetRow]:
    """The rows of a sheet, in their order.

    Raises:
        SheetError: it cannot be read, or is no answer sheet.
    """
    shown_as = printable(path)
    text = _text(path, shown_as)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    header = next((n for n, line in enumerate(lines) if line.strip()), None)
    if header is None:
        raise _error(shown_as, "", "it is empty", f"expected the columns {QUANTITY} and {ANSWER}")
    if _SEPARATOR.fullmatch(lines[header].strip()):
        # Excel's own note on what stands between the columns.
        header = next((n for n in range(header + 1, len(lines)) if lines[n].strip()), header)
    delimiter = _delimiter(lines[header])
    columns = [_bare(each).casefold() for each in _split(lines[header], delimiter)]
    faults = [
        Fault(shown_as, f"line {header + 1}", f"there is {count} column {name!r}", _HEADER)
        for name in (QUANTITY, ANSWER)
        if (count := {0: "no", 1: ""}.get(columns.count(name), "more than one"))
    ]
    if faults:
        raise SheetError(tuple(faults))
    found: list[SheetRow] = []
    for number, record in _records(lines[header + 1 :], delimiter, header + 2):
        where = f"line {number}"
        if isinstance(record, csv.Error):
            expected = "expected a quote at the end of what is quoted"
            faults.append(Fault(shown_as, where, f"it cannot be read ({record})", expected))
            break
        fields = _fitted(_joined(record, delimiter), columns, delimiter)
        if len(fields) > len(columns):
            expected = f"expected {len(columns)}, as in the first row; quote what holds a comma"
            faults.append(Fault(shown_as, where, f"{len(fields)} columns", expected))
        elif _is_split(fields, columns, delimiter):
            place = columns.index(ANSWER)
            found_there = f"is the answer {fields[place]} or {fields[place]},{fields[place + 1]}"
            faults.append(Fault(shown_as, where, f"{found_there}?", "expected it in quotes"))
        elif any(each.strip() for each in fields):
            cells = dict(zip(columns, [*fields, *[""] * len(columns)], strict=False))
            seed = cells.get(SEED, "").strip()
            found.append(SheetRow(number, _bare(cells[QUANTITY]), cells[ANSWER].strip(), seed))
    if faults:
        raise SheetError(tuple(faults))
    return found


def checked(rows: list[SheetRow], questions: Questions, path: str) -> list[tuple[str, str]]:
    """The answers of a sheet: (quantity, what was written).

    Raises:
        SheetError: a quantity is unknown, missing, or there twice; every one is named.
    """
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    unknown = 0
    shown_as = printable(path)
    for row in rows:
        where = f"line {row.line}"
        if not row.quantity:
            expected = "expected a name, as in hidden.z[1]"
            faults.append(Fault(shown_as, where, "the quantity is missing", expected))
            continue
        try:
            name = questions.question(row.quantity).plain_name
        except Refusal as refusal:
            unknown += 1
            found, _, cure = str(refusal).partition("; ")
            faults.append(Fault(shown_as, where, found, cure or "expected another name"))
            continue
        twice = seen.setdefault(name, row.line)
        if twice != row.line:
            told = f"{name} stands in line {twice} already"
            faults.append(Fault(shown_as, where, told, "expected every quantity once"))
    if unknown > MANY and 2 * unknown > len(rows):
        told = f"{unknown} of its {len(rows)} quantities are none of this scenario"
        cure = "expected a sheet of this scenario; is it one of another?"
        raise _error(shown_as, faults[0].where, f"{told}: {faults[0].found}", cure)
    if faults:
        raise SheetError(tuple(faults))
    return [(row.quantity, row.answer) for row in rows]


_HEADER = f"expected a first row with {QUANTITY} and {ANSWER}"


def _error(file: str, where: str, found: str, expected: str) -> SheetError:
    return SheetError((Fault(file, where, found, expected),))


def _text(path: str, shown_as: str) -> str:
    """The text of a file in whichever encoding it is."""
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _error(shown_as, "", str(reason), "expected a CSV file") from error
    if len(data) > LARGEST:
        raise _error(shown_as, "", f"over {LARGEST >> 20} MiB", "expected an answer sheet")
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _error(shown_as, "", "it is no text", "expected a CSV file")


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    elif b"\0" in data[:4]:
        yield "utf-16-be" if data[:1] == b"\0" else "utf-16-le"
    yield "utf-8-sig"
    # Latin-1 as Windows writes it; the few bytes that stand for nothing there are Latin-1's.
    yield "cp1252"
    yield "latin-1"


def _delimiter(header: str) -> str:
    """What stands between the columns: what is most often between the names of the first row."""
    return max("\t;,", key=header.count)


def _split(line: str, delimiter: str) -> list[str]:
    return next(iter(csv.reader([line], delimiter=delimiter)), [])


def _records(
    lines: list[str], delimiter: str, first: int
) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """(line number, fields) of every record, or what is wrong with it.

    A quoted field may go over several lines.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    before = 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield first + before, error
            return
        yield first + before, fields
        before = reader.line_num


def _joined(fields: list[str], delimiter: str) -> list[str]:
    """Fields with what belongs in one bracket put together again: `hidden.W[1` and `2]`."""
    if delimiter != "," or not any("[" in each and "]" not in each for each in fields):
        return fields
    found: list[str] = []
    for each in fields:
        if found and "[" in found[-1] and "]" not in found[-1]:
            found[-1] += f",{each}"
        else:
            found.append(each)
    return found


def _fitted(fields: list[str], columns: list[str], delimiter: str) -> list[str]:
    """Fields without the empty ones behind the last column; a decimal comma put together again."""
    place = columns.index(ANSWER)
    if (
        delimiter == ","
        and len(fields) > len(columns)
        and not any(each.strip() for each in fields[len(columns) + 1 :])
        and _WHOLE.fullmatch(fields[place].strip())
        and _DIGITS.fullmatch(fields[place + 1].strip())
    ):
        fields = [*fields[:place], f"{fields[place]},{fields[place + 1]}", *fields[place + 2 :]]
    while len(fields) > len(columns) and not fields[-1].strip():
        fields = fields[:-1]
    return fields


def _is_split(fields: list[str], columns: list[str], delimiter: str) -> bool:
    """Whether a decimal comma may have moved the decimals into the next column."""
    place = columns.index(ANSWER) + 1
    if delimiter != "," or place >= len(columns) or len(fields) <= place:
        return False
    decimals = fields[place].strip()
    is_like_it = len(decimals) > 1 and decimals.isascii() and decimals.isdigit()
    is_whole = _WHOLE.fullmatch(fields[place - 1].strip()) is not None
    return columns[place] != SEED and is_like_it and is_whole


def _bare(cell: str) -> str:
    return " ".join(cell.split()).strip("\ufeff")
