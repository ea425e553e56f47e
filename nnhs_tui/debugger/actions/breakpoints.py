"""Breakpoints, and running to them in either direction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from nnhs_tui.autodiff.levels import LEVELS, span
from nnhs_tui.debugger.actions.stepping import place_of
from nnhs_tui.debugger.breakpoints import Breakpoint
from nnhs_tui.debugger.conditions import Values
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED, Outcome
from nnhs_tui.debugger.quantities import of_step, whole_at
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.work import run_to_end
from nnhs_tui.errors import ComputationError, Refusal, reason_of
from nnhs_tui.labels import LEVEL, STEPS

PANE = "breakpoints"


def break_(session: Session, argument: str) -> Outcome:
    """Set a breakpoint, or take it away where it is there already."""
    text = argument or _here(session)
    made = session.breakpoints.toggle(text, session.names, session.schedule, session.layer_in_work)
    if made is None:
        return Outcome(UNCHANGED, f"no breakpoint on {text} any more", PANE)
    return Outcome(UNCHANGED, f"breakpoint {made.number} is set: {made.text}", PANE)


def _here(session: Session) -> str:
    """What the step in work is about, at its level."""
    step = session.schedule.step(session.index)
    owner, neuron = step.group
    is_layer = any(layer.name == owner for layer in session.tape.layers)
    if is_layer and session.level == "layer":
        return owner
    if is_layer and session.level == "neuron" and neuron:
        return f"{owner} neuron {neuron}"
    return session.name(session.quantity(""))


def enable(session: Session, argument: str) -> Outcome:
    """Switch breakpoints on."""
    return _switch(session, argument, True)


def disable(session: Session, argument: str) -> Outcome:
    """Switch breakpoints off; they stay in the list."""
    return _switch(session, argument, False)


def _switch(session: Session, argument: str, on: bool) -> Outcome:
    for each in session.breakpoints.numbered(argument):
        each.enabled = on
    is_or_are = "are" if argument == "all" else "is"
    told = f"{_numbered(argument)} {is_or_are} {'on' if on else 'off'}"
    return Outcome(UNCHANGED, told, PANE)


def delete(session: Session, argument: str) -> Outcome:
    """Delete breakpoints."""
    for each in session.breakpoints.numbered(argument):
        session.breakpoints.all.remove(each)
    return Outcome(UNCHANGED, f"{_numbered(argument)} deleted", PANE)


def _numbered(argument: str) -> str:
    return "all breakpoints" if argument == "all" else f"breakpoint {argument}"


def continue_(session: Session, _argument: str) -> Outcome:
    """Run on to a breakpoint, through all rounds there are; else to the end of the phase."""
    return run_to_end(_search_on(session))


def continue_back(session: Session, _argument: str) -> Outcome:
    """Run back to a breakpoint; else to the start of the phase."""
    return run_to_end(_search_back(session))


def run_to(session: Session, argument: str) -> Outcome:
    """Go to a step or a quantity, but stop at a breakpoint on the way."""
    return run_to_end(_search_to(session, argument))


def search_of(session: Session, word: str, argument: str) -> Search | None:
    """The search that a command is, not yet begun; None where it is none.

    Raises:
        Refusal: there is no such place to run to.
    """
    if word == "run-to":
        return _search_to(session, argument)
    searches = {"continue": _search_on, "continue-back": _search_back}
    return searches[word](session) if word in searches else None


def _search_on(session: Session) -> Search:
    hits = _hits(session, session.rounds, session.total)
    count = session.rounds - session.round
    return Search(session, "continue", hits, count, partial(_end_of_phase, session))


def _search_back(session: Session) -> Search:
    hits, count = _hits_back(session, 0, 0), session.round + 1
    return Search(session, "continue-back", hits, count, partial(_start_of_phase, session))


def _search_to(session: Session, argument: str) -> Search:
    if not argument and session.asked.quantity is None:
        raise Refusal("run to where? for example: run-to hidden.z[1]; or ask f or F first")
    wanted = argument or session.name(session.asked.quantity)  # type: ignore[arg-type]
    target, told = place_of(session, wanted)
    if target > session.index:
        hits = _hits(session, session.round + 1, target)
    else:
        hits = _hits_back(session, session.round, target + 1)
    command = f"run-to {argument}".rstrip()
    return Search(session, command, hits, 1, partial(_reached, session, target, told))


def _reached(session: Session, target: int, told: str) -> Outcome:
    """Stand at the step run to, and say what it finds."""
    outcome = session.jump_to(session.exactly(target))
    told = told or session.name(of_step(session.schedule, session.schedule.step(target)))
    here = f"this is step {target + 1} already" if outcome.kind != MOVED else f"step {target + 1}"
    return replace(outcome, message=f"{here}: {told}")


def _end_of_phase(session: Session) -> Outcome:
    starts = [start for start, _, _ in session.schedule.phases() if start > session.index + 1]
    end = (starts[0] if starts else session.total) - 1
    message = "no breakpoint ahead: the end of the phase"
    if end == session.index:
        message = "no breakpoint ahead in the rounds there are; a takes the update"
    return session.jump_to(session.at(end), message)


def _start_of_phase(session: Session) -> Outcome:
    here = span(session.schedule, session.index, session.level)[0]
    starts = [start for start, _, _ in session.schedule.phases() if start < here]
    message = "no breakpoint behind: the start of the phase"
    return session.jump_to(session.at(starts[-1] if starts else 0), message)


class Search:
    """Looking for the stop a run comes to, a round at each turn.

    Args:
        command: what it is.
        hits: the stops in their order; None at the beginning of each round that is looked through.
        count: how many rounds those are.
        otherwise: what is done where there is no stop.
    """

    doing = "looking"

    def __init__(
        self,
        session: Session,
        command: str,
        hits: Iterator[Hit | None],
        count: int,
        otherwise: Callable[[], Outcome],
    ) -> None:
        self._session, self._command = session, command
        self._hits, self._otherwise = hits, otherwise
        self._found: Hit | None = None
        self._refused = ""
        self._is_over = False
        self.done, self.total = 0, count

    @property
    def leads_there(self) -> str:
        """The command, if it came to an end."""
        return self._command if self._is_over and not self._refused else ""

    def describe(self) -> str:
        """`412 of 1000 rounds`."""
        return f"{self.done} of {self.total} rounds"

    def advance(self) -> bool:
        """Look through a round."""
        try:
            self._found = next(self._hits)
        except StopIteration:
            self._is_over = True
        except (ComputationError, MemoryError) as error:
            self._is_over, self._refused = True, reason_of(error)
        else:
            self._is_over = self._found is not None
            self.done += not self._is_over
        return not self._is_over

    def finish(self) -> Outcome:
        """Go where the run stops; where it was broken off, nothing has moved."""
        if self._refused:
            return Outcome(REFUSED, self._refused)
        if not self._is_over:
            return Outcome(UNCHANGED, f"broken off after {self.describe()}: no breakpoint in them")
        return self._otherwise() if self._found is None else stop_at(self._session, *self._found)


Hit = tuple[int, int, Breakpoint]
"""Round, node step, breakpoint."""


def _hits(session: Session, rounds: int, stop: int) -> Iterator[Hit | None]:
    """Where a run on stops: before round `rounds` and in its last one before step `stop`.

    Each round begins with None.
    """
    order = _order(session)
    for number in range(session.round, rounds):
        yield None
        behind = session.index if number == session.round else -1
        for step, each in order:
            if step <= behind or (number == rounds - 1 and step >= stop):
                continue
            if _stops(session, each, number, step):
                yield number, step, each


def _hits_back(session: Session, rounds: int, stop: int) -> Iterator[Hit | None]:
    """Where a run back stops: down to round `rounds`, and in it not before step `stop`.

    Each round begins with None.
    """
    order = _order(session)[::-1]
    start = span(session.schedule, session.index, session.level)[0]
    for number in range(session.round, rounds - 1, -1):
        yield None
        before = start if number == session.round else session.total
        for step, each in order:
            if step >= before or (number == rounds and step < stop):
                continue
            if _stops(session, each, number, step):
                yield number, step, each


def conditional_stop(session: Session, number: int) -> tuple[int, Breakpoint] | None:
    """The first step of a round at which a breakpoint's condition holds, and the breakpoint."""
    for step, each in _order(session):
        if each.condition is not None and _stops(session, each, number, step):
            return step, each
    return None


def play_on(session: Session) -> tuple[Outcome, Breakpoint | None]:
    """Go on one step as `next` does; where a breakpoint is on the way, stop at it and give it."""
    before = session.cursor
    outcome = session.execute("next")
    try:
        for step, each in _order(session):
            if before.index < step <= session.index and _stops(session, each, before.round, step):
                session.undo_step()
                return stop_at(session, before.round, step, each), each
    except (ComputationError, MemoryError) as error:
        return Outcome(REFUSED, reason_of(error)), None
    return outcome, None


def _order(session: Session) -> list[tuple[int, Breakpoint]]:
    """Every step of a round at which a breakpoint may stop, in order."""
    on = [each for each in session.breakpoints.all if each.enabled]
    return sorted(((s, each) for each in on for s in each.steps), key=lambda pair: pair[0])


def _stops(session: Session, each: Breakpoint, number: int, step: int) -> bool:
    """Whether a breakpoint stops at a step of a round."""
    if each.condition is None:
        return True
    scene = replace(session.scene(), round_number=number, index=step, level="node", opened=False)
    earlier = replace(scene, round_number=number - 1)
    values = Values(
        lambda quantity: whole_at(scene, quantity),
        (lambda quantity: whole_at(earlier, quantity)) if number else None,
        session.run.arithmetic.number,
    )
    with session.run.arithmetic.protected():
        return each.condition.holds(values)


def stop_at(session: Session, number: int, step: int, each: Breakpoint) -> Outcome:
    """Stand where a breakpoint stopped the run."""
    each.hits += 1
    wanted = session.trail.wanted_level(session.cursor)
    if each.level == "node":
        cursor = session.exactly(step, number)
    else:
        level = LEVELS[max(LEVELS.index(wanted), LEVELS.index(each.level))]
        cursor = session.trail.aim(session.cursor, session.at(step, level, number))
    where = f", round {number + 1}" if session.rounds > 1 else ""
    if LEVELS.index(cursor.level) > LEVELS.index(wanted):
        where += f"; it is inside a {LEVEL[wanted]}, so this steps by {STEPS[cursor.level]}"
    return session.jump_to(cursor, f"breakpoint {each.number}: {each.text}{where}")


ACTIONS = {
    "break": break_,
    "continue": continue_,
    "continue-back": continue_back,
    "run-to": run_to,
    "enable": enable,
    "disable": disable,
    "delete": delete,
}
"""What carries out each command of the group."""
