"""Where a session is, as the commands that lead there; and going there again.

A list of commands is what a bookmark keeps, what a recording begins with, and what is carried over
when a scenario's file was changed beside the program.
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from typing import Any

from nnhs_tui.core.arithmetic import plain
from nnhs_tui.core.cursor import View
from nnhs_tui.core.errors import NnhsError
from nnhs_tui.core.quantities import name_of, of_step
from nnhs_tui.core.scenario import load
from nnhs_tui.core.session import REFUSED, Session

PATIENCE = 2.0
"""Seconds after which rounds are no longer run to get somewhere."""


@dataclass(frozen=True)
class Whereabouts:
    """Where a session is."""

    commands: tuple[str, ...]
    """What leads to its round, with its edits, breakpoints, watches and view."""
    step: int
    """The node step, from 1."""
    name: str
    """What that step finds, with its sample: found again where a changed file moved it."""
    then: tuple[str, ...]
    """Commands about how that step is seen."""

    @property
    def is_the_start(self) -> bool:
        """Whether nothing was done yet."""
        return not self.commands and self.step == 1 and not self.then

    def as_commands(self) -> list[str]:
        """All of it as commands."""
        return [*self.commands, f"goto {self.step}", *self.then]


def whereabouts(session: Session) -> Whereabouts:
    """Where a session is."""
    commands: list[str] = []
    scenario = session.scenario
    if session.arithmetic_name != scenario.arithmetic:
        commands.append(f"arithmetic {session.arithmetic_name}")
    if session.digits != scenario.digits:
        commands.append(f"digits {session.digits}")
    for edit in session.edits:
        commands += ["round 1"] if edit.round == 0 and session.rounds > 1 else []
        commands += ["round 1", f"train {edit.round}"] if edit.round else []
        commands.append(f"edit {edit.name} {plain(edit.value)}")
    if session.rounds > 1:
        commands += ["round 1", f"train {session.rounds - 1}", f"round {session.round + 1}"]
    if session.level != scenario.level:
        commands.append(f"level {session.level}")
    if session.view.notation != View().notation:
        commands.append(f"notation {session.view.notation}")
    for number, each in enumerate(session.breakpoints.all, 1):
        commands.append(f"break {each.text}")
        commands += [] if each.enabled else [f"disable {number}"]
    commands += [f"watch {session.name(each)}" for each in session.watches]
    then = ["into"] if session.cursor.opened else []
    if session.scene().as_matrix != replace(session.scene(), view=View()).as_matrix:
        then.append(f"form {session.view.form}")
    step, name = session.index + 1, _name(session, session.index)
    return Whereabouts(tuple(commands), step, name, tuple(then))


def _name(session: Session, index: int) -> str:
    """What a step finds; with several samples with the sample's prefix."""
    step = session.schedule.step(index)
    name = name_of(session.names, of_step(session.schedule, step), session.schedule)
    if step.sample is None or session.schedule.samples == 1 or name.startswith("sample "):
        return name
    return f"sample {step.sample + 1}: {name}"


def go_there(session: Session, place: Whereabouts) -> list[str]:
    """Go to a place in a session that is at its start; gives what could not be done, and why.

    A place's commands were written for the scenario as it was; of another one some may mean
    nothing. Rounds that would take too long are left out.
    """
    left_out = [told for command in place.commands if (told := _follow(session, command))]
    index = place.step - 1
    if index < session.total and _name(session, index) == place.name:
        session.execute(f"goto {place.step}")
    elif session.execute(f"goto {place.name}").kind == REFUSED:
        session.execute(f"goto {min(place.step, session.total)}")
    for command in place.then:
        session.execute(command)
    return left_out


def reloaded(session: Session) -> tuple[Session, list[str]]:
    """A session of the scenario's file as it is now, at the same place; and what was left out.

    Raises:
        ScenarioError: the file has faults.
        ComputationError: its first round overflows.
    """
    again = Session(load(session.scenario.path))
    return again, go_there(again, whereabouts(session))


def _follow(session: Session, command: str) -> str:
    """Carry out a command; "" if all went well."""
    word, _, argument = command.partition(" ")
    if word != "train":
        outcome = session.execute(command)
        return f"{command} ({outcome.message})" if outcome.kind == REFUSED else ""
    from nnhs_tui.core.training import Training

    try:
        training = Training(session, argument)
    except NnhsError as error:
        return f"{command} ({error})"
    begun = time.monotonic()
    while training.advance() and time.monotonic() - begun < PATIENCE:
        pass
    training.finish()
    missing = training.goal.rounds - training.done
    return f"{missing} rounds of {command}" if missing else ""


def as_data(place: Whereabouts) -> dict[str, Any]:
    """A place as JSON holds it."""
    return asdict(place)


def from_data(data: Any) -> Whereabouts | None:
    """A place out of JSON; None where it is none."""
    try:
        lists = data["commands"], data["then"]
        step, name = data["step"], data["name"]
    except (TypeError, KeyError):
        return None
    are_lists = all(isinstance(each, list) for each in lists)
    if not (are_lists and isinstance(step, int) and step >= 1 and isinstance(name, str)):
        return None
    if not all(isinstance(each, str) for part in lists for each in part):
        return None
    return Whereabouts(tuple(lists[0]), step, name, tuple(lists[1]))
