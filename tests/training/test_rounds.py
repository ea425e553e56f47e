"""Rounds: reduction over the samples, the update, and what is kept of them."""

import tracemalloc
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.names import Names
from nnhs_tui.errors import ComputationError
from nnhs_tui.training import rounds
from nnhs_tui.training.first_round import check_first_round
from tests.effort import examples
from tests.random_scenarios import loaded, run_of, scenarios

LINE = """
title = "a line"
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[2.0]]
bias = [1.0]
[loss]
kind = "half_sse"
[training]
learning_rate = 0.5
reduction = "{reduction}"
frozen = [{frozen}]
[[samples]]
x = [1.0]
t = [0.0]
[[samples]]
x = [3.0]
t = [8.0]
"""


@pytest.mark.parametrize(
    "reduction, accumulated, after, loss",
    [("mean", [0.0, 1.0], [2.0, 0.5], 2.5), ("sum", [0.0, 2.0], [2.0, 0.0], 5.0)],
)
def test_reduction(
    reduction: str, accumulated: list[float], after: list[float], loss: float
) -> None:
    """o = 3 and 7, so errors of 3 and −1: gradients 3 and −3 for w, 3 and −1 for b."""
    round_ = run_of(LINE.format(reduction=reduction, frozen=""), "exact").round(0)
    assert round_.losses == (4.5, 0.5)
    assert round_.total.tolist() == [0.0, 2.0]
    assert round_.accumulated.tolist() == accumulated
    assert round_.after.tolist() == after
    assert round_.loss == loss


def test_an_update_that_overflows_says_which_learning_rate_was_too_large() -> None:
    """Twice 1e308 is no double: the sum of the gradients of b is 2."""
    text = LINE.format(reduction="sum", frozen="").replace("= 0.5", "= 1e308")
    told = r"^new o\.b\[1\]: .* after the update; expected a learning rate smaller than 1E\+308$"
    with pytest.raises(ComputationError, match=told):
        run_of(text, "exact").round(0)


def test_a_frozen_parameter_has_a_gradient_and_keeps_its_value() -> None:
    walk = run_of(LINE.format(reduction="sum", frozen='"o.b"'), "exact")
    for number in range(3):
        round_ = walk.round(number)
        assert round_.accumulated[1] != 0
        assert round_.step[1] == 0.5 * round_.accumulated[1]
        assert round_.after[1] == 1.0


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.integers(0, 3))
def test_a_round_begins_where_the_last_one_ended(text: str, kind: str, number: int) -> None:
    walk = run_of(text, kind)
    try:
        walk.round(number + 1)
    except ComputationError:
        assume(False)
    first, second = walk.round(number), walk.round(number + 1)
    assert second.before.tolist() == first.after.tolist()
    parameters = walk.tape.parameters
    assert walk.record(number + 1, 0).value[:parameters].tolist() == first.after.tolist()
    moved = np.array(first.before != first.after, bool)
    assert not (moved & walk.tape.frozen).any()


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_the_total_is_the_sum_of_the_samples(text: str, kind: str) -> None:
    walk = run_of(text, kind)
    try:
        round_ = walk.round(0)
    except ComputationError:
        assume(False)
    count, parameters = len(walk.samples), walk.tape.parameters
    own = [walk.record(0, k).gradient[:parameters] for k in range(count)]
    for sample in range(count + 1):
        before = walk.accumulated_before(0, sample)
        expected = sum(own[:sample], own[0] * 0)
        assert before.tolist() == expected.tolist()
    assert round_.total.tolist() == sum(own[1:], own[0]).tolist()
    # In any order, not only forward.
    for sample in reversed(range(count)):
        expected = sum(own[:sample], own[0] * 0)
        assert walk.accumulated_before(0, sample).tolist() == expected.tolist()


def test_rounds_that_overflow_leave_the_ones_before() -> None:
    text = """
title = "explodes"
[graph]
parameters = { w = 2.0 }
[graph.nodes]
y = "w ** 4"
[training]
learning_rate = 1000
"""
    walk = run_of(text, "exact")
    with pytest.raises(ComputationError) as error:
        walk.round(50)
    assert 0 < len(walk) < 50
    assert walk.round(0).before.tolist() == [2.0]
    assert "\n" not in str(error.value)
    assert error.value.expected.startswith("expected ")


def test_an_update_that_overflows_names_the_parameter() -> None:
    text = """
title = "explodes"
[graph]
parameters = { v = 0.0, w = 1e200 }
[graph.nodes]
y = "v * w + w"
[training]
learning_rate = 1e200
"""
    with pytest.raises(ComputationError) as error:
        run_of(text, "exact").round(0)
    assert error.value.node == "new v"


@pytest.mark.parametrize("cache", [1, 10**9])
def test_records_are_made_again_when_they_were_dropped(
    cache: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "CACHE_BYTES", cache)
    samples = "".join(f"[[samples]]\nx = [{k}]\nt = [1]\n" for k in range(20))
    text = LINE.format(reduction="sum", frozen="").partition("[[samples]]")[0] + samples
    walk = run_of(text, "exact")
    walk.round(2)
    assert len(walk._records) == (2 if cache == 1 else 20)
    first = walk.record(0, 0)
    assert first.value[Names(walk.tape).id("x[1]")] == 0.0
    assert first.value[0] == 2.0


@pytest.mark.second
def test_the_cache_counts_what_decimals_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Decimal is an object of a hundred bytes behind each pointer of the array."""
    limit = 4 * 2**20
    monkeypatch.setattr(rounds, "CACHE_BYTES", limit)
    layers = '[[network.layers]]\nneurons = 40\nactivation = "relu"\n' * 2
    samples = f"[[samples]]\nx = [{', '.join(['0.5'] * 40)}]\n" * 10
    walk = run_of(f'title = "wide"\n[network]\ninputs = 40\n{layers}{samples}', "hand")
    tracemalloc.start()
    walk.round(0)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(walk._records) >= 2
    assert taken < 1.5 * limit


def test_the_first_round_is_checked_in_doubles_and_in_the_files_own_arithmetic() -> None:
    text = """
title = "fine in doubles"
arithmetic = "exact"
[graph]
inputs = { x = 0.001 }
[graph.nodes]
a = "x * 1"
y = "1 / a"
"""
    check_first_round(loaded(text))
    with pytest.raises(ComputationError):
        run_of(text, "hand").round(0)
    by_hand = text.replace('"exact"', '"hand"')
    with pytest.raises(ComputationError, match=r"y: 1 / 0: division by 0"):
        check_first_round(loaded(by_hand))
    check_first_round(loaded(by_hand.replace("title", "digits = 3\ntitle", 1)))
    for each in (text, by_hand):
        with pytest.raises(ComputationError):
            check_first_round(loaded(each.replace("0.001", "0")))


@pytest.mark.parametrize("digits", [0, 2, 6])
@pytest.mark.parametrize("node", ["x * 1e6", "x + x", "-x", "x ** 2", "exp(x)", "x / 1e-6"])
def test_a_result_beyond_10_to_the_12_is_an_overflow_by_hand(node: str, digits: int) -> None:
    """It is named, with the value, at every size; in doubles it is none."""
    for x in ("1e12", "1e60", "5e307"):
        text = (
            f'title = "large"\narithmetic = "hand"\ndigits = {digits}\n[graph]\n'
            f'inputs = {{ x = {x} }}\n[graph.nodes]\ny = "{node}"\n'
        )
        walk = run_of(text, "hand", digits)
        if node == "-x" and x == "1e12":
            assert walk.round(0)
            continue
        with pytest.raises(ComputationError, match=r"^y: .*1E\+|^y: .*1000000000000|^y: .*5E\+"):
            walk.round(0)
        with pytest.raises(ComputationError, match=r"^(grad )?[xy]: "):
            check_first_round(loaded(text))


def test_nothing_to_update() -> None:
    walk = run_of('title = "g"\n[graph]\ninputs = { x = 1 }\n[graph.nodes]\ny = "-x"', "hand")
    round_ = walk.round(0)
    assert round_.before.tolist() == round_.after.tolist() == []
    assert walk.record(0, 0).gradient.tolist() == [Decimal(-1), Decimal(1)]


@settings(max_examples=examples(50))
@given(scenarios(), st.sampled_from(["exact", "hand"]))
def test_rounds_that_are_only_computed_are_those_that_are_walked(text: str, kind: str) -> None:
    computed, walked = run_of(text, kind), run_of(text, kind)
    try:
        for number in range(3):
            walked.round(number)
    except ComputationError:
        assume(False)
    for _ in range(3):
        computed.extend()
    for number in range(4):
        assert computed.parameters(number).tolist() == walked.parameters(number).tolist()
    assert [computed.loss(each) for each in range(3)] == [walked.loss(each) for each in range(3)]


def test_samples_that_are_made_anew_each_time_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph's samples list only what they change: all of them may be more than memory holds."""
    text = """
title = "samples"
[graph]
inputs = { x = 2, y = -1.5 }
parameters = { w = 0.5 }
[graph.nodes]
o = "w * x + 3 * y"
[[samples]]
x = 3
[[samples]]
y = 0.25
"""
    kept = run_of(text, "exact")
    monkeypatch.setattr("nnhs_tui.autodiff.passes.KEPT", 0)
    anew = run_of(text, "exact")
    assert kept.samples[0] is kept.samples[0] and anew.samples[0] is not anew.samples[0]
    for one, other in zip(kept.samples, anew.samples, strict=True):
        assert one.leaves.tolist() == other.leaves.tolist()
    assert [sample.leaves.tolist()[:2] for sample in anew.samples] == [[3.0, -1.5], [2.0, 0.25]]
    assert kept.round(2).after.tolist() == anew.round(2).after.tolist()
