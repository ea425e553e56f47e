"""Answer sheets: CSV with the columns `quantity` and `answer`, as spreadsheets write it.

Rows are read one by one as they are asked for: of a sheet that is given up the rest costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple, Protocol

from nnhs_tui.errors import Fault, shorten
from nnhs_tui.marking.sheets.table import (
    ANSWER,
    EXPECTED,
    QUANTITY,
    SheetError,
    Table,
    bare_cell,
    read_table,
)

NAME, SEED, ASKS = "name", "worksheet-seed", "worksheet-asks"
"""Further columns: the pupil's name, and what a worksheet writes, its seed and what it asks."""

FIRST_ROWS = 50
"""The rows in which is looked for what holds for a whole sheet."""

_WHOLE = re.compile(r"[-+−–]?\s*\d*", re.ASCII)
_DIGITS = re.compile(r"\d+\s*%?", re.ASCII)


class SheetRow(NamedTuple):
    """A row of a sheet that was read."""

    line: int
    quantity: str
    answer: str
    seed: str = ""
    name: str = ""
    asks: str = ""


class Rows(Protocol):
    """What is marked: rows of one person."""

    @property
    def file(self) -> str:
        """What messages call the file they stand in."""

    @property
    def last(self) -> int:
        """The last line they may stand in."""

    def has(self, column: str) -> bool:
        """Whether there is a column."""

    def rows(self) -> Iterator[SheetRow | Fault]:
        """Row by row; a fault in the place of one that cannot be read."""


def says(sheet: Rows, column: str) -> tuple[int, str]:
    """(line, what stands there) where a column, in one of the first rows, is not empty.

    What holds for a whole sheet stands in every row; (0, "") where it stands in none.
    """
    if not sheet.has(column):
        return 0, ""
    told = {SEED: "seed", NAME: "name", ASKS: "asks"}[column]
    for row in islice(sheet.rows(), FIRST_ROWS):
        if not isinstance(row, Fault) and (text := getattr(row, told)):
            return row.line, text
    return 0, ""


@dataclass(frozen=True)
class Sheet:
    """A sheet whose first row was read."""

    table: Table
    columns: list[str]
    """Their names in small letters."""

    @property
    def file(self) -> str:
        """What messages call it."""
        return self.table.file

    @property
    def last(self) -> int:
        """Its last line, those with nothing in them too."""
        return self.table.first + len(self.table.lines) - 1

    def has(self, column: str) -> bool:
        """Whether there is a column."""
        return column in self.columns

    def rows(self) -> Iterator[SheetRow | Fault]:
        """Row by row, in their order; a fault in the place of one that cannot be read."""
        for record in self.table.records():
            if isinstance(record, Fault):
                yield record
                return
            number, fields = record
            if len(fields) > len(self.columns):
                fields = _fitted(fields, self.columns, self.table.delimiter)
            found = self._row(number, fields)
            if found is not None:
                yield found

    def _row(self, number: int, fields: list[str]) -> SheetRow | Fault | None:
        """A row; None where nothing stands in it."""
        columns = self.columns
        if len(fields) > len(columns):
            expected = f"expected {len(columns)}, as in the first row; quote what holds a comma"
            return Fault(self.file, f"line {number}", f"{len(fields)} columns", expected)
        beside = self._beside_answer
        if beside is not None and _is_split(fields, beside):
            whole, decimals = map(shorten, fields[beside - 1 : beside + 1])
            found = f"is the answer {whole} or {whole},{decimals}?"
            return Fault(self.file, f"line {number}", found, "expected it in quotes")
        first, second, others = self._places
        # A row may end before a column.
        quantity = bare_cell(fields[first]) if first < len(fields) else ""
        answer = fields[second].strip() if second < len(fields) else ""
        if not quantity and not answer and not "".join(fields).strip():
            return None
        known = {name: bare_cell(fields[n]) for name, n in others if n < len(fields)}
        return SheetRow(number, quantity, answer, **known)

    @cached_property
    def _places(self) -> tuple[int, int, list[tuple[str, int]]]:
        """Where the quantity and the answer stand in a row, and what else makes a SheetRow."""
        places = {each: place for place, each in reversed([*enumerate(self.columns)])}
        further = (("seed", SEED), ("name", NAME), ("asks", ASKS))
        others = [(name, places[each]) for name, each in further if each in places]
        return places[QUANTITY], places[ANSWER], others

    @cached_property
    def _beside_answer(self) -> int | None:
        """The column that a decimal comma may move decimals into; None where it can move none."""
        place = self.columns.index(ANSWER) + 1
        is_there = self.table.delimiter == "," and place < len(self.columns)
        return place if is_there and self.columns[place] not in (SEED, ASKS) else None


def read_sheet(path: str) -> Sheet:
    """The sheet of a file.

    Raises:
        SheetError: it cannot be read, or is no answer sheet.
    """
    return sheet_of(read_table(path))


def sheet_of(table: Table) -> Sheet:
    """A table as an answer sheet.

    Raises:
        SheetError: it is none.
    """
    columns = [each.casefold() for each in table.names]
    faults = [
        Fault(table.file, table.header, f"there is {count} column {name!r}", EXPECTED)
        for name in (QUANTITY, ANSWER)
        if (count := {0: "no", 1: ""}.get(columns.count(name), "more than one"))
    ]
    if faults:
        raise SheetError(tuple(faults))
    return Sheet(table, columns)


def _fitted(fields: list[str], columns: list[str], delimiter: str) -> list[str]:
    """Of more fields than columns: without the empty ones behind the last column, and a decimal
    comma put together again.
    """
    place = columns.index(ANSWER)
    if (
        delimiter == ","
        and not any(each.strip() for each in fields[len(columns) + 1 :])
        and _WHOLE.fullmatch(fields[place].strip())
        and _DIGITS.fullmatch(fields[place + 1].strip())
    ):
        fields = [*fields[:place], f"{fields[place]},{fields[place + 1]}", *fields[place + 2 :]]
    end = len(fields)
    while end > len(columns) and not fields[end - 1].strip():
        end -= 1
    return fields[:end]


def _is_split(fields: list[str], place: int) -> bool:
    """Whether a decimal comma may have moved the decimals into a column."""
    if len(fields) <= place:
        return False
    decimals = fields[place].strip()
    is_like_it = len(decimals) > 1 and decimals.isascii() and decimals.isdigit()
    return is_like_it and _WHOLE.fullmatch(fields[place - 1].strip()) is not None
