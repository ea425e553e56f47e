"""The timeline: the phases of the round, the cursor in them; and the position line.

In one row every phase is a stretch beside the others; where there is room for more, a row of its
own with its layers below it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nnhs_tui.autodiff.levels import spans
from nnhs_tui.autodiff.schedule import UPDATE, Schedule
from nnhs_tui.commands.panes import TIMELINE
from nnhs_tui.debugger.quantities import steps_of
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.errors import printable
from nnhs_tui.labels import ARITHMETIC, LEVEL, PHASE, counted
from nnhs_tui.operations.numerals import telling
from nnhs_tui.present.text.lines import (
    SEPARATOR,
    Line,
    Run,
    cells,
    clip,
    clip_text,
    fit,
    line_cells,
    run,
    separated,
    standing_for,
    title,
    window,
)

HERE, CHOSEN, STOPS, LOOKS, CHANGES = "●", "▼", "◆", "◇", "Δ"
STROKES = {UPDATE: ("»", "›")}
"""Steps taken and steps to come of a phase: those of the update change a parameter each."""
PASS = ("═", "─")

ROWS = 4
"""Rows from which on every phase has one of its own."""

SIGNS: tuple[tuple[str, str, str], ...] = (
    (HERE, "current", "here"),
    (STOPS, "key", "breakpoint"),
    (LOOKS, "key", "condition"),
    (CHANGES, "backward", "a watch changes"),
    ("» ›", "dim", "updates"),
    (CHOSEN, "changed", "chosen"),
)


@dataclass(frozen=True)
class Stretch:
    """A phase, and the cells it is drawn on."""

    place: int
    """Which of the round's phases, from 0."""
    name: str
    label: str
    start: int
    stop: int
    """The node steps start … stop − 1."""
    bar: int
    """Cells for the steps."""

    def cell(self, step: int) -> int:
        """The cell of a step."""
        passed, steps = (step - self.start) * self.bar, self.stop - self.start
        return passed // steps if self.bar < steps else -(-passed // steps)

    def step(self, cell: int) -> int:
        """The first step of a cell; where a step has several cells, that step."""
        passed, steps = cell * (self.stop - self.start), self.stop - self.start
        return self.start + (-(-passed // self.bar) if self.bar < steps else passed // self.bar)


def draw_timeline(
    scene: Scene, width: int, height: int, scroll: tuple[int, int], marker: int | None = None
) -> list[Line]:
    """What is done is drawn double, the cursor reversed.

    Args:
        scroll: how many phases further on; rows and columns count alike.
        marker: the node step chosen by keys, which is in view then.
    """
    stretches, (before, after) = _stretches(scene, width, height, scroll, marker)
    if height >= ROWS:
        return _in_rows(scene, stretches, width, height, marker)
    runs: list[Run] = [(TIMELINE.number, "key"), (" ", "text")]
    runs.append(("…", standing_for("dim", f"scroll:{-before}")) if before else (" ", "text"))
    for each in stretches:
        role = "title" if each.start <= scene.index < each.stop else "dim"
        runs.append((each.label, standing_for(role, f"step:{each.start}")))
        runs += [*_bar(scene, each, marker), (" ", "text")]
    if after:
        runs.append(("…", standing_for("dim", f"scroll:{after}")))
    return [clip(tuple(runs), width)]


def _stretches(
    scene: Scene, width: int, height: int, scroll: tuple[int, int], marker: int | None
) -> tuple[list[Stretch], tuple[int, int]]:
    """The phases that are shown; how many to scroll by for those before and behind, 0 for none."""
    phases = scene.run.schedule.phases()
    starts = [start for start, _, _ in phases]
    focus = bisect_right(starts, scene.index if marker is None else marker) - 1
    in_rows = height >= ROWS
    fitting = height - 1 if in_rows else max(1, (width - 8) // 14)
    first, last = window(len(phases), fitting, focus, sum(scroll))
    labels = [_label(scene, phase) for phase in phases[first:last]]
    found = []
    room = width - 4 - (last < len(phases))
    for place, label in zip(range(first, last), labels, strict=True):
        if in_rows:
            wide = max(map(cells, labels))
            label, share = fit(label, wide), width - 2 * len(str(scene.total)) - 3
        else:
            share = room // (last - place)
            room -= share
            label = clip_text(label, max(0, share - 3))
        start, name, _ = phases[place]
        stop = phases[place + 1][0] if place + 1 < len(phases) else scene.total
        bar = max(1, share - cells(label) - 1)
        found.append(Stretch(place, name, label, start, stop, bar))
    step = max(1, last - first)
    return found, (min(step, first), min(step, len(phases) - last))


def _label(scene: Scene, phase: tuple[int, str, int | None]) -> str:
    start, name, sample = phase
    which = f"{sample + 1} " if sample is not None and len(scene.run.samples) > 1 else ""
    if sample is None and scene.run.schedule.updates > 1:
        which = f"{scene.run.schedule.update_at(start) + 1} "
    return f"{which}{PHASE[name]} "


def _bar(scene: Scene, each: Stretch, marker: int | None) -> list[Run]:
    """A run for every cell, which stands for its step."""
    is_here = each.start <= scene.index < each.stop
    reached = each.cell(scene.index) if is_here else each.bar if scene.index >= each.stop else 0
    done, coming = STROKES.get(each.name, PASS)
    drawn = [
        (done if cell < reached else coming, "dim", each.step(cell)) for cell in range(each.bar)
    ]

    def put(steps: Iterable[int], sign: str, role: str) -> None:
        for step in steps:
            drawn[each.cell(step)] = (sign, role, step)

    looks = set(scene.looks)
    stops = _between(scene.stops, each)
    put(_between(changes(scene.run.schedule, scene.watched), each), CHANGES, "backward")
    put((step for step in stops if step in looks), LOOKS, "key")
    put((step for step in stops if step not in looks), STOPS, "key")
    put([scene.index] if is_here else [], HERE, "current")
    put([marker] if marker is not None and each.start <= marker < each.stop else [], CHOSEN, "key")
    return [(sign, standing_for(role, f"step:{step}")) for sign, role, step in drawn]


def _between(steps: Sequence[int], each: Stretch) -> Sequence[int]:
    """Of steps in order those of a phase."""
    return steps[bisect_left(steps, each.start) : bisect_left(steps, each.stop)]


@lru_cache(64)
def changes(schedule: Schedule, watched: tuple[Quantity, ...]) -> tuple[int, ...]:
    """The node steps of a round at which a watched quantity changes, in order."""
    return tuple(sorted({step for each in watched for step in steps_of(schedule, each)}))


def _in_rows(
    scene: Scene, stretches: list[Stretch], width: int, height: int, marker: int | None
) -> list[Line]:
    """A row for every phase; with room for it, its layers below, and what the signs mean."""
    count = len(scene.run.schedule.phases())
    shown = f", phases {stretches[0].place + 1}–{stretches[-1].place + 1} of {count}"
    note = f"step {scene.index + 1} of {scene.total}" + shown * (len(stretches) < count)
    lines: list[Line] = [title(TIMELINE.number, TIMELINE.label, width, note)]
    names = 2 * len(stretches) < height
    for each in stretches:
        is_here = each.start <= scene.index < each.stop
        role = standing_for("title" if is_here else "dim", f"step:{each.start}")
        mark: Run = ("►" if is_here else " ", "mark")
        ends = (f" {each.start + 1}–{each.stop}", "dim")
        lines.append(clip((mark, (each.label, role), *_bar(scene, each, marker), ends), width))
        if names:
            lines.append(clip(_layers(scene, each), width))
    if len(lines) < height:
        told = [
            part for sign, role, means in SIGNS for part in ((sign, role), (f" {means}  ", "dim"))
        ]
        lines += [()] * (len(lines) + 1 < height)
        lines.append(clip(tuple(told), width))
    return lines[:height]


def _layers(scene: Scene, each: Stretch) -> Line:
    """The name of each layer, or of a graph's node, below its first step."""
    schedule = scene.run.schedule
    firsts = [start for start, _ in spans(schedule, each.start, each.stop, "layer")]
    cells_of = [each.cell(first) for first in firsts]
    runs: list[Run] = [(" " * (1 + cells(each.label)), "text")]
    for first, cell, behind in zip(firsts, cells_of, [*cells_of[1:], each.bar], strict=True):
        at = line_cells(tuple(runs)) - 1 - cells(each.label)
        if cell < at or behind - cell < 2:
            continue
        runs.append((" " * (cell - at), "text"))
        name = "╵" + printable(schedule.step(first).group[0])
        name = fit(name if behind - cell > min(4, cells(name)) else "╵", behind - cell)
        runs.append((name, standing_for("dim", f"step:{first}")))
    return tuple(runs)


def moved_step(scene: Scene, width: int, height: int, marker: int, rows: int, sideways: int) -> int:
    """The node step the marker comes to: the next cell, or with `rows` the next phase's start."""
    starts = [start for start, _, _ in scene.run.schedule.phases()]
    if rows:
        here = bisect_right(starts, marker) - 1
        here += 1 if rows > 0 else -(starts[here] == marker)
        return starts[max(0, here)] if here < len(starts) else scene.total - 1
    shown, _ = _stretches(scene, width, height, (0, 0), marker)
    each = next(each for each in shown if each.start <= marker < each.stop)
    cell = each.cell(marker) + sideways
    found = each.step(cell) if 0 <= cell < each.bar else each.stop if cell > 0 else each.start - 1
    # Where a step has several cells, one press is one step.
    found = max(found, marker + 1) if sideways > 0 else min(found, marker - 1)
    return max(0, min(found, scene.total - 1))


def position(scene: Scene, width: int) -> Line:
    """Where am I: scenario, round, sample, phase, step, arithmetic, loss; shorter where narrow.

    How many digits are shown changes least, so it gives way before the scenario's name does.
    """
    parts = position_parts(scene)
    whole = printable(scene.scenario.name)
    told = [separated(run(f"{word}{value}") for word, _, value in parts)]
    fewer = position_parts(scene, with_digits=False)
    told.append(separated(run(f"{word}{value}") for word, _, value in fewer))
    short: Line = (run(position_texts(scene)[1]),)
    room = width - cells(whole) - 3
    fitting = (each for each in told if line_cells(each) <= room)
    text = next(fitting, told[-1] if line_cells(told[-1]) <= width - 7 else short)
    name = fit(whole, width - line_cells(text) - 3).rstrip()
    if name and (name == whole or cells(name) > 3):
        text = ((name, "title"), SEPARATOR, *text)
    return clip(text, width)


def position_texts(scene: Scene) -> tuple[str, str]:
    """Where in the rounds a step is, in full and in a few signs, without the scenario."""
    parts = position_parts(scene)
    return (
        " · ".join(f"{word}{value}" for word, _, value in parts),
        " ".join(f"{sign}{value}" for _, sign, value in parts),
    )


def position_parts(scene: Scene, *, with_digits: bool = True) -> list[tuple[str, str, str]]:
    """Where in the rounds a step is, with arithmetic and loss: word, short sign, value of each."""
    samples = len(scene.run.samples)
    later = f"/{scene.rounds}" if scene.round_number + 1 < scene.rounds else ""
    parts = [("round ", "R", f"{scene.round_number + 1}{later}")]
    if samples > 1 and scene.phase != UPDATE:
        parts.append(("sample ", "S", f"{scene.sample + 1}/{samples}"))
    updates = scene.run.schedule.updates
    which = f" {scene.update + 1}/{updates}" if updates > 1 and scene.phase == UPDATE else ""
    parts.append(("", "", f"{PHASE[scene.phase]}{which}"))
    by = "" if scene.level == "node" else f" by {LEVEL[scene.level]}"
    parts.append(("step ", "", f"{scene.index + 1}/{scene.total}{by}"))
    arithmetic = ARITHMETIC[scene.run.arithmetic.name]
    digits = counted(scene.digits, "digit")
    told = f"{arithmetic} {digits}" if with_digits else arithmetic
    parts.append((told, f"{arithmetic} {scene.digits}", ""))
    if scene.base is not None:
        parts.append(("", "", "what if"))
    if scene.run.tape.loss is not None:
        parts.append(_loss(scene))
    return parts


def _loss(scene: Scene) -> tuple[str, str, str]:
    """Which loss, and what it is; behind an update what that has made of the round's."""
    if scene.round_number and scene.base is None:
        before, after = (scene.run.loss(scene.round_number - back) for back in (1, 0))
        loss = scene.run.tape.loss
        if loss is not None and loss.total in scene.view.unsaid:
            after = None
        return "loss ", "L ", f"{_told(scene, before)} → {_told(scene, after)}"
    if len(scene.run.samples) == 1:
        return "loss ", "L ", _told(scene, scene.loss)
    if scene.is_last_update:
        return "round's loss ", "L ", _told(scene, scene.loss)
    return "sample's loss ", "L ", _told(scene, scene.loss)


def _told(scene: Scene, loss: Any) -> str:
    """A loss; with three significant digits where the decimals that are shown would say 0."""
    return UNKNOWN if loss is None else telling(loss, scene.digits)
