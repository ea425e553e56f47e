"""The table of operations: every row's derivative, and the tests that would notice a wrong one."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from nnhs_tui.autodiff import gradcheck as checking
from nnhs_tui.operations.arithmetic import Arithmetic, Exact, Hand, Unrounded
from nnhs_tui.operations.softmax import softmax, softmax_exponentials, softmax_slopes
from nnhs_tui.operations.table import NODE_OPERATIONS, OPERATIONS
from tests.random_scenarios import loaded
from tests.reference import CONTEXT, FUNCTIONS, FURTHER, r

EXPRESSIONS = {
    "copy": "x",
    "neg": "-x",
    "add": "x + w",
    "sub": "x - w",
    "mul": "x * w",
    "div": "x / w",
    "pow": "x ** w",
    "max": "max(x, w, x / 2)",
    "min": "min(x, w, x * 2)",
    **{name: f"{name}(x)" for name in FUNCTIONS if name not in ("max", "min")},
}
OPERANDS = {
    name: 3 if "," in text else 2 if "w" in text else 1 for name, text in EXPRESSIONS.items()
}


def test_every_operation_of_a_graph_is_tried_here() -> None:
    assert set(EXPRESSIONS) == {each.name for each in NODE_OPERATIONS}


def graph_of(operation: str) -> str:
    return f"""
title = "{operation}"
[graph]
inputs = {{ x = 0.75 }}
parameters = {{ w = 1.25 }}
[graph.nodes]
before = "x * 1.5"
y = "{EXPRESSIONS[operation]}"
D = "y * 2 + before"
"""


def wrong(operation: str, place: int) -> Callable[..., Any]:
    """The operation's local derivatives, that of one operand a little too large."""
    right = OPERATIONS[operation].local

    def local(ar: Arithmetic, y: Any, *operands: Any) -> list[Any]:
        slopes = list(right(ar, y, *operands))
        slopes[place] = slopes[place] + 0.01
        return slopes

    return local


@pytest.mark.parametrize(
    "operation, place", [(name, k) for name, count in OPERANDS.items() for k in range(count)]
)
def test_a_wrong_local_derivative_of_a_graph_is_noticed(
    operation: str, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = loaded(graph_of(operation))
    assert {check.verdict for check in checking.gradcheck(scenario)} == {checking.AGREES}
    broken = replace(OPERATIONS[operation], local=wrong(operation, place))
    monkeypatch.setitem(OPERATIONS, operation, broken)
    verdicts = [check.verdict for check in checking.gradcheck(scenario)]
    assert checking.DISAGREES in verdicts


@pytest.mark.parametrize("factor", [0.5, -1.0, 0.99, 1.01])
@pytest.mark.parametrize("operation", OPERANDS)
def test_every_size_of_mistake_is_noticed_wherever_it_matters(
    operation: str, factor: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each gradient that the mistake changes disagrees; those it leaves alone agree."""
    scenario = loaded(graph_of(operation))
    right = {check.name: check.analytic for check in checking.gradcheck(scenario)}
    local = OPERATIONS[operation].local

    def scaled(ar: Arithmetic, y: Any, *operands: Any) -> list[Any]:
        return [slope * factor for slope in local(ar, y, *operands)]

    monkeypatch.setitem(OPERATIONS, operation, replace(OPERATIONS[operation], local=scaled))
    found = list(checking.gradcheck(scenario))
    for check in found:
        changed = abs(check.analytic - right[check.name]) > 1e-6 * abs(right[check.name])
        assert (check.verdict == checking.DISAGREES) == changed, check
    assert any(check.verdict == checking.DISAGREES for check in found)


NEURON = """
title = "neurons"
[network]
inputs = 2
[[network.layers]]
name = "h"
weights = [[0.5, -0.25], [0.75, 1]]
bias = [0.1, 0.2]
activation = "{}"
[[samples]]
x = [1, 2]
"""


ACTIVATIONS = [each.name for each in OPERATIONS.values() if each.is_activation and each.is_single]


@pytest.mark.parametrize("operation", ACTIVATIONS)
def test_a_wrong_local_derivative_of_a_neuron_is_noticed(
    operation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = loaded(NEURON.format(operation))
    assert {check.verdict for check in checking.gradcheck(scenario)} == {checking.AGREES}
    monkeypatch.setitem(
        OPERATIONS, operation, replace(OPERATIONS[operation], local=wrong(operation, 0))
    )
    assert {check.verdict for check in checking.gradcheck(scenario)} == {checking.DISAGREES}


@pytest.mark.parametrize("name", ["max", "min"])
def test_the_largest_of_what_is_no_number_has_slopes(name: str) -> None:
    """A slip on an answer sheet may lead to the logarithm of a negative number."""
    operands = np.float64("nan"), np.float64(1), np.float64("nan")
    operation = OPERATIONS[name]
    slopes = operation.local(Exact(), operation.forward(Exact(), *operands), *operands)
    assert len(slopes) == 3 and slopes[1] in (0, 1)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=6))
def test_softmax_and_its_slopes(z: list[float]) -> None:
    ar = Exact()
    values = np.array(z)
    a = softmax(ar, values)
    assert a.sum() == pytest.approx(1)
    assert a[values.argmax()] == a.max()
    slopes = softmax_slopes(ar, a)
    for i in range(len(z)):
        h = 1e-6
        moved = values + h * (np.arange(len(z)) == i)
        back = values - h * (np.arange(len(z)) == i)
        numeric = (softmax(ar, moved) - softmax(ar, back)) / (2 * h)
        np.testing.assert_allclose(slopes[i], numeric, atol=1e-8)


def test_hand_softmax_takes_the_largest_off_only_where_it_must() -> None:
    hand = Hand(2)
    with hand.protected():
        for z, taken_off in (("1 2", False), ("800 1", True), ("-800 -900", True), ("-1 9", False)):
            numbers = np.array([Decimal(each) for each in z.split()], dtype=object)
            assert softmax_exponentials(hand, numbers)[1] is taken_off, z


SAFE = st.decimals(Decimal("0.01"), 9, places=2)


@pytest.mark.parametrize("operation", EXPRESSIONS)
@given(a=SAFE, b=SAFE, digits=st.integers(0, 6))
def test_hand_slopes_are_rounded_exact_slopes_of_the_rounded_values(
    operation: str, a: Decimal, b: Decimal, digits: int
) -> None:
    """d = r(…) in one go: within half a unit of the formula, taken of the rounded numbers."""
    count = OPERANDS[operation]
    operands = [a, b, a][:count]
    hand, exact, row = Hand(digits), Exact(digits), OPERATIONS[operation]
    with hand.protected(), exact.protected():
        y = row.forward(hand, *operands)
        rounded = row.local(hand, y, *operands)
        formula = row.local(exact, np.float64(y), *[np.float64(each) for each in operands])
    for by_hand, slope in zip(rounded, formula, strict=True):
        assume(np.isfinite(slope) and abs(slope) < 1e6)
        assert abs(float(by_hand) - float(slope)) <= 0.5 * 10.0**-digits + 1e-6
        assert by_hand == hand.round(by_hand)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_operation_can_be_put_into_words(operation: str) -> None:
    row = OPERATIONS[operation]
    taken = 1 if row.is_single else OPERANDS.get(operation, 2)
    # The first operand of a share says whose it is.
    texts = ["1", "a", "b"] if operation == "share" else ["a", "b", "c"][:taken]
    assert "a" in row.formula(texts)
    for place in range(len(texts)):
        assert row.slope(place, "y", texts)
        assert row.why(place, "y", texts).endswith(".")


def evaluated(formula: str, **values: float) -> float:
    """The value of a formula as it is written on the screen."""
    python = re.sub(r"ln \(?(\w+)\)?", r"log(\1)", formula).replace("ln(", "log(")
    python = re.sub(r"\((.*) if (.*), else (.*)\)", r"(\1 if \2 else \3)", python)
    for sign, meaning in (("·", "*"), ("^", "**"), ("²", "**2"), ("√", "sqrt")):
        python = python.replace(sign, meaning)
    return float(eval(python.replace("≥", ">="), SIGNS, dict(values)))


SIGNS = {
    **{"log": math.log, "sqrt": math.sqrt, "exp": math.exp, "tanh": math.tanh, "max": max},
    "σ": lambda z: 1 / (1 + math.exp(-z)),
    "Φ": lambda z: (1 + math.erf(z / math.sqrt(2))) / 2,
    "φ": lambda z: math.exp(-z * z / 2) / math.sqrt(2 * math.pi),
}
"""What the signs of formulas stand for."""


@pytest.mark.parametrize("operation", ACTIVATIONS)
def test_what_an_activation_says_of_itself_is_what_it_computes(operation: str) -> None:
    """Its formula and its slope, in the symbols that are shown, on both sides of 0."""
    row, exact = OPERATIONS[operation], Exact()
    for z in (-2.25, -0.5, 0.75, 3.5):
        y = row.forward(exact, np.float64(z))
        assert evaluated(row.formula(["z"]), z=z) == pytest.approx(float(y))
        assert evaluated(f"({row.short})", z=z) == pytest.approx(float(y))
        told = evaluated(row.slope(0, "y", ["z"]), z=z, y=float(y))
        assert told == pytest.approx(float(row.local(exact, y, np.float64(z))[0]))


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("operation", FURTHER)
@given(z=st.decimals(-9, 9, places=2))
def test_further_activations_by_hand(operation: str, digits: int, z: Decimal) -> None:
    """r(a) and r(slope) of the rounded z, against the reference's own decimals."""
    hand, row = Hand(digits), OPERATIONS[operation]
    forward, slope = FURTHER[operation]
    with localcontext(CONTEXT):
        expected = r(forward(z), digits), r(slope(z), digits)
    with hand.protected():
        a = row.forward(hand, z)
        assert (a, row.local(hand, a, z)[0]) == expected
        # The same for all neurons of a layer at once.
        (many,) = row.forward(hand, np.array([z], object))
        assert many == a


@pytest.mark.parametrize(
    ("operation", "z", "digits", "a", "slope"),
    [
        ("leaky_relu", "-2.50", 2, "-0.03", "0.01"),  # -0.025 half away from zero
        ("leaky_relu", "0", 2, "0.00", "0.01"),
        ("leaky_relu", "-2.50", 1, "0.0", "0.0"),
        ("elu", "-1.00", 2, "-0.63", "0.37"),  # e^-1 = 0.3679
        ("softplus", "0", 4, "0.6931", "0.5000"),  # ln 2
        ("gelu", "1.00", 4, "0.8413", "1.0833"),  # Φ(1) = 0.84134, φ(1) = 0.24197
        ("gelu", "-1.00", 4, "-0.1587", "-0.0833"),
        ("swish", "1.00", 4, "0.7311", "0.9277"),  # σ(1) = 0.73106
        ("step", "0", 2, "1.00", "0.00"),
        ("step", "-0.01", 2, "0.00", "0.00"),
    ],
)
def test_activations_worked_by_hand(
    operation: str, z: str, digits: int, a: str, slope: str
) -> None:
    """Values of e and of the normal distribution as tables print them."""
    hand, row = Hand(digits), OPERATIONS[operation]
    with hand.protected():
        found = row.forward(hand, Decimal(z))
        assert (str(found), str(row.local(hand, found, Decimal(z))[0] * hand.one)) in (
            (a, slope),
            (a, slope.replace("0.00", "0")),
        )


@pytest.mark.parametrize(("name", "at_zero"), [("leaky_relu", 0.01), ("step", 0.0)])
def test_a_kink_of_an_activation_is_told(name: str, at_zero: float) -> None:
    text = NEURON.format(name).replace("bias = [0.1, 0.2]", "bias = [-2, 0.2]")
    found = {check.name: check for check in checking.gradcheck(loaded(text))}
    assert found["grad h.b[1]"].verdict == checking.KINK
    assert found["grad h.b[1]"].analytic == at_zero
    assert found["grad h.b[2]"].verdict == checking.AGREES


@pytest.mark.parametrize(
    ("operation", "x", "digits", "y", "slope"),
    [
        # tan 1 = 1.557408, 1 + 1.56² = 3.4336
        ("tan", "1", 2, "1.56", "3.43"),
        ("tan", "-0.5", 4, "-0.5463", "1.2984"),
        ("abs", "-0.285", 2, "0.29", "-1"),
        ("abs", "0.284", 2, "0.28", "1"),
    ],
)
def test_functions_worked_by_hand(operation: str, x: str, digits: int, y: str, slope: str) -> None:
    hand, row = Hand(digits), OPERATIONS[operation]
    with hand.protected():
        found = row.forward(hand, Decimal(x))
        assert str(found) == y
        assert row.local(hand, found, Decimal(x))[0] == Decimal(slope)


def test_the_kink_of_abs_is_told_and_its_slope_there_is_0() -> None:
    (check,) = checking.gradcheck(
        loaded("""
title = "abs"
[graph]
inputs = { x = 0 }
[graph.nodes]
y = "abs(x)"
""")
    )
    assert (check.verdict, check.analytic) == (checking.KINK, 0)


@pytest.mark.parametrize("name", ["elu", "softplus", "gelu", "swish"])
def test_a_smooth_activation_has_a_slope_at_0(name: str) -> None:
    text = NEURON.format(name).replace("bias = [0.1, 0.2]", "bias = [-2, 0.2]")
    assert {check.verdict for check in checking.gradcheck(loaded(text))} == {checking.AGREES}


@pytest.mark.parametrize("z", [-750.0, -40.0, -1e-9, 1e-9, 40.0, 750.0])
@pytest.mark.parametrize("operation", FURTHER)
def test_far_and_close_both_arithmetics_agree(operation: str, z: float) -> None:
    row, exact, full = OPERATIONS[operation], Exact(), Unrounded()
    with exact.protected(), full.protected():
        y = row.forward(exact, np.float64(z))
        more = row.forward(full, Decimal(z))
        assert float(more) == pytest.approx(float(y), rel=1e-12, abs=1e-300)
        slope = row.local(full, more, Decimal(z))[0]
        assert float(row.local(exact, y, np.float64(z))[0]) == pytest.approx(
            float(slope), rel=1e-12, abs=1e-300
        )


@pytest.mark.parametrize("exponent", ["3", "2", "1", "0.5", "-1", "-2.5"])
def test_the_slope_of_a_power_is_what_it_says(exponent: str) -> None:
    """As it stands in a formula: a minus in the exponent wears brackets, x^1 is x."""
    row, x, c = OPERATIONS["pow"], 1.75, float(exponent)
    told = row.slope(0, "y", ["x", exponent])
    assert evaluated(told, x=x) == pytest.approx(c * x ** (c - 1))
    assert ("^(" in told) == (c - 1 < 0) and ("^" in told) == (c != 2)


def test_a_power_of_0_changes_with_its_exponent_only_at_0() -> None:
    """0^c is 0 for every c above 0 and 1 for c = 0: there it jumps, and has no slope."""
    exact = Exact()
    with exact.protected():
        flat = OPERATIONS["pow"].local(exact, np.float64(0), np.float64(0), np.float64(2))
        jump = OPERATIONS["pow"].local(exact, np.float64(1), np.float64(0), np.float64(0))
    assert flat[1] == 0 and not np.isfinite(jump[1])


def test_the_middle_of_a_long_sum_is_counted() -> None:
    for count in (16, 17, 40):
        texts = [f"t{k}" for k in range(count)]
        told = OPERATIONS["sum"].formula(texts)
        left_out = re.search(r"… \((\d+) more\) …", told)
        more = int(left_out[1]) if left_out else 0
        assert sum(text in told.split(" + ") for text in texts) + more == count
        assert (left_out is None) == (count == 16)


def test_sentences_say_which_way_it_goes() -> None:
    """What a sentence claims, tried on the rule it stands beside."""
    exact, one = Exact(), np.float64(1)
    divide, relu = OPERATIONS["div"], OPERATIONS["relu"]
    assert divide.why(1, "y", ["a", "b"]).endswith("a larger divisor makes the quotient smaller.")
    assert divide.forward(exact, one, 3 * one) < divide.forward(exact, one, 2 * one)
    assert "at 0 and below the gate is shut: 0." in relu.why(0, "y", ["z"])
    assert [bool(relu.local(exact, z, z)[0]) for z in (-one, 0 * one, one)] == [False, False, True]
