"""Numbers: which arithmetic, how many decimals, and how steps are written."""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.debugger.outcome import MOVED, UNCHANGED, Outcome
from nnhs_tui.debugger.session import Session, whole
from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.labels import ARITHMETIC, DRAWING, FORM, NOTATION, counted
from nnhs_tui.scenario.reading.limits import MAX_DIGITS


def arithmetic(session: Session, argument: str) -> Outcome:
    """Exact, or rounded at every step; without a word the other one."""
    if argument not in ("", "exact", "hand"):
        raise Refusal(f"arithmetic is exact or hand, found {quoted(argument)}")
    name = argument or session.other_branch.arithmetic
    if name == session.arithmetic_name:
        return Outcome(UNCHANGED, f"already in {ARITHMETIC[name]} arithmetic")
    session.open_branch(name, session.digits, session.edits)
    how = (
        f"every step rounded to {counted(session.digits, 'decimal')}"
        if name == "hand"
        else "no rounding"
    )
    rounded = _updates_before(session.round) if name == "hand" else ""
    return Outcome(MOVED, f"{ARITHMETIC[name]} arithmetic: {how}{rounded}")


def _updates_before(count: int) -> str:
    """Of so many rounds that were applied, that they were worked by hand as well."""
    return f"; {counted(count, 'update before')}" if count else ""


def digits(session: Session, argument: str) -> Outcome:
    """So many decimals."""
    number = whole(argument, "digits", "a number of decimals", 0, MAX_DIGITS)
    if number == session.digits:
        return Outcome(UNCHANGED, f"already {counted(number, 'decimal')}")
    session.open_branch(session.arithmetic_name, number, session.edits)
    return Outcome(MOVED, counted(number, "decimal"))


def more_digits(session: Session, _argument: str) -> Outcome:
    """One decimal more."""
    return digits(session, str(min(session.digits + 1, MAX_DIGITS)))


def fewer_digits(session: Session, _argument: str) -> Outcome:
    """One decimal fewer."""
    return digits(session, str(max(session.digits - 1, 0)))


def form(session: Session, argument: str) -> Outcome:
    """The step as an equation between matrices, or number by number."""
    if argument not in ("", "matrix", "scalar"):
        raise Refusal(f"form is matrix or scalar, found {quoted(argument)}")
    if session.tape.is_graph:
        return Outcome(UNCHANGED, "a graph's steps have no matrices")
    now = "matrix" if session.scene().as_matrix else "scalar"
    wanted = argument or {"matrix": "scalar", "scalar": "matrix"}[now]
    if wanted == now:
        return Outcome(UNCHANGED, f"already written as {FORM[now]}")
    session.view = replace(session.view, form=wanted)
    return Outcome(MOVED)


def notation(session: Session, argument: str) -> Outcome:
    """The matrix equations with a row per input, or a row per neuron."""
    if argument not in ("", "rows", "neurons"):
        raise Refusal(f"notation is rows or neurons, found {quoted(argument)}")
    now = session.view.notation
    wanted = argument or {"rows": "neurons", "neurons": "rows"}[now]
    if wanted == now:
        return Outcome(UNCHANGED, f"equations are written with {NOTATION[now]} already")
    session.view = replace(session.view, notation=wanted)
    return Outcome(MOVED, f"matrix equations with {NOTATION[wanted]}; names stay W[input,neuron]")


def draw(session: Session, argument: str) -> Outcome:
    """The picture of a network as layers of neurons, or as elementary nodes."""
    if argument not in ("", "layers", "nodes"):
        raise Refusal(f"draw is layers or nodes, found {quoted(argument)}")
    if session.tape.is_graph:
        return Outcome(UNCHANGED, f"a graph is drawn as {DRAWING['nodes']}")
    now = session.view.drawing
    wanted = argument or {"layers": "nodes", "nodes": "layers"}[now]
    if wanted == now:
        return Outcome(UNCHANGED, f"drawn as {DRAWING[now]} already")
    session.view = replace(session.view, drawing=wanted)
    return Outcome(MOVED, f"drawn as {DRAWING[wanted]}")


ACTIONS = {
    "arithmetic": arithmetic,
    "digits": digits,
    "more-digits": more_digits,
    "fewer-digits": fewer_digits,
    "form": form,
    "notation": notation,
    "draw": draw,
}
"""What carries out each command of the group."""
