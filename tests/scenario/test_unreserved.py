"""Names with a meaning of their own that a file may give to something else."""

from __future__ import annotations

import math

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import ScenarioError
from nnhs_tui.present.trace import trace_json
from nnhs_tui.scenario.loading import from_text

HIDDEN = """
title = "hidden"
[graph]
inputs = { e = 0.5, abs = -2 }
parameters = { pi = -1.5 }
[graph.nodes]
tan = "abs(abs) + e * pi"
y = "tan(tan) + tan - abs"
"""
MEANT = """
title = "meant"
[graph]
inputs = { x = 0.5 }
[graph.nodes]
y = "e ** x + pi * abs(-x) + tan(x)"
"""


def values(text: str) -> dict[str, float]:
    found = trace_json(Session(from_text(text, "a.toml")), "node", 1)
    return found["rounds"][0]["samples"][0]["values"]


def test_they_mean_what_they_mean() -> None:
    expected = math.e**0.5 + math.pi * 0.5 + math.tan(0.5)
    assert values(MEANT)["y"] == pytest.approx(expected, rel=1e-15)


def test_a_file_hides_them() -> None:
    tan = 2 - 0.75
    assert values(HIDDEN)["y"] == pytest.approx(math.tan(tan) + tan + 2, rel=1e-15)


def test_they_are_written_by_their_names() -> None:
    session = Session(from_text(MEANT, "a.toml"))
    steps = trace_json(session, "node", 1)["rounds"][0]["steps"]
    told = {step["name"]: step["numbers"] for step in steps}
    assert told["y.1"].startswith("e^0.50") and told["y.4"].startswith("pi·0.50")
    assert told["y.3"].startswith("|-0.50|")


def test_the_older_functions_stay_reserved() -> None:
    with pytest.raises(ScenarioError) as refused:
        from_text(HIDDEN.replace("abs = -2", "exp = -2"), "a.toml")
    assert "expected a name that is not a function's" in str(refused.value.faults[0])


def test_a_number_is_not_used_before_the_file_gives_its_name() -> None:
    with pytest.raises(ScenarioError) as refused:
        from_text(MEANT.replace('y = "', 'z = "e"\ne = "x"\ny = "'), "a.toml")
    assert '"e" before it is defined' in str(refused.value.faults[0])
