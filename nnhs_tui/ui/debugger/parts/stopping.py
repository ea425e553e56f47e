"""Esc: what runs by itself stops, and nothing is chosen or pointed at any more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nnhs_tui.ui.debugger.part import Debugger, Handler, Part


class Stopping(Part):
    """Stops all the parts.

    Args:
        let_go: has each of them let go.
    """

    def __init__(self, debugger: Debugger, let_go: Callable[[], None]) -> None:
        super().__init__(debugger)
        self._let_all_go = let_go

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {"stop": self._stop}

    def _stop(self, _argument: str) -> None:
        told = self._debugger.halt()
        self._let_all_go()
        if told:
            self._debugger.row.say(told)
