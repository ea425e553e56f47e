"""How far somebody has come in the scenario, kept for the list of scenarios."""

from __future__ import annotations

from collections.abc import Callable

from nnhs_tui.ui.debugger.part import Debugger, Part


class Reaching(Part):
    """Keeps that a scenario was opened, and that the end of a round was seen; shows the first card.

    Args:
        press: does what the key of a command does.
    """

    def __init__(self, debugger: Debugger, press: Callable[[str], None]) -> None:
        super().__init__(debugger)
        self._press = press
        self._seen = ""
        """The file of which it is kept already."""

    @property
    def _is_kept(self) -> bool:
        return self._debugger.program.files.keeps_places

    def begin(self, *, with_card: bool) -> None:
        """A scenario was opened.

        Args:
            with_card: whether it has its card where it was never opened before.
        """
        if not self._is_kept:
            return
        program, path = self._debugger.program, self._debugger.session.scenario.path
        if program.progress.reached(path).is_opened:
            return
        program.progress.reach(path, is_opened=True)
        files = program.files
        is_shown = files.presented is not None or files.recording or files.replay or files.only
        if with_card and not is_shown:
            from nnhs_tui.present.pages.card import card_page
            from nnhs_tui.ui.screens.card import CardScreen

            program.push_screen(CardScreen(card_page(self._debugger.scene), self._press))

    def look(self) -> None:
        """Another step is shown."""
        scene, path = self._debugger.scene, self._debugger.session.scenario.path
        if self._is_kept and path != self._seen and scene.index == scene.total - 1:
            self._seen = path
            self._debugger.program.progress.reach(path, is_seen=True)
