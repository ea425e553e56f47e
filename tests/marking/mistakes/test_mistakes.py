"""Known mistakes: made on purpose in plain numpy, and recognised; random numbers are not."""

from __future__ import annotations

from random import Random

import pytest

from nnhs_tui.debugger.naming.reading import all_names
from nnhs_tui.marking.judge import MISTAKE, is_right
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.losses import LOSSES
from nnhs_tui.operations.numerals import shown
from nnhs_tui.operations.table import OPERATIONS
from tests.mistakes_reference import random_net, slips
from tests.random_scenarios import loaded

NETS = 10

GUESSES = ("power-of-ten", "reciprocal")
"""Mistakes that could be made with any number."""


def marker_of(toml: str) -> Marker:
    return Marker(Questions(loaded(toml)))


@pytest.mark.parametrize("digits", [2, pytest.param(4, marks=pytest.mark.slow)])
@pytest.mark.second
def test_every_mistake_is_named_where_it_is_made(digits: int) -> None:
    made: set[str] = set()
    missed = []
    for seed in range(NETS):
        net = random_net(seed)
        marker = marker_of(net.toml(digits))
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
                assert min(abs(number - each) for each in near) < 2.6 * 10.0**-digits
                continue
            made.add(mistake)
            if KNOWN[mistake].is_general and marked.mistakes:
                # It only explains what no other mistake does.
                assert mistake in marked.mistakes or not KNOWN[marked.mistakes[0]].is_general
            elif mistake not in marked.mistakes:
                missed.append((seed, mistake, name, answer, marked.message))
    assert not missed, missed[:5]
    # `truncated` is close, and has a test of its own.
    assert made == set(KNOWN) - {"truncated"}


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
        marker = marker_of(random_net(seed).toml(digits))
        questions = marker.questions
        for name in all_names(questions.names, questions.schedule):
            number = questions.question(name).exact + random.uniform(-spread, spread)
            (marked,) = marker.mark([(name, shown(number, digits))])
            wrong += not is_right(marked.verdict)
            named += marked.verdict == MISTAKE
    return named / wrong


@pytest.mark.slow
@pytest.mark.parametrize(("digits", "spread"), [(2, 10.0), (4, 1.0)])
def test_random_wrong_numbers_get_no_name(digits: int, spread: float) -> None:
    assert rate_of_false_names(digits, spread) <= 0.02
