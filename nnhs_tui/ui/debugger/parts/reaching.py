"""How far somebody has come in the scenario, kept for the list of scenarios."""

from __future__ import annotations

from nnhs_tui.ui.debugger.part import Debugger, Part


class Reaching(Part):
    """Keeps that a scenario was opened, and that the end of a round was seen."""

    def __init__(self, debugger: Debugger) -> None:
        super().__init__(debugger)
        self._seen = ""
        """The file of which it is kept already."""

    @property
    def _is_kept(self) -> bool:
        return self._debugger.program.files.keeps_places

    def begin(self) -> bool:
        """A scenario was opened; gives whether for the first time."""
        if not self._is_kept:
            return False
        program, path = self._debugger.program, self._debugger.session.scenario.path
        is_new = not program.progress.reached(path).is_opened
        if is_new:
            program.progress.reach(path, is_opened=True)
        return is_new

    def look(self) -> None:
        """Another step is shown."""
        scene, path = self._debugger.scene, self._debugger.session.scenario.path
        if self._is_kept and path != self._seen and scene.index == scene.total - 1:
            self._seen = path
            self._debugger.program.progress.reach(path, is_seen=True)
