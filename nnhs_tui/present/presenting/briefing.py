"""The briefing: what whoever presents sees on a terminal of their own.

The presenting program makes one at every change, and hands it on as a line of JSON. Each is whole,
so one that never arrives is not missed.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any, get_type_hints

from nnhs_tui.autodiff.levels import last_of
from nnhs_tui.characters import in_json, printable
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.explain import step_name
from nnhs_tui.present.panes.step import formula_text
from nnhs_tui.present.panes.timeline import position_parts
from nnhs_tui.present.panes.written_out import path
from nnhs_tui.scenario.model import Scenario

LONGEST_NOTES = 20_000
"""Characters of the notes that are handed on at each step."""
LONGEST = 2_000
"""Characters of any other text."""
MANY = 100
"""Steps of a neuron from which on only what comes of them is told: all would take too long."""
SIZE = (76, 12)
"""Columns and rows in which a formula is written."""


@dataclass(frozen=True)
class Told:
    """A step as it is told to the presenter."""

    name: str = ""
    """The quantity it finds; above the level of nodes "", as it finds several."""
    where: str = ""
    """`backward › hidden › neuron 2`."""
    formula: tuple[str, ...] = ()
    """The formula with the numbers and the result, line by line."""


@dataclass(frozen=True)
class Shown:
    """What the audience's screen shows or does beside the step; what it does not is left out."""

    elapsed: float = 0.0
    """Seconds since the presentation began."""
    message: str = ""
    """What stands in the last row."""
    playing: str = ""
    """How it plays by itself: `1 s a step`."""
    replay: str = ""
    """The next line of a replay: `4 of 16: goto 1`."""
    remark: str = ""
    """The remark of that line."""
    covered: str = ""
    """What covers the step: `help`, `a self-test`."""
    blanked: bool = False
    """Whether the audience sees nothing."""
    countdown: float | None = None
    """Seconds that are left of a task, where one is set."""
    pointing: bool = False
    """Whether the pointer is on the screen."""


@dataclass(frozen=True)
class Briefing:
    """All that is told at a step. Its texts hold nothing that commands a terminal."""

    scenario: str = ""
    title: str = ""
    path: str = ""
    """The scenario's file, wherever one looks from."""
    notes: tuple[str, ...] = ()
    """Paragraph by paragraph."""
    position: tuple[str, ...] = ()
    """`round 1`, `forward`, `step 3/57`, …, with arithmetic and loss."""
    position_short: str = ""
    """The same in a few signs."""
    now: Told = Told()
    next: Told | None = None
    """The step that comes next at this level, with a result the audience does not know yet."""
    ending: str = ""
    """What is to be done where no step comes next."""
    shown: Shown = field(default_factory=Shown)


def notes_of(scenario: Scenario) -> Briefing:
    """A scenario's notes, without a presentation of it."""
    return Briefing(
        printable(scenario.name),
        printable(scenario.title),
        printable(os.path.realpath(scenario.path)),
        tuple(note_paragraphs(scenario.notes[:LONGEST_NOTES])),
    )


def briefing(scene: Scene, shown: Shown) -> Briefing:
    """What there is to tell at a step."""
    coming, parts = next_scene(scene), position_parts(scene)
    return replace(
        notes_of(scene.scenario),
        position=tuple(f"{word}{value}" for word, _, value in parts),
        position_short=" ".join(f"{sign}{value}" for _, sign, value in parts),
        now=_told(scene),
        next=None if coming is None else _told(coming),
        ending="" if coming is not None else _ending(scene),
        shown=replace(
            shown,
            message=_short(shown.message),
            replay=_short(shown.replay),
            remark=_short(shown.remark),
        ),
    )


def next_scene(scene: Scene) -> Scene | None:
    """What `next` leads to at this level; None where the rounds that were applied end."""
    schedule, coming = scene.run.schedule, scene.span[1]
    if coming < scene.total:
        return replace(scene, index=last_of(schedule, coming, scene.level), opened=False)
    if scene.round_number + 1 < scene.rounds:
        first, number = last_of(schedule, 0, scene.level), scene.round_number + 1
        return replace(scene, index=first, round_number=number, opened=False)
    return None


def _ending(scene: Scene) -> str:
    if not scene.run.tape.parameters:
        return "this is the last step; there are no parameters to update"
    return f"the round is complete: a applies the update and begins round {scene.round_number + 2}"


def _told(scene: Scene) -> Told:
    """The step a scene stands at."""
    where = path(scene)
    name = step_name(scene, scene.step) if scene.level == "node" else ""
    is_long = scene.level == "neuron" and scene.span[1] - scene.span[0] > MANY
    lines = formula_text(replace(scene, level="node") if is_long else scene, *SIZE).split("\n")
    return Told(_short(name), _short(where), tuple(_short(line) for line in lines))


def _short(text: str) -> str:
    return printable(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def note_paragraphs(text: str) -> Iterable[str]:
    """Notes as paragraphs: a line that is indented goes on with the one above.

    So does one behind a line that ends within a sentence; an empty line parts paragraphs.
    """
    whole = ""
    for line in [*text.strip("\n").splitlines(), ""]:
        words = " ".join(line.split())
        goes_on = line[:1].isspace() or not whole.endswith((".", "!", "?", ":", ")"))
        if whole and not (words and goes_on):
            yield printable(whole)
            whole = words
        else:
            whole = f"{whole} {words}".strip()


def as_line(told: Briefing) -> str:
    """A briefing as a line of JSON, without its end."""
    return in_json(json.dumps(asdict(told), ensure_ascii=False, separators=(",", ":")))


def from_line(line: str | bytes) -> Briefing | None:
    """The briefing of a line; None where the line is none."""
    try:
        made: Briefing = _read(Briefing, json.loads(line))
    except (ValueError, OverflowError, RecursionError):
        return None
    return made


def _read(kind: Any, found: Any) -> Any:
    """A value of a kind out of what JSON made of it; what is not there has its default.

    Raises:
        ValueError: it is something else.
    """
    if kind == Told | None or kind == float | None:
        if found is None:
            return None
        kind = Told if kind == Told | None else float
    if is_dataclass(kind) and isinstance(found, dict):
        hints = get_type_hints(kind)
        names = [each.name for each in fields(kind) if each.name in found]
        return kind(**{name: _read(hints[name], found[name]) for name in names})  # type: ignore[operator]
    if kind == tuple[str, ...] and isinstance(found, list):
        return tuple(_read(str, each) for each in found)
    if kind is float and type(found) in (int, float) and math.isfinite(found):
        return float(found)
    if kind in (str, bool) and type(found) is kind:
        return found
    raise ValueError
