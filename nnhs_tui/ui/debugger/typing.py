"""Typing commands into the debugger's last row, with what completes them above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nnhs_tui.commands.commands import BY_WORD
from nnhs_tui.commands.panes import TIMELINE
from nnhs_tui.present.text.lines import Line
from nnhs_tui.ui.debugger.aside import AsideScreen
from nnhs_tui.ui.screens.sized import paper
from nnhs_tui.ui.widgets.pane import Pane

if TYPE_CHECKING:
    from nnhs_tui.debugger.completion import Candidate
    from nnhs_tui.ui.widgets.command_line import CommandLine

ASKS = ("search",)
"""Commands that ask for their argument though they can do without it."""


class LastRow(Widget):
    """Holds the message row, and the command line while one is typed."""

    def render_lines(self, crop: Region) -> list[Strip]:
        return paper(self, crop)


class TypingScreen(AsideScreen):
    """The debugger's command line."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """While a command is being typed its letters are not keys."""
        if action != "run" or not self.row.typing:
            return True
        return parameters == ("palette",) and all("+" in key for key in BY_WORD["palette"].keys)

    def action_run(self, command: str) -> None:
        """Carry out the command of a key; where it needs an argument, ask for it."""
        found = BY_WORD.get(command)
        asks = found is not None and found.argument and not found.argument.startswith("[")
        if asks or command in ASKS:
            self.open_command_line(f"{command} {self._suggested(command)}")
        else:
            self.run_command(command)

    def _suggested(self, command: str) -> str:
        """What an argument most likely begins with: for an edit the number in work."""
        if command != "edit" or not self.is_open:
            return ""
        from nnhs_tui.debugger.actions.what_if import suggested

        return suggested(self.session)

    def _command(self, _argument: str) -> None:
        self.open_command_line("")

    def open_command_line(self, text: str) -> None:
        """Type a command in the last row, beginning with a text."""
        self.autoplay.stop()
        from nnhs_tui.ui.widgets.command_line import CommandLine

        self.prepare_command_line()
        self.add_class("-typing")
        self.row.typing = True
        self.query_one(CommandLine).open(text)
        self.redraw_soon()

    def prepare_command_line(self) -> None:
        """Have it there before it is needed: what comes together with the colon belongs to it."""
        from nnhs_tui.ui.widgets.command_line import CommandLine

        if not self.query(CommandLine):
            self.query_one(LastRow).mount(CommandLine(self._candidates, self._typed))

    def _candidates(self, line: str) -> list[Candidate]:
        if not self.is_open:
            return []
        from nnhs_tui.debugger.completion import candidates

        return candidates(self.session, line)

    def draw_typing(self, width: int) -> Line:
        """How the line may go on, in the row above it."""
        from nnhs_tui.present.candidates import draw_candidates
        from nnhs_tui.ui.widgets.command_line import CommandLine

        typed = self.query_one(CommandLine)
        return draw_candidates(typed.value, typed.candidates, typed.chosen, width)

    def on_command_line_typed(self, _message: CommandLine.Typed) -> None:
        self.query_one(f"#{TIMELINE.name}", Pane).redraw()

    def _typed(self, command: str) -> None:
        """Back to the keys, and carry out what was typed."""
        self.remove_class("-typing")
        self.row.typing = False
        self.row.say("")
        if command:
            self.run_command(command)
        self.redraw_soon()
