"""The command palette: every command of the table, found by its name."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from nnhs_tui.commands.commands import COMMANDS, Command, key_labels
from nnhs_tui.ui.keys import bindings
from nnhs_tui.ui.screens.leaving import LeftOnce
from nnhs_tui.ui.terminal.safe_palette import SafePalette


class Commands(Provider):
    """The table of commands, as the palette asks for it."""

    def _run(self, word: str) -> None:
        # The debugger's screen, which carries out every command of the table.
        screen: Any = self.screen
        screen.app.call_later(screen.action_run, word)

    @staticmethod
    def _label(command: Command) -> str:
        keys = key_labels(command)
        return f"{command.word}: {command.title}" + (f"  ({keys})" if keys else "")

    async def discover(self) -> Hits:
        """All of them, in the order of the table."""
        for command in COMMANDS:
            yield DiscoveryHit(
                Content(self._label(command)),
                partial(self._run, command.word),
                text=command.word,
                help=command.help,
            )

    async def search(self, query: str) -> Hits:
        """Those in whose word, title or help the letters are found."""
        matcher = self.matcher(query)
        for command in COMMANDS:
            label = self._label(command)
            score = max(matcher.match(label), matcher.match(command.help) / 2)
            if score > 0:
                # Not highlighted: that would take keys such as [ for markup.
                yield Hit(
                    score,
                    Content(label),
                    partial(self._run, command.word),
                    text=command.word,
                    help=command.help,
                )


class Palette(LeftOnce, SafePalette):
    """The palette over the debugger."""

    # Of a modal screen Textual does not ask for the keys of the program.
    BINDINGS: ClassVar[list[BindingType]] = bindings(("suspend",))

    def action_run(self, command: str) -> None:
        self.app.action_run(command)  # type: ignore[attr-defined]


def palette() -> Palette:
    """The palette, to be shown over the debugger."""
    return Palette([Commands], placeholder="a command, by its name")
