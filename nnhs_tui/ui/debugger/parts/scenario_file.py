"""The scenario's file: loaded again when it was changed, at the same step."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from nnhs_tui.errors import NnhsError, reason_of
from nnhs_tui.labels import counted
from nnhs_tui.ui.debugger.file_watch import CHANGED, EVERY, GONE, FileWatch
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part

if TYPE_CHECKING:
    from nnhs_tui.scenario.model import Scenario
    from nnhs_tui.ui.debugger.parts.carrying_out import CarryingOut


def _watch_of(scenario: Scenario) -> FileWatch:
    """A watch of a scenario's file, and of the one that its samples come from."""
    return FileWatch(scenario.path, *([scenario.data.path] if scenario.data else ()))


class ScenarioFile(Part):
    """Watches the file of the scenario; in a kiosk it does not."""

    def __init__(self, debugger: Debugger, carrying_out: CarryingOut) -> None:
        super().__init__(debugger)
        self._carrying_out = carrying_out
        self._watch: FileWatch | None = None

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"reload": self._reload}

    def watch(self) -> None:
        """Look now and then whether the file was changed."""
        if self._debugger.program.files.only:
            return
        if self._watch is None:
            self._debugger.set_interval(EVERY, self.look)
        self._watch = _watch_of(self._debugger.session.scenario)

    def look(self) -> None:
        """Look at the file once."""
        if self._carrying_out.is_running:
            # A change is found, and waits, when it is looked for after that.
            return
        assert self._watch is not None
        found = self._watch.poll()
        if found == GONE:
            path = self._debugger.session.scenario.path
            self._debugger.row.say(f"{path} is gone; what was loaded stays")
            self._debugger.redraw_soon()
        elif found == CHANGED:
            self._load_again(by_hand=False)

    def _reload(self, _argument: str) -> None:
        self._debugger.halt()
        self._load_again(by_hand=True)

    def _load_again(self, *, by_hand: bool) -> None:
        """Take the file as it is now, at the same step; where it has faults, stay as before."""
        from nnhs_tui.debugger.whereabouts import reloaded
        from nnhs_tui.scenario.loading import load

        before = self._debugger.session
        try:
            scenario = load(before.scenario.path)
            if scenario == before.scenario and not by_hand:
                return
            self._debugger.halt()
            session, left_out = reloaded(before, scenario)
        except (NnhsError, MemoryError) as error:
            self._show_faults(reason_of(error).splitlines(), by_hand=by_hand)
            return
        self._debugger.move_into(session)
        if self._watch is not None and scenario.data != before.scenario.data:
            self._watch = _watch_of(scenario)
        kept = f"; not kept: {'; '.join(left_out)}" if left_out else ""
        self._debugger.row.say(f"{Path(session.scenario.path).name} was loaded again{kept}")
        self._debugger.redraw_soon()

    def _show_faults(self, faults: list[str], *, by_hand: bool) -> None:
        if by_hand:
            from nnhs_tui.present.pages.about import faults_page
            from nnhs_tui.ui.screens.page import PageScreen

            self._debugger.program.push_screen(PageScreen(faults_page(faults)))
            return
        told = counted(len(faults), "fault now", first=faults[0])
        self._debugger.row.refuse(told)
        self._debugger.redraw_soon()
