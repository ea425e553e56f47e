"""What a diagram is made of. Lengths are in pixels, from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nnhs_tui.present.text.lines import cells

LETTER, LINE = 15, 18
"""The size of letters, and how far lines of text are apart."""
ADVANCE = 0.6 * LETTER
"""How wide a letter is in a font of one width."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Edge:
    """A line through some points; in work it is thick and has a head where it leads."""

    points: tuple[Point, ...]
    role: str = "dim"
    is_hot: bool = False
    is_backward: bool = False


@dataclass(frozen=True)
class Disc:
    """A circle, or what is wider than high a box with round ends."""

    x: float
    y: float
    half_width: float
    half_height: float
    is_hot: bool = False


@dataclass(frozen=True)
class Text:
    """A line of text, around its middle or from its left end."""

    x: float
    y: float
    """Of the middle of its letters."""
    text: str
    role: str = "text"
    is_centred: bool = True
    on_line: bool = False
    """Whether a line goes through behind it, which it is to cover."""

    @property
    def box(self) -> Box:
        """What it covers."""
        width = cells(self.text) * ADVANCE
        left = self.x - width / 2 if self.is_centred else self.x
        return Box(left - 2, self.y - LINE / 2, left + width + 2, self.y + LINE / 2)


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether they have a part in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass
class Diagram:
    """A drawing: lines lie lowest, texts on top."""

    width: float
    height: float
    edges: list[Edge] = field(default_factory=list)
    discs: list[Disc] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def boxes(self) -> Iterator[Box]:
        """What its discs and texts cover."""
        for disc in self.discs:
            left, top = disc.x - disc.half_width, disc.y - disc.half_height
            yield Box(left, top, disc.x + disc.half_width, disc.y + disc.half_height)
        yield from (text.box for text in self.texts)


def free_place(wanted: Iterable[Box], taken: list[Box]) -> int:
    """The number of the first box that meets no other; of the first one where all do."""
    for number, box in enumerate(wanted):
        if not any(map(box.meets, taken)):
            return number
    return 0


def spread(count: int, start: float, stop: float) -> list[float]:
    """So many places evenly between two others, half a step from either.

    >>> spread(2, 0, 100)
    [25.0, 75.0]
    """
    step = (stop - start) / max(1, count)
    return [start + step * (place + 0.5) for place in range(count)]
