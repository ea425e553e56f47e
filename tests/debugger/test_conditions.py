"""Conditions: read right, refused with the place, and never anything but a refusal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.conditions import Values, read_condition
from nnhs_tui.debugger.naming.reading import read_quantity
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

SESSION = Session(load(shipped_folder() / "three-samples.toml"))


def read(text: str) -> Any:
    return read_condition(text, lambda name: read_quantity(SESSION.names, SESSION.schedule, name))


def holds(text: str, now: dict[str, Any], before: dict[str, Any] | None = None) -> bool:
    def lookup(numbers: dict[str, Any]) -> Any:
        return lambda quantity: numbers.get(SESSION.name(quantity))

    values = Values(lookup(now), None if before is None else lookup(before), float)
    return read(text).holds(values)


@pytest.mark.parametrize(
    "text, now, before, expected",
    [
        ("loss < 0.5", {"loss": 0.4}, None, True),
        ("loss < 0.5", {"loss": 0.6}, None, False),
        ("loss < 0,5", {"loss": 0.4}, None, True),
        ("loss < ½", {"loss": 0.6}, None, False),
        ("loss < 50 %", {"loss": 0.4}, None, True),
        ("loss < 5·10⁻¹ and loss > ٠٫٣", {"loss": 0.4}, None, True),
        ("loss < 0.5", {}, None, False),
        ("loss rises", {"loss": 0.6}, {"loss": 0.5}, True),
        ("loss rises", {"loss": 0.5}, {"loss": 0.5}, False),
        ("loss rises", {"loss": 0.6}, None, False),
        ("loss falls", {"loss": 0.4}, {"loss": 0.5}, True),
        ("loss changes", {"loss": 0.5}, {"loss": 0.5}, False),
        ("abs(hidden.z[1]) > 4", {"hidden.z[1]": -5.0}, None, True),
        ("abs(hidden.z[1]) > 4", {"hidden.z[1]": 3.0}, None, False),
        ("hidden.W[1,1] changes sign", {"hidden.W[1,1]": 0.1}, {"hidden.W[1,1]": -0.1}, True),
        ("hidden.W[1,1] sign changes", {"hidden.W[1,1]": 0.1}, {"hidden.W[1,1]": 0.2}, False),
        ("hidden.W[1,1] changes sign", {"hidden.W[1,1]": 0.0}, {"hidden.W[1,1]": 0.2}, False),
        ("hidden.W[1,1] sign changes", {"hidden.W[1,1]": 0.1}, {"hidden.W[1,1]": 0.0}, False),
        ("hidden.a[1] is nan", {"hidden.a[1]": float("nan")}, None, True),
        ("hidden.a[1] is zero", {"hidden.a[1]": 0.0}, None, True),
        ("grad hidden.W[1,2] < 0.01", {"grad hidden.W[1,2]": 0.001}, None, True),
        ("not loss < 1", {"loss": 2.0}, None, True),
        ("loss < 1 and hidden.z[1] > 0", {"loss": 0.5, "hidden.z[1]": 1.0}, None, True),
        ("loss < 1 or hidden.z[1] > 0", {"loss": 0.5}, None, True),
        ("hidden.z[1] > 0 or loss < 1", {"loss": 0.5}, None, True),
        ("(loss - 1) * 2 == -1", {"loss": 0.5}, None, True),
        ("2 - 1 - 1 == loss", {"loss": 0.0}, None, True),
        ("1 + 2 * 3 == loss", {"loss": 7.0}, None, True),
        ("-(1 + 2) < loss", {"loss": -2.0}, None, True),
        ("loss / hidden.z[1] > 1", {"loss": 1.0, "hidden.z[1]": 0.0}, None, False),
        ("sample 2: loss >= 1e-1", {"sample 2: loss": 0.1}, None, True),
        ("loss < 1 or loss > 2 and loss > 3", {"loss": 0.5}, None, True),
        ("loss < 1", {"loss": float("nan")}, None, False),
        ("loss != 1", {"loss": float("nan")}, None, False),
        ("loss > 1", {"loss": float("inf")}, None, False),
        ("loss rises", {"loss": float("inf")}, {"loss": 1.0}, False),
        ("loss is nan", {"loss": float("inf")}, None, False),
    ],
)
def test_what_holds(text: str, now: Any, before: Any, expected: bool) -> None:
    assert holds(text, now, before) is expected


@pytest.mark.parametrize(
    "text, place, words",
    [
        ("hiden.z[1] > 4", 1, "did you mean hidden.z[1]?"),
        ("hidden.z[1] >", 14, "expected a quantity"),
        ("abs hidden.z[1] > 4", 1, "expected ( behind abs"),
        ("abs(hidden.z[1] > 4", 17, "closing bracket"),
        ("(loss > 4", 10, "closing bracket"),
        ("loss < 1 loss", 10, "expected 'and'"),
        ("loss + 1", 9, "expected a comparison"),
        ("(loss < 1) + 2 > 1", 1, "not a condition"),
        ("loss and loss < 1", 1, "expected a condition"),
        ("(" * 60 + "loss", 41, "at most"),
        ("1e999999999999999999999 > loss", 1, "up to 10¹²"),
        ("loss + 1000000000001 > 1", 8, "up to 10¹²"),
        ("loss > 1" + "+1" * 1200, 206, "at most 100 numbers"),
        ("loss > 1" + " and loss > 1" * 1200, 651, "at most 100 numbers"),
        ("", 1, "expected a quantity"),
    ],
)
def test_where_a_condition_cannot_be_read(text: str, place: int, words: str) -> None:
    with pytest.raises(Refusal) as caught:
        read(text)
    assert f"at character {place} " in str(caught.value)
    assert words in str(caught.value)


@given(
    st.lists(
        st.sampled_from(
            [
                *("loss", "hidden.z[1]", "grad x[2]", "(", ")", "<", ">", "=", "and", "or"),
                *("not", "abs", "-", "+", "*", "/"),
                *("1", "0.5", "is", "nan", "rises", " ", "é", "[", "\x1b"),
            ]
        ),
        max_size=12,
    ).map(" ".join)
)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        condition = read(text)
    except Refusal:
        return
    assert condition.holds(Values(lambda q: Decimal(1), lambda q: Decimal(2), Decimal)) in (
        True,
        False,
    )


def test_the_quantities_of_a_condition_are_kept() -> None:
    found = read("loss < 1 and loss < hidden.z[1]").quantities
    assert [SESSION.name(each) for each in found] == ["loss", "hidden.z[1]"]
    assert all(isinstance(each, Quantity) for each in found)
