"""The app, as far as it rests on Textual's private details: each is looked for before it is used.

Where one is not there, Textual's own way is left as it is: a mistake shows its traceback, colours
are those that Textual found.
"""

from __future__ import annotations

from typing import Any

from rich.color import ColorSystem
from textual.strip import Strip

from nnhs_tui.ui.terminal.differ import DifferApp


class TerminalApp(DifferApp):
    """An app that knows of mistakes in itself, and of the shell that it was begun from."""

    is_broken = False
    """Whether a mistake in the program ended it."""

    @property
    def told_of_mistakes(self) -> str:
        """What is said where a mistake ended the program; "" for the mistake itself."""
        return ""

    def limit_colours(self, system: ColorSystem) -> None:
        """What Textual draws by itself has no more colours than these."""
        if hasattr(self.console, "_color_system"):
            self.console._color_system = system

    @property
    def has_shell(self) -> bool:
        """Whether there is a shell to go back to for a while."""
        driver = getattr(self, "_driver", None)
        return driver is not None and bool(driver.can_suspend)

    def strips(self) -> list[Strip]:
        """(rows,) what is on the screen, a page over another screen too.

        Raises:
            RuntimeError: this version of Textual does not tell.
        """
        compositor: Any = getattr(self.screen, "_compositor", None)
        if compositor is None:
            raise RuntimeError("this version of Textual does not tell what is on the screen")
        found: list[Strip] = compositor.render_strips()
        return found

    def _print_error_renderables(self) -> None:
        made = bool(getattr(self, "_exit_renderables", ()))
        self.is_broken = self.is_broken or made
        if made and self.told_of_mistakes:
            self._exit_renderables = [self.told_of_mistakes]
        super()._print_error_renderables()
