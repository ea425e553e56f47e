"""Which mistake is named, going by the whole sheet."""

from __future__ import annotations

from nnhs_tui.marking.judge import MISTAKE, Row
from nnhs_tui.marking.mistakes.case import Likely
from nnhs_tui.marking.naming import name_mistakes
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

NAMES = ("grad x[1]", "grad x[2]", "grad x[3]", "grad hidden.z[1]")


def named(*candidates: str) -> list[Row]:
    """Rows that these mistakes would give, the names parted by spaces."""
    questions = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    rows = [
        Row(
            questions.question(name),
            "7",
            7.0,
            MISTAKE,
            candidates=dict.fromkeys(each.split(), Likely(1.0)),
        )
        for name, each in zip(NAMES, candidates, strict=False)
    ]
    name_mistakes(rows, 0.01)
    return rows


def test_what_explains_most_of_a_sheet_is_named_alone() -> None:
    rows = named("missing-local one-path", "one-path", "one-path sign")
    assert [row.mistakes for row in rows] == [("one-path",)] * 3
    (row,) = named("missing-local one-path")
    assert row.mistakes == ("missing-local", "one-path")


def test_what_can_be_made_with_any_number_explains_only_what_nothing_else_does() -> None:
    rows = named("sign reversed-difference", "sign reversed-difference", "sign")
    assert [row.mistakes for row in rows] == [("sign",)] * 3
    rows = named("sign reversed-difference", "sign reversed-difference")
    assert [row.mistakes for row in rows] == [("reversed-difference",)] * 2


def test_a_mistake_of_the_update_comes_before_a_factor_of_the_loss() -> None:
    rows = named("loss-factor missing-learning-rate", "loss-factor missing-learning-rate")
    assert {row.mistakes[0] for row in rows} == {"missing-learning-rate"}


def test_the_same_idea_is_told_of_where_it_was_made_first_and_a_slip_is_not() -> None:
    rows = named("one-path", "sign", "one-path", "sign")
    assert [row.repeats for row in rows] == ["", "", "grad x[1]", ""]


def test_an_answer_as_far_off_as_can_be_is_named_too() -> None:
    """Its distance to the power of four is no number any more."""
    questions = Questions(load(shipped_folder() / "two-layer-sigmoid.toml"))
    question = questions.question(NAMES[0])
    row = Row(question, "1e300", 1e300, MISTAKE, candidates={"power-of-ten": Likely(1.0)})
    name_mistakes([row], 0.01)
    assert row.mistakes == ("power-of-ten",)
