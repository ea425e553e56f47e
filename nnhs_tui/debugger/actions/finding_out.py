"""Finding out: watches, where a number comes from and goes to, and when it changed."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from nnhs_tui.debugger.asked import ARITHMETICS
from nnhs_tui.debugger.compare import reach_other_arithmetic
from nnhs_tui.debugger.outcome import UNCHANGED, Outcome
from nnhs_tui.debugger.provenance import gradient_of
from nnhs_tui.debugger.quantities import steps_of, value_at
from nnhs_tui.debugger.quantity import NEW, STEP, Quantity
from nnhs_tui.debugger.scene import UNKNOWN
from nnhs_tui.debugger.session import Session, whole
from nnhs_tui.errors import Refusal
from nnhs_tui.labels import ARITHMETIC
from nnhs_tui.training.round_checks import round_checks

MOST_WATCHES = 100


def watch(session: Session, argument: str) -> Outcome:
    """Watch a quantity, or no longer."""
    quantity = session.quantity(argument)
    name = session.name(quantity)
    if quantity in session.watches:
        session.watches.remove(quantity)
        return Outcome(UNCHANGED, f"{name} is no longer watched", "watches")
    if len(session.watches) >= MOST_WATCHES:
        raise Refusal(f"{MOST_WATCHES} quantities are watched already: x in pane 7 removes one")
    session.watches.append(quantity)
    return Outcome(UNCHANGED, f"watching {name}", "watches")


def from_(session: Session, argument: str) -> Outcome:
    """List what a quantity is made of."""
    return _ask(session, argument, goes_to=False)


def to(session: Session, argument: str) -> Outcome:
    """List what uses a quantity."""
    return _ask(session, argument, goes_to=True)


def _ask(session: Session, argument: str, *, goes_to: bool) -> Outcome:
    quantity = session.quantity(argument)
    if quantity.round is not None:
        raise Refusal("this looks in the round in work: round goes to another one first")
    session.asked.quantity, session.asked.goes_to = quantity, goes_to
    keys = "Enter goes to the step that uses it" if goes_to else "Enter goes there, { to the last"
    where = "to" if goes_to else "from"
    return Outcome(UNCHANGED, f"where {where}: {session.name(quantity)}; {keys}", "where")


def compare(session: Session, argument: str) -> Outcome:
    """This run beside the one without the edits, this round beside another, or exact beside hand.

    Where there is neither an edit nor another round, the two arithmetics are what can be compared.
    """
    if argument in ("hand", "exact"):
        return _compare_arithmetics(session)
    if not argument and not session.edits and session.round == 0:
        try:
            return _compare_arithmetics(session)
        except Refusal as refusal:
            else_ = "e edits a value, a begins another round, to compare with"
            raise Refusal(f"{refusal}; else {else_}") from refusal
    asked = (
        whole(argument, "compare", "hand, exact, or a round", 1, session.rounds) - 1
        if argument
        else None
    )
    if asked == session.round:
        raise Refusal("this is that round: compare it with another one")
    lists_all = session.asked.compared == (asked, False)
    session.asked.compared = (asked, lists_all)
    return Outcome(UNCHANGED, ONCE_MORE[lists_all], "compare")


ONCE_MORE = {
    True: "all numbers; once more: those that differ",
    False: "once more: all numbers",
}


def _compare_arithmetics(session: Session) -> Outcome:
    """The round in exact arithmetic beside the same by hand; first all numbers."""
    reach_other_arithmetic(session)
    lists_all = session.asked.compared != (ARITHMETICS, True)
    session.asked.compared = (ARITHMETICS, lists_all)
    told = f"{ARITHMETIC['exact']} beside {ARITHMETIC['hand']}: {ONCE_MORE[lists_all]}"
    return Outcome(UNCHANGED, told, "compare")


def gradcheck(session: Session, _argument: str) -> Outcome:
    """Every gradient of the round in work beside the numeric one."""
    round_checks(session.run, session.round)
    return Outcome(
        UNCHANGED, "numeric: (L(w + h) − L(w − h)) / 2h, in exact arithmetic", "gradcheck"
    )


def change_back(session: Session, argument: str) -> Outcome:
    """The step before this one at which the quantity asked about changed."""
    quantity, here = _asked(session, argument), (session.round, session.index)
    steps = steps_of(session.schedule, quantity)
    rounds = range(session.round, -1, -1)
    places = chain.from_iterable(((k, step) for step in reversed(steps)) for k in rounds)
    found = next((each for each in places if each < here), None)
    if found is None:
        return Outcome(UNCHANGED, f"{session.name(quantity)} did not change before this step")
    return _show_change(session, quantity, found)


def change_next(session: Session, argument: str) -> Outcome:
    """The next step at which the quantity asked about changes."""
    quantity, here = _asked(session, argument), (session.round, session.index)
    steps = steps_of(session.schedule, quantity)
    rounds = range(session.round, session.rounds)
    places = chain.from_iterable(((k, step) for step in steps) for k in rounds)
    found = next((each for each in places if each > here), None)
    if found is None:
        return Outcome(UNCHANGED, f"{session.name(quantity)} does not change after this step")
    return _show_change(session, quantity, found)


def _asked(session: Session, argument: str) -> Quantity:
    """The quantity that is followed: one named, the one asked about before, else the step's."""
    if argument or session.asked.quantity is None:
        quantity = session.quantity(argument)
        if quantity.round is not None:
            raise Refusal("changes are looked for in all rounds: leave the round out")
        session.asked.quantity, session.asked.goes_to = quantity, False
    assert session.asked.quantity is not None
    if session.asked.quantity.kind in (NEW, STEP):
        # A parameter's new value is found once; what adds up before is its gradient.
        return gradient_of(session.asked.quantity)
    return session.asked.quantity


def _show_change(session: Session, quantity: Quantity, place: tuple[int, int]) -> Outcome:
    """Go to a change, and say from what to what."""
    number, index = place
    session.jump_to(session.exactly(index, number))
    after = session.scene()
    value = after.show(value_at(after, quantity))
    if index == 0:
        before = after.show(None)
    else:
        earlier = replace(after, index=index - 1, level="node", opened=False)
        before = after.show(value_at(earlier, quantity))
    name = session.name(quantity)
    if before == UNKNOWN:
        # In another sample it was another number; that one is not what it changed from.
        sample = f"sample {after.sample + 1}: " if len(after.run.samples) > 1 else ""
        told = name if name.startswith(sample) else f"{sample}{name}"
        return Outcome("moved", f"{told} is {value} from here on")
    return Outcome("moved", f"{name}: {before} → {value}")


ACTIONS = {
    "watch": watch,
    "change-back": change_back,
    "change-next": change_next,
    "from": from_,
    "to": to,
    "compare": compare,
    "gradcheck": gradcheck,
}
"""What carries out each command of the group."""
