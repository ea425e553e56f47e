"""The timeline: the phases of the round, the cursor in them; and the position line."""

from __future__ import annotations

import re

from nnhs_tui.core.errors import printable
from nnhs_tui.core.scene import Scene
from nnhs_tui.core.schedule import UPDATE
from nnhs_tui.present.lines import Line, Run, cells, clip, clip_text, fit, merge, run


def draw_timeline(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """One line: every phase as a stretch, what is done drawn double, the cursor reversed."""
    phases = scene.run.schedule.phases()
    here = _phase_in_work(scene)
    first, last = _shown_phases(scene, width)
    runs: list[Run] = [("5", "key"), (" ", "text"), ("…" if first else " ", "dim")]
    room = width - 4 - (last < len(phases))
    for place in range(first, last):
        share = room // (last - place)
        room -= share
        runs += _phase(scene, phases, place, share, place == here)
    if last < len(phases):
        runs.append(("…", "dim"))
    return [clip(merge(runs), width)]


def _phase_in_work(scene: Scene) -> int:
    phases = scene.run.schedule.phases()
    return max(place for place, (start, _, _) in enumerate(phases) if start <= scene.index)


def _shown_phases(scene: Scene, width: int) -> tuple[int, int]:
    """(first, behind the last) of the phases that fit around the one in work."""
    count, here = len(scene.run.schedule.phases()), _phase_in_work(scene)
    fitting = max(1, (width - 8) // 14)
    first = min(max(0, here - fitting // 2), max(0, count - fitting))
    return first, min(count, first + fitting)


def _phase(
    scene: Scene,
    phases: list[tuple[int, str, int | None]],
    place: int,
    width: int,
    is_here: bool,
) -> list[Run]:
    start, name, sample = phases[place]
    stop = phases[place + 1][0] if place + 1 < len(phases) else scene.total
    which = f"{sample + 1} " if sample is not None and len(scene.run.samples) > 1 else ""
    label = clip_text(f"{which}{name} ", max(0, width - 3))
    bar = max(1, width - cells(label) - 1)
    done = stop - start if stop <= scene.index else max(0, scene.index - start + is_here)
    runs: list[Run] = [(label, "title" if is_here else "dim")]
    at = min(bar - 1, (scene.index - start) * bar // max(1, stop - start)) if is_here else -1
    filled = at if is_here else bar if done else 0
    stops = {
        (each - start) * bar // max(1, stop - start) for each in scene.stops if start <= each < stop
    }
    for column in range(bar):
        if column == at:
            runs.append(("●", "current"))
        elif column in stops:
            runs.append(("◆", "key"))
        else:
            runs.append(("═" if column < filled else "─", "dim"))
    return [*runs, (" ", "text")]


def timeline_index(scene: Scene, width: int, column: int) -> int | None:
    """The node step that stands at a column of the timeline; None beside the phases."""
    line = draw_timeline(scene, width, 1, (0, 0))[0]
    found: int | None = None
    phases = scene.run.schedule.phases()
    text = "".join(part for part, _ in line)
    bars = [(m.start(), m.end()) for m in re.finditer("[═─●◆]+", text)]
    first, _ = _shown_phases(scene, width)
    for place, (start, stop) in enumerate(bars):
        if start <= column < stop:
            begin = phases[first + place][0]
            behind = (
                phases[first + place + 1][0] if first + place + 1 < len(phases) else scene.total
            )
            found = begin + (column - start) * (behind - begin) // (stop - start)
    return found


def position(scene: Scene, width: int) -> Line:
    """Where am I: scenario, round, sample, phase, step, arithmetic, loss; shorter where narrow."""
    samples = len(scene.run.samples)
    later = f"/{scene.rounds}" if scene.round_number + 1 < scene.rounds else ""
    parts = [("round ", "R", f"{scene.round_number + 1}{later}")]
    if samples > 1 and scene.phase != UPDATE:
        parts.append(("sample ", "S", f"{scene.sample + 1}/{samples}"))
    parts.append(("", "", scene.phase))
    by = "" if scene.level == "node" else f" by {scene.level}"
    parts.append(("step ", "", f"{scene.index + 1}/{scene.total}{by}"))
    decimals = f" digit{'s' * (scene.digits != 1)}"
    arithmetic = f"{scene.run.arithmetic.name} {scene.digits}"
    parts.append((f"{arithmetic}{decimals}", arithmetic, ""))
    if scene.base is not None:
        parts.append(("", "", "what if"))
    if scene.run.tape.loss is not None:
        parts.append(("loss ", "L ", scene.show(scene.loss)))
    text = " · ".join(f"{long}{value}" for long, _, value in parts)
    if cells(text) > width:
        text = " ".join(f"{short}{value}" for _, short, value in parts)
    whole = printable(scene.scenario.name)
    name = fit(whole, width - cells(text) - 3).rstrip()
    if name and (name == whole or cells(name) > 3):
        return clip(((name, "title"), (" · ", "dim"), run(text)), width)
    return clip((run(text),), width)
