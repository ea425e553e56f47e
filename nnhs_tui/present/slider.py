"""Drawing a slider: the loss along one number, the point one is at, and the tangent there."""

from __future__ import annotations

import math

from nnhs_tui.boundary.field import right
from nnhs_tui.boundary.plane import Plane, edge_of, has_boundary, points_of
from nnhs_tui.debugger.slider import RATE_PLACE, STRIDES, Slider
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.numerals import plain, shown
from nnhs_tui.present.boundary import drawn_plane
from nnhs_tui.present.text.lines import Line, clip, merge, run, title, wrap
from nnhs_tui.present.text.notation import objective
from nnhs_tui.present.text.plot import Plot

MORE = 2
"""Decimals beyond those of the scenario."""
LEAST_PLANE = 6
"""Rows from which on a boundary can be read."""


def draw_slope(slider: Slider, width: int, height: int) -> list[Line]:
    """The curve with its tangent, `width` × `height` cells."""
    of, low, high = objective(slider.session.scene()), *slider.range
    rows = max(1, height - 2)
    count = 2 * max(8, width)
    xs = [low + (high - low) * k / count for k in range(count + 1)]
    losses = [slider.loss(x) for x in xs]
    finite = [each for each in losses if math.isfinite(each)]
    here = float(slider.value)
    try:
        loss, slope = slider.at(here)
    except ComputationError as error:
        return [
            title("", f"{of} along {slider.name}", width),
            *wrap((run(str(error), "error"),), width),
        ]
    bottom, top = min([*finite, loss]), max([*finite, loss])
    air = 0.06 * (top - bottom) or 0.5
    plot = Plot(width, rows, (low, high), (bottom - air, top + air))
    plot.points(zip(xs, losses, strict=True), "text")
    plot.points([(x, loss + slope * (x - here)) for x in (low, here, high)], "mark")
    plot.sign(here, loss, "●", "current")
    ends, far = plain_short(low), plain_short(high)
    axis = (run(ends, "dim"), run(" " * max(1, width - len(ends) - len(far))), run(far, "dim"))
    head = title("", f"{of} along {slider.name}", width)
    return [head, *plot.lines(), clip(axis, width)][:height]


def plain_short(value: float) -> str:
    """The end of an axis."""
    return f"{value:.3g}"


def draw_slider_told(
    slider: Slider, width: int, height: int, *, has_dots: bool = True
) -> list[Line]:
    """The number, the loss there, and the slope of the tangent."""
    scene = slider.session.scene()
    of, digits = objective(scene), min(6, slider.session.digits + MORE)
    lines: list[Line] = [title("", slider.name, width)]
    lines.append((run(f"{slider.name} = {plain(slider.value)}", "title"),))
    lines.append((run(f"at first {plain(slider.start)}", "dim"),))
    try:
        loss, slope = slider.at(float(slider.value))
    except ComputationError as error:
        return [*lines, *wrap((run(str(error), "error"),), width)][:height]
    is_rate = slider.place == RATE_PLACE
    when = " after the update" if is_rate else ""
    lines.append((run(f"{of}{when} = {shown(loss, digits)}"),))
    role = "text" if is_rate else "backward parameter"
    symbol = (
        slider.name if is_rate else scene.names.symbol(slider.place, slider.session.layer_in_work)
    )
    what = f"∂{of}/∂{symbol}"
    lines.append((run(f"slope {what} = "), run(shown(slope, digits), role)))
    direction = "grows" if slope > 0 else "falls" if slope < 0 else "stays"
    told = f"A little more of it, and {of} {direction}: the tangent has this slope."
    lines += [(), *wrap((run(told),), width)]
    lines += [(), *wrap((run(f"a key moves it by {plain(STRIDES[slider.stride])}", "dim"),), width)]
    lines += _boundary(slider, width, height - len(lines), has_dots=has_dots)
    return [clip(line, width) for line in lines[:height]]


def _boundary(slider: Slider, width: int, height: int, *, has_dots: bool) -> list[Line]:
    """Of two classes in the plane: where the network says which one, with the number moved to."""
    tape = slider.session.tape
    if height < LEAST_PLANE or not has_boundary(tape):
        return []
    plane = Plane(tape, slider.parameters)
    points = points_of(slider.session.run, slider.session.round)
    cells = drawn_plane(plane, points, width, height - 1, edge_of(points), has_dots=has_dots)
    head = title("", "the boundary", width, f"{right(plane, points)} of {len(points)} right")
    return [head, *map(merge, cells)]
