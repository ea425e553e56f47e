"""Typing a command into a screen's last row, with what completes it in the row above."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from nnhs_tui.commands.commands import BY_WORD
from nnhs_tui.ui.widgets.last_row import LastRow

if TYPE_CHECKING:
    from textual.screen import Screen

    from nnhs_tui.debugger.naming.completion import Candidate
    from nnhs_tui.present.text.lines import Line
    from nnhs_tui.ui.message_row import MessageRow
    from nnhs_tui.ui.widgets.command_line import CommandLine

ASKS = ("search",)
"""Commands that ask for their argument though they can do without it."""

KEYS = ("run", "scroll", "turn")
"""Actions of keys that are letters while a command is typed."""


def asks(word: str) -> bool:
    """Whether the key of a command asks for its argument."""
    found = BY_WORD.get(word)
    return word in ASKS or (found is not None and found.needs_argument)


class Typing:
    """The command line of a screen.

    Args:
        screen: it has a `LastRow`.
        row: its message row.
        complete: how a text may go on.
        carry_out: is given the command that was typed.
        redraw: draws the screen anew.
    """

    def __init__(
        self,
        screen: Screen[Any],
        row: MessageRow,
        complete: Callable[[str], list[Candidate]],
        carry_out: Callable[[str], None],
        redraw: Callable[[], None],
    ) -> None:
        self._screen, self._row = screen, row
        self._complete, self._carry_out, self._redraw = complete, carry_out, redraw
        self._line: CommandLine | None = None

    def prepare(self) -> CommandLine:
        """Have the line there before it is needed: what comes together with the colon is for it."""
        if self._line is None:
            # It brings Textual's input field, which the first frame need not wait for.
            from nnhs_tui.ui.widgets.command_line import CommandLine

            self._line = CommandLine(self._complete, self._left)
            self._screen.query_one(LastRow).mount(self._line)
        return self._line

    def open(self, text: str) -> None:
        """Type a command, beginning with a text."""
        line = self.prepare()
        self._screen.add_class("-typing")
        self._row.typing = True
        line.open(text)
        self._redraw()

    def is_key(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Whether the key of an action is one: the letters of a command that is typed are not."""
        if action not in KEYS or not self._row.typing:
            return True
        return parameters == ("palette",) and all("+" in key for key in BY_WORD["palette"].keys)

    def draw(self, width: int, asked_for: Callable[[str], str] = lambda line: "") -> Line:
        """How the line may go on, in the row above it.

        Args:
            asked_for: the question that a line answers, "" where it answers none.
        """
        from nnhs_tui.present.candidates import draw_candidates, draw_question

        line = self.prepare()
        if question := asked_for(line.value):
            return draw_question(question, width)
        return draw_candidates(line.value, line.candidates, line.chosen, width)

    def _left(self, command: str) -> None:
        """Back to the keys, and carry out what was typed."""
        self._screen.remove_class("-typing")
        self._row.typing = False
        self._row.say("")
        if command:
            self._carry_out(command)
        self._redraw()
