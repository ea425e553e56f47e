"""Slopes found by trying, on plain functions of one number whose slopes are known."""

import math
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnhs_tui.autodiff.differences import (
    AGREES,
    DISAGREES,
    KINK,
    UNDERFLOWING,
    UNTRIED,
    Objective,
    Probe,
    Trial,
    tried,
)
from nnhs_tui.errors import ComputationError

EPSILON = 2.0**-52
Function = Callable[[float], float]


def of(function: Function, *, turns: float = 0.0) -> Objective:
    """The objective of a function that is rounded a few times and whose roundings do not add up.

    Args:
        turns: the angle a sine is taken of, as a factor of the number.
    """

    def objective(x: float) -> Probe:
        try:
            value = function(x)
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            raise ComputationError("f", str(error), "expected a number") from error
        return Probe(value, 2 * EPSILON * abs(value) + 5e-324, b"", (turns * x,) if turns else ())

    return objective


def square_root_of_a_cube(x: float) -> float:
    return x * math.sqrt(x)


SMOOTH: list[tuple[Function, Function]] = [
    (lambda x: 3 * x, lambda x: 3.0),
    (lambda x: x * x, lambda x: 2 * x),
    (lambda x: (x - 1) * x * (x + 1), lambda x: 3 * x * x - 1),
    (math.atan, lambda x: 1 / (1 + x * x)),
    (lambda x: 1 / (2 + x * x), lambda x: -2 * x / (2 + x * x) ** 2),
    (lambda x: math.log1p(x * x), lambda x: 2 * x / (1 + x * x)),
    (lambda x: 1e12 + x, lambda x: 1.0),
]


@given(st.sampled_from(SMOOTH), st.floats(-100, 100))
def test_a_right_slope_is_never_called_wrong(pair: tuple[Function, Function], at: float) -> None:
    function, slope = pair
    assert tried(slope(at), at, of(function)).verdict in (AGREES, UNTRIED)


@given(
    st.sampled_from(SMOOTH),
    st.floats(-30, 30),
    st.sampled_from([0.5, -1.0, 0.99, 1.01, 2.0]),
)
def test_a_wrong_slope_is_never_called_right(
    pair: tuple[Function, Function], at: float, wrong: float
) -> None:
    function, slope = pair
    found = tried(slope(at) * wrong, at, of(function))
    assert found.verdict != AGREES or slope(at) == 0


@given(
    st.sampled_from(SMOOTH[:6]),
    st.floats(0.1, 3),
    st.sampled_from([0.0, 0.5, -1.0, 0.99, 1.01, 2.0]),
)
def test_where_nothing_hides_it_a_wrong_slope_is_called_wrong(
    pair: tuple[Function, Function], at: float, wrong: float
) -> None:
    function, slope = pair
    if abs(slope(at)) > 1e-3:
        assert tried(slope(at), at, of(function)).verdict == AGREES
        assert tried(slope(at) * wrong, at, of(function)).verdict == DISAGREES


@given(st.floats(-308, 308), st.sampled_from([1.0, -1.0]), st.floats(-300, 300))
@example(0.0, 1.0, -151.0)
@example(0.0, 1.0, -149.0)
def test_straight_lines_of_every_size(exponent: float, sign: float, factor: float) -> None:
    at, slope = sign * 10.0**exponent, 10.0**factor
    if not 1e-290 < abs(at * slope) < 1e300 or slope * 1e6 > 1e300:
        return
    right = tried(slope, at, of(lambda x: slope * x))
    assert right.verdict == AGREES
    assert right.numeric == pytest.approx(slope, rel=1e-6)
    # Below, a factor of the gradient may be less than any double: nobody can say which is wrong.
    wrong = UNTRIED if slope * 1.01 < UNDERFLOWING else DISAGREES
    assert tried(slope * 1.01, at, of(lambda x: slope * x)).verdict == wrong


def reason(found: Trial) -> str:
    assert found.verdict == UNTRIED == "cannot be tried here"
    return found.reason


def test_it_says_why_it_cannot_be_tried() -> None:
    hidden = tried(1.0, 0.3, of(lambda x: 1e20 + x))
    assert reason(hidden) == "it is lost in rounding"
    one_sided = tried(0.0, 0.0, of(square_root_of_a_cube))
    assert math.isnan(one_sided.numeric)
    assert reason(one_sided) == "beside it, f is math domain error"
    largest = tried(1.0, 1.7976931348623157e308, of(lambda x: x))
    assert reason(largest) == "there is no number a step away"
    fine = tried(math.cos(1e20), 1e20, of(math.sin, turns=1.0))
    assert reason(fine) == "every step is too large for the curve"


def test_a_sine_is_seen_at_every_speed() -> None:
    for speed in (1e-6, 1.0, 1e6, 1e9):
        turning = of(lambda x, k=speed: math.sin(k * x), turns=speed)  # type: ignore[misc]
        slope = speed * math.cos(speed * 0.3)
        assert tried(slope, 0.3, turning).verdict == AGREES
        assert tried(-slope, 0.3, turning).verdict == DISAGREES


def test_steps_over_a_bend_do_not_outvote_smaller_ones() -> None:
    """Flat up to 1, then rising by 1: large steps all find ½, and are wrong."""

    def bent(x: float) -> float:
        return 0.1 * x + (x - 1) / (1 + math.exp(min(700.0, -1000 * (x - 1))))

    assert tried(0.1, 0.0, of(bent)).verdict == AGREES
    assert tried(0.6, 0.0, of(bent)).verdict != AGREES


def test_a_gradient_of_0_agrees_only_where_nothing_moves() -> None:
    assert tried(0.0, 0.3, of(lambda x: 5.0)).verdict == AGREES
    assert tried(0.0, 1.0, of(lambda x: (x - 1) ** 2)).verdict == AGREES
    assert tried(0.0, 0.3, of(lambda x: 1e12 + x)).verdict == DISAGREES
    assert tried(0.0, 0.3, of(lambda x: 1e-9 * x)).verdict == DISAGREES


def test_a_kink_is_told_from_a_place_beside_it() -> None:
    def gate(x: float) -> Probe:
        return Probe(max(x, 0.0), EPSILON * abs(x), bytes([x > 0, x == 0]))

    assert tried(0.0, 0.0, gate).verdict == KINK
    for at in (1e-3, 1e-12, -1e-12, 1e-200, 1e6):
        assert tried(float(at > 0), at, gate).verdict == AGREES
        assert tried(0.5, at, gate).verdict == DISAGREES


def test_most_gradients_take_two_looks() -> None:
    looks = 0

    def counted(x: float) -> Probe:
        nonlocal looks
        looks += 1
        return Probe(x * x, EPSILON * x * x, b"")

    assert tried(1.4, 0.7, counted).verdict == AGREES
    assert looks == 2
    assert tried(1.0, 0.7, counted).verdict == DISAGREES
    assert looks < 200
