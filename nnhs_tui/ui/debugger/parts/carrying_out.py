"""Carrying out the commands of the session, at once or in slices, and telling what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nnhs_tui.debugger.outcome import MOVED, REFUSED
from nnhs_tui.ui.debugger.part import Debugger, Part
from nnhs_tui.ui.debugger.sliced_work import WorkRunner

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nnhs_tui.debugger.outcome import Outcome
    from nnhs_tui.ui.debugger.parts.recorder import Recorder
    from nnhs_tui.ui.debugger.parts.views import Views


class CarryingOut(Part):
    """The command of the session that is under way, if there is one.

    Args:
        pump: where slices of work wait for their turn.
        go_on: what is called when a command is done.
    """

    def __init__(
        self,
        debugger: Debugger,
        pump: MessagePump,
        views: Views,
        recorder: Recorder,
        go_on: Callable[[], None],
    ) -> None:
        super().__init__(debugger)
        self._views, self._recorder, self._go_on = views, recorder, go_on
        self._work = WorkRunner(pump, self._show_progress, self._done)

    @property
    def is_running(self) -> bool:
        """Whether a command is under way."""
        return self._work.is_running

    def start(self, command: str) -> None:
        """Carry out a command of the session; see `WorkRunner`."""
        session = self._debugger.session
        scenario = session.scenario
        self._work.start(session, command)
        if session.scenario is not scenario:
            self._recorder.begin_again()

    def halt(self) -> str:
        self._work.stop()
        return ""

    def leave(self) -> None:
        """The scenario is left: what is under way ends where it is."""
        if leads_there := self._work.let_go():
            self._recorder.add(leads_there)

    def show(self, outcome: Outcome) -> None:
        """Show what became of a command."""
        self._debugger.redraw_soon()
        if outcome.kind == REFUSED:
            self._debugger.row.refuse(outcome.message)
            return
        self._debugger.row.say(outcome.message)
        if outcome.pane:
            self._views.show_list(outcome.pane)
        if outcome.kind == MOVED:
            self._views.follow()

    def _done(self, outcome: Outcome, leads_there: str) -> None:
        """A command has been carried out, at once or after a while."""
        self.show(outcome)
        if leads_there:
            self._recorder.add(leads_there)
        self._go_on()

    def _show_progress(self, text: str) -> None:
        """A command is under way: only the last row tells of it."""
        self._debugger.row.say(text)
        self._debugger.pane("message").redraw()
