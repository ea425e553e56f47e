"""Writes only the cells that differ from what the terminal shows.

Textual writes whole stretches of a row, from a widget's edge on. Between two steps a few cells
change, so on a slow line most of what Textual writes is what stands there already. Here every
finished update is laid into a copy of the screen, and what differs is written.

This rests on private details of Textual: where they are not as expected, and where an update
cannot be followed, Textual draws by itself.
"""

from __future__ import annotations

import contextlib
import inspect
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import ne
from typing import Any

import textual
from rich.color import ColorSystem
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.geometry import Offset, Size
from textual.strip import Strip

from nnhs_tui.characters import may_stand
from nnhs_tui.present.text.cells import clusters, width_of
from nnhs_tui.ui.terminal import pen

FAMILY = "8.2."
"""The versions of Textual whose private details are as expected here."""

BLANK_FROM = 4
"""So many blanks to the end of a row are written as one "erase to the end of the line"."""

Row = tuple[list[str], list[str]]
"""Characters and pens of a row's cells; the second cell of a wide character holds ""."""


def version() -> str:
    """Textual's version. Its own way to it loads much that is not used for anything else, a
    twentieth of the start; it is in the name of the folder beside Textual too."""
    package = os.path.dirname(textual.__file__)
    with contextlib.suppress(OSError):
        for name in os.listdir(os.path.dirname(package)):
            if name.startswith("textual-") and name.endswith(".dist-info"):
                return name.removeprefix("textual-").removesuffix(".dist-info")
    return textual.__version__


def usable() -> bool:
    """Whether the parts of Textual that the differ replaces are there and look as expected."""
    try:
        known = list(inspect.signature(App._display).parameters) == ["self", "screen", "renderable"]
        layout = list(inspect.signature(LayoutUpdate.__init__).parameters)
        chops = list(inspect.signature(ChopsUpdate.__init__).parameters)
    except (AttributeError, TypeError, ValueError):
        return False
    return (
        version().startswith(FAMILY)
        and known
        and layout == ["self", "strips", "region"]
        and chops == ["self", "chops", "spans", "chop_ends"]
    )


@lru_cache(8192)
def cells(text: str) -> tuple[str, ...]:
    r"""The text as one string a cell; what has no width joins the cell before it.

    What may not stand in a text is left out: this is the last place before the terminal.

    >>> cells("a世"), cells("e\u0301\x9b")
    (('a', '世', ''), ('e\u0301',))
    """
    if text.isascii() and text.isprintable():
        return tuple(text)
    text = "".join(each for place, each in enumerate(text) if may_stand(text, place))
    found: list[str] = []
    for cluster, width in clusters(text):
        if width:
            found.append(cluster)
            found.extend([""] * (width - 1))
        elif found:
            # The cell before it, or the first of two.
            found[-1 if found[-1] else -2] += cluster
    return tuple(found)


class Frame:
    """What the terminal shows, as cells."""

    def __init__(self, size: Size, colors: ColorSystem | None) -> None:
        self.size = size
        self.colors = colors
        self.rows: list[Row] = [([" "] * size.width, [""] * size.width) for _ in range(size.height)]

    def layout(self, update: LayoutUpdate) -> Iterator[tuple[int, Row]]:
        """The rows of an update of a whole region."""
        for y, strips in enumerate(update.strips, update.region.y):
            if y < self.size.height:
                row = self._copy(y)
                x = update.region.x
                for strip in strips:
                    x = self._lay(row, x, strip, 0, self.size.width)
                yield y, row

    def chops(self, update: ChopsUpdate) -> Iterator[tuple[int, Row]]:
        """The rows of an update of some spans."""
        rows: dict[int, Row] = {}
        for y, left, right in update.spans:
            if y >= self.size.height:
                continue
            row = rows.get(y) or rows.setdefault(y, self._copy(y))
            for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
                if strip is not None and x < right and end > left:
                    self._lay(row, x, strip, left, right)
        return iter(rows.items())

    def _copy(self, y: int) -> Row:
        characters, pens = self.rows[y]
        return characters.copy(), pens.copy()

    def _lay(self, row: Row, x: int, strip: Strip, left: int, right: int) -> int:
        """Lay a strip's cells between two columns into a row; returns the column after it."""
        characters, pens = row
        right = min(right, self.size.width)
        for text, style, control in strip:
            if control:
                continue
            found = cells(text)
            end = x + len(found)
            start, stop = max(x, left), min(end, right)
            if start < stop:
                characters[start:stop] = found[start - x : stop - x]
                code = pen.of(style, self.colors) if style else ""
                pens[start:stop] = [code] * (stop - start)
            x = end
        return x


class Writer:
    """Builds the text that turns one frame into the next."""

    def __init__(self, width: int, *, jumps: bool = True) -> None:
        self.width, self.jumps = width, jumps
        self.parts: list[str] = []
        self.pen = ""
        self.at: Offset | None = None
        """Where the terminal's cursor is; None where that is not sure."""

    def row(self, y: int, old: Row, new: Row) -> None:
        """Write what differs in a row."""
        characters = new[0]
        # Behind the last column something differs, so that looking for the next one always ends.
        differs = [*map(ne, zip(*old, strict=True), zip(*new, strict=True)), True]
        tail = self._blank_tail(new)
        x = differs.index(True)
        while x < self.width:
            if x >= tail and self._differing(old, x) >= BLANK_FROM:
                self._move(x, y)
                self._turn("")
                self.parts.append("\x1b[K")
                return
            while x and not characters[x]:
                x -= 1
            x = differs.index(True, self._run(x, y, new, differs, tail))

    def _run(self, x: int, y: int, new: Row, differs: list[bool], tail: int) -> int:
        """Write from a differing cell on as long as that is shorter than moving; where it ended."""
        characters, pens = new
        self._move(x, y)
        start, width = x, self.width
        while x < width:
            if x > start:
                if x >= tail:
                    break
                gap = 0 if differs[x] else self._gap(x, new, differs)
                if gap is None:
                    break
                self.parts.extend(characters[x : x + gap])
                x += gap
            self._turn(pens[x])
            if len(characters[x]) > 1:
                self.at = None
                return self._cluster(x, characters, differs)
            self.parts.append(characters[x])
            x += 1
            while x < width and not characters[x]:
                x += 1
        # Terminals differ on where the cursor is after the last column or a rare sign.
        sure = x < width and set(map(len, characters[start:x])) == {1}
        self.at = Offset(x, y) if sure else None
        return x

    def _cluster(self, x: int, characters: list[str], differs: list[bool]) -> int:
        """Write what shares a cell, or two; the column behind it.

        Terminals that draw its parts one by one take fewer cells for it, or more: what they leave
        is blanked before, what they take too much is written anew, at a place that is told.
        """
        cluster, behind = characters[x], x + 1
        while behind < self.width and not characters[behind]:
            behind += 1
        missing = behind - x - width_of(cluster[0])
        if missing > 0:
            self.parts.append(" " * (behind - x) + f"\x1b[{_many(behind - x)}D")
        self.parts.append(cluster)
        taken = x + sum(map(width_of, cluster))
        for place in range(behind, min(taken, self.width)):
            differs[place] = True
        return behind

    def _gap(self, x: int, new: Row, differs: list[bool]) -> int | None:
        """How many equal cells to write along up to the next differing one; None: rather move."""
        characters, pens = new
        cost = 0
        for ahead in range(x, min(x + 5, self.width)):
            if differs[ahead]:
                return ahead - x
            cost += len(characters[ahead].encode())
            if pens[ahead] != self.pen or cost > 4 or not characters[ahead]:
                return None
        return None

    @staticmethod
    def _blank_tail(row: Row) -> int:
        """The column from which a row is blank in the default pen."""
        characters, pens = row
        x = len(characters)
        for character, code in zip(reversed(characters), reversed(pens), strict=True):
            if code or character != " ":
                break
            x -= 1
        return x

    def _differing(self, old: Row, x: int) -> int:
        was, were = old
        return sum(was[i] != " " or were[i] != "" for i in range(x, self.width))

    def _turn(self, code: str) -> None:
        if code != self.pen:
            self.parts.append(pen.change(self.pen, code))
            self.pen = code

    def _move(self, x: int, y: int) -> None:
        at = self.at
        if at == (x, y):
            return
        ways = [f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"]
        if at is not None:
            if at.y == y:
                ways += ["\r"] if x == 0 else [f"\x1b[{x + 1}G"] if self.jumps else []
                if x > at.x:
                    ways.append(f"\x1b[{_many(x - at.x)}C")
            elif at.x == x and y > at.y:
                ways.append(f"\x1b[{_many(y - at.y)}B")
            if at.y + 1 == y:
                ways.append("\r\n" + (f"\x1b[{_many(x)}C" if x else ""))
        self.parts.append(min(ways, key=len))
        self.at = Offset(x, y)

    def finish(self, cursor: Offset) -> str:
        """The text; leaves the default pen, and the cursor where Textual wants it."""
        if not self.parts:
            return ""
        self._turn("")
        if self.at != cursor:
            home = cursor == (0, 0)
            self.parts.append("\x1b[H" if home else f"\x1b[{cursor.y + 1};{cursor.x + 1}H")
        return "".join(self.parts)


def _many(count: int) -> str:
    """A count in an escape sequence, where 1 can be left out."""
    return "" if count == 1 else str(count)


class DifferApp(App[int]):
    """An app that writes only what changed on the screen."""

    differ_enabled = usable()
    is_coloured = True
    """Whether colours are written at all."""
    jumps = True
    """Whether the terminal's cursor can be sent to a column alone."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._frame: Frame | None = None

    def forget_frame(self) -> None:
        """Assume nothing of what the terminal shows; the next whole update is written."""
        self._frame = None

    def _display(self, screen: Any, renderable: Any) -> None:
        driver = self._driver
        if renderable is None or self._batch_count or driver is None or self.is_headless:
            super()._display(screen, renderable)
            return
        text = None
        if self.differ_enabled and self._running and not self._closed and not driver.is_inline:
            text = self._difference(renderable)
        if text is None:
            self.forget_frame()
            super()._display(screen, renderable)
            return
        if text:
            driver.write(f"{SYNC_START}{text}{SYNC_END}" if self._sync_available else text)
            driver.flush()
        self.post_display_hook()

    def _difference(self, update: Any) -> str | None:
        """What to write for an update, "" for nothing; None where it cannot be followed."""
        size = self.screen.outer_size
        frame = self._frame
        known = frame is not None and frame.size == size
        colors = (self.console._color_system or ColorSystem.TRUECOLOR) if self.is_coloured else None
        if isinstance(update, LayoutUpdate):
            if frame is None or not known:
                if update.region != size.region:
                    return None
                frame = self._frame = Frame(size, colors)
            rows: Iterable[tuple[int, Row]] = frame.layout(update)
        elif isinstance(update, ChopsUpdate) and frame is not None and known:
            rows = frame.chops(update)
        else:
            return None
        writer = Writer(size.width, jumps=self.jumps)
        if not known:
            writer.parts.append("\x1b[H\x1b[2J")
            writer.at = Offset(0, 0)
        for y, row in rows:
            old = frame.rows[y]
            if row != old:
                writer.row(y, old, row)
                frame.rows[y] = row
        cursor = size.clamp_offset(self.cursor_position)
        text = writer.finish(cursor)
        if not text and cursor != self._previous_cursor_position:
            text = f"\x1b[{cursor.y + 1};{cursor.x + 1}H"
        self._previous_cursor_position = cursor
        return text
