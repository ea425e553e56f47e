"""A gradient check worked out: the result a little below and above, and what that says."""

from __future__ import annotations

from decimal import Decimal

from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.operations.numerals import shown
from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, run, wrap
from nnhs_tui.present.text.notation import bracketed, objective
from nnhs_tui.training.round_checks import round_checks

BY = Decimal("0.01")
"""How far a number is nudged: small enough for most curves, and large enough for a calculator."""
DECIMALS = 6


def nudge_page(session: Session, quantity: Quantity) -> Page:
    """The check of a gradient, or of that of a value.

    Raises:
        Refusal: it is neither a parameter's nor an input's, or there is no result beside it.
    """
    scene = session.scene()
    checks = round_checks(session.run, session.round)
    sample = scene.sample if quantity.sample is None else quantity.sample
    place = checks.place_of(quantity.node, sample)
    if quantity.kind not in (GRAD, VALUE) or quantity.path is not None or place is None:
        told = "only inputs, weights and biases can be nudged: the others follow from them"
        raise Refusal(f"{session.name(quantity)}: {told}")
    check = checks[place]
    try:
        at, below, above = checks.nudged(place, float(BY))
    except ComputationError as error:
        raise Refusal(f"{BY} beside it there is no result: {error}") from error
    name, of = scene.names.symbol(quantity.node, session.layer_in_work), objective(scene)
    plus, minus = _number(above), _number(below)
    # Of the numbers that stand there, so that whoever does it by hand finds the same.
    difference = Decimal(plus) - Decimal(minus)
    slope = shown(difference / (2 * BY), DECIMALS - 2)
    lines = [
        f"{name} = {_number(at)}, nudged by h = {BY} to either side:",
        "",
        f"{of}({name} + h) = {of}({_number(at + float(BY))}) = {plus}",
        f"{of}({name} - h) = {of}({_number(at - float(BY))}) = {minus}",
        f"their difference = {plus} - {bracketed(minus)} = {difference}",
        f"over 2h = {bracketed(str(difference))} / {2 * BY} = {slope}",
        "",
        f"∂{of}/∂{name} by the chain rule = {_number(check.analytic)}",
        f"with a much smaller h = {_number(check.numeric)}: {check.told}",
        "",
        EXACT,
    ]

    def text(width: int) -> list[Line]:
        return [line for told in lines for line in (wrap((run(told),), width, 4) or [()])]

    return Page(f"nudging {name}", text)


EXACT = "All of this in exact arithmetic; the nearer to 0 h is, the nearer the two come."


def _number(value: float) -> str:
    return shown(value, DECIMALS)
