"""Those who follow: they are shown each step, and asked for its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nnhs_tui.errors import Refusal, quoted
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part

if TYPE_CHECKING:
    from nnhs_tui.hall.asking import Asker
    from nnhs_tui.hall.hall import Hall

NOBODY = "nobody follows: nnhs-tui serve lets a class follow and answer"
GROWS, QUIET, CODE = "grows", "quiet", "code"


class Following(Part):
    """Shows the hall what is on the screen, and asks it."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(debugger)
        self._kept: Asker | None = None

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"ask": self._ask, "hall": self._open, "send-away": self._send_away}

    def show(self) -> None:
        """Something on the screen has changed."""
        hall = self._debugger.program.files.hall
        if hall is None or not self._debugger.is_open:
            return
        hall.session = self._debugger.session
        hall.show(self._debugger.scene)

    @property
    def _hall(self) -> Hall:
        hall = self._debugger.program.files.hall
        if hall is None:
            raise Refusal(NOBODY)
        return hall

    @property
    def _asker(self) -> Asker:
        if self._kept is None:
            from nnhs_tui.hall.asking import Asker

            self._kept = Asker()
        return self._kept

    def _ask(self, argument: str) -> None:
        """[QUANTITY | grows] [quiet] [SECONDS s]."""
        hall, session = self._hall, self._debugger.session
        words = argument.split()
        seconds = None
        if len(words) > 1 and words[-1] == "s" and words[-2].isascii() and words[-2].isdigit():
            seconds = int(words[-2])
            del words[-2:]
            if not 5 <= seconds <= 3600:
                raise Refusal("ask takes 5 to 3600 seconds: ask hidden.z[1] 60 s")
        hints = QUIET not in words
        words = [each for each in words if each != QUIET]
        asker = self._asker
        if words == [GROWS]:
            hall.ask(asker.grows(session), hints=hints, seconds=seconds)
        else:
            hall.ask(asker.number(session, " ".join(words)), hints=hints, seconds=seconds)
        self._open("")

    def _open(self, argument: str) -> None:
        word, _, code = argument.strip().partition(" ")
        if word == CODE:
            self._debugger.row.say(f"the code is now {self._hall.change_code(code)}")
        elif word:
            raise Refusal(f"hall takes {CODE} [TEXT], found {quoted(argument.strip())}")
        from nnhs_tui.ui.screens.hall import HallScreen

        hall, program = self._hall, self._debugger.program
        if not isinstance(program.screen, HallScreen):
            program.push_screen(HallScreen(hall, self._propose, self._ask), self._left)

    def _left(self, _result: object) -> None:
        """Back at the step: what was revealed is done with, what was not still hides the answer."""
        hall = self._hall
        if hall.poll is None or hall.poll.is_put_away:
            return
        if hall.poll.is_revealed:
            hall.put_away()
            return
        self._debugger.row.say("the question stays, and hides its answer: O goes back to it")
        self._debugger.redraw_soon()

    def _propose(self) -> str:
        hall = self._hall
        return (
            "" if hall.poll is None else self._asker.next_after(self._debugger.session, hall.poll)
        )

    def _send_away(self, argument: str) -> None:
        self._hall.refuse(argument)
        self._debugger.row.say(f"{argument.strip()} is no longer here")
