"""A sheet as PDF, set by typst: it needs no TeX and no browser.

All that a file may hold goes there as a string of typst's, never as its markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from nnhs_tui.errors import printable
from nnhs_tui.extras import needed
from nnhs_tui.present.diagrams.as_svg import diagram_svg
from nnhs_tui.worksheet.blocks import blocks
from nnhs_tui.worksheet.sheet import Cell, Grid, Part, Sheet
from nnhs_tui.worksheet.webpage import ink_on_paper

BEGINNING = """
#set page(paper: "a4", margin: (x: 15mm, top: 24mm, bottom: 14mm), header-ascent: 5mm)
#set text(size: 10.5pt)
#set par(spacing: 0.6em)
#set table(inset: (x: 2.2mm, y: 1.2mm))
#let mono(body) = text(font: "DejaVu Sans Mono", size: 7.5pt, fill: luma(70), body)
#let name-of(body) = text(size: 9pt, weight: "bold", body)
#let head(title, whose, end) = context [
  #set text(size: 9pt)
  #let room = calc.min(measure(title).width, 80mm)
  #grid(columns: (room, 1fr, auto), column-gutter: 6mm, align: bottom, title, whose,
    counter(page).display() + "/" + str(counter(page).at(end).first()))
]
#let line-for(what) = box(width: 1fr)[#what #box(width: 1fr, line(length: 100%, stroke: 0.4pt))]
#let title(body) = block(text(size: 16pt, weight: "bold", body))
#let part-title(body) = block(above: 1.2em, below: 0.6em, width: 100%, stroke: (bottom: 1pt),
  inset: (bottom: 1mm), text(size: 12.5pt, weight: "bold", body))
#let given-title(body) = block(above: 1em, below: 0.5em, text(weight: "bold", body))
#let rules(..lines) = block(stroke: 1pt, inset: 2.5mm, width: 100%, lines.pos().join(linebreak()))
#let working(room) = block(stroke: (paint: luma(110), thickness: 0.6pt, dash: "dotted"),
  width: 100%, height: room, inset: 1.5mm, text(size: 8pt, fill: luma(110))[Working:])
#let labelled(label, body) = box(inset: (right: 6mm, bottom: 2mm), baseline: 100% - 1em,
  stack(spacing: 1.2mm, label, body))
#let blank(name, value) = block(width: 100%, height: 9mm, align(left + top, mono(name)) +
  place(center + horizon, dy: 1mm, value))
#let asked(columns, ..cells) = table(columns: columns, stroke: 0.6pt, inset: 1mm, ..cells)
#let given(columns, ..cells) = block(stroke: (left: 1pt, right: 1pt), radius: 2mm,
  table(columns: columns, stroke: none, align: center, ..cells))
#let way(name, ..lines) = block(below: 0.5em, grid(columns: (48mm, 1fr), mono(strong(name)),
  lines.pos().map(mono).join(linebreak())))
"""
WIDEST_BLANK = 30.0
"""Millimetres of a column to be written in at most, as far as its names fit."""


def pdf(sheet: Sheet) -> bytes:
    """The sheet as a PDF file.

    Raises:
        Refusal: the library that sets it is not installed.
    """
    return pdf_of([sheet])


def pdf_of(sheets: Sequence[Sheet]) -> bytes:
    """Sheets as one PDF file, each on pages of its own."""
    typst = needed("typst", "pdf", "a worksheet as PDF")
    numbered = (_sheet(sheet, number) for number, sheet in enumerate(sheets, 1))
    source = "\n".join([BEGINNING, *chain.from_iterable(numbered)])
    made: bytes = typst.compile(source.encode())
    return made


def quoted(text: str) -> str:
    r"""A text as a string of typst's.

    >>> quoted('a "b" \\ #c')
    '"a \\"b\\" \\\\ #c"'
    """
    return _string(printable(text))


def _string(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _sheet(sheet: Sheet, number: int) -> Iterator[str]:
    title = quoted(f"{sheet.title}{': answers' if sheet.is_key else ''}")
    if number > 1:
        # Another head begins another page, the first of this sheet.
        yield "#counter(page).update(0)"
    yield f"#set page(header: head({title}, {_whose(sheet)}, <end{number}>))"
    yield f"#title({title})"
    yield f"#rules({_listed(sheet.rules)})"
    yield '#part-title("Given")'
    if sheet.diagram is not None:
        drawn = diagram_svg(sheet.diagram, ink_on_paper, "the net")
        yield f'#align(center, image(bytes({_string(drawn)}), format: "svg", width: 150mm))'
    if sheet.drawn:
        yield f"#block({quoted(f'({sheet.drawn})')})"
    yield f"#list({_listed(sheet.facts)})"
    for part in sheet.given:
        yield from _part(part, sheet, "given-title")
    for part in sheet.parts:
        yield from _part(part, sheet, "part-title")
    yield f"#metadata(none) <end{number}>"


def _whose(sheet: Sheet) -> str:
    """What stands on every page beside the title: the name, or room for it."""
    if sheet.is_key:
        return quoted(f"Name: {sheet.pupil}") if sheet.pupil else "[]"
    name = quoted(f"Name: {sheet.pupil}") if sheet.pupil else 'line-for("Name:")'
    return f'grid(columns: (2fr, 1fr), column-gutter: 4mm, {name}, line-for("Date:"))'


def _part(part: Part, sheet: Sheet, heading: str) -> Iterator[str]:
    for block in blocks(part, sheet):
        yield "#block(breakable: false, width: 100%)["
        if block.title:
            yield f"#{heading}({quoted(block.title)})"
        for grid in block.grids:
            label = f"{grid.label} ({grid.shape})" if grid.label else ""
            yield f"#labelled(name-of({quoted(label)}), {_grid(grid)})"
        if block.working:
            yield f"#working({block.working}mm)"
        yield "]"
    for solution in part.solutions:
        yield f"#way({quoted(solution.name)}, {_listed(solution.written)})"


def _grid(grid: Grid) -> str:
    cells = [cell for _, row in grid.rows for cell in row]
    columns = f"{len(grid.columns)}"
    if grid.is_asked:
        widest = max(len(cell.name) for cell in cells)
        width = f"{max(20.0, min(WIDEST_BLANK, 1.75 * widest) + 2):.1f}mm"
        return f"asked(({f'{width}, ' * len(grid.columns)}), {', '.join(map(_blank, cells))})"
    named = [] if grid.is_matrix else [f"mono({quoted(each)})" for each in grid.columns]
    return f"given({columns}, {', '.join([*named, *(quoted(cell.text) for cell in cells)])})"


def _blank(cell: Cell) -> str:
    return f"blank({quoted(cell.name)}, {quoted(cell.text)})"


def _listed(texts: Iterable[str]) -> str:
    return "".join(f"{quoted(text)}, " for text in texts)
