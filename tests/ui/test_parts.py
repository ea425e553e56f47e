"""Each part of the debugger's screen built alone, and all of them put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.commands import commands
from nnhs_tui.commands.commands import BY_WORD, COMMANDS, SCREEN
from nnhs_tui.errors import Refusal
from nnhs_tui.ui.debugger.autoplay import Autoplay
from nnhs_tui.ui.debugger.part import Handler, Part, joined
from nnhs_tui.ui.debugger.parts.asides import Asides
from nnhs_tui.ui.debugger.parts.bookmark import Bookmark
from nnhs_tui.ui.debugger.parts.briefing import Briefing
from nnhs_tui.ui.debugger.parts.carrying_out import CarryingOut
from nnhs_tui.ui.debugger.parts.playing import Playing
from nnhs_tui.ui.debugger.parts.pointer import Pointer
from nnhs_tui.ui.debugger.parts.presenting import Presenting
from nnhs_tui.ui.debugger.parts.recorder import Recorder
from nnhs_tui.ui.debugger.parts.replaying import Replaying
from nnhs_tui.ui.debugger.parts.scenario_file import ScenarioFile
from nnhs_tui.ui.debugger.parts.stopping import Stopping
from nnhs_tui.ui.debugger.parts.task import Task
from nnhs_tui.ui.debugger.parts.typed_commands import TypedCommands
from nnhs_tui.ui.debugger.parts.views import Views
from nnhs_tui.ui.debugger.recording import Recording
from nnhs_tui.ui.debugger.replay import Replay
from nnhs_tui.ui.debugger.screen import DebuggerScreen
from nnhs_tui.ui.widgets.pane import Pane
from tests.ui.examples import session_of
from tests.ui.stand_in import StandIn
from tests.ui.terminal import running


@pytest.fixture
def debugger(tmp_path: Path) -> StandIn:
    return StandIn(session_of(tmp_path))


def autoplay(debugger: StandIn) -> Autoplay:
    pump: Any = debugger
    return Autoplay(lambda: True, pump)


def views(debugger: StandIn) -> Views:
    """Views of panes that draw what they are scrolled by, up to three rows."""

    def draw(name: str, width: int, height: int, scroll: tuple[int, int]) -> list[Any]:
        return [((f"{name} {min(3, max(0, scroll[0]))} {scroll[1]}", "text"),)]

    return Views(debugger, Presenting(debugger), Pointer(debugger), draw)


def carrying_out(debugger: StandIn, recorder: Recorder | None = None) -> CarryingOut:
    pump: Any = debugger
    recorder = recorder or Recorder(debugger)
    return CarryingOut(debugger, pump, views(debugger), recorder, lambda: None)


def carry_out(part: Part, word: str, argument: str = "") -> None:
    part.commands[word](argument)


# Put together


class Doing(Part):
    """A part that carries out the commands it is given."""

    def __init__(self, *words: str) -> None:
        self.done: list[str] = []
        self._words = words

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {word: self.done.append for word in self._words}


def test_tables_are_joined_into_one() -> None:
    one, other = Doing("zoom"), Doing("help", "quit")
    handlers = joined([one, other], [BY_WORD["zoom"], BY_WORD["quit"]])
    handlers["zoom"]("now")
    handlers["help"]("")
    assert (one.done, other.done) == (["now"], [""])


def test_a_command_that_no_part_carries_out_is_found_at_the_start() -> None:
    with pytest.raises(LookupError, match="no part of the debugger carries out zoom"):
        joined([Doing("help")], [BY_WORD["help"], BY_WORD["zoom"]])


def test_a_command_that_two_parts_carry_out_is_found_at_the_start() -> None:
    with pytest.raises(LookupError, match="two parts of the debugger carry out zoom"):
        joined([Doing("zoom"), Doing("zoom")], [BY_WORD["zoom"]])


def test_the_screen_does_not_start_with_a_command_it_cannot_carry_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zoom = BY_WORD["zoom"]
    row = replace(zoom, row=replace(zoom.row, word="tilt"), keys=())
    monkeypatch.setattr(commands, "COMMANDS", [*COMMANDS, row])
    monkeypatch.setattr("nnhs_tui.ui.debugger.all_parts.COMMANDS", [*COMMANDS, row])
    with pytest.raises(LookupError, match="tilt"):
        DebuggerScreen()


def test_every_handler_is_of_a_command_there_is() -> None:
    words = {command.word for command in COMMANDS if command.scope == SCREEN}
    assert set(DebuggerScreen().parts.handlers) == words


async def test_esc_stops_all_parts_and_has_them_let_go(tmp_path: Path) -> None:
    async with running(session_of(tmp_path)) as terminal:
        screen = terminal.app.screen
        for command in ("countdown 60", "pointer", "scroll-right", "pane 1"):
            screen.run_command(command)
        screen.parts.pointer.tip = None
        screen.run_command("scroll-right")
        screen.parts.pointer.tip = (9, 9)
        screen.parts.autoplay.start(1000)
        assert screen.parts.views.pointed_at() and screen.parts.task.is_running
        await terminal.press("escape")
        assert not screen.parts.task.is_running and not screen.parts.pointer.is_on
        assert not screen.parts.views.pointed_at() and not screen.parts.autoplay.playing
        assert "paused" in terminal.screen.display[-1]


# One by one


def test_stopping_says_what_stopped_and_has_all_let_go(debugger: StandIn) -> None:
    let_go: list[str] = []
    carry_out(Stopping(debugger, lambda: let_go.append("all")), "stop")
    assert (debugger.row.text, let_go, debugger.halts) == ("halted", ["all"], 1)


def test_presenting_marks_the_panes_that_are_wanted(debugger: StandIn) -> None:
    part = Presenting(debugger)
    assert not part.is_on
    debugger.classes = {"-zoomed"}
    carry_out(part, "present")
    assert part.is_on and debugger.classes == {"-presenting"}
    carry_out(part, "panes", "net gradients")
    assert part.wanted == ("net", "gradients")
    assert "-wanted" in debugger.pane("net").classes
    part.want("net")
    assert part.wanted == ("gradients",) and "-wanted" not in debugger.pane("net").classes
    part.want("step")
    assert part.wanted == ()
    with pytest.raises(Refusal):
        carry_out(part, "panes", "roof")
    carry_out(part, "present")
    assert not debugger.classes


def test_presenting_from_the_start() -> None:
    part = Presenting(StandIn(None), ("net",))
    assert part.is_on and part.wanted == ("net",)


def test_the_large_step_gives_way_to_a_task(debugger: StandIn) -> None:
    part = Presenting(debugger, ())
    step, task = part.draw(80, 20, (0, 0), None), part.draw(80, 20, (0, 0), 59)
    assert step != task and task != part.draw(80, 20, (0, 0), 58)


def test_a_task_runs_out_by_its_own_timer(
    debugger: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr("nnhs_tui.ui.debugger.parts.task.monotonic", lambda: now[0])
    part = Task(debugger, Presenting(debugger))
    carry_out(part, "countdown", "2")
    timer = debugger.timers[0]
    assert part.is_running and debugger.halts == 1 and "0:02" in debugger.row.text
    now[0] += 1
    timer.ring()
    assert "0:01" in debugger.row.text and not timer.is_stopped
    now[0] += 1
    timer.ring()
    assert not part.is_running and part.countdown is not None and timer.is_stopped
    assert debugger.program.rings == 1, "once, when it is over"
    part.halt()
    assert part.countdown is None
    with pytest.raises(Refusal, match="from 1 to 3600, found 'soon'"):
        carry_out(part, "countdown", "soon")


def test_the_pointer_moves_by_strides_and_stays_on_the_screen(debugger: StandIn) -> None:
    part = Pointer(debugger)
    carry_out(part, "pointer")
    assert part.tip == (22, 8), "the middle of the step's pane"
    part.move(1, -1)
    assert part.tip == (18, 9)
    part.move(100, 100)
    assert part.tip == (79, 22)
    pane: Any = debugger.pane("net")
    assert part.press(Pane.Pressed(pane, 4, 5))
    assert part.tip == (7, 7)
    part.let_go()
    assert part.tip is None and not part.press(Pane.Pressed(pane, 4, 5))


def test_views_choose_scroll_and_follow_again(debugger: StandIn) -> None:
    part = views(debugger)
    carry_out(part, "pane", "4")
    assert part.chosen == "gradients" and "-chosen" in debugger.pane("gradients").classes
    for _ in range(9):
        carry_out(part, "scroll-down")
    assert part.scrolls == {"gradients": (3, 0)}, "only as far as there is something new"
    part.follow()
    assert part.scrolls == {}
    carry_out(part, "zoom")
    assert debugger.has_class("-zoomed")
    carry_out(part, "zoom")
    assert not debugger.has_class("-zoomed")
    with pytest.raises(Refusal, match="found '77'"):
        carry_out(part, "pane", "77")


def test_views_run_to_what_is_chosen(debugger: StandIn) -> None:
    part = views(debugger)
    with pytest.raises(Refusal, match="nothing is chosen"):
        carry_out(part, "accept")
    carry_out(part, "scroll-right")
    assert "Enter runs there" in debugger.row.text
    carry_out(part, "accept")
    assert debugger.commands and debugger.commands[0].startswith("run-to ")
    part.let_go()
    assert part.pointed_at() == ""


def test_views_carry_out_the_rows_of_lists(debugger: StandIn) -> None:
    part = views(debugger)
    with pytest.raises(Refusal, match="works in a list"):
        carry_out(part, "remove")
    debugger.session.execute("break hidden.z[1]")
    carry_out(part, "pane", "6")
    assert part.is_list and debugger.has_class("-listing")
    carry_out(part, "remove")
    assert debugger.commands == ["delete 1"] and not debugger.session.breakpoints.stops()


def test_a_recorder_writes_while_there_is_a_recording(debugger: StandIn, tmp_path: Path) -> None:
    part = Recorder(debugger)
    part.add("next")
    assert not part.end()
    file = tmp_path / "done.txt"
    part.begin(Recording(str(file)))
    part.add("goto 3")
    part.begin_again()
    part.close()
    part.add("next")
    assert file.read_text().splitlines()[1:3] == [
        "goto 3",
        "# the scenario was saved as it was here",
    ]
    assert "next" not in file.read_text() and part.end() and part.recording is None
    part.tell("the disk is full")
    assert "the disk is full" in debugger.row.text


def test_a_bookmark_brings_back_where_one_was(debugger: StandIn, tmp_path: Path) -> None:
    part = Bookmark(debugger, is_fresh=False)
    part.keep()
    debugger.session.execute("goto 7")
    debugger.program.files = replace(debugger.program.files, keeps_places=True)
    part.keep()
    debugger.move_into(session_of(tmp_path))
    part.is_fresh = True
    part.go_back()
    assert debugger.session.index == 0
    part.is_fresh = False
    part.go_back()
    assert debugger.session.index == 6
    assert "back where you were: round 1, step 7" in debugger.row.text


def test_a_changed_file_is_loaded_when_it_stands_still(debugger: StandIn) -> None:
    part = ScenarioFile(debugger, carrying_out(debugger))
    part.watch()
    path = Path(debugger.session.scenario.path)
    debugger.session.execute("goto 7")
    path.write_text(path.read_text().replace("0.5, -0.3", "0.5, -0.4"))
    look = debugger.timers[0].ring
    look()
    assert not debugger.moved_into
    look()
    assert debugger.moved_into and debugger.session.index == 6
    path.write_text("title = 3")
    with_faults = debugger.session
    carry_out(part, "reload")
    assert debugger.session is with_faults and len(debugger.program.pushed) == 1


def test_in_a_kiosk_no_file_is_watched(debugger: StandIn) -> None:
    only = (debugger.session.scenario,)
    debugger.program.files = replace(debugger.program.files, only=only)
    ScenarioFile(debugger, carrying_out(debugger)).watch()
    assert not debugger.timers


def test_carrying_out_shows_records_and_goes_on(debugger: StandIn, tmp_path: Path) -> None:
    recorder, done = Recorder(debugger), []
    recorder.begin(Recording(str(tmp_path / "done.txt")))
    pump: Any = debugger
    looked_at = views(debugger)
    part = CarryingOut(debugger, pump, looked_at, recorder, lambda: done.append("on"))
    looked_at.scrolls["net"] = (1, 1)
    part.start("goto 5")
    assert debugger.session.index == 4 and not looked_at.scrolls and done == ["on"]
    part.start("goto nowhere")
    assert debugger.row.is_refusal and done == ["on", "on"] and not part.is_running
    part.start("from")
    assert looked_at.lists.shown == "where"
    recorder.close()
    assert (tmp_path / "done.txt").read_text().splitlines()[1:] == ["goto 5", "from"]


def replaying(debugger: StandIn, *lines: str) -> Replaying:
    pump: Any = debugger
    part = Replaying(debugger, pump, autoplay(debugger), carrying_out(debugger))
    part.begin(Replay(lines), None, stepwise=True)
    return part


def test_a_replay_carries_out_a_line_at_a_time(debugger: StandIn) -> None:
    part = replaying(debugger, "# look", "goto 3", "goto nowhere")
    assert part.has_lines_left and "replay of 2 lines" in debugger.row.text
    carry_out(part, "replay-next")
    assert debugger.session.index == 2 and debugger.row.text == "1/2 look"
    carry_out(part, "replay-next")
    assert debugger.row.text.startswith("✗ line 3:") and not part.has_lines_left
    carry_out(part, "replay-next")
    assert "at its end" in debugger.row.text
    part.end()
    with pytest.raises(Refusal, match="nothing is being replayed"):
        carry_out(part, "replay-next")


def test_a_replay_that_hurries_says_where_it_was_stopped(debugger: StandIn) -> None:
    part = replaying(debugger, "next", "next")
    assert part.halt() == "", "it waits for a key anyhow"
    part._is_hurrying = True
    assert part.halt() == "the replay stopped after 0 of 2 lines: . carries out the next"
    assert not part.is_hurrying
    part.begin(Replay(["next", "next"]), None, stepwise=False)
    assert debugger.session.index == 2 and not part.is_hurrying


def test_playing_steps_until_the_round_is_complete(debugger: StandIn) -> None:
    clock, recorder, work = autoplay(debugger), Recorder(debugger), carrying_out(debugger)
    pump: Any = debugger
    replay = Replaying(debugger, pump, clock, work)
    task = Task(debugger, Presenting(debugger))
    part = Playing(debugger, clock, work, recorder, replay, task)
    carry_out(part, "play")
    assert clock.playing and debugger.session.index == 1 and "1 s a step" in debugger.row.text
    carry_out(part, "faster")
    assert clock.interval == 0.5
    carry_out(part, "slower")
    assert clock.interval == 1.0
    carry_out(part, "play")
    assert not clock.playing and debugger.row.text == "paused"
    debugger.session.execute("last")
    assert not part.step() and "the round is complete" in debugger.row.text
    assert part.halt() == ""


def test_briefing_says_what_covers_the_step_and_steers(debugger: StandIn) -> None:
    clock = autoplay(debugger)
    pump: Any = debugger
    replay = Replaying(debugger, pump, clock, carrying_out(debugger))
    task, pointer = Task(debugger, Presenting(debugger)), Pointer(debugger)
    part = Briefing(debugger, clock, replay, task, pointer)
    part.brief()
    pointer.tip = (1, 1)
    shown = part._shown()
    assert shown.pointing and shown.covered == "" and not shown.blanked
    part._take("next")
    assert debugger.commands == ["next"]
    carry_out(Asides(debugger, clock, tuple), "test")
    assert part._shown().covered == "a self-test"
    part._take("next")
    assert debugger.commands == ["next"] and "a self-test is open there" in debugger.row.text
    part.end()


def test_asides_show_copy_and_leave(debugger: StandIn) -> None:
    clock = autoplay(debugger)
    part, program = Asides(debugger, clock, tuple), debugger.program
    for word in ("help", "legend", "about", "test", "scenarios", "palette"):
        clock.start()
        halts = debugger.halts
        carry_out(part, word)
        if word == "test":
            assert debugger.halts == halts + 1, "a training too ends where it is"
            clock.stop()
        assert not clock.playing, f"{word} pauses"
    kinds = [type(each).__name__ for each in program.pushed]
    assert kinds == [*["PageScreen"] * 3, "SelfTestScreen", "PickerScreen", "Palette"]
    carry_out(part, "copy")
    carry_out(part, "copy-formula")
    assert program.copied[0] == "0.50" and "=" in program.copied[1]
    with pytest.raises(Refusal, match="not known yet"):
        carry_out(part, "copy", "output.z[1]")
    carry_out(part, "theme", "dark")
    assert program.worn == ["dark"]
    with pytest.raises(Refusal, match="theme takes one of"):
        carry_out(part, "theme", "plaid")
    with pytest.raises(Refusal, match="there is no shell"):
        carry_out(part, "suspend")
    program.shell = ""
    carry_out(part, "suspend")
    carry_out(part, "quit")
    assert program.exited == [0]


async def test_typed_commands_ask_for_what_a_key_needs(tmp_path: Path) -> None:
    debugger = StandIn(session_of(tmp_path))
    async with running(session_of(tmp_path)) as terminal:
        clock = autoplay(debugger)
        part = TypedCommands(debugger, terminal.app.screen, clock, lambda line: "")
        clock.start()
        part.press("next")
        assert debugger.commands == ["next"] and not debugger.row.typing and clock.playing
        part.press("goto")
        assert debugger.row.typing and debugger.commands == ["next"] and not clock.playing
        assert not part.typing.is_key("run", ("next",)) and part.typing.is_key("leave", ())
        assert part.typing.prepare().value == "goto "
        part.typing.prepare().action_leave()
        assert not debugger.row.typing
        part.press("edit")
        assert part.typing.prepare().value.startswith("edit hidden."), "the number in work"
