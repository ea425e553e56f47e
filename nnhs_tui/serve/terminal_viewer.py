"""One who follows on a terminal: what is written to them, and when it is rather left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from nnhs_tui.errors import printable
from nnhs_tui.hall.people import LONGEST_NAME, clean_name
from nnhs_tui.present.text.lines import Line, clip, run, unsigned
from nnhs_tui.present.text.signs import drawn_in
from nnhs_tui.serve.limits import COLUMNS, MESSAGES_A_SECOND, ROWS
from nnhs_tui.serve.painting import BEGIN, CLEAR, END, Kind, Painter, difference, rows_of
from nnhs_tui.serve.typed import Keys, Rate
from nnhs_tui.serve.viewer import Shown, Viewer
from nnhs_tui.ui.look import look_afar
from nnhs_tui.ui.terminal.differ import Row
from nnhs_tui.ui.themes import THEMES


class Output(Protocol):
    """Where it is written."""

    def write(self, text: str, /) -> None:
        """Write a text."""


class TerminalViewer:
    """One who follows on a terminal.

    Args:
        environment: what the terminal sent of itself.
        name: proposed; "" for none.
        join: makes a viewer of a name.
    """

    def __init__(
        self,
        line: Output,
        painter: Painter,
        environment: Mapping[str, str],
        name: str,
        join: Callable[[str], Viewer],
    ) -> None:
        self._line, self._painter, self._join = line, painter, join
        self._environment = environment
        self._message = ""
        self.look = look_afar(environment)
        self._size = (80, 24)
        self._keys, self._rate = Keys(), Rate(MESSAGES_A_SECOND)
        self._proposed, self._name = clean_name(name), ""
        self.viewer: Viewer | None = None
        """None while the name is asked for."""
        self.is_leaving = False
        self.wants_own = False
        """Whether a session of one's own was asked for."""
        self.is_away = False
        """Whether something else is drawn there for a while."""
        self.is_full = False
        """Whether what was written is not taken yet; then nothing more is written."""
        self._is_late = False
        self._last: Shown | None = None
        self._kind: Kind | None = None
        self._own: Sequence[Row] = ()

    # Writing

    def begin(self, width: int, height: int) -> None:
        """The terminal is there."""
        self._line.write(BEGIN)
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """It has another size."""
        self._size = min(max(width, 1), COLUMNS), min(max(height, 2), ROWS)
        self._kind = None
        self.draw()

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows that are drawn on."""
        return self._size

    @property
    def environment(self) -> dict[str, str]:
        """What the terminal sent of itself."""
        return dict(self._environment)

    def back(self, told: str = "") -> None:
        """What was drawn there for a while is over."""
        self.is_away = self.wants_own = False
        self._message, self._kind = told, None
        self._line.write(BEGIN)
        self.draw()

    def tell(self, told: str) -> None:
        """Say something in the last row, until the next key."""
        self.wants_own = False
        self._message = told
        self.draw()

    def end(self, told: str = "") -> None:
        """Leave the terminal as it was."""
        self._line.write(END + (f"{told}\r\n" if told else ""))

    def taken(self) -> None:
        """What was written has been taken: go on with what there is to see now."""
        self.is_full = False
        if self._is_late:
            self.draw()

    def draw(self) -> None:
        """Write what differs from what the terminal shows; of a slow one only the last."""
        if self.is_full or self.is_away:
            self._is_late = True
            return
        self._is_late = False
        if text := self._difference():
            self._line.write(text)

    def _difference(self) -> str:
        width, height = self._size
        drawn = drawn_in(lambda room, _: self._own_lines(room), width, height, self.look.signs)
        own = [unsigned(line) for line in drawn[-height:]]
        kind = Kind(width, height - len(own) + 1, self.look)
        shown = None if self.viewer is None else self.viewer.shown
        rows = rows_of(own, kind)
        text, before = "", self._own
        if kind != self._kind or (shown is None and self._last is not None):
            text, self._last, before = CLEAR, None, ()
        if shown is not None and (self._last is None or shown.key != self._last.key):
            text += self._painter.step(self._last, shown, kind)
        text += difference(before or None, rows, kind.height - 1, kind)
        self._last, self._kind, self._own = shown, kind, rows
        return text

    def _own_lines(self, width: int) -> list[Line]:
        """What only this one sees: the rows below the panes."""
        if self.viewer is None:
            typed = self._name or self._proposed
            told: Line = (run("Your name, as the presenter sees it: "), run(f"{typed}_", "key"))
            return [clip(told, width), clip((run("Enter goes on, Ctrl-C leaves", "dim"),), width)]
        foot = clip((run(self._message),), width) if self._message else self.viewer.foot(width)
        return [*self.viewer.question(width), foot]

    # Typing

    def type(self, text: str) -> None:
        """What was typed; too much is dropped."""
        changed = bool(self._message)
        self._message = ""
        for key in self._keys.feed(text[:4_096]):
            if not self._rate.lets():
                break
            changed = self._press(key) or changed
            if self.is_leaving or self.wants_own:
                return
        if changed:
            self.draw()

    def _press(self, key: str) -> bool:
        if key == "leave":
            self.is_leaving = True
            return False
        if self.viewer is None:
            return self._type_name(key)
        if self.viewer.press(key):
            return True
        if key == "q":
            self.is_leaving = True
        elif key == "e":
            self.wants_own = True
        elif key == "t":
            names = list(THEMES)
            theme = names[(names.index(self.look.theme) + 1) % len(names)]
            self.look = replace(self.look, theme=theme)
            return True
        return False

    def _type_name(self, key: str) -> bool:
        if key == "enter":
            self.come()
            return True
        if key == "backspace":
            self._name, self._proposed = (self._name or self._proposed)[:-1], ""
        elif len(key) == 1:
            # The first sign takes the place of the name that was proposed.
            self._name, self._proposed = (self._name + key)[:LONGEST_NAME], ""
        return True

    def come(self) -> None:
        """The name is there."""
        self.viewer = self._join(self.name)

    @property
    def name(self) -> str:
        """The name that was typed."""
        return clean_name(printable(self._name or self._proposed))
