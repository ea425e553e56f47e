"""The lists by name."""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.core.session import Session
from nnhs_tui.present.lines import Line, run
from nnhs_tui.present.listing import Listing, Row
from nnhs_tui.present.plot import sparkline
from nnhs_tui.present.provenance import where_listing
from nnhs_tui.present.watches import watch_listing

CURVE = 30
"""Rounds the little curve of the losses goes back over."""


def breakpoint_listing(session: Session) -> Listing:
    """The breakpoints: on or off, where, how often they were hit."""
    rows = []
    for each in session.breakpoints.all:
        hits = f"  {each.hits} hit{'s' * (each.hits != 1)}" if each.hits else ""
        line: Line = (
            ("● " if each.enabled else "○ ", "key" if each.enabled else "dim"),
            run(f"{each.number} ", "dim"),
            run(each.text, "text" if each.enabled else "dim"),
            run(hits, "dim"),
        )
        switch = "disable" if each.enabled else "enable"
        rows.append(Row(line, f"{switch} {each.number}", f"delete {each.number}"))
    empty = (
        "b sets one at this step. Or type, for example, : break hidden.z[1], : break backward, "
        ": break loss rises, : break abs(hidden.z[1]) > 4"
    )
    return Listing("breakpoints", tuple(rows), empty)


def round_listing(session: Session) -> Listing:
    """The rounds of the branch, with their losses."""
    run_, rows = session.run, []
    scene = session.scene()
    losses = [run_.loss(number) for number in range(session.rounds)]
    for number, loss in enumerate(losses):
        here = number == session.round
        text = f"round {number + 1}"
        told = "" if loss is None else f"  loss {scene.show(loss)}"
        rows.append(
            Row((run(text, "current" if here else "text"), run(told)), f"round {number + 1}")
        )
    above: tuple[Line, ...] = ()
    if len(losses) > 1 and losses[0] is not None:
        above = ((run("loss " + sparkline([float(each) for each in losses], CURVE), "dim"),),)
    return Listing("rounds", tuple(rows), "", above)


LISTINGS: dict[str, Callable[[Session], Listing]] = {
    "breakpoints": breakpoint_listing,
    "watches": watch_listing,
    "where": where_listing,
    "rounds": round_listing,
}
