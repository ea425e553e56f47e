"""Where a session is; and going there again.

That is what a bookmark keeps, what a recording begins with, and what is carried over when a
scenario's file was changed beside the program. It is kept as data, with the commands that lead
there made from it: what a file of bookmarks says can do nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import Any

from nnhs_tui.autodiff.levels import LEVELS
from nnhs_tui.debugger.cursor import View
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.quantities import of_step
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal, reason_of
from nnhs_tui.operations.numerals import plain
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Scenario
from nnhs_tui.scenario.reading.limits import MAX_DIGITS
from nnhs_tui.training.branches import branch_of
from nnhs_tui.training.edits import Edit

PATIENCE = 2.0
"""Seconds after which no more rounds are run to get somewhere."""

TOO_LONG = "running so many rounds again takes too long"


@dataclass(frozen=True)
class Whereabouts:
    """Where a session is. What is as the scenario says is left empty."""

    step: int
    """The node step, from 1."""
    name: str
    """What that step finds, with its sample: found again where a changed file moved it."""
    round: int = 0
    """The round in work, from 0."""
    rounds: int = 1
    """How many rounds there are."""
    edits: tuple[tuple[int, str, str], ...] = ()
    """Round (from 0), quantity and value of each, in the order they were made in."""
    breakpoints: tuple[tuple[str, bool], ...] = ()
    """Where, and whether it is on."""
    watches: tuple[str, ...] = ()
    arithmetic: str = ""
    digits: int | None = None
    level: str = ""
    notation: str = ""
    opened: bool = False
    drawing: str = ""
    form: str = ""
    """matrix or scalar, where it is not the usual one of the level."""

    @property
    def is_the_start(self) -> bool:
        """Whether nothing was done yet."""
        return self == Whereabouts(1, self.name)

    def beside(self, given: tuple[str, int | None]) -> Whereabouts:
        """It without the arithmetic and the decimals where a session was opened with others."""
        arithmetic, digits = given
        return replace(
            self,
            arithmetic="" if arithmetic else self.arithmetic,
            digits=self.digits if digits is None else None,
        )

    @property
    def seen(self) -> tuple[tuple[str, str], ...]:
        """Commands and their arguments that say how it is looked at; "" for as usual."""
        return ("level", self.level), ("notation", self.notation), ("draw", self.drawing)

    def as_commands(self) -> list[str]:
        """All of it as commands."""
        numbers = {"arithmetic": self.arithmetic, "digits": self.digits}
        commands = [f"{word} {each}" for word, each in numbers.items() if each not in ("", None)]
        here = 0
        for number, name, value in self.edits:
            commands += [*_towards(here, number), f"edit {name} {value}"]
            here = number
        commands += [*_towards(here, self.rounds - 1), *_towards(self.rounds - 1, self.round)]
        commands += [f"{word} {each}" for word, each in self.seen if each]
        for number, (text, is_on) in enumerate(self.breakpoints, 1):
            commands += [f"break {text}"] if is_on else [f"break {text}", f"disable {number}"]
        commands += [*(f"watch {each}" for each in self.watches), f"goto {self.step}"]
        return commands + ["into"] * self.opened + [f"form {self.form}"] * bool(self.form)


def _towards(here: int, number: int) -> list[str]:
    """The commands from a round to another one (both from 0)."""
    from nnhs_tui.debugger.training import MOST_ROUNDS

    if number < here:
        return [f"round {number + 1}"]
    stops = [*range(here, number, MOST_ROUNDS), number]
    return [f"train {stop - start}" for start, stop in pairwise(stops)]


def whereabouts(session: Session, *, since: tuple[str, int] | None = None) -> Whereabouts:
    """Where a session is.

    Args:
        since: the arithmetic and the decimals it is told from; those it began with if left out.
    """
    scenario, cursor = session.scenario, session.cursor
    arithmetic, digits = session.start if since is None else since
    is_usual = session.scene().as_matrix == replace(session.scene(), view=View()).as_matrix
    view, usual = session.view, View()
    return Whereabouts(
        session.index + 1,
        _name(session, session.index),
        session.round,
        session.rounds,
        tuple((each.round, each.name, plain(each.value)) for each in session.edits),
        tuple((each.text, each.enabled) for each in session.breakpoints.all),
        tuple(session.name(each) for each in session.watches),
        "" if session.arithmetic_name == arithmetic else session.arithmetic_name,
        None if session.digits == digits else session.digits,
        "" if session.level == scenario.level else session.level,
        "" if view.notation == usual.notation else view.notation,
        cursor.opened,
        "" if view.drawing == usual.drawing else view.drawing,
        "" if is_usual else session.view.form,
    )


def _name(session: Session, index: int) -> str:
    """What a step finds; with several samples with the sample's prefix."""
    step = session.schedule.step(index)
    name = name_of(session.names, of_step(session.schedule, step), session.schedule)
    if step.sample is None or session.schedule.samples == 1 or name.startswith("sample "):
        return name
    return f"sample {step.sample + 1}: {name}"


def go_there(session: Session, place: Whereabouts) -> list[str]:
    """Go to a place in a session that is at its start; gives what could not be done, and why.

    A place was told of the scenario as it was; in another one some of it may mean nothing. Rounds
    that would take too long are left out, with the edits that begin in them.
    """
    return [*_numbers(session, place), *_rounds(session, place), *_seen(session, place)]


def _numbers(session: Session, place: Whereabouts) -> Iterator[str]:
    """The arithmetic and the decimals."""
    if place.arithmetic:
        yield from _follow(session, f"arithmetic {place.arithmetic}")
    if place.digits is not None:
        yield from _follow(session, f"digits {place.digits}")


def _rounds(session: Session, place: Whereabouts) -> Iterator[str]:
    """The edits, each in its round, and then the rounds."""
    deadline = time.monotonic() + PATIENCE
    kept: tuple[Edit, ...] = ()
    for number, name, value in place.edits:
        told = f"edit {name} {value}"
        try:
            made = _edit_in(session, number, f"{name} {value}")
            # The rounds before it are those of the run it comes from.
            fault = _run_on(session, kept, number - 1, deadline) if number else ""
        except Refusal as refusal:
            fault = str(refusal)
        if fault:
            yield f"{told} in round {number + 1} ({fault})"
        else:
            kept = (*kept, made)
    try:
        session.open_branch(session.arithmetic_name, session.digits, kept)
    except (ComputationError, MemoryError) as error:
        yield f"all edits ({reason_of(error)})"
    fault = _run_on(session, session.edits, place.rounds - 1, deadline)
    reached = min(len(session.run), place.rounds) - 1
    if reached < place.rounds - 1:
        yield f"rounds {reached + 2} to {place.rounds} ({fault})"
    if session.edits:
        # The run that is compared with: where it is not there nothing is marked.
        _run_on(session, (), reached, deadline)
    session.runs.applied[session.branch] = reached + 1
    session.jump_to(session.at(0, round_number=min(place.round, reached)))


def _edit_in(session: Session, number: int, told: str) -> Edit:
    """The edit of `hidden.W[1,2] 0.7` in a round (from 0).

    Raises:
        Refusal: it can no longer be made.
    """
    from nnhs_tui.debugger.actions.what_if import read_edit

    return replace(read_edit(session, told), round=number)


def _run_on(session: Session, edits: tuple[Edit, ...], number: int, deadline: float) -> str:
    """Run the rounds of a branch up to one (from 0); why there is none, "" if there is."""
    branch = branch_of(session.arithmetic_name, session.digits, edits)
    try:
        for _ in session.runs.ahead(branch, number):
            if time.monotonic() > deadline:
                return TOO_LONG
    except (ComputationError, MemoryError) as error:
        return reason_of(error)
    return ""


def _seen(session: Session, place: Whereabouts) -> Iterator[str]:
    """Breakpoints, watches, the step, and how it is looked at."""
    for text, is_on in place.breakpoints:
        told = list(_follow(session, f"break {text}"))
        if not told:
            session.breakpoints.all[-1].enabled = is_on
        yield from told
    for name in place.watches:
        yield from _follow(session, f"watch {name}")
    for word, each in place.seen:
        if each:
            yield from _follow(session, f"{word} {each}")
    index = place.step - 1
    if index < session.total and _name(session, index) == place.name:
        session.execute(f"goto {place.step}")
    elif session.execute(f"goto {place.name}").kind == REFUSED:
        session.execute(f"goto {min(place.step, session.total)}")
    if place.opened:
        session.execute("into")
    if place.form:
        session.execute(f"form {place.form}")


def _follow(session: Session, command: str) -> Iterator[str]:
    """Carry out a command; what went wrong."""
    outcome = session.execute(command)
    if outcome.kind == REFUSED:
        yield f"{command} ({outcome.message})"


def reloaded(session: Session, scenario: Scenario | None = None) -> tuple[Session, list[str]]:
    """A session of the scenario's file as it is now, at the same place; and what was left out.

    Args:
        scenario: what the file says now, if it was read already.

    Raises:
        ScenarioError: the file has faults.
        ComputationError: its first round overflows.
    """
    arithmetic, digits = session.given
    now = load(session.scenario.path) if scenario is None else scenario
    again = Session(now, arithmetic=arithmetic, digits=digits)
    return again, go_there(again, whereabouts(session))


def as_data(place: Whereabouts) -> dict[str, Any]:
    """A place as JSON holds it."""
    return asdict(place)


def from_data(data: Any) -> Whereabouts | None:
    """A place out of JSON; None where it is none."""
    try:
        rows = {word: tuple(map(tuple, data[word])) for word in ("edits", "breakpoints")}
        place = Whereabouts(**{**data, **rows, "watches": tuple(data["watches"])})
    except (TypeError, KeyError):
        return None
    return place if all(_is_sound(place)) else None


def _is_sound(place: Whereabouts) -> Iterator[bool]:
    """Whether each part is of its kind, and in its range."""
    yield _is_whole(place.step, 1) and isinstance(place.name, str)
    yield _is_whole(place.rounds, 1) and _is_whole(place.round, 0) and place.round < place.rounds
    yield place.arithmetic in ("", "exact", "hand") and isinstance(place.opened, bool)
    yield place.digits is None or (_is_whole(place.digits, 0) and place.digits <= MAX_DIGITS)
    yield place.level in ("", *LEVELS) and place.notation in ("", "rows", "neurons")
    yield place.form in ("", "matrix", "scalar") and place.drawing in ("", "layers", "nodes")
    kinds = [tuple(map(type, each)) for each in place.edits]
    are_edits = all(each == (int, str, str) for each in kinds)
    yield are_edits and all(each[0] >= 0 for each in place.edits)
    yield all(tuple(map(type, each)) == (str, bool) for each in place.breakpoints)
    yield all(isinstance(each, str) for each in place.watches)


def _is_whole(value: Any, least: int) -> bool:
    return type(value) is int and value >= least
