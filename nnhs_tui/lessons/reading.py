"""From a lesson's file to a lesson: read, checked whole, all faults at once."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from voluptuous import Required

from nnhs_tui.errors import printable
from nnhs_tui.lessons.lesson import (
    WHICH,
    About,
    Choice,
    Code,
    Comparison,
    Experiment,
    Fits,
    Lesson,
    Number,
    Slip,
    Task,
    Which,
)
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.printed import RULES
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.scenario.chapters import OWN
from nnhs_tui.scenario.reading.faults import UNSOUND, Findings, choices, describe_value
from nnhs_tui.scenario.reading.files import decode, read_text
from nnhs_tui.scenario.reading.limits import MAX_PLACE
from nnhs_tui.scenario.reading.schema import check_layout
from nnhs_tui.scenario.reading.values import (
    Finding,
    Tables,
    chapter,
    line,
    names,
    one_of,
    parts,
    rule,
    text,
    title,
    whole,
)

MOST_CHOICES = len(LETTERS)
MOST_TASKS, MOST_LINES, MOST_SIZE, MOST_ROUNDS, MOST_STARTS = 100, 200, 20, 100, 2000
KINDS = {
    "quantity": frozenset({"quantity"}),
    "choices": frozenset({"choices", "right"}),
    "fits": frozenset({"fits"}),
    "which": frozenset({"which", "of"}),
    "mistake": frozenset({"mistake", "made_at", "lines"}),
}
"""The key that says what a task asks, and all that belong to it."""


def _pairs(value: object) -> object:
    """Pairs of shapes: [[[2, 3], [3, 2]]]."""
    expected = "expected pairs of shapes, rows and columns: [[[2, 3], [3, 2]]]"
    if not isinstance(value, list) or not value or not all(map(_is_pair, value)):
        raise Finding(describe_value(value), f"{expected}, at most {MOST_SIZE} of each")
    if len(value) > MOST_CHOICES:
        raise Finding(describe_value(value), f"expected at most {MOST_CHOICES} pairs")
    return value


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, list)
        and len(pair) == 2
        and all(
            isinstance(shape, list)
            and len(shape) == 2
            and all(type(size) is int and 1 <= size <= MOST_SIZE for size in shape)
            for shape in pair
        )
    )


def _places(value: object) -> object:
    """Numbers of choices, from 1."""
    if not isinstance(value, list) or not value or not all(type(n) is int for n in value):
        expected = "expected the numbers of the right choices, from 1: [2]"
        raise Finding(describe_value(value), expected)
    return value


def _choices(value: object) -> object:
    """A list of texts, as many as there are letters."""
    names(value)
    if not isinstance(value, list) or not 2 <= len(value) <= MOST_CHOICES:
        raise Finding(describe_value(value), f"expected 2 to {MOST_CHOICES} of them")
    return value


def _one_line(value: object) -> object:
    return line(value, "line")


name = rule(
    lambda value: isinstance(value, str) and bool(value.strip()), "expected a name in quotes"
)
_TASK: dict[Any, Any] = {
    Required("ask", 'expected the question: ask = "…"'): text,
    "at": name,
    "commands": names,
    "hint": text,
    "why": text,
    "quantity": name,
    "choices": _choices,
    "right": _places,
    "fits": _pairs,
    "which": one_of(WHICH),
    "of": _choices,
    "mistake": one_of(KNOWN),
    "made_at": name,
    "lines": _choices,
}
_CODE: dict[Any, Any] = {
    Required("line", 'expected a line of a program: line = "z = x @ W"'): _one_line,
    "computes": names,
}
_FILE: dict[Any, Any] = {
    Required("title", 'expected one line of text: title = "…"'): title,
    Required("scenario", 'expected a scenario: scenario = "two-layer-sigmoid"'): name,
    Required("text", 'expected what is to be read: text = """…"""'): text,
    "chapter": chapter,
    "place": whole(0, MAX_PLACE),
    "part": parts,
    "errata": names,
    "at": name,
    "commands": names,
    "pairs": _pairs,
    "notice": text,
    "comparison": {
        Required("rule", f"expected {choices(RULES)}"): one_of(RULES),
        Required("of", 'expected quantities: of = ["grad hidden.W[1,1]"]'): names,
        "rounds": whole(1, MOST_ROUNDS),
    },
    "experiment": {
        "starts": whole(1, MOST_STARTS),
        "rounds": whole(1, MOST_ROUNDS),
        "seed": whole(0),
    },
    "code": Tables(_CODE, "[[code]]", MOST_LINES),
    "tasks": Tables(_TASK, "[[tasks]]", MOST_TASKS),
}
_HOMES = {
    "at the top of the file, above the first [table]": set(map(str, _FILE)),
    "in [[tasks]]": set(map(str, _TASK)),
    "in [[code]]": set(map(str, _CODE)),
}


def load_lesson(path: str | Path) -> Lesson:
    """Reads a lesson's file; whether its scenario has the quantities it names is not looked at.

    Raises:
        ScenarioError: With all faults at once, in the order of the file.
    """
    file = printable(os.fspath(path))
    data = decode(read_text(path, file), file)
    findings = Findings()
    check_layout(data, _FILE, _HOMES, findings)
    for place, task in enumerate(_tables(data.get("tasks"))):
        _check_task(task, ("tasks", place), findings)
    if len(findings):
        raise findings.error(file, data)
    return _made(data, os.fspath(path))


def _tables(value: object) -> Iterator[dict[str, Any]]:
    return (
        (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())
    )


def _check_task(task: dict[str, Any], path: tuple[str | int, ...], findings: Findings) -> None:
    """That a task asks one thing, and says all that belongs to it."""
    kinds = [kind for kind in KINDS if kind in task]
    if len(kinds) != 1:
        found = f"{' and '.join(kinds)} together" if kinds else "nothing that is asked for"
        findings.add(path, found, f"expected one of {', '.join(KINDS)}")
        return
    needed = KINDS[kinds[0]]
    for key in sorted(needed - task.keys()):
        findings.add((*path, key), "missing", f"expected {key} beside {kinds[0]}")
    foreign: Collection[str] = frozenset().union(*KINDS.values()) - needed
    for key in sorted(task.keys() & foreign):
        findings.add(
            (*path, key), "a key of another task", f"expected {' and '.join(sorted(needed))}"
        )
    if kinds[0] == "choices" and not needed - task.keys():
        _check_right(task["choices"], task["right"], path, findings)


def _check_right(offered: Any, right: Any, path: tuple[str | int, ...], findings: Findings) -> None:
    if offered is UNSOUND or right is UNSOUND:
        return
    for number in right:
        if not 1 <= number <= len(offered):
            expected = f"expected the number of a choice, from 1 to {len(offered)}"
            findings.add((*path, "right"), str(number), expected)


def _made(data: dict[str, Any], path: str) -> Lesson:
    code = (Code(each["line"], tuple(each.get("computes", ()))) for each in data.get("code", ()))
    return Lesson(
        name=Path(path).stem,
        path=path,
        title=data["title"],
        chapter=data.get("chapter", OWN),
        place=data.get("place"),
        parts=tuple(data.get("part", ())),
        errata=tuple(data.get("errata", ())),
        scenario=data["scenario"],
        at=data.get("at", ""),
        commands=tuple(data.get("commands", ())),
        text=data["text"],
        pairs=_shapes(data.get("pairs", ())),
        experiment=_experiment(data.get("experiment")),
        comparison=_comparison(data.get("comparison")),
        code=tuple(code),
        tasks=tuple(map(_task, data.get("tasks", ()))),
        notice=data.get("notice", ""),
    )


def _comparison(data: dict[str, Any] | None) -> Comparison | None:
    if data is None:
        return None
    return Comparison(data["rule"], tuple(data["of"]), data.get("rounds", 1))


def _experiment(data: dict[str, Any] | None) -> Experiment | None:
    if data is None:
        return None
    return Experiment(data.get("starts", 1000), data.get("rounds", 100), data.get("seed", 0))


def _shapes(pairs: Any) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    return tuple(((a[0], a[1]), (b[0], b[1])) for a, b in pairs)


def _task(data: dict[str, Any]) -> Task:
    return Task(
        ask=data["ask"],
        about=_about(data),
        at=data.get("at", ""),
        commands=tuple(data.get("commands", ())),
        hint=data.get("hint", ""),
        why=data.get("why", ""),
    )


def _about(data: dict[str, Any]) -> About:
    if "quantity" in data:
        return Number(data["quantity"])
    if "choices" in data:
        return Choice(tuple(data["choices"]), frozenset(n - 1 for n in data["right"]))
    if "fits" in data:
        return Fits(_shapes(data["fits"]))
    if "which" in data:
        return Which(data["which"], tuple(data["of"]))
    return Slip(data["mistake"], data["made_at"], tuple(data["lines"]))
