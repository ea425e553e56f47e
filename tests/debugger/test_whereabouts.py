"""Where a session is, and coming back there: in the same file, and in one that was changed."""

from __future__ import annotations

import json
import os
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnhs_tui.debugger import whereabouts
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.whereabouts import Whereabouts, as_data, from_data, go_there, reloaded
from nnhs_tui.debugger.whereabouts import whereabouts as where
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.store import places
from tests.effort import examples
from tests.random_scenarios import loaded, scenarios

THREE = shipped_folder() / "three-samples.toml"
COMMANDS = (
    "next", "back", "into", "out", "next-phase", "last", "apply", "train 3", "previous-round",
    "arithmetic", "digits 3", "digits 1", "form", "notation", "undo", "redo", "break", "watch",
    "draw",    "disable all", "level neuron", "level layer", "level node", "round 1", "first",
    "delete 1", "disable 2", "round 2", "train 2", "previous-round", "into",
)  # fmt: skip


def state(session: Session) -> tuple[object, ...]:
    scene = session.scene()
    breaks = [(each.text, each.enabled) for each in session.breakpoints.all]
    return (
        session.cursor,
        session.rounds,
        scene.as_matrix,
        session.view.notation,
        session.view.drawing,
        session.branch,
        session.digits,
        breaks,
        session.watches,
        scene.record.value.tolist(),
        scene.record.gradient.tolist(),
    )


@settings(max_examples=examples(80))
@given(scenarios(), st.integers(0, 2**32))
def test_the_commands_lead_to_the_same_place(text: str, seed: int) -> None:
    random, scenario = Random(seed), loaded(text)
    session, again = Session(scenario), Session(scenario)
    leaves = [session.names.name(node) for node in range(session.tape.leaves)]
    for _ in range(random.randint(0, 12)):
        name = random.choice([each for each in leaves if each] or ["x"])
        edit = f"edit {name} {random.randint(0, 20) / 10}"
        goto = f"goto {random.randint(1, session.total)}"
        session.execute(random.choice([*COMMANDS, edit, edit, goto, goto]))
    place = where(session)
    assert from_data(json.loads(json.dumps(as_data(place)))) == place
    assert go_there(again, place) == []
    assert state(again) == state(session)
    assert where(again) == place
    replayed = Session(scenario)
    for command in where(session, since=(scenario.arithmetic, scenario.digits)).as_commands():
        assert replayed.execute(command).kind != "refused"
    # By commands an edit can be made only in a round that is there.
    assert replayed.rounds >= session.rounds
    mine, theirs = list(state(replayed)), list(state(session))
    assert mine[:1] + mine[2:] == theirs[:1] + theirs[2:]


def test_nothing_done_is_the_start() -> None:
    session = Session(load(THREE))
    assert where(session).is_the_start
    session.execute("next")
    assert not where(session).is_the_start


def changed(text: str) -> Session:
    return Session(loaded(text))


def test_in_a_changed_file_the_step_is_found_by_its_name() -> None:
    session, text = Session(load(THREE)), THREE.read_text(encoding="utf-8")
    session.execute("goto sample 2: grad hidden.z[2]")
    place = where(session)
    wider = text.replace("[-0.8, -1.1]", "[-0.8, -1.1, 0.5]").replace(
        "[ 0.6,  1.9]", "[0.6, 1.9, 0.1]").replace("[1.8],", "[1.8], [0.3],")  # fmt: skip
    again = changed(wider)
    assert go_there(again, place) == []
    assert where(again).name == place.name == "sample 2: grad hidden.z[2]"
    assert where(again).step != place.step


def test_what_means_nothing_any_more_is_said() -> None:
    session, text = Session(load(THREE)), THREE.read_text(encoding="utf-8")
    for command in ("edit sample 3: x[1] 2", "break hidden.W[2,2]", "watch loss", "last"):
        session.execute(command)
    place = where(session)
    smaller = text.rpartition("[[samples]]")[0]
    again = changed(smaller)
    left_out = go_there(again, place)
    assert len(left_out) == 1 and "sample 3: x[1] 2 in round 1 (there is no" in left_out[0]
    assert [each.text for each in again.breakpoints.all] == ["hidden.W[2,2]"]
    assert where(again).name == "new output.W[2,1]"


def test_rounds_that_take_too_long_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(load(THREE))
    session.execute("train 500")
    place = where(session)
    monkeypatch.setattr(whereabouts, "PATIENCE", 0.0)
    again = Session(load(THREE))
    told = go_there(again, place)
    assert "501 (running so many rounds again takes too long)" in told[0]
    assert again.rounds < 501 and again.round == again.rounds - 1


def test_an_edit_of_an_earlier_round_stays_in_it() -> None:
    session = Session(load(shipped_folder() / "training-loop.toml"))
    for command in ("train 5", "edit hidden.W[1,1] 0.5", "round 1", "edit hidden.W[1,2] 0.25"):
        assert session.execute(command).kind == "moved"
    again = Session(session.scenario)
    assert go_there(again, where(session)) == []
    assert [each.round for each in again.edits] == [5, 0] and state(again) == state(session)
    replayed = Session(session.scenario)
    for command in where(session).as_commands():
        assert replayed.execute(command).kind != "refused"
    assert replayed.edits == session.edits


def test_without_its_rounds_an_edit_is_left_out_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = Session(load(THREE))
    session.execute("edit hidden.W[1,1] 0.5")
    session.execute("train 300")
    session.execute("edit hidden.W[1,2] 0.25")
    session.execute("train 300")
    session.execute("edit hidden.W[2,2] 0.125")
    ticks = iter(range(10_000))
    monkeypatch.setattr(whereabouts, "PATIENCE", 400)
    monkeypatch.setattr(whereabouts.time, "monotonic", lambda: next(ticks))
    again = Session(session.scenario)
    told = go_there(again, where(session))
    assert len(told) == 2 and told[0].startswith("edit hidden.W[2,2] 0.125 in round 601 (running")
    assert told[1].startswith("rounds ") and "to 601 (running" in told[1]
    assert [(each.round, each.name) for each in again.edits] == [
        (0, "hidden.W[1,1]"), (300, "hidden.W[1,2]")
    ]  # fmt: skip
    assert next(ticks) < 700, "one deadline for all of it"


def test_rounds_that_cannot_be_computed_any_more_are_said() -> None:
    text = THREE.read_text(encoding="utf-8").replace('arithmetic = "hand"\n', "")
    session = changed(text)
    for command in ("train 40", "edit x[1] 1"):
        session.execute(command)
    again = changed(text.replace("learning_rate = ", "learning_rate = 1e30 # "))
    told = go_there(again, where(session))
    assert "overflow" in told[0] and told[0].startswith("edit sample 1: x[1] 1 in round 41 (")
    assert again.rounds < 40 and again.round == again.rounds - 1


def test_the_breakpoint_that_was_off_is_off_and_no_other() -> None:
    session, text = Session(load(THREE)), THREE.read_text(encoding="utf-8")
    for command in ("break sample 3: hidden.z[1]", "break hidden.W[1,2]", "break loss"):
        assert session.execute(command).kind != "refused"
    session.execute("break hidden.z[2]")
    session.execute("disable 2")
    session.execute("delete 3")
    again = changed(text.rpartition("[[samples]]")[0])
    (told,) = go_there(again, where(session))
    assert told.startswith("break sample 3: hidden.z[1] (")
    breaks = [(each.text, each.enabled) for each in again.breakpoints.all]
    assert breaks == [("hidden.W[1,2]", False), ("hidden.z[2]", True)]


def test_what_it_was_opened_with_stays_over_a_reload() -> None:
    session = Session(load(THREE), arithmetic="hand", digits=4)
    assert where(session).is_the_start
    again, _ = reloaded(session)
    again.execute("arithmetic exact")
    again.execute("digits 2")
    again, _ = reloaded(again)
    assert (again.arithmetic_name, again.digits) == ("exact", 2)
    again.execute("reset")
    assert (again.arithmetic_name, again.digits) == ("hand", 4)
    commands = where(session, since=("exact", 2)).as_commands()
    assert commands[:2] == ["arithmetic hand", "digits 4"]


# Bookmarks


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


def at(step: int) -> Whereabouts:
    return Whereabouts(step, "loss", digits=3)


def test_a_place_is_kept_for_each_file(home: Path) -> None:
    places.remember("a.toml", at(3))
    places.remember("b.toml", at(4))
    places.remember(os.path.abspath("a.toml"), at(5))
    assert places.remembered("a.toml") == at(5)
    assert places.remembered("b.toml") == at(4)
    assert places.remembered("c.toml") is None
    assert len(json.loads((home / "nnhs-tui" / "places.json").read_text())) == 2
    assert os.listdir(home / "nnhs-tui") == ["places.json"]


def test_a_file_is_the_same_by_whatever_link_it_is_reached(home: Path) -> None:
    (home / "net.toml").write_text("title = 'a'", encoding="utf-8")
    (home / "link.toml").symlink_to("net.toml")
    places.remember(str(home / "link.toml"), at(3))
    assert places.remembered(str(home / "net.toml")) == at(3)
    places.remember(str(home / "net.toml"), at(4))
    assert places.remembered(str(home / "link.toml")) == at(4)


def test_the_start_needs_no_bookmark(home: Path) -> None:
    start = Whereabouts(1, "x")
    places.remember("a.toml", start)
    assert not (home / "nnhs-tui").exists()
    places.remember("a.toml", at(3))
    places.remember("a.toml", start)
    assert places.remembered("a.toml") is None


def test_old_places_are_forgotten(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "MOST", 3)
    for number in range(5):
        places.remember(f"{number}.toml", at(number + 2))
    assert [places.remembered(f"{k}.toml") is None for k in range(5)] == [True] * 2 + [False] * 3


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "3", '{"a": 1}', "\x00", "[" * 100_000, '{"KEY": {"place": 3}}',
     '{"KEY": {"place": {"commands": ["save! ~/x.toml"], "step": 1, "name": "", "then": []}}}'],
)  # fmt: skip
def test_a_damaged_file_is_as_good_as_none(home: Path, text: str) -> None:
    places.remember("a.toml", at(3))
    file = home / "nnhs-tui" / "places.json"
    (key,) = json.loads(file.read_text())
    file.write_text(text.replace("KEY", key))
    assert places.remembered("a.toml") is None
    places.remember("a.toml", at(4))
    assert places.remembered("a.toml") == at(4)


@pytest.mark.parametrize(
    "word, value",
    [
        ("step", "1"), ("step", 0), ("step", True), ("name", 3), ("rounds", 0), ("round", -1),
        ("round", 1), ("edits", [["0", "x", "1"]]), ("edits", [[-1, "x", "1"]]), ("edits", 3),
        ("edits", [[0, "x"]]), ("breakpoints", [["loss", 1]]), ("breakpoints", ["ab"]),
        ("watches", [3]), ("watches", None), ("arithmetic", "hand\nsave! x"), ("digits", 7),
        ("digits", "2"), ("level", "quit"), ("notation", []), ("form", {}), ("opened", 1),
        ("commands", ["save! x"]),
    ],
)  # fmt: skip
def test_a_place_that_says_anything_else_is_none(word: str, value: object) -> None:
    data = json.loads(json.dumps(as_data(at(3))))
    assert from_data(data) == at(3)
    assert from_data({**data, word: value}) is None


def test_a_folder_that_cannot_be_written_is_no_harm(home: Path) -> None:
    (home / "nnhs-tui").write_text("a file where the folder should be")
    places.remember("a.toml", at(3))
    assert places.remembered("a.toml") is None
