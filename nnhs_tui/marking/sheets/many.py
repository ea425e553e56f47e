"""Files with the answers of many people: with a name in every row, or a row for each of them.

The second is how form services export them: a column for each quantity, beside names, addresses
and times.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nnhs_tui.errors import Fault
from nnhs_tui.marking.sheets.sheet import (
    ASKS,
    NAME,
    SEED,
    Rows,
    Sheet,
    SheetRow,
    sheet_of,
)
from nnhs_tui.marking.sheets.table import ANSWER, QUANTITY, SheetError, Table, read_table

_NAMES = re.compile(
    r"name|\bnom\b|nombre|nome\b|prénom|apellido|cognome|\u6c0f\u540d|\u540d\u524d", re.IGNORECASE
)
_LOGINS = re.compile(r"user|benutzer|login|utilisateur|usuario", re.IGNORECASE)
_ADDRESSES = re.compile(r"e-?mail", re.IGNORECASE)
_EXPECTED = "expected the name of a quantity of this scenario"


@dataclass(frozen=True)
class OneOfMany:
    """The rows of one person in a file of many."""

    file: str
    listed: tuple[SheetRow | Fault, ...]
    last: int

    def has(self, column: str) -> bool:
        """Whether there is a column."""
        return True

    def rows(self) -> Iterator[SheetRow | Fault]:
        """Row by row; a fault in the place of one that cannot be read."""
        return iter(self.listed)


def sheets_of(path: str, is_quantity: Callable[[str], bool]) -> Iterator[Rows]:
    """The sheets in a file, one for each person.

    Args:
        is_quantity: whether a text is the name of a quantity.

    Raises:
        SheetError: it cannot be read, or is no answer sheet.
    """
    table = read_table(path)
    columns = [each.casefold() for each in table.names]
    if QUANTITY not in columns and ANSWER not in columns:
        quantities = [place for place, name in enumerate(table.names) if is_quantity(name)]
        if quantities:
            yield from _by_rows(table, quantities)
            return
    sheet = sheet_of(table)
    yield from _by_names(sheet) if sheet.has(NAME) else (sheet,)


def _by_names(sheet: Sheet) -> Iterator[Rows]:
    """The sheet, or where it has the names of several people that of each."""
    listed = list(sheet.rows())
    found: dict[str, list[SheetRow | Fault]] = {}
    name = next((row.name for row in listed if isinstance(row, SheetRow) and row.name), "")
    for row in listed:
        # Where nothing stands, as in joined cells, it is the one above.
        name = row.name if isinstance(row, SheetRow) and row.name else name
        found.setdefault(name, []).append(row)
    for rows in found.values():
        yield OneOfMany(sheet.file, tuple(rows), sheet.last)


def _by_rows(table: Table, quantities: list[int]) -> Iterator[Rows]:
    """Every row as a sheet.

    Raises:
        SheetError: a column looks like a quantity and is none.
    """
    unknown = [
        name
        for place, name in enumerate(table.names)
        if place not in quantities and re.search(r"\[\s*\d+\s*(,\s*\d+\s*)?\]$", name)
    ]
    if unknown:
        told = (f"there is no quantity {name!r}" for name in unknown)
        raise SheetError(tuple(Fault(table.file, table.header, each, _EXPECTED) for each in told))
    columns = [each.casefold() for each in table.names]
    extra = {each: columns.index(each) for each in (SEED, ASKS) if each in columns}
    naming, last = _naming(table.names, quantities), table.first + len(table.lines) - 1
    for record in table.records():
        if isinstance(record, Fault):
            yield OneOfMany(table.file, (record,), last)
            return
        line, fields = record
        if not "".join(fields).strip():
            continue
        fields += [""] * (len(table.names) - len(fields))
        if len(fields) > len(table.names):
            expected = f"expected {len(table.names)}, as in the first row; quote what holds a comma"
            fault = Fault(table.file, f"line {line}", f"{len(fields)} columns", expected)
            yield OneOfMany(table.file, (fault,), last)
            continue
        name = " ".join(" ".join(fields[place] for place in naming).split()) or f"line {line}"
        seed, asks = (fields[extra[each]].strip() if each in extra else "" for each in (SEED, ASKS))
        rows = (
            SheetRow(line, table.names[place], fields[place].strip(), seed, name, asks)
            for place in quantities
        )
        yield OneOfMany(table.file, tuple(rows), last)


def _naming(names: list[str], quantities: list[int]) -> list[int]:
    """The columns that say whose a row is: the name, or its parts, or an address."""
    others = [place for place in range(len(names)) if place not in quantities]
    exact = [place for place in others if names[place].casefold() == NAME]
    if exact:
        return exact[:1]
    parts = [place for place in others if _NAMES.search(names[place])]
    people = [place for place in parts if not _LOGINS.search(names[place])]
    addresses = [place for place in others if _ADDRESSES.search(names[place])]
    return people or addresses[:1] or parts[:1]
