"""The bookmark: where one was when a scenario was left."""

from __future__ import annotations

from nnhs_tui.ui.debugger.part import Debugger, Part


class Bookmark(Part):
    """Goes back to where one was, and keeps where one is.

    Args:
        is_fresh: whether to begin at the start all the same.
    """

    def __init__(self, debugger: Debugger, *, is_fresh: bool) -> None:
        super().__init__(debugger)
        self.is_fresh = is_fresh

    @property
    def _is_kept(self) -> bool:
        return self._debugger.program.files.keeps_places

    def go_back(self) -> None:
        """Go to where one was when this scenario was left."""
        if not self._is_kept or self.is_fresh:
            return
        session, program = self._debugger.session, self._debugger.program
        place = program.places.remembered(session.scenario.path)
        if place is None:
            return
        from nnhs_tui.debugger.whereabouts import go_there

        left_out = go_there(session, place.beside(session.given))
        kept = f"; not kept: {'; '.join(left_out)}" if left_out else ""
        told = f"back where you were: round {session.round + 1}, step {session.index + 1}"
        self._debugger.row.say(f"{told}{kept}; :reset begins anew")
        self._debugger.redraw_soon()

    def keep(self) -> None:
        """Keep where one is."""
        if self._is_kept:
            from nnhs_tui.debugger.whereabouts import whereabouts

            session, program = self._debugger.session, self._debugger.program
            program.places.remember(session.scenario.path, whereabouts(session))
