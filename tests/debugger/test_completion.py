"""Completion: everything it offers is a command that can be carried out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.commands.commands import COMMANDS, parse
from nnhs_tui.debugger.naming.completion import candidates, common
from nnhs_tui.debugger.outcome import REFUSED
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios


def three() -> Session:
    return Session(load(shipped_folder() / "three-samples.toml"))


def labels(session: Session, line: str) -> list[str]:
    return [each.label for each in candidates(session, line)]


def test_words_are_those_of_the_table() -> None:
    session = three()
    assert labels(session, "") == [command.word for command in COMMANDS]
    assert labels(session, "next-") == ["next-phase", "next-round", "next-lesson"]
    assert [each.line for each in candidates(session, "got")] == ["goto "]
    assert labels(session, "xyz") == labels(session, "next ") == []


@pytest.mark.parametrize(
    "line, expected",
    [
        ("level n", ["neuron", "node"]),
        ("arithmetic ", ["exact", "hand"]),
        ("compare ", ["hand", "exact"]),
        ("test ", ["forward", "backward", "update", "node", "layer", "again", "new", "seed "]),
        ("delete ", ["all"]),
        ("goto grad hidden.W[2", ["grad hidden.W[2,1]", "grad hidden.W[2,2]"]),
        ("goto GRAD HIDDEN.W[2", ["grad hidden.W[2,1]", "grad hidden.W[2,2]"]),
        ("goto grad x[1] v", ["grad x[1] via hidden.z[1]", "grad x[1] via hidden.z[2]"]),
        ("goto grad t[1] v", []),
        ("break back", ["backward"]),
        ("break abs(hidden.z", ["hidden.z[1]", "hidden.z[2]"]),
        ("break loss < output.z", ["output.z[1]"]),
        ("edit lea", ["learning_rate"]),
        ("edit hidden.z", []),
        ("train un", ["until loss < ", "until 10 rounds without change"]),
        ("goto hidden.z[1]", []),
        ("goto nothing", []),
    ],
)
def test_arguments_are_completed(line: str, expected: list[str]) -> None:
    assert labels(three(), line) == expected


def test_numbers_of_breakpoints_are_those_there_are() -> None:
    session = three()
    session.execute("break loss rises")
    assert labels(session, "delete ") == ["1", "all"]


def test_what_all_share_is_found() -> None:
    assert common(candidates(three(), "goto gr")) == "goto grad "
    assert common([]) == ""
    assert common(candidates(three(), "got")) == "goto "


@settings(max_examples=examples(40))
@given(scenarios(), st.sampled_from(["watch ", "from ", "break ", "level ", "goto grad "]))
def test_what_is_offered_can_be_done(text: str, line: str) -> None:
    session = Session(loaded(text))
    for each in candidates(session, line):
        parse(each.line)
        outcome = session.execute(each.line)
        # There is room for a hundred breakpoints, and for so many watches.
        session.breakpoints.all.clear()
        session.watches.clear()
        # Inputs have no step to go to, and of constants nothing changes.
        fine = ("is given", "never", "no step")
        assert outcome.kind != REFUSED or any(word in outcome.message for word in fine), each.line
