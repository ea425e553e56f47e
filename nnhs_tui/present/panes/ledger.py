"""The gradients: every contribution and the running sum, and the update before it is applied.

A row for what the step is about, then the parameters around the one in work: value, gradient as
it adds up, learning rate × gradient, and the value it will have.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.commands.panes import GRADIENTS
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.panes.explain_update import rate_text
from nnhs_tui.present.panes.focus import edge_in_work, layer_in_work
from nnhs_tui.present.text.lines import Line, Run, cells, fit, run, standing_for, title, window
from nnhs_tui.present.text.notation import bracketed

LOW = 7
"""Rows below which there is none for a gradient of one term."""
LONG = 12
"""Columns that the formula of a step may take in a heading."""
SUM = 8
"""Columns that the terms of several samples take besides their sum."""


@dataclass(frozen=True)
class Table:
    """The widths of the columns."""

    name: int
    value: int
    gradient: int
    step: int
    new: int
    point: int
    """Of the column of the gradients: where the decimal point of the first number stands."""


def draw_ledger(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """The gradients in `width` × `height` cells."""
    count = scene.run.tape.parameters
    hot = _hot(scene)
    room = height - 1
    first = _target_line(scene, width, height)
    if first is not None:
        room -= 1
    start, stop = window(count, room, _place(scene, hot), scroll[0])
    order = [_parameter_at(scene, place) for place in range(start, stop)]
    table = _widths(scene, order, width)
    note = f"{start + 1}–{stop} of {count} parameters" if stop - start < count else ""
    lines = [_head(scene, table, width, note)]
    if first is not None:
        lines.append(first)
    lines += [_row(scene, node, table, node == hot) for node in order]
    return lines[:height]


def _parameter_at(scene: Scene, place: int) -> int:
    return scene.run.schedule.entries.parameter(place)


def _place(scene: Scene, parameter: int | None) -> int | None:
    if parameter is None:
        return None
    return scene.run.schedule.entries.order(parameter)


def _hot(scene: Scene) -> int | None:
    """The parameter in work, or one of the neuron in work."""
    tape, step = scene.run.tape, scene.step
    if step.phase == UPDATE:
        return None if step.node < 0 else step.node
    candidates = [step.target] if step.phase == BACKWARD else tape.operands(step.node).tolist()
    for node in candidates:
        if node is not None and node < tape.parameters:
            return int(node)
    layer = layer_in_work(scene)
    if layer is None:
        return None
    source, neuron = edge_in_work(scene)
    return layer.w(source or 0, neuron or 0)


def _headings(scene: Scene, room: int) -> tuple[str, str, str]:
    """Of the columns gradient, learning rate × gradient, and new value.

    Args:
        room: the columns there are for the three.
    """
    rule, rate = scene.scenario.optimizer, rate_text(scene)
    # Of several samples the sums need the room.
    terms = SUM * (len(scene.group) > 1)
    if cells(rule.short("lr", "g")) > LONG:
        # A quotient is too long for a heading; its step says it.
        return ("gradient so far" if room >= 3 * LONG + terms else "gradient"), "step", "new"
    full = "gradient so far", rule.short(rate, "gradient"), "new value"
    if sum(map(cells, full)) + terms <= room:
        return full
    return "gradient", rule.short("lr", "g"), "new"


def _head(scene: Scene, table: Table, width: int, note: str) -> Line:
    if not scene.run.tape.parameters:
        told = f"{GRADIENTS.label} (no parameters: nothing to update)"
        return title(GRADIENTS.number, told, width)
    gradient, step, new = _headings(scene, width - table.name - table.value - 6)
    text = fit(GRADIENTS.label, table.name - 2)
    text += " " + fit("value", table.value, right=True)
    text += "  " + fit(gradient, table.gradient)
    text += " " + fit(step, table.step, right=True)
    text += " " + fit(new, table.new, right=True)
    head: Line = ((GRADIENTS.number, "key"), (" ", "rule"), run(text, "title"))
    used = 2 + cells(text)
    if note and width - used > cells(note) + 4:
        space = width - used - cells(note) - 3
        return (*head, (" " + "─" * space + " ", "rule"), run(note, "dim"), ("─", "rule"))
    return (*head, (" " + "─" * max(0, width - used - 1), "rule"))


def _target_line(scene: Scene, width: int, height: int) -> Line | None:
    """Backward: the terms of the gradient the step is about, and their sum."""
    step = scene.step
    if scene.phase != BACKWARD or step.target is None or scene.level != "node":
        return None
    gradient = scene.gradient(step.target)
    if height < LOW and len(gradient.terms) < 2:
        # The parameters have the row: the step's pane says the same.
        return None
    name = f"∂ {scene.names.name(step.target)}"
    terms: list[Run] = []
    coming = sum(not term.done for term in gradient.terms)
    shown = gradient.terms if coming <= 3 else gradient.terms[: len(gradient.terms) - coming]
    for place, term in enumerate(shown):
        text = scene.show(term.value) if term.done else UNKNOWN
        text = bracketed(text) if len(gradient.terms) > 1 else text
        here = (term.arrival.node, term.arrival.place) == (step.node, step.place)
        if place:
            terms.append((" + ", "text"))
        role = "backward changed" if here else "backward" if term.done else "unknown"
        start = scene.run.schedule.start_of(BACKWARD, scene.sample)
        terms.append((text, standing_for(role, f"step:{start + term.arrival.offset}")))
    if len(shown) < len(gradient.terms):
        terms.append((f" + {coming} to come" if terms else f"{coming} to come", "unknown"))
    terms = _shortened(terms, max(3, width - 36))
    total = gradient.current
    whole = f"grad:{step.target}"
    line: list[Run] = [run(name, standing_for("backward", whole)), (" = ", "text"), *terms]
    if len(gradient.terms) > 1:
        role = "backward changed" if step.is_join else "backward"
        word = " = " if gradient.settled else ", so far "
        line += [(word, "text"), (scene.show(total), standing_for(role, whole))]
    return tuple(line)


def _shortened(terms: list[Run], width: int) -> list[Run]:
    """The last terms that fit, with … for those before."""
    used, kept = 0, list[Run]()
    for text, role in reversed(terms):
        used += cells(text)
        if used > width:
            return [("… ", "dim"), *kept]
        kept.insert(0, (text, role))
    return kept


def _gradient_text(scene: Scene, node: int) -> tuple[str, bool]:
    """A parameter's gradient as it adds up, and whether it is whole for the update."""
    is_first, is_last = (scene.sample == scene.group[at] for at in (0, -1))
    divisor = scene.scenario.reduction.divisor(len(scene.group))
    divisor = divisor if len(scene.group) > 1 else 1
    if scene.phase == UPDATE:
        total = scene.show(scene.round.total[node])
        used = scene.show(scene.round.accumulated[node])
        return (f"{bracketed(total)}/{divisor} = {used}" if divisor > 1 else used), True
    if scene.phase == FORWARD and is_first:
        return UNKNOWN, False
    gradient = scene.gradient(node)
    own = [bracketed(scene.show(term.value)) for term in gradient.terms if term.done]
    if not gradient.terms and gradient.settled:
        own = [scene.show(gradient.value)]
    terms = ([] if is_first else [bracketed(scene.show(scene.earlier[node]))]) + own
    if not terms:
        return UNKNOWN, False
    so_far = scene.show(scene.parameter_gradient(node))
    if not gradient.settled and scene.phase != FORWARD:
        terms.append(UNKNOWN)
    text = " + ".join(terms) if len(terms) > 1 else terms[0].strip("()")
    if len(terms) > 1 and gradient.settled:
        text += f" = {so_far}"
    whole = gradient.settled and is_last
    if whole and divisor > 1:
        text = f"({text})/{divisor} = {scene.show(scene.round.accumulated[node])}"
    return text, whole


def _gradient_now(scene: Scene, node: int) -> Any:
    """The number a parameter's gradient has come to: where it is whole what the update uses."""
    last = scene.sample == scene.group[-1]
    whole = scene.phase == UPDATE or (last and scene.gradient(node).settled)
    return scene.round.accumulated[node] if whole else scene.parameter_gradient(node)


def _starred(scene: Scene, text: str, number: Callable[[Scene], Any]) -> str:
    """A text; with a * before its number where that is another one than without the edits."""
    if text == UNKNOWN or not scene.differs_beside(number):
        return text
    head, equals, last = text.rpartition(" = ")
    return f"{head}{equals}*{last}"


def _row(scene: Scene, node: int, table: Table, hot: bool) -> Line:
    text, whole = _gradient_text(scene, node)
    text = _starred(scene, text, lambda here: _gradient_now(here, node))
    frozen = bool(scene.run.tape.frozen[node])
    changed = scene.moved(node)
    role = "unknown" if text == UNKNOWN else "backward parameter" + (" changed" if changed else "")
    updated = " current" if scene.updates(node) else ""
    value = _starred(scene, scene.show(scene.round.before[node]), lambda s: s.round.before[node])
    step = new = UNKNOWN
    if whole and (scene.updated(node) or node not in scene.view.unsaid):
        step = _starred(scene, scene.show(scene.round.step[node]), lambda s: s.round.step[node])
        new = _starred(scene, scene.show(scene.round.after[node]), lambda s: s.round.after[node])
    gradient = fit(_at_point(text, table), table.gradient)
    bare = gradient.strip()
    before = gradient.index(bare)
    space = table.gradient - before - cells(bare) + 1
    kept = _kept(scene, node)
    kept = fit(kept, space - 1, right=True) + " " if cells(kept) + 3 <= space else " " * space
    name = fit(_ending(scene.names.name(node), table.name), table.name)
    of_gradient, of_update = f"grad:{node}", f"new:{node}"
    of_row = of_update if scene.phase == UPDATE else of_gradient
    return (
        ("►" if hot else " ", standing_for("mark", of_row)),
        run(name, standing_for("mark" if hot else "text", of_row)),
        (" " + fit(value, table.value, right=True) + "  ", standing_for(_known(value), of_row)),
        (" " * before, standing_for("text", of_gradient)),
        (bare, standing_for(role + (" edited" if "*" in text else ""), of_gradient)),
        (kept, standing_for("text", of_gradient)),
        (
            fit("frozen" if frozen else step, table.step, right=True),
            standing_for(_known(step), of_update),
        ),
        (" ", standing_for("text", of_update)),
        (fit(new, table.new, right=True), standing_for(_known(new) + updated, of_update)),
    )


def _kept(scene: Scene, node: int) -> str:
    """`m -0.60  v 0.04`: what the update rule keeps of a parameter, as far as it has got."""
    round_, names = scene.round, scene.scenario.optimizer.keeps
    if scene.run.tape.frozen[node]:
        return ""
    texts = []
    for name, old, new in zip(names, round_.state, round_.state_after, strict=True):
        is_there = scene.phase == UPDATE and scene.found(node, name)
        texts.append(f"{name} {scene.show((new if is_there else old)[node])}")
    return "  ".join(texts)


def _at_point(text: str, table: Table) -> str:
    """A gradient moved to where its first number's decimal point belongs, as far as it has room."""
    space = min(table.point - _point(text), table.gradient - cells(text))
    return " " * max(0, space) + text


def _point(text: str) -> int:
    """Columns before the decimal point of the first number, or behind it where it has none."""
    first = text.split(" ", 1)[0].rstrip(")")
    return cells(first.partition(".")[0])


def _ending(name: str, width: int) -> str:
    """A name cut at its beginning: its indices matter more than its layer."""
    if cells(name) <= width:
        return name
    room, start = width - 1, len(name)
    while (room := room - cells(name[start - 1])) >= 0:
        start -= 1
    return f"…{name[start:]}"


def _known(text: str) -> str:
    return "unknown" if text == UNKNOWN else "text edited" if text[0] == "*" else "text"


def _widths(scene: Scene, nodes: list[int], width: int) -> Table:
    """Columns wide enough for the numbers they will hold, so that nothing moves in a round."""

    def widest(values: list[Any], heading: str) -> int:
        # A number that differs from the run without the edits wears a *.
        stars = scene.base is not None
        return max([cells(heading), *(len(scene.show(value)) + stars for value in values)])

    round_ = scene.round
    value = widest([round_.before[n] for n in nodes], "value")
    longest = max([11, *(cells(scene.names.name(n)) for n in nodes)])
    _, step_heading, new_heading = _headings(scene, width - longest - value - 6)
    step = widest([round_.step[n] for n in nodes], step_heading)
    new = widest([round_.after[n] for n in nodes], new_heading)
    name = min(longest, max(5, width - value - step - new - 6 - cells("gradient")))
    gradient = max(4, width - name - value - step - new - 6)
    signs = bracketed if len(scene.group) > 1 else str
    stars = scene.base is not None
    numbers = [each[n] for n in nodes for each in (round_.accumulated, round_.total)]
    point = max((stars + _point(signs(scene.show(each))) for each in numbers), default=0)
    return Table(name, value, gradient, step, new, point)
