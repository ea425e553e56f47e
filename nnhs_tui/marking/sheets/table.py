"""A table of a file: its first row, and the fields of the others.

Read are the usual encodings, and commas, semicolons or tabs between the columns. A quantity such
as `hidden.W[1,2]` and an answer such as `0,30` may hold commas of their own, quoted or not. Rows
are read one by one as they are asked for: of a table that is given up the rest costs nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.marking.sheets.folded import unfolded
from nnhs_tui.marking.sheets.text import NoSheet, lines_of
from nnhs_tui.scenario.reading.table.spreadsheets import SEPARATOR_NOTE, delimiter_of

QUANTITY, ANSWER = "quantity", "answer"
"""The columns of an answer sheet."""

MOST_COLUMNS = 1000
"""Columns of a table at most, empty ones behind the last one not counted."""

EXPECTED = f"expected a first row with {QUANTITY} and {ANSWER}"


class SheetError(ScenarioError):
    """A sheet that is refused, with its faults."""


@dataclass(frozen=True)
class Table:
    """A file whose first row was read."""

    file: str
    """What messages call it."""
    names: list[str]
    """What stands in its first row."""
    delimiter: str
    first: int
    """The line, from 1, behind the first row."""
    lines: list[str]
    """From there on."""

    @property
    def header(self) -> str:
        """Where its first row stands, for messages."""
        return f"line {self.first - 1}"

    def records(self) -> Iterator[tuple[int, list[str]] | Fault]:
        """(line number, fields) of every row; a fault in the place of one that cannot be read."""
        lines = _narrowed(self.lines, self.delimiter)
        reader, number = csv.reader(lines, delimiter=self.delimiter, strict=True), self.first
        try:
            for fields in reader:
                yield number, _joined(fields, self.delimiter)
                # A quoted field may go over several lines.
                number = self.first + reader.line_num
        except csv.Error as error:
            yield Fault(self.file, f"line {number}", *_in_words(error))


def read_table(path: str) -> Table:
    """The table of a file.

    Raises:
        SheetError: it cannot be read.
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
    if SEPARATOR_NOTE.fullmatch(lines[header].strip()):
        # Excel's own note on what stands between the columns.
        header = next((n for n in range(header + 1, len(lines)) if lines[n].strip()), header)
    lines[header:] = unfolded(lines[header:], (QUANTITY, ANSWER), ANSWER) or lines[header:]
    delimiter = delimiter_of(lines[header])
    try:
        first = _narrowed(lines[header : header + 1], delimiter)
        names = next(csv.reader(first, delimiter=delimiter), [])
    except csv.Error as error:
        fault = Fault(file, f"line {header + 1}", _in_words(error)[0], EXPECTED)
        raise SheetError((fault,)) from None
    bare = [bare_cell(each) for each in _joined(names, delimiter)]
    return Table(file, bare, delimiter, header + 2, lines[header + 1 :])


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
    if delimiter != "," or not _is_opened(fields):
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


def _is_opened(fields: list[str]) -> bool:
    """Whether a bracket begins in a field and does not end there; asked of every row."""
    for each in fields:  # noqa: SIM110
        if "[" in each and "]" not in each:
            return True
    return False


def bare_cell(cell: str) -> str:
    """What stands in a cell, its spaces as one each."""
    return " ".join(cell.split()).strip("\ufeff")
