"""A mistake that is to be found: it is there, it is the only one, and the marking names it."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.errors import Refusal
from nnhs_tui.lessons.letters import LETTERS
from nnhs_tui.lessons.puzzle import DEGREES, EASY, HARD, MEDIUM, OFFERED, Puzzle, puzzle
from nnhs_tui.lessons.spot import FULL, LOOK, WHOLE, WRONG_NAME, WRONG_PLACE, Spot, asked_names
from nnhs_tui.lessons.spot import read as read_spot
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.questions import Questions
from nnhs_tui.operations.numerals import shown
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples

SHIPPED = sorted(path.stem for path in shipped_folder().glob("*.toml"))


@cache
def questions_of(name: str) -> Questions:
    return Questions(load(shipped_folder() / f"{name}.toml"))


def made(name: str, seed: int, degree: str = MEDIUM) -> Puzzle:
    questions = questions_of(name)
    return puzzle(questions, asked_names(questions, WHOLE), seed, degree)


@given(st.sampled_from(SHIPPED), st.integers(0, 10**6), st.sampled_from(DEGREES))
@settings(max_examples=examples(60))
def test_there_is_one_mistake_and_the_marking_finds_it(name: str, seed: int, degree: str) -> None:
    found = made(name, seed, degree)
    answers = [(each, found.shown(each)) for each in found.names]
    marked = Marker(questions_of(name)).mark(answers)
    wrong = [each for each in marked if not each.is_right()]
    assert [each.question.name for each in wrong] == [found.made_at.name]
    assert wrong[0].mistakes[0] == found.mistake.name
    # Before it everything is right to the digit.
    for each in found.names[: found.place]:
        assert found.shown(each) == found.right(each)
    assert found.shown(found.names[found.place]) != found.right(found.names[found.place])
    assert found.mistake in found.offered and len(set(found.offered)) == OFFERED[degree]


def test_the_same_seed_makes_the_same_and_others_make_others() -> None:
    first = made("two-layer-sigmoid", 1)
    assert first.told == made("two-layer-sigmoid", 1).told
    assert first.offered == made("two-layer-sigmoid", 1).offered
    assert len({made("two-layer-sigmoid", seed).told for seed in range(12)}) > 8
    assert len({made("two-layer-sigmoid", seed).mistake.name for seed in range(30)}) > 6


def test_behind_the_mistake_everything_goes_on_from_it() -> None:
    """Worked out here by hand arithmetic on Python's own decimals."""
    questions = questions_of("one-to-one")
    names = asked_names(questions, WHOLE)
    for seed in range(40):
        found = made("one-to-one", seed, HARD)
        if found.made_at.name == "output.z[1]":
            z = float(found.shown("output.z[1]"))
            assert found.shown("grad output.z[1]") == shown(z - 2.0, 2)
            gradient = float(found.shown("grad output.W[1,1]"))
            assert found.shown("grad output.W[1,1]") == shown((z - 2.0) * 2.0, 2)
            assert found.shown("new output.W[1,1]") == shown(0.7 - 0.1 * gradient, 2)
            return
    raise AssertionError(names)


def test_a_symptom_is_told_but_at_the_degree_hard() -> None:
    for seed in range(8):
        found = made("two-layer-bias", seed, EASY)
        assert (found.symptom and found.shown(found.names[found.seen_at]) in found.symptom) or (
            "wrong way" in found.symptom
        )
        assert made("two-layer-bias", seed, HARD).symptom == ""


def test_where_nothing_can_be_asked_it_says_so() -> None:
    with pytest.raises(Refusal, match="no known mistake"):
        puzzle(questions_of("one-to-one"), [], 0)


def test_looks_wrong_places_and_wrong_names_cost_points() -> None:
    spot = Spot(made("two-layer-sigmoid", 5), 5)
    right = spot.puzzle.place
    wrong = (right + 1) % len(spot.puzzle.names)
    spot.apply("look 1")
    spot.apply("look 1")
    spot.apply("look 2")
    spot.apply(f"accuse {wrong + 1}")
    spot.apply(f"accuse {wrong + 1}")
    assert spot.points == FULL - 2 * LOOK - WRONG_PLACE and not spot.is_found
    spot.apply("name a")
    assert not spot.misnamed, "it is to be found first"
    spot.apply(f"accuse {right + 1}")
    letters = LETTERS[: len(spot.puzzle.offered)]
    good = letters[spot.puzzle.offered.index(spot.puzzle.mistake)]
    bad = next(each for each in letters if each != good)
    spot.apply(f"name {bad}")
    spot.apply(f"name {good}")
    assert spot.is_found and spot.is_named
    assert spot.points == FULL - 2 * LOOK - WRONG_PLACE - WRONG_NAME
    for nonsense in ("look 0", "look x", "accuse 99999", "name zz", "", "jump 3"):
        spot.apply(nonsense)
    assert spot.points == FULL - 2 * LOOK - WRONG_PLACE - WRONG_NAME


def test_a_command_that_means_nothing_says_what_may_be() -> None:
    assert read_spot("easy seed 12") == (EASY, 12) and read_spot("seed 3") == (MEDIUM, 3)
    for text in ("harder", "seed", "seed x", "easy 3", "seed 99999999999"):
        with pytest.raises(Refusal, match="spot takes easy, medium, hard and seed N"):
            read_spot(text)
