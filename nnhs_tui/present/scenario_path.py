"""The list of scenarios as a path: chapters in their order, and how far one has come in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nnhs_tui.characters import printable
from nnhs_tui.present.text.lines import Line, cells, fit, run, title, window

SEEN, WRONG = "✓", "✗"


@dataclass(frozen=True)
class Entry:
    """A scenario in the list. Its texts may hold anything a file may hold."""

    name: str
    title: str
    shape: str
    chapter: str
    """Its label; "" where there are no chapters."""
    is_seen: bool = False
    asked: int = 0
    """Of the last self-test how many were answered."""
    wrong: int = 0
    is_opened: bool = False

    @property
    def told(self) -> str:
        """Its title, without the shape in brackets behind it, which the preview says."""
        told = printable(self.title)
        return told.removesuffix(f"({self.shape})").rstrip() or told

    def has(self, words: str) -> bool:
        """Whether every word of a search is in its title, name or chapter."""
        text = f"{self.title} {self.name} {self.chapter}".casefold()
        return all(word in text for word in words.casefold().split())


Row = str | int
"""A chapter's label, or the place of an entry."""


def rows_of(entries: Sequence[Entry], found: Sequence[int]) -> list[Row]:
    """The rows of the list: of these entries, each chapter's name above its first."""
    rows: list[Row] = []
    chapter = ""
    for place in found:
        if entries[place].chapter != chapter:
            chapter = entries[place].chapter
            rows.append(chapter)
        rows.append(place)
    return rows


def comes_next(entries: Sequence[Entry]) -> int:
    """Where to go on: the first not seen to the end behind the last that was opened."""
    opened = [place for place in range(len(entries)) if entries[place].is_opened]
    start = opened[-1] if opened else 0
    order = [*range(start, len(entries)), *range(start)]
    return next((place for place in order if not entries[place].is_seen), 0)


def shown_rows(rows: Sequence[Row], at: int, height: int) -> tuple[int, int]:
    """(first, one behind the last) of the rows below the heading; a first entry has its chapter."""
    focus = rows.index(at) if at in rows else 0
    start, stop = window(len(rows), max(1, height - 1), focus)
    if start and start == focus and height > 2 and isinstance(rows[focus - 1], str):
        start, stop = start - 1, stop - 1
    return start, stop


def draw_path(
    entries: Sequence[Entry], rows: Sequence[Row], at: int, width: int, height: int, noun: str
) -> list[Line]:
    """The list in `width` × `height` cells, the entry `at` marked.

    Args:
        noun: what they are: scenarios or lessons.
    """
    start, stop = shown_rows(rows, at, height)
    part = _part_of(rows, start, stop) if stop - start < len(rows) else ""
    lines = [title("", noun, width, part)]
    for row in rows[start:stop]:
        if isinstance(row, str):
            lines.append((run(fit(f" {printable(row)}", width), "title"),))
        else:
            lines.append(_entry(entries[row], row == at, width))
    return lines


def _part_of(rows: Sequence[Row], start: int, stop: int) -> str:
    """`1–18 of 23`: the headings are no entries."""
    before, here, count = (
        sum(isinstance(row, int) for row in part) for part in (rows[:start], rows[start:stop], rows)
    )
    return f"{before + 1}–{before + here} of {count}"


def _entry(entry: Entry, is_here: bool, width: int) -> Line:
    tested = f" {entry.wrong} {WRONG}" if entry.wrong else f" {entry.asked} {SEEN}"
    tested = tested if entry.asked else ""
    mark = f"{'►' if is_here else ' '} {SEEN if entry.is_seen else ' '} "
    room = max(0, width - cells(mark) - cells(tested))
    text = fit(mark + fit(entry.told, room) + tested, width)
    return (run(text, "current" if is_here else "text"),)


def draw_head(entries: Sequence[Entry], search: str | None, width: int, noun: str) -> Line:
    """The program's name, and how many were seen; or what is searched for."""
    name = "nnhs-tui"
    if search is not None:
        return ((f"{name}  ", "title chosen"), run(f"find: {search}_", "text"))
    seen = sum(each.is_seen for each in entries)
    told = f"choose a {noun[:-1]}" + (f" · {seen} of {len(entries)} seen" if seen else "")
    space = " " * max(1, width - cells(name) - cells(told))
    return ((name, "title chosen"), (space, "text"), (told, "dim"))
