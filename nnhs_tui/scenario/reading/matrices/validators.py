"""What a number, a row or a matrix of a file may be, apart from everything else in it."""

from __future__ import annotations

from nnhs_tui.scenario.reading.limits import MAX_PARAMETERS
from nnhs_tui.scenario.reading.values import Finding, each_of, matrix, number, vector


def number_or_matrix(value: object) -> object:
    """A number, a list of numbers or a list of rows."""
    if not isinstance(value, list):
        return number(value)
    if not value:
        raise Finding("an empty list", "expected a number, a row [1.0, 2.0] or rows [[1.0], [2.0]]")
    if any(isinstance(each, list) for each in value):
        return matrix(value, _ROWS, "column")
    return vector(value)


_ROWS = "expected a list of rows: [[0.5, -0.3], [0.8, 0.2]]"


named_values = each_of(number_or_matrix, MAX_PARAMETERS, "entry", "{ x = 1.0 }")
"""A table of names, each with a number, a row or a matrix."""
