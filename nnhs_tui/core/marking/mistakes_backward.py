"""Known mistakes on the way back: what each would give at the gradient of one sample."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from nnhs_tui.core.marking.case import Case, scrambled
from nnhs_tui.core.ops import OPERATIONS
from nnhs_tui.core.tape import LayerBlock

MOST_PATHS = 6
"""Of a fan-out with more paths only the first and the last are looked at by themselves."""

AtZ = Callable[[LayerBlock, int], Any]
"""What somebody has for the gradient at a neuron's z; None where the mistake cannot be made."""


def missing_local(case: Case) -> Iterator[Any]:
    """What arrives, handed on without the local derivative: of this step, or of the activation."""
    record = case.record
    yield _sum(case, [record.upstream(each.node) for each in case.arrivals])
    yield from _with(case, lambda layer, j: _at_a(case, layer, j))
    if case.spread:
        at_z = [record.gradient[layer.z(j)] for layer, j, _ in case.spread]
        yield _sum(case, at_z)


def missing_upstream(case: Case) -> Iterator[Any]:
    """The local derivative alone: what arrives from in front was left out."""
    yield _sum(case, [case.record.local(each.node, each.place) for each in case.arrivals])
    yield from _with(case, case.slope)


def reversed_difference(case: Case) -> Iterator[Any]:
    """t − o for o − t, where the difference is in the formula; b − a has its signs exchanged."""
    if _is_last(case):
        yield -case.right


def loss_factor(case: Case) -> Iterator[Any]:
    """The ½, 2 or 1/n of another convention."""
    loss = case.tape.loss
    if loss is None or not _is_last(case):
        return
    is_square = loss.loss.name in ("mse", "sse", "half_sse")
    n = loss.n
    factors = (2 / n, 2, 1, 1 / n) if is_square else (1, 1 / n)
    own = {"mse": 2 / n, "sse": 2, "bce": 1 / n}.get(loss.loss.name, 1)
    for factor in factors:
        ratio = case.ar.one * (factor / own if case.ar.name == "exact" else _decimal(factor, own))
        yield case.ar.round(case.right * ratio)


def _decimal(factor: float, own: float) -> Any:
    """A ratio of two such factors; it is a whole number, or one over a whole number."""
    from decimal import Decimal

    ratio = factor / own
    return Decimal(round(ratio)) if ratio >= 1 else 1 / Decimal(round(1 / ratio))


def mean_of_errors(case: Case) -> Iterator[Any]:
    """One number for every output: 2·mean(o − t), or the mean of the gradients."""
    loss = case.tape.loss
    if loss is None or loss.n == 1 or not _is_loss_slope(case):
        return
    record, ar = case.record, case.ar
    starts = [loss.start + place for place in range(loss.n)]
    gradients = [record.local(each, 0) for each in starts]
    yield ar.round(sum(gradients[1:], gradients[0]) / loss.n)
    if loss.loss.name in ("mse", "sse", "half_sse"):
        pairs = [record.value[case.tape.operands(each)] for each in starts]
        errors = [o - t for o, t in pairs]
        yield ar.round(2 * sum(errors[1:], errors[0]) / loss.n)


def transposed(case: Case) -> Iterator[Any]:
    """The matrix mirrored, or reshaped where it should be transposed (the article's E4)."""
    layer = case.layer
    if case.letter == "W" and layer is not None:
        i, j = case.index
        yield from (each[i, j] for each in scrambled(layer, case.record.gradient))
    elif case.above is not None:
        for weights in scrambled(case.above, case.record.value):
            yield _through(case, lambda j, w=weights: w[case.input_place, j])  # type: ignore[misc]


def _through(case: Case, weight: Callable[[int], Any]) -> Any:
    """What comes back to an input of a layer through other weights."""
    parts = [(case.record.gradient[above.z(j)], weight(j)) for above, j, _ in case.as_input]
    return case.gathered(parts)


def wrong_index(case: Case) -> Iterator[Any]:
    """A neighbour's number, or the term of another path."""
    if case.quantity.path is None:
        yield from map(case.at, case.siblings())
        return
    for each in case.numbers.schedule.arrivals(case.node):
        if each != case.quantity.path:
            yield case.record.arriving(each.node, each.place)


def one_path(case: Case) -> Iterator[Any]:
    """Only one term of a fan-out: = for +=."""
    if len(case.arrivals) > 1:
        arrivals = case.arrivals
        if len(arrivals) > MOST_PATHS:
            arrivals = [arrivals[0], arrivals[-1]]
        yield from (case.record.arriving(each.node, each.place) for each in arrivals)
    widths = [len(case.numbers.schedule.arrivals(la.a(j))) for la, j, _ in case.spread]
    for place in range(max(widths, default=0) if max(widths, default=0) <= MOST_PATHS else 0):
        yield from _with(case, lambda layer, j, k=place: _at_z_of_one_path(case, layer, j, k))  # type: ignore[misc]


def _at_z_of_one_path(case: Case, layer: LayerBlock, j: int, place: int) -> Any:
    arrivals = case.numbers.schedule.arrivals(layer.a(j))
    if layer.activation == "identity" or not 1 < len(arrivals) <= MOST_PATHS:
        return None
    if place >= len(arrivals):
        return None
    chosen = arrivals[place]
    return case.through(layer, j, case.record.arriving(chosen.node, chosen.place))


def updated_weights(case: Case) -> Iterator[Any]:
    """The weights of the layer in front, taken after their update."""
    above, after = case.above, case.numbers.after
    if case.tape.is_graph:
        yield from _graph_updated(case)
    elif above is not None:
        yield _through(case, lambda j: after[above.w(case.input_place, j)])
    else:
        yield from _with(case, lambda layer, j: _at_z_updated(case, layer, j))


def _at_z_updated(case: Case, layer: LayerBlock, j: int) -> Any:
    if layer.index + 1 >= len(case.tape.layers):
        return None
    above, after = case.tape.layers[layer.index + 1], case.numbers.after
    at_a = case.gathered(
        [(case.record.gradient[above.z(k)], after[above.w(j, k)]) for k in range(above.m)]
    )
    return case.through(layer, j, at_a)


def _graph_updated(case: Case) -> Iterator[Any]:
    """A product's other factor is the local derivative: a parameter, after its update."""
    changed, parts = False, []
    for each in case.arrivals:
        operands = case.tape.operands(each.node).tolist()
        other = operands[1 - each.place] if case.tape.opname(each.node) == "mul" else -1
        local = case.record.local(each.node, each.place)
        if 0 <= other < case.tape.parameters:
            changed, local = True, case.numbers.after[other]
        parts.append(case.ar.round(case.record.upstream(each.node) * local))
    if changed:
        yield _sum(case, parts)


def relu_gate(case: Case) -> Iterator[Any]:
    """What arrives, let through a gate that is shut."""
    if case.tape.is_graph:
        if any(case.tape.opname(each.node) == "relu" for each in case.arrivals):
            yield _sum(case, [case.record.upstream(each.node) for each in case.arrivals])
        return

    def open_gate(layer: LayerBlock, j: int) -> Any:
        return _at_a(case, layer, j) if layer.activation == "relu" else None

    yield from _with(case, open_gate)


def wrong_derivative(case: Case) -> Iterator[Any]:
    """z(1 − z) for a(1 − a), or the derivative taken at a; likewise for tanh."""
    for slope in (_at_z_itself, _at_the_result):
        if case.tape.is_graph:
            yield from _graph_slope(case, slope)
        else:

            def at_z(layer: LayerBlock, j: int, rule: Slope = slope) -> Any:
                name = "sigmoid" if layer.activation == "circuit" else layer.activation
                if name not in ("sigmoid", "tanh"):
                    return None
                record = case.record
                found = rule(case, name, record.value[layer.z(j)], record.value[layer.a(j)])
                return case.ar.round(_at_a(case, layer, j) * found)

            yield from _with(case, at_z)


Slope = Callable[[Case, str, Any, Any], Any]
"""(case, sigmoid or tanh, z, a) → what is taken for the local derivative."""


def _at_z_itself(case: Case, name: str, z: Any, a: Any) -> Any:
    return case.ar.round(z * (1 - z) if name == "sigmoid" else 1 - z * z)


def _at_the_result(case: Case, name: str, z: Any, a: Any) -> Any:
    again = OPERATIONS[name].forward(case.ar, a)
    return _at_z_itself(case, name, again, again)


def _graph_slope(case: Case, slope: Slope) -> Iterator[Any]:
    names = [case.tape.opname(each.node) for each in case.arrivals]
    if not {"sigmoid", "tanh"} & set(names):
        return
    parts = []
    for each, name in zip(case.arrivals, names, strict=True):
        value = case.record.value
        local = case.record.local(each.node, each.place)
        if name in ("sigmoid", "tanh"):
            z = value[case.tape.operands(each.node)[0]]
            local = slope(case, name, z, value[each.node])
        parts.append(case.ar.round(case.record.upstream(each.node) * local))
    yield _sum(case, parts)


def _is_last(case: Case) -> bool:
    """Whether the difference of the loss stands in the formula of this gradient."""
    if case.tape.is_graph:
        return any(case.tape.opname(each.node) == "sub" for each in case.arrivals)
    layer = case.layer
    is_last = layer is not None and layer.index == len(case.tape.layers) - 1
    return case.tape.loss is not None and is_last


def _is_loss_slope(case: Case) -> bool:
    loss = case.tape.loss
    return loss is not None and any(loss.start <= each.node for each in case.arrivals)


def _at_a(case: Case, layer: LayerBlock, j: int) -> Any:
    """What arrives at a neuron's a; None where that is its z."""
    if case.slope(layer, j) is None:
        return None
    return case.record.gradient[layer.a(j)]


def _with(case: Case, at_z: AtZ) -> Iterator[Any]:
    """The gradient with other numbers at the z's it comes from."""
    found = [(at_z(layer, j), factor) for layer, j, factor in case.spread]
    if found and all(each is not None for each, _ in found):
        yield case.gathered(found)


def _sum(case: Case, terms: list[Any]) -> Any:
    return case.ar.round(sum(terms[1:], terms[0])) if terms else case.right


RULES = {
    "missing-local": missing_local,
    "missing-upstream": missing_upstream,
    "reversed-difference": reversed_difference,
    "loss-factor": loss_factor,
    "mean-of-errors": mean_of_errors,
    "transposed": transposed,
    "wrong-index": wrong_index,
    "one-path": one_path,
    "updated-weights": updated_weights,
    "relu-gate": relu_gate,
    "wrong-derivative": wrong_derivative,
}
