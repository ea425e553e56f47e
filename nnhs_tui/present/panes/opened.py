"""An opened operation: the smaller steps it is made of, and its curve with the tangent."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.commands.panes import MATRICES, STEP
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.sub_steps import inside, inside_slope, open_place, texts_of
from nnhs_tui.labels import counted
from nnhs_tui.operations.numerals import shown
from nnhs_tui.operations.operation import Operation, SubStep
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.text.lines import Line, clip, run, title, wrap
from nnhs_tui.present.text.notation import bracketed, equals, numeral
from nnhs_tui.present.text.plot import Plot
from nnhs_tui.scenario.reading.limits import MAX_DIGITS

MORE = 2
"""Decimals that numbers inside have more than those of steps."""


def draw_inside(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The smaller steps of the operation in work, forward or of its local derivative."""
    node, is_backward = scene.step.node, scene.phase == BACKWARD
    record, opname = scene.record, scene.run.tape.opname(scene.step.node)
    steps = inside_slope(record, node) if is_backward else inside(record, node)
    place = open_place(scene.run.tape, node) or 0
    z = scene.run.tape.operands(node)[place]
    known = {"z": record.value[z], "a": record.value[node]}
    names = {
        "z": scene.names.symbol(int(z), scene.step.group[0]),
        "a": scene.names.symbol(node, scene.step.group[0]),
    }
    lines: list[Line] = []
    for step in steps:
        lines += wrap(_written(scene, step, names, known, step is steps[-1]), width, 2)
        known[step.symbol] = step.value
    lines += wrap((run(_note(scene, is_backward, opname, names["a"]), "dim"),), width)
    start = min(max(0, scroll[0]), max(0, len(lines) - (height - 1)))
    what = f"the slope of {names['a']}" if is_backward else names["a"]
    hidden = len(lines) - start - (height - 1)
    note = f"{counted(hidden, 'line more')}: J" if hidden > 0 else "r closes it"
    operation = OPERATIONS[opname]
    made = f"{opname}({names['z']})"
    if not operation.is_single:
        made = operation.formula(texts_of(scene.run.tape, node, place, names["z"]))
    head = title(STEP.number, f"inside {what} = {made}", width, note)
    return [head, *lines[start : start + height - 1]]


def _note(scene: Scene, is_backward: bool, opname: str, result: str) -> str:
    told = "The slope of the tangent is the local derivative." if is_backward else ""
    if scene.run.arithmetic.name == "hand":
        return f"{told} One step: it is rounded once, at its end.".strip()
    return told or f"One step of the pass: {opname} gives {result} in one go."


def _written(
    scene: Scene, step: SubStep, names: dict[str, str], known: dict[str, Any], is_last: bool
) -> Line:
    """`B = exp(A) = exp(-0.3000) ≈ 0.7408`."""
    digits = min(MAX_DIGITS, scene.digits + MORE)

    def number(key: str) -> str:
        # By hand z and a have been rounded, and more decimals of them would be zeros.
        is_rounded = key in ("z", "a") and scene.run.arithmetic.name == "hand"
        return bracketed(numeral(scene, known[key]) if is_rounded else shown(known[key], digits))

    symbols = _filled(step.formula, lambda key: f"({key})" if " " in key else names.get(key, key))
    numbers = _filled(step.formula, number)
    numbers = re.sub(r"(\w)\(\((-[^()]*)\)\)", r"\1(\2)", numbers).replace("--", "")
    result = scene.show(step.value) if is_last else shown(step.value, digits)
    sign = equals(scene, step.value) if is_last else _equals(step.value, digits)
    symbol = names.get(step.symbol, step.symbol)
    head = (run(f"{symbol} = "), run(f"{symbols} = "))
    says_more = numbers.strip("()") != result and numbers != symbols
    middle = (run(f"{numbers} {sign} "),) if says_more else ()
    return (*head, *middle, run(result, "changed" if is_last else "text"))


def _filled(formula: str, text: Any) -> str:
    return re.sub(r"\{([^{}]*)\}", lambda found: text(found[1]), formula)


def _equals(value: Any, digits: int) -> str:
    return "≈" if abs(float(value) - float(shown(value, digits))) > 1e-12 else "="


def draw_curve(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The curve of the operation around its operating point, and the tangent there."""
    tape, node = scene.run.tape, scene.step.node
    operation, place = OPERATIONS[tape.opname(node)], open_place(tape, node) or 0
    z, a = float(scene.record.value[tape.operands(node)[place]]), float(scene.record.value[node])
    slope = scene.record.local(node, place)
    low, high = _range(operation, z)
    name, function = operation.name, cast("Callable[[float], float]", operation.curve)
    if not operation.is_single:
        name = operation.formula(texts_of(tape, node, place, scene.names.symbol(_operand(scene))))
        function = operation.curve_along(place, [float(each) for each in _others(scene)])
    rows = max(1, height - 3)
    bottom, top = _heights([function(low + (high - low) * k / 50) for k in range(51)], a)
    plot = Plot(width, rows, (low, high), (bottom, top))
    plot.points([(low, 0.0), (high, 0.0)], "dim")
    plot.curve(function, "text")
    plot.points([(x, a + float(slope) * (x - z)) for x in (low, z, high)], "mark")
    plot.sign(z, a, "●", "current")
    point = f"● ({scene.show(z)}, {scene.show(a)})"
    told: Line = (run(point, "changed"), run(f"  slope {scene.show(slope)}", "mark"))
    ends = (run(f"{low:g}", "dim"), run(" " * max(1, width - len(f"{low:g}{high:g}"))))
    lines = [title(MATRICES.number, f"{name} and its tangent", width), *plot.lines()]
    lines.append(clip((*ends, run(f"{high:g}", "dim")), width))
    return [*lines, clip(told, width)][:height]


def _operand(scene: Scene) -> int:
    """What the operation in work is a function of."""
    tape, node = scene.run.tape, scene.step.node
    return int(tape.operands(node)[open_place(tape, node) or 0])


def _others(scene: Scene) -> list[Any]:
    """The operands of the operation in work."""
    return [scene.record.value[each] for each in scene.run.tape.operands(scene.step.node).tolist()]


def _range(operation: Operation, z: float) -> tuple[float, float]:
    """The inputs to show: where the curve bends, and the point."""
    if operation.domain is not None:
        begin, least = operation.domain
        return begin, float(round(max(least, 1.5 * abs(z))))
    reach = float(round(max(operation.reach, 1.25 * abs(z) + 0.5)))
    return -reach, reach


def _heights(values: list[float], a: float) -> tuple[float, float]:
    finite = [value for value in (*values, a) if abs(value) < 1e300]
    low, high = min(finite), max(finite)
    air = 0.08 * (high - low) or 0.5
    return low - air, high + air
