"""Reading numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.marking.answers import read_answer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.37", "0.37"),
        (".37", "0.37"),
        ("0,37", "0.37"),
        (",5", "0.5"),
        ("5.", "5"),
        ("+0.37", "0.37"),
        *((f"{dash}0.37", "-0.37") for dash in "-−‐‑‒–—﹣－"),
        ("- 0.37", "-0.37"),
        ("  0.37  ", "0.37"),
        ("3/8", "0.375"),
        ("−3 / 8", "-0.375"),
        ("3/-8", "-0.375"),
        ("1e-3", "0.001"),
        ("1.5E2", "150"),
        ("2·10^-3", "0.002"),
        ("2*10^(3)", "2000"),
        ("37 %", "0.37"),
        ("37%", "0.37"),
        ("-0", "0"),
        ("−0,00", "0"),
        ("= 0.5", "0.5"),
        ("≈0.5", "0.5"),
        ("~ 0.5", "0.5"),
    ],
)
def test_numbers_are_read(text: str, value: str) -> None:
    read = read_answer(text)
    assert read is not None
    assert read.value == Decimal(value)
    assert not read.value.is_zero() or not read.value.is_signed()


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "?", "x", "-", ".", "1/0", "1/0,0", "1.2.3", "1,234.5", "nan", "inf", "0x1"),
        *("0.3 or 0.4", "½", "٣", "1_000", "--1", "#NAME?", "=1+1", "\x1b[31m", "9" * 61, "3²"),
        "1e9999",
    ],
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert read_answer(text) is None


@given(st.decimals(-1000, 1000, places=4))
def test_what_is_written_is_read(number: Decimal) -> None:
    for text in (f"{number:f}", f"{number:f}".replace(".", ","), f"{number:f}".replace("-", "−")):
        read = read_answer(text)
        assert read is not None and read.value == number


@given(st.text(max_size=80))
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    read = read_answer(text)
    assert read is None or read.value.is_finite()
