"""The timeline: the phases of the round, the cursor in them; and the position line."""

from __future__ import annotations

from nnhs_tui.core.errors import printable
from nnhs_tui.core.scene import Scene
from nnhs_tui.core.schedule import UPDATE
from nnhs_tui.present.lines import Line, Run, cells, clip, clip_text, fit, merge, run


def draw_timeline(scene: Scene, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
    """One line: every phase as a stretch, what is done drawn double, the cursor reversed."""
    phases = scene.run.schedule.phases()
    here = max(place for place, (start, _, _) in enumerate(phases) if start <= scene.index)
    fitting = max(1, (width - 8) // 14)
    first = min(max(0, here - fitting // 2), max(0, len(phases) - fitting))
    last = min(len(phases), first + fitting)
    runs: list[Run] = [("5", "key"), (" ", "text"), ("…" if first else " ", "dim")]
    room = width - 4 - (last < len(phases))
    for place in range(first, last):
        share = room // (last - place)
        room -= share
        runs += _phase(scene, phases, place, share, place == here)
    if last < len(phases):
        runs.append(("…", "dim"))
    return [clip(merge(runs), width)]


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
    if not is_here:
        return [*runs, (("═" if done else "─") * bar, "dim"), (" ", "text")]
    at = min(bar - 1, (scene.index - start) * bar // max(1, stop - start))
    after = "─" * (bar - at - 1)
    return [*runs, ("═" * at, "dim"), ("●", "current"), (after, "dim"), (" ", "text")]


def position(scene: Scene, width: int) -> Line:
    """Where am I: scenario, round, sample, phase, step, arithmetic, loss; shorter where narrow."""
    samples = len(scene.run.samples)
    later = f"/{scene.rounds}" if scene.round_number + 1 < scene.rounds else ""
    parts = [("round ", "R", f"{scene.round_number + 1}{later}")]
    if samples > 1 and scene.phase != UPDATE:
        parts.append(("sample ", "S", f"{scene.sample + 1}/{samples}"))
    parts.append(("", "", scene.phase))
    parts.append(("step ", "", f"{scene.index + 1}/{scene.total}"))
    decimals = f" digit{'s' * (scene.digits != 1)}"
    arithmetic = f"{scene.run.arithmetic.name} {scene.digits}"
    parts.append((f"{arithmetic}{decimals}", arithmetic, ""))
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
