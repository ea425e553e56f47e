"""Drawing the presenter's own terminal: the notes, this step, the next one, and the time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nnhs_tui.errors import printable
from nnhs_tui.present.presenting.briefing import Briefing, Told
from nnhs_tui.present.text.lines import (
    Line,
    Run,
    cells,
    clip,
    line_cells,
    run,
    separated,
    title,
    wrap,
)
from nnhs_tui.scenario.model import Scenario

NONE = "(this scenario has no notes; they are what its file says under notes)"
START = "nnhs-tui run SCENARIO --present"
"""What starts a presentation."""
WAITING = (
    f"No presentation is running. Start one, as the same user on this machine: {START}",
    "This terminal then shows its notes, by itself.",
)
INDENT = 2


@dataclass(frozen=True)
class Clock:
    """What of the time is shown."""

    elapsed: float | None
    """Seconds since the presentation began; None: there is none."""
    now: str
    """The time of day."""
    countdown: float | None = None
    """Seconds that are left of a task, where one is set."""


def minutes(seconds: float) -> str:
    """Minutes and seconds.

    >>> minutes(754.9), minutes(3600)
    ('12:34', '60:00')
    """
    whole = max(0, int(seconds))
    return f"{whole // 60}:{whole % 60:02}"


def draw_head(told: Briefing | None, clock: Clock, width: int, height: int) -> list[Line]:
    """What is presented, how long it has run and the time; below, or instead, where it is."""
    times = [] if clock.elapsed is None else [run(minutes(clock.elapsed))]
    right: Line = (*_states(told, clock), *separated([*times, run(clock.now)]))
    space = width - line_cells(right) - 2
    names = ("speaker's notes",) if told is None else (told.scenario, told.title)
    name = separated(run(each, "title chosen") for each in names)
    if height < 2:
        return [_beside(_place(told, space) or name, right, width)]
    return [_beside(name, right, width), clip(_place(told, width), width)]


def _place(told: Briefing | None, width: int) -> Line:
    """Where the presentation is, in as many words as fit; () where there is none."""
    if told is None or not told.position:
        return ()
    whole = separated(map(run, told.position))
    return whole if line_cells(whole) <= width else (run(told.position_short),)


def _beside(line: Line, right: Line, width: int) -> Line:
    """A line, cut where it must be, and something at the right edge."""
    space = width - line_cells(right) - 2
    left = clip(line, space) if space > 3 else ()
    return clip((*left, (" " * (width - line_cells((*left, *right))), "text"), *right), width)


def _states(told: Briefing | None, clock: Clock) -> Iterator[Run]:
    """What is unusual about the audience's screen, in a few words."""
    if told is None or clock.elapsed is None:
        return
    shown = told.shown
    left = None if clock.countdown is None else f"now you {minutes(clock.countdown + 0.999)}"
    playing = "playing" if shown.playing else ""
    pointing = "pointer" if shown.pointing else ""
    for text in (shown.blanked and "BLANK", left, shown.covered, playing, pointing):
        if text:
            yield run(text, "current" if shown.blanked and text == "BLANK" else "key")
            yield "  ", "text"


def draw_step(label: str, told: Told | None, ending: str, width: int, height: int) -> list[Line]:
    """A step, in as many rows as there are; what must be left out is marked."""
    if told is None:
        return [title("", label, width), *wrap((run(ending, "dim"),), width)][:height]
    name = f"{label}: {told.name}" if told.name else label
    lines, room = _formula(told.formula, width, height - 1), height - 1
    if len(lines) > room > 0:
        lines = [*lines[: room - 1], clip((*lines[room - 1], (" …", "dim")), width)]
    where = told.where if cells(name) + cells(told.where) + 8 <= width else ""
    return [title("", name, width, where), *lines[:room]]


def _formula(texts: tuple[str, ...], width: int, room: int) -> list[Line]:
    """A formula's lines: broken where they are too long, one alone rather shortened."""
    # A matrix that is broken at its blanks cannot be read, one that is cut can.
    if any("×" in text for text in texts):
        # Rather than numbers, the rows that say how large each matrix is are left out.
        shown = texts if len(texts) <= room else [text for text in texts if "×" not in text]
        return [clip((run(text),), width) for text in shown]
    lines = [line for text in texts for line in wrap((run(text),), width, INDENT)]
    if len(texts) == 1 and len(lines) > room:
        first, *middle = re.split(r"(?= [=≈] )", texts[0])
        for start in range(1, len(middle)):
            shorter = wrap((run("".join((first, *middle[start:]))),), width, INDENT)
            if len(shorter) <= room:
                return shorter
    return lines


def draw_said(told: Briefing | None, width: int, height: int) -> list[Line]:
    """What stands in the audience's last row, and what a replay does and says next."""
    if told is None:
        return []
    shown = told.shown
    said: Line = (("they read ", "dim"), run(shown.message)) if shown.message else ()
    if not shown.replay:
        return wrap(said, width, INDENT)[:height]
    remark = (run(f"{shown.remark}  "),) if shown.remark else ()
    then: Line = (("then ", "dim"), *remark, run(shown.replay, "dim"))
    return [clip(said, width), *wrap(then, width, INDENT)][-height:]


def notes_lines(told: Briefing | None, width: int) -> list[Line]:
    """The notes in full, or what to do so that there are any."""
    if told is None:
        return [line for text in WAITING for line in wrap((run(text),), width)]
    found: list[Line] = []
    for paragraph in told.notes or (NONE,):
        found += wrap(_begun(paragraph), width, INDENT)
    return found


def _begun(paragraph: str) -> Line:
    """A paragraph; the word it begins with stands out, as in `Ask: …`."""
    word, colon, rest = paragraph.partition(":")
    if colon and word.isalpha() and rest[:1] == " ":
        return (run(f"{word}:", "chosen"), run(rest))
    return (run(paragraph),)


def draw_notes(told: Briefing | None, width: int, height: int, top: int) -> list[Line]:
    """The notes from the line `top` on."""
    lines, room = notes_lines(told, width), height - 1
    part = f"lines {top + 1}–{top + room} of {len(lines)}" if len(lines) > room else ""
    return [title("", "notes", width, part), *lines[top : top + room]]


def scenario_text(scenario: Scenario) -> Iterator[str]:
    """A scenario's notes to be printed, line by line as they stand in its file."""
    yield printable(scenario.title)
    yield ""
    yield from map(printable, scenario.notes.strip("\n").splitlines() or [NONE])


def briefing_text(told: Briefing) -> Iterator[str]:
    """A briefing to be printed; no line is wrapped."""
    shown = told.shown
    yield told.title
    yield " · ".join(told.position)
    yield ""
    yield from told.notes or [NONE]
    yield ""
    for label, step in (("now", told.now), ("next", told.next)):
        if step is not None:
            yield f"{label}: {step.name or step.where}"
            yield from (f"  {line}" for line in step.formula)
    yield from filter(None, [told.ending, shown.remark and f"then: {shown.remark}"])
