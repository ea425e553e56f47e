"""The order of the steps: every path, every join, and nothing twice."""

from collections import Counter
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.record import Record
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD, UPDATE, Schedule, Step
from nnhs_tui.errors import ComputationError
from nnhs_tui.training.rounds import Run
from tests.effort import examples
from tests.random_scenarios import run_of, scenarios

np.seterr(all="ignore")


def walked(text: str, kind: str) -> tuple[Run, Record]:
    run = run_of(text, kind)
    try:
        return run, run.record(0, 0)
    except ComputationError:
        assume(False)
        raise


def backward_steps(schedule: Schedule, sample: int = 0) -> list[Step]:
    start = schedule.start_of(BACKWARD, sample)
    return [schedule.step(start + offset) for offset in range(schedule.backward)]


@settings(max_examples=examples(150))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_contributions_add_up_to_the_gradient(text: str, kind: str) -> None:
    run, record = walked(text, kind)
    schedule, tape = run.schedule, run.tape
    arrived: dict[int, list[Any]] = {}
    for step in backward_steps(schedule):
        assert step.target is not None
        terms = arrived.setdefault(step.target, [])
        if step.is_join:
            assert len(terms) > 1, "a join of a single path"
            assert step.node == step.target
            continue
        assert tape.operands(step.node)[step.place] == step.target or is_one_step(run, step)
        terms.append(record.arriving(step.node, step.place))
    for target, terms in arrived.items():
        total = sum(terms[1:], terms[0])
        if kind == "hand":
            assert total == record.gradient[target]
        else:
            assert float(total) == pytest.approx(float(record.gradient[target]), rel=1e-12)
    reached = {node for node in range(tape.size) if record.gradient[node] != 0}
    given_ones = set(tape.outputs.tolist()) if tape.loss is None else set()
    own = set(range(tape.loss.start, tape.loss.total + 1)) if tape.loss else set()
    assert reached - given_ones - own <= set(arrived)


def is_one_step(run: Run, step: Step) -> bool:
    """Softmax with cross-entropy goes from the loss to z at once."""
    loss = run.tape.loss
    return loss is not None and loss.fused and step.node >= loss.start


@settings(max_examples=examples(100))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_a_term_is_what_arrives_times_the_local_derivative(text: str, kind: str) -> None:
    run, record = walked(text, kind)
    ar = run.arithmetic
    for step in backward_steps(run.schedule):
        if step.is_join:
            continue
        local, upstream = record.local(step.node, step.place), record.upstream(step.node)
        term = record.arriving(step.node, step.place)
        if kind == "exact":
            assert float(term) == pytest.approx(float(local * upstream), rel=1e-12, abs=1e-300)
        else:
            with ar.protected():
                assert term == ar.round(local * upstream)


@settings(max_examples=examples(100))
@given(scenarios())
def test_what_arrives_is_whole_before_it_is_handed_on(text: str) -> None:
    """A value's last step completes its gradient, and nothing uses the gradient before."""
    run, _ = walked(text, "exact")
    schedule = run.schedule
    last: dict[int, int] = {}
    first_use: dict[int, int] = {}
    for offset, step in enumerate(backward_steps(schedule)):
        last[step.target] = offset
        if not step.is_join:
            first_use.setdefault(step.node, offset)
    for target, offset in last.items():
        assert schedule.settled(target) == offset
        assert offset < first_use.get(target, schedule.backward)


@settings(max_examples=examples(100))
@given(scenarios())
def test_arrivals_are_the_steps(text: str) -> None:
    run, _ = walked(text, "exact")
    schedule, tape = run.schedule, run.tape
    steps = backward_steps(schedule)
    found: dict[int, list[tuple[int, int, int]]] = {}
    for offset, step in enumerate(steps):
        if not step.is_join:
            found.setdefault(step.target, []).append((offset, step.node, step.place))
    for node in range(tape.size):
        arrivals = [(a.offset, a.node, a.place) for a in schedule.arrivals(node)]
        assert arrivals == found.get(node, [])
        if not arrivals:
            assert schedule.settled(node) is None
        joins = [s for s in steps if s.is_join and s.target == node]
        assert len(joins) == (len(arrivals) > 1)


@settings(max_examples=examples(100))
@given(scenarios())
def test_every_operand_that_has_a_gradient_has_one_step(text: str) -> None:
    run, _ = walked(text, "exact")
    tape = run.tape
    steps = Counter((s.node, s.place) for s in backward_steps(run.schedule) if not s.is_join)
    assert set(steps.values()) <= {1}
    if tape.is_graph:
        return
    expected = set()
    for node in range(tape.leaves, tape.size):
        if tape.loss is not None and node >= tape.loss.start:
            expected |= {(node, 0)} if node < tape.loss.total else set()
        elif not (tape.opname(node) == "softmax" and tape.loss is not None and tape.loss.fused):
            operands = tape.operands(node).tolist()
            expected |= {(node, k) for k, e in enumerate(operands) if e not in tape.constant_ids}
    assert set(steps) == expected


@settings(max_examples=examples(100))
@given(scenarios())
def test_counts_and_places(text: str) -> None:
    run = run_of(text, "exact")
    schedule, tape = run.schedule, run.tape
    assert schedule.forward == len(tape.op)
    assert schedule.total == schedule.samples * schedule.per_sample + tape.parameters
    steps = [schedule.step(index) for index in range(schedule.total)]
    assert [step.index for step in steps] == list(range(schedule.total))
    for sample in range(schedule.samples):
        own = [step for step in steps if step.sample == sample]
        forward = [step for step in own if step.phase == FORWARD]
        assert [step.node for step in forward] == list(range(tape.leaves, tape.size))
        assert own == forward + [step for step in own if step.phase == BACKWARD]
    update = [step for step in steps if step.phase == UPDATE]
    assert {step.sample for step in update} <= {None}
    assert sorted(step.node for step in update) == list(range(tape.parameters))
    for step in update:
        assert schedule.update_index(step.node) == step.index
    for index in (-1, schedule.total):
        with pytest.raises(IndexError):
            schedule.step(index)


@settings(max_examples=examples(100))
@given(scenarios())
def test_phases(text: str) -> None:
    schedule = run_of(text, "exact").schedule
    phases = schedule.phases()
    starts = [start for start, _, _ in phases]
    assert starts == sorted(set(starts))
    assert starts[0] == 0
    for index in range(schedule.total):
        step = schedule.step(index)
        _, phase, sample = [each for each in phases if each[0] <= index][-1]
        assert (phase, sample) == (step.phase, step.sample)
    for start, phase, sample in phases:
        assert schedule.start_of(phase, sample or 0) == start


GRAPH = """
title = "{title}"
[graph]
inputs = {{ x = 3 }}
parameters = {{ w = 2, idle = 5 }}
{output}
[graph.nodes]
{nodes}
"""


def told(nodes: str, output: str = "") -> list[str]:
    """The backward steps as `D[0] → x`, a join as `+ x`."""
    run = run_of(GRAPH.format(title="steps", nodes=nodes, output=output), "exact")
    names = Names(run.tape)
    return [
        f"+ {names.name(s.target)}"
        if s.is_join
        else f"{names.name(s.node)}[{s.place}] → {names.name(s.target)}"
        for s in backward_steps(run.schedule)
    ]


def test_a_square_fans_out() -> None:
    assert told('y = "x * x"') == ["y[0] → x", "y[1] → x", "+ x"]
    text = GRAPH.format(title="square", nodes='y = "x * x"', output="")
    record = run_of(text, "exact").record(0, 0)
    names = Names(record.tape)
    assert record.gradient[names.id("x")] == 6.0
    assert [record.arriving(names.id("y"), k) for k in (0, 1)] == [3.0, 3.0]


def test_constants_have_no_step() -> None:
    assert told('y = "2 * x"') == ["y[1] → x"]
    assert told('y = "3"') == []


def test_unused_nodes_have_no_step() -> None:
    assert told('a = "x * 2"\nunused = "a * a"\ny = "a + w"') == [
        "y[0] → a",
        "y[1] → w",
        "a[0] → x",
    ]


def test_an_output_need_not_be_last() -> None:
    steps = told('a = "x * w"\nlater = "a * a * x"', 'output = "a"')
    assert steps == ["a[0] → x", "a[1] → w"]


def test_a_graph_without_any_gradient_still_has_phases() -> None:
    run = run_of('title = "constant"\n[graph]\n[graph.nodes]\ny = "3"\n', "exact")
    assert run.schedule.phases() == [(0, FORWARD, 0)]
    assert run.schedule.total == 1
    assert run.record(0, 0).value.tolist()[-1] == 3.0


def test_an_update_of_half_the_parameters_has_all_steps() -> None:
    text = GRAPH.format(title="frozen", nodes='y = "x * w"', output="")
    run = run_of(text + '[training]\nfrozen = ["w"]\n', "hand")
    assert run.schedule.total - run.schedule.update_start(0) == 2
    assert run.round(0).after.tolist() == [Decimal(2), Decimal(5)]
    assert run.round(0).accumulated.tolist() == [Decimal(3), Decimal(0)]


def test_a_wide_layer_opens_at_once() -> None:
    """A step in the middle of hundreds of thousands is found by arithmetic."""
    rows = ", ".join(["1"] * 300)
    text = f"""
title = "wide"
[network]
inputs = 300
[[network.layers]]
neurons = 300
activation = "tanh"
[[network.layers]]
neurons = 3
[[samples]]
x = [{rows}]
"""
    schedule = run_of(text, "exact").schedule
    assert schedule.total > 300 * 300 * 4
    step = schedule.step(schedule.forward + schedule.backward // 2)
    assert step.phase == BACKWARD
    assert schedule.arrivals(step.target)
