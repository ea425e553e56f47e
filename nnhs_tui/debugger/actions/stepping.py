"""Stepping: at a level, between levels, and to places in the round."""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.autodiff.levels import LEVELS, levels_of, span
from nnhs_tui.debugger.naming.destinations import reach
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.outcome import MOVED, UNCHANGED, Outcome
from nnhs_tui.debugger.quantities import of_step
from nnhs_tui.debugger.session import Session, whole
from nnhs_tui.debugger.sub_steps import can_open, why_not
from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.labels import GRAPH_STEPS, STEPS

HERE = "this is that step already"
COMPLETE = "the round is complete: apply takes the new parameters (key a)"


def next(session: Session, _argument: str) -> Outcome:
    """One step on at this level; behind the last one into the next round, if there is one."""
    if session.index + 1 < session.total:
        return session.step_to(session.at(session.index + 1))
    if session.round + 1 < session.rounds:
        return session.step_to(session.at(0, round_number=session.round + 1))
    if not session.tape.parameters:
        return Outcome(UNCHANGED, "this is the last step; there are no parameters to update")
    return Outcome(UNCHANGED, COMPLETE)


def back(session: Session, _argument: str) -> Outcome:
    """Undo a step; where there is none to undo, one step back at this level."""
    undone = session.undo_step()
    if undone is not None:
        return undone
    start = span(session.schedule, session.index, session.level)[0]
    if start > 0:
        return session.jump_to(session.at(start - 1))
    if session.round > 0:
        return session.jump_to(session.at(session.total - 1, round_number=session.round - 1))
    return Outcome(UNCHANGED, "this is the first step")


def into(session: Session, _argument: str) -> Outcome:
    """The first sub-step, one level down; at a node, what is inside its operation."""
    schedule, cursor, levels = session.schedule, session.cursor, levels_of(session.schedule)
    if cursor.level != "node":
        finer = levels[levels.index(cursor.level) + 1]
        start = span(schedule, cursor.index, cursor.level)[0]
        return session.step_to(session.at(start, finer))
    if cursor.opened:
        return Outcome(UNCHANGED, "this is the inside already: next goes on, out goes back")
    step = schedule.step(cursor.index)
    if not can_open(session.tape, step):
        return Outcome(UNCHANGED, why_not(session.tape, step))
    return session.step_to(replace(cursor, opened=True))


def out(session: Session, _argument: str) -> Outcome:
    """The step this one belongs to, one level up."""
    cursor, levels = session.cursor, levels_of(session.schedule)
    if cursor.opened:
        return session.step_to(replace(cursor, opened=False))
    if cursor.level != levels[0]:
        wider = levels[levels.index(cursor.level) - 1]
        return session.step_to(session.at(cursor.index, wider))
    return Outcome(
        UNCHANGED,
        f"{_steps_by(session, levels[0])} are the widest level; ] and [ go from phase to phase",
    )


def level(session: Session, argument: str) -> Outcome:
    """Step at this level from here on."""
    if argument not in LEVELS:
        raise Refusal(f"level is layer, neuron or node, found {quoted(argument)}")
    cursor = session.at(session.index, argument)
    if cursor.level == session.level:
        session.trail.stay(session.cursor)
        return Outcome(UNCHANGED, f"already stepping by {_steps_by(session, cursor.level)}")
    return session.jump_to(cursor, f"stepping by {_steps_by(session, cursor.level)}")


def _steps_by(session: Session, level: str) -> str:
    return (GRAPH_STEPS if session.tape.is_graph else STEPS)[level]


def first(session: Session, _argument: str) -> Outcome:
    """The first step of the round."""
    return session.jump_to(session.at(0))


def last(session: Session, _argument: str) -> Outcome:
    """The last step of the round."""
    return session.jump_to(session.at(session.total - 1))


def next_phase(session: Session, _argument: str) -> Outcome:
    """The first step of the next phase."""
    starts = [start for start, _, _ in session.schedule.phases() if start > session.index]
    if starts:
        return session.jump_to(session.at(starts[0]))
    return session.jump_to(session.at(session.total - 1), "this is the last phase of the round")


def previous_phase(session: Session, _argument: str) -> Outcome:
    """The first step of this phase, or of the one before."""
    here = span(session.schedule, session.index, session.level)[0]
    starts = [start for start, _, _ in session.schedule.phases() if start < here]
    return session.jump_to(session.at(starts[-1] if starts else 0))


def goto(session: Session, argument: str) -> Outcome:
    """The step of a number, or the one that finds a quantity."""
    place, told = place_of(session, argument)
    outcome = session.jump_to(session.exactly(place), told)
    return outcome if outcome.kind == MOVED else replace(outcome, message=told or HERE)


def place_of(session: Session, argument: str) -> tuple[int, str]:
    """The node step a number or the name of a quantity stands for, and what there is to say."""
    if argument[:1].isdigit() or argument[:1] in "+-":
        return whole(argument, "goto", "a step", 1, session.total) - 1, ""
    quantity = session.quantity(argument)
    if quantity.round is not None:
        raise Refusal("a step is looked for in this round: round goes to another one first")
    place, told = reach(session.schedule, session.names, quantity, session.index)
    if place < 0:
        raise Refusal(f"{session.name(quantity)} is given, and no step uses it")
    return place, told


def search(session: Session, argument: str) -> Outcome:
    """The next node step whose quantity's name contains a text; behind the last the first."""
    text = argument or session.asked.searched
    wanted = text.casefold()
    if not wanted:
        raise Refusal("search for what? for example: search hidden.W")
    schedule, total = session.schedule, session.total
    for distance in range(1, min(total, SEARCHED) + 1):
        index = (session.index + distance) % total
        quantity = of_step(schedule, schedule.step(index))
        name = name_of(session.names, quantity, schedule)
        if wanted in name.casefold():
            session.asked.searched = text
            wrapped = "; from the start again" if index <= session.index else ""
            return session.jump_to(session.exactly(index), f"{name}{wrapped}")
    raise Refusal(f"no step of this round is about {quoted(text)}")


SEARCHED = 200_000
"""Steps looked through at most."""


ACTIONS = {
    "next": next,
    "back": back,
    "into": into,
    "out": out,
    "level": level,
    "first": first,
    "last": last,
    "next-phase": next_phase,
    "previous-phase": previous_phase,
    "goto": goto,
    "search": search,
}
"""What carries out each command of the group."""
