"""Where a number comes from, or goes to, as a list of steps."""

from __future__ import annotations

from dataclasses import replace

from nnhs_tui.autodiff.schedule import BACKWARD
from nnhs_tui.debugger.provenance import Part, is_loss_of_round, path_to_loss, where_from, where_to
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.quantity import GRAD, Quantity
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.present.lists.listing import Listing, Row
from nnhs_tui.present.panes.coming_out import formula_with_more
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.text.lines import Line, merge, run
from nnhs_tui.present.text.more_decimals import together
from nnhs_tui.present.text.notation import bracketed

NOTHING = "f lists where the number of this step comes from, F where it goes; or : from hidden.z[1]"


def where_listing(session: Session) -> Listing:
    """The parts of the quantity asked about, each with the step that made it."""
    quantity = session.asked.quantity
    if quantity is None:
        return Listing("where from", (), NOTHING)
    scene = session.scene()
    parts = (where_to if session.asked.goes_to else where_from)(scene, quantity)
    rows = [row for part in parts for row in _rows(session, scene, part)]
    name = f"where {'to' if session.asked.goes_to else 'from'}: {session.name(quantity)}"
    empty = "nothing uses it" if session.asked.goes_to else "it is given: no step computes it"
    above: list[Line] = [_worth(scene, quantity)]
    if not session.asked.goes_to and any(part.quantity.kind == GRAD for part in parts):
        above = [_sum_line(scene, quantity, parts), *(above if quantity.kind != GRAD else [])]
    elif not session.asked.goes_to and is_loss_of_round(scene, quantity):
        above = [_loss_line(scene, parts)]
    if any(_is_product(scene, part) for part in parts):
        above.append(((FACTORS, "dim"),))
    return Listing(name, tuple(rows), empty, tuple(above))


FACTORS = "each part: what arrives · local derivative"


def _is_product(scene: Scene, part: Part) -> bool:
    """Whether a part is written as what arrives times the local derivative."""
    if part.index is None or part.quantity.kind != GRAD:
        return False
    step = scene.run.schedule.step(part.index)
    is_loss = step.group[0] == "loss" and not scene.run.tape.is_graph
    return step.phase == BACKWARD and not step.is_join and not is_loss


def _worth(scene: Scene, quantity: Quantity) -> Line:
    """`it is 0.50`."""
    value = scene.show(value_at(scene, quantity))
    is_frozen = (
        quantity.is_of_update and quantity.node >= 0 and scene.run.tape.frozen[quantity.node]
    )
    frozen = ", frozen: no update takes anything off" if is_frozen else ""
    return (run("it is "), run(value, _role(quantity)), run(frozen, "dim"))


def _loss_line(scene: Scene, parts: list[Part]) -> Line:
    """`loss = (0.50 + 0.20)/2 = 0.35`: the samples' losses, reduced as the gradients are."""
    known = [part.value for part in parts if part.value is not None]
    if len(known) < len(parts):
        return (run(f"loss: {len(known)} of {len(parts)} samples so far", "dim"),)
    listed = OPERATIONS["sum"].formula([bracketed(scene.show(each)) for each in known])
    divisor = scene.scenario.reduction.divisor(len(known))
    if divisor > 1:
        total = bracketed(scene.show(added(known)))
        listed = f"({listed})/{divisor} = {total}/{divisor}"
    return (run(f"loss = {listed} = "), run(scene.show(scene.round.loss), "text changed"))


def _role(quantity: Quantity) -> str:
    return "backward" if quantity.kind == GRAD else "text"


def _sum_line(scene: Scene, quantity: Quantity, parts: list[Part]) -> Line:
    """`∂ = 0 + 0.12 + 0.05 = 0.17`: what has arrived along each path, and how much is to come."""
    terms = [part.value for part in parts if part.quantity.kind == GRAD]
    known = [each for each in terms if each is not None]
    if not known:
        return (run("∂: nothing has arrived yet", "dim"),)
    listed = OPERATIONS["sum"].formula([bracketed(scene.show(each)) for each in known])
    total = scene.show(added(known))
    coming = len(terms) - len(known)
    more = f" ({coming} to come)" if coming else ""
    line = (run(f"∂ = 0 + {listed} = "), run(total, "backward changed"), run(more, "dim"))
    return (*line, *_mean(scene, quantity, coming))


def _mean(scene: Scene, quantity: Quantity, coming: int) -> Line:
    """` /3 = 0.06`: what the update uses, for the mean over the samples."""
    divisor = scene.scenario.reduction.divisor(len(scene.group)) if len(scene.group) > 1 else 1
    is_divided = divisor > 1 and quantity.sample is None
    if coming or not is_divided or quantity.node >= scene.run.tape.parameters:
        return ()
    return (run(f", /{divisor} = {scene.show(scene.round.accumulated[quantity.node])}"),)


def _rows(session: Session, scene: Scene, part: Part) -> list[Row]:
    """A part's value and what it was made of, and below it the way back to the loss."""
    act = f"goto {part.index + 1}" if part.index is not None else ""
    shown = scene.show(part.value) if part.value is not None else UNKNOWN
    step = f"step {part.index + 1}" if part.index is not None else "given"
    if part.index is None or part.quantity.kind != GRAD:
        name = session.name(part.quantity)
        role = "unknown" if part.value is None else "text"
        return [Row((run(f"{name} = "), run(shown, role), run(f" {step}", "dim")), act)]
    sample = f"sample {part.quantity.sample + 1}: " if part.quantity.sample is not None else ""
    here = replace(scene, index=part.index, level="node", opened=False)
    told = explain_step(here, here.step)
    made = told.numbers if part.value is not None else told.formula
    more = together((formula_with_more(here, here.step) if part.value is not None else "",))
    behind = run(f"   {more}" * bool(more), "dim")
    first = merge((run(sample, "dim"), run(f"{made} = "), run(shown, "backward"), behind))
    way = _way(scene, here.step.node, here.step.group[0])
    return [Row(first, act), Row((run(f"  {step} ← {way}", "dim"),), act, follows=True)]


def _way(scene: Scene, node: int, within: str) -> str:
    """The path back to the loss: `z2 ← a2 ← output.z1 ← loss1`; paths that join in brackets."""
    places = []
    for place in path_to_loss(scene.run.schedule, node):
        symbols = [scene.names.symbol(each, within) for each in place]
        more = ["…"] if len(symbols) > MOST_PATHS else []
        text = " + ".join([*symbols[:MOST_PATHS], *more])
        places.append(f"({text})" if len(place) > 1 else text)
    return " ← ".join(places)


MOST_PATHS = 3
"""Paths that are named where several join."""
