"""Drawn text: lines of (text, roles) runs, and a canvas to draw on.

Roles are words such as "current" or "backward changed"; what they look like is the screen's
business. Every role has a text attribute or a sign besides its colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from nnhs_tui.characters import printable
from nnhs_tui.present.text.cells import cells as cells
from nnhs_tui.present.text.cells import clusters

Run = tuple[str, str]
"""(text, roles separated by spaces)."""
Line = tuple[Run, ...]

ROLES = (
    "text",
    "dim",
    "title",
    "rule",
    "current",
    "changed",
    "backward",
    "parameter",
    "unknown",
    "mark",
    "path",
    "error",
    "key",
    "edited",
    "pointer",
)
"""What a run can be: ordinary text; of little weight; a pane's title and its rule; the thing in
work; changed by this step; a backward value; a parameter's gradient; not known yet; the row or
column in work; the edge in work; a refusal; a key; another number than without the
edits; the presenter's pointer."""


def run(text: str, role: str = "text") -> Run:
    """Text from anywhere as a run: what would command a terminal is escaped."""
    return printable(text), role


_WHAT = re.compile(r" @(\S+)")
"""The word of a role that says what the text stands for; no other one begins so."""


def standing_for(role: str, what: str) -> str:
    """A role, and what its text stands for: `value:17`, `grad:17`, `step:3`, `do:help`.

    What lies under the mouse is read from the very lines that are on the screen.
    """
    return f"{role} @{what}" if what else role


def what_at(line: Line, column: int) -> str:
    """What the text at a column stands for; "" where it is only text."""
    for text, role in line:
        column -= cells(text)
        if column < 0:
            return what_of(role)
    return ""


def what_of(role: str) -> str:
    """What a text of this role stands for; "" where it is only text."""
    found = _WHAT.search(role)
    return found[1] if found else ""


def unsigned(line: Line) -> Line:
    """The line without what its texts stand for: what is to be painted."""
    if not any("@" in role for _, role in line):
        return line
    return merge((text, _painted(role)) for text, role in line)


@lru_cache(1024)
def _painted(role: str) -> str:
    return _WHAT.sub("", role)


def line_cells(line: Line) -> int:
    return sum(cells(text) for text, _ in line)


def clip(line: Line, width: int) -> Line:
    """At most `width` columns of a line; a cut is marked by `…`."""
    if line_cells(line) <= width:
        return line
    kept: list[Run] = []
    left = width - 1
    for text, role in line:
        taken = clip_text(text, left)
        kept.append((taken, role))
        left -= cells(taken)
        if taken != text:
            break
    return (*kept, ("…", "dim")) if width > 0 else ()


def clip_text(text: str, width: int) -> str:
    """The longest beginning of a text that takes at most `width` columns."""
    if cells(text) <= width:
        return text
    kept, taken = 0, 0
    for cluster, size in clusters(text):
        taken += size
        if taken > width:
            break
        kept += len(cluster)
    return text[:kept]


def fit(text: str, width: int, *, right: bool = False) -> str:
    """A text of exactly `width` columns: cut with `…`, or filled up with spaces."""
    if cells(text) > width:
        text = clip_text(text, max(0, width - 1)) + "…" if width > 0 else ""
    space = " " * (width - cells(text))
    return space + text if right else text + space


def title(number: str, text: str, width: int, note: str = "") -> Line:
    """A pane's title on its rule: `1 net ──────── neurons 3–6 of 10 ─`."""
    head: list[Run] = [(number, "key"), (" ", "rule"), run(text, "title"), (" ", "rule")]
    # A note that is too long gives way: the title says which pane this is.
    note = fit(printable(note), max(0, width // 2)).rstrip() if cells(note) > width // 2 else note
    tail: list[Run] = [(" ", "rule"), run(note, "dim"), (" ─", "rule")] if note else []
    space = width - line_cells((*head, *tail))
    if space < 1:
        return (*clip(tuple(head), width - line_cells(tuple(tail))), *tail)
    return (*head, ("─" * space, "rule"), *tail)


SEPARATOR: Run = (" · ", "dim")


def separated(parts: Iterable[Run]) -> Line:
    """Runs with a dot between them, a run of its own: it is no product."""
    found: list[Run] = []
    for part in parts:
        found += [SEPARATOR, part] if found else [part]
    return tuple(found)


def chosen_title(line: Line) -> Line:
    """A title rule that shows that its pane is the chosen one."""
    roles = {"rule": "text", "title": "chosen"}
    return tuple((text, roles.get(role, role)) for text, role in line)


def chosen_row(line: Line) -> Line:
    """A pane of one row that shows that it is the chosen one: its number is reversed."""
    (number, _), *rest = line
    return ((number, "current"), *rest)


def wrap(line: Line, width: int, indent: int = 0) -> list[Line]:
    """A line broken at spaces, what follows indented."""
    words: list[Run] = []
    for text, role in line:
        for place, word in enumerate(text.split(" ")):
            if place:
                words.append((" ", role))
            if word:
                words.append((word, role))
    lines: list[list[Run]] = [[]]
    used = 0
    for word, role in words:
        size = cells(word)
        if used + size > width and word != " " and used > indent:
            while lines[-1] and lines[-1][-1][0] == " ":
                lines[-1].pop()
            lines.append([(" " * indent, "text")] if indent else [])
            used = indent
        if word == " " and (used >= width or (used == indent and len(lines) > 1)):
            continue
        while size > width - used and width > indent:
            part = clip_text(word, width - used)
            if not part and used <= indent:
                break  # Not one character fits, however many lines there are.
            lines[-1].append((part, role))
            word, size = word[len(part) :], size - cells(part)
            lines.append([(" " * indent, "text")] if indent else [])
            used = indent
        lines[-1].append((word, role))
        used += size
    return [merge(each) for each in lines]


_KEPT = "\u00a0"
_BRACKETED = re.compile(r"\((?:\w{1,3}|[\d.]+)(?: [-+·/=] (?:\w{1,3}|[\d.]+))+\)")
"""A formula in brackets, such as (1 - a)."""


def wrap_prose(text: str, width: int, role: str = "text") -> list[Line]:
    """Sentences broken at spaces, but not inside a formula in brackets."""
    kept = _BRACKETED.sub(lambda found: found[0].replace(" ", _KEPT), text)
    lines = wrap((run(kept, role),), width)
    return [tuple((part.replace(_KEPT, " "), role) for part, role in line) for line in lines]


def paragraphs(text: str) -> list[str]:
    """A text of a file as paragraphs: a line goes on until a sentence ends at its end."""
    found: list[str] = []
    for line in text.strip().splitlines():
        line = " ".join(line.split())
        if found and found[-1] and line and not found[-1].endswith((".", "!", "?", ":", ")")):
            found[-1] += f" {line}"
        else:
            found.append(line)
    return found


def merge(runs: Iterable[Run]) -> Line:
    """Neighbouring runs of one role as one run."""
    merged: list[Run] = []
    for text, role in runs:
        if merged and merged[-1][1] == role:
            merged[-1] = (merged[-1][0] + text, role)
        elif text:
            merged.append((text, role))
    return tuple(merged)


def window(size: int, shown: int, hot: int | None, scroll: int = 0) -> tuple[int, int]:
    """The part of `size` things to show so that `hot` is in it, moved on by hand by `scroll`."""
    shown = max(0, min(size, shown))
    start = 0 if hot is None else min(max(0, hot - shown // 2), size - shown)
    start = min(max(0, start + scroll), size - shown)
    return start, start + shown


class Canvas:
    """A grid of characters and their accents, with roles; line drawing joins where lines meet."""

    _BOX = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
    _PATH = " ║═╚║║╔╠═╝═╩╗╣╦╬"

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._text: dict[tuple[int, int], Run] = {}
        self._arms: dict[tuple[int, int], int] = {}
        self._path: dict[tuple[int, int], int] = {}

    def write(self, row: int, column: int, text: str, role: str = "text") -> None:
        """Put text on the canvas; what lies outside is cut off."""
        for cluster, size in clusters(printable(text)):
            self._text[row, column] = (cluster, role)
            column += size

    def put(self, row: int, column: int, sign: str, role: str) -> None:
        """Put one sign, a cell wide, on the canvas."""
        self._text[row, column] = (sign, role)

    def horizontal(self, row: int, start: int, stop: int, *, path: bool = False) -> None:
        """A line through the columns start … stop, both included, reaching both their edges."""
        for column in range(start, stop + 1):
            self._join(row, column, 2 | 8, path)

    def vertical(self, column: int, start: int, stop: int, *, path: bool = False) -> None:
        """A line from the middle of row `start` to the middle of row `stop`."""
        top, bottom = sorted((start, stop))
        for row in range(top, bottom + 1):
            self._join(row, column, (row > top) | (row < bottom) << 2, path)

    def arm(self, row: int, column: int, *, left: bool, path: bool = False) -> None:
        """Half a line, from a cell's middle to its left or right edge."""
        self._join(row, column, 8 if left else 2, path)

    def _join(self, row: int, column: int, arms: int, path: bool) -> None:
        grid = self._path if path else self._arms
        grid[row, column] = grid.get((row, column), 0) | arms

    def lines(self) -> list[Line]:
        """The canvas as lines, spaces at the ends left out."""
        rows: list[dict[int, Run]] = [{} for _ in range(self.height)]
        drawn: dict[tuple[int, int], Run] = {
            **{at: (self._BOX[arms], "dim") for at, arms in self._arms.items()},
            **{at: (self._PATH[arms], "path") for at, arms in self._path.items()},
            **self._text,
        }
        for (row, column), cell in drawn.items():
            if 0 <= row < self.height and column >= 0:
                rows[row][column] = cell
        return [self._line(row) for row in rows]

    def _line(self, row: dict[int, Run]) -> Line:
        """The cells of a row, by their columns, as a line."""
        runs: list[Run] = []
        end = 0
        for column in sorted(row):
            cluster, role = row[column]
            size = max(1, cells(cluster))
            if column + size > self.width:
                break
            if column >= end:
                runs += [(" " * (column - end), "text"), (cluster, role)]
                end = column + size
        line = merge(runs)
        if line and line[-1][1] == "text":
            text = line[-1][0].rstrip(" ")
            return (*line[:-1], (text, "text")) if text else line[:-1]
        return line
