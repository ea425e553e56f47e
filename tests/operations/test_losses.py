"""The losses: their definitions, their slopes, and the cases without a logarithm."""

import math
import re
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.autodiff import gradcheck as checking
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ScenarioError
from nnhs_tui.operations.arithmetic import Exact, Hand
from nnhs_tui.operations.losses import LOSSES, softmax_cross_entropy_slope
from nnhs_tui.operations.softmax import softmax
from nnhs_tui.worksheet.words import facts
from tests.random_scenarios import loaded, run_of

OUTPUTS, TARGETS = np.array([0.8, 0.3, 0.6]), np.array([1.0, 0.0, 0.5])
EXPECTED = {
    "mse": np.mean((OUTPUTS - TARGETS) ** 2),
    "sse": np.sum((OUTPUTS - TARGETS) ** 2),
    "half_sse": np.sum((OUTPUTS - TARGETS) ** 2) / 2,
    "bce": -np.mean(TARGETS * np.log(OUTPUTS) + (1 - TARGETS) * np.log(1 - OUTPUTS)),
    "cross_entropy": -np.sum(TARGETS * np.log(OUTPUTS)),
    "mae": (0.2 + 0.3 + 0.1) / 3,
    "huber": (0.04 + 0.09 + 0.01) / 6,
    "hinge": (0.2 + 1 + 0.7) / 3,
}


def total(name: str, o: np.ndarray, t: np.ndarray) -> float:
    loss, ar = LOSSES[name], Exact()
    return float(loss.total(ar, loss.term(ar, o, t)))


def test_all_losses_are_tried_here() -> None:
    assert set(EXPECTED) == set(LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_definitions(name: str) -> None:
    assert total(name, OUTPUTS, TARGETS) == pytest.approx(EXPECTED[name], rel=1e-14)


@pytest.mark.parametrize("name", LOSSES)
@given(
    o=st.lists(st.floats(0.05, 0.95), min_size=1, max_size=4),
    t=st.lists(st.floats(0, 1), min_size=4, max_size=4),
)
def test_slopes_are_central_differences(name: str, o: list[float], t: list[float]) -> None:
    outputs, targets, h = np.array(o), np.array(t[: len(o)]), 1e-6
    slopes = LOSSES[name].slope(Exact(), outputs, targets, len(o))
    if name == "hinge":
        targets = np.where(targets < 0.5, -1.0, 1.0)
        slopes = LOSSES[name].slope(Exact(), outputs, targets, len(o))
    for k in range(len(o)):
        shift = h * (np.arange(len(o)) == k)
        if LOSSES[name].side is not None and abs(outputs[k] - targets[k]) < 2 * h:
            continue
        numeric = total(name, outputs + shift, targets) - total(name, outputs - shift, targets)
        assert slopes[k] == pytest.approx(numeric / (2 * h), abs=1e-6)


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=5), st.integers(0, 4))
def test_softmax_with_cross_entropy_is_one_step(z: list[float], hit: int) -> None:
    values, ar = np.array(z), Exact()
    t = (np.arange(len(z)) == hit % len(z)).astype(float)
    slopes = softmax_cross_entropy_slope(ar, softmax(ar, values), t)
    for k in range(len(z)):
        shift = 1e-6 * (np.arange(len(z)) == k)
        up, down = (total("cross_entropy", softmax(ar, values + s), t) for s in (shift, -shift))
        assert slopes[k] == pytest.approx((up - down) / 2e-6, abs=1e-6)


@pytest.mark.parametrize("ar", [Exact(), Hand(4)], ids=["exact", "hand"])
def test_a_term_without_weight_takes_no_logarithm(ar: Exact | Hand) -> None:
    o = np.array([ar.number(Decimal(each)) for each in (0, 1, 0)], dtype=ar.dtype)
    t = np.array([ar.number(Decimal(each)) for each in (0, 1, 0)], dtype=ar.dtype)
    for name in ("bce", "cross_entropy"):
        terms = LOSSES[name].term(ar, o, t)
        assert [float(each) for each in terms] == [0.0, 0.0, 0.0], name
        assert float(LOSSES[name].total(ar, terms)) == 0.0
    slopes = LOSSES["cross_entropy"].slope(ar, o, t, 3)
    assert [float(each) for each in slopes] == [0.0, -1.0, 0.0]


NET = """
title = "loss"
[network]
inputs = 2
[[network.layers]]
name = "o"
weights = [[0.5, -0.3], [0.8, 0.2]]
activation = "{activation}"
[loss]
kind = "{loss}"
[[samples]]
x = [1, 0.5]
t = {targets}
"""
FITTING = {"hinge": "[1, -1]"}
"""Targets of a loss that does not take any."""


@pytest.mark.parametrize("activation", ["sigmoid", "softmax"])
@pytest.mark.parametrize("name", LOSSES)
def test_every_loss_gradchecks_behind_a_net(name: str, activation: str) -> None:
    targets = FITTING.get(name, "[0.4, 0.6]")
    scenario = loaded(NET.format(loss=name, activation=activation, targets=targets))
    assert {check.verdict for check in checking.gradcheck(scenario)} == {checking.AGREES}


@pytest.mark.parametrize(
    "name, terms, loss, slopes",
    [
        ("mse", "0.09 0.04", "0.07", "0.30 -0.20"),
        ("sse", "0.09 0.04", "0.13", "0.60 -0.40"),
        ("half_sse", "0.09 0.04", "0.07", "0.30 -0.20"),
        # o 0.70, 0.40; ln 0.7 = -0.3567, ln 0.3 = -1.2040, ln 0.4 = -0.9163, ln 0.6 = -0.5108
        ("bce", "0.87 0.75", "0.81", "0.71 -0.42"),
        ("cross_entropy", "0.14 0.55", "0.69", "-0.57 -1.50"),
        ("mae", "0.30 0.20", "0.25", "0.50 -0.50"),
        # 0.09/2 = 0.045 and 0.04/2; 0.3/2 and -0.2/2.
        ("huber", "0.05 0.02", "0.04", "0.15 -0.10"),
    ],
)
def test_worked_by_hand(name: str, terms: str, loss: str, slopes: str) -> None:
    """o = 0.70, 0.40 and t = 0.4, 0.6, every result rounded to two decimals."""
    hand, row = Hand(2), LOSSES[name]
    o = np.array([Decimal("0.70"), Decimal("0.40")], dtype=object)
    t = np.array([Decimal("0.4"), Decimal("0.6")], dtype=object)
    with hand.protected():
        found = row.term(hand, o, t)
        assert " ".join(map(str, found)) == terms
        assert str(row.total(hand, found)) == loss
        assert " ".join(map(str, row.slope(hand, o, t, 2))) == slopes


@pytest.mark.parametrize(
    ("name", "o", "t", "terms", "slopes"),
    [
        # 1.55 - 0.5 and 2.04 - 0.5 beyond 1, 1/2 at it; ±1/3 = ±0.33.
        ("huber", "1.55 -2.04 1.00", "0 0 0", "1.05 1.54 0.50", "0.33 -0.33 0.33"),
        # Targets as written may have more decimals than are carried.
        ("mae", "0.10 0.10 0.10", "0.385 0.384 0.1", "0.29 0.28 0.00", "-0.33 -0.33 0.00"),
        ("mae", "1.55 -2.04 0.00", "0 0 0", "1.55 2.04 0.00", "0.33 -0.33 0.00"),
        # 1 - 0.35, 1 - 1.20 < 0, 1 + 0.50; at t·o = 1 there is no slope.
        ("hinge", "0.35 -1.20 0.50", "1 -1 -1", "0.65 0.00 1.50", "-0.33 0.00 0.33"),
        ("hinge", "1.00 -1.00 2.00", "1 -1 -1", "0.00 0.00 3.00", "0.00 0.00 0.33"),
    ],
)
def test_each_piece_worked_by_hand(name: str, o: str, t: str, terms: str, slopes: str) -> None:
    hand, row = Hand(2), LOSSES[name]
    outputs, targets = (np.array([Decimal(n) for n in each.split()], object) for each in (o, t))
    with hand.protected():
        assert " ".join(map(str, row.term(hand, outputs, targets))) == terms
        assert " ".join(map(str, row.slope(hand, outputs, targets, 3))) == slopes


@pytest.mark.parametrize(("name", "t"), [("mae", "[0.5, 0]"), ("hinge", "[1, -1]")])
def test_a_kink_of_a_loss_is_told(name: str, t: str) -> None:
    text = NET.format(loss=name, activation="identity", targets=t)
    weight = {"mae": 0.5, "hinge": 1}[name]
    text = text.replace("[[0.5, -0.3], [0.8, 0.2]]", f"[[{weight}, 1], [0, 0]]")
    verdicts = {check.name: check.verdict for check in checking.gradcheck(loaded(text))}
    assert verdicts["grad o.W[1,1]"] == checking.KINK
    assert verdicts["grad o.W[1,2]"] == checking.AGREES


def test_a_hinge_takes_no_other_targets() -> None:
    with pytest.raises(ScenarioError) as refused:
        loaded(NET.format(loss="hinge", activation="identity", targets="[1, 0]"))
    (fault,) = refused.value.faults
    assert str(fault).endswith(": samples[1].t[2]: 0; expected 1 or -1, for hinge")


def test_a_single_output_has_a_single_term() -> None:
    text = NET.replace("[[0.5, -0.3], [0.8, 0.2]]", "[[0.5], [0.8]]")
    walk = run_of(text.format(loss="mse", activation="sigmoid", targets="[0.4]"), "exact")
    record = walk.record(0, 0)
    assert record.value[walk.tape.loss.start] == record.loss == walk.round(0).loss


@pytest.mark.parametrize("name", LOSSES)
def test_a_worksheet_says_what_the_terms_are_divided_by(name: str) -> None:
    """The number on the sheet is the one that the numbers have: terms together over the loss."""
    outputs = {"bce": "sigmoid", "cross_entropy": "softmax"}.get(name, "identity")
    scenario = loaded(f"""
title = "divided"
[network]
inputs = 1
[[network.layers]]
weights = [[0.5, -0.25, 0.75]]
activation = "{outputs}"
[loss]
kind = "{name}"
[[samples]]
x = [1]
t = {"[1, -1, 1]" if name == "hinge" else "[0.25, 0.5, 0.25]"}
""")
    session = Session(scenario)
    value, loss = session.scene().record.value, session.tape.loss
    assert loss is not None
    ratio = sum(value[loss.start : loss.total]) / value[loss.total]
    (told,) = [text for text in facts(session, "node", ()) if text.startswith("Loss")]
    divided = re.findall(r"divided by (\d+)", told)
    assert float(divided[0] if divided else 1) == pytest.approx(ratio)


def summed(formula: str, o: np.ndarray, t: np.ndarray) -> float:
    """The value of what a loss says of itself: `-(1/n) Σ (t·ln o + …)`."""
    front, _, term = formula.partition(", where")[0].partition("Σ ")
    factor = front.strip().replace("½", "0.5").replace("1/n", f"1/{len(o)}")
    total = sum(valued(term, each, wanted) for each, wanted in zip(o, t, strict=True))
    return total * float(eval(f"{factor}1" if factor in ("", "-") else factor))


def valued(formula: str, o: float, t: float) -> float:
    """The value of a term or a slope at one output."""
    python = formula.replace("·", "*").replace("²", "**2").replace("ln o", "log(o)")
    python = python.replace("ln(", "log(")
    python = re.sub(r"\|(.*?)\|", r"abs(\1)", python)
    python = re.sub(r"\((.*) if (.*), else (.*)\)", r"(\1 if \2 else \3)", python)
    known = {"log": math.log, "sign": np.sign, "H": huber, "o": float(o), "t": float(t)}
    return float(eval(python, known))


def huber(d: float) -> float:
    return d * d / 2 if abs(d) <= 1 else abs(d) - 0.5


@pytest.mark.parametrize("name", LOSSES)
def test_what_a_loss_says_of_itself_is_what_it_computes(name: str) -> None:
    """Its convention, which a reader checks their own against, its term and its slope."""
    loss, n = LOSSES[name], len(OUTPUTS)
    assert summed(loss.convention, OUTPUTS, TARGETS) == pytest.approx(EXPECTED[name])
    terms = loss.term(Exact(), OUTPUTS, TARGETS)
    slopes = loss.slope(Exact(), OUTPUTS, TARGETS, n)
    for o, t, term, slope in zip(OUTPUTS, TARGETS, terms, slopes, strict=True):
        assert valued(loss.term_formula.format(o="o", t="t"), o, t) == pytest.approx(term)
        assert valued(loss.slope_formula.format(o="o", t="t", n=n), o, t) == pytest.approx(slope)
