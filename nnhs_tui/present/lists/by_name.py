"""The lists by name."""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, reason_of
from nnhs_tui.labels import counted
from nnhs_tui.operations.numerals import telling
from nnhs_tui.present.lists.columns import check_listing, compare_listing
from nnhs_tui.present.lists.listing import Listing, Row, Rows
from nnhs_tui.present.lists.training_progress import training_listing
from nnhs_tui.present.lists.watches import watch_listing
from nnhs_tui.present.lists.where_from import where_listing
from nnhs_tui.present.text.lines import Line, run
from nnhs_tui.present.text.plot import sparkline

CURVE = 30
"""Rounds the little curve of the losses goes back over."""


def breakpoint_listing(session: Session) -> Listing:
    """The breakpoints: on or off, where, how often they were hit."""
    rows = []
    for each in session.breakpoints.all:
        hits = f"  {counted(each.hits, 'hit')}" if each.hits else ""
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
    run_, scene = session.run, session.scene()

    def row(number: int) -> Row:
        role = "current" if number == session.round else "text"
        told = f"  loss {telling(run_.loss(number), scene.digits)}" if run_.has_loss else ""
        return Row((run(f"round {number + 1}", role), run(told)), f"round {number + 1}")

    above: tuple[Line, ...] = ()
    if session.rounds > 1 and run_.has_loss:
        losses = run_.losses()[: session.rounds][-CURVE:].tolist()
        above = ((run("loss " + sparkline(losses, CURVE), "dim"),),)
    return Listing("rounds", Rows(session.rounds, row), "", above, here=session.round)


def _surviving(name: str, make: Callable[[Session], Listing]) -> Callable[[Session], Listing]:
    """A list that says why, where what it lists cannot be computed."""

    def listing(session: Session) -> Listing:
        try:
            return make(session)
        except (ComputationError, MemoryError) as error:
            return Listing(name, (), f"this cannot be computed: {reason_of(error)}")

    return listing


_LISTINGS: dict[str, Callable[[Session], Listing]] = {
    "breakpoints": breakpoint_listing,
    "watches": watch_listing,
    "where": where_listing,
    "rounds": round_listing,
    "training": training_listing,
    "compare": compare_listing,
    "gradcheck": check_listing,
}
LISTINGS = {name: _surviving(name, make) for name, make in _LISTINGS.items()}
