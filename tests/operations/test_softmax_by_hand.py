"""Softmax by hand, against the contract worked out again in decimals (docs/scenario-format.md).

e_i = r(exp z_i), a_i = r(e_i / Σe); where an e_i would be over 10¹², or all of them round to 0, the
largest z is first taken off each.
"""

import json
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.cli import main
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.trace import trace_json, trace_text
from tests.random_scenarios import loaded

LEVELS = ("node", "neuron", "layer")


def rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def expected(z: list[Decimal], digits: int) -> tuple[list[Decimal], bool]:
    """The shares, and whether the largest z was taken off."""
    with localcontext(Context(prec=200)):
        e = [rounded(each.exp(), digits) for each in z]
        is_shifted = max(e) > 10**12 or not any(e)
        if is_shifted:
            e = [rounded((each - max(z)).exp(), digits) for each in z]
        return [rounded(each / sum(e), digits) for each in e], is_shifted


def net(z: list[Decimal], digits: int) -> str:
    weights = ", ".join(str(each) for each in z)
    return f"""
title = "shares"
arithmetic = "hand"
digits = {digits}
[network]
inputs = 1
[[network.layers]]
name = "o"
weights = [[{weights}]]
activation = "softmax"
[[samples]]
x = [1]
"""


def holds(z: list[Decimal], digits: int) -> bool:
    shares, is_shifted = expected(z, digits)
    session = Session(loaded(net(z, digits)))
    for level in LEVELS:
        traced = trace_json(session, level, 1)["rounds"][0]["samples"][0]["values"]
        assert traced["o.a"] == [float(each) for each in shares], (z, digits)
        text = "\n".join(trace_text(session, level, 1))
        assert ("- max z" in text) == is_shifted, (z, digits, level, text)
    return is_shifted


def border(logarithm_of: Decimal, digits: int) -> Decimal:
    """The largest z of so many decimals whose exponential is at most this."""
    with localcontext(Context(prec=100)):
        below = logarithm_of.ln().quantize(Decimal(1).scaleb(-digits), "ROUND_FLOOR")
        assert below.exp() <= logarithm_of < (below + Decimal(1).scaleb(-digits)).exp()
        return below


@pytest.mark.parametrize("digits", range(7))
def test_at_the_very_border_of_too_large(digits: int) -> None:
    unit, last = Decimal(1).scaleb(-digits), border(Decimal(10) ** 12, digits)
    assert not holds([last, Decimal(0)], digits)
    assert holds([last + unit, Decimal(0)], digits)
    assert holds([Decimal(-3), last, last + unit], digits)


@pytest.mark.parametrize("digits", range(7))
def test_at_the_very_border_of_all_zero(digits: int) -> None:
    half = Decimal(5).scaleb(-digits - 1)
    unit, last = Decimal(1).scaleb(-digits), border(half, digits)
    assert holds([last, last - unit], digits)
    assert not holds([last + unit, last - unit], digits)
    assert holds([last, last - 3, last], digits)


@given(
    st.integers(0, 6),
    st.lists(st.integers(-40_000, 40_000), min_size=1, max_size=5),
)
def test_anywhere(digits: int, thousandths: list[int]) -> None:
    holds([rounded(Decimal(each) / 1000, digits) for each in thousandths], digits)


ZERO_SUM = """
title="r"
digits=0
[network]
inputs=1
[[network.layers]]
weights=[[-3, -2]]
activation="softmax"
[[samples]]
x=[1]
"""


@pytest.mark.parametrize("level", LEVELS)
def test_trace_key_and_marking_say_the_same(
    level: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """exp(-3) and exp(-2) round to 0; exp(-1) to 0 and exp(0) to 1."""
    path, sheet = tmp_path / "zero.toml", tmp_path / "sheet.csv"
    path.write_text(ZERO_SUM, encoding="utf-8")
    by_hand = ("--arithmetic", "hand")
    assert main(["trace", str(path), "--level", level, "--json", *by_hand]) == 0
    traced = json.loads(capsys.readouterr().out)
    assert traced["rounds"][0]["samples"][0]["values"]["layer1.a"] == [0, 1]
    assert main(["worksheet", str(path), "--level", level, "--key", *by_hand]) == 0
    key = capsys.readouterr().out
    first, second = (f"exp(layer1.z[{j}] - max z)" for j in (1, 2))
    assert f"{first} / ({first} + {second}) = 0 / (0 + 1) = 0" in key
    assert "first take the largest z off each z" in key
    order = ["worksheet", str(path), "--level", level, "--key", "--format", "csv", *by_hand]
    assert main(order) == 0
    sheet.write_text(capsys.readouterr().out, encoding="utf-8")
    assert "layer1.a[1],0" in sheet.read_text(encoding="utf-8")
    assert main(["check", str(path), str(sheet), *by_hand]) == 0


def test_the_rule_is_not_told_where_nothing_is_rounded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "zero.toml"
    path.write_text(ZERO_SUM, encoding="utf-8")
    assert main(["worksheet", str(path), "--arithmetic", "exact"]) == 0
    assert "largest z" not in capsys.readouterr().out
