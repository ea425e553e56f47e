"""A slope left out further on, and everything right from there: for sheets that ask little.

Whoever writes down only the gradients of the parameters may have left a slope out several steps
in front of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nnhs_tui.debugger.quantity import GRAD
from nnhs_tui.marking.mistakes.case import Case, Made
from nnhs_tui.operations.arithmetic import added

MOST_OPERATIONS = 40
"""Of a graph with more, only the slope next to a quantity is looked at."""


def left_out_further_on(case: Case) -> Iterator[Any]:
    """Each slope on the way from the end to here left out, but those of the neuron itself."""
    if case.quantity.path is not None:
        return
    if case.tape.is_graph:
        yield from _in_graph(case)
    else:
        yield from _in_network(case)


def _in_graph(case: Case) -> Iterator[Made]:
    tape, schedule = case.tape, case.numbers.schedule
    if len(tape.op) > MOST_OPERATIONS or not case.arrivals:
        return
    # Every value that is worked out from this one, in order.
    behind = {case.node}
    for node in range(tape.leaves, tape.size):
        if behind & set(tape.operands(node).tolist()):
            behind.add(node)
    for operand in sorted(behind - {case.node}):
        for place, left_out in enumerate(schedule.arrivals(operand)):
            operation = tape.operation(left_out.node)
            if operation is None or not operation.needs:
                # A slope of 1 cannot be left out; of −1 only the sign.
                continue
            wrong = {operand: _sum(case, operand, {}, {place: case.record.upstream(left_out.node)})}
            for node in sorted(behind, reverse=True):
                reached = {each.node for each in schedule.arrivals(node)}
                if node < operand and reached & set(wrong):
                    wrong[node] = _sum(case, node, wrong, {})
            if case.node in wrong:
                through = case.about(GRAD, *sorted(set(wrong) - {case.node}))
                yield Made(wrong[case.node], case.terms + through)


def _sum(case: Case, node: int, upstream: dict[int, Any], terms: dict[int, Any]) -> Any:
    """A gradient of a graph with other gradients arriving, or with other terms."""
    record, parts = case.record, []
    for place, each in enumerate(case.numbers.schedule.arrivals(node)):
        if place in terms:
            parts.append(terms[place])
        elif each.node in upstream:
            local = record.local(each.node, each.place)
            parts.append(case.ar.round(upstream[each.node] * local))
        else:
            parts.append(record.arriving(each.node, each.place))
    return case.ar.round(added(parts))


def _in_network(case: Case) -> Iterator[Made]:
    layer, layers, record, ar = case.layer, case.tape.layers, case.record, case.ar
    if layer is None or case.letter not in ("W", "b") or case.tape.loss is None:
        return
    for last in layers[layer.index + 1 :]:
        if not last.acts:
            continue
        at_z = [record.gradient[last.a(j)] for j in range(last.m)]
        through = [node for j in range(last.m) for node in (last.z(j), last.a(j))]
        for front in reversed(layers[layer.index + 1 : last.index + 1]):
            below = layers[front.index - 1]
            weights = front.matrix(record.value)
            at_a = [
                ar.round(added([ar.round(w * d) for w, d in zip(weights[i], at_z, strict=True)]))
                for i in range(front.n)
            ]
            at_z = [case.through(below, i, each) for i, each in enumerate(at_a)]
            through += [node for i in range(below.m) for node in (below.z(i), below.a(i))]
        ((_, j, factor),) = case.spread
        yield Made(case.gathered([(at_z[j], factor)]), case.about(GRAD, *through))
