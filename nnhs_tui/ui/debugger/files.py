"""The files beside a session: its scenario being edited, a recording, a replay, a bookmark."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from nnhs_tui.errors import NnhsError, reason_of
from nnhs_tui.ui.debugger.file_watch import CHANGED, EVERY, GONE, FileWatch
from nnhs_tui.ui.debugger.messages import REFUSED_MARK
from nnhs_tui.ui.debugger.recording import Recording
from nnhs_tui.ui.debugger.replay import Replay, ReplayLine
from nnhs_tui.ui.debugger.sliced_work import SLICE, soon
from nnhs_tui.ui.debugger.typing import TypingScreen

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session


class FilesScreen(TypingScreen):
    """The debugger's dealings with files."""

    recording: Recording | None = None
    replay: Replay | None = None
    keeps_place = False
    """Whether it is kept where one was when the screen is left."""
    watches_file = True
    """Whether the scenario is loaded again when its file is another one."""
    is_fresh = False
    """Whether one begins at the start all the same."""
    _watch: FileWatch | None = None
    _line: ReplayLine | None = None
    """The line of the replay that is being carried out."""
    _is_carrying_out = False
    """Whether it is just being handed on, as a command like any other."""
    _is_hurrying = False
    """Whether the replay goes on by itself, as fast as it can."""

    def replace_session(self, session: Session) -> None:
        """Go on with another session."""
        raise NotImplementedError

    def begin(self) -> None:
        """Begin with a session that has just come."""
        raise NotImplementedError

    # The scenario's file

    def watch_file(self) -> None:
        """Look now and then whether the scenario's file was changed."""
        if not self.watches_file:
            return
        if self._watch is None:
            self.set_interval(EVERY, self._look_at_file)
        self._watch = FileWatch(self.session.scenario.path)

    def _look_at_file(self) -> None:
        if self.work.is_running:
            # A change is found, and waits, when it is looked for after that.
            return
        assert self._watch is not None
        found = self._watch.poll()
        if found == GONE:
            self.row.say(f"{self.session.scenario.path} is gone; what was loaded stays")
            self.redraw_soon()
        elif found == CHANGED:
            self._load_again(by_hand=False)

    def _reload(self, _argument: str) -> None:
        self.halt()
        self._load_again(by_hand=True)

    def _load_again(self, *, by_hand: bool) -> None:
        """Take the file as it is now, at the same step; where it has faults, stay as before."""
        from nnhs_tui.debugger.whereabouts import reloaded
        from nnhs_tui.scenario.loading import load

        try:
            scenario = load(self.session.scenario.path)
            if scenario == self.session.scenario and not by_hand:
                return
            self.halt()
            session, left_out = reloaded(self.session, scenario)
        except (NnhsError, MemoryError) as error:
            self._show_faults(reason_of(error).splitlines(), by_hand=by_hand)
            return
        self.replace_session(session)
        kept = f"; not kept: {'; '.join(left_out)}" if left_out else ""
        self.row.say(f"{Path(session.scenario.path).name} was loaded again{kept}")
        self.redraw_soon()

    def _show_faults(self, faults: list[str], *, by_hand: bool) -> None:
        if by_hand:
            from nnhs_tui.ui.screens.page import faults_page

            self.app.push_screen(faults_page(faults))
            return
        count = "a fault" if len(faults) == 1 else f"{len(faults)} faults"
        self.row.refuse(f"the file has {count} now (F5 shows them): {faults[0]}")
        self.redraw_soon()

    # The bookmark

    def return_to_place(self) -> None:
        """Go to where one was when this scenario was left."""
        from nnhs_tui.debugger.whereabouts import go_there

        place = self.program.places.remembered(self.session.scenario.path)
        if place is None:
            return
        left_out = go_there(self.session, place.beside(self.session.given))
        session = self.session
        kept = f"; not kept: {'; '.join(left_out)}" if left_out else ""
        told = f"back where you were: round {session.round + 1}, step {session.index + 1}"
        self.row.say(f"{told}{kept}; :reset begins anew")
        self.redraw_soon()

    def on_unmount(self) -> None:
        self.leave()

    def leave(self) -> None:
        """The scenario is left: keep the place, end the recording. What runs ends where it is."""
        if not self.is_open:
            return
        if leads_there := self.work.let_go():
            self.record(leads_there)
        if self.recording is not None:
            self.recording.close()
        if self.keeps_place:
            from nnhs_tui.debugger.whereabouts import whereabouts

            self.program.places.remember(self.session.scenario.path, whereabouts(self.session))

    def go_on_in(self, session: Session | None) -> None:
        """Go on in another scenario, in the place of this one; None: stay."""
        if session is None:
            return
        self.leave()
        was_recorded = self.recording is not None
        self.recording = self.replay = None
        self.replace_session(session)
        self.is_fresh = False
        self.begin()
        if was_recorded:
            self.row.say("the recording ended with the other scenario")

    # Recording and replaying

    def record(self, command: str) -> None:
        """Write a command that was carried out into the recording, if there is one."""
        self.tell(self.recording.add(command) if self.recording is not None else "")

    def tell(self, fault: str) -> None:
        """Say that a recording has ended, if it has."""
        if fault:
            self.row.refuse(fault)
            self.redraw_soon()

    def begin_recording(self, recording: Recording) -> None:
        """Record from here on."""
        self.recording = recording
        self.tell(recording.begin(self.session))

    def begin_replay(self, replay: Replay, speed: float | None, *, stepwise: bool) -> None:
        """Carry out the commands of a file: at a speed (lines a second), one at a key, or all."""
        self.replay = replay
        if stepwise or speed:
            told = f"replay of {replay.left} lines: . carries out the next, Space plays them"
            if replay.faults:
                self.row.refuse(replay.told_faults())
            else:
                self.row.say(told)
        if speed:
            self.autoplay.start(1 / speed)
        if stepwise or speed:
            self.redraw_soon()
            return
        self._is_hurrying = True
        self.replay_on()

    def replay_on(self) -> None:
        """Go on where a line of the replay is done: at once where nobody waits for a key."""
        if self._is_carrying_out or self.work.is_running:
            return
        self._line_done()
        begun = time.monotonic()
        while self._is_hurrying and not self.work.is_running:
            assert self.replay is not None
            if not self.replay.left:
                self._is_hurrying = False
                if self.replay.faults:
                    self.row.refuse(self.replay.told_faults())
            elif time.monotonic() - begun > SLICE:
                soon(self, self.replay_on)
                return
            else:
                self.replay_next()

    def replay_next(self) -> bool:
        """Carry out the next line of the replay; False where none is left after it."""
        assert self.replay is not None
        if self.is_replaying:
            return True
        self._line = self.replay.next()
        playing, self._is_carrying_out = self.autoplay.playing, True
        self.run_command(self._line.command)
        self._is_carrying_out = False
        if playing and not self.autoplay.playing:
            self.autoplay.start(self.autoplay.interval)
        if not self.work.is_running:
            self._line_done()
        return self.replay.left > 0

    @property
    def is_replaying(self) -> bool:
        """Whether a line of the replay is being carried out."""
        return self._line is not None

    @property
    def is_busy(self) -> bool:
        """Whether a command is under way, or a replay on its way to the end."""
        return self.work.is_running or self._is_hurrying

    def _line_done(self) -> None:
        """Say what became of a line, or show its remark."""
        line, self._line = self._line, None
        if line is None or self.replay is None:
            return
        if self.row.is_refusal:
            told = self.row.text.removeprefix(REFUSED_MARK)
            self.replay.faults.append(f"line {line.number}: {told}")
            self.row.refuse(self.replay.faults[-1])
        else:
            told = line.caption or ": ".join(filter(None, (line.command, self.row.text)))
            self.row.say(f"{self.replay.done}/{len(self.replay.lines)}  {told}")
        self.redraw_soon()

    def carry_out(self, command: str) -> None:
        """Carry out a command of the session; see `WorkRunner`."""
        scenario = self.session.scenario
        self.work.start(self.session, command)
        if self.session.scenario is not scenario and self.recording is not None:
            self.tell(self.recording.begin_again(self.session))

    def halt(self) -> None:
        """Stop what runs by itself; a replay stops too, but for what is one of its lines."""
        self._is_hurrying = self._is_hurrying and self._is_carrying_out
        super().halt()

    def _stop(self, argument: str) -> None:
        was_hurrying = self._is_hurrying
        super()._stop(argument)
        if was_hurrying and self.replay is not None:
            done = f"{self.replay.done} of {len(self.replay.lines)}"
            self.row.say(f"the replay stopped after {done} lines: . carries out the next")

    def _replay_next(self, _argument: str) -> None:
        if self.replay is None:
            self.row.refuse("nothing is being replayed; nnhs-tui run SCENARIO --replay FILE does")
        elif self.replay.left:
            self.replay_next()
        else:
            self.row.say("the replay is at its end")
