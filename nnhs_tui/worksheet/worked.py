r"""The steps of a run for other uses: a spreadsheet, a page for the printer, LaTeX."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from html import escape

from nnhs_tui.characters import as_cell
from nnhs_tui.debugger.session import Session
from nnhs_tui.labels import ARITHMETIC, LEVEL, PHASE, counted
from nnhs_tui.present.step_rows import COLUMNS, StepRow, html_tables, step_rows
from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.notation import shown_value
from nnhs_tui.worksheet.tex_text import tex, tex_formula

STYLE = """
@page { size: A4; margin: 14mm 15mm; }
:root { color-scheme: light dark; --backward: #0b57d0; }
@media (prefers-color-scheme: dark) { :root { --backward: #8ab4ff; } }
@media print { :root { color-scheme: light; --backward: #0b57d0; } }
body { font: 11pt/1.4 system-ui, sans-serif; max-width: 60rem; margin: 1em auto; padding: 0 1em; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { text-align: left; border-bottom: 1.5pt solid; }
td { border-bottom: .5pt solid #999; vertical-align: top; padding: .15em .6em .15em 0; }
.numbers, .shown { font-family: "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: .9em; }
.shown { text-align: right; white-space: nowrap; }
.backward { color: var(--backward); }
.parameter span { text-decoration: underline; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""
HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[a4paper,margin=20mm]{geometry}
\usepackage{amsmath}
\usepackage{color}
\definecolor{backward}{rgb}{0.04,0.34,0.82}
\setlength{\parindent}{0pt}
\setlength{\parskip}{3pt}
\setlength{\emergencystretch}{3em}
\newcommand{\step}[2]{\par\hangindent=3em\hangafter=1 {\small\ttfamily #1}\quad #2}
\begin{document}
\raggedright"""


def trace_csv(session: Session, level: str, rounds: int) -> str:
    """A row a step, under COLUMNS; a text that a spreadsheet would take for a formula has a '."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in step_rows(session, rounds, level):
        sample = "" if row.sample is None else row.sample
        texts = (row.name, row.formula, row.numbers)
        # Numbers may begin with a minus, and are numbers.
        cells = [row.round, row.n, sample, row.phase, *map(as_cell, texts), row.value, row.shown]
        writer.writerow(cells)
    return text.getvalue()


def trace_html(session: Session, level: str, rounds: int) -> Iterator[str]:
    """The steps as lines of one HTML file: no scripts, and nothing from elsewhere."""
    title = html_text(session.scenario.title)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    yield f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    yield f"<title>{title}</title><style>{STYLE}</style></head>"
    yield "<body>"
    yield f"<h1>{title}</h1>"
    yield f"<p>{escape(_how(session, level))}</p>"
    yield from html_tables(session, rounds, level)
    yield "</body>"
    yield "</html>"


def _how(session: Session, level: str) -> str:
    carried = counted(session.digits, "decimal")
    return f"{ARITHMETIC[session.arithmetic_name]} arithmetic, {carried}, level {LEVEL[level]}"


def trace_latex(session: Session, level: str, rounds: int) -> Iterator[str]:
    """The worked solution as lines of a LaTeX document, in ASCII."""
    yield HEAD
    yield rf"{{\Large\bfseries {tex(session.scenario.title)}\par}}"
    yield rf"{tex(_how(session, level))}\par"
    heading = (0, "", None)
    several = len(session.run.samples) > 1
    for row in step_rows(session, rounds, level):
        here = row.round, row.phase, row.sample
        if row.round != heading[0]:
            if heading[0]:
                yield from _loss(session, heading[0])
            yield rf"\section*{{Round {row.round}}}"
        if here != heading:
            which = f", sample {row.sample}" if several and row.sample is not None else ""
            yield rf"\subsection*{{{tex(PHASE[row.phase].capitalize() + which)}}}"
        heading = here  # type: ignore[assignment]
        yield _step(row)
    yield from _loss(session, rounds)
    yield r"\end{document}"


def _step(row: StepRow) -> str:
    shown = tex_formula(row.shown)
    if row.is_backward:
        shown = rf"{{\color{{backward}}{shown}}}"
    if row.is_parameter:
        shown = rf"\underline{{{shown}}}"
    told = tex_formula(row.told)
    sign = tex(row.equals)
    return (
        rf"\step{{{tex(row.name)}}}{{{told} {sign} {shown}}}"
        if told
        else (rf"\step{{{tex(row.name)}}}{{{sign} {shown}}}")
    )


def _loss(session: Session, number: int) -> Iterator[str]:
    loss = session.run.round(number - 1).loss
    if loss is not None:
        shown = tex_formula(shown_value(loss, session.digits))
        yield rf"\par\medskip Loss of round {number}: {shown}"
