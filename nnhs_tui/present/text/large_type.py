"""Large type: text several cells high, to be read from the last row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from nnhs_tui.present.text.glyphs import HEIGHT, glyph
from nnhs_tui.present.text.lines import Line, Run, merge

HALVES = " ▀▄█"
QUARTERS = " ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█"
"""Block signs by their set pixels: upper left 1, upper right 2, lower left 4, lower right 8."""


@dataclass(frozen=True)
class Type:
    """A size of large type."""

    across: int
    """Pixels side by side in a cell."""
    down: int
    """Pixels one above the other in a cell."""
    signs: str
    """What is written for a cell, by its set pixels: left to right, then down, 1, 2, 4, 8."""
    copies: int = 1
    """Cells that a pixel fills across, where it is larger than one."""

    @property
    def rows(self) -> int:
        """Cells from the top of a line to the top of the next."""
        return HEIGHT // self.down

    def width(self, text: str) -> int:
        """How many cells a text takes across."""
        return sum(len(_cells(self, character)[0]) for character in text)

    def draw(self, text: str) -> list[str]:
        """A text as rows of cells."""
        drawn = [_cells(self, character) for character in text]
        return ["".join(each[y] for each in drawn) for y in range(self.rows)]


@lru_cache(2048)
def _cells(type_: Type, character: str) -> tuple[str, ...]:
    """A character as rows of cells. Its columns are even in number, so it fills its cells."""
    pixels = glyph(character)
    rows = []
    for y in range(0, HEIGHT, type_.down):
        cells = []
        for x in range(0, len(pixels[0]), type_.across):
            here = "".join(row[x : x + type_.across] for row in pixels[y : y + type_.down])
            number = sum(1 << place for place, pixel in enumerate(here) if pixel == "#")
            cells.append(type_.signs[number] * type_.copies)
        rows.append("".join(cells))
    return tuple(rows)


DOUBLE = Type(1, 1, " █", 2)
NORMAL = Type(1, 2, HALVES)
CONDENSED = Type(2, 2, QUARTERS)
PLAIN = Type(1, 1, " #")
"""For terminals that have no blocks: as wide as normal type, and twice as high."""
DOTTED = Type(1, 2, " '.:")
"""For those too, no higher than normal type."""

SIZES = {
    "unicode": (DOUBLE, NORMAL, CONDENSED),
    "console": (DOUBLE, NORMAL),
    "ascii": (PLAIN, DOTTED),
}
"""The sizes that a set of signs has, the largest first."""

Word = tuple[Run, ...]
"""What is not broken: runs without spaces, or an operator with the operand behind it."""

OPERATORS = frozenset(["=", "≈", "+", "-", "−", "·", "×", "/", "÷"])


def words(line: Line) -> list[Word]:
    """The words of a line; an operator belongs to the word behind it.

    >>> words((("z = a + b", "text"),))
    [(('z', 'text'),), (('= a', 'text'),), (('+ b', 'text'),)]
    """
    found: list[list[Run]] = [[]]
    is_open = True
    for text, role in line:
        for place, part in enumerate(text.split(" ")):
            if place and found[-1] and not is_open:
                found.append([])
            elif place and found[-1]:
                found[-1].append((" ", role))
            if part:
                found[-1].append((part, role))
                is_open = part in OPERATORS
    return [merge(each) for each in found if each]


def broken(line: Line, width: int, type_: Type) -> list[Line] | None:
    """A line in large type, broken between words; None where a word alone is too wide."""
    space: Run = (" ", "text")
    found: list[list[Run]] = []
    for word in words(line):
        if _width(word, type_) > width:
            return None
        longer = [*found[-1], space, *word] if found else []
        if found and _width(longer, type_) <= width:
            found[-1] = longer
        else:
            found.append(list(word))
    return [merge(each) for each in found]


def _width(runs: Iterable[Run], type_: Type) -> int:
    return sum(type_.width(text) for text, _ in runs)


def enlarged(lines: Sequence[Line], type_: Type) -> list[Line]:
    """Lines as rows of cells; underlined is what is a parameter's, by its bottom row."""
    rows: list[Line] = []
    for line in lines:
        drawn = [(type_.draw(text), role) for text, role in merge(line)]
        for y in range(type_.rows):
            is_last = y == type_.rows - 1
            rows.append(merge((each[y], role if is_last else _plain(role)) for each, role in drawn))
    return rows


def _plain(role: str) -> str:
    """A role without its underline."""
    return " ".join(word for word in role.split() if word != "parameter")


def fitting(
    paragraphs: Sequence[Line], width: int, height: int, sizes: Sequence[Type]
) -> list[Line] | None:
    """Paragraphs in the largest type in which they fit; None where none of the sizes does.

    Where there is room, a blank row is left between paragraphs.

    Args:
        paragraphs: each begins on a line of its own.
        width, height: the cells there are.
        sizes: the types to try, the largest first.
    """
    for type_ in sizes:
        drawn: list[list[Line]] = []
        for paragraph in paragraphs:
            lines = broken(paragraph, width, type_)
            if lines is None:
                break
            drawn.append(enlarged(lines, type_))
        else:
            used = sum(map(len, drawn))
            if used > height:
                continue
            gaps = len(drawn) - 1
            apart = 1 if used + gaps <= height else 0
            rows: list[Line] = []
            for number, each in enumerate(drawn):
                rows += [()] * (apart if number else 0)
                rows += each
            return rows
    return None
