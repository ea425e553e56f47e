"""Stepping alone through what the presenter has computed, without a session for each viewer."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from itertools import count

from nnhs_tui.autodiff.levels import last_of, levels_of, span
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.serve.limits import REELS


class Reel:
    """One round of one run, for everyone who steps through it alone."""

    def __init__(self, number: int, scene: Scene) -> None:
        self.number = number
        self.first = replace(scene, index=0, opened=False, stops=(), looks=(), watched=())
        self._scenes: dict[tuple[int, str], Scene] = {}

    @property
    def schedule(self) -> Schedule:
        """Its steps."""
        return self.first.run.schedule

    def scene(self, index: int, level: str) -> Scene:
        """What there is to see at a step."""
        key = index, level
        if key not in self._scenes:
            if len(self._scenes) >= 1_000:
                self._scenes.clear()
            self._scenes[key] = replace(self.first, index=index, level=level)
        return self._scenes[key]


class Reels:
    """The rounds that somebody steps through alone."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, int], Reel] = OrderedDict()
        self._numbers = count(1)

    def of(self, scene: Scene) -> Reel:
        """That of a scene's round."""
        # The reel keeps the run, so that no other one has its id.
        key = id(scene.run), scene.round_number
        if key not in self._kept:
            self._kept[key] = Reel(next(self._numbers), scene)
            while len(self._kept) > REELS:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]


@dataclass(frozen=True)
class Place:
    """Where one steps alone."""

    reel: Reel
    index: int
    level: str

    @property
    def scene(self) -> Scene:
        """What there is to see here."""
        return self.reel.scene(self.index, self.level)

    def moved(self, how: str) -> Place:
        """The place that a key leads to; the same where there is none further.

        Args:
            how: next, back, phase (the next one), before (the phase before), first, last or level.
        """
        schedule, level = self.reel.schedule, self.level
        if how == "level":
            return self._at_level()
        start, stop = span(schedule, self.index, level)
        target = {
            "next": stop,
            "back": start - 1,
            "phase": _next_phase(schedule, self.index),
            "before": _previous_phase(schedule, start),
            "first": 0,
            "last": schedule.total - 1,
        }[how]
        if not 0 <= target < schedule.total:
            return self
        return replace(self, index=last_of(schedule, target, level))

    def _at_level(self) -> Place:
        levels = levels_of(self.reel.schedule)
        at = levels.index(self.level) + 1 if self.level in levels else 0
        level = levels[at % len(levels)]
        return replace(self, level=level, index=last_of(self.reel.schedule, self.index, level))


def _next_phase(schedule: Schedule, index: int) -> int:
    """The first step of the next phase; in the last one its end."""
    starts = [start for start, _, _ in schedule.phases() if start > index]
    return starts[0] if starts else schedule.total - 1


def _previous_phase(schedule: Schedule, first: int) -> int:
    """The first step of the phase before a step, which may be the same phase."""
    starts = [start for start, _, _ in schedule.phases() if start < first]
    return starts[-1] if starts else 0


def begin_alone(reels: Reels, scene: Scene) -> Place:
    """Where one who followed begins to step alone."""
    level = scene.level if scene.level in levels_of(scene.run.schedule) else "node"
    return Place(reels.of(scene), scene.index, level)
