"""A sheet as CSV: a row for each quantity, with its answer or room for one (docs/cli.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from nnhs_tui.characters import as_cell
from nnhs_tui.marking.sheets.sheet import ASKS, NAME, SEED
from nnhs_tui.marking.sheets.table import ANSWER, QUANTITY
from nnhs_tui.worksheet.sheet import Sheet

BOM = "\ufeff"
"""By which spreadsheets know UTF-8 where a file is opened by a double click."""


def spreadsheet(sheet: Sheet, separator: str = "") -> str:
    """The sheet as a text; columns that say nothing are left out.

    What the sheet asks stands in every row: those that are deleted are missed then.

    Args:
        separator: what a spreadsheet expects between the columns; "" for commas, to be read by
            programs. Where it is a semicolon, numbers have decimal commas.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", delimiter=separator or ",")
    head, *rows = table_of(sheet)
    writer.writerow(head)
    for name, answer, *others in rows:
        writer.writerow([name, answer.replace(".", ",") if separator == ";" else answer, *others])
    return BOM * bool(separator) + text.getvalue()


def table_of(sheet: Sheet) -> Iterator[list[str]]:
    """The table to fill in, its first row first: what `check` reads."""
    seed = "" if sheet.seed is None else str(sheet.seed)
    known = {SEED: seed, NAME: as_cell(sheet.pupil), ASKS: sheet.asks}
    columns = {name: told for name, told in known.items() if told}
    yield [QUANTITY, ANSWER, *columns]
    for name, answer in sheet.answers:
        yield [name, answer, *columns.values()]
