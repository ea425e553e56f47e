"""A sheet as plain data. Its texts are data too: they may hold any character a file may hold."""

from __future__ import annotations

from dataclasses import dataclass

from nnhs_tui.present.diagrams.shapes import Diagram


@dataclass(frozen=True)
class Cell:
    """A number that is given, or room for one that is asked."""

    name: str
    """The quantity, as docs/scenario-format.md names it; without the sample's number."""
    text: str = ""
    """The number; "" where there is room to write it."""
    asked: bool = False


@dataclass(frozen=True)
class Grid:
    """Numbers that belong together: a matrix, a row of a few, or a part of either."""

    label: str
    """`hidden.W`; "" where the cells have nothing in common."""
    shape: str
    """`3×2`, and which part of it this is; "" for single numbers."""
    columns: tuple[str, ...]
    """What stands above the columns: indices, or in a grid of one row the cells' names."""
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    """(what stands before the row, its cells)."""
    is_matrix: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether anything in it is asked."""
        return any(cell.asked for _, cells in self.rows for cell in cells)


@dataclass(frozen=True)
class Solution:
    """How an answer is found."""

    name: str
    lines: tuple[str, ...]
    """Formula, numbers put in, result; what has to be found on the way comes before."""
    more: tuple[str, ...] = ()
    """For each line the same with more decimals, where the numbers in it do not come out; or ""."""

    @property
    def written(self) -> list[str]:
        """The lines, each with what stands below it; the name, which stands before, only once."""
        more = self.more or ("",) * len(self.lines)
        own = f"{self.name.rpartition(': ')[2]} "
        lines = (
            line.removeprefix(own) if line.startswith(f"{own}= ") else line for line in self.lines
        )
        return [text for both in zip(lines, more, strict=True) for text in both if text]


@dataclass(frozen=True)
class Part:
    """One stretch of the calculation: a phase of a sample."""

    title: str
    grids: tuple[Grid, ...]
    solutions: tuple[Solution, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet to fill in, or with the answers in it."""

    title: str
    is_key: bool
    seed: int | None
    """None for the scenario's own numbers."""
    rules: tuple[str, ...]
    """How to round."""
    drawing: tuple[str, ...]
    """The net, in characters of one width."""
    diagram: Diagram | None
    """The same as circles and lines."""
    drawn: str
    """What of the net is drawn, where that is not all of it."""
    facts: tuple[str, ...]
    """What is calculated, in formulas and words."""
    given: tuple[Part, ...]
    parts: tuple[Part, ...]
    answers: tuple[tuple[str, str], ...]
    """(quantity, answer) in the order of the calculation; answers are "" but in a key."""
    asks: str = "all"
    """What was selected, for a sheet that comes back to say it."""
    pupil: str = ""
    """Whose sheet it is; "" where that is not known."""
