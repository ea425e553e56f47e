"""A table in a CSV file: the names in its first row, and the rows below."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from nnhs_tui.scenario.reading.table.spreadsheets import SEPARATOR_NOTE, delimiter_of


class NoTable(Exception):
    """A text that is no table: what was found, and what was expected."""

    def __init__(self, found: str, expected: str) -> None:
        super().__init__(found, expected)
        self.found, self.expected = found, expected


@dataclass(frozen=True)
class CsvRow:
    """A row below the first one."""

    line: int
    """Where it begins, from 1."""
    fields: list[str]
    """Empty where it cannot be read; empty ones behind the last column are left out."""
    fault: str = ""
    """What was found in the place of a row; "" where it can be read."""
    cure: str = ""
    """What was expected then."""


@dataclass(frozen=True)
class CsvTable:
    """A table that was read."""

    names: list[str]
    """What stands in its first row, empty ones at its end left out."""
    rows: list[CsvRow]
    """Rows with nothing in them are left out."""
    has_more: bool
    """Whether there are more rows than were asked for."""


def read_csv(text: str, most: int) -> CsvTable:
    """The table of a text, commas, semicolons or tabs between its columns.

    Args:
        most: rows that are read.

    Raises:
        NoTable: it has no first row that can be read.
    """
    expected = "expected the names of the columns in its first row"
    lines = io.StringIO(text, newline="")
    passed = 0
    for line in lines:
        passed += 1
        if line.strip() and not SEPARATOR_NOTE.fullmatch(line.strip()):
            break
    else:
        raise NoTable("an empty file", expected)
    delimiter, skipped = delimiter_of(line), passed - 1
    lines = io.StringIO(text, newline="")
    for _ in range(skipped):
        next(lines)
    rows = _rows(csv.reader(lines, delimiter=delimiter, strict=True), skipped)
    first = next(rows)
    if first.fault:
        raise NoTable(f"in line {first.line} {first.fault}", first.cure)
    names = _without_empty([each.strip() for each in first.fields], 0)
    if not names:
        raise NoTable("a first row with nothing in it", expected)
    read: list[CsvRow] = []
    for row in rows:
        fields = _without_empty(row.fields, len(names))
        if not row.fault and not any(map(str.strip, fields)):
            continue
        if len(read) == most:
            return CsvTable(names, read, has_more=True)
        read.append(CsvRow(row.line, fields, row.fault, row.cure))
    return CsvTable(names, read, has_more=False)


def _rows(reader: Any, skipped: int) -> Iterator[CsvRow]:
    """Every row of a csv.reader; one that cannot be read is the last."""
    before = 0
    while True:
        line = skipped + before + 1
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield CsvRow(line, [], *_in_words(error))
            return
        yield CsvRow(line, fields)
        before = reader.line_num


def _without_empty(fields: list[str], width: int) -> list[str]:
    """Fields without the empty ones behind the last column."""
    end = len(fields)
    while end > width and not fields[end - 1].strip():
        end -= 1
    return fields[:end]


def _in_words(error: csv.Error) -> tuple[str, str]:
    """What was found, and what was expected."""
    told = str(error)
    if "field limit" in told:
        return f"a field of over {csv.field_size_limit():,} characters", "expected a number"
    return f"what cannot be read ({told})", "expected a quote at the end of what is quoted"
