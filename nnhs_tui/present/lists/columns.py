"""Lists of numbers side by side: two calculations, and gradients beside numeric ones."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from nnhs_tui.autodiff.gradcheck import DISAGREES, Check, Verdicts
from nnhs_tui.debugger.compare import CARRIED, EARLIER, Comparison, compare, why_not
from nnhs_tui.debugger.quantities import home_of
from nnhs_tui.debugger.quantity import GRAD, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.operations.numerals import as_decimal, scientific, shown
from nnhs_tui.present.lists.listing import Listing, Row, Rows
from nnhs_tui.present.text.lines import Line, cells, fit, run
from nnhs_tui.training.round_checks import round_checks

NUMBER = 12
"""Columns of a number."""
NAME = 22
"""Columns of a name; a longer one takes what it needs."""


@dataclass(frozen=True)
class Widths:
    """The columns of a list of numbers."""

    name: int = NAME
    number: int = NUMBER

    def heads(self, *heads: str) -> Line:
        """What stands above the columns."""
        texts = (fit(head, self.number, right=True) for head in heads)
        return ((" " * (self.name + 1) + "".join(texts), "dim"),)


def _widths(session: Session, compared: Comparison) -> Widths:
    """Narrower where behind the numbers there is something to read."""
    return Widths(18, max(8, session.digits + 6)) if compared.is_of_arithmetics else Widths()


def compare_listing(session: Session) -> Listing:
    """The numbers of two calculations in a row each, with their difference."""
    compared = compare(session)
    if compared is None:
        return Listing("compare", (), why_not(session))
    lists_all = session.asked.compared is not None and session.asked.compared[1]
    count = compared.count if lists_all else compared.differing
    rows = Rows(count, lambda place: _pair_row(session, compared, place, lists_all))
    before, after = compared.before, compared.after
    sample = f", sample {after.sample + 1}" if len(session.run.samples) > 1 else ""
    told = f"{compared.differing} of {compared.count} differ, whole round {after.round + 1}{sample}"
    if compared.is_of_arithmetics and compared.differing:
        told += f"; {_parting(session, compared)}"
    difference = "apart" if compared.is_of_arithmetics else "difference"
    heads = _widths(session, compared).heads(before.name, after.name, difference)
    above = ((run(told),), heads)
    return Listing("compare", rows, "every number is the same", above)


def _pair_row(session: Session, compared: Comparison, place: int, lists_all: bool) -> Row:
    pair = compared.pair(place, among_all=lists_all)
    show, name = session.scene().show, session.name(pair.quantity)
    before, after = show(pair.before), show(pair.after)
    differs = before != after
    # The difference of the numbers that stand there, as one would work it out.
    difference = _plainly(Decimal(after) - Decimal(before)) if differs else ""
    role = "backward" if pair.quantity.kind == GRAD else "text"
    widths = _widths(session, compared)
    wide = widths.number
    line: Line = (
        run(f"{fit(name, max(widths.name, cells(name)))}{before:>{wide}}", role),
        run(f" {'*' * differs + after:>{wide - 1}}", f"{role} edited" if differs else role),
        run(f" {difference:>{wide - 1}}", "dim"),
    )
    if differs and compared.is_of_arithmetics:
        line = (*line, run(f" {_origin(session, compared, place, lists_all)}", "dim"))
    is_given = home_of(session.schedule, pair.quantity) is None
    return Row(line, "" if is_given else f"goto {name}")


MOST_PARTS = 3
"""Names of what a number is made of, in one row."""


def _origin(session: Session, compared: Comparison, place: int, lists_all: bool) -> str:
    """`they part here`, or why a number differs that comes later."""
    origin = compared.origin(place, among_all=lists_all)
    if origin is None:
        return ""
    if origin.kind == EARLIER:
        return f"from the update of round {compared.after.round}"
    if origin.kind == CARRIED:
        return f"from {_listed(session, origin.parts)}"
    is_first = compared.pair(place, among_all=lists_all).quantity == compared.first
    return "they part here" if is_first else "begins here by rounding"


def _parting(session: Session, compared: Comparison) -> str:
    """Where the two arithmetics part."""
    origin, first = compared.origin(0, among_all=False), compared.first
    if first is None or origin is None or origin.kind == EARLIER:
        return "they parted in an earlier round"
    return f"they part at {session.name(first)}"


def _listed(session: Session, parts: tuple[Quantity, ...]) -> str:
    """The names of what a number is made of; of several samples' gradients only the samples."""
    samples = [each.sample + 1 for each in parts if each.sample is not None and each.kind == GRAD]
    if not parts or len(samples) > 1:
        numbers = ", ".join(map(str, samples[:MOST_PARTS])) or "…"
        return f"samples {numbers}{', …' * (len(samples) > MOST_PARTS)}"
    names = [session.name(each) for each in parts[:MOST_PARTS]]
    return ", ".join([*names, *["…"] * (len(parts) > MOST_PARTS)])


def _plainly(number: Decimal) -> str:
    """A difference as it stands; a long one with an exponent."""
    text = f"{number:f}"
    return text if len(text) < NUMBER - 1 else scientific(number, 2)


def check_listing(session: Session) -> Listing:
    """Every gradient of the round in work, the numeric one, and their difference."""
    checks = round_checks(session.run, session.round)
    schedule, count = session.schedule, session.tape.parameters

    def row(place: int) -> Row:
        # The parameters in the order of the gradients' pane, that of the update.
        is_parameter = place < count
        at = schedule.entries.parameter(place) if is_parameter else place
        return _check_row(checks[at])

    rows = Rows(len(checks), row)
    told = f"{len(checks)} gradients, each checked when it comes into view"
    if checks.are_quick:
        found = Verdicts.of(checks)
        told = f"{found.agree} of {found.checked} agree with central differences"
        told += f", {found.kinks} at a place without a derivative" if found.kinks else ""
        told += f", {found.untried} cannot be tried" if found.untried else ""
    if checks.samples < session.schedule.samples:
        told += f"; of {session.schedule.samples} samples only the first {checks.samples}"
    if session.arithmetic_name == "hand":
        told += "; not rounded, from this round's parameters"
    above = ((run(told),), Widths().heads("gradient", "numeric", "difference"))
    return Listing("gradient check", rows, "there is nothing to check", above)


def _check_row(check: Check) -> Row:
    role = "error" if check.verdict == DISAGREES else "dim"
    verdict = f"  {'✗ ' * (check.verdict == DISAGREES)}{check.told}"
    line = (
        run(f"{fit(check.name, max(NAME, cells(check.name)))}{_six(check.analytic)}", "backward"),
        run(f"{_six(check.numeric)}{check.difference:>{NUMBER}.1e}"),
        run(verdict, role),
    )
    return Row(line, f"nudge {check.name}")


def _six(value: Any) -> str:
    """Six decimals; as many digits, with an exponent, where that would be too long."""
    text = shown(value, 6)
    return f"{text if len(text) < NUMBER else scientific(as_decimal(value), 4):>{NUMBER}}"
