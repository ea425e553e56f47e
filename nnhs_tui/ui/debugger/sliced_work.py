"""Work that takes a while on the screen: in slices, so that keys are heard and the bar moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nnhs_tui.debugger.outcome import Outcome
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.debugger.work import Work

AT_ONCE = 0.15
"""Seconds of computing that nobody notices: what is done by then is done like any command."""
SLICE = 0.03
"""Seconds of computing before keys are looked at."""
PAUSE = 0.003
"""Seconds between two slices."""
SHOW = 0.2
"""Seconds from one picture of the bar to the next: few enough bytes for a slow line."""
BAR = 20


class WorkRunner:
    """Carries out the commands of a session while the screen stays awake.

    Args:
        show: shows a text while the work is under way.
        finished: is given what became of it, and the command that leads to the same; "" for none.
    """

    def __init__(
        self,
        pump: MessagePump,
        show: Callable[[str], None],
        finished: Callable[[Outcome, str], None],
    ) -> None:
        self._pump, self._show, self._finished = pump, show, finished
        self._work: Work | None = None
        self._session: Session | None = None
        self._shown = 0.0

    @property
    def is_running(self) -> bool:
        """Whether a command is under way."""
        return self._work is not None

    def start(self, session: Session, command: str) -> None:
        """Carry out a command; the one that is under way ends where it is."""
        self.stop()
        from nnhs_tui.debugger.carrying_out import begin
        from nnhs_tui.debugger.outcome import REFUSED, Outcome

        self._session = session
        begun = begin(session, command)
        if isinstance(begun, Outcome):
            self._finished(begun, "" if begun.kind == REFUSED else command)
            return
        self._work, self._shown = begun, time.monotonic()
        self._slice(begun, AT_ONCE)

    def stop(self) -> None:
        """End what is under way where it is: the rounds of a training stay."""
        if self._work is not None:
            self._finished(*self._ended(self._work))

    def let_go(self) -> str:
        """The same where nobody looks any more; gives the command that leads to the same."""
        return "" if self._work is None else self._ended(self._work)[1]

    def _ended(self, work: Work) -> tuple[Outcome, str]:
        self._work = None
        try:
            outcome = work.finish()
        except MemoryError as error:
            assert self._session is not None
            outcome = self._session.short_of_memory(error)
        return outcome, work.leads_there if outcome.kind != "refused" else ""

    def _slice(self, work: Work, seconds: float) -> None:
        if work is not self._work:
            return
        begun = time.monotonic()
        while time.monotonic() - begun < seconds:
            if not work.advance():
                self.stop()
                return
        if begun - self._shown >= SHOW or seconds > SLICE:
            self._shown = begun
            self._show(bar(work))
        soon(self._pump, partial(self._slice, work, SLICE))


def soon(pump: MessagePump, call: Callable[[], object]) -> None:
    """Call when the screen has been painted and keys were heard: that takes a pause.

    Of Textual's own timers one for so short a time is left out where the machine is busy just then.
    """
    asyncio.get_running_loop().call_later(PAUSE, pump.call_next, call)


def bar(work: Work) -> str:
    """`training ████······ 412 of 1000 rounds, loss 0.12: Esc stops`."""
    full = BAR * work.done // max(1, work.total)
    return f"{work.doing} {'█' * full}{'·' * (BAR - full)} {work.describe()}: Esc stops"
