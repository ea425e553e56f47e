"""Frames for terminals: drawn once for everyone at a size, and written as what differs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rich.color import ColorSystem
from textual.geometry import Offset

from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.text.lines import Line
from nnhs_tui.present.whole_screen import whole_screen
from nnhs_tui.serve.limits import DIFFERENCE_BYTES, FRAME_BYTES
from nnhs_tui.serve.viewer import Shown
from nnhs_tui.ui.look import FEW_COLOURS, NO_COLOURS, Look
from nnhs_tui.ui.terminal import pen
from nnhs_tui.ui.terminal.differ import Row, Writer, cells
from nnhs_tui.ui.themes import style_of

BEGIN = "\x1b[?1049h\x1b[?25l\x1b[m\x1b[H\x1b[2J"
"""A screen of its own, without a cursor."""
END = "\x1b[m\x1b[2J\x1b[H\x1b[?25h\x1b[?1049l"
CLEAR = "\x1b[m\x1b[H\x1b[2J"

Value = TypeVar("Value")


@dataclass(frozen=True)
class Kind:
    """What terminals have to have in common to show the same frames."""

    width: int
    height: int
    """Rows of the panes, with one that is left to others."""
    look: Look


class Kept(OrderedDict[Hashable, Value]):
    """What was made last, for whoever wants the same.

    Args:
        most: the weights of all that is kept, in sum.
        weigh: the weight of one.
    """

    def __init__(self, most: int, weigh: Callable[[Value], int]) -> None:
        super().__init__()
        self._most, self._weigh = most, weigh
        self.weight = 0

    def made(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """What is kept for a key, made where it is not there."""
        if key in self:
            self.move_to_end(key)
            return self[key]
        found = self[key] = make()
        self.weight += self._weigh(found)
        while self.weight > self._most and len(self) > 1:
            _, old = self.popitem(last=False)
            self.weight -= self._weigh(old)
        return found


class Painter:
    """Draws frames and the differences between them, once for everyone."""

    def __init__(self) -> None:
        self._frames: Kept[Sequence[Row]] = Kept(FRAME_BYTES, _bytes_of)
        self._steps: Kept[str] = Kept(DIFFERENCE_BYTES, len)

    def frame(self, shown: Shown, kind: Kind) -> Sequence[Row]:
        """The panes' rows."""
        return self._frames.made((shown.key, kind), lambda: _frame(shown.scene, kind))

    def step(self, old: Shown | None, new: Shown, kind: Kind) -> str:
        """What turns one frame into another; None for blank rows."""
        key = (None if old is None else old.key), new.key, kind
        return self._steps.made(key, lambda: self._difference(old, new, kind))

    def _difference(self, old: Shown | None, new: Shown, kind: Kind) -> str:
        after = self.frame(new, kind)
        before = None if old is None else self.frame(old, kind)
        return difference(before, after, 0, kind)


def _bytes_of(frame: Sequence[Row]) -> int:
    """Two references for each cell, to its character and its pen."""
    return 16 * sum(len(characters) for characters, _ in frame)


def _frame(scene: Scene, kind: Kind) -> list[Row]:
    lines = whole_screen(scene, kind.width, kind.height, kind.look.signs)
    return rows_of(lines, kind)


def rows_of(lines: Iterable[Line], kind: Kind) -> list[Row]:
    """Lines as cells, in the colours of a look."""
    return [_row(tuple(line), kind) for line in lines]


@lru_cache(4_096)
def _row(line: Line, kind: Kind) -> Row:
    look, width = kind.look, kind.width
    system = {NO_COLOURS: None, FEW_COLOURS: ColorSystem.STANDARD}.get(
        look.colours, ColorSystem.EIGHT_BIT
    )
    characters: list[str] = []
    pens: list[str] = []
    for text, roles in line:
        found = cells(text)
        characters += found
        pens += [pen.of(style_of(roles, look), system)] * len(found)
    del characters[width:], pens[width:]
    missing = width - len(characters)
    plain = pen.of(style_of("text", look), system)
    return characters + [" "] * missing, pens + [plain] * missing


def difference(before: Sequence[Row] | None, after: Sequence[Row], first: int, kind: Kind) -> str:
    """What turns rows on a terminal into others.

    Args:
        before: as many; None: blank ones.
        first: the row that the first of them is in.
    """
    writer = Writer(kind.width, jumps=kind.look.jumps)
    blank: Row = ([" "] * kind.width, [""] * kind.width)
    for y, row in enumerate(after):
        old = blank if before is None else before[y]
        if row != old:
            writer.row(first + y, old, row)
    return writer.finish(writer.at or Offset(0, 0))
