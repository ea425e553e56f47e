"""Known mistakes at the loss: at a term, at the sum of all, or at an output's gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from nnhs_tui.autodiff.tape import LossBlock
from nnhs_tui.debugger.quantity import VALUE
from nnhs_tui.marking.mistakes.case import Case, Made
from nnhs_tui.marking.mistakes.place import beside
from nnhs_tui.operations.arithmetic import Arithmetic, Exact, Hand, Unrounded
from nnhs_tui.operations.losses import softmax_cross_entropy_slope

LN_10 = Decimal("2.302585092994045684017991454684")

Term = Callable[[Any, Any], Any]
"""(o, t) → what is taken for the term of an output, not yet rounded."""


def no_square(case: Case) -> Iterator[Any]:
    """o − t, or its size, for (o − t)²."""
    loss = case.tape.loss
    if loss is not None and loss.loss.is_square:
        yield from _terms(case, lambda o, t: o - t)
        yield from _terms(case, lambda o, t: np.abs(o - t))


def logarithm(case: Case) -> Iterator[Any]:
    """log₁₀ for ln, or the other way round."""
    ar, number = case.ar, case.ar.number(LN_10)
    loss = case.tape.loss
    if loss is not None and loss.loss.has_logarithm:
        term = loss.loss.term
        yield from _terms(case, lambda o, t: term(_unrounded(ar), o, t) / number)
        yield from _terms(case, lambda o, t: term(_unrounded(ar), o, t) * number)
    elif case.is_value and case.tape.is_graph and case.opname == "log":
        logarithm = ar.function("log", case.operands[0])
        yield ar.round(logarithm / number)
        yield ar.round(logarithm * number)


def target(case: Case) -> Iterator[Any]:
    """The target left out, or that of another output."""
    loss = case.tape.loss
    if loss is None:
        return
    term, unrounded = loss.loss.term, _unrounded(case.ar)
    yield from _terms(case, lambda o, t: term(unrounded, o, t * 0))
    if case.is_value and loss.start <= case.node < loss.total:
        o, _ = case.operands
        for place, t in _other_targets(case, loss, case.node):
            yield Made(term(case.ar, o, t), (), f"it is that of output {place + 1}")
    yield from _mirrored_total(case, loss)


def _mirrored_total(case: Case, loss: LossBlock) -> Iterator[Made]:
    """Of two outputs, the sum with each other's targets."""
    if case.node != loss.total or not case.is_value or loss.n != 2:
        return
    value, nodes = case.record.value, range(loss.start, loss.total)
    pairs = [value[case.tape.operands(each)] for each in nodes]
    turned = [(pairs[0][0], pairs[1][1]), (pairs[1][0], pairs[0][1])]
    terms = [loss.loss.term(case.ar, o, t) for o, t in turned]
    yield Made(loss.loss.total(case.ar, np.array(terms)), case.about(VALUE, *nodes))


def target_backward(case: Case) -> Iterator[Any]:
    """The same at an output's gradient."""
    loss = case.tape.loss
    if loss is None or not case.is_out_of_loss:
        return
    node = case.arrivals[0].node
    o, t = case.record.value[case.tape.operands(node)]
    yield Made(slope(case.ar, loss, o, t * 0), (), "it is left out")
    for place, other in _other_targets(case, loss, node):
        yield Made(slope(case.ar, loss, o, other), (), f"it is that of output {place + 1}")


def slope(ar: Arithmetic, loss: LossBlock, o: Any, t: Any) -> Any:
    """The gradient that comes out of the loss at an output, or at z where it is one step."""
    if loss.fused:
        return softmax_cross_entropy_slope(ar, o, t)
    found = loss.loss.slope(ar, o, t, loss.n)
    return found[()] if isinstance(found, np.ndarray) else found


def _other_targets(case: Case, loss: LossBlock, node: int) -> list[tuple[int, Any]]:
    """(place, target) of the other outputs."""
    places, value = beside(node - loss.start, loss.n), case.record.value
    return [(each, value[case.tape.operands(loss.start + each)[1]]) for each in places]


def _unrounded(ar: Arithmetic) -> Arithmetic:
    return Unrounded(ar.digits) if isinstance(ar, Hand) else Exact(ar.digits)


def _terms(case: Case, term: Term) -> Iterator[Any]:
    """The term that is asked for, or the sum of all, with another term in place of the right one.

    With the loss's own factor and without.
    """
    loss = case.tape.loss
    if loss is None or not case.is_value or not loss.start <= case.node <= loss.total:
        return
    ar, value = case.ar, case.record.value
    divisor = loss.loss.divisor(loss.n)
    factors = (1,) if divisor == 1 else (1, divisor)
    if case.node < loss.total:
        yield from (ar.round(term(*case.operands) / factor) for factor in factors)
        return
    nodes = range(loss.start, loss.total)
    terms = [ar.round(term(*value[case.tape.operands(each)])) for each in nodes]
    yield Made(loss.loss.total(ar, np.array(terms)), case.about(VALUE, *nodes))
