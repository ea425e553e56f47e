"""Choosing and pointing: the rows of lists, nodes and steps, by keys and by mouse."""

from __future__ import annotations

from nnhs_tui.commands.panes import MATRICES
from nnhs_tui.present.text.lines import Line
from nnhs_tui.ui.debugger.files import FilesScreen
from nnhs_tui.ui.debugger.pointed import CHOOSING, Pointing
from nnhs_tui.ui.lists import Lists
from nnhs_tui.ui.widgets.pane import Pane

SCROLLS = {
    "scroll-up": (-1, 0),
    "scroll-down": (1, 0),
    "scroll-left": (0, -1),
    "scroll-right": (0, 1),
}


class PointingScreen(FilesScreen):
    """What the debugger does with the things that are seen in its panes."""

    lists: Lists
    pointing: Pointing
    chosen: str
    """The pane that is scrolled and zoomed, and on small screens the one that is shown."""
    scrolls: dict[str, tuple[int, int]]

    def choose(self, name: str) -> None:
        """Make a pane the chosen one."""
        raise NotImplementedError

    def draw_pane(self, name: str, width: int, height: int, scroll: tuple[int, int]) -> list[Line]:
        """A pane, or what has taken its place."""
        raise NotImplementedError

    def action_run(self, command: str) -> None:
        """Carry out the command of a key; run to here goes to what is chosen, if anything is."""
        if command == "run-to" and self.is_open:
            command = self.pointing.command(self.chosen, self.scene) or command
        super().action_run(command)

    @property
    def is_list(self) -> bool:
        """Whether the chosen pane is a list."""
        hidden = not self.is_open or self.scene.opened
        return self.chosen == MATRICES.name and bool(self.lists.shown) and not hidden

    def _row_command(self, which: str) -> None:
        """Carry out what the chosen row of a list has for Enter, or for x."""
        row = self.lists.chosen(self.session) if self.is_list else None
        command = getattr(row, which) if row is not None else ""
        if command:
            self.run_command(command)
        elif not self.is_list:
            self.row.refuse(
                "this works in a list: 6 breakpoints, 7 watches, 8 where from, 9 rounds"
            )

    def _accept(self, _argument: str) -> None:
        if self.chosen not in CHOOSING:
            self._row_command("act")
        elif command := self.pointing.command(self.chosen, self.scene):
            self.run_command(command)
        else:
            self.row.refuse(f"nothing is chosen: {CHOOSING[self.chosen]}")

    def _stop(self, argument: str) -> None:
        self.pointing.clear()
        super()._stop(argument)

    def _remove(self, _argument: str) -> None:
        self._row_command("remove")

    def turn(self, name: str, rows: int, columns: int) -> None:
        """The keys that scroll: where something can be chosen, they choose it."""
        if name in CHOOSING:
            size = self.query_one(f"#{name}", Pane).size
            self.row.say(self.pointing.move(name, self.scene, size, rows, columns))
            self.scrolls.pop(name, None)
            self.redraw_soon()
        else:
            self._scroll(name, rows, columns)

    def _scroll(self, name: str, rows: int, columns: int) -> None:
        """Move a pane's view; where nothing new comes into it, it stays."""
        if name == MATRICES.name and self.lists.shown and not self.scene.opened:
            self.lists.move(self.session, (rows > 0) - (rows < 0))
            self.redraw_soon()
            return
        width, height = self.query_one(f"#{name}", Pane).size
        row, column = self.scrolls.get(name, (0, 0))
        moved = (row + rows, column + columns)
        before = self.draw_pane(name, width, height, (row, column))
        if before != self.draw_pane(name, width, height, moved):
            self.scrolls[name] = moved
        self.redraw_soon()

    def on_pane_wheel(self, message: Pane.Wheel) -> None:
        name = message.pane.id
        if name and message.pane.has_class("-view") and self.is_open:
            self._scroll(name, message.rows, message.columns)

    def on_pane_pressed(self, message: Pane.Pressed) -> None:
        name = message.pane.id
        kind, _, what = message.what.partition(":")
        if kind == "do":
            self.action_run(what)
        if not name or not message.pane.has_class("-view") or not self.is_open:
            return
        self.choose(name)
        if self.is_list:
            command = self.lists.press(self.session, message.row, *message.pane.size)
            if command:
                self.run_command(command)
        elif kind == "scroll":
            self._scroll(name, 0, int(what))
        elif message.what:
            from nnhs_tui.debugger.destinations import pointed_at

            self.run_command(pointed_at(self.scene, message.what))
        self.redraw_soon()
