"""A sheet as Markdown, with the tables of GitHub's dialect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nnhs_tui.errors import printable
from nnhs_tui.worksheet.sheet import Cell, Grid, Part, Sheet

BLANK = "________"
_SPECIAL = re.compile(r"([\\`*_{}\[\]#|~$])")
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def markdown(sheet: Sheet) -> str:
    """The sheet as a text."""
    return "\n".join(_lines(sheet)) + "\n"


def escaped(text: str) -> str:
    r"""Text that Markdown shows as it is.

    >>> escaped("<b>[b]_")
    '&lt;b&gt;\\[b\\]\\_'
    """
    return _SPECIAL.sub(r"\\\1", printable(text).translate(_ENTITIES))


def code(text: str) -> str:
    """Text in one width. No name and no formula holds a backtick, but a file may hold anything."""
    return f"`{printable(text).replace('`', chr(39)).replace('|', '¦')}`"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"# {escaped(sheet.title)}{': answers' if sheet.is_key else ''}"
    yield ""
    if not sheet.is_key or sheet.pupil:
        name = escaped(sheet.pupil) or "_" * 30
        yield f"Name: {name}{'' if sheet.is_key else f'  Date: {chr(95) * 16}'}"
        yield ""
    yield from (f"- **{escaped(rule)}**" for rule in sheet.rules)
    yield ""
    yield "## Given"
    yield ""
    if sheet.drawing:
        yield from ("```text", *map(printable, sheet.drawing), "```")
        yield ""
    if sheet.drawn:
        yield f"({escaped(sheet.drawn)})"
        yield ""
    yield from (f"- {escaped(fact)}" for fact in sheet.facts)
    yield ""
    for part in sheet.given:
        yield from _part(part, "###")
    for part in sheet.parts:
        yield from _part(part, "##")


def _part(part: Part, level: str) -> Iterator[str]:
    yield f"{level} {escaped(part.title)}"
    yield ""
    for grid in part.grids:
        yield from _grid(grid)
    if part.solutions:
        yield "How they are found:"
        yield ""
        for solution in part.solutions:
            yield f"- {code(solution.name)}"
            yield from (f"  - {code(line)}" for line in solution.written)
        yield ""


def _grid(grid: Grid) -> Iterator[str]:
    """A table; a row of numbers has their names as its head, a matrix its indices."""
    if grid.label:
        yield f"**{code(grid.label)}** ({escaped(grid.shape)})"
        yield ""
    heads = list(map(code, grid.columns))
    body = [list(map(_entry, cells)) for _, cells in grid.rows]
    if grid.is_matrix:
        heads.insert(0, "row, column")
        for row, (name, _) in zip(body, grid.rows, strict=True):
            row.insert(0, f"**{code(name)}**")
    yield _row(heads)
    yield _row([":-:"] * len(heads))
    yield from map(_row, body)
    yield ""


def _entry(cell: Cell) -> str:
    if not cell.asked:
        return cell.text
    return f"**{cell.text}**" if cell.text else BLANK


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
