"""Training: when it ends, what it leaves, and what it says about the gradients of the layers."""

from __future__ import annotations

import math
import tracemalloc
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from benchmarks.nets import net
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.training import MOST_ROUNDS, UNTIL_ROUNDS, Goal, Training, read_goal
from nnhs_tui.errors import ComputationError, Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.gradient_flow import gradient_flow
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

TOO_FAST = """
title = "a learning rate too large"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[1.0]]
[loss]
kind = "sse"
[training]
learning_rate = {rate}
[[samples]]
x = [1.0]
t = [3.0]
"""


def shipped(name: str) -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"))


@pytest.mark.parametrize(
    "text, goal",
    [
        ("100", Goal(100)),
        ("1 round", Goal(1)),
        ("until loss < 0.05", Goal(UNTIL_ROUNDS, Decimal("0.05"))),
        ("loss < 0,05", Goal(UNTIL_ROUNDS, Decimal("0.05"))),
        ("500 until loss<1/8", Goal(500, Decimal("0.125"))),
        ("until 10 rounds without change", Goal(UNTIL_ROUNDS, None, 10)),
        ("20 until 1 round unchanged or loss < 1", Goal(20, Decimal(1), 1)),
        ("until loss < 0.9 or loss < 0.00001", Goal(UNTIL_ROUNDS, Decimal("0.9"))),
        ("until loss < -1 or loss < 0.5 or loss < 0", Goal(UNTIL_ROUNDS, Decimal("0.5"))),
        ("until 9 rounds unchanged or 3 rounds unchanged", Goal(UNTIL_ROUNDS, None, 3)),
    ],
)
def test_goals_are_read(text: str, goal: Goal) -> None:
    assert read_goal(text) == goal


@pytest.mark.parametrize(
    "text",
    ["0", "-5", "1.5", "ten", str(MOST_ROUNDS + 1), "until", "loss < x", "loss > 1",
     "until loss < 1 and 2", "5 5", "[b]", "until loss", "until -1 rounds unchanged",
     "5 until", "5 rounds until", "5 until or loss < 1", "until loss < 1 or"],
)  # fmt: skip
def test_what_is_no_goal_is_refused(text: str) -> None:
    session = shipped("two-layer-sigmoid")
    outcome = session.execute(f"train {text}")
    assert outcome.kind == REFUSED and outcome.message
    assert (session.rounds, session.index) == (1, 0)


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["exact", "hand"]), st.integers(1, 4))
def test_so_many_rounds_are_so_many_updates(text: str, kind: str, count: int) -> None:
    try:
        one_by_one = Session(loaded(text), arithmetic=kind)
    except ComputationError:
        assume(False)
        raise
    assume(one_by_one.tape.parameters)
    for _ in range(count):
        assume(one_by_one.execute("apply").kind == MOVED)
    at_once = Session(loaded(text), arithmetic=kind)
    assert at_once.execute(f"train {count}").kind == MOVED
    assert (at_once.cursor, at_once.rounds) == (one_by_one.cursor, one_by_one.rounds)
    for number in range(count + 1):
        mine, theirs = (s.run.parameters(number).tolist() for s in (at_once, one_by_one))
        assert mine == theirs
    assert at_once.scene().record.value.tolist() == one_by_one.scene().record.value.tolist()


def test_it_ends_with_the_first_loss_below() -> None:
    session = shipped("training-loop")
    outcome = session.execute("train until loss < 0.05")
    reached = session.round
    losses = [float(session.run.loss(number)) for number in range(reached + 1)]
    assert outcome.kind == MOVED and "below 0.05" in outcome.message
    assert losses[-1] < 0.05 <= min(losses[:-1])
    again = session.execute("train until loss < 0.05")
    assert again.kind == UNCHANGED and session.round == reached


def test_a_goal_that_is_not_reached_is_said() -> None:
    session = shipped("two-layer-sigmoid")
    outcome = session.execute("train 3 until loss < 0.001")
    assert session.round == 3 and "not reached" in outcome.message


def test_it_ends_where_nothing_changes() -> None:
    """By hand the steps become 0 in the end; then nothing changes any more."""
    session = Session(load(shipped_folder() / "training-loop.toml"), arithmetic="hand")
    outcome = session.execute("train until 5 rounds without change")
    shown = [session.run.loss(number) for number in range(session.round + 1)]
    assert "nothing has changed for 5 rounds" in outcome.message
    assert len(set(shown[-6:])) == 1
    assert all(len(set(shown[k : k + 6])) > 1 for k in range(len(shown) - 6))


def test_a_single_round_is_not_called_rounds() -> None:
    by_hand = Session(load(shipped_folder() / "training-loop.toml"), arithmetic="hand")
    ended = by_hand.execute("train until 1 round without change").message
    assert "nothing has changed for 1 round, after" in ended
    session = Session(loaded(TOO_FAST.format(rate=1e30)))
    reached = session.run
    session.execute("train 100")
    last = session.round
    assert last > 0
    session.execute(f"round {last}")
    told = session.execute("train 100").message
    assert reached is session.run and "; the 1 before it stays" in told


def test_a_round_that_overflows_ends_it_and_the_others_stay() -> None:
    session = Session(loaded(TOO_FAST.format(rate=1e30)))
    outcome = session.execute("train 100")
    assert outcome.kind == MOVED
    assert (
        "overflow" in outcome.message and f"the {session.round} before it stay" in outcome.message
    )
    assert 0 < session.round < 20 and session.rounds == session.round + 1
    assert np.isfinite(session.run.losses()).all()
    assert session.scene().record.value.size
    again = session.execute("train 100")
    assert again.kind == UNCHANGED and "overflow" in again.message


def test_breakpoints_with_a_condition_end_it() -> None:
    """o = w, L = (w − 3)²: with a rate above 1 every step leads further away."""
    session = Session(loaded(TOO_FAST.format(rate=1.5)))
    session.execute("break h.z[1]")
    session.execute("break loss rises")
    session.execute("break loss > 100")
    outcome = session.execute("train 50")
    assert session.round == 1 and "loss rises" in outcome.message
    assert session.names.name(session.scene().step.node) == "loss"
    session.execute("disable 2")
    outcome = session.execute("train 50")
    assert "loss > 100" in outcome.message
    losses = session.run.losses()
    assert losses[session.round] > 100 >= losses[session.round - 1]


def test_what_was_broken_off_goes_on_with_the_same_numbers() -> None:
    session, whole = shipped("three-samples"), shipped("three-samples")
    training = Training(session, "1000")
    for _ in range(7):
        assert training.advance()
    assert session.round == 0
    outcome = training.finish()
    assert (session.round, session.rounds) == (7, 8) and "broken off" in outcome.message
    session.execute("train 3")
    whole.execute("train 10")
    assert session.run.parameters(10).tolist() == whole.run.parameters(10).tolist()


def test_rounds_that_are_there_are_not_lost() -> None:
    session = shipped("three-samples")
    session.execute("train 10")
    session.execute("round 3")
    session.execute("train 2")
    assert (session.round, session.rounds) == (4, 11)


def test_there_must_be_something_to_train() -> None:
    graph = 'title = "g"\n[graph]\ninputs = { x = 2.0 }\n[graph.nodes]\ny = "x * x"\n'
    assert Session(loaded(graph)).execute("train 5").kind == REFUSED
    with_parameter = graph.replace("[graph]\n", "[graph]\nparameters = { w = 1.0 }\n").replace(
        "x * x", "w * x"
    )
    session = Session(loaded(with_parameter))
    assert "no loss" in session.execute("train until loss < 1").message
    assert session.execute("train 5").kind == MOVED
    with pytest.raises(Refusal):
        Training(Session(loaded(graph)), "5")


@pytest.mark.slow
@pytest.mark.parametrize("kind, rounds, most", [("exact", 10_000, 50e6), ("hand", 1_000, 8e6)])
def test_many_rounds_take_little_memory(kind: str, rounds: int, most: float) -> None:
    """10,000 rounds of 10-5-2 in less than 50 MB. By hand a tenth of them: decimals are slow."""
    session = Session(net((10, 5, 2)), arithmetic=kind)
    session.execute("train 2")
    tracemalloc.start()
    try:
        session.execute(f"train {rounds}")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert session.rounds == rounds + 3
    assert peak < most


# Gradient flow


@settings(max_examples=examples(40))
@given(scenarios())
def test_norms_are_those_of_the_reduced_gradients(text: str) -> None:
    session = Session(loaded(text))
    made = session.run.round(0)
    flows = gradient_flow(session.run, 0)
    total = float(np.linalg.norm(made.accumulated.astype(float)))
    assert np.hypot.reduce([flow.norm for flow in flows] or [0.0]) == pytest.approx(total)
    for layer, flow in zip(session.tape.layers, flows, strict=False):
        inside = layer.matrix(made.accumulated), layer.vector(made.accumulated)
        parts = [np.ravel(each) for each in inside if each is not None and np.size(each)]
        if layer.bias is None:
            parts = parts[:1]
        assert flow.norm == pytest.approx(float(np.linalg.norm(np.concatenate(parts))))


def words_of(session: Session) -> dict[str, str]:
    flows = gradient_flow(session.run, session.round)
    return {flow.name: "; ".join(flow.words) for flow in flows}


def chain(activation: str, weights: list[float], x: float = 1.0, rate: float = 0.1) -> Session:
    """Neurons one behind the other; the last one without an activation."""
    text = f'title = "chain"\n[network]\ninputs = 1\n[training]\nlearning_rate = {rate}\n'
    for place, weight in enumerate(weights):
        text += f'[[network.layers]]\nname = "l{place + 1}"\nweights = [[{weight}]]\n'
        text += f'activation = "{activation}"\n' if place + 1 < len(weights) else ""
    text += f'[loss]\nkind = "sse"\n[[samples]]\nx = [{x}]\nt = [0.0]\n'
    return Session(loaded(text))


@pytest.mark.filterwarnings("error")
def test_norms_and_their_shares_have_no_limits() -> None:
    """dL/dw is 2·w1 for one and 2·w2 for the other: their squares and their share overflow."""
    session = chain("identity", [1e170, 1e-170])
    first, last = gradient_flow(session.run, 0)
    assert (first.norm, last.norm) == pytest.approx((2e-170, 2e170))
    assert first.words[0] == "vanishes: 1/1e+300 of l2's"


def test_a_gradient_that_vanishes_or_explodes_is_named() -> None:
    """Without curves: the first layer's gradient is L'·w2·w3·x, the last one's L'·w1·w2·x."""
    vanishing = words_of(chain("identity", [1.0, 1.0, 0.005]))
    assert vanishing["l1"].startswith("vanishes: 1/200 of l3's") and not vanishing["l3"]
    exploding = words_of(chain("identity", [0.01, 20.0, 20.0], rate=0.0))
    assert exploding["l1"].startswith("explodes: 2000 times l3's")


@pytest.mark.parametrize(
    ("share", "word"),
    [
        *((0.009, "vanishes"), (0.011, "shrinks"), (0.09, "shrinks"), (0.11, "")),
        *((11.0, ""), (99.0, ""), (101.0, "explodes")),
    ],
)
def test_from_which_share_on_a_word_is_said(share: float, word: str) -> None:
    """Of two layers without curves the gradients are L'·w2·x and L'·w1·x: w1 = 1 leaves w2."""
    said = words_of(chain("identity", [1.0, share], rate=0.0))["l1"]
    assert said.startswith(word) and bool(said) == bool(word)


def test_a_dead_relu_is_named() -> None:
    words = words_of(chain("relu", [-1.0, 2.0]))
    assert "neuron 1 is dead" in words["l1"] and "learns nothing" in words["l1"]
    assert "dead" not in words_of(chain("relu", [1.0, 2.0]))["l1"]


def test_a_saturated_neuron_is_named() -> None:
    assert "saturated" in words_of(chain("sigmoid", [8.0, 1.0]))["l1"]
    assert "saturated" in words_of(chain("tanh", [-4.0, 1.0]))["l1"]
    assert not words_of(chain("sigmoid", [1.0, 1.0]))["l1"]
    # The slope of z² - z at z = 1/2 is 0, and the step's everywhere.
    assert "saturated" in words_of(chain("z ** 2 - z", [0.5, 1.0]))["l1"]
    assert "saturated" not in words_of(chain("z ** 2 - z", [1.0, 1.0]))["l1"]
    assert "saturated" in words_of(chain("step", [2.0, 1.0]))["l1"]


@pytest.mark.parametrize(("slope", "is_named"), [(0.0099, True), (0.0101, False)])
def test_from_which_slope_on_a_neuron_is_saturated(slope: float, is_named: bool) -> None:
    """The z at which a(1 - a) is so large."""
    a = (1 + math.sqrt(1 - 4 * slope)) / 2
    words = words_of(chain("sigmoid", [math.log(a / (1 - a)), 1.0]))
    assert ("the slope is below 0.01 in every sample" in words["l1"]) == is_named


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (1, "neuron 1 is dead"),
        (6, "neurons 1, 2, 3, 4, 5, 6 are dead"),
        (9, "neurons 1, 2, 3, 4, 5, 6 and 3 more are dead"),
    ],
)
def test_of_many_dead_neurons_some_are_named_and_the_others_counted(count: int, told: str) -> None:
    numbers = ", ".join(["-1"] * count)
    text = f"""
title = "dead"
[network]
inputs = 1
[[network.layers]]
name = "l1"
weights = [[{numbers}, 1]]
activation = "relu"
[[network.layers]]
weights = [{", ".join(["[1]"] * (count + 1))}]
[loss]
kind = "sse"
[[samples]]
x = [1]
t = [5]
"""
    assert told in words_of(Session(loaded(text)))["l1"]


def test_an_update_larger_than_its_parameters_is_named() -> None:
    assert "learning rate" in words_of(chain("identity", [1.0, 1.0], rate=2.0))["l1"]
    assert not words_of(chain("identity", [1.0, 1.0], rate=0.01))["l1"]
    # From 0 on every first step is larger than what it starts from: nothing is wrong with it.
    session = chain("identity", [0.0, 1.0], rate=0.01)
    session.execute("edit t[1] 1")
    assert session.run.round(0).after[0] > 0 and not words_of(session)["l1"]


def test_a_gradient_that_shrinks_to_a_tenth_is_named_and_no_shipped_scenario_else() -> None:
    """Nor does one of them once it has been trained for a while."""
    last: list[str] = []
    for path in sorted(shipped_folder().glob("*.toml")):
        session = Session(load(path))
        session.execute("train 60")
        for number in (0, 20, session.rounds - 1):
            if number >= session.rounds:
                continue
            told = [word for flow in gradient_flow(session.run, number) for word in flow.words]
            sizes = [word for word in told if word.startswith(("shrinks", "vanishes", "explodes"))]
            assert bool(sizes) == (path.stem == "vanishing-gradient"), (path.stem, number, sizes)
            last = sizes or last
    assert "1/1" in last[0] or "1/2" in last[0]
