"""The files beside a session: its scenario being edited, a recording, a replay, a bookmark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.core.errors import NnhsError
from nnhs_tui.ui.file_watch import CHANGED, EVERY, GONE, FileWatch
from nnhs_tui.ui.messages import REFUSED_MARK
from nnhs_tui.ui.recording import Recording
from nnhs_tui.ui.replay import Replay
from nnhs_tui.ui.screens.typing import TypingScreen

if TYPE_CHECKING:
    from nnhs_tui.core.session import Session


class FilesScreen(TypingScreen):
    """The debugger's dealings with files."""

    recording: Recording | None = None
    replay: Replay | None = None
    keeps_place = False
    """Whether it is kept where one was when the screen is left."""
    is_fresh = False
    """Whether one begins at the start all the same."""
    _watch: FileWatch | None = None

    def replace_session(self, session: Session) -> None:
        """Go on with another session."""
        raise NotImplementedError

    # The scenario's file

    def watch_file(self) -> None:
        """Look now and then whether the scenario's file was changed."""
        self._watch = FileWatch(self.session.scenario.path)
        self.set_interval(EVERY, self._look_at_file)

    def _look_at_file(self) -> None:
        assert self._watch is not None
        found = self._watch.poll()
        if found == GONE:
            self.row.say(f"{self.session.scenario.path} is gone; what was loaded stays")
            self.redraw_soon()
        elif found == CHANGED and not self.training.is_running:
            self._load_again(by_hand=False)

    def _reload(self, _argument: str) -> None:
        self._load_again(by_hand=True)

    def _load_again(self, *, by_hand: bool) -> None:
        """Take the file as it is now, at the same step; where it has faults, stay as before."""
        from nnhs_tui.core.whereabouts import reloaded

        self.autoplay.stop()
        try:
            session, left_out = reloaded(self.session)
        except NnhsError as error:
            self._show_faults(str(error).splitlines(), by_hand=by_hand)
            return
        if session.scenario == self.session.scenario and not by_hand:
            return
        self.replace_session(session)
        kept = f"; not kept: {'; '.join(left_out)}" if left_out else ""
        self.row.say(f"{session.scenario.path} was loaded again{kept}")
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
        from nnhs_tui.core.places import remembered
        from nnhs_tui.core.whereabouts import go_there

        place = remembered(self.session.scenario.path)
        if place is None:
            return
        left_out = go_there(self.session, place)
        session = self.session
        kept = f"; not kept: {'; '.join(left_out)}" if left_out else ""
        told = f"back where you were: round {session.round + 1}, step {session.index + 1}"
        self.row.say(f"{told}{kept}; :reset begins anew")
        self.redraw_soon()

    def on_unmount(self) -> None:
        """The screen is left: keep the place, end the recording."""
        if self.recording is not None:
            self.recording.close()
        if self.keeps_place and self.is_open:
            from nnhs_tui.core.places import remember
            from nnhs_tui.core.whereabouts import whereabouts

            remember(self.session.scenario.path, whereabouts(self.session))

    # Recording and replaying

    def record(self, command: str) -> None:
        """Write a command that was carried out into the recording, if there is one."""
        self._tell(self.recording.add(command) if self.recording is not None else "")

    def _tell(self, fault: str) -> None:
        """Say that the recording has ended, if it has."""
        if fault:
            self.row.refuse(fault)
            self.redraw_soon()

    def begin_recording(self, recording: Recording) -> None:
        """Record from here on."""
        self.recording = recording
        self._tell(recording.begin(self.session))

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
        while replay.left:
            self.replay_next()
        if replay.faults:
            self.row.refuse(replay.told_faults())

    def replay_next(self) -> bool:
        """Carry out the next line of the replay; False where none is left after it."""
        assert self.replay is not None
        line = self.replay.next()
        playing = self.autoplay.playing
        self.run_command(line.command)
        self.training.complete()
        if playing and not self.autoplay.playing:
            self.autoplay.start(self.autoplay.interval)
        if self.row.is_refusal:
            told = self.row.text.removeprefix(REFUSED_MARK)
            self.replay.faults.append(f"line {line.number}: {told}")
            self.row.refuse(self.replay.faults[-1])
        else:
            told = line.caption or ": ".join(filter(None, (line.command, self.row.text)))
            self.row.say(f"{self.replay.done}/{len(self.replay.lines)}  {told}")
        return self.replay.left > 0

    def _replay_next(self, _argument: str) -> None:
        if self.replay is None:
            self.row.refuse("nothing is being replayed; nnhs-tui run SCENARIO --replay FILE does")
        elif self.replay.left:
            self.replay_next()
        else:
            self.row.say("the replay is at its end")
