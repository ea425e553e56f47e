"""Known mistakes on the way back: what each would give at the gradient of one sample.

A rule says what its mistake gives at the very step it is made at. `carried` takes that on through
the neuron: whoever forgets σ′ at a neuron's z has wrong gradients at its weights too, and those
may be all that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import Any

from nnhs_tui.autodiff.schedule import Arrival
from nnhs_tui.debugger.quantity import GRAD, Quantity
from nnhs_tui.marking.mistakes.at_loss import slope
from nnhs_tui.marking.mistakes.case import Case, Made
from nnhs_tui.marking.mistakes.forward import ACTIVATIONS
from nnhs_tui.marking.mistakes.further import left_out_further_on
from nnhs_tui.marking.mistakes.place import mixed_up, place_of, scrambled
from nnhs_tui.operations.arithmetic import added
from nnhs_tui.operations.losses import Loss
from nnhs_tui.operations.operation import Needs, Operation
from nnhs_tui.operations.table import CIRCUIT_OF, OPERATIONS

MOST_PATHS = 6
"""Of a fan-out with more paths only the first and the last are looked at by themselves."""

Rule = Callable[[Case], Iterable[Any]]

PerPath = Callable[[Case, Arrival], Any]
"""What a mistake makes of one path; None where it cannot be made there."""


Slope = Callable[[Case, Operation, Any, Any], Any]
"""(case, an activation whose slope is a formula in a, z, a) → what is taken for the slope."""


# Made at a step


def missing_local(case: Case) -> Iterator[Any]:
    """What arrives, handed on without the local derivative."""
    yield from _on_paths(case, lambda c, each: c.record.upstream(each.node))
    if _is_behind_several(case):
        yield case.record.gradient[_result_of(case)]
    yield from left_out_further_on(case)


def missing_upstream(case: Case) -> Iterator[Any]:
    """The local derivative alone: what arrives from in front was left out."""
    yield from _on_paths(case, lambda c, each: c.record.local(each.node, each.place))
    if _is_behind_several(case):
        assert case.layer is not None
        yield case.through(case.layer, case.index[1], case.ar.one)


def reversed_difference(case: Case) -> Iterator[Any]:
    """t − o for o − t turns every gradient's sign; b − a for a − b that of the two."""
    if case.tape.loss is not None:
        yield -case.right
    elif case.tape.is_graph:
        yield from _on_paths(case, _turned)


def _turned(case: Case, each: Arrival) -> Any:
    if case.tape.opname(each.node) != "sub":
        return None
    return -case.record.arriving(each.node, each.place)


def loss_factor(case: Case) -> Iterator[Any]:
    """The ½, 2 or 1/n of another convention: every gradient is so many times as large."""
    loss = case.tape.loss
    if loss is None:
        return
    n = loss.n
    factors = {Fraction(2, n), Fraction(2), Fraction(1), Fraction(1, n), Fraction(1, 2)}
    for factor in factors if loss.loss.is_square else {Fraction(1), Fraction(1, n)}:
        ratio = factor / loss.loss.slope_factor(n)
        if ratio != 1:
            value = case.ar.round(case.right * ratio.numerator / ratio.denominator)
            yield Made(value, (), _as_large(ratio, loss.loss, n))


def _as_large(ratio: Fraction, loss: Loss, n: int) -> str:
    """How many times too large or too small, and what the factor is."""
    sizes = {Fraction(2): "twice as large as", Fraction(1, 2): "half of what"}
    size = sizes.get(ratio) or (f"{ratio} times as large as" if ratio > 1 else f"{ratio} of what")
    factor = loss.slope_factor(n)
    of_n = (
        f"{2 if loss.is_square else 1}/n with n = {n}" if loss.divided_by is None else "the factor"
    )
    return f"this is {size} it should be, {of_n} is {factor}"


def mean_of_errors(case: Case) -> Iterator[Any]:
    """One number for every output: 2·mean(o − t), or the mean of the gradients."""
    loss = case.tape.loss
    if loss is None or loss.n == 1 or not case.is_out_of_loss:
        return
    record, ar = case.record, case.ar
    starts = [loss.start + place for place in range(loss.n)]
    gradients = [record.local(each, 0) for each in starts]
    yield ar.round(added(gradients) / loss.n)
    if loss.loss.is_square:
        pairs = [record.value[case.tape.operands(each)] for each in starts]
        yield ar.round(2 * added([o - t for o, t in pairs]) / loss.n)


def transposed(case: Case) -> Iterator[Any]:
    """The matrix mirrored, or reshaped where it should be transposed (the article's E4)."""
    layer = case.layer
    if case.letter == "W" and layer is not None:
        for place in mixed_up(layer, *case.index):
            near = layer.w(*place)
            yield Made(case.at(near), (), f"this is {case.name(near)}")
    elif case.as_input and case.above is not None:
        for weights in scrambled(case.above, case.record.value):
            yield _through(case, [weights[case.input_place, j] for _, j, _ in case.as_input])


def _through(case: Case, weights: list[Any]) -> Any:
    """What comes back to an input of a layer through other weights, path by path."""
    gradients = [case.record.gradient[above.z(j)] for above, j, _ in case.as_input]
    return case.gathered(list(zip(gradients, weights, strict=True)))


def wrong_index(case: Case) -> Iterator[Any]:
    """A neighbour's number, or the term of another path."""
    if case.quantity.path is None:
        yield from _beside_it(case)
        return
    for each in case.numbers.schedule.arrivals(case.node):
        if each != case.quantity.path:
            yield case.record.arriving(each.node, each.place)


def _beside_it(case: Case) -> Iterator[Made]:
    for near in case.siblings():
        name = case.name(near)
        yield Made(case.at(near), (), f"this is {name}" if name else "")


def one_path(case: Case) -> Iterator[Any]:
    """Only one term of a fan-out: = for +=."""
    arrivals = case.arrivals
    if len(arrivals) > MOST_PATHS:
        arrivals = [arrivals[0], arrivals[-1]]
    if len(case.arrivals) > 1:
        for each in arrivals:
            front = place_of(case.tape, each.node)
            by = (
                f"the one through neuron {front.index[1] + 1} of {front.layer.name}"
                if front.layer
                else ""
            )
            yield Made(case.record.arriving(each.node, each.place), (), by)


def updated_weights(case: Case) -> Iterator[Any]:
    """The weights of the layer in front, taken after their update."""
    after = case.numbers.after
    if case.tape.is_graph:
        yield from _on_paths(case, _updated)
    elif case.as_input:
        yield _through(case, [after[above.w(case.input_place, j)] for above, j, _ in case.as_input])


def _updated(case: Case, each: Arrival) -> Any:
    """A product's other factor is the local derivative: a parameter, after its update."""
    if case.tape.opname(each.node) != "mul":
        return None
    other = case.tape.operands(each.node).tolist()[1 - each.place]
    if other >= case.tape.parameters:
        return None
    return case.ar.round(case.record.upstream(each.node) * case.numbers.after[other])


def relu_gate(case: Case) -> Iterator[Any]:
    """What arrives, let through a gate that is shut."""
    yield from _on_paths(case, _let_through)


def _let_through(case: Case, each: Arrival) -> Any:
    operation = case.tape.operation(each.node)
    is_gate = operation is not None and operation.gate is not None
    return case.record.upstream(each.node) if is_gate else None


def wrong_derivative(case: Case) -> Iterator[Any]:
    """z(1 − z) for a(1 − a), or the derivative taken at a; likewise for tanh."""
    for rule, told in ((_at_z_itself, "at z, not at a"), (_at_the_result, "at a, not at z")):
        for given in _on_paths(case, lambda c, each, r=rule: _with_slope(c, each, r)):  # type: ignore[misc]
            yield Made(given, (), told)
        if _is_circuit(case):
            result = _result_of(case)
            sigmoid = OPERATIONS[CIRCUIT_OF]
            slope = rule(case, sigmoid, case.record.value[case.node], case.record.value[result])
            yield Made(case.ar.round(case.record.gradient[result] * slope), (), told)


def wrong_function(case: Case) -> Iterator[Any]:
    """a for a(1 − a), or the derivative of another activation."""
    for rule in (_the_result, *(_as_of(each) for each in ACTIVATIONS if each.gate is None)):
        yield from _on_paths(case, lambda c, each, r=rule: _with_slope(c, each, r))  # type: ignore[misc]
        if _is_circuit(case):
            result = _result_of(case)
            value = case.record.value
            slope = rule(case, OPERATIONS[CIRCUIT_OF], value[case.node], value[result])
            if slope is not None:
                yield case.ar.round(case.record.gradient[result] * slope)


def _the_result(case: Case, operation: Operation, z: Any, a: Any) -> Any:
    return a


def _as_of(other: Operation) -> Slope:
    """The slope of another activation, by its formula in a."""

    def rule(case: Case, operation: Operation, z: Any, a: Any) -> Any:
        if other is operation or other.needs != Needs.RESULT:
            return None
        return other.local(case.ar, a, z)[0]

    return rule


def arithmetic(case: Case) -> Iterator[Any]:
    """A sum miscounted: one term's sign."""
    ar, record, loss = case.ar, case.record, case.tape.loss
    arrivals = case.arrivals
    if 1 < len(arrivals) <= MOST_PATHS:
        terms = [record.arriving(each.node, each.place) for each in arrivals]
        for term in terms:
            yield ar.round(case.right - 2 * term)
    elif loss is not None and case.is_out_of_loss and loss.loss.is_square:
        o, t = record.value[case.tape.operands(arrivals[0].node)]
        yield slope(ar, loss, o, -t)


def _with_slope(case: Case, each: Arrival, rule: Slope) -> Any:
    operation, value = case.tape.operation(each.node), case.record.value
    if operation is None or not operation.is_activation or operation.needs != Needs.RESULT:
        return None
    slope = rule(case, operation, value[case.tape.operands(each.node)[0]], value[each.node])
    if slope is None:
        return None
    return case.ar.round(case.record.upstream(each.node) * slope)


def _at_z_itself(case: Case, operation: Operation, z: Any, a: Any) -> Any:
    return operation.local(case.ar, z, z)[0]


def _at_the_result(case: Case, operation: Operation, z: Any, a: Any) -> Any:
    again = operation.forward(case.ar, a)
    return _at_z_itself(case, operation, again, again)


def _is_behind_several(case: Case) -> bool:
    """Whether it is the z of an activation that is worked out as several nodes."""
    return case.letter == "z" and case.layer is not None and case.layer.acts > 1


def _is_circuit(case: Case) -> bool:
    """Whether it is the z of a sigmoid that is worked out as four nodes."""
    return case.letter == "z" and case.layer is not None and case.layer.is_circuit


def _result_of(case: Case) -> int:
    """The a of a neuron whose z is asked for."""
    assert case.layer is not None
    return case.layer.a(case.index[1])


def _on_paths(case: Case, wrong: PerPath) -> Iterator[Any]:
    """The gradient with the mistake on every path; in a graph also on one of several."""
    arrivals = case.arrivals
    found = [wrong(case, each) for each in arrivals]
    if not found or all(each is None for each in found):
        return
    right = [case.record.arriving(each.node, each.place) for each in arrivals]
    yield case.ar.round(added([r if w is None else w for w, r in zip(found, right, strict=True)]))
    if case.tape.is_graph and 1 < len(arrivals) <= MOST_PATHS:
        for place, each in enumerate(found):
            if each is not None:
                yield case.ar.round(added([*right[:place], each, *right[place + 1 :]]))


# Carried on through a neuron


def carried(case: Case, rule: Rule) -> Iterator[Any]:
    """What a mistake at the z or at the a of the neurons in between gives at this gradient."""
    if not case.spread:
        return
    if case.letter != "z":
        yield from _gathered(case, rule, at_a=False)
    if all(layer.acts for layer, _, _ in case.spread):
        yield from _gathered(case, rule, at_a=True)


def _gathered(case: Case, rule: Rule, *, at_a: bool) -> Iterator[Any]:
    """The mistake made at every z (or a) alike, and the right way on from there."""
    found, through = [], list[int]()
    for layer, j, _ in case.spread:
        through += [layer.z(j), layer.a(j)] if at_a else [layer.z(j)]
        node = layer.a(j) if at_a else layer.z(j)
        given = _at(case, node, rule)
        numbers = [each.value if isinstance(each, Made) else each for each in given]
        if not numbers:
            return
        found.append([case.through(layer, j, each) for each in numbers] if at_a else numbers)
    if len({len(each) for each in found}) == 1:
        factors = [factor for _, _, factor in case.spread]
        for at_z in zip(*found, strict=True):
            value = case.gathered(list(zip(at_z, factors, strict=True)))
            yield Made(value, case.terms + case.about(GRAD, *through))


def _at(case: Case, node: int, rule: Rule) -> list[Any]:
    """What a mistake at another value's gradient gives there."""
    key, kept = (case.sample, node, rule), case.numbers.kept
    if key not in kept:
        there = Quantity(GRAD, node, None, case.quantity.sample)
        kept[key] = list(rule(Case(case.numbers, there, case.sample)))
    return kept[key]
