"""Quantities side by side as they stand in their matrix or row, in parts that fit on paper."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nnhs_tui.autodiff.names import Names
from nnhs_tui.autodiff.schedule import Schedule
from nnhs_tui.autodiff.tape import Tape
from nnhs_tui.debugger.naming.reading import name_of
from nnhs_tui.debugger.quantity import Quantity
from nnhs_tui.present.text.lines import cells as width_of
from nnhs_tui.scenario.model import Network
from nnhs_tui.worksheet.sheet import Cell, Grid

WIDEST = 84
"""Characters that stand beside one another on a sheet of A4."""
TALLEST = 25
"""Rows of one part of a matrix."""
ROOM = 9
"""Characters of a column that is to be written in."""

_INDEXED = re.compile(
    r"(?P<base>.+?)\[(?P<row>\d+)(?:,(?P<column>\d+))?\](?: via (?P<via>.+)\[(?P<path>\d+)\])?"
)


@dataclass(frozen=True)
class Place:
    """Where a quantity belongs."""

    family: str
    """What its matrix or row is called; "" for single numbers."""
    row: int
    """From 1; in a row of numbers 1."""
    column: int
    """From 1; 0: the next free one."""
    row_name: str
    column_name: str
    is_matrix: bool = False


class Places:
    """Finds where the quantities of a scenario belong.

    Args:
        by_neurons: whether a matrix has a row for each neuron, and not for each input.
    """

    def __init__(self, schedule: Schedule, names: Names, *, by_neurons: bool = False) -> None:
        self.schedule, self.names, self.by_neurons = schedule, names, by_neurons
        tape = _with_counted_inputs(schedule.tape)
        self._counted = None if tape is schedule.tape else Names(tape)

    def name(self, quantity: Quantity) -> str:
        """A quantity's name without the number of its sample."""
        return name_of(self.names, _of_any_sample(quantity), self.schedule)

    def place(self, quantity: Quantity, own: str) -> Place:
        """Where a quantity of the name `own` belongs."""
        counted = own
        if self._counted is not None:
            counted = name_of(self._counted, _of_any_sample(quantity), self.schedule)
        found = None if self.schedule.tape.is_graph else _INDEXED.fullmatch(counted)
        if found is None or found["base"] == "loss":
            return Place("", 1, 0, "", own)
        base, row, column = found["base"], int(found["row"]), found["column"]
        if found["via"] is not None:
            target, _, path = own.partition(" via ")
            target = target.removeprefix("grad ")
            family = f"{base} via {found['via']}"
            return Place(family, row, int(found["path"]), target, path, True)
        if column is not None and self.by_neurons:
            return Place(base, int(column), row, column, str(row), True)
        if column is not None:
            return Place(base, row, int(column), str(row), column, True)
        return Place(base, 1, row, "", own)


def _of_any_sample(quantity: Quantity) -> Quantity:
    return quantity if quantity.sample is None else replace(quantity, sample=None)


def _with_counted_inputs(tape: Tape) -> Tape:
    """The tape with inputs that have no names, so that every name of a network is indexed."""
    model = tape.scenario.model
    if not isinstance(model, Network) or not model.input_names:
        return tape
    plain = replace(model, input_names=())
    return replace(tape, scenario=replace(tape.scenario, model=plain))


def grids(places: Places, entries: Iterable[tuple[Quantity, Cell]]) -> list[Grid]:
    """Cells as grids, in the order in which their families come; a cell has its quantity's name."""
    families: dict[str, list[tuple[Place, Cell]]] = {}
    for quantity, cell in entries:
        place = places.place(quantity, cell.name)
        families.setdefault(place.family, []).append((place, cell))
    found: list[Grid] = []
    for family, members in families.items():
        if not family:
            found += _rows_of(Grid("", "", (), ()), [cell for _, cell in members])
        elif members[0][0].is_matrix:
            found += _matrix(family, members)
        else:
            row = [cell for _, cell in sorted(members, key=lambda each: each[0].column)]
            shape = f"{len(row)}×1" if places.by_neurons else f"1×{len(row)}"
            if places.by_neurons and len(row) > 1:
                shape += ", in a row"
            found += _rows_of(Grid(family, shape, (), ()), row)
    return found


def _rows_of(whole: Grid, row: list[Cell]) -> Iterator[Grid]:
    """A row of cells, their names above them, in parts that fit beside one another."""
    start = 0
    for stop in _stops([max(ROOM, width_of(c.name), width_of(c.text)) for c in row]):
        shape = _part(whole.shape, "", start, stop, len(row))
        part = tuple(row[start:stop])
        yield replace(
            whole, shape=shape, columns=tuple(cell.name for cell in part), rows=(("", part),)
        )
        start = stop


def _matrix(family: str, members: list[tuple[Place, Cell]]) -> Iterator[Grid]:
    """A matrix in parts that fit on a page."""
    at = {(place.row, place.column): cell for place, cell in members}
    row_names = {place.row: place.row_name for place, _ in members}
    column_names = {place.column: place.column_name for place, _ in members}
    n, m = max(row_names), max(column_names)
    widths = [width_of(column_names.get(c, "")) for c in range(1, m + 1)]
    for place, cell in members:
        column = place.column - 1
        widths[column] = max(ROOM, widths[column], width_of(cell.text))
    for top in range(0, n, TALLEST):
        bottom, start = min(n, top + TALLEST), 0
        for stop in _stops(widths):
            rows = _part("", "rows", top, bottom, n)
            shape = f"{n}×{m}{rows}{_part('', 'columns', start, stop, m)}"
            columns = range(start + 1, stop + 1)
            lines = tuple(
                (
                    row_names.get(row, str(row)),
                    tuple(at.get((row, column), Cell("")) for column in columns),
                )
                for row in range(top + 1, bottom + 1)
            )
            headings = tuple(column_names.get(column, str(column)) for column in columns)
            yield Grid(family, shape, headings, lines, True)
            start = stop


def _part(shape: str, what: str, start: int, stop: int, size: int) -> str:
    """The shape, and which part of it this is where it is not all."""
    if stop - start == size or (not shape and not what):
        return shape
    words = f"{what} " if what else ""
    return f"{shape}, {words}{start + 1}–{stop}"


def _stops(widths: list[int]) -> Iterator[int]:
    """Where to break a row of columns so that no part is too wide."""
    used = 0
    for place, width in enumerate(widths):
        if used and used + width + 2 > WIDEST:
            yield place
            used = 0
        used += width + 2
    yield len(widths)
