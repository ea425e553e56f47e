"""A sheet as one HTML file that prints on A4: no scripts, and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from nnhs_tui.errors import printable
from nnhs_tui.present.diagrams.as_svg import diagram_svg
from nnhs_tui.present.text.svg import Pen
from nnhs_tui.worksheet.sheet import Cell, Grid, Part, Sheet

STYLE = """
@page { size: A4; margin: 14mm 15mm; }
* { box-sizing: border-box; }
body { font: 11pt/1.4 Georgia, "Times New Roman", serif; color: #000; background: #fff;
  max-width: 180mm; margin: 1em auto; padding: 0 1em; }
h1 { font-size: 16pt; margin: 0 0 .6em; }
h2 { font-size: 13pt; margin: 1.3em 0 .5em; border-bottom: 1.5pt solid #000;
  break-after: avoid; }
h3 { font-size: 11pt; margin: 1em 0 .3em; break-after: avoid; }
.pupil { display: flex; gap: 1.5em; margin: 0 0 1em; }
.pupil span { flex: 1; border-bottom: 1px solid #000; }
.pupil span:first-child { flex: 2.5; }
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
.asked td { border: 1px solid #000; min-width: 21mm; height: 13mm; padding: .15em .3em;
  vertical-align: top; text-align: left; }
.asked td.known { background: #eee; }
.value { display: block; text-align: center; font-size: 11.5pt; }
.working { border: 1px dotted #777; height: 29mm; margin: .8em 0 0; padding: .1em .4em;
  color: #777; font-size: 8.5pt; break-inside: avoid; }
.ways { display: grid; grid-template-columns: fit-content(62mm) 1fr; gap: .2em 1em;
  margin: .7em 0 0; font: 8.5pt/1.35 "DejaVu Sans Mono", Menlo, Consolas, monospace; }
.ways dt { grid-column: 1; font-weight: bold; }
.ways dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""


def _pen(role: str) -> Pen:
    """How the net is drawn on paper: all black."""
    return Pen("#555" if role == "dim" else "#000", "#fff", underline="parameter" in role.split())


def webpage(sheet: Sheet) -> str:
    """The sheet as a text in UTF-8."""
    return "\n".join(_lines(sheet)) + "\n"


def escaped(text: str) -> str:
    """Text that a browser shows as it is."""
    return escape(printable(text))


def _lines(sheet: Sheet) -> Iterator[str]:
    title = escaped(sheet.title) + (": answers" if sheet.is_key else "")
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{title}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield f"<h1>{title}</h1>"
    if not sheet.is_key or sheet.pupil:
        date = "" if sheet.is_key else "<span>Date:</span>"
        yield f'<p class="pupil"><span>Name: {escaped(sheet.pupil)}</span>{date}</p>'
    rules = "".join(f"<p>{escaped(rule)}</p>" for rule in sheet.rules)
    yield f'<div class="rules">{rules}</div>'
    yield "<h2>Given</h2>"
    if sheet.diagram is not None:
        drawn = diagram_svg(sheet.diagram, _pen, "the net", is_whole_file=False)
        yield f'<div class="net">{drawn}</div>'
    if sheet.drawn:
        yield f"<p>({escaped(sheet.drawn)})</p>"
    yield "<ul>"
    yield from (f"<li>{escaped(fact)}</li>" for fact in sheet.facts)
    yield "</ul>"
    for part in sheet.given:
        yield from _part(part, "h3")
    for part in sheet.parts:
        yield from _part(part, "h2")
        if not sheet.is_key and any(grid.is_asked for grid in part.grids):
            yield '<div class="working">Working:</div>'
    yield "</body>"
    yield "</html>"


def _part(part: Part, heading: str) -> Iterator[str]:
    yield f"<{heading}>{escaped(part.title)}</{heading}>"
    yield '<div class="grids">'
    labelled = any(grid.label for grid in part.grids)
    for grid in part.grids:
        yield from _grid(grid, labelled)
    yield "</div>"
    if part.solutions:
        yield '<dl class="ways">'
        for solution in part.solutions:
            yield f"<dt>{escaped(solution.name)}</dt>"
            yield from (f"<dd>{escaped(line)}</dd>" for line in solution.written)
        yield "</dl>"


def _grid(grid: Grid, labelled: bool) -> Iterator[str]:
    """A table with its label; beside labelled ones the others stand as low as these."""
    yield "<figure>"
    if grid.label:
        yield f"<figcaption><b>{escaped(grid.label)}</b> ({escaped(grid.shape)})</figcaption>"
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
    value = f'<span class="value">{escaped(cell.text)}</span>' if cell.text else ""
    return f'<td{kind}><span class="name">{escaped(cell.name)}</span>{value}</td>'


def _number(cell: Cell, named: bool) -> str:
    name = f'<span class="name">{escaped(cell.name)}</span>' if named else ""
    return f"<td>{name}{escaped(cell.text)}</td>"
