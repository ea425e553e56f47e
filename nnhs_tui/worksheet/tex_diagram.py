"""A diagram as TeX's own picture, which needs no package."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from nnhs_tui.present.diagrams.shapes import Diagram, Disc, Edge, Point, Text
from nnhs_tui.worksheet.tex_text import tex_formula

ARCS = 4
"""Curves of half a circle: a quadratic one of 45 degrees is a circle's to 3 in 1,000."""
UNIT = 0.22
"""Millimetres of a pixel at most."""
WIDEST = 172.0
"""Millimetres of a line; what is wider is made smaller, its letters too."""
SMALLER = ((0.85, "footnotesize"), (0.65, "scriptsize"), (0.0, "tiny"))
"""From which part of its size on a diagram has which letters."""


def tex_diagram(diagram: Diagram) -> Iterator[str]:
    """The lines of a diagram: edges lie lowest, texts on top."""
    height = diagram.height
    unit = min(UNIT, WIDEST / diagram.width)
    letters = next(name for least, name in SMALLER if unit >= least * UNIT)
    yield rf"{{\setlength{{\unitlength}}{{{unit:.4f}mm}}\setlength{{\fboxsep}}{{1pt}}\{letters}\par"
    yield rf"\begin{{picture}}({_number(diagram.width)},{_number(height)})"
    for edge in diagram.edges:
        yield from _edge(edge, height)
    for disc in diagram.discs:
        yield from _disc(disc, height)
    yield from (_text(text, height) for text in diagram.texts)
    yield r"\end{picture}\par}"


def _curve(start: Point, over: Point, end: Point, height: float) -> str:
    """A quadratic Bézier curve: TeX's own lines and circles have few slopes and sizes."""
    points = (start, over, end)
    return rf"\qbezier{''.join(f'({_number(x)},{_number(height - y)})' for x, y in points)}"


def _line(start: Point, end: Point, height: float) -> str:
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return _curve(start, middle, end, height)


def _edge(edge: Edge, height: float) -> Iterator[str]:
    for start, end in pairwise(edge.points):
        yield _line(start, end, height)


def _disc(disc: Disc, height: float) -> Iterator[str]:
    """A circle, or a box with round ends: each end in four arcs, each tangent to the next."""
    radius = disc.half_height
    reach = max(0.0, disc.half_width - radius)
    for side in (1, -1):
        middle = disc.x + side * reach
        for step in range(ARCS):
            first, last = (math.pi * (each / ARCS - 0.5) for each in (step, step + 1))
            start, end = (
                (middle + side * radius * math.cos(angle), disc.y + radius * math.sin(angle))
                for angle in (first, last)
            )
            further = radius / math.cos((last - first) / 2)
            half = (first + last) / 2
            over = middle + side * further * math.cos(half), disc.y + further * math.sin(half)
            yield _curve(start, over, end, height)
    if reach:
        for y in (disc.y - radius, disc.y + radius):
            yield _line((disc.x - reach, y), (disc.x + reach, y), height)


def _text(text: Text, height: float) -> str:
    place = f"{_number(text.x)},{_number(height - text.y)}"
    side = "" if text.is_centred else "[l]"
    told = rf"\ttfamily {tex_formula(text.text)}"
    told = rf"\colorbox{{white}}{{{told}}}" if text.on_line else f"{{{told}}}"
    return rf"\put({place}){{\makebox(0,0){side}{{{told}}}}}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
