"""A sheet as CSV: a row for each quantity, with its answer or room for one (docs/cli.md)."""

from __future__ import annotations

import csv
import io

from nnhs_tui.worksheet.sheet import Sheet

SEED_COLUMN = "worksheet-seed"


def spreadsheet(sheet: Sheet) -> str:
    """The sheet as a text; the column of the seed is there where the numbers have one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    seeded = sheet.seed is not None
    writer.writerow(["quantity", "answer", *[SEED_COLUMN] * seeded])
    for name, answer in sheet.answers:
        writer.writerow([name, answer, *[sheet.seed] * seeded])
    return text.getvalue()
