"""The files beside a session: replay, recording, the scenario being edited, the bookmark."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from textual.events import Key

from nnhs_tui.commands.commands import parse
from nnhs_tui.debugger.session import Session
from nnhs_tui.debugger.whereabouts import whereabouts
from nnhs_tui.errors import ScenarioError
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.store import progress
from nnhs_tui.store.kept import kept_file
from nnhs_tui.store.places import remembered
from nnhs_tui.ui.debugger import file_watch
from nnhs_tui.ui.debugger.file_watch import CHANGED, GONE, SAME, FileWatch
from nnhs_tui.ui.debugger.recording import Recording
from nnhs_tui.ui.debugger.replay import Replay, can_be_replayed
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.program import Files
from tests.ui.terminal import Terminal, running, wait_for
from tests.waiting import SECONDS

THREE = (shipped_folder() / "three-samples.toml").read_text(encoding="utf-8")
BY_HAND = 'arithmetic = "hand"\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "three.toml"
    path.write_text(THREE.replace(BY_HAND, ""), encoding="utf-8")
    return path


def last_row(terminal: Terminal) -> str:
    terminal.read()
    return str(terminal.screen.display[-1]).rstrip()


def screen_of(terminal: Terminal) -> DebuggerScreen:
    screen = terminal.app.screen
    assert isinstance(screen, DebuggerScreen)
    return screen


def hit(terminal: Terminal, key: str) -> None:
    """Press a key without waiting for everything to be drawn: a bar never stands still."""
    terminal.app.post_message(Key(key, key if len(key) == 1 else None))


async def begin_training(terminal: Terminal) -> None:
    """A training that takes long, with its bar on the screen."""
    await terminal.press("T", *"100000")
    hit(terminal, "enter")
    await wait_for(terminal.pilot, lambda: "of 100000 rounds" in last_row(terminal))


# Recording and replaying


@pytest.mark.second
async def test_what_was_trained_is_kept_where_one_quits(
    path: Path, tmp_path: Path, state: Path
) -> None:
    file, session = tmp_path / "lesson.txt", Session(load(path))
    files = Files(recording=Recording(str(file)), keeps_places=True)
    async with running(session, files=files) as terminal:
        await begin_training(terminal)
        hit(terminal, "q")
        await wait_for(terminal.pilot, lambda: not terminal.app.is_running)
    assert session.round > 0
    assert file.read_text(encoding="utf-8").splitlines()[1:] == [f"train {session.round}"]
    place = remembered(str(path))
    assert place is not None and (place.round, place.rounds) == (session.round, session.rounds)


@pytest.mark.second
async def test_a_save_over_the_open_scenario_goes_on_from_it(path: Path, tmp_path: Path) -> None:
    file, session = tmp_path / "lesson.txt", Session(load(path))
    async with running(session, files=Files(recording=Recording(str(file)))) as terminal:
        for line in ("train 3", "edit hidden.W[1,2] 0.5", "break loss", "watch loss", "goto 5"):
            await terminal.press(":", *line, "enter")
        numbers = session.scene().record.value.tolist()
        await terminal.press(":", *f"save! {path}", "enter")
        assert "round 1" in terminal.text and "no edits" in terminal.text
        look_again(terminal, 3)
        await terminal.settle()
        assert screen_of(terminal).session is session
        assert (session.round, session.index, session.edits) == (0, 4, ())
        assert session.scene().record.value.tolist() == numbers
        await terminal.press("n")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("reset") :] == ["reset", "goto 5", "next"]
    replayed = Session(load(path))
    for line in lines:
        if not line.startswith("#"):
            replayed.execute(line)
    assert whereabouts(replayed) == whereabouts(session)


@pytest.mark.second
async def test_what_was_recorded_leads_to_the_same_place(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "lesson.txt"
    first, second = Session(load(path)), Session(load(path))
    async with running(first, files=Files(recording=Recording(str(file)))) as terminal:
        await terminal.press("n", "n", "s", "m", "x", "question_mark", "escape", "b", "y")
        await terminal.press(":", *"edit hidden.W[1,2] 0.5", "enter", ":", *"train 3", "enter")
        await wait_for(terminal.pilot, lambda: first.round == 3)
        await terminal.press("v", "w", "plus", ":", *"goto nowhere", "enter", "n", "6", "J")
        await terminal.press("enter")
    lines = file.read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# nnhs-tui ") and lines[0].endswith(": three")
    assert "train 3" in lines and "edit hidden.W[1,2] 0.5" in lines and "disable 1" in lines
    for left_out in ("help", "copy", "remove", "accept", "goto nowhere"):
        assert left_out not in lines
    async with running(second, files=Files(lines)) as terminal:
        await wait_for(terminal.pilot, lambda: second.cursor == first.cursor)
        assert "✗" not in terminal.text
    assert whereabouts(second) == whereabouts(first)


async def test_a_recording_begins_where_the_session_is(path: Path, tmp_path: Path) -> None:
    file, session = tmp_path / "lesson.txt", Session(load(path))
    session.execute("arithmetic hand")
    session.execute("goto 12")
    async with running(session, files=Files(recording=Recording(str(file)))) as terminal:
        await terminal.press("n")
        assert file.read_text().splitlines()[1:] == ["arithmetic hand", "goto 12", "next"]


@pytest.mark.parametrize("name", ["there.txt", "no/folder/a.txt", ".", "a\0b"])
def test_what_cannot_be_recorded_into(tmp_path: Path, name: str) -> None:
    (tmp_path / "there.txt").write_text("mine")
    with pytest.raises(ScenarioError) as error:
        Recording(str(tmp_path / name))
    assert "expected a new" in str(error.value)
    assert (tmp_path / "there.txt").read_text() == "mine"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk at hand")
async def test_a_full_disk_ends_the_recording_and_nothing_else(path: Path, tmp_path: Path) -> None:
    session, recording = Session(load(path)), Recording(str(tmp_path / "a.txt"))
    recording._file.close()
    recording._file = open("/dev/full", "w", encoding="utf-8", buffering=1)  # noqa: SIM115
    async with running(session, files=Files(recording=recording)) as terminal:
        await terminal.settle()
        terminal.read()
        assert "✗ the recording ends here" in terminal.text and "No space left" in terminal.text
        await terminal.press("n", "n")
        assert session.index == 2 and "recording" not in terminal.text


async def test_a_lesson_goes_on_at_a_key_and_shows_its_remarks(path: Path) -> None:
    lines = ["# First this:", "# the product.", "goto 3", "", "into", "# Why?", "from x[1]", "next"]
    session = Session(load(path))
    async with running(session, files=Files(lines, stepwise=True)) as terminal:
        await wait_for(terminal.pilot, lambda: "replay of 4 lines" in last_row(terminal))
        assert session.index == 0
        await terminal.press("full_stop")
        assert session.index == 2 and last_row(terminal) == "1/4 First this: the product."
        await terminal.press("n")
        assert session.index == 3
        await terminal.press("full_stop", "full_stop")
        assert last_row(terminal) == "3/4 Why?"
        await terminal.press("full_stop")
        assert last_row(terminal).startswith("4/4 next")
        await terminal.press("full_stop")
        assert "at its end" in last_row(terminal)


async def test_a_lesson_plays_at_its_speed_and_pauses(path: Path) -> None:
    session = Session(load(path))
    lines = [f"goto {k}" for k in range(2, 100)]
    async with running(session, files=Files(lines, speed=10)) as terminal:
        await wait_for(terminal.pilot, lambda: session.index > 3)
        await terminal.pilot.press("space")
        assert not screen_of(terminal).parts.autoplay.playing
        here = session.index
        await terminal.press("full_stop")
        assert session.index == here + 1


async def test_a_bad_line_is_named_and_the_others_are_played(path: Path) -> None:
    session = Session(load(path))
    lines = ["goto 3", "nxet", "goto 999", "next"]
    async with running(session, files=Files(lines, stepwise=True)) as terminal:
        await wait_for(terminal.pilot, lambda: "line 2: there is no" in terminal.text)
        await terminal.press("full_stop", "full_stop")
        assert "line 3: goto takes a step" in last_row(terminal)
        await terminal.press("full_stop")
        assert session.index == 3


@pytest.mark.parametrize("speed", [None, 50])
async def test_a_replay_cannot_play_itself_nor_write_files(
    path: Path, tmp_path: Path, speed: float | None
) -> None:
    kept = path.read_text(encoding="utf-8")
    words = (
        *("replay-next", "play", "faster", "slower", "stop", "reload", "quit", "scenarios"),
        "test",
    )
    lines = [word for word in words for _ in range(400)]
    lines += [f"save {tmp_path}/new.toml", f"save! {path}", "edit x[1] 9", "goto 3"]
    session = Session(load(path))
    async with running(session, files=Files(lines, speed=speed)) as terminal:
        await wait_for(terminal.pilot, lambda: session.index == 2)
        replay = screen_of(terminal).parts.replaying.replay
        assert len(replay.lines) == 2 and len(replay.faults) == len(lines) - 2
        assert replay.faults[0] == "line 1: replay-next is left out of a replay"
        assert replay.faults[-1] == "line 3602: save! is left out of a replay"
        assert terminal.app.is_running
    assert path.read_text(encoding="utf-8") == kept and not (tmp_path / "new.toml").exists()


@pytest.mark.second
async def test_a_long_line_of_a_replay_can_be_stopped(path: Path) -> None:
    lines = ["goto 3", "train 100000", "goto 5", "train 100000"]
    session = Session(load(path))
    async with running(session) as terminal:
        # Not by Files: the terminal begins when everything stands still.
        screen_of(terminal).parts.replaying.begin(Replay(lines), None, stepwise=False)
        await wait_for(terminal.pilot, lambda: "of 100000 rounds" in last_row(terminal))
        hit(terminal, "escape")
        await wait_for(terminal.pilot, lambda: "stopped after 2 of 4 lines" in last_row(terminal))
        assert (session.index, session.rounds) == (0, session.round + 1) and session.round
        await terminal.press("full_stop")
        assert session.index == 4
        hit(terminal, "full_stop")
        await wait_for(terminal.pilot, lambda: "of 100000 rounds" in last_row(terminal))
        hit(terminal, "n")
        await wait_for(terminal.pilot, lambda: session.index == 1)


async def test_a_replay_trains_to_the_end_before_its_next_line(path: Path) -> None:
    session = Session(load(path))
    lines = ["train 300", "arithmetic hand", "break loss rises", "continue", "last", "round 2"]
    async with running(session, files=Files(lines)) as terminal:
        await wait_for(terminal.pilot, lambda: session.round == 1)
        assert session.rounds == 301 and session.arithmetic_name == "hand"
        assert not screen_of(terminal).parts.replaying.replay.faults


def test_every_line_of_the_demo_is_played_and_it_comes_to_the_next_round() -> None:
    """`make demo`: a line that is left out of replays would end it where it begins."""
    lines = (Path(__file__).parents[2] / "docs" / "demo.txt").read_text("utf-8").splitlines()
    session = Session(load(shipped_folder() / "two-layer-sigmoid.toml"))
    for line in lines:
        if not line.startswith("#"):
            assert can_be_replayed(parse(line)[0])
            assert session.execute(line).kind == "moved", line
    assert session.round == 1


async def test_the_lesson_of_the_docs_plays_without_a_fault() -> None:
    session = Session(load(shipped_folder() / "three-samples.toml"))
    lines = (Path(__file__).parents[2] / "docs" / "lesson.txt").read_text("utf-8").splitlines()
    async with running(session, files=Files(lines)) as terminal:
        await wait_for(terminal.pilot, lambda: session.round == 50)
        terminal.read()
        assert "✗" not in terminal.text and not screen_of(terminal).parts.replaying.replay.faults


async def test_without_a_replay_its_key_says_so(path: Path) -> None:
    async with running(Session(load(path))) as terminal:
        await terminal.press("full_stop")
        assert "--replay FILE" in terminal.text


# The scenario's file


def look_again(terminal: Terminal, times: int = 2) -> None:
    """What the timer does, without waiting for it."""
    for _ in range(times):
        screen_of(terminal).parts.file.look()


@pytest.mark.second
async def test_an_edited_file_is_loaded_again_at_the_same_step(path: Path) -> None:
    session = Session(load(path))
    async with running(session) as terminal:
        await terminal.press(":", *"goto sample 2: hidden.a[2]", "enter", "b")
        await terminal.press(":", *"watch loss", "enter", ":", *"edit x[1] 1", "enter")
        path.write_text(THREE.replace("1.9", "1.5").replace("title = ", 'title = "" # '))
        path.write_text(THREE.replace(" 1.9]", " 1.5]"))
        look_again(terminal)
        await terminal.settle()
        terminal.read()
        assert "was loaded again" in last_row(terminal) + terminal.text
        now = screen_of(terminal).session
        assert now is not session
        assert now.names.name(now.scene().step.node) == "hidden.a[2]" and now.scene().sample == 1
        assert [str(edit.value) for edit in now.edits] == ["1"]
        assert len(now.watches) == len(now.breakpoints.all) == 1
        assert float(now.run.parameters(0)[now.names.id("hidden.W[2,2]")]) == 1.5


async def test_a_file_with_faults_leaves_the_session_as_it_was(path: Path) -> None:
    session = Session(load(path))
    async with running(session) as terminal:
        await terminal.press("n", "n")
        path.write_text(THREE.replace("[ 0.6,", "[").replace("rate", "rat"))
        look_again(terminal)
        await terminal.settle()
        terminal.read()
        assert "2 faults now (F5 shows them)" in terminal.text + last_row(terminal)
        assert screen_of(terminal).session is session and session.index == 2
        await terminal.press("f5")
        assert "faults in the scenario" in terminal.text
        assert "network.layers[1].weights" in terminal.text and "learning_rat" in terminal.text
        await terminal.press("escape")
        path.write_text(THREE)
        look_again(terminal)
        await terminal.press("f5")
        assert screen_of(terminal).session.index == 2
        assert "was loaded again" in terminal.text


@pytest.mark.second
async def test_a_data_file_that_changes_is_loaded_again(tmp_path: Path) -> None:
    for ending in ("toml", "csv"):
        text = (shipped_folder() / f"irises.{ending}").read_text(encoding="utf-8")
        (tmp_path / f"irises.{ending}").write_text(text, encoding="utf-8")
    table = tmp_path / "irises.csv"
    session = Session(load(tmp_path / "irises.toml"))
    async with running(session) as terminal:
        await terminal.press("n", "n")
        table.write_text(text.replace("3.5,1.4,0.2", "3.5,1.8,0.2"))
        look_again(terminal)
        await terminal.settle()
        now = screen_of(terminal).session
        assert now is not session and now.index == 2
        assert float(now.scene().record.value[now.tape.x[0]]) == 1.8
        table.write_text(text.replace("3.5,1.4,0.2", "3.5,1.4 cm,0.2"))
        look_again(terminal)
        await terminal.press("f5")
        assert 'irises.csv:line2,column"petallength"' in "".join(terminal.text.split())
        await terminal.press("escape")
        assert screen_of(terminal).session is now


async def test_a_touched_file_is_no_change(path: Path) -> None:
    session = Session(load(path))
    async with running(session) as terminal:
        os.utime(path, (1, 1))
        look_again(terminal)
        assert await terminal.press() == ""
        assert screen_of(terminal).session is session


async def test_the_timer_looks(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnhs_tui.ui.debugger.parts.scenario_file.EVERY", 0.02)
    session = Session(load(path))
    async with running(session) as terminal:
        path.write_text(THREE.replace(" 1.9]", " 1.5]"))
        await wait_for(terminal.pilot, lambda: screen_of(terminal).session is not session)


@pytest.mark.second
async def test_loading_again_stops_what_runs(path: Path) -> None:
    session = Session(load(path))
    async with running(session) as terminal:
        await begin_training(terminal)
        hit(terminal, "f5")
        await wait_for(terminal.pilot, lambda: screen_of(terminal).session is not session)
        screen = screen_of(terminal)
        assert not screen.parts.carrying_out.is_running and session.round > 0
        now, reached = screen.session, (session.round, len(session.run))
        assert now.round == session.round
        await terminal.press("n")
        assert (session.round, len(session.run)) == reached and screen.session is now
        assert now.index == 1


@pytest.mark.second
async def test_a_change_during_a_training_is_loaded_after_it(path: Path) -> None:
    session = Session(load(path))
    async with running(session) as terminal:
        await begin_training(terminal)
        path.write_text(THREE.replace(" 1.9]", " 1.5]"))
        look_again(terminal, 4)
        assert (
            screen_of(terminal).session is session
            and screen_of(terminal).parts.carrying_out.is_running
        )
        hit(terminal, "escape")
        await wait_for(
            terminal.pilot, lambda: not screen_of(terminal).parts.carrying_out.is_running
        )
        look_again(terminal)
        now = screen_of(terminal).session
        assert now is not session
        assert float(now.run.parameters(0)[now.names.id("hidden.W[2,2]")]) == 1.5


def test_a_file_is_looked_at_once_it_stands_still(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_text("a")
    watch = FileWatch(str(path))
    assert watch.poll() == SAME
    path.write_text("ab")
    assert watch.poll() == SAME
    path.write_text("abc")
    assert watch.poll() == SAME
    assert [watch.poll(), watch.poll()] == [CHANGED, SAME]
    other = tmp_path / "b.toml"
    other.write_text("xyz")
    os.replace(other, path)
    assert [watch.poll(), watch.poll(), watch.poll()] == [SAME, CHANGED, SAME]
    path.unlink()
    polls = [watch.poll() for _ in range(file_watch.GONE_AFTER + 2)]
    assert polls.count(GONE) == 1 and set(polls) == {SAME, GONE}
    path.write_text("new")
    assert [watch.poll(), watch.poll()] == [SAME, CHANGED]


# The bookmark


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    # Nothing here is opened for the first time, which has a card.
    monkeypatch.setattr(progress, "reached", lambda _path: progress.Reached(is_opened=True))
    return kept_file("places.json")


async def leave_at(path: Path, *keys: str, **files: bool) -> None:
    """Open the scenario as the program does, press keys, and leave."""
    session = Session(load(path))
    async with running(session, files=Files(keeps_places=True, **files)) as terminal:
        await terminal.press(*keys)


async def test_coming_back_opens_where_one_was(path: Path, state: Path) -> None:
    await leave_at(path, "a", "n", "n", "m", "w")
    session = Session(load(path))
    async with running(session, files=Files(keeps_places=True)) as terminal:
        assert "back where you were: round 2, step 3" in terminal.text + last_row(terminal)
        assert (session.round, session.index, session.arithmetic_name) == (1, 2, "hand")
        assert len(session.watches) == 1
        await terminal.press(":", *"reset", "enter", "w")
        assert session.round == 0


async def test_fresh_begins_at_the_start_and_replays_keep_no_place(path: Path, state: Path) -> None:
    await leave_at(path, "n", "n")
    before = state.read_text()
    session = Session(load(path))
    async with running(session, files=Files(["last"])) as terminal:
        await wait_for(terminal.pilot, lambda: session.index > 2)
    assert state.read_text() == before
    session = Session(load(path))
    async with running(session, files=Files(keeps_places=True, fresh=True)) as terminal:
        assert session.index == 0
    assert path.name not in state.read_text()


async def test_a_scenario_opened_from_the_list_has_its_place_too(state: Path) -> None:
    async with running(None, files=Files(keeps_places=True)) as terminal:
        await terminal.press("enter", "n", "n", "n")
        assert screen_of(terminal).session.index == 3
    async with running(None, files=Files(keeps_places=True)) as terminal:
        await terminal.press("enter")
        assert screen_of(terminal).session.index == 3
        await terminal.press("home")


async def test_what_the_command_line_says_wins_over_where_one_was(path: Path, state: Path) -> None:
    await leave_at(path, "n", "plus", "m")
    session = Session(load(path), arithmetic="exact", digits=5)
    async with running(session, files=Files(keeps_places=True)) as terminal:
        assert (session.arithmetic_name, session.digits, session.index) == ("exact", 5, 1)
        await terminal.press("f5", ":", *"reset", "enter")
        now = screen_of(terminal).session
        assert now is not session and (now.arithmetic_name, now.digits) == ("exact", 5)
    session = Session(load(path))
    async with running(session, files=Files(keeps_places=True)):
        assert session.digits == session.scenario.digits, "what was given was for that time"


async def test_fresh_is_meant_for_the_first_scenario_only(path: Path, state: Path) -> None:
    async with running(None, files=Files(keeps_places=True)) as terminal:
        await terminal.press("enter", "n", "n", "n")
        listed = screen_of(terminal).session.scenario.path
    session = Session(load(path))
    async with running(session, files=Files(keeps_places=True, fresh=True)) as terminal:
        screen_of(terminal).go_on_in(Session(load(listed)))
        assert screen_of(terminal).session.index == 3


async def test_another_scenario_takes_the_place_of_the_first(path: Path, state: Path) -> None:
    session = Session(load(path))
    async with running(session, files=Files(keeps_places=True)) as terminal:
        await terminal.press("n", "n", "o", "enter")
        screen = screen_of(terminal)
        second = screen.session
        assert second is not session and terminal.app.screen_stack == [screen]
        place = remembered(str(path))
        assert place is not None and place.step == 3, "kept as soon as it is left"
        await terminal.press("n", "o", "down", "enter", "n", "n", "n", "o", "up", "enter")
        assert len(terminal.app.screen_stack) == 1
        again = screen.session
        assert again is not second and again.scenario == second.scenario and again.index == 1
        await terminal.press("n", "o", "enter")
        assert screen.session is again, "the same one is not opened once more"
    place = remembered(again.scenario.path)
    assert place is not None and place.step == 3


@pytest.mark.slow
def test_a_signal_keeps_the_place_too(tmp_path: Path, state: Path) -> None:
    from tests.ui.test_terminal import Running

    path = tmp_path / "small.toml"
    path.write_text(THREE.replace(BY_HAND, ""), encoding="utf-8")
    program = Running(path, "Files(keeps_places=True)")
    try:
        program.read_until("quit")
        os.write(program.master, b"nnn")
        program.until_shown("step 4/")
        program.process.send_signal(signal.SIGTERM)
        program.process.wait(SECONDS)
    finally:
        program.close()
    assert '"step": 4' in state.read_text()
