"""Which mistakes a sheet cannot show."""

from __future__ import annotations

import pytest

from nnhs_tui.marking.asked_quantities import asked
from nnhs_tui.marking.judge import MISTAKE
from nnhs_tui.marking.marker import Marker
from nnhs_tui.marking.mistakes.table import KNOWN
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.unseen import unseen_mistakes
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import from_text, load
from nnhs_tui.training.variants import variant
from nnhs_tui.worksheet.orders import Order


def unseen(questions: Questions) -> list[str]:
    return unseen_mistakes(questions, asked(questions.schedule, "neuron"))


def one(weight: str, x: str = "2", rate: str = "0.5") -> Questions:
    text = (
        f'title = "one"\nloss = {{ kind = "sse" }}\n[training]\nlearning_rate = {rate}\n[network]\n'
        f"inputs = 1\n[[network.layers]]\nweights = [[{weight}]]\n[[samples]]\nx = [{x}]\nt = [1]\n"
    )
    return Questions(from_text(text, "one"))


def test_a_step_that_is_too_small_hides_what_can_go_wrong_in_it() -> None:
    hidden = unseen(one("0.7", rate="0.00001"))
    assert "added-update" in hidden and "added-update" not in unseen(one("0.7"))
    assert "added-update" not in unseen(one("0.7", x="0"))  # there is no step to add


def test_a_mistake_that_cannot_be_made_is_not_missed() -> None:
    # One number is its own mirror image, and there is no ReLU.
    assert not {"transposed", "relu-gate", "missing-bias"} & set(unseen(one("0.7")))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_said_not_to_show_is_not_named_on_a_sheet_with_it(seed: int) -> None:
    scenario = variant(load(shipped_folder() / "two-layer-bias.toml"), seed)
    questions = Questions(scenario)
    told = unseen(questions)
    assert "updated-weights" in told
    marker = Marker(questions)
    for quantity in asked(questions.schedule, "neuron"):
        question = questions.question(_name(questions, quantity))
        for each in questions.mistakes(question).found:
            if each.name in told:
                (marked,) = marker.mark([(question.name, f"{each.value:.2f}")])
                assert marked.verdict != MISTAKE or each.name not in marked.mistakes


def _name(questions: Questions, quantity: object) -> str:
    from nnhs_tui.debugger.naming.reading import name_of

    return name_of(questions.names, quantity, questions.schedule)  # type: ignore[arg-type]


def test_the_key_says_so_and_the_sheet_does_not() -> None:
    scenario = load(shipped_folder() / "two-layer-bias.toml")
    words = KNOWN["updated-weights"].words
    for form in ("md", "html", "tex"):
        key, sheet = (Order(form, key=each).text(scenario) for each in (True, False))
        assert f"no difference that shows whether {words}" in key
        assert words not in sheet
