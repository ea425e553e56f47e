"""Going to what is given, coming back to a level, and names as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnhs_tui.debugger.naming.completion import candidates
from nnhs_tui.debugger.naming.reading import all_names
from nnhs_tui.debugger.outcome import MOVED, REFUSED, UNCHANGED
from nnhs_tui.debugger.session import Session
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load

SHIPPED = sorted(shipped_folder().glob("*.toml"))


def session_of(name: str, *commands: str) -> Session:
    session = Session(load(shipped_folder() / f"{name}.toml"))
    for command in commands:
        assert session.execute(command).kind != REFUSED, command
    return session


def here(session: Session) -> str:
    return session.name(session.quantity(""))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_goto_refuses_no_name_that_is_completed(path: Path) -> None:
    session = Session(load(path))
    for start in ("1", "last"):
        session.execute(start)
        for name in all_names(session.names, session.schedule):
            outcome = session.execute(f"goto {name}")
            assert outcome.kind != REFUSED, (name, outcome.message)
    assert candidates(session, "goto g")


def test_what_is_given_is_gone_to_where_it_is_used_first() -> None:
    session = session_of("three-samples", "goto 40")
    outcome = session.execute("goto hidden.W[1,2]")
    assert here(session) == "hidden.p[1,2]" and session.schedule.step(session.index).sample == 1
    assert outcome.message == "hidden.W[1,2] is given: it is used first here"
    session.execute("goto sample 3: x[1]")
    assert session.index == 2 * session.schedule.per_sample
    session.execute("last")
    session.execute("goto hidden.W[1,2]")
    assert here(session) == "new hidden.W[1,2]"
    session.execute("goto learning_rate")
    assert session.index == session.schedule.update_start(0)
    session.execute("goto grad loss")
    assert session.index == session.schedule.start_of("backward", 2)


def test_going_where_one_is_says_so() -> None:
    session = session_of("three-samples", "goto 5")
    outcome = session.execute("goto 5")
    assert (outcome.kind, outcome.message) == (UNCHANGED, "this is that step already")
    assert session.execute("run-to 5").message == "this is step 5 already: hidden.p[1,2]"


def test_a_space_in_brackets_does_not_matter() -> None:
    session = session_of("three-samples")
    assert session.quantity("grad hidden.W[ 1, 2 ]") == session.quantity("grad hidden.W[1,2]")
    assert session.execute("break abs(hidden.W[1, 2]) > 4").kind != REFUSED
    assert session.execute("edit hidden.W[1, 2] 4").message.startswith("hidden.W[1,2] ")


@pytest.mark.labels
def test_a_breakpoint_inside_a_layer_says_so_and_the_next_one_comes_back() -> None:
    session = session_of("three-samples", "level layer", "first")
    session.execute("break hidden.p[2,1]")
    session.execute("break output.z[1]")
    session.execute("continue")
    assert (here(session), session.level) == ("output.z[1]", "layer")
    outcome = session.execute("continue")
    assert (here(session), session.level) == ("hidden.p[2,1]", "node")
    assert "it is inside a layer, so this steps by nodes" in outcome.message
    session.execute("continue")
    assert (here(session), session.level) == ("output.z[1]", "layer")
    session.execute("continue")
    assert session.level == "node" and session.schedule.step(session.index).sample == 2
    assert session.execute("next").kind == MOVED
    session.execute("continue")
    assert session.level == "node", "whoever steps by nodes goes on by nodes"


def test_a_level_that_is_asked_for_stays() -> None:
    session = session_of("three-samples", "level layer", "first", "goto hidden.p[2,1]")
    assert session.level == "node"
    session.execute("level node")
    session.execute("goto output.z[1]")
    assert session.level == "node"


def test_completing_a_long_line_looks_at_its_end_alone() -> None:
    session = session_of("three-samples")
    found = candidates(session, "break " + "(" * 500 + "hidden.z")
    assert [each.label for each in found] == ["hidden.z[1]", "hidden.z[2]"]

    class Line(str):
        slices = 0

        def __getitem__(self, key):  # type: ignore[no-untyped-def]
            Line.slices += 1
            return str.__getitem__(self, key)

        def lstrip(self, *_args):  # type: ignore[no-untyped-def]
            return self

        def partition(self, sign):  # type: ignore[no-untyped-def]
            head, middle, tail = str.partition(self, sign)
            return head, middle, Line(tail)

    assert not candidates(session, Line("break " + "(" * 2000))
    assert 0 < Line.slices < 200
