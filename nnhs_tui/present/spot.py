"""Drawing the search for a mistake: the calculation, the chosen number, the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from nnhs_tui.autodiff.names import FullNames
from nnhs_tui.debugger.quantities import home_of
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.labels import counted
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.spot import FULL, LOOK, WRONG_NAME, WRONG_PLACE, Spot
from nnhs_tui.present.in_words import in_words
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.selftest.givens import given_of
from nnhs_tui.present.text.lines import (
    Line,
    clip,
    fit,
    line_cells,
    run,
    separated,
    standing_for,
    title,
    window,
    wrap,
)

HIDDEN = "·"


def draw_spot_head(spot: Spot, width: int) -> Line:
    """What is searched in, how many looks were taken, what is left of the points."""
    puzzle = spot.puzzle
    looks = counted(len(spot.looked), "look")
    parts = (
        run("spot the mistake", "title"),
        run(puzzle.questions.scenario.name),
        run(f"{puzzle.degree}, seed {spot.seed}"),
        run(looks),
        run(f"{spot.points} of {FULL} points"),
    )
    whole = separated(parts)
    # The name is known; the points are what one looks for.
    return whole if line_cells(whole) <= width else clip(separated(parts[:1] + parts[2:]), width)


def draw_calculation(spot: Spot, at: int, width: int, height: int) -> list[Line]:
    """Every quantity; its number only where it was looked at."""
    names = spot.puzzle.names
    start, stop = window(len(names), height - 1, at)
    note = f"{start + 1}–{stop} of {len(names)}" if stop - start < len(names) else ""
    lines = [title("", "the calculation", width, note)]
    for place in range(start, stop):
        is_there = spot.is_found and place == spot.puzzle.place
        seen = spot.puzzle.shown(names[place]) if place in spot.looked or is_there else HIDDEN
        sign = "✗" if is_there else "✓" if place in spot.accused else " "
        name = fit(names[place], max(1, width - 14))
        text = f"{'►' if place == at else ' '}{sign} {name} {seen:>9}"
        role = standing_for("current" if place == at else "text", f"row:{place + 1}")
        lines.append((run(fit(text, width), role),))
    return lines


def draw_chosen(spot: Spot, session: Session, at: int, width: int, height: int) -> list[Line]:
    """What the chosen number is, how it is worked out, what is given for it; then what is asked."""
    lines = [title("", spot.puzzle.names[at], width)]
    lines += _about(spot, session, at, width)
    lines += [(), *_asked(spot, width)]
    return lines[:height]


def _about(spot: Spot, session: Session, at: int, width: int) -> list[Line]:
    question = spot.puzzle.questions.question(spot.puzzle.names[at])
    quantity = replace(question.quantity, round=None)
    schedule = session.schedule
    home = home_of(schedule, quantity, schedule.sample_start(quantity.sample or 0))
    step = schedule.step(home or 0)
    scene = Scene(
        session.scenario, session.run, FullNames(session.tape), 0, 1, step.index, session.digits
    )
    told = explain_step(scene, step)
    lines = wrap((run(in_words(scene, quantity)),), width)
    lines += wrap((run(f"{told.result} = {told.formula}", "title"),), width, 4)
    lines += [line for each in _products(scene, told.formula) for line in wrap(each, width, 2)]
    lines += given_of(scene, quantity, width)
    if at in spot.looked:
        lines += wrap((run(f"written: {spot.puzzle.shown(spot.puzzle.names[at])}", "key"),), width)
    return lines


def _products(scene: Scene, formula: str) -> Iterator[Line]:
    """What the products in a formula are, which the calculation does not list."""
    names, tape = scene.names, scene.run.tape
    for layer in tape.layers:
        if f"{layer.name}.p[" in formula:
            source = names.name(layer.source).rpartition("[")[0]
            product = f"{layer.name}.p[i,j] = {source}[i] · {layer.name}.W[i,j]"
            yield (run(f"{product}; its gradient is that of {layer.name}.z[j]", "dim"),)


def _asked(spot: Spot, width: int) -> list[Line]:
    """What is known so far, and what is to be said next."""
    puzzle = spot.puzzle
    if not spot.is_found:
        told = puzzle.symptom or "somewhere one number is wrong, and the others go on from it"
        lines = wrap((("seen: ", "dim"), run(told)), width, 2)
        for place in spot.accused:
            told = f"{puzzle.names[place]} goes on rightly from what stands before it"
            lines += wrap((("✓ ", "key"), run(told)), width, 2)
        return lines
    lines = []
    if not spot.is_named:
        lines += wrap((run("There it is. Which mistake was it?", "title"),), width)
        for letter, mistake in zip(LETTERS, puzzle.offered, strict=False):
            mark = "✗" if letter in spot.misnamed else " "
            role = standing_for("key", f"name:{letter}")
            lines += wrap(((f"{mark}{letter}  ", role), run(mistake.words)), width, 4)
        return lines
    lines += wrap((("✓ ", "key"), run(puzzle.told, "title")), width, 2)
    lines += wrap((run(puzzle.mistake.tip),), width)
    looks = counted(len(spot.looked), "look")
    told = f"{spot.points} of {FULL} points: {looks} ({LOOK} each)"
    told += f", {len(spot.accused)} wrong places ({WRONG_PLACE})" * bool(spot.accused)
    told += f", {len(spot.misnamed)} wrong names ({WRONG_NAME})" * bool(spot.misnamed)
    return [*lines, (), *wrap((run(told),), width)]
