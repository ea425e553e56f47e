"""Commands that are typed: the debugger's command line, and keys that ask for an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from nnhs_tui.commands.commands import BY_WORD
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part
from nnhs_tui.ui.typing import Typing, asks

if TYPE_CHECKING:
    from nnhs_tui.debugger.naming.completion import Candidate
    from nnhs_tui.present.text.lines import Line
    from nnhs_tui.ui.debugger.autoplay import Autoplay
    from nnhs_tui.ui.screens.sized import SizedScreen


class TypedCommands(Part):
    """The command line of the debugger.

    Args:
        screen: where its last row is.
        asked_for: the question that a line answers, "" where it answers none.
    """

    def __init__(
        self,
        debugger: Debugger,
        screen: SizedScreen,
        autoplay: Autoplay,
        asked_for: Callable[[str], str],
    ) -> None:
        super().__init__(debugger)
        self._asked_for = asked_for
        self._autoplay = autoplay
        self.typing = Typing(
            screen, debugger.row, self._candidates, debugger.run_command, debugger.redraw_soon
        )

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"command": self._open}

    def draw(self, width: int) -> Line:
        """What stands above the line: what it answers, or how it may go on."""
        return self.typing.draw(width, self._asked_for)

    def press(self, command: str) -> None:
        """Carry out the command of a key; where it needs an argument, ask for it."""
        if asks(command):
            self._open(f"{command} {self._suggested(command)}")
        else:
            self._debugger.run_command(command)

    def _open(self, text: str) -> None:
        self._autoplay.stop()
        self.typing.open(text)

    def _suggested(self, command: str) -> str:
        """What an argument most likely begins with: for an edit the number in work."""
        if command != "edit" or not self._debugger.is_open:
            return ""
        from nnhs_tui.debugger.actions.what_if import suggested

        return suggested(self._debugger.session)

    def _candidates(self, line: str) -> list[Candidate]:
        if not self._debugger.is_open:
            return []
        if line.lstrip().startswith("lesson ") and "lesson" in BY_WORD:
            from nnhs_tui.lessons.library import candidates as lessons

            return lessons(line.lstrip())
        from nnhs_tui.debugger.naming.completion import candidates

        return candidates(self._debugger.session, line)
