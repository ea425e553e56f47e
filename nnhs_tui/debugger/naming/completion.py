"""Completion: what a command line that is being typed may become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.commands.commands import BY_WORD, COMMANDS
from nnhs_tui.commands.row import BREAKPOINT, EDIT, GOAL, PLACE, QUANTITY, Argument
from nnhs_tui.debugger.naming.reading import all_names, path_node, rate_name
from nnhs_tui.debugger.naming.short_names import symbols
from nnhs_tui.debugger.session import Session

MOST = 200
"""Candidates at most."""

_BOUNDARY = re.compile(r"(?:^|[\s(+\-*/<>=])(?=\S)")

_VIA = re.compile(r" +(?:v|vi|via.*)?$")


@dataclass(frozen=True)
class Candidate:
    """One way to go on."""

    line: str
    """The whole command line."""
    label: str
    """What is new about it, as it is listed."""


def candidates(session: Session, line: str) -> list[Candidate]:
    """The command lines that begin with what was typed, in the order of the tables."""
    typed = line.lstrip()
    word, space, argument = typed.partition(" ")
    if not space:
        found = (each for each in COMMANDS if each.word.startswith(word))
        return [Candidate(e.word + " " * (e.argument is not None), e.word) for e in found]
    command = BY_WORD.get(word)
    if command is None or command.argument is None:
        return []
    argument = argument.lstrip()
    words = tuple(_words(session, command.argument, argument))
    # No word reaches further back, so a long line takes no longer than a short one.
    near = max(0, len(argument) - max(map(len, words), default=0))
    for start in [found.end() for found in _BOUNDARY.finditer(argument, near)] or [0]:
        head, tail = argument[:start], argument[start:].casefold()
        fitting = (each for each in words if each.casefold().startswith(tail))
        listed = [Candidate(f"{word} {head}{each}", each) for each in islice(fitting, MOST)]
        if listed:
            return [] if [each.line for each in listed] == [f"{word} {argument}"] else listed
    return []


def common(found: Iterable[Candidate]) -> str:
    """The longest beginning that all candidates share."""
    lines = [each.line for each in found]
    if not lines:
        return ""
    first, last = min(lines), max(lines)
    same = (place for place, sign in enumerate(first) if last[place : place + 1] != sign)
    return first[: next(same, len(first))]


def _words(session: Session, argument: Argument, typed: str) -> Iterator[str]:
    """What an argument may begin with; of the paths only those of the gradient that is typed."""
    names, schedule, kind = session.names, session.schedule, argument.kind
    if kind == EDIT:
        tape = schedule.tape
        yield from filter(None, map(names.name, range(min(tape.leaves, 20_000))))
        yield rate_name(names)
        tape, layer = schedule.tape, session.layer_in_work
        inputs = range(min(tape.leaves, 20_000))
        yield from (names.symbol(node, layer) for node in inputs if names.name(node))
    elif kind == GOAL:
        yield from ("until loss < ", "until 10 rounds without change")
    elif kind == PLACE:
        yield from (FORWARD, BACKWARD, UPDATE)
        yield from ("loss rises", "loss falls") if session.run.has_loss else ()
        yield from (layer.name for layer in schedule.tape.layers)
        yield from _names(names, schedule)
        yield from _short(session)
    elif kind == QUANTITY:
        yield from _names(names, schedule)
        yield from _paths(names, schedule, typed)
        yield from _short(session)
    elif kind == BREAKPOINT:
        yield from (str(each.number) for each in session.breakpoints.all)
    yield from argument.choices


def _paths(names: Names, schedule: Schedule, typed: str) -> Iterator[str]:
    """The terms of a gradient: `grad x[1] via hidden.z[2]`."""
    name = _VIA.sub("", typed)
    node = names.id(name.removeprefix("grad "))
    if name.startswith("grad ") and node is not None and node not in schedule.tape.t:
        for arrival in islice(schedule.arrivals(node), MOST):
            yield f"{name} via {names.name(path_node(schedule, arrival.node))}"


def _short(session: Session) -> Iterator[str]:
    """Short names of the layer in work; behind the full ones, and none that is one of these."""
    found = _symbols(session.names, session.tape, session.layer_in_work)
    yield from (each for each in found if session.names.id(each) is None)


@lru_cache(4)
def _symbols(names: Names, tape: Tape, layer: str) -> tuple[str, ...]:
    is_layer = any(each.name == layer for each in tape.layers)
    return tuple(symbols(names, tape, layer if is_layer else "", 20_000))


@lru_cache(2)
def _names(names: Names, schedule: Schedule) -> tuple[str, ...]:
    """All names of a scenario: of a large net they take a moment to write down."""
    return tuple(all_names(names, schedule))
