"""The two arithmetics by themselves: functions, what is not a number, and printed numbers."""

import decimal
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.operations.arithmetic import Exact, Hand, arithmetic
from nnhs_tui.operations.numerals import Number, half_away, plain, shown
from tests import reference

ONE_ARGUMENT = ("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid")
EXACT = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
}
REFERENCE = {
    "exp": reference.exp,
    "log": Decimal.ln,
    "sqrt": Decimal.sqrt,
    "sin": reference.sin,
    "cos": reference.cos,
    "tanh": reference.tanh,
    "sigmoid": reference.sigmoid,
}


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@given(x=st.decimals(Decimal("0.001"), 20, places=5), negative=st.booleans())
def test_functions_of_hand_arithmetic_are_exact_to_many_digits(
    name: str, x: Decimal, negative: bool
) -> None:
    if negative and name not in ("log", "sqrt"):
        x = -x
    hand = Hand(6)
    with hand.protected():
        found = hand.function(name, x)
    with decimal.localcontext(reference.CONTEXT):
        expected = REFERENCE[name](x)
        assert abs(found - expected) <= abs(expected) * Decimal("1e-45") + Decimal("1e-45")
    assert float(found) == pytest.approx(EXACT[name](float(x)), rel=1e-12)


@pytest.mark.parametrize("name", ONE_ARGUMENT)
@given(x=st.floats(0.001, 20), negative=st.booleans())
def test_functions_of_exact_arithmetic_are_those_of_doubles(
    name: str, x: float, negative: bool
) -> None:
    if negative and name not in ("log", "sqrt"):
        x = -x
    assert Exact().function(name, np.float64(x)) == pytest.approx(EXACT[name](x), rel=1e-14)


@given(st.decimals(0, 10**6, places=3), st.integers(0, 10**6))
def test_whole_turns_do_not_change_a_sine(x: Decimal, turns: int) -> None:
    hand = Hand(6)
    with decimal.localcontext(reference.CONTEXT):
        pi = 4 * (4 * reference.arctan_inverse(5) - reference.arctan_inverse(239))
        far = x + 2 * pi * turns
        near = reference.sin(x)
    with hand.protected():
        assert hand.round(hand.function("sin", far)) == hand.round(near)


@pytest.mark.parametrize("z", [700.0, 800.0, 1e308])
def test_the_exact_sigmoid_neither_overflows_nor_warns(z: float) -> None:
    with np.errstate(all="raise", under="ignore"):
        assert Exact().function("sigmoid", np.float64(z)) == 1.0
        assert 0.0 <= Exact().function("sigmoid", np.float64(-z)) < 1e-300


@pytest.mark.parametrize(
    "name, arguments",
    [
        ("log", [0]),
        ("log", [-1]),
        ("sqrt", [-4]),
        ("exp", [10**6]),
        ("power", [0, -1]),
        ("power", [-2, Decimal("0.5")]),
    ],
)
def test_what_has_no_result_is_no_number_in_either_arithmetic(
    name: str, arguments: list[Decimal]
) -> None:
    for ar in (Exact(), Hand(2)):
        with ar.protected():
            numbers = [ar.number(Decimal(each)) for each in arguments]
            assert not ar.finite(ar.round(ar.function(name, *numbers)))


@pytest.mark.parametrize(
    "base, exponent, value",
    [("0", "0", "1"), ("0", "2", "0"), ("-2", "3", "-8"), ("4", "-0.5", "0.5"), ("-2", "0", "1")],
)
def test_powers(base: str, exponent: str, value: str) -> None:
    for ar in (Exact(), Hand(4)):
        with ar.protected():
            found = ar.function("power", ar.number(Decimal(base)), ar.number(Decimal(exponent)))
            assert ar.round(found) == ar.number(Decimal(value))


def test_hand_arithmetic_works_on_arrays_as_on_numbers() -> None:
    hand = Hand(2)
    numbers = [Decimal("0.125"), Decimal("-0.125"), Decimal("3")]
    array = np.array(numbers, dtype=object)
    assert hand.round(array).tolist() == [hand.round(each) for each in numbers]
    assert hand.round(np.array([], dtype=object)).tolist() == []
    assert hand.finite(np.array([Decimal("NaN"), Decimal(1)])).tolist() == [False, True]


def test_hand_arithmetic_leaves_the_decimal_context_alone() -> None:
    before = decimal.getcontext().copy()
    hand = Hand(2)
    with hand.protected():
        hand.function("sin", Decimal(10**6))
    after = decimal.getcontext()
    assert (after.prec, after.rounding, after.traps) == (before.prec, before.rounding, before.traps)


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (0.285, 2, "0.29"),
        (-0.285, 2, "-0.29"),
        (1.005, 2, "1.01"),
        (2.675, 2, "2.68"),
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (-0.5, 0, "-1"),
        (-0.4, 0, "0"),
        (-0.004, 2, "0.00"),
        (-0.0, 3, "0.000"),
        (1e-320, 6, "0.000000"),
        (123456.789, 1, "123456.8"),
        (99.995, 2, "100.00"),
        (1e14, 0, "100000000000000"),
        (Decimal("0.285"), 2, "0.29"),
        (Decimal("-0.001"), 2, "0.00"),
    ],
)
def test_printed_numbers(value: float | Decimal, digits: int, text: str) -> None:
    assert shown(value, digits) == text


@given(st.floats(-1e300, 1e300), st.integers(0, 6))
def test_every_double_can_be_printed(value: float, digits: int) -> None:
    text = shown(value, digits)
    assert float(text) == pytest.approx(value, abs=0.51 * 10.0**-digits, rel=0.6 * 10.0**-digits)
    assert len(text) < 40


@pytest.mark.parametrize(
    "value, text", [(0.5, "0.5"), (3.0, "3"), (-0.125, "-0.125"), (1000.0, "1000"), (1e-7, None)]
)
def test_numbers_in_full(value: float, text: str | None) -> None:
    assert plain(value) == (text or plain(value))
    assert float(plain(value)) == value


@pytest.mark.parametrize("value", [1e154, -1.5e300, 1e-200, 5e-324])
def test_numbers_in_full_stay_short(value: float) -> None:
    """They stand in messages of one line."""
    assert float(plain(value)) == value
    assert len(plain(value)) < 30


def test_arithmetics_by_name() -> None:
    assert (arithmetic("exact", 3).name, arithmetic("exact", 3).digits) == ("exact", 3)
    assert (arithmetic("hand", 0).name, arithmetic("hand", 0).digits) == ("hand", 0)


@pytest.mark.parametrize("exponent", [0, 15, 25, 26, 27, 28, 60, 307, -27, -300])
@pytest.mark.parametrize("digits", [0, 2, 6])
def test_numbers_of_every_size_are_rounded_and_shown(exponent: int, digits: int) -> None:
    for text in ("1", "-2.5", "9.995"):
        value = Decimal(f"{text}e{exponent}")
        rounded = half_away(value, digits)
        assert abs(Fraction(rounded) - Fraction(value)) <= Fraction(1, 2 * 10**digits)
        seen = Decimal(shown(value, digits))
        size = max(0, value.adjusted()) if abs(value) >= 10**15 else 0
        assert abs(Fraction(seen) - Fraction(value)) <= Fraction(10**size, 2 * 10**digits)


def test_an_exponent_changes_nothing_about_ties() -> None:
    assert shown(1.005e60, 2) == "1.01e+60"
    assert shown(Decimal("-1.005e60"), 2) == "-1.01e+60"
    assert shown(9.995e60, 2) == "1.00e+61"
    assert plain(Decimal("1.2345678901234567890123456789012345e60")) == (
        "1.2345678901234567890123456789012345E+60"
    )


@pytest.mark.parametrize("exponent", [20, 22, 59, 60, 90, 200, 308])
def test_sine_and_cosine_of_large_angles_by_hand(exponent: int) -> None:
    """The doubles' own sine is right to the last bit for every double (glibc, fdlibm)."""
    angle = float(f"1e{exponent}")
    ar = Hand(6)
    with ar.protected():
        sine, cosine = (ar.function(name, Decimal(angle)) for name in ("sin", "cos"))
    assert float(sine) == pytest.approx(math.sin(angle), abs=1e-15)
    assert float(cosine) == pytest.approx(math.cos(angle), abs=1e-15)


@pytest.mark.parametrize(
    "value, text",
    [
        (999_999_999_999_999.0, "999999999999999"),
        (1e15, "1E+15"),
        (Decimal("-1e15"), "-1E+15"),
        (1e-14, "0.00000000000001"),
        (1e-15, "1E-15"),
    ],
)
def test_from_which_size_on_a_number_has_an_exponent(value: Number, text: str) -> None:
    """The same limit as on the screen: from 10^15 on a double has no decimals left."""
    assert plain(value) == text
    assert ("e" in shown(value, 2)) == (abs(value) >= 1e15)
