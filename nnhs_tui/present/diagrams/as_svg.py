"""A diagram as SVG, which needs no font of its own and no network."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from html import escape

from nnhs_tui.errors import printable
from nnhs_tui.present.diagrams.shapes import ADVANCE, LETTER, Diagram, Disc, Edge, Text
from nnhs_tui.present.text.html import html_text
from nnhs_tui.present.text.lines import cells
from nnhs_tui.present.text.svg import FONTS, MADE_HERE, Pen

HEAD = 9.0
"""The length of an arrow's head."""


def diagram_svg(
    diagram: Diagram, pen: Callable[[str], Pen], title: str, *, is_whole_file: bool = True
) -> str:
    """The diagram as an SVG element.

    Args:
        pen: how something with a role is drawn.
        title: for whoever cannot see it.
        is_whole_file: whether it is a file of its own, and not part of a page.
    """
    width, height = _number(diagram.width), _number(diagram.height)
    paper = pen("text").paper
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img"'
    whole = (f'<svg xmlns="http://www.w3.org/2000/svg" {size}>', MADE_HERE)
    parts = [
        *(whole if is_whole_file else (f"<svg {size}>",)),
        f"<title>{html_text(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="{paper}"/>',
        # What is in work lies on top of what crosses it.
        *(part for edge in sorted(diagram.edges, key=_is_hot) for part in _edge(edge, pen)),
        *(_disc(disc, pen) for disc in diagram.discs),
        f'<g font-family="{FONTS}" font-size="{LETTER}">',
        *(part for text in diagram.texts for part in _text(text, pen)),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _is_hot(edge: Edge) -> bool:
    return edge.is_hot


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _edge(edge: Edge, pen: Callable[[str], Pen]) -> Iterator[str]:
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in edge.points)
    width = 3 if edge.is_hot else 1.2
    ink = pen(edge.role).ink
    yield f'<polyline points="{points}" fill="none" stroke="{ink}" stroke-width="{width}"/>'
    if edge.is_hot:
        tip, behind = edge.points[:2] if edge.is_backward else edge.points[:-3:-1]
        yield _head(tip, behind, ink)


def _head(tip: tuple[float, float], behind: tuple[float, float], ink: str) -> str:
    """An arrow's head that points to `tip`."""
    length = math.hypot(tip[0] - behind[0], tip[1] - behind[1]) or 1
    along = (tip[0] - behind[0]) / length, (tip[1] - behind[1]) / length
    root = tip[0] - HEAD * along[0], tip[1] - HEAD * along[1]
    side = -along[1] * HEAD / 2, along[0] * HEAD / 2
    corners = (tip, (root[0] + side[0], root[1] + side[1]), (root[0] - side[0], root[1] - side[1]))
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
    return f'<polygon points="{points}" fill="{ink}"/>'


def _disc(disc: Disc, pen: Callable[[str], Pen]) -> str:
    usual = pen("text")
    width = 2.6 if disc.is_hot else 1.2
    place = (
        f'x="{_number(disc.x - disc.half_width)}" y="{_number(disc.y - disc.half_height)}" '
        f'width="{_number(2 * disc.half_width)}" height="{_number(2 * disc.half_height)}"'
    )
    look = f'fill="{usual.paper}" stroke="{usual.ink}" stroke-width="{width}"'
    return f'<rect {place} rx="{_number(disc.half_height)}" {look}/>'


def _text(text: Text, pen: Callable[[str], Pen]) -> Iterator[str]:
    its, usual = pen(text.role), pen("text")
    box = text.box
    if text.on_line or its.paper != usual.paper:
        place = f'x="{_number(box.left)}" y="{_number(box.top)}"'
        size = f'width="{_number(box.right - box.left)}" height="{_number(box.bottom - box.top)}"'
        yield f'<rect {place} {size} fill="{its.paper}"/>'
    anchor = ' text-anchor="middle"' if text.is_centred else ""
    bold = ' font-weight="bold"' if its.bold else ""
    y = text.y + 0.35 * LETTER
    place = f'x="{_number(text.x)}" y="{_number(y)}"'
    written = escape(printable(text.text), quote=False)
    yield f'<text {place} fill="{its.ink}"{anchor}{bold} xml:space="preserve">{written}</text>'
    if its.underline:
        half = cells(text.text) * ADVANCE / 2
        left = text.x - half if text.is_centred else text.x
        line = f"M{_number(left)} {_number(y + 3)}h{_number(2 * half)}"
        yield f'<path d="{line}" stroke="{its.ink}" stroke-width="1.2"/>'
