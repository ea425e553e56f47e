"""The file of grades that `check --grades` writes, as CSV or as a workbook."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from nnhs_tui.characters import as_cell
from nnhs_tui.cli.placing import refused, unwritable
from nnhs_tui.errors import Refusal, printable
from nnhs_tui.extras import needed
from nnhs_tui.present.grades import GRADE_COLUMNS, GradeRow
from nnhs_tui.scenario.reading.contents import Unreadable, first_bytes
from nnhs_tui.scenario.writing import followed, write_whole

MADE_HERE = "grades by nnhs-tui check"
"""Stands in every workbook, so that it is known which files may be written over."""
BOM = "\ufeff"
"""What tells spreadsheets that a CSV file is in UTF-8."""
HEAD = ",".join(GRADE_COLUMNS)
WIDTHS = (24, 8, 8, 8, 8, 48)


class Grades:
    """Rows of pupils, written as a whole when all are marked.

    Raises:
        ScenarioError: the file cannot be written, or is none of ours.
    """

    def __init__(self, name: str) -> None:
        self._name, self._rows = name, list[GradeRow]()
        if not name.casefold().endswith((".csv", ".xlsx")):
            raise refused(name, "grades are written as CSV or XLSX", "expected .csv or .xlsx")
        self._is_workbook = name.casefold().endswith(".xlsx")
        try:
            if self._is_workbook:
                needed("xlsxwriter", "sheets", "a workbook")
            self._path = followed(Path(name))
            if self._path.exists() and not self._is_ours():
                there = "there is something of this name already that is no list of grades"
                raise refused(name, there, "expected another name")
        except Refusal as refusal:
            raise refused(name, str(refusal), "or a name that ends in .csv") from None
        except (OSError, ValueError) as error:
            raise unwritable(name, error) from error

    def add(self, row: GradeRow) -> None:
        """Add a pupil."""
        self._rows.append(row)

    def write(self) -> None:
        """Write them all.

        Raises:
            ScenarioError: they cannot be written.
        """
        try:
            if self._is_workbook:
                write_whole(self._path, workbook(self._rows), over=True)
            else:
                write_whole(self._path, as_csv(self._rows), over=True)
        except OSError as error:
            raise unwritable(self._name, error) from error

    def _is_ours(self) -> bool:
        try:
            if self._is_workbook:
                with zipfile.ZipFile(self._path) as packed:
                    return MADE_HERE.encode() in packed.read("docProps/core.xml")[:4096]
            return first_bytes(self._path, 200).startswith((BOM + HEAD).encode())
        except (Unreadable, OSError, KeyError, zipfile.BadZipFile):
            return False


def as_csv(rows: Sequence[GradeRow]) -> str:
    """Rows under GRADE_COLUMNS, as every spreadsheet opens them."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(GRADE_COLUMNS)
    for row in rows:
        writer.writerow([as_cell(each) if isinstance(each, str) else each for each in row])
    return BOM + text.getvalue()


def workbook(rows: Sequence[GradeRow]) -> bytes:
    """Rows under GRADE_COLUMNS, as a workbook: texts stay texts, whatever they begin with."""
    xlsxwriter = needed("xlsxwriter", "sheets", "a workbook")
    file = io.BytesIO()
    texts_only = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {"in_memory": True, **texts_only})
    book.set_properties({"comments": MADE_HERE})
    table = book.add_worksheet("grades")
    table.freeze_panes(1, 1)
    bold = book.add_format({"bold": True})
    for column, (name, width) in enumerate(zip(GRADE_COLUMNS, WIDTHS, strict=True)):
        table.set_column(column, column, width)
        table.write_string(0, column, name, bold)
    for number, row in enumerate(rows, 1):
        for column, each in enumerate(row):
            if isinstance(each, str):
                table.write_string(number, column, printable(each))
            else:
                table.write_number(number, column, each)
    book.close()
    return file.getvalue()
