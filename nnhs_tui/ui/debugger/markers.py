"""What is chosen in a pane by keys: a node of the net, a step of the timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.commands.panes import NET, PANES, TIMELINE

if TYPE_CHECKING:
    from nnhs_tui.debugger.scene import Scene

CHOOSING = {pane.name: pane.choosing for pane in PANES if pane.choosing}
"""The panes in which something is chosen by keys, and how."""


class Markers:
    """The markers that keys move; like scrolling they are gone once the cursor has moved."""

    def __init__(self) -> None:
        self._markers: dict[str, int] = {}

    def marker(self, pane: str) -> int | None:
        """What is chosen in a pane: a node's id, or a node step; None for nothing."""
        return self._markers.get(pane)

    def clear(self) -> None:
        """Choose nothing any more."""
        self._markers.clear()

    def move(self, pane: str, scene: Scene, size: tuple[int, int], rows: int, sideways: int) -> str:
        """Choose what is next in a direction; gives what is to be said."""
        from nnhs_tui.present.panes import table as panes

        marker = self.marker(pane)
        found = panes.move_marker(pane, scene, *size, marker, (rows, sideways))
        if found is None:
            return ""
        # One thing is chosen at a time.
        self._markers = {pane: found}
        return f"{_described(pane, scene, found)}: Enter runs there, Esc leaves it"

    def command(self, pane: str, scene: Scene) -> str:
        """What Enter carries out; "" where nothing is chosen."""
        from nnhs_tui.debugger.naming.destinations import pointed_at

        marker = self.marker(pane)
        kind = "step" if pane == TIMELINE.name else "node"
        return "" if marker is None else pointed_at(scene, f"{kind}:{marker}")


def _described(pane: str, scene: Scene, marker: int) -> str:
    from nnhs_tui.debugger.naming.destinations import quantity_of
    from nnhs_tui.debugger.naming.reading import name_of
    from nnhs_tui.debugger.quantities import of_step

    schedule = scene.run.schedule
    if pane == NET.name:
        return name_of(scene.names, quantity_of(scene, "node", marker), schedule)
    quantity = of_step(schedule, schedule.step(marker))
    return f"step {marker + 1}, {name_of(scene.names, quantity, schedule)}"
