"""A screen of characters as an SVG picture, which needs no font of its own and no network.

Every letter says where it stands, so that columns stay columns in whatever font there is. Rules,
bars and the dots of curves are not left to a font at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from nnhs_tui.present.text.svg_shapes import HEIGHT, WIDTH, areas, is_shape, lines

MARGIN = 12
BASELINE, UNDERLINE = 18, 21
"""How far below the upper edge of a row letters stand, and the line that underlines them."""
FONTS = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace"
FONT_SIZE = 20
"""A letter of such a font is 0.6 times as wide as the font is high: as a cell."""
MADE_HERE = "<!-- made by nnhs-tui picture -->"
"""Stands in every picture, so that it is known which files may be drawn over."""


@dataclass(frozen=True)
class Pen:
    """What a cell is drawn with; colours are written #rrggbb."""

    ink: str
    paper: str
    bold: bool = False
    underline: bool = False


Cell = tuple[str, Pen]
"""One character, with what has no width; "" in the second cell of a wide one."""
Row = Sequence[Cell]


def svg(rows: Sequence[Row], paper: str, title: str) -> str:
    """The picture of a screen.

    Args:
        rows: as many cells in each as in the first.
        paper: the colour behind and around it.
        title: for whoever cannot see it.
    """
    wide = len(rows[0]) * WIDTH + 2 * MARGIN
    high = len(rows) * HEIGHT + 2 * MARGIN
    place = f'x="{-MARGIN}" y="{-MARGIN}" width="{wide}" height="{high}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" '
        f'viewBox="{-MARGIN} {-MARGIN} {wide} {high}">',
        MADE_HERE,
        f"<title>{escape(title)}</title>",
        f'<rect {place} fill="{paper}"/>',
        *_papers(rows, paper),
        *_shapes(rows),
        f'<g font-family="{FONTS}" font-size="{FONT_SIZE}">',
        *_texts(rows),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _runs(row: Row, kind: Callable[[Pen], Hashable]) -> Iterator[tuple[int, int, Pen]]:
    """Stretches of cells of one kind: column, width, and the pen of the first."""
    x = 0
    for _, cells in groupby(row, lambda cell: kind(cell[1])):
        found = list(cells)
        yield x, len(found), found[0][1]
        x += len(found)


def _papers(rows: Sequence[Row], paper: str) -> Iterator[str]:
    """What is behind cells that have a paper of their own."""
    for y, row in enumerate(rows):
        for x, width, pen in _runs(row, lambda pen: pen.paper):
            if pen.paper != paper:
                place = f'x="{x * WIDTH}" y="{y * HEIGHT}" width="{width * WIDTH}"'
                yield f'<rect {place} height="{HEIGHT}" fill="{pen.paper}"/>'


def _shapes(rows: Sequence[Row]) -> Iterator[str]:
    """Lines and areas. All of one colour are one path: no seams are seen between cells."""
    strokes: dict[str, list[str]] = defaultdict(list)
    fills: dict[str, list[str]] = defaultdict(list)
    for y, row in enumerate(rows):
        for x, (sign, pen) in enumerate(row):
            strokes[pen.ink].append(lines(sign, x * WIDTH, y * HEIGHT))
            fills[pen.ink].append(areas(sign, x * WIDTH, y * HEIGHT))
        for x, width, pen in _runs(row, lambda pen: (pen.underline, pen.ink)):
            if pen.underline:
                under = f"M{x * WIDTH} {y * HEIGHT + UNDERLINE}h{width * WIDTH}"
                strokes[pen.ink].append(under)
    for ink, paths in strokes.items():
        if path := "".join(paths):
            look = 'stroke-width="1.5" stroke-linecap="square" fill="none"'
            yield f'<path d="{path}" stroke="{ink}" {look}/>'
    for ink, paths in fills.items():
        if path := "".join(paths):
            yield f'<path d="{path}" fill="{ink}"/>'


def _texts(rows: Sequence[Row]) -> Iterator[str]:
    for y, row in enumerate(rows):
        for text, columns, pen in _phrases(row):
            places = " ".join(str(column * WIDTH) for column in columns)
            bold = ' font-weight="bold"' if pen.bold else ""
            yield (
                f'<text x="{places}" y="{y * HEIGHT + BASELINE}" fill="{pen.ink}"{bold}>'
                f"{escape(text, quote=False)}</text>"
            )


def _phrases(row: Row) -> Iterator[tuple[str, list[int], Pen]]:
    """Words drawn alike with one blank between them, and the column of every character.

    More blanks would be taken for one.
    """
    text, columns, pen, end = "", list[int](), Pen("", ""), 0
    is_open = False
    """Whether the phrase can go on."""
    for x, (sign, its) in enumerate(row):
        if not sign or sign.isspace() or is_shape(sign):
            continue
        # What takes more than one character, or more than 16 bits, is counted in several ways.
        is_plain = len(sign) == 1 and ord(sign) < 0x10000
        alike = (its.ink, its.bold) == (pen.ink, pen.bold)
        if is_open and is_plain and alike and x - end <= 1:
            text += " " * (x - end)
            columns += range(end, x)
        else:
            if text:
                yield text, columns, pen
            text, columns, pen = "", [], its
        text += sign
        columns.append(x)
        is_open = is_plain
        end = x + 1 + (x + 1 < len(row) and not row[x + 1][0])
    if text:
        yield text, columns, pen
