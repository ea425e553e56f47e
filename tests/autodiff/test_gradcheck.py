"""The gradient check agrees on everything that is right, and says where there is no derivative."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.gradcheck import AGREES, DISAGREES, KINK, UNTRIED, Check, Verdicts, gradcheck
from nnhs_tui.errors import ComputationError
from nnhs_tui.operations.table import OPERATIONS
from tests.effort import examples
from tests.random_scenarios import graphs, loaded, networks, scenarios

pytestmark = pytest.mark.filterwarnings("error")


def checks(text: str) -> list[Check]:
    return list(gradcheck(loaded(text)))


def wrong(text: str) -> list[Check]:
    try:
        return [check for check in checks(text) if check.verdict == DISAGREES]
    except ComputationError:
        assume(False)
        raise


@settings(max_examples=examples(60))
@given(networks(layers=3, size=4))
def test_networks_agree(text: str) -> None:
    assert wrong(text) == []


@settings(max_examples=examples(150))
@given(graphs())
def test_graphs_agree(text: str) -> None:
    assert wrong(text) == []


@settings(max_examples=examples(30))
@given(scenarios())
def test_every_parameter_and_every_input_of_every_sample_is_checked(text: str) -> None:
    scenario = loaded(text)
    try:
        found = [check.name for check in gradcheck(scenario)]
    except ComputationError:
        assume(False)
    assert len(set(found)) == len(found)
    assert all("grad " in name for name in found)
    prefixed = [name for name in found if name.startswith("sample ")]
    assert bool(prefixed) <= (len(scenario.samples) > 1)


SAMPLES = """
title = "samples"
arithmetic = "hand"
digits = 0
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[0.3]]
[loss]
kind = "sse"
[training]
reduction = "{}"
frozen = ["o.W"]
[[samples]]
x = [1]
t = [0.1]
[[samples]]
x = [2]
t = [0.1]
"""


@pytest.mark.parametrize("reduction, slope", [("mean", 1.2), ("sum", 2.4)])
def test_it_checks_the_reduced_loss_in_exact_arithmetic(reduction: str, slope: float) -> None:
    found = checks(SAMPLES.format(reduction))
    names = [check.name for check in found]
    assert names == ["grad o.W[1,1]", "sample 1: grad x[1]", "sample 2: grad x[1]"]
    assert {check.verdict for check in found} == {AGREES}
    assert found[0].analytic == pytest.approx(slope)
    assert found[0].numeric == pytest.approx(slope)
    assert [check.analytic for check in found[1:]] == pytest.approx([0.12, 0.3])


def test_without_a_loss_it_checks_the_weighted_output() -> None:
    text = """
title = "upstream"
[network]
inputs = 2
[[network.layers]]
name = "o"
weights = [[1, 2], [3, 4]]
[backward]
upstream = [10, 100]
[[samples]]
x = [5, 7]
"""
    found = {check.name: check.numeric for check in checks(text)}
    assert found["grad o.W[2,1]"] == pytest.approx(70)
    assert found["grad o.W[1,2]"] == pytest.approx(500)
    assert found["grad x[1]"] == pytest.approx(210)


ONE = """
title = "one"
[graph]
inputs = {{ x = {x} }}
[graph.nodes]
y = "{node}"
"""


def verdict(x: str, node: str) -> str:
    (found,) = checks(ONE.format(x=x, node=node))
    return found.verdict


@pytest.mark.parametrize(
    "x, node",
    [
        ("0", "relu(x)"),
        ("0.0", "relu(3 * x)"),
        ("1.5", "relu(2 * x - 3)"),
        ("2", "max(x, 2)"),
        ("2", "min(2, x)"),
        ("0", "max(x, -x)"),
        ("1", "max(x, 2 * x - 1, 0)"),
    ],
)
def test_at_a_kink_there_is_no_derivative(x: str, node: str) -> None:
    assert verdict(x, node) == KINK == "not differentiable here"
    (found,) = checks(ONE.format(x=x, node=node))
    assert math.isfinite(found.numeric)


@pytest.mark.parametrize(
    "x, node",
    [
        ("0.0", "relu(x * x)"),
        ("1", "max(x, x)"),
        ("1", "relu(x) * 2"),
        ("-1", "relu(x)"),
        ("1e-4", "relu(x)"),
        ("-1e-4", "relu(x)"),
        ("0.0001", "max(x, 0)"),
        ("1.0001", "max(x, 1)"),
    ],
)
def test_beside_a_kink_there_is_one(x: str, node: str) -> None:
    assert verdict(x, node) == AGREES


@pytest.mark.parametrize("x", ["1e-3", "1e-4", "1e-5", "-1e-5", "1e-6", "-1e-7", "1e-9"])
@pytest.mark.parametrize("node", ["1 / x", "1 / x ** 2"])
def test_close_to_a_pole(x: str, node: str) -> None:
    assert verdict(x, node) == AGREES


@pytest.mark.parametrize("x", ["1e-3", "1e-6", "1e-9", "1e-12"])
@pytest.mark.parametrize("node", ["log(x)", "sqrt(x)", "x ** 0.3", "x * log(x)"])
def test_close_to_the_edge_of_where_a_function_is_defined(x: str, node: str) -> None:
    assert verdict(x, node) == AGREES


@pytest.mark.parametrize("x", ["1e3", "1e6", "1e12", "1e100", "-1e9"])
@pytest.mark.parametrize(
    "node", ["3 * x", "x * x", "1 / x", "tanh(x)", "sigmoid(x)", "x - 1e9", "sqrt(x * x)", "x ** 3"]
)
def test_large_values(x: str, node: str) -> None:
    assert verdict(x, node) == AGREES


@pytest.mark.parametrize(
    "x, node", [("600", "exp(x)"), ("-600", "exp(x)"), ("1e150", "x * x"), ("1e-150", "x * x")]
)
def test_values_near_the_limits_of_doubles(x: str, node: str) -> None:
    assert verdict(x, node) == AGREES


@pytest.mark.parametrize("x", ["0.3", "5", "1e-6"])
@pytest.mark.parametrize("error", [1.001, -1.0, 0.0])
def test_a_gradient_that_is_wrong_is_caught_even_where_steps_are_tiny(
    x: str, error: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = OPERATIONS["sin"]
    broken = replace(right, local=lambda ar, y, x: (right.local(ar, y, x)[0] * error,))
    monkeypatch.setitem(OPERATIONS, "sin", broken)
    assert verdict(x, "sin(x)") == DISAGREES
    assert verdict(x, "2 + sin(x)") == DISAGREES
    assert verdict(x, "1000 + sin(x)") == DISAGREES


@pytest.mark.parametrize(
    "x, node",
    [
        ("709", "exp(x)"),
        ("1.797e308", "x"),
        ("1e10", "sin(x)"),
        ("1e10", "cos(x)"),
        ("0.3", "sin(1000000 * x)"),
        ("0.3", "cos(1e9 * x)"),
        ("0.3", "x + 1e-9 * sin(1e9 * x)"),
        ("0.3", "1000000000000 + x"),
        ("0.3", "(1e12 + x) - 1e12"),
        ("0.3", "x * 1e-320"),
        ("0.3", "x ** 200"),
        ("0.5", "1e300 * x"),
        ("1e300", "x * 1e-300"),
        ("5e-324", "3 * x"),
        ("-3e280", "x / x"),
        ("1e-200", "x / x"),
        ("0", "sin(1e30 * x)"),
        ("0", "x * sigmoid(1000 * (x - 1)) + 0.1 * x"),
        ("40", "sigmoid(x)"),
        ("20", "sigmoid(x)"),
    ],
)
def test_a_step_that_fits_the_number_and_the_curve(x: str, node: str) -> None:
    (found,) = checks(ONE.format(x=x, node=node))
    assert found.told == AGREES
    assert found.difference <= 1e-3 * abs(found.analytic)


@pytest.mark.parametrize(
    "x, node, reason",
    [
        ("0", "x ** 1.5", "y is (-0.000006)^1.5: a root of a negative number"),
        ("0", "x ** 2.5", "y is (-0.000006)^2.5: a root of a negative number"),
        ("1.7976931348623157e308", "x", "there is no number a step away"),
        ("1e20", "sin(x)", "every step is too large for the curve"),
        ("5e235", "sin(x) + x", "every step is too large for the curve"),
        ("0.3", "1e20 + x", "it is lost in rounding"),
        ("0.3", "1e12 + x + 1 / (x - 5)", "steps of different sizes find different slopes"),
        ("1.5707963267948966", "sin(x)", "it is lost in rounding"),
        ("35", "sigmoid(x)", "it is lost in rounding"),
        ("1e-200", "x * x", "it is lost in rounding"),
    ],
)
def test_what_cannot_be_tried_says_why(x: str, node: str, reason: str) -> None:
    (found,) = checks(ONE.format(x=x, node=node))
    assert found.verdict == UNTRIED == "cannot be tried here"
    assert reason in found.reason and found.told == f"{UNTRIED}: {found.reason}"


@pytest.mark.parametrize("unused", ["x ** x", "x ** 1.5"])
def test_a_node_that_is_not_used_may_have_no_value_beside(unused: str) -> None:
    (found,) = checks(ONE.format(x="0", node=unused) + 'D = "2 * x"\n')
    # (-4)^(-4) is a number, so steps of whole numbers can be taken.
    assert found.verdict == (AGREES if unused == "x ** x" else UNTRIED)


def test_at_the_end_of_the_doubles() -> None:
    text = """
title = "the largest"
[graph]
inputs = { x = 0 }
parameters = { w = 1.7976931348623157e308 }
[graph.nodes]
n0 = "min(x, x, x)"
last = "w * x + w"
"""
    assert {each.verdict for each in checks(text)} == {UNTRIED}


NODES = ("x", "x * x", "sin(x)", "exp(x)", "sigmoid(x)", "tanh(x)", "1 / (4 + x * x)",
         "x ** 3", "log(2 + x * x)", "1e12 + x", "sin(1000 * x)", "sqrt(x * x + 1)")  # fmt: skip


@settings(max_examples=examples(200))
@example("exp(x)", "1 / (4 + x * x)", 81.0, -1)
@example("1 / (4 + x * x)", "1e12 + x", 1.0, -1)
@given(
    st.sampled_from(NODES),
    st.sampled_from(NODES),
    st.floats(-323, 300),
    st.sampled_from([-1, 1]),
)
def test_no_size_makes_a_right_gradient_wrong(
    node: str, other: str, exponent: float, sign: int
) -> None:
    x = sign * 10.0**exponent
    text = ONE.format(x=f"{x!r}", node=f"{node} + {other}")
    try:
        (found,) = checks(text)
    except ComputationError:
        return
    assert found.verdict != DISAGREES, found
    if found.verdict == AGREES:
        largest = max(abs(found.analytic), abs(found.numeric))
        assert found.difference <= 1e-3 * largest, "never as large as the gradient"


def test_verdicts_are_counted() -> None:
    found = [
        Check("grad a", 1.0, 1.0, AGREES),
        Check("grad b", 1.0, 1.0, AGREES),
        Check("grad c", 1.0, 2.0, DISAGREES),
        Check("grad d", 1.0, 0.5, KINK),
        Check("grad e", 1.0, math.nan, UNTRIED, "for a reason"),
    ]
    counted = Verdicts.of(found)
    assert counted == Verdicts(2, 1, 1, 1) and counted.checked == 3
    assert [each.told for each in found[3:]] == [KINK, f"{UNTRIED}: for a reason"]


def test_what_overflows_is_an_error_and_not_a_disagreement() -> None:
    for x, node in (("1000", "exp(x)"), ("0", "1 / x"), ("0", "log(x)"), ("0", "sqrt(x)")):
        with pytest.raises(ComputationError):
            checks(ONE.format(x=x, node=node))


def test_sums_over_samples_that_overflow_are_errors() -> None:
    text = """
title = "sums"
[graph]
inputs = { x = 1 }
parameters = { w = 1 }
[graph.nodes]
y = "w * x"
[training]
reduction = "sum"
[[samples]]
x = 1.5e308
[[samples]]
x = 1.5e308
"""
    with pytest.raises(ComputationError):
        checks(text)


def test_every_check_says_how_far_it_is_off() -> None:
    (check,) = checks(ONE.format(x=0.7, node="sin(x)"))
    assert check.analytic == pytest.approx(math.cos(0.7))
    assert check.difference == abs(check.analytic - check.numeric)
    assert check.difference < 1e-9
    assert np.isfinite(check.numeric)


@pytest.mark.parametrize("x", ["2.16", "-1.46", "1.32"])
@pytest.mark.parametrize("curve", ["cos", "sin"])
def test_a_curve_that_turns_within_every_step_is_not_called_wrong(curve: str, x: str) -> None:
    """No step spans less than some turns of it; those that span whole ones see a flat line."""
    for speed in ("6.99e14", "8.14e14", "9.5e14"):
        assert verdict(x, f"{curve}({speed} * x)") == UNTRIED, speed


@pytest.mark.parametrize("bias", ["-22", "-27", "-31.6"])
@pytest.mark.parametrize("loss", ["bce", "sse"])
def test_what_is_rounded_within_a_logarithm_is_not_called_wrong(loss: str, bias: str) -> None:
    """Of an output of 1e-12, 1 - o has four digits: by steps its logarithm does not move."""
    text = f"""
title = "nearly 0"
[network]
inputs = 1
[[network.layers]]
weights = [[1.03]]
bias = [{bias}]
activation = "sigmoid"
[loss]
kind = "{loss}"
[[samples]]
x = [0.09]
t = [0]
"""
    assert wrong(text) == []


@pytest.mark.parametrize("size", ["1e-20", "1e20", "1e90"])
def test_a_rule_that_gives_0_is_wrong_among_numbers_whose_squares_are_doubles(
    size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only beyond them may a 0 stand for a factor that no double holds."""
    broken = replace(OPERATIONS["mul"], local=lambda ar, y, a, b: (0 * a, 0 * b))
    assert verdict(size, "3 * x") == AGREES
    monkeypatch.setitem(OPERATIONS, "mul", broken)
    assert verdict(size, "3 * x") == DISAGREES
