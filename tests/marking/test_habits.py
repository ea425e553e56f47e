"""A class, each with a habit: what the summary says, and how seldom chance gets a name."""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random

import pytest

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.judge import MISTAKE, is_right
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.noted import Notes
from nnhs_tui.marking.naming import misunderstandings
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training.variants import variant
from tests.habits import HABITS, Numbers, answers, by_hand, exactly
from tests.marked_nets import marker_of_net

SHEETS = 30

Pupil = tuple[Marker, Numbers, list[str]]


def asks(questions: Questions) -> list[str]:
    """What a worksheet asks."""
    schedule = questions.schedule
    return [name_of(questions.names, each, schedule) for each in asked(schedule, "neuron")]


@cache
def pupils() -> list[Pupil]:
    """Each with numbers of his own."""
    scenario, notes, found = load(shipped_folder() / "two-layer-bias.toml"), Notes(), []
    for seed in range(1, SHEETS + 1):
        questions = Questions(variant(scenario, seed), noted=notes)
        model, sample = questions.scenario.model, questions.scenario.samples[0]
        layers = model.layers  # type: ignore[union-attr]
        matrices = [[[float(w) for w in row] for row in layer.weights] for layer in layers]
        biases = [[float(b) for b in layer.bias] for layer in layers]
        found.append(
            (
                Marker(questions),
                Numbers(
                    [float(each) for each in sample.x],
                    [float(each) for each in sample.t],
                    (matrices[0], matrices[1]),
                    (biases[0], biases[1]),
                    0.5,
                ),
                asks(questions),
            )
        )
    return found


@pytest.mark.second
def test_the_summary_names_the_habit_first_and_hardly_anything_that_did_not_happen() -> None:
    sheets, first, others = 0, 0, 0
    missed: Counter[str] = Counter()
    for habit, mistake in HABITS.items():
        for rounded in (exactly, by_hand):
            for marker, given, names in pupils():
                found = answers(given, habit, rounded)
                marked = marker.mark([(name, f"{found[name]:.2f}") for name in names])
                if all(is_right(each.verdict) for each in marked):
                    # It does not show on this sheet.
                    continue
                told = misunderstandings(marked)
                sheets += 1
                first += told[:1] == (mistake,)
                missed[habit] += told[:1] != (mistake,)
                others += bool(set(told) - {mistake})
    assert sheets > 30 * len(HABITS)
    assert first >= 0.95 * sheets, missed.most_common(3)
    assert others <= 0.01 * sheets


def test_a_sheet_without_a_habit_is_all_right() -> None:
    """The injector itself: what it works out rightly is right."""
    for rounded in (exactly, by_hand):
        for marker, given, names in pupils()[:5]:
            found = answers(given, "", rounded)
            marked = marker.mark([(name, f"{found[name]:.2f}") for name in names])
            assert all(is_right(each.verdict) for each in marked)


def rate_of_false_names(digits: int, times: int) -> float:
    """How often a number near the right one is named, on a sheet that is right but for it."""
    random, wrong, named = Random(digits), 0, 0
    for seed in range(10):
        marker = marker_of_net(seed, digits)
        of = marker.questions.question
        right = [(name, of(name).expected) for name in asks(marker.questions)]
        for place, (name, _) in enumerate(right):
            for _ in range(times):
                rows = list(right)
                rows[place] = name, f"{of(name).exact + random.uniform(-1, 1):.{digits}f}"
                marked = marker.mark(rows)[place]
                wrong += not is_right(marked.verdict)
                named += marked.verdict == MISTAKE
    return named / wrong


@pytest.mark.slow
@pytest.mark.parametrize(("digits", "most"), [(1, 0.10), (2, 0.02), (3, 0.01), (4, 0.005)])
def test_a_number_that_is_simply_wrong_gets_no_name(digits: int, most: float) -> None:
    assert rate_of_false_names(digits, 4) <= most
