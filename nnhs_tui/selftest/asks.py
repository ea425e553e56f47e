"""What is asked, one thing after the other: a number, or at the level `layer` a whole matrix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.quantity import GRAD, NEW, VALUE, Quantity
from nnhs_tui.errors import Refusal
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.mistakes.place import place_of
from nnhs_tui.marking.questions import Questions
from nnhs_tui.selftest.setting import Setting

MOST = 1000
"""Numbers that are asked in one test."""

CELLS = 48
"""Numbers that are asked at once."""

_INDEXED = re.compile(r"(?P<head>.*)\[(?P<first>\d+)(?:,(?P<second>\d+))?\]")


@dataclass(frozen=True)
class Ask:
    """What is asked at once: a number, or a grid of them."""

    title: str
    """The quantity's name; of a grid what its names have in common: `grad hidden.W[ ]`."""
    names: tuple[str, ...]
    """Row by row."""
    columns: int
    phase: str
    sample: int | None
    """From 0; None for all of them, and in the update."""

    @property
    def rows(self) -> int:
        return len(self.names) // self.columns


def asks_of(setting: Setting, questions: Questions) -> list[Ask]:
    """What a self-test asks, in the order of the calculation.

    Raises:
        Refusal: there is nothing to ask, or more than anybody would answer.
    """
    schedule = questions.schedule
    only = set(setting.only)
    every = asked(schedule, setting.level, setting.phases)
    named = ((each, name_of(questions.names, each, schedule)) for each in every)
    wanted = (
        pair
        for pair in named
        if (pair[1] in only if only else not _is_the_same_again(questions, pair[0]))
    )
    listed = list(islice(wanted, MOST + 1))
    if len(listed) > MOST:
        raise Refusal(f"this asks for more than {MOST} numbers: choose one phase, or a smaller net")
    if not listed:
        raise Refusal("there is nothing to ask here")
    if setting.level != "layer":
        return [Ask(name, (name,), 1, phase_of(each), each.sample) for each, name in listed]
    groups: dict[tuple[int | None, str, str], list[str]] = {}
    for each, name in listed:
        groups.setdefault((each.sample, phase_of(each), _head(name)), []).append(name)
    return [
        ask
        for (sample, phase, title), names in groups.items()
        for ask in _grids(title, names, phase, sample)
    ]


def _is_the_same_again(questions: Questions, quantity: Quantity) -> bool:
    """Whether it is the number that was typed just before: a product's gradient is its sum's."""
    tape = questions.tape
    if quantity.kind != GRAD or tape.is_graph or quantity.node < tape.leaves:
        return False
    return place_of(tape, quantity.node).letter == "p"


def phase_of(quantity: Quantity) -> str:
    """The phase in which a quantity is found."""
    return {VALUE: FORWARD, GRAD: BACKWARD, NEW: UPDATE}.get(quantity.kind, UPDATE)


def _head(name: str) -> str:
    """What the names of a vector or matrix have in common; a number by itself is its own."""
    found = _INDEXED.fullmatch(name)
    return f"{found['head']}[ ]" if found else name


def _grids(title: str, names: list[str], phase: str, sample: int | None) -> Iterator[Ask]:
    """A vector or matrix as one grid; a large one in pieces."""
    if len(names) == 1:
        yield Ask(names[0], (names[0],), 1, phase, sample)
        return
    rows = _in_rows(names)
    columns = len(rows[0])
    if any(len(row) != columns for row in rows):
        rows, columns = [names], len(names)
    if columns > CELLS:
        for start in range(0, len(names), CELLS):
            part = names[start : start + CELLS]
            told = f"{title} {start + 1}–{start + len(part)}"
            yield Ask(told, tuple(part), len(part), phase, sample)
        return
    height = max(1, CELLS // columns)
    for start in range(0, len(rows), height):
        part = [name for row in rows[start : start + height] for name in row]
        last = min(start + height, len(rows))
        which = f"{start + 1}" if last == start + 1 else f"{start + 1}–{last}"
        whole = len(rows) <= height
        told = title if whole else f"{title} {'row' if last == start + 1 else 'rows'} {which}"
        yield Ask(told, tuple(part), columns, phase, sample)


def _in_rows(names: list[str]) -> list[list[str]]:
    """The names of a matrix row by row, whatever their order; others in one row."""
    places: dict[tuple[int, int], str] = {}
    for name in names:
        found = _INDEXED.fullmatch(name)
        if found is None or found["second"] is None:
            return [names]
        places[int(found["first"]), int(found["second"])] = name
    rows = sorted({i for i, _ in places})
    return [[places[i, j] for i_, j in sorted(places) if i_ == i] for i in rows]
