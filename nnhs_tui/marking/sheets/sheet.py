"""Answer sheets: CSV with the columns `quantity` and `answer`, as spreadsheets write it.

Read are the usual encodings, and commas, semicolons or tabs between the columns. A quantity such
as `hidden.W[1,2]` and an answer such as `0,30` may hold commas of their own, quoted or not. Rows
are read one by one as they are asked for: of a sheet that is given up the rest costs nothing.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from nnhs_tui.errors import Fault, ScenarioError, printable, shorten
from nnhs_tui.marking.sheets.folded import unfolded
from nnhs_tui.marking.sheets.text import NoSheet, lines_of

QUANTITY, ANSWER, NAME = "quantity", "answer", "name"
SEED, ASKS = "worksheet-seed", "worksheet-asks"
"""The columns; the last two are what a worksheet writes: its seed, and what it asks."""

FIRST_ROWS = 50
"""The rows in which is looked for what holds for a whole sheet."""

MOST_COLUMNS = 1000
"""Columns of a sheet at most, empty ones behind the last one not counted."""

_SEPARATOR = re.compile('"?sep=."?', re.IGNORECASE)
_WHOLE = re.compile(r"[-+−–]?\s*\d*", re.ASCII)
_DIGITS = re.compile(r"\d+\s*%?", re.ASCII)
_HEADER = f"expected a first row with {QUANTITY} and {ANSWER}"


@dataclass(frozen=True)
class SheetRow:
    """A row of a sheet that was read."""

    line: int
    quantity: str
    answer: str
    seed: str = ""
    name: str = ""
    asks: str = ""


class SheetError(ScenarioError):
    """A sheet that is refused, with its faults."""


@dataclass(frozen=True)
class Sheet:
    """A sheet whose first row was read."""

    file: str
    """What messages call it."""
    columns: list[str]
    delimiter: str
    first: int
    """The line, from 1, behind the first row."""
    lines: list[str]
    """From there on."""

    def says(self, column: str) -> tuple[int, str]:
        """(line, what stands there) where a column, in one of the first rows, is not empty.

        What holds for a whole sheet stands in every row; (0, "") where it stands in none.
        """
        if column not in self.columns:
            return 0, ""
        told = {SEED: "seed", NAME: "name", ASKS: "asks"}[column]
        for row in islice(self.rows(), FIRST_ROWS):
            if not isinstance(row, Fault) and (text := getattr(row, told)):
                return row.line, text
        return 0, ""

    @property
    def count(self) -> int:
        """How many rows it has, those with nothing in them too."""
        return len(self.lines)

    def rows(self) -> Iterator[SheetRow | Fault]:
        """Row by row, in their order; a fault in the place of one that cannot be read."""
        columns, delimiter = self.columns, self.delimiter
        for number, record in _records(self.lines, delimiter, self.first):
            if isinstance(record, csv.Error):
                yield Fault(self.file, f"line {number}", *_in_words(record))
                return
            fields = _fitted(_joined(record, delimiter), columns, delimiter)
            found = self._row(number, fields)
            if found is not None:
                yield found

    def _row(self, number: int, fields: list[str]) -> SheetRow | Fault | None:
        """A row; None where nothing stands in it."""
        columns, where = self.columns, f"line {number}"
        if len(fields) > len(columns):
            expected = f"expected {len(columns)}, as in the first row; quote what holds a comma"
            return Fault(self.file, where, f"{len(fields)} columns", expected)
        if _is_split(fields, columns, self.delimiter):
            place = columns.index(ANSWER)
            whole, decimals = shorten(fields[place]), shorten(fields[place + 1])
            found = f"is the answer {whole} or {whole},{decimals}?"
            return Fault(self.file, where, found, "expected it in quotes")
        if not "".join(fields).strip():
            return None
        # A row may end before a column, and there may be none for seeds.
        quantity, answer, *others = (
            fields[place] if 0 <= place < len(fields) else "" for place in self._places
        )
        return SheetRow(number, _bare(quantity), answer.strip(), *map(_bare, others))

    @cached_property
    def _places(self) -> tuple[int, ...]:
        """Where what makes a SheetRow stands in a row; −1 for nowhere."""
        columns = (QUANTITY, ANSWER, SEED, NAME, ASKS)
        return tuple(self.columns.index(each) if each in self.columns else -1 for each in columns)


def read_sheet(path: str) -> Sheet:
    """The sheet of a file.

    Raises:
        SheetError: it cannot be read, or is no answer sheet.
    """
    file = printable(path)
    try:
        lines = lines_of(path)
    except NoSheet as error:
        raise SheetError((Fault(file, error.where, error.found, error.expected),)) from None
    header = next((n for n, line in enumerate(lines) if line.strip()), None)
    if header is None:
        expected = f"expected the columns {QUANTITY} and {ANSWER}"
        raise SheetError((Fault(file, "", "it is empty", expected),))
    if _SEPARATOR.fullmatch(lines[header].strip()):
        # Excel's own note on what stands between the columns.
        header = next((n for n in range(header + 1, len(lines)) if lines[n].strip()), header)
    where = f"line {header + 1}"
    lines[header:] = unfolded(lines[header:], (QUANTITY, ANSWER), ANSWER) or lines[header:]
    delimiter = _delimiter(lines[header])
    try:
        first = _narrowed(lines[header : header + 1], delimiter)
        names = next(csv.reader(first, delimiter=delimiter), [])
    except csv.Error as error:
        raise SheetError((Fault(file, where, _in_words(error)[0], _HEADER),)) from None
    columns = [_bare(each).casefold() for each in names]
    faults = [
        Fault(file, where, f"there is {count} column {name!r}", _HEADER)
        for name in (QUANTITY, ANSWER)
        if (count := {0: "no", 1: ""}.get(columns.count(name), "more than one"))
    ]
    if faults:
        raise SheetError(tuple(faults))
    return Sheet(file, columns, delimiter, header + 2, lines[header + 1 :])


def _delimiter(header: str) -> str:
    """What stands between the columns: what is most often between the names of the first row."""
    return max("\t;,", key=header.count)


def _narrowed(lines: list[str], delimiter: str) -> Iterator[str]:
    """Lines without a great many empty fields behind the last one.

    Raises:
        csv.Error: a line has too many fields all the same; it is not taken apart.
    """
    for line in lines:
        if len(line) > MOST_COLUMNS and line.count(delimiter) >= MOST_COLUMNS:
            line = line.rstrip(f"{delimiter} ")
            if line.count(delimiter) >= MOST_COLUMNS:
                raise csv.Error(f"over {MOST_COLUMNS:,} columns")
        yield line


def _records(
    lines: list[str], delimiter: str, first: int
) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """(line number, fields) of every record, or what is wrong with it.

    A quoted field may go over several lines.
    """
    reader = csv.reader(_narrowed(lines, delimiter), delimiter=delimiter, strict=True)
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


def _in_words(error: csv.Error) -> tuple[str, str]:
    """What was found, and what was expected."""
    told = str(error)
    if "field limit" in told:
        return f"a field of over {csv.field_size_limit():,} characters", "expected an answer"
    if told.startswith("over"):
        return told, f"expected the columns {QUANTITY} and {ANSWER}"
    return f"it cannot be read ({told})", "expected a quote at the end of what is quoted"


def _joined(fields: list[str], delimiter: str) -> list[str]:
    """Fields with what belongs in one bracket put together again: `hidden.W[1` and `2]`."""
    if delimiter != "," or not any("[" in each and "]" not in each for each in fields):
        return fields
    found: list[str] = []
    opened: list[str] = []
    for each in fields:
        if opened:
            opened.append(each)
            if "]" in each:
                found.append(",".join(opened))
                opened = []
        elif "[" in each and "]" not in each:
            opened = [each]
        else:
            found.append(each)
    return [*found, ",".join(opened)] if opened else found


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
    end = len(fields)
    while end > len(columns) and not fields[end - 1].strip():
        end -= 1
    return fields[:end]


def _is_split(fields: list[str], columns: list[str], delimiter: str) -> bool:
    """Whether a decimal comma may have moved the decimals into the next column."""
    place = columns.index(ANSWER) + 1
    if delimiter != "," or place >= len(columns) or len(fields) <= place:
        return False
    decimals = fields[place].strip()
    is_like_it = len(decimals) > 1 and decimals.isascii() and decimals.isdigit()
    is_whole = _WHOLE.fullmatch(fields[place - 1].strip()) is not None
    return columns[place] not in (SEED, ASKS) and is_like_it and is_whole


def _bare(cell: str) -> str:
    return " ".join(cell.split()).strip("\ufeff")
