"""Sheets on matrices in graphs: what is given, what is asked, and that the key is right."""

from __future__ import annotations

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Unfit
from nnhs_tui.exchange.scripts.script import script
from nnhs_tui.marking.asked_quantities import is_asked
from tests.autodiff.test_matrix_graphs import BATCH
from tests.random_scenarios import loaded

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
