"""A marked sheet as a page for its pupil: nothing of anybody else is on it."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.errors import printable, shorten
from nnhs_tui.labels import counted
from nnhs_tui.marking.judge import BLANK, MISTAKE, Marked, is_right
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.sheets.marked import MarkedSheet
from nnhs_tui.present.marking_report import right_is, table
from nnhs_tui.present.text.html import html_text

MADE_HERE = "marked by nnhs-tui"
"""Stands at the beginning of every page, so that it is known which files may be written over."""
RIGHT_SIGN, WRONG_SIGN = "✓", "✗"

STYLE = """
@page { size: A4; margin: 14mm 15mm; }
body { font: 11pt/1.4 Georgia, "Times New Roman", serif; color: #000; background: #fff;
  max-width: 180mm; margin: 1em auto; padding: 0 1em; }
h1 { font-size: 16pt; margin: 0 0 .2em; }
h2 { font-size: 12pt; margin: 1.2em 0 .3em; break-after: avoid; }
.score { font-size: 13pt; margin: 0 0 .8em; }
ul { margin: .3em 0; padding-left: 1.3em; }
table { border-collapse: collapse; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { text-align: left; font-size: 9pt; color: #444; border-bottom: 1.5pt solid #000; }
td { border-bottom: .5pt solid #999; }
th, td { padding: .2em .6em .2em 0; vertical-align: top; }
.number, .name { font: 9.5pt/1.5 "DejaVu Sans Mono", Menlo, Consolas, monospace;
  white-space: nowrap; }
.number { text-align: right; }
.wrong { font-weight: bold; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
"""


def score(sheet: MarkedSheet) -> str:
    """How much is right, in words: `30 of 33 right, 2 wrong, 1 blank`."""
    unread = len(sheet.unreadable)
    counts = ((sheet.wrong, "wrong"), (sheet.blank, "blank"), (unread, "unreadable"))
    others = "".join(f", {number} {word}" for number, word in counts if number)
    return f"{sheet.right} of {sheet.of} right{others}"


def _advice(sheet: MarkedSheet) -> Iterator[str]:
    """What was misunderstood, and where: what is worth another look."""
    if sheet.numbers_of is not None:
        yield "These are the numbers of another worksheet: look at the seed in its title."
    for name in sheet.misunderstandings:
        made = (each for each in sheet.answers if each.verdict == MISTAKE)
        places = [each.question.name for each in made if each.mistakes[0] == name]
        more = f" and {counted(len(places) - 1, 'place more')}" if len(places) > 1 else ""
        yield f"It looks as if {KNOWN[name].words}: at {places[0]}{more}. {KNOWN[name].tip}"


def _sign(each: Marked, *, strict: bool) -> str:
    if each.verdict == BLANK:
        return ""
    return RIGHT_SIGN if is_right(each.verdict, strict=strict) else WRONG_SIGN


def page_text(sheet: MarkedSheet, title: str, *, strict: bool) -> Iterator[str]:
    """The page as lines of plain text."""
    yield f"{printable(sheet.name)} - {printable(title)} ({MADE_HERE})"
    yield ""
    if sheet.faults:
        yield from _faults(sheet)
        return
    yield score(sheet)
    yield from (f"- {text}" for text in _advice(sheet))
    yield ""
    rows = [
        (
            _sign(each, strict=strict),
            each.question.name,
            shorten(each.answer) or "·",
            right_is(each),
            each.message,
        )
        for each in sheet.answers
    ]
    yield from table(("", "quantity", "answer", "right is", "what became of it"), rows)


def _faults(sheet: MarkedSheet) -> Iterator[str]:
    yield "This sheet could not be marked:"
    yield from (
        f"- {fault.where or 'the file'}: {fault.found}; {fault.expected}" for fault in sheet.faults
    )


def page_html(sheet: MarkedSheet, title: str, *, strict: bool) -> Iterator[str]:
    """The page as lines of one HTML file that prints on A4: no scripts, nothing from elsewhere."""
    name = html_text(sheet.name)
    yield "<!DOCTYPE html>"
    yield '<html lang="en">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta name="generator" content="{MADE_HERE}">'
    yield '<meta name="viewport" content="width=device-width">'
    yield f"<title>{name}: {html_text(title)}</title>"
    yield f"<style>{STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield f"<h1>{name}</h1>"
    yield f"<p>{html_text(title)}</p>"
    if sheet.faults:
        yield from (f"<p>{html_text(line)}</p>" for line in _faults(sheet))
    else:
        yield f'<p class="score">{html_text(score(sheet))}</p>'
        advice = list(_advice(sheet))
        if advice:
            yield "<ul>"
            yield from (f"<li>{html_text(text)}</li>" for text in advice)
            yield "</ul>"
        yield from _html_table(sheet, strict=strict)
    yield "</body>"
    yield "</html>"


def _html_table(sheet: MarkedSheet, *, strict: bool) -> Iterator[str]:
    yield "<table>"
    heads = ("", "quantity", "your answer", "right is", "what became of it")
    yield f"<thead><tr>{''.join(f'<th>{each}</th>' for each in heads)}</tr></thead>"
    yield "<tbody>"
    for each in sheet.answers:
        sign = _sign(each, strict=strict)
        kind = ' class="wrong"' if sign == WRONG_SIGN else ""
        cells = (
            f"<td>{sign}</td>",
            f'<td class="name">{html_text(each.question.name)}</td>',
            f'<td class="number">{html_text(shorten(each.answer))}</td>',
            f'<td class="number">{html_text(right_is(each))}</td>',
            f"<td>{html_text(each.message)}</td>",
        )
        yield f"<tr{kind}>{''.join(cells)}</tr>"
    yield "</tbody>"
    yield "</table>"
