"""Drawing the boundary: the two sides, the line between them, the points, and what is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from nnhs_tui.boundary.field import HALF, Says, cell_of, edge_dots, outputs, plane_size, right
from nnhs_tui.boundary.net import BoundaryNet
from nnhs_tui.boundary.points import EDGE, Points
from nnhs_tui.boundary.table import Table
from nnhs_tui.labels import counted
from nnhs_tui.operations.numerals import shown
from nnhs_tui.present.text.lines import Line, Run, clip, merge, run, title, wrap
from nnhs_tui.present.text.plot import DOTS, sparkline

WIDE = 36
"""Columns of a panel from which on its title is written out."""
SIDE = ":"
"""Fills the side of the class x."""
KINDS = ("o", "x")
"""The signs of the classes 0 and 1."""
DECIMALS = 2
MOST_UNITS = 8
"""Hidden units whose numbers are listed."""


def draw_panel(
    table: Table, net: BoundaryNet, width: int, height: int, *, has_dots: bool
) -> list[Line]:
    """One net: the plane with its points, `width` × `height` cells, its title in the first row."""
    count, own = len(table.points), right(net, table.points)
    is_wide = width >= WIDE
    head = f"2→{net.units}→1 {net.activation}" if is_wide else f"{net.units} {net.activation}"
    note = f"{own} of {count} right" if is_wide else f"{own}/{count}"
    lines = [title("", head, width, note)]
    cells = drawn_plane(net, table.points, width, height - 1, has_dots=has_dots)
    row, column = cell_of(table.x, table.y, len(cells[0]), len(cells))
    text, _ = cells[row][column]
    cells[row][column] = (text if text in KINDS else "+", "current")
    return lines + [merge(line) for line in cells]


def drawn_plane(
    net: Says, points: Points, width: int, height: int, edge: float = EDGE, *, has_dots: bool
) -> list[list[Run]]:
    """The cells of a square of at most `width` × `height`, with the points in it."""
    columns, rows = plane_size(width, height)
    cells = _sides(net, columns, rows, edge, has_dots=has_dots)
    for row, column, sign in _signs(net, points, columns, rows, edge):
        cells[row][column] = sign
    return cells


def _sides(net: Says, columns: int, rows: int, edge: float, *, has_dots: bool) -> list[list[Run]]:
    """The two sides, and the line between them in dots."""
    fine = outputs(net, 2 * columns, 4 * rows, edge)
    line = edge_dots(fine)
    weights = np.array(DOTS)
    bits = (line.reshape(rows, 4, columns, 2) * weights[None, :, None, :]).sum(axis=(1, 3))
    above = fine.reshape(rows, 4, columns, 2).mean(axis=(1, 3)) > HALF
    pairs = (zip(*each, strict=True) for each in zip(bits.tolist(), above.tolist(), strict=True))
    return [[_cell(bit, side, has_dots=has_dots) for bit, side in row] for row in pairs]


def _cell(bits: int, is_above: bool, *, has_dots: bool) -> Run:
    if bits:
        return (chr(0x2800 + bits) if has_dots else "#"), "changed"
    return (SIDE, "dim") if is_above else (" ", "text")


def _signs(
    net: Says, points: Points, columns: int, rows: int, edge: float
) -> list[tuple[int, int, Run]]:
    """The points; those on the wrong side are marked."""
    said = net.output(points.x) > HALF
    found = []
    for (x, y), t, is_above in zip(
        points.x.tolist(), points.t.tolist(), said.tolist(), strict=True
    ):
        row, column = cell_of(x, y, columns, rows, edge)
        is_right = is_above == (t > HALF)
        found.append((row, column, (KINDS[int(t)], "title" if is_right else "error current")))
    # What is wrong lies on top.
    return sorted(found, key=lambda each: each[2][1] != "title")


def draw_told(table: Table, width: int, height: int, *, pace: int, is_playing: bool) -> list[Line]:
    """How far the training is, and the forward pass of the point under the pointer."""
    net = table.net
    loss = net.loss(table.points)
    lines: list[Line] = [title("", "training", width, "running" if is_playing else "")]
    lines += [
        (run(f"epoch {net.epoch:,}", "title"), run(f"   loss {shown(loss, 4)}")),
        (run(sparkline(_thinned(net.losses, width), width)),),
        (run(f"{len(table.points)} points, {table.kind}, seed {table.seed}", "dim"),),
        (run(f"learning rate {net.rate:g}", "dim"),),
        (run(f"{counted(pace, 'epoch')} at a time", "dim"),),
        (),
        title("", "under the pointer", width),
    ]
    lines += _forward(table, net, width)
    return [clip(line, width) for line in lines[:height]]


def _thinned(losses: Sequence[float], width: int) -> list[float]:
    """At most so many of them, evenly taken."""
    if len(losses) <= width:
        return list(losses)
    return [losses[len(losses) * k // width] for k in range(width)]


def _forward(table: Table, net: BoundaryNet, width: int) -> list[Line]:
    """x, then each hidden unit's sum and what becomes of it, then the output."""
    x = np.array([[table.x, table.y]])
    z, a = net.hidden(x)
    lines: list[Line] = [(run(f"x1 = {_number(table.x)}, x2 = {_number(table.y)}"),)]
    for place, (own, made) in enumerate(zip(z[0].tolist(), a[0].tolist(), strict=True), 1):
        if place > MOST_UNITS:
            lines.append((run(f"… and {net.units - MOST_UNITS} more", "dim"),))
            break
        lines.append((run(f"z{place} = {_number(own)}  a{place} = {_number(made)}"),))
    total = float((a @ net.weights.output + net.weights.output_bias)[0, 0])
    out = float(net.output(x)[0])
    side = KINDS[int(out > HALF)]
    lines += wrap(
        (run(f"output {_number(out)} = σ({_number(total)}): on the side of {side}", "title"),),
        width,
    )
    if table.held is not None:
        lines.append((run("a point is carried: g puts it down", "key"),))
    return lines


def _number(value: float) -> str:
    return shown(value, DECIMALS)


def draw_boundary_head(table: Table, width: int) -> Line:
    """What is shown."""
    told = f"three pictures · epoch {table.net.epoch:,}" if table.are_three else "one net"
    return clip(
        (
            run("the boundary", "title"),
            run(f" · {told} · "),
            run("o, x: two classes; : side of x", "dim"),
        ),
        width,
    )


def panel_width(width: int, nets: int) -> int:
    """Columns of each of some panels side by side."""
    return max(8, (width - nets + 1) // nets)


def beside(panels: Sequence[list[Line]], widths: Sequence[int]) -> list[Line]:
    """Panels side by side, a space between them."""
    tall = max(map(len, panels))
    lines: list[Line] = []
    for row in range(tall):
        parts: list[Run] = []
        for panel, width in zip(panels, widths, strict=True):
            line = panel[row] if row < len(panel) else ()
            used = "".join(text for text, _ in line)
            parts += [*line, (" " * (width - len(used) + 1), "text")]
        lines.append(merge(parts[:-1]))
    return lines


SVG_SIZE, GRID = 320, 64
"""Of a panel, and how finely its sides are drawn."""
COARSE = 32
"""The same within a page."""
BOUNDARY_SAID = "the boundary: where the network says which class, with the samples as points"


def boundary_svg(table: Table, name: str) -> str:
    """The panels as an SVG picture, which needs no font of its own."""
    heads = [f"2→{net.units}→1 {net.activation}, epoch {net.epoch:,}" for net in table.nets]
    about = [name, "<title>the boundary</title>"]
    attributes = 'xmlns="http://www.w3.org/2000/svg"'
    return f"{_svg(attributes, about, table.nets, heads, table.points, EDGE, GRID)}\n"


def plane_svg(nets: Sequence[Says], heads: Sequence[str], points: Points, edge: float) -> str:
    """The same points under a few nets as an SVG element that stands in a page."""
    attributes = f'class="boundary" role="img" aria-label="{BOUNDARY_SAID}"'
    return _svg(attributes, (), nets, heads, points, edge, COARSE)


def _svg(
    attributes: str,
    about: Iterable[str],
    nets: Sequence[Says],
    heads: Iterable[str],
    points: Points,
    edge: float,
    grid: int,
) -> str:
    """Panels side by side on white.

    Args:
        about: elements that are not seen.
    """
    wide, tall = len(nets) * (SVG_SIZE + 20) + 20, SVG_SIZE + 50
    size = f'width="{wide}" height="{tall}"'
    parts = [f'<svg {attributes} {size} viewBox="0 0 {wide} {tall}">', *about]
    parts.append(f'<rect {size} fill="#fff"/>')
    for place, (net, head) in enumerate(zip(nets, heads, strict=True)):
        parts += _svg_panel(net, points, head, 20 + place * (SVG_SIZE + 20), edge, grid)
    return "\n".join([*parts, "</svg>"])


def _svg_panel(
    net: Says, points: Points, head: str, left: int, edge: float, grid: int
) -> list[str]:
    """One net as a group of shapes; what stands beside each other and is alike is one of them."""
    size = SVG_SIZE / grid
    parts = [f'<g transform="translate({left},30)">']
    parts.append(f'<text y="-10" font-family="sans-serif" font-size="15" fill="#000">{head}</text>')
    # From white to blue, as sure as the net is.
    shades = np.rint(255 - 110 * outputs(net, grid, grid, edge)).astype(int)
    for row, values in enumerate(shades.tolist()):
        for column, count in _alike(values):
            shade = values[column]
            across = f'x="{column * size:g}" width="{count * size:g}"'
            place = f'{across} y="{row * size:g}" height="{size:g}"'
            parts.append(f'<rect {place} fill="rgb({shade},{shade},255)"/>')
    fine = edge_dots(outputs(net, 4 * grid, 4 * grid, edge))
    dot = size / 4
    moves = [
        f"M{column * dot:g} {row * dot:g}h{1.6 * dot:g}v{1.6 * dot:g}h{-1.6 * dot:g}z"
        for row, column in np.argwhere(fine).tolist()
    ]
    if moves:
        parts.append(f'<path class="line" d="{"".join(moves)}"/>')
    for (x, y), t in zip(points.x.tolist(), points.t.tolist(), strict=True):
        across, down = (x / edge + 1) / 2 * SVG_SIZE, (1 - y / edge) / 2 * SVG_SIZE
        if t > HALF:
            arms = f"M{across - 3:g} {down - 3:g}l6 6m0-6l-6 6"
            parts.append(f'<path d="{arms}" stroke="#000" stroke-width="1.5"/>')
        else:
            circle = f'cx="{across:g}" cy="{down:g}" r="3"'
            parts.append(f'<circle {circle} fill="#fff" stroke="#000" stroke-width="1.2"/>')
    return [*parts, "</g>"]


def _alike(values: Sequence[int]) -> list[tuple[int, int]]:
    """Where a run of equal values begins, and how long it is."""
    found: list[tuple[int, int]] = []
    for _, run_of in groupby(range(len(values)), key=values.__getitem__):
        places = list(run_of)
        found.append((places[0], len(places)))
    return found
