"""Which commands make sense at a step: the last row of the screen and the help offer these."""

from __future__ import annotations

from collections.abc import Iterator

from nnhs_tui.autodiff.levels import levels_of
from nnhs_tui.autodiff.schedule import UPDATE
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.sub_steps import can_open

FIRST = 3
"""Steps of the first round at which it is offered to read what all this is about."""


def at_hand(scene: Scene) -> tuple[str, ...]:
    """The words of the commands that make sense at a step, the most useful first."""
    return tuple(_at_hand(scene))


def _at_hand(scene: Scene) -> Iterator[str]:
    tape = scene.run.tape
    is_last = scene.index == scene.total - 1
    has_later = scene.round_number + 1 < scene.rounds
    is_start = scene.round_number == 0 and scene.index < FIRST
    can_update = bool(tape.parameters) and scene.phase == UPDATE
    if can_update and is_last:
        yield "apply"
    if is_last:
        yield "scenarios"
    if not is_last or has_later:
        yield "next"
    if scene.round_number or scene.span[0]:
        yield "back"
    yield "help"
    if has_later or any(start > scene.index for start, _, _ in scene.run.schedule.phases()):
        yield "next-phase"
    if is_start:
        yield from ("about", "legend")
    if can_update and not is_last:
        yield "apply"
    if not scene.opened and (scene.level != "node" or can_open(tape, scene.step)):
        yield "into"
    if scene.opened or scene.level != levels_of(scene.run.schedule)[0]:
        yield "out"
    yield from ("quit", "test", "arithmetic", "command", "play")
