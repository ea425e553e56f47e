"""What if: another value for a number of the scenario, in a branch of its own."""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Any

from nnhs_tui.debugger.outcome import MOVED, UNCHANGED, Outcome
from nnhs_tui.debugger.quantity import RATE, VALUE, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.operations.losses import LOSSES, Targets
from nnhs_tui.operations.numerals import plain, shown, telling
from nnhs_tui.operations.written import read_answer
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.model import Network
from nnhs_tui.training.edits import Edit

EDITABLE = "inputs, targets, weights, biases and the learning rate can be edited"
RATE_EFFECT = ": changes the update, and the loss from the next round on"
BEGINS_ANEW = "what the file says now is round 1, and there are no edits"
LARGEST = Decimal(10) ** 12
_PLACES, _MOST_DIGITS = Context(prec=12), 30
"""Of a number without an end, such as 1/3, so many digits are kept; it has more than the others."""


def edit(session: Session, argument: str) -> Outcome:
    """Give a number another value from this round on."""
    made = read_edit(session, argument)
    before = _losses(session)
    old = shown(_present(session, made), session.digits)
    session.open_branch(session.arithmetic_name, session.digits, (*session.edits, made))
    session.undone.clear()
    told = f"{made.name} {old} → {plain(made.value)}"
    # Another learning rate leaves the loss of its own round as it is.
    effect = RATE_EFFECT if made.kind == "rate" else _compared(session, before)
    return Outcome(MOVED, f"{told}{effect}; u takes it back")


def undo(session: Session, _argument: str) -> Outcome:
    """Take the last edit back; the run before it is there again."""
    if not session.edits:
        return Outcome(UNCHANGED, "nothing was edited: e edits a value")
    last = session.edits[-1]
    told = _switch(session, session.edits[:-1])
    session.undone.append(last)
    return Outcome(MOVED, f"{last.name} is as it was; U edits it again{told}")


def redo(session: Session, _argument: str) -> Outcome:
    """Make the edit again that was taken back last."""
    if not session.undone:
        return Outcome(UNCHANGED, "no edit was taken back")
    again = session.undone[-1]
    told = _switch(session, (*session.edits, again))
    session.undone.pop()
    return Outcome(MOVED, f"{again.name} = {plain(again.value)} again{told}")


def save(session: Session, argument: str) -> Outcome:
    """Keep what the round in work begins with as a new scenario."""
    return _save(session, argument, over=False)


def save_over(session: Session, argument: str) -> Outcome:
    """The same, and where the file is there already, instead of it."""
    return _save(session, argument, over=True)


def _save(session: Session, argument: str, *, over: bool) -> Outcome:
    from nnhs_tui.debugger import saving

    path = saving.save(session, argument, over=over)
    if saving.is_open_in(session, path) and session.go_on_with(load(session.scenario.path)):
        return Outcome(MOVED, f"saved over the scenario that is open: {BEGINS_ANEW}")
    state = f", with the parameters of round {session.round + 1}" if session.round else ""
    if not state and not session.edits:
        state = " as a copy, with no edit"
    return Outcome(UNCHANGED, f"saved{state}: nnhs-tui run {_as_typed(argument)} opens it")


def _as_typed(argument: str) -> str:
    """The argument as a shell takes it."""
    import shlex

    return shlex.quote(argument)


def _switch(session: Session, edits: tuple[Edit, ...]) -> str:
    """Go to the run with these edits; gives what is to be said where it ends before this round."""
    numbers = session.arithmetic_name, session.digits
    return session.open_branch(*numbers, edits, as_far_as_it_goes=True)


def _losses(session: Session) -> list[str]:
    loss = session.run.loss(session.round)
    return [] if loss is None else [telling(loss, session.digits)]


def _compared(session: Session, before: list[str]) -> str:
    now = _losses(session)
    return f": loss {before[0]} → {now[0]}" if before and now else ""


def read_edit(session: Session, argument: str) -> Edit:
    """The edit of `hidden.W[1,2] 0.7`, `x[2] = 1`, `learning_rate 0,5`.

    Raises:
        Refusal: the quantity cannot be edited, or the number is none or out of its range.
    """
    left, equals, right = argument.partition("=")
    if not equals:
        left, _, right = argument.strip().rpartition(" ")
    if not left.strip():
        raise Refusal(f"edit takes a quantity and its new value: edit x[1] 2; {EDITABLE}")
    quantity = session.quantity(left.strip())
    name = session.name(quantity)
    value = read_number(right.strip())
    kind, place, sample = _what(session, quantity, name)
    _check(session, kind, name, value)
    if sample is not None and session.schedule.samples > 1 and quantity.sample is None:
        name = f"sample {sample + 1}: {name}"
    return Edit(session.round, kind, place, sample, value, name)


def read_number(text: str) -> Decimal:
    """A number as people write it: 0.7, 0,7, −2, 3/8, 1e-3.

    Raises:
        Refusal: it is none, or too large.
    """
    read = read_answer(text)
    if read is None:
        told = "is not a number; expected one such as 0.7, -2 or 3/8"
        raise Refusal(f"{quoted(text)} {told}")
    if abs(read.value) > LARGEST:
        raise Refusal(f"{quoted(text)} is too large; expected a number between -10¹² and 10¹²")
    without_end = len(read.value.as_tuple().digits) > _MOST_DIGITS
    return _PLACES.plus(read.value) if without_end else read.value


def _what(session: Session, quantity: Quantity, name: str) -> tuple[str, int, int | None]:
    """(kind, place, sample) of what is edited."""
    tape, node = session.tape, quantity.node
    if quantity.round is not None:
        raise Refusal("an edit holds from the round in work on: leave the round out")
    if quantity.kind == RATE:
        return "rate", 0, None
    if quantity.kind != VALUE or node >= tape.leaves:
        raise Refusal(f"{name} is computed; {EDITABLE}")
    if node < tape.parameters:
        return "parameter", node, None
    sample = session.scene().sample if quantity.sample is None else quantity.sample
    if node in tape.t:
        return "target", node - tape.t.start, sample
    return "input", node - tape.parameters, sample


def _check(session: Session, kind: str, name: str, value: Decimal) -> None:
    """The ranges that scenario files have too."""
    model = session.scenario.model
    loss = LOSSES[model.loss] if isinstance(model, Network) and model.loss else None
    if kind == "target" and loss is not None and loss.targets is Targets.DISTRIBUTION:
        raise Refusal(f"{name}: the targets of a {loss.title} sum to 1; change them in the file")
    if kind == "target" and loss is not None and not loss.targets.allows(value):
        expected = f"expected {loss.targets.each} for {loss.name}"
        raise Refusal(f"{name}: {plain(value)} is out of range; {expected}")
    if kind == "rate" and value < 0:
        raise Refusal(f"{name}: {plain(value)} is out of range; expected 0 or more")


def _present(session: Session, made: Edit) -> Any:
    """The value an edit replaces."""
    if made.kind == "rate":
        return session.run.written_rate(session.round)
    if made.kind == "parameter":
        return session.run.parameters(session.round)[made.place]
    leaves = session.run.prepared(session.round, made.sample or 0).leaves
    behind = len(session.tape.x) if made.kind == "target" else 0
    return leaves[behind + made.place]


def suggested(session: Session) -> str:
    """What is most likely edited at this step: a parameter it is about, or uses, or an input."""
    tape, step = session.tape, session.schedule.step(session.index)
    nodes = [step.node] if step.target is None else [step.target]
    if step.node >= tape.leaves:
        nodes += tape.operands(step.node).tolist()
    given = [node for node in nodes if 0 <= node < tape.leaves and node not in tape.constant_ids]
    if not given:
        return ""
    node = min(given, key=lambda each: each >= tape.parameters)
    return f"{session.name(Quantity(VALUE, node))} "


ACTIONS = {
    "edit": edit,
    "undo": undo,
    "redo": redo,
    "save": save,
    "save!": save_over,
}
"""What carries out each command of the group."""
