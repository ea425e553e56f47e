"""Levels: walking forward and back agree, into and out come back, and all levels end alike."""

from __future__ import annotations

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nnhs_tui.autodiff.levels import LEVELS, first_steps, fitting, last_of, span, spans
from nnhs_tui.autodiff.schedule import BACKWARD, FORWARD
from nnhs_tui.debugger.outcome import MOVED, UNCHANGED
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.sub_steps import can_open, inside, inside_slope
from nnhs_tui.errors import ComputationError
from tests.effort import examples
from tests.random_scenarios import loaded, networks, scenarios

np.seterr(all="ignore")
KINDS = st.sampled_from(["exact", "hand"])


def session_of(text: str, kind: str = "exact", level: str = "node") -> Session:
    try:
        session = Session(loaded(text), arithmetic=kind)
    except ComputationError:
        assume(False)
        raise
    session.execute(f"level {level}")
    session.execute("first")
    return session


def grouped(session: Session, level: str) -> list[tuple[int, int]]:
    """The steps of a level, found by looking at every node step."""
    schedule, found = session.schedule, []
    last = None
    for index in range(schedule.total):
        step = schedule.step(index)
        owner = step.group[0] if level == "layer" else step.group
        key = (step.sample, step.phase, owner if level != "node" else index)
        if key != last:
            found.append([index, index])
        found[-1][1] = index + 1
        last = key
    return [(start, stop) for start, stop in found]


@settings(max_examples=examples(80))
@given(scenarios(), st.sampled_from(LEVELS))
def test_a_step_of_a_level_is_a_run_of_one_owner(text: str, level: str) -> None:
    session = session_of(text)
    schedule, want = session.schedule, grouped(session, level)
    assert list(spans(schedule, 0, schedule.total, level)) == want
    assert first_steps(schedule, level).tolist() == [start for start, _ in want]
    for start, stop in want:
        for index in (start, stop - 1):
            assert span(schedule, index, level) == (start, stop)
            assert last_of(schedule, index, level) == stop - 1


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(LEVELS), KINDS)
def test_there_and_back_takes_as_many_steps(text: str, level: str, kind: str) -> None:
    session = session_of(text, kind, level)
    places = [session.cursor]
    while session.execute("next").kind == MOVED:
        places.append(session.cursor)
    assert len(places) == len(grouped(session, level))
    session.execute("last")
    for place in reversed(places):
        assert session.cursor == place
        moved = session.execute("back").kind
        assert moved == (UNCHANGED if place == places[0] else MOVED)


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(LEVELS), KINDS, st.data())
def test_into_then_out_is_the_same_place(text: str, level: str, kind: str, data: st.DataObject):
    session = session_of(text, kind, level)
    session.execute(f"goto {data.draw(st.integers(1, session.total))}")
    session.execute(f"level {level}")
    before = session.cursor
    if session.execute("into").kind == MOVED:
        assert session.cursor != before
        assert session.execute("out").kind == MOVED
    assert session.cursor == before


@settings(max_examples=examples(60))
@given(scenarios(), KINDS, st.data())
def test_the_last_sub_step_knows_what_the_opened_step_knows(
    text: str, kind: str, data: st.DataObject
) -> None:
    """Walking through what was opened ends where the step itself stood: the same values."""
    level = data.draw(st.sampled_from(LEVELS[:2]))
    session = session_of(text, kind, level)
    session.execute(f"goto {data.draw(st.integers(1, session.total))}")
    session.execute(f"level {level}")
    whole = session.index
    if session.execute("into").kind != MOVED:
        return
    while session.index < whole:
        assert session.execute("next").kind == MOVED
    assert session.index == whole


@settings(max_examples=examples(60))
@given(scenarios(), st.lists(st.sampled_from(["next", "into", "out"]), max_size=12))
def test_back_undoes_next_into_and_out(text: str, commands: list[str]) -> None:
    session = session_of(text, level="layer")
    session.execute("goto 1")
    session.execute("level layer")
    places = [session.cursor]
    for command in commands:
        if session.execute(command).kind == MOVED:
            places.append(session.cursor)
    for place in reversed(places[:-1]):
        assert session.execute("back").kind == MOVED
        assert session.cursor == place


@settings(max_examples=examples(60))
@given(networks(), KINDS, st.integers(0, 6))
def test_an_opened_operation_ends_with_its_own_number(text: str, kind: str, digits: int) -> None:
    session = session_of(text, kind)
    session.execute(f"digits {digits}")
    record = session.scene().record
    for index in range(session.schedule.per_sample):
        step = session.schedule.step(index)
        if not can_open(session.tape, step):
            continue
        if step.phase == FORWARD:
            assert inside(record, step.node)[-1].value == record.value[step.node]
        if step.phase == BACKWARD:
            assert inside_slope(record, step.node)[-1].value == record.local(
                step.node, step.place or 0
            )


@settings(max_examples=examples(60))
@given(scenarios(), st.sampled_from(LEVELS), st.data())
def test_a_step_number_is_landed_on_exactly(text: str, level: str, data: st.DataObject) -> None:
    session = session_of(text, level=level)
    number, level = data.draw(st.integers(1, session.total)), session.level
    session.execute(f"goto {number}")
    assert session.index == number - 1
    assert session.level == fitting(session.schedule, number - 1, level)


def test_levels_of_a_file_are_where_stepping_starts() -> None:
    text = 'title = "t"\nlevel = "layer"\n[graph]\ninputs = { x = 1 }\n[graph.nodes]\ny = "x*x + 1"'
    session = Session(loaded(text))
    assert session.level == "layer"
    assert session.index == 1, "the whole of y: a product and a sum"
