"""A sheet as CSV: a row for each quantity, with its answer or room for one (docs/cli.md)."""

from __future__ import annotations

import csv
import io

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
    known = {SEED: sheet.seed, NAME: as_cell(sheet.pupil), ASKS: sheet.asks}
    columns = {name: told for name, told in known.items() if told not in (None, "")}
    writer.writerow([QUANTITY, ANSWER, *columns])
    for name, answer in sheet.answers:
        shown = answer.replace(".", ",") if separator == ";" else answer
        writer.writerow([name, shown, *columns.values()])
    return BOM * bool(separator) + text.getvalue()
