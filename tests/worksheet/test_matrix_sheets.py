"""Sheets on matrices in graphs: what is given, what is asked, and that the key is right."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Unfit
from nnhs_tui.exchange.scripts.script import script
from nnhs_tui.marking.asked_quantities import asked, is_asked
from nnhs_tui.marking.questions import Questions
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.autodiff.test_matrix_graphs import BATCH
from tests.random_scenarios import loaded
from tests.test_matrix_scenarios import SCENARIOS

ENTRIES = ["Z[1,1]", "Z[2,1]", "A[1,1]", "A[2,1]", "L"]


@pytest.mark.parametrize("level", ["layer", "neuron"])
def test_above_the_nodes_every_entry_of_a_named_node_is_asked(level: str) -> None:
    session = Session(loaded(BATCH))
    schedule = session.schedule
    steps = map(schedule.step, range(schedule.forward))
    asked = [session.names.name(each.node) for each in steps if is_asked(schedule, level, each)]
    assert asked == ENTRIES


def test_a_script_refuses_what_it_would_leave_out() -> None:
    number = 'title = "t"\n[graph]\ninputs = { x = 2 }\n[graph.nodes]\ny = "x * x"\n'
    for text, found in (
        (BATCH, "a matrix in a graph"),
        (f"{number}[backward]\nupstream = 2\n", "upstream in a graph"),
    ):
        with pytest.raises(Unfit, match=found):
            script(loaded(text), "numpy")


@pytest.mark.parametrize("name", SCENARIOS)
def test_known_mistakes_are_looked_for_at_every_quantity(name: str) -> None:
    questions = Questions(load(shipped_folder() / f"{name}.toml"))
    quantities = asked(questions.schedule, "node")
    names = [name_of(questions.names, each, questions.schedule) for each in quantities]
    assert len(names) > 40
    for each in names[:: max(1, len(names) // 30)]:
        question = questions.question(each)
        assert questions.mistakes(question) is not None
