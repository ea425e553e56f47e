"""Rounds: taking the update, training, and walking in what was applied."""

from __future__ import annotations

from nnhs_tui.debugger.outcome import MOVED, UNCHANGED, Outcome
from nnhs_tui.debugger.session import Session, whole
from nnhs_tui.debugger.work import run_to_end
from nnhs_tui.errors import Refusal
from nnhs_tui.labels import ARITHMETIC, counted
from nnhs_tui.operations.numerals import telling
from nnhs_tui.training.branches import Branch


def apply(session: Session, _argument: str) -> Outcome:
    """Take the new parameters: the next round begins."""
    if not session.tape.parameters:
        raise Refusal("there is nothing to update: this scenario has no parameters")
    if session.round + 1 < session.rounds:
        message = f"round {session.round + 2} is there already: the same update gives the same"
    else:
        session.run.round(session.round + 1)
        session.runs.applied[session.branch] = session.round + 2
        message = f"update applied: {_losses(session)}round {session.round + 2} begins"
        message += _branching(session)
    session.jump_to(session.at(0, round_number=session.round + 1))
    return Outcome(MOVED, message)


def _losses(session: Session) -> str:
    """`loss 0.34 → 0.28; `, from this round to the next."""
    losses = [session.run.loss(number) for number in (session.round, session.round + 1)]
    if None in losses:
        return ""
    before, after = (telling(loss, session.digits) for loss in losses)
    return f"loss {before} → {after}; "


def _branching(session: Session) -> str:
    branch = session.branch
    others = [b for b, n in session.runs.applied.items() if b != branch and n > session.round + 1]
    if not others or session.runs.applied[branch] != session.round + 2:
        return ""
    kept = ", ".join(branch_name(each) for each in others)
    return f", in a new branch ({branch_name(branch)}); the rounds in {kept} stay"


def train(session: Session, argument: str) -> Outcome:
    """Rounds one after another: so many, or until the loss is small or no longer changes."""
    from nnhs_tui.debugger.training import Training

    return run_to_end(Training(session, argument))


def round(session: Session, argument: str) -> Outcome:
    """The start of a round that was applied."""
    number = whole(argument, "round", "a round that was applied", 1, session.rounds)
    return session.jump_to(session.at(0, round_number=number - 1))


def previous_round(session: Session, _argument: str) -> Outcome:
    """This step in the round before."""
    if session.round == 0:
        return Outcome(UNCHANGED, "this is the first round")
    return session.jump_to(session.at(session.index, round_number=session.round - 1))


def next_round(session: Session, _argument: str) -> Outcome:
    """This step in the next round."""
    if session.round + 1 >= session.rounds:
        return Outcome(UNCHANGED, "this is the last round so far; apply begins another (key a)")
    return session.jump_to(session.at(session.index, round_number=session.round + 1))


def restart(session: Session, _argument: str) -> Outcome:
    """The first step of this round."""
    return session.jump_to(session.at(0))


def reset(session: Session, _argument: str) -> Outcome:
    """Everything as the scenario says."""
    session.begin()
    return Outcome(MOVED, "everything as the scenario says: round 1, step 1")


def branches(session: Session, _argument: str) -> Outcome:
    """Which runs there are, and how many rounds each has."""
    listed = (f"{branch_name(b)}: {counted(n, 'round')}" for b, n in session.runs.applied.items())
    return Outcome(UNCHANGED, "; ".join(listed))


def branch_name(branch: Branch) -> str:
    """`hand to 2 decimals, what if hidden.W[1,2] = 0.7`."""
    name = ARITHMETIC[branch.arithmetic]
    if branch.digits is not None:
        name += f" to {counted(branch.digits, 'decimal')}"
    edits = ", ".join(f"{edit.name} = {edit.value}" for edit in branch.edits)
    return f"{name}, what if {edits}" if edits else name


ACTIONS = {
    "apply": apply,
    "train": train,
    "round": round,
    "previous-round": previous_round,
    "next-round": next_round,
    "restart": restart,
    "reset": reset,
    "branches": branches,
}
"""What carries out each command of the group."""
