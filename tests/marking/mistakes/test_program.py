"""Calculations noted down with letters, and done with numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nnhs_tui.marking.mistakes.program import Letter, Program
from nnhs_tui.operations.arithmetic import Exact


def done(program: Program, result: Letter, *numbers: float) -> float:
    letters = np.array([result.number])
    with np.errstate(all="ignore"):
        return float(program.run(np.array(numbers), letters)[0])


def test_what_is_noted_is_done_with_the_numbers_put_in() -> None:
    program = Program(2)
    a, b = program.letters
    result = np.exp(2 * a - b / 4) + np.float64(1.5)
    for x, y in ((0.5, 2.0), (-1.25, 8.0)):
        assert done(program, result, x, y) == math.exp(2 * x - y / 4) + 1.5


def test_a_step_is_noted_once() -> None:
    program = Program(2)
    a, b = program.letters
    first = a * b
    count = len(program)
    assert a * b is first and len(program) == count
    assert b * a is not first


def test_0_and_minus_0_are_two_constants() -> None:
    program = Program(1)
    (a,) = program.letters
    assert done(program, a / 0.0, 1.0) == math.inf
    assert done(program, a / -0.0, 1.0) == -math.inf


def test_what_is_noted_later_is_done_too() -> None:
    program = Program(1)
    (a,) = program.letters
    square = a * a
    assert done(program, square, 3.0) == 9.0
    assert done(program, square + 1, 3.0) == 10.0


def test_choices_are_made_by_the_numbers_put_in() -> None:
    program = Program(1)
    (a,) = program.letters
    inside = (a > 0) & ~(a >= 2)
    result = np.where(inside, 10.0, a)[()]
    sigmoid = Exact().function("sigmoid", a)
    for x in (-1.0, 1.0, 2.0):
        assert done(program, result, x) == (10.0 if 0 < x < 2 else x)
        assert done(program, sigmoid, x) == Exact().function("sigmoid", np.float64(x))


def test_a_letter_does_not_say_what_number_it_is() -> None:
    (a,) = Program(1).letters
    for ask in (bool, float, int, math.exp, round, hash, lambda x: max(x, 1), lambda x: x[0]):
        with pytest.raises(TypeError):
            ask(a)  # type: ignore[operator]
