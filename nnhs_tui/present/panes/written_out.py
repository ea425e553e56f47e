"""A step of a neuron or a layer written out, number by number."""

from __future__ import annotations

from collections.abc import Sequence

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, Step
from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.labels import LEVEL, PHASE
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.panes.coming_out import beside, equation_with_more, formula_with_more
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.panes.focus import layer_in_work
from nnhs_tui.present.text.lines import Line, line_cells, merge, run, wrap
from nnhs_tui.present.text.more_decimals import together
from nnhs_tui.present.text.notation import bracketed, equals, numeral


def path(scene: Scene) -> str:
    """Where the step is in the tree of levels: `backward › hidden › neuron 2 › ∂L/∂w12`."""
    owner, neuron = scene.step.group
    parts = [PHASE[scene.phase], owner]
    if scene.level != "layer" and neuron:
        parts.append(f"{LEVEL['neuron']} {neuron}")
    elif scene.level != "layer" and scene.step.is_join and not scene.run.tape.is_graph:
        parts.append("inputs")
    if scene.level == "node":
        parts.append(explain_step(scene, scene.step).result)
    return " › ".join(dict.fromkeys(parts))


def written(scene: Scene, width: int, start: int, room: int) -> tuple[list[Line], int]:
    """(at most `room` lines from the `start`-th on, how many there are in all).

    A layer may have thousands: only those that are shown are written.
    """
    layer = layer_in_work(scene)
    if scene.phase == FORWARD and layer is not None and scene.level == "neuron":
        lines = _dot_product(scene, layer, width)
        return lines[start : start + room], len(lines)
    first, stop = scene.span
    schedule = scene.run.schedule
    shown: Sequence[int] = range(first, stop)
    if scene.phase == BACKWARD and layer is not None and stop - first < MANY:
        # What goes from a sum to its products is the same number again.
        shown = [k for k in shown if not _hands_on(scene, schedule.step(k))]
    begin = min(start, max(0, len(shown) - room))
    told = [_full_line(scene, schedule.step(k), width) for k in shown[begin : begin + room]]
    return told, len(shown)


MANY = 2000
"""Steps from which on none is left out: looking at each would take long."""


def _hands_on(scene: Scene, step: Step) -> bool:
    tape = scene.run.tape
    if step.is_join or step.target is None or tape.opname(step.node) != "sum":
        return False
    return step.target >= tape.parameters


def _full_line(scene: Scene, step: Step, width: int) -> Line:
    """The line, and behind it its numbers with more decimals where they do not come out.

    The symbols make room for them, then the longer way of the numbers.
    """
    line, more = _line(scene, step, width), formula_with_more(scene, step)
    for least in (0, NUMBERS, SHORTEST) if more else ():
        (both,), left = beside([_line(scene, step, width, least)], more, width)
        if not left:
            return both
    return line


NUMBERS, SHORTEST = 2, 3
"""Places among the ways to write the middle of a line: no symbols; the last of several sides."""


def _line(scene: Scene, step: Step, width: int, least: int = 0) -> Line:
    """`∂L/∂w11 = ∂L/∂p11 · x1 = 0.12 · 1.00 = 0.12`; where it is narrow less of the middle.

    Args:
        least: how many of the ways to write the middle are passed over.
    """
    told = explain_step(scene, step)
    role = "backward" if step.phase == BACKWARD else "text"
    value = scene.show(told.value)
    end: Line = ((f" {equals(scene, told.value)} ", "text"), run(value, f"{role} changed"))
    numbers = "" if told.numbers == value else told.numbers
    short = numbers.rpartition(" = ")[2]
    both = f"{told.formula} = " if numbers else told.formula
    middles = (both + numbers, both + short, numbers, short, "")
    for middle in dict.fromkeys(middles[least:]):
        between: Line = (("" if not middle else " = ", "text"), run(middle))
        line = merge((run(told.result, role), *between, *end))
        if line_cells(line) <= width:
            return line
    return line


def _dot_product(scene: Scene, layer: LayerBlock, width: int) -> list[Line]:
    """z = x·w with every number put in, the products, the sum; and what is made of it."""
    schedule = scene.run.schedule
    steps = [schedule.step(index) for index in range(*scene.span)]
    j = steps[0].group[1] - 1
    lines: list[Line] = []
    more = ""
    if any(step.node == layer.z(j) for step in steps):
        lines, more = beside(
            _sum_lines(scene, layer, j, width), _sum_with_more(scene, layer, j), width
        )
    for step in steps:
        if step.node > layer.z(j):
            lines += wrap(_full_line(scene, step, width), width, 4)
    return lines + (wrap((run(together((more,)), "dim"),), width, 4) if more else [])


def _put_in(scene: Scene, layer: LayerBlock, j: int) -> tuple[list[str], list[str]]:
    """The terms of a neuron's sum as numbers: as products of two, and multiplied."""
    value = scene.record.value

    def number(node: int) -> str:
        return bracketed(numeral(scene, value[node]))

    numbers = [f"{number(layer.x(i))}·{number(layer.w(i, j))}" for i in range(layer.n)]
    products = [number(layer.product(i, j)) for i in range(layer.n)]
    bias = [] if layer.bias is None else [number(layer.bias + j)]
    return [*numbers, *bias], [*products, *bias]


def _sum_with_more(scene: Scene, layer: LayerBlock, j: int) -> str:
    """The sum with more decimals where it does not come out."""
    total = OPERATIONS["sum"].formula

    def written(here: Scene) -> str:
        sides = dict.fromkeys(total(each) for each in _put_in(here, layer, j))
        return f"{' = '.join(sides)} = {here.show(here.record.value[layer.z(j)])}"

    return equation_with_more(scene, written)


def _sum_lines(scene: Scene, layer: LayerBlock, j: int, width: int) -> list[Line]:
    value, names, within = scene.record.value, scene.names, layer.name
    total = OPERATIONS["sum"].formula
    pairs = [(layer.x(i), layer.w(i, j)) for i in range(layer.n)]
    symbols = [f"{names.symbol(x, within)}·{names.symbol(w, within)}" for x, w in pairs]
    if layer.bias is not None:
        symbols.append(names.symbol(layer.bias + j, within))
    numbers, products = _put_in(scene, layer, j)
    z = layer.z(j)
    head = names.symbol(z, within)
    space = " " * len(head)
    sign = equals(scene, value[z])
    result = run(scene.show(value[z]), "text changed")
    lines = wrap((run(f"{head} = {total(symbols)}"),), width, len(head) + 3)
    lines += wrap((run(f"{space} = {total(numbers)}"),), width, len(head) + 3)
    if len(products) == 1:
        return [*lines, (run(f"{space} {sign} "), result)]
    return lines + wrap((run(f"{space} = {total(products)} {sign} "), result), width, len(head) + 3)
