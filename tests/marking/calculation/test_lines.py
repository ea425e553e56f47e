"""Lines as they are written: each worked out from those above, and found by its quantity."""

from __future__ import annotations

from nnhs_tui.debugger.quantity import GRAD, VALUE, Quantity
from nnhs_tui.marking.calculation.line import GIVEN, SUM, TIMES, Line, itself
from nnhs_tui.marking.calculation.lines import Lines

X, Y, TOTAL = (Quantity(VALUE, node, round=0) for node in range(3))


def two_given() -> Lines:
    lines = Lines()
    lines.given(X, 2.0)
    lines.given(Y, 5.0)
    return lines


def test_a_line_is_worked_out_from_those_above_unless_its_value_is_told() -> None:
    lines = two_given()
    number = lines.add(Line(TOTAL, SUM, (0, 1), lambda *each: sum(each)), "sum")
    told = lines.add(Line(Quantity(GRAD, 0, round=0), TIMES, (0, 1), itself), "mul", 7.0)
    assert (lines.values[number], lines.values[told]) == (7.0, 7.0)
    product = lines.add(Line(Quantity(GRAD, 1, round=0), TIMES, (0, 1), itself), "mul")
    assert lines.values[product] == 10.0
    assert lines.opnames == [GIVEN, GIVEN, "sum", "mul", "mul"]


def test_a_line_knows_those_that_are_worked_out_from_it() -> None:
    lines = two_given()
    number = lines.add(Line(TOTAL, SUM, (0, 1), lambda *each: sum(each)), "sum")
    square = lines.add(Line(Quantity(GRAD, 0, round=0), TIMES, (0, 0), itself), "mul")
    assert lines.users == [[number, square, square], [number], [], []]


def test_a_quantity_is_found_in_its_first_line_unless_another_stands_for_it() -> None:
    lines = two_given()
    assert (lines.number(X), lines.number(Y), lines.number(TOTAL)) == (0, 1, None)
    assert lines.given(X, 3.0) == 2
    assert lines.number(X) == 0
    lines.stands_for(1, X)
    lines.stands_for(1, TOTAL)
    assert (lines.number(X), lines.number(TOTAL)) == (1, 1)
