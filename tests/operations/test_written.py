"""Reading numbers as people write them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nnhs_tui.operations.written import IN_TEXT, as_typed, is_date, is_of_number, read_answer


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
        *(
            (f"{about}0.5", "0.5")
            for about in ("≃", "∼ ", "ca. ", "ca ", "approx ", "Approx. ", "c. ")
        ),
        *((f"0.25{unsure}", "0.25") for unsure in ("?", " ?", ".", "…", "...", " (rounded)", "??")),
        ("0.333…", "0.333"),
        ("37\u00a0%", "0.37"),
        ("-\u202f0,5", "-0.5"),
        *((f"1{gap}234,5", "1234.5") for gap in (".", " ", "\u00a0", "\u202f", "’", "'", "\u2009")),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567,25", "1234567.25"),
        ("1 234", "1234"),
        ("1,234", "1.234"),
        ("1.234", "1.234"),
        ("2.5×10⁻¹", "0.25"),
        ("2.5x10^-1", "0.25"),
        ("2.5 · 10 ^ ( −1 )", "0.25"),
        ("2⋅10³", "2000"),
        ("10⁻²", "0.01"),
        ("10**2", "100"),
        ("½", "0.5"),
        ("−½", "-0.5"),
        ("1½", "1.5"),
        ("1 ¾", "1.75"),
        ("⅛", "0.125"),
        ("(0,50)", "-0.50"),
        ("(−0.5)", "-0.5"),
        ("(+0.5)", "0.5"),
        ("0,50-", "-0.50"),
        ("＋0．25", "0.25"),
        ("１．５", "1.5"),
        ("٣", "3"),
        ("−٠٫٢٥", "-0.25"),
        ("٢٥٪", "0.25"),
        ("१.५", "1.5"),
        ("\u200e0.25\u200f", "0.25"),
        ("\u202b-0.5\u202c", "-0.5"),
        ('="0.25"', "0.25"),
        ('= "0,25"', "0.25"),
        ("'0.25", "0.25"),
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
        *("", " ", "?", "x", "-", ".", "1/0", "1/0,0", "1.2.3", "nan", "inf", "0x1"),
        *("0.3 or 0.4", "1_000", "--1", "#NAME?", "=1+1", "\x1b[31m", "9" * 61, "3²", "1½½"),
        *(
            "1e9999",
            "-0.5-",
            "1,23,4",
            "0,123.5",
            "1 23",
            "0.5 0.6",
            "0.5 (w1)",
            "0.5 m",
            "ca.",
            "(",
            "()",
        ),
        *("1.5.2026", '="x"', "½/0", "10⁴²⁹⁹", "((1))", "1 2 3"),
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


@given(
    st.decimals(-(10**9), 10**9, places=3), st.sampled_from("., '\u00a0’"), st.sampled_from(".,")
)
def test_thousands_set_apart_are_read(number: Decimal, gap: str, point: str) -> None:
    if gap == point:
        return
    text = f"{number:,.3f}".replace(",", "\0").replace(".", point).replace("\0", gap)
    read = read_answer(text)
    assert read is not None and read.value == number


@pytest.mark.parametrize("zero", ["٠", "۰", "०", "０", "๐"])
@given(st.decimals(-1000, 1000, places=2))
def test_digits_of_other_scripts_are_read(zero: str, number: Decimal) -> None:
    digits = {ord("0") + each: chr(ord(zero) + each) for each in range(10)}
    read = read_answer(f"{number:f}".translate(digits))
    assert read is not None and read.value == number


@pytest.mark.parametrize(
    "text",
    [
        *(
            "01. Mai",
            "Jan 37",
            "01. Mrz",
            "1. Mrz 26",
            "2026-05-01",
            "2026-05-01 00:00:00",
            "May-37",
        ),
        *(
            "5-Jan",
            "1/5/2026",
            "01.05.2026",
            "0:30",
            "12:30:00",
            "1月5日",
            "2026年5月1日",
            "22 mai",
        ),
    ],
)
def test_a_date_is_told_from_a_word(text: str) -> None:
    assert is_date(text) and read_answer(text) is None


@pytest.mark.parametrize("text", ["0.25", "about", "no idea", "?", "", "1. try", "w1", "January"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert not is_date(text)


def test_every_sign_of_a_number_that_is_read_can_be_typed() -> None:
    for text in ("2.5×10⁻¹", "−½", "1’234,5", "٣٫٥", "37 %", "0.333…", "0.25?", '="0.25"', "≈ .5"):
        assert all(map(is_of_number, text)), text
        assert as_typed(text) == text
    assert not any(map(is_of_number, "abwzq#:;_<>\n\t"))


@given(st.text(max_size=30))
@example("0\x1f%")
@example("0\u2028%")
def test_a_number_in_a_text_is_one_that_is_read(text: str) -> None:
    found = IN_TEXT.search(text)
    if found is not None and not re.search(r"[eE][+-]?\d{4}", found[0]):
        assert read_answer(found[0]) is not None
