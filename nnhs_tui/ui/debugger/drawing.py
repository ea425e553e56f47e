"""What stands in each pane of the debugger: its own picture, or what has taken its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nnhs_tui.commands.panes import MATRICES, STEP, TIMELINE, PaneRow
from nnhs_tui.present.text.lines import Line, chosen_row, chosen_title, title

if TYPE_CHECKING:
    from nnhs_tui.ui.debugger.part import Debugger
    from nnhs_tui.ui.debugger.parts.pointer import Pointer
    from nnhs_tui.ui.debugger.parts.presenting import Presenting
    from nnhs_tui.ui.debugger.parts.task import Task
    from nnhs_tui.ui.debugger.parts.typed_commands import TypedCommands
    from nnhs_tui.ui.debugger.parts.views import Scroll, Views


class Drawing:
    """Draws the panes."""

    def __init__(
        self,
        debugger: Debugger,
        views: Views,
        presenting: Presenting,
        task: Task,
        pointer: Pointer,
        typed: TypedCommands,
    ) -> None:
        self._debugger, self._views, self._presenting = debugger, views, presenting
        self._task, self._pointer, self._typed = task, pointer, typed

    def view(self, row: PaneRow, width: int, height: int) -> list[Line]:
        """A pane with what is chosen and pointed at in it."""
        name = row.name
        if self._debugger.is_open:
            scroll = self._views.scrolls.get(name, (0, 0))
            lines = self.pane(name, width, height, scroll)
        else:
            lines = [title(row.number, row.label, width)]
        if name == self._views.chosen and lines:
            first = chosen_title(lines[0]) if height > 1 else chosen_row(lines[0])
            lines = [first, *lines[1:]]
        return self._pointer.over(name, lines, width, height)

    def pane(self, name: str, width: int, height: int, scroll: Scroll) -> list[Line]:
        """A pane, or what has taken its place."""
        # The drawing of a session brings NumPy with it, which the first frame need not wait for.
        from nnhs_tui.present.panes import table as panes

        row, views = self._debugger.row, self._views
        if name == TIMELINE.name and row.typing:
            return [self._typed.draw(width)]
        if name == TIMELINE.name and row.above(width):
            return [row.above(width)]
        if name == MATRICES.name and views.has_list:
            return views.lists.draw(self._debugger.session, width, height)
        if name == STEP.name and self._presenting.is_on:
            countdown = self._task.countdown
            seconds = None if countdown is None else countdown.left
            return self._presenting.draw(width, height, scroll, seconds)
        marker = views.markers.marker(name)
        scene, dots = self._debugger.scene, self._debugger.pane(name).look.has_dots
        return panes.draw(name, scene, width, height, scroll, marker, has_dots=dots)
