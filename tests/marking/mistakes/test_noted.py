"""What known mistakes give with a person's own numbers: noted down once, and as when worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.marking import following
from nnhs_tui.marking import questions as questions_module
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.calculation.calculation import Calculation
from nnhs_tui.marking.calculation.numbers import Numbers, own_numbers
from nnhs_tui.marking.calculation.places import flat_numbers
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes import noted as noted_module
from nnhs_tui.marking.mistakes.at_quantity import Found, mistaken
from nnhs_tui.marking.mistakes.noted import Look, NotedRound, Notes
from nnhs_tui.marking.mistakes.program import Program
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.training.variants import variant
from tests import random_scenarios

SHIPPED = sorted(shipped_folder().glob("*.toml"))


class Mistaken:
    """How often mistakes are worked out for one answer alone."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.calls = 0

        def counted(*arguments: object) -> object:
            self.calls += 1
            return mistaken(*arguments)  # type: ignore[arg-type]

        patch.setattr(following, "mistaken", counted)


def shipped(name: str) -> Questions:
    return Questions(load(shipped_folder() / f"{name}.toml"))


def wrong_everywhere(questions: Questions, seed: int) -> list[tuple[str, str]]:
    """A sheet whose every number is drawn."""
    random, schedule = Random(seed), questions.schedule
    names = [name_of(questions.names, each, schedule) for each in asked(schedule, "node")]
    return [(name, f"{random.uniform(-5, 5):.2f}") for name in names]


def check_round(calculation: Calculation, noted: NotedRound, number: int, seed: int) -> int:
    """Whether every number of every mistake is what it is for one answer; how many are noted."""
    random = np.random.default_rng(seed)
    lines = random.choice([0.0, 1.0, -2.5, *random.uniform(-3, 3, 30)], len(calculation.values))
    array = np.append(lines, 0.0)
    own = own_numbers(calculation, array, number)
    windows, answers, expected = [], [], []
    with np.errstate(all="ignore"):
        for quantity in asked(calculation.schedule, "node"):
            noted.want(quantity)
            found = noted.noted(quantity)
            place = calculation.number(replace(quantity, round=number))
            assert place is not None
            if found is None:
                continue
            line = calculation.lines[place]
            known = line.value(array) if line.operands else array[place]
            candidates = list(mistaken(own, quantity, 2, known))
            for made in candidates:
                near = 1e-9 * max(1.0, abs(float(made.value)))
                windows.append((float(made.value) - near, float(made.value) + near))
                answers.append((found, windows[-1]))
                low, high = windows[-1]
                expected.append({(e.name, e.through) for e in candidates if low <= e.value <= high})
        if answers:
            numbers = flat_numbers(calculation, array, number)
            look = Look(noted, numbers, dict(enumerate(answers)))
            (explained,) = Notes().explained([look], 2)
            assert [{each[:2] for each in found} for found in explained.values()] == expected
    return len(answers)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_noted_is_what_is_worked_out(path: object) -> None:
    calculation = Calculation(Questions(load(path)).exact, 3)  # type: ignore[arg-type]
    first, later = NotedRound(calculation, 0), NotedRound(calculation, 1)
    assert check_round(calculation, first, 0, 1)
    # The other rounds go by what was noted of one of them, but where an update asks which it is.
    assert check_round(calculation, later, 1, 2)
    if calculation.tape.scenario.optimizer.rule.is_corrected:
        later = NotedRound(calculation, 2)
    assert check_round(calculation, later, 2, 3)


@pytest.mark.second
@given(random_scenarios.scenarios(), st.integers(0, 1000))
def test_so_it_is_for_any_scenario(text: str, seed: int) -> None:
    calculation = Calculation(random_scenarios.run_of(text, "exact"), 2)
    check_round(calculation, NotedRound(calculation, 0), 0, seed)
    check_round(calculation, NotedRound(calculation, 1), 1, seed)


def test_a_class_s_wrong_answers_are_not_worked_out_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    questions = shipped("two-layer-sigmoid")
    worked, marker = Mistaken(monkeypatch), Marker(questions)
    runs: list[int] = []
    run = Program.run
    monkeypatch.setattr(Program, "run", lambda *each: runs.append(1) or run(*each))
    marker.mark(wrong_everywhere(questions, 1))
    assert worked.calls > 40
    for seed in range(2, 5):
        marker.mark(wrong_everywhere(questions, seed))
    few = worked.calls
    runs.clear()
    for seed in range(5, 12):
        marker.mark(wrong_everywhere(questions, seed))
    assert worked.calls - few < 5
    # Once in exact arithmetic and once by hand.
    assert len(runs) == 14


@pytest.mark.parametrize("name", ["two-layer-sigmoid", "three-samples", "softmax-cross-entropy"])
@pytest.mark.second
def test_a_sheet_is_marked_alike_whichever_came_before(name: str) -> None:
    for_all = Marker(shipped(name))
    for seed in (1, 2, 3, 1):
        rows = wrong_everywhere(for_all.questions, seed)
        assert for_all.mark(rows) == Marker(shipped(name)).mark(rows)


@pytest.mark.second
def test_pupils_with_numbers_of_their_own_share_what_is_noted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario, notes = load(shipped_folder() / "two-layer-sigmoid.toml"), Notes()
    worked, in_exact = Mistaken(monkeypatch), []
    of_questions = questions_module.mistaken

    def counted(numbers: Numbers, *others: Any) -> Iterator[Found]:
        in_exact.extend([1] * (numbers.arithmetic.name == "exact"))
        return of_questions(numbers, *others)

    monkeypatch.setattr(questions_module, "mistaken", counted)
    for seed in range(1, 9):
        questions = Questions(variant(scenario, seed), noted=notes)
        rows = wrong_everywhere(questions, seed)
        before = worked.calls, len(in_exact)
        marked = Marker(questions).mark(rows)
        after = worked.calls, len(in_exact)
        if seed > 5:
            assert after[0] - before[0] < 10 and after[1] - before[1] < 10
        assert marked == Marker(Questions(variant(scenario, seed))).mark(rows)


@pytest.mark.parametrize("room", [300, 10])
def test_what_is_noted_is_bounded(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    questions = shipped("two-layer-sigmoid")
    rows = [wrong_everywhere(questions, seed) for seed in range(3)]
    expected = [Marker(shipped("two-layer-sigmoid")).mark(each) for each in rows]
    monkeypatch.setattr(noted_module, "MOST_LETTERS", room)
    few = Marker(questions)
    assert [few.mark(each) for each in rows] == expected
    noted = questions.noted.of(questions.calculation(1), 0)
    assert noted.size <= room
    assert None in noted._noted.values()
    assert any(noted._noted.values()) == (room == 300)


LARGER = """
title = "The larger one"
[graph]
inputs = { x = 2.0, y = 1.0 }
parameters = { w = 1.5 }
output = "o"
[graph.nodes]
a = "w * x"
l = "log(a)"
m = "max(l, y)"
o = "m * x"
[training]
learning_rate = 0.1
"""


def test_what_depends_on_the_numbers_is_worked_out_each_time() -> None:
    questions = Questions(from_text(LARGER, "net.toml"))
    marker = Marker(questions)
    for seed in (1, 2, 3, 4):
        rows = wrong_everywhere(questions, seed)
        assert marker.mark(rows) == Marker(Questions(from_text(LARGER, "net.toml"))).mark(rows)


def test_own_numbers_may_lead_to_what_is_no_number() -> None:
    """With a = −7 there is no ln a, and which is the larger cannot be said."""
    marker = Marker(Questions(from_text(LARGER, "net.toml")))
    marked = marker.mark([("a", "-7"), ("grad l", "9"), ("grad w", "1")])
    assert [each.verdict for each in marked] == ["wrong"] * 3
