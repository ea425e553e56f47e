"""What is looked at: the chosen pane, the lists, and what keys and mouse choose in them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from nnhs_tui.commands.panes import BY_NUMBER, MATRICES, NET, PANES
from nnhs_tui.errors import Refusal
from nnhs_tui.ui.debugger.markers import CHOOSING, Markers
from nnhs_tui.ui.debugger.part import Debugger, Handler, Part
from nnhs_tui.ui.lists import LISTS, Lists

if TYPE_CHECKING:
    from nnhs_tui.present.text.lines import Line
    from nnhs_tui.ui.debugger.parts.pointer import Pointer
    from nnhs_tui.ui.debugger.parts.presenting import Presenting
    from nnhs_tui.ui.widgets.pane import Pane

Scroll = tuple[int, int]
"""Rows and columns by which a pane is scrolled."""


class DrawPane(Protocol):
    """Draws a pane, or what has taken its place, in some columns and rows."""

    def __call__(self, name: str, width: int, height: int, scroll: Scroll) -> list[Line]: ...


class Views(Part):
    """Which pane is chosen, how far each is scrolled, and which list stands for the matrices.

    Args:
        draw: tells whether scrolling would show anything else.
    """

    def __init__(
        self, debugger: Debugger, presenting: Presenting, pointer: Pointer, draw: DrawPane
    ) -> None:
        super().__init__(debugger)
        self._presenting, self._pointer, self._draw = presenting, pointer, draw
        self.chosen = NET.name
        """The pane that is scrolled and zoomed, and on small screens the one that is shown."""
        self.scrolls: dict[str, Scroll] = {}
        self.lists = Lists()
        self.markers = Markers()

    @property
    def commands(self) -> Mapping[str, Handler]:
        return {
            "pane": self._pane,
            "zoom": self._zoom,
            "scroll-up": partial(self._keys, -1, 0),
            "scroll-down": partial(self._keys, 1, 0),
            "scroll-left": partial(self._keys, 0, -1),
            "scroll-right": partial(self._keys, 0, 1),
            "accept": self._accept,
            "remove": self._remove,
        }

    def follow(self) -> None:
        """The cursor has moved: the panes follow it again."""
        self.scrolls.clear()
        self.markers.clear()

    def let_go(self) -> None:
        self.markers.clear()

    def close_list(self) -> None:
        """Show the net and the matrices again, where a list has taken their place."""
        if self.lists.shown:
            self.lists.shown = ""
            self.choose(NET.name)

    # Which pane

    def _pane(self, argument: str) -> None:
        lists = {key: name for name, key in LISTS.items()}
        if argument in lists:
            self.show_list(lists[argument])
            return
        if argument not in BY_NUMBER:
            raise Refusal(f"pane takes a number from 0 to 9, found {argument!r}")
        name = BY_NUMBER[argument].name
        was_list = name == MATRICES.name and bool(self.lists.shown)
        if was_list:
            self.lists.shown = ""
        if self._presenting.is_on and not (was_list and name in self._presenting.wanted):
            self._presenting.want(name)
        self.choose(name)

    def show_list(self, name: str) -> None:
        """Show a list in the place of the matrices."""
        self.lists.shown = name
        if self._presenting.is_on and MATRICES.name not in self._presenting.wanted:
            self._presenting.want(MATRICES.name)
        self.choose(MATRICES.name)

    def choose(self, name: str) -> None:
        """Make a pane the chosen one."""
        self.chosen = name
        is_list = name == MATRICES.name and bool(self.lists.shown)
        self._debugger.set_class(is_list, "-listing")
        for view in PANES:
            self._debugger.pane(view.name).set_class(view.name == name, "-chosen")

    def _zoom(self, _argument: str) -> None:
        self._debugger.set_class(not self._debugger.has_class("-zoomed"), "-zoomed")

    # What is chosen in it

    @property
    def has_list(self) -> bool:
        """Whether a list stands in the place of the matrices."""
        return bool(self.lists.shown) and not self._debugger.scene.opened

    @property
    def is_list(self) -> bool:
        """Whether the chosen pane is a list."""
        return self._debugger.is_open and self.chosen == MATRICES.name and self.has_list

    def pointed_at(self) -> str:
        """The command that runs to the node or step that is chosen; "" where none is."""
        return self.markers.command(self.chosen, self._debugger.scene)

    def _accept(self, _argument: str) -> None:
        if self.chosen not in CHOOSING:
            self._row_command("act")
        elif command := self.pointed_at():
            self._debugger.run_command(command)
        else:
            raise Refusal(f"nothing is chosen: {CHOOSING[self.chosen]}")

    def _remove(self, _argument: str) -> None:
        self._row_command("remove")

    def _row_command(self, which: str) -> None:
        """Carry out what the chosen row of a list has for Enter, or for x."""
        if not self.is_list:
            raise Refusal("this works in a list: 6 breakpoints, 7 watches, 8 where from, 9 rounds")
        row = self.lists.chosen(self._debugger.session)
        command = getattr(row, which) if row is not None else ""
        if command:
            self._debugger.run_command(command)

    # Scrolling

    def _keys(self, rows: int, columns: int, _argument: str) -> None:
        """The keys that scroll: they move the pointer, where there is one, or what is chosen."""
        if self._pointer.is_on:
            self._pointer.move(rows, columns)
        elif self.chosen in CHOOSING:
            scene, size = self._debugger.scene, self._debugger.pane(self.chosen).size
            self._debugger.row.say(self.markers.move(self.chosen, scene, size, rows, columns))
            self.scrolls.pop(self.chosen, None)
        else:
            self._scroll(self.chosen, rows, columns)

    def _scroll(self, name: str, rows: int, columns: int) -> None:
        """Move a pane's view; where nothing new comes into it, it stays."""
        self._debugger.redraw_soon()
        if name == MATRICES.name and self.has_list:
            self.lists.move(self._debugger.session, (rows > 0) - (rows < 0))
            return
        width, height = self._debugger.pane(name).size
        row, column = self.scrolls.get(name, (0, 0))
        moved = (row + rows, column + columns)
        before = self._draw(name, width, height, (row, column))
        if before != self._draw(name, width, height, moved):
            self.scrolls[name] = moved

    # The mouse

    def turn(self, message: Pane.Wheel) -> None:
        """The wheel was turned over a pane."""
        name = message.pane.id
        if name and message.pane.has_class("-view") and self._debugger.is_open:
            self._scroll(name, message.rows, message.columns)

    def press(self, message: Pane.Pressed) -> None:
        """A pane was clicked: choose it, and run to what was hit."""
        name = message.pane.id
        if not name or not message.pane.has_class("-view") or not self._debugger.is_open:
            return
        self.choose(name)
        kind, _, what = message.what.partition(":")
        if self.is_list:
            session, size = self._debugger.session, message.pane.size
            command = self.lists.press(session, message.row, *size)
            if command:
                self._debugger.run_command(command)
        elif kind == "scroll":
            self._scroll(name, 0, int(what))
        elif message.what:
            from nnhs_tui.debugger.naming.destinations import pointed_at

            self._debugger.run_command(pointed_at(self._debugger.scene, message.what))
        self._debugger.redraw_soon()
