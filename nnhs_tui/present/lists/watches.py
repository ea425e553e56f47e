"""The watched quantities: now, before this step, and over the rounds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from nnhs_tui.autodiff.levels import span
from nnhs_tui.debugger.quantities import value_at
from nnhs_tui.debugger.quantity import VALUE, Quantity
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.lists.listing import Listing, Row
from nnhs_tui.present.text.lines import run
from nnhs_tui.present.text.plot import sparkline

NOTHING = "w watches the quantity of this step, now and over the rounds; or : watch hidden.z[1]"

ROUNDS = 16
"""Rounds the little curve goes back over."""


def watch_listing(session: Session) -> Listing:
    """A row for the value now and before, and a small curve over the last rounds."""
    scene = session.scene()
    before = _step_before(scene)
    rows: list[Row] = []
    for quantity in session.watches:
        name = session.name(quantity)
        now = value_at(scene, quantity)
        old = None if before is None else value_at(before, quantity)
        act, remove = f"from {name}", f"watch {name}"
        changed = " changed" if scene.show(now) != scene.show(old) else ""
        differs = now is not None and scene.differs_beside(partial(value_at, quantity=quantity))
        role = f"text{changed}{' edited' * differs}"
        first = (run(f"{name} = "), run("*" * differs + scene.show(now), role))
        rows.append(Row(first, act, remove))
        told = f"  before {scene.show(old)}" if changed else "  as before"
        curve = _curve(scene, quantity)
        rounds = f"  rounds {curve}" if curve.strip() else ""
        rows.append(Row((run(told + rounds, "dim"),), act, remove, follows=True))
    return Listing("watches", tuple(rows), NOTHING)


def _step_before(scene: Scene) -> Scene | None:
    """The scene one step back at this level; None at the first step of the first round."""
    start = span(scene.run.schedule, scene.index, scene.level)[0]
    if start > 0:
        return replace(scene, index=start - 1, opened=False)
    if scene.round_number > 0:
        return replace(
            scene, round_number=scene.round_number - 1, index=scene.total - 1, opened=False
        )
    return None


def _curve(scene: Scene, quantity: Quantity) -> str:
    """The quantity at the end of each of the last rounds up to this one; "" for one alone."""
    last = scene.round_number
    if last == 0 or quantity.round is not None:
        return ""
    values = [_at_end(scene, quantity, k) for k in range(max(0, last + 1 - ROUNDS), last + 1)]
    return sparkline([None if value is None else float(value) for value in values], ROUNDS)


def _at_end(scene: Scene, quantity: Quantity, number: int) -> Any:
    parameters, loss = scene.run.tape.parameters, scene.run.tape.loss
    if quantity.kind == VALUE and quantity.node < parameters:
        return scene.run.parameters(number)[quantity.node]
    if quantity.kind == VALUE and loss is not None and quantity.node == loss.total:
        return scene.run.loss(number)
    return value_at(replace(scene, round_number=number, index=scene.total - 1), quantity)
