"""A sheet as a workbook: the table to fill in, of which only the blanks can be changed, and what
is given on a second page.

Blanks are text, so that no spreadsheet makes a date of a number that is typed into one.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Sequence
from typing import Any

from nnhs_tui.errors import printable
from nnhs_tui.extras import needed
from nnhs_tui.worksheet.sheet import Part, Sheet
from nnhs_tui.worksheet.spreadsheet import table_of

TEXT = 49
"""The number of the format of a cell that takes what is typed as it is (ECMA-376, 18.8.30)."""
WIDTHS = (28, 14)
"""Of the columns of quantities and answers; the others are hidden."""
SPAN, ACROSS, HIGH = 10, 100, 15
"""A sentence is written across so many columns, in lines of so many characters and points."""
HIGHEST = 409
"""Points of a row at most that a spreadsheet takes."""
A4 = 9
"""The number of the size of paper (ECMA-376, 18.3.1.63)."""


def workbook(sheet: Sheet) -> bytes:
    """The sheet as an XLSX file.

    Raises:
        Refusal: the library that writes it is not installed.
    """
    xlsxwriter = needed("xlsxwriter", "sheets", "a worksheet of this kind")
    file = io.BytesIO()
    texts_only = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(file, {"in_memory": True, **texts_only})
    _answers(book, sheet)
    _given(book, sheet)
    book.close()
    return file.getvalue()


def _answers(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet("answers")
    head, blank = (
        book.add_format(each)
        for each in ({"bold": True}, {"num_format": TEXT, "locked": False, "border": 1})
    )
    rows = list(table_of(sheet))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            looks = head if number == 0 else blank if column == 1 else None
            if text or column != 1:
                page.write_string(number, column, printable(text), looks)
            else:
                page.write_blank(number, column, None, looks)
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    if len(rows[0]) > len(WIDTHS):
        page.set_column(len(WIDTHS), len(rows[0]) - 1, None, None, {"hidden": True})
    # Else each number that is filled in wears a warning that it is text.
    page.ignore_errors({"number_stored_as_text": f"B2:B{len(rows)}"})
    page.freeze_panes(1, 1)
    page.repeat_rows(0)
    _finish(page)


def _finish(page: Any) -> None:
    """Lock a page but for its blanks, and have it print as wide as the paper."""
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.protect()


def _given(book: Any, sheet: Sheet) -> None:
    page, bold = book.add_worksheet("given"), book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for number, (cells, is_head) in enumerate(_lines(sheet)):
        if len(cells) == 1:
            text = printable(cells[0])
            page.merge_range(number, 0, number, SPAN - 1, "", wrapped)
            page.write_string(number, 0, text, bold if is_head else wrapped)
            lines = math.ceil(max(1, len(text)) / ACROSS)
            page.set_row(number, min(HIGH * lines, HIGHEST))
            continue
        for column, text in enumerate(cells):
            page.write_string(number, column, printable(text))
    page.set_landscape()
    _finish(page)


def _lines(sheet: Sheet) -> Iterator[tuple[Sequence[str], bool]]:
    """(cells of a row, whether it is a heading)."""
    yield [sheet.title], True
    for text in (*sheet.rules, *sheet.facts):
        yield [text], False
    for part in sheet.given:
        yield from _part(part)
    for part in sheet.parts:
        if not any(grid.is_asked for grid in part.grids):
            yield from _part(part)


def _part(part: Part) -> Iterator[tuple[Sequence[str], bool]]:
    yield [], False
    yield [part.title], True
    for grid in part.grids:
        label = f"{grid.label} ({grid.shape})" if grid.label else ""
        yield [label, *("" if grid.is_matrix else each for each in grid.columns)], False
        for _, cells in grid.rows:
            yield ["", *(cell.text for cell in cells)], False
