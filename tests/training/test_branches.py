"""The runs of a session: what those not in use let go of comes back as it was."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace
from decimal import Decimal

import pytest

from benchmarks.nets import net
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.training import branches
from nnhs_tui.training.branches import RoundsAhead

THREE = shipped_folder() / "three-samples.toml"


def numbers(session: Session) -> list[object]:
    found: list[object] = []
    for number in range(session.rounds):
        found.append(session.run.round(number).after.tolist())
        for sample in range(session.schedule.samples):
            found.append(session.run.record(number, sample).gradient.tolist())
    return found


@pytest.mark.parametrize("most", [0, branches.UNUSED_BYTES])
def test_what_was_let_go_comes_back(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(branches, "UNUSED_BYTES", most)
    session = Session(load(THREE), arithmetic="exact")
    session.execute("train 3")
    states = [numbers(session)]
    for command in ("edit hidden.W[1,1] 2", "edit x[1] 0.5", "edit lr 0.1"):
        session.execute(command)
        states.append(numbers(session))
        session.execute("arithmetic hand")
        session.execute("arithmetic exact")
    for state in states[-2::-1]:
        session.execute("undo")
        assert numbers(session) == state
    for state in states[1:]:
        session.execute("redo")
        assert numbers(session) == state
    assert len(session.runs._runs) < 8 or most


@pytest.mark.parametrize("arithmetic", ["exact", "hand"])
@pytest.mark.second
def test_edits_taken_back_take_no_memory_without_bound(
    arithmetic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of ten samples of 40→15 by hand a record alone has a quarter of a megabyte."""
    monkeypatch.setattr(branches, "UNUSED_BYTES", 2**17)
    scenario = net((40, 15))
    sample = scenario.samples[0]
    several = tuple(
        replace(sample, x=tuple(Decimal(i + k) / 8 for i in range(40))) for k in range(10)
    )
    session = Session(replace(scenario, samples=several), arithmetic=arithmetic)

    def edit_and_undo(numbers: range) -> None:
        for number in numbers:
            session.execute(f"edit layer1.W[{number % 40 + 1},{number % 15 + 1}] 0.{number + 1}")
            assert session.scene().record.value.size
            session.execute("undo")

    edit_and_undo(range(4))
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        edit_and_undo(range(4, 12))
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 2**20


def test_a_command_says_which_rounds_it_needs_and_changes_nothing() -> None:
    session, whole = (
        Session(load(THREE), arithmetic="exact"),
        Session(load(THREE), arithmetic="exact"),
    )
    for command in ("train 4", "edit x[1] 0.5", "train 3", "edit hidden.W[1,1] 2", "train 2"):
        session.execute(command)
        whole.execute(command)
    before = (session.branch, session.cursor, session.rounds)
    with pytest.raises(RoundsAhead) as found:
        session.execute("arithmetic hand", at_once=False)
    assert (session.branch, session.cursor, session.rounds) == before
    ahead = found.value
    assert sum(1 for _ in session.runs.ahead(ahead.branch, ahead.number)) == ahead.count
    assert session.execute("arithmetic hand", at_once=False).kind == "moved"
    whole.execute("arithmetic hand")
    assert numbers(session) == numbers(whole)
