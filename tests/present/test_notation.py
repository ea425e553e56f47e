"""How numbers and formulas are written: in full or rounded, in brackets, said once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.present.text.given_numbers import given_text
from nnhs_tui.present.text.notation import factor
from nnhs_tui.present.trace import trace_text
from tests.random_scenarios import loaded

GRAPH = """
title = "g"
[graph]
inputs = {{ x = {x} }}
[graph.nodes]
y = "{y}"
z = "y"
"""


def traced(x: str, y: str, digits: int) -> list[str]:
    return list(trace_text(Session(loaded(GRAPH.format(x=x, y=y)), digits=digits), "node", 1))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        # Whoever wrote twelve digits wants them used; thirteen came out of a calculation.
        ("0.000000123456789012", "0.000000123456789012"),
        ("0.0000001234567890123", "0.0000"),
        ("-0.00000012", "-0.00000012"),
        ("1.23456789", "1.2346"),
        ("0.123456", "0.123456"),
        ("0.1234567", "0.1235"),
    ],
)
def test_a_given_number_is_in_full_as_long_as_somebody_may_have_written_it(
    number: str, text: str
) -> None:
    assert given_text(Decimal(number), 2) == text


@pytest.mark.parametrize(
    ("slope", "text"),
    [
        ("x", "x"),
        ("2·x", "2·x"),
        ("1/y", "(1/y)"),
        ("-1", "(-1)"),
        ("1 - y", "(1 - y)"),
        ("(1 if z > 0, else 0)", "(1 if z > 0, else 0)"),
    ],
)
def test_what_is_not_one_factor_wears_brackets(slope: str, text: str) -> None:
    assert factor(slope) == text


@pytest.mark.parametrize(
    ("x", "sign"), [("1", "≈"), ("3", "="), ("1.5", "="), ("0.000001", "≈"), ("2.999999", "≈")]
)
def test_what_is_rounded_to_six_decimals_is_not_called_equal(x: str, sign: str) -> None:
    """A third is 0.333333 and a third of a millionth more."""
    row = next(line for line in traced(x, "x / 3", 6) if " y = " in line)
    assert f" {sign} " in row and ("≈" in row) == (sign == "≈")


def test_a_number_that_is_copied_is_said_once() -> None:
    row = next(line for line in traced("1.5", "x * 2", 2) if " z = " in line)
    assert row.endswith("z = y = 3.00")
