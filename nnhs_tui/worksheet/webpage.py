"""A sheet as one HTML file that prints on A4: no scripts, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from nnhs_tui.present.diagrams.as_svg import diagram_svg
from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.svg import Pen
from nnhs_tui.worksheet.blocks import blocks
from nnhs_tui.worksheet.sheet import Cell, Grid, Part, Sheet

STYLE = """
@page { size: A4; margin: 14mm 15mm 16mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 9pt Georgia, serif; } }
* { box-sizing: border-box; }
body { font: 11pt/1.4 Georgia, "Times New Roman", serif; color: #000; background: #fff;
  max-width: 180mm; margin: 1em auto; padding: 0 1em; }
h1 { font-size: 16pt; margin: 0 0 .6em; }
h2 { font-size: 13pt; margin: 1.3em 0 .5em; border-bottom: 1.5pt solid #000;
  break-after: avoid; }
h3 { font-size: 11pt; margin: 1em 0 .3em; break-after: avoid; }
.sheet { width: 100%; border-collapse: collapse; }
.sheet > thead { display: table-header-group; }
.sheet > * > tr > td, .sheet > * > tr > th { padding: 0; text-align: left; }
.sheet > tbody > tr > td { display: block; }
.sheet + .sheet { break-before: page; }
.head { display: flex; align-items: flex-end; gap: 1.2em; font: 9.5pt/1.6 Georgia, serif;
  color: #000; padding: 0 0 3mm; }
.head span { border-bottom: .5pt solid #000; }
.head .of { border: 0; }
.head .of:not(:only-child) { max-width: 45%; }
.head .pupil { flex: 3; }
.head .date { flex: 1.4; }
.rules { border: 1.5pt solid #000; padding: .4em .8em; margin: 0 0 1em; }
.rules p { margin: .15em 0; }
.net { margin: .6em 0; break-inside: avoid; }
.net svg { display: block; max-width: 100%; height: auto; margin: auto; }
ul { margin: .5em 0; padding-left: 1.3em; }
pre { font: 9.5pt/1.164 "DejaVu Sans Mono", Menlo, Consolas, monospace; margin: .6em 0;
  overflow-x: auto; break-inside: avoid; }
.grids { display: flex; flex-wrap: wrap; gap: .7em 1.6em; align-items: flex-start; }
figure { margin: 0; break-inside: avoid; max-width: 100%; overflow-x: auto; }
figcaption { margin: 0 0 .15em; font-size: 10pt; }
table { border-collapse: collapse; }
td, th { text-align: center; font-weight: normal; padding: .1em .5em; }
th { font-size: 8pt; color: #444; }
.given { border-collapse: separate; border-spacing: 0; border-radius: 6pt;
  border-left: 1.2pt solid #000; border-right: 1.2pt solid #000; }
.given td { min-width: 3.2em; }
.name { display: block; font: 7.5pt/1.2 "DejaVu Sans Mono", Menlo, Consolas, monospace;
  color: #444; white-space: nowrap; }
.asked td { border: 1px solid #000; min-width: 21mm; height: 11mm; padding: .15em .3em;
  vertical-align: top; text-align: left; }
.asked td.known { background: #eee; }
.value { display: block; text-align: center; font-size: 11.5pt; }
.block { break-inside: avoid; }
.block + .block { margin-top: .7em; }
.working { border: 1px dotted #777; margin: .8em 0 0; padding: .1em .4em; color: #777;
  font-size: 8.5pt; }
.ways { display: grid; grid-template-columns: fit-content(62mm) 1fr; gap: .2em 1em;
  margin: .7em 0 0; font: 8.5pt/1.35 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.ways dt { grid-column: 1; font-weight: bold; }
.ways dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""


def ink_on_paper(role: str) -> Pen:
    """How the net is drawn on paper: all black."""
    return Pen("#555" if role == "dim" else "#000", "#fff", underline="parameter" in role.split())


def webpage(sheet: Sheet) -> str:
    """The sheet as a text in UTF-8."""
    return webpages([sheet])


def webpages(sheets: Sequence[Sheet]) -> str:
    """Sheets as one text in UTF-8, each on pages of its own."""
    lines = chain(_beginning(_title(sheets[0])), *map(_sheet, sheets), ("</body>", "</html>"))
    return "\n".join(lines) + "\n"


def _title(sheet: Sheet) -> str:
    return html_text(sheet.title) + (": answers" if sheet.is_key else "")


def _beginning(title: str) -> Iterator[str]:
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{title}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"


def _sheet(sheet: Sheet) -> Iterator[str]:
    """A sheet; what stands in the head of the table is printed on each of its pages."""
    yield '<table class="sheet">'
    yield f"<thead><tr><td>{_head(sheet)}</td></tr></thead>"
    yield "<tbody><tr><td>"
    yield f"<h1>{_title(sheet)}</h1>"
    rules = "".join(f"<p>{html_text(rule)}</p>" for rule in sheet.rules)
    yield f'<div class="rules">{rules}</div>'
    yield "<h2>Given</h2>"
    if sheet.diagram is not None:
        drawn = diagram_svg(sheet.diagram, ink_on_paper, "the net", is_whole_file=False)
        yield f'<div class="net">{drawn}</div>'
    if sheet.drawn:
        yield f"<p>({html_text(sheet.drawn)})</p>"
    yield "<ul>"
    yield from (f"<li>{html_text(fact)}</li>" for fact in sheet.facts)
    yield "</ul>"
    for part in sheet.given:
        yield from _part(part, sheet, "h3")
    for part in sheet.parts:
        yield from _part(part, sheet, "h2")
    yield "</td></tr></tbody>"
    yield "</table>"


def _head(sheet: Sheet) -> str:
    """What stands on every page: which sheet it is, and whose."""
    title = f'<span class="of">{_title(sheet)}</span>'
    name = f'<span class="pupil">Name: {html_text(sheet.pupil)}</span>'
    if sheet.is_key:
        return f'<div class="head">{title}{name if sheet.pupil else ""}</div>'
    return f'<div class="head">{title}{name}<span class="date">Date:</span></div>'


def _part(part: Part, sheet: Sheet, heading: str) -> Iterator[str]:
    labelled = any(grid.label for grid in part.grids)
    for block in blocks(part, sheet):
        yield '<div class="block">'
        if block.title:
            yield f"<{heading}>{html_text(block.title)}</{heading}>"
        yield '<div class="grids">'
        for grid in block.grids:
            yield from _grid(grid, labelled)
        yield "</div>"
        if block.working:
            yield f'<div class="working" style="height: {block.working}mm">Working:</div>'
        yield "</div>"
    if part.solutions:
        yield '<dl class="ways">'
        for solution in part.solutions:
            yield f"<dt>{html_text(solution.name)}</dt>"
            yield from (f"<dd>{html_text(line)}</dd>" for line in solution.written)
        yield "</dl>"


def _grid(grid: Grid, labelled: bool) -> Iterator[str]:
    """A table with its label; beside labelled ones the others stand as low as these."""
    yield "<figure>"
    if grid.label:
        yield f"<figcaption><b>{html_text(grid.label)}</b> ({html_text(grid.shape)})</figcaption>"
    elif labelled:
        yield "<figcaption>&nbsp;</figcaption>"
    if grid.is_asked:
        yield '<table class="asked">'
        yield from (_row(map(_box, cells)) for _, cells in grid.rows)
    else:
        yield '<table class="given">'
        named = not grid.is_matrix
        yield from (_row(_number(cell, named) for cell in cells) for _, cells in grid.rows)
    yield "</table>"
    yield "</figure>"


def _row(cells: Iterator[str] | map[str]) -> str:
    return f"<tr>{''.join(cells)}</tr>"


def _box(cell: Cell) -> str:
    """A box with the quantity's name in its corner, and room for its number."""
    kind = "" if cell.asked else ' class="known"'
    value = f'<span class="value">{html_text(cell.text)}</span>' if cell.text else ""
    return f'<td{kind}><span class="name">{html_text(cell.name)}</span>{value}</td>'


def _number(cell: Cell, named: bool) -> str:
    name = f'<span class="name">{html_text(cell.name)}</span>' if named else ""
    return f"<td>{name}{html_text(cell.text)}</td>"
