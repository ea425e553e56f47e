"""Known mistakes: made on purpose in plain numpy, and recognised; random numbers are not."""

from __future__ import annotations

from math import log
from random import Random

import numpy as np
import pytest

from nnhs_tui.debugger.naming.reading import all_names
from nnhs_tui.marking.judge import MISTAKE, is_right
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.numerals import shown
from nnhs_tui.operations.table import OPERATIONS
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.marked_nets import marker_of_net
from tests.mistakes_reference import SLOPES, random_net, slips
from tests.random_scenarios import loaded

NETS = 10

OF_RULES = {name for name, each in KNOWN.items() if each.update.__module__.endswith(".rule")}
"""Plain descent cannot make them: tests/marking/mistakes/test_rule_mistakes.py does."""

GUESSES = ("power-of-ten", "reciprocal")
"""Mistakes that could be made with any number."""


def marker_of(toml: str) -> Marker:
    return Marker(Questions(loaded(toml)))


@pytest.mark.parametrize("digits", [3, pytest.param(4, marks=pytest.mark.slow)])
@pytest.mark.second
def test_every_mistake_is_named_where_it_is_made(digits: int) -> None:
    made: set[str] = set()
    missed, order = [], list(KNOWN)
    for seed in range(NETS):
        net = random_net(seed)
        marker = marker_of_net(seed, digits)
        for mistake, name, number, right in slips(net):
            answer = shown(number, digits)
            if mistake in GUESSES and abs(number) < 10 * 10.0**-digits:
                # A single digit tells nothing.
                continue
            (marked,) = marker.mark([(name, answer)])
            assert abs(marked.question.exact - right) < 1e-9, name
            if is_right(marked.verdict):
                # Nobody can tell it from the right number at these decimals.
                by_hand = marked.question.hand
                near = [right] if by_hand is None else [right, by_hand]
                near += [each / marked.question.divisor for each in near]
                assert min(abs(number - each) for each in near) < 2.6 * 10.0**-digits
                continue
            made.add(mistake)
            if KNOWN[mistake].is_general and marked.mistakes:
                # It only explains what no other mistake does, nor one of its like before it.
                named = marked.mistakes[0]
                assert not KNOWN[named].is_general or order.index(named) <= order.index(mistake)
            elif mistake not in marked.mistakes:
                missed.append((seed, mistake, name, answer, marked.message))
    assert not missed, missed[:5]
    # `truncated` is close, and has a test of its own; none of these nets has a logarithm.
    assert made == set(KNOWN) - {"truncated", "logarithm", *OF_RULES}


@pytest.mark.labels
def test_tips_say_what_the_program_does() -> None:
    """A formula in a tip is the one of the table; the others say which way it goes."""
    tips = {name: mistake.tip for name, mistake in KNOWN.items()}
    slope = LOSSES["half_sse"].slope_formula.format(o="o", t="t")
    assert f"Output minus target, {slope}:" in tips["reversed-difference"]
    sigmoid = OPERATIONS["sigmoid"]
    assert sigmoid.slope(0, "a", ["z"]).replace("·", "") in tips["wrong-derivative"]
    assert "exp(-z)" in tips["exp-sign"] and "exp(-z)" in sigmoid.definition
    assert "old weight minus learning rate times gradient" in tips["added-update"]
    assert "learning rate times the gradient" in tips["missing-learning-rate"]
    assert "one row for each input, one column for each neuron" in tips["transposed"].lower()
    assert "at 0 and below, a relu lets nothing through" in tips["relu-gate"].lower()
    assert "old weights" in tips["updated-weights"]


@pytest.mark.parametrize("factor", [log(10), 1 / log(10)])
def test_the_other_logarithm_is_named(factor: float) -> None:
    marker = Marker(Questions(load(shipped_folder() / "softmax-cross-entropy.toml")))
    right = marker.questions.question("loss").exact
    (marked,) = marker.mark([("loss", f"{right * factor:.2f}")])
    assert marked.mistakes == ("logarithm",)
    graph = loaded(
        'title = "ln"\ndigits = 3\n[graph]\ninputs = { x = 7.0 }\n[graph.nodes]\ny = "log(x)"\n'
    )
    (marked,) = Marker(Questions(graph)).mark([("y", f"{log(7) * factor:.3f}")])
    assert marked.mistakes == ("logarithm",)


CHAIN = """
title = "a square further on"
[graph]
inputs = { x = 0.9 }
parameters = { w = 0.7, v = 1.3 }
output = "o"
[graph.nodes]
n = "w * x"
s = "n ** 2"
m = "v * s"
o = "tanh(m)"
"""


def test_in_a_graph_a_slope_left_out_is_found_from_a_parameter_alone() -> None:
    """∂o/∂w = (1 − o²)·v·2n·x, without any of its factors."""
    marker = Marker(Questions(loaded(CHAIN.replace("title", "digits = 5\ntitle"))))
    n, v, x = 0.7 * 0.9, 1.3, 0.9
    slopes = (1 - np.tanh(v * n**2) ** 2, v, 2 * n, x)
    for left_out in range(4):
        value = float(np.prod([each for place, each in enumerate(slopes) if place != left_out]))
        (marked,) = marker.mark([("grad w", f"{value:.5f}")])
        assert marked.mistakes and marked.mistakes[0] == "missing-local", (left_out, marked)
    # What stands on the sheet in between speaks against it.
    value = 2 * n * v * x
    rows = [(f"grad {name}", marker.questions.question(f"grad {name}").expected) for name in "msn"]
    marked = marker.mark([*rows, ("grad w", f"{value:.5f}")])[-1]
    assert "missing-local" not in marked.mistakes


def test_in_a_network_a_slope_left_out_is_found_a_layer_further_on() -> None:
    for seed in range(NETS):
        net = random_net(seed)
        if len(net.weights) < 2 or net.activations[-1] in ("identity", "relu"):
            continue
        marker = marker_of_net(seed, 4)
        r, last = net.rounds[0], len(net.weights) - 1
        at_a = r["W"][last] @ r["grad a"][last]
        at_z = at_a * SLOPES[net.activations[last - 1]](r["z"][last - 1])
        value = float(at_z[0] * r["x"][last - 1][0])
        (marked,) = marker.mark([(f"grad layer{last}.W[1,1]", shown(value, 4))])
        assert is_right(marked.verdict) or "missing-local" in marked.mistakes, (seed, marked)


MANY_PATHS = 8
WIDE = f"""
title = "many paths"
[network]
inputs = 1
[[network.layers]]
name = "h"
weights = [[{", ".join(str(place + 1) for place in range(MANY_PATHS))}]]
[[network.layers]]
name = "o"
weights = [{", ".join(f"[{2 * place + 11}]" for place in range(MANY_PATHS))}]
[loss]
kind = "half_sse"
[[samples]]
x = [1]
t = [651]
"""


def test_of_a_wide_fan_out_the_first_and_the_last_path_are_known() -> None:
    """What comes back along path k is k·(9 + 2k) times the error, 1."""
    marker = marker_of(WIDE)
    terms = [(k + 1) * (2 * k + 11) for k in range(MANY_PATHS)]
    right = marker.questions.question("grad x[1]").exact
    error = right / sum(terms)
    for place in (0, MANY_PATHS - 1):
        (marked,) = marker.mark([("grad x[1]", shown(error * terms[place], 2))])
        assert "one-path" in marked.mistakes, place


def rate_of_false_names(digits: int, spread: float) -> float:
    """How often a number that is simply wrong gets a name."""
    random, wrong, named = Random(digits), 0, 0
    for seed in range(NETS):
        marker = marker_of_net(seed, digits)
        questions = marker.questions
        for name in all_names(questions.names, questions.schedule):
            number = questions.question(name).exact + random.uniform(-spread, spread)
            (marked,) = marker.mark([(name, shown(number, digits))])
            wrong += not is_right(marked.verdict)
            named += marked.verdict == MISTAKE
    return named / wrong


@pytest.mark.slow
@pytest.mark.parametrize(("digits", "spread"), [(2, 10.0), (3, 1.0), (4, 1.0)])
def test_random_wrong_numbers_get_no_name(digits: int, spread: float) -> None:
    assert rate_of_false_names(digits, spread) <= 0.02
