"""Where elementary nodes stand: in columns by depth, each on the level of what feeds it.

It follows from the tape, how wide what is written at a node may become, and the room; so nothing
moves from step to step.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import fsum

from nnhs_tui.autodiff.tape import Tape

CELL = 3
"""Rows of a node: the value above its wire, the wire, the gradient below."""
LEAST_GAP, TIGHT_GAP = 3, 2
"""Columns between two columns of nodes at least; where all is tight."""
WIDEST_GAP = 14
MOST = 60
"""Elementary nodes that may be seen whole: of more the eye finds none."""
MOST_SEARCHED = 20_000
"""In a longer tape what uses a value is not looked for."""

Columns = tuple[tuple[int, ...], ...]
"""The ids of nodes, column by column, from top to bottom."""
Edge = tuple[int, int]
"""(operand, operation)."""
Passing = tuple[int, int]
"""(operand, number of a column that its value passes)."""


@dataclass(frozen=True)
class Size:
    """How wide a node is."""

    head: int
    """Columns of its circle, or of the name of a value that is given."""
    wire: int
    """Columns of the wire behind it at least."""


@dataclass(frozen=True)
class Room:
    """What there is room for: cells, and how much each node takes of them."""

    width: int
    height: int
    sizes: Mapping[int, Size]
    is_tight: bool = False
    """Whether value and gradient begin over the circle, and not behind it."""

    @property
    def gap(self) -> int:
        """Columns between two columns of nodes at least."""
        return TIGHT_GAP if self.is_tight else LEAST_GAP

    def widest(self, column: Sequence[int], part: str) -> int:
        """The columns of cells that a column of nodes takes for its heads, or for its wires."""
        return max((getattr(self.sizes[node], part) for node in column), default=1)


@dataclass(frozen=True)
class Places:
    """Where everything stands, in cells from the upper left corner."""

    columns: Columns
    rows: Mapping[int, int]
    """Of each node the row of its wire."""
    passing: Mapping[Passing, int]
    """The row in which a value passes a column on its way to a later one."""
    begins: tuple[int, ...]
    """Of each column where the widest of its heads begins."""
    wires: tuple[int, ...]
    """Where its wires begin, and its heads end."""
    ends: tuple[int, ...]
    """The column of cells behind its wires."""
    edges: tuple[Edge, ...]
    is_tight: bool = False
    """Whether value and gradient begin over the circle, and not behind it."""

    def label(self, number: int, head: int) -> int:
        """Where the value of a node in a column begins, whose circle is so wide."""
        return self.wires[number] - head * self.is_tight

    def column(self, node: int) -> int:
        """The number of the column that a node is in."""
        return next(at for at, column in enumerate(self.columns) if node in column)

    def way(self, edge: Edge) -> list[tuple[int, int]]:
        """(column, row) of an operand, of where its value passes columns, and of the operation."""
        start, stop = map(self.column, edge)
        between = [(at, self.passing[edge[0], at]) for at in range(start + 1, stop)]
        return [(start, self.rows[edge[0]]), *between, (stop, self.rows[edge[1]])]


def operands_of(tape: Tape, node: int) -> list[int]:
    """What an operation is made from, the constants of its formula left out; [] for a leaf."""
    if node < tape.leaves:
        return []
    return [each for each in tape.operands(node).tolist() if each not in tape.constant_ids]


@lru_cache(2)
def users(tape: Tape) -> Mapping[int, list[int]]:
    """Of each value the operations that use it, in order."""
    found: dict[int, list[int]] = defaultdict(list)
    if tape.size <= MOST_SEARCHED:
        for node in range(tape.leaves, tape.size):
            for operand in dict.fromkeys(operands_of(tape, node)):
                found[operand].append(node)
    return dict(found)


@lru_cache(2)
def by_depth(tape: Tape) -> Columns:
    """All values in columns: what is given just before its first use, operations by their depth."""
    constants = tape.constant_ids
    return _layered(tape, [node for node in range(tape.size) if node not in constants])


def _layered(tape: Tape, nodes: Iterable[int]) -> Columns:
    """Some values in columns, each operation behind all of its operands that are among them."""
    depth: dict[int, int] = {}
    given = []
    for node in sorted(nodes):
        if node < tape.leaves:
            given.append(node)
        else:
            before = (depth.get(each, 0) for each in operands_of(tape, node))
            depth[node] = 1 + max(before, default=0)
    for node in given:
        uses = [depth[each] for each in users(tape).get(node, ()) if each in depth]
        depth[node] = min(uses, default=1) - 1
    if not depth:
        return ()
    first = min(depth.values())
    columns: list[list[int]] = [[] for _ in range(max(depth.values()) - first + 1)]
    for node in sorted(depth, key=lambda each: _turn(tape, each)):
        columns[depth[node] - first].append(node)
    return tuple(map(tuple, columns))


def _turn(tape: Tape, node: int) -> tuple[int, int]:
    """A value has its turn where it is used first: w11 beside x1."""
    first = users(tape).get(node, [tape.size])[0]
    return first, operands_of(tape, first).index(node) if first < tape.size else node


def around(tape: Tape, node: int, room: Room, begin: int) -> Columns:
    """A node with what feeds it and what uses it, the nearest first, as far as there is room.

    Args:
        begin: of what feeds it the place with which to begin.
    """
    shown, waiting, tried = [node], deque([node]), {node}
    while waiting and len(tried) <= MOST:
        here = waiting.popleft()
        feeds = operands_of(tape, here)[begin if here == node else 0 :]
        # What is given comes last: it stands where the operations that feed the same put it.
        feeds.sort(key=lambda each: each < tape.leaves)
        for each in (*feeds, *users(tape).get(here, ())):
            if each not in tried:
                tried.add(each)
                if is_room(tape, _layered(tape, [*shown, each]), room):
                    shown.append(each)
                    waiting.append(each)
    return _layered(tape, shown)


def edges_between(tape: Tape, columns: Columns) -> tuple[Edge, ...]:
    """The edges that are drawn: those from a column to one behind it."""
    number = {node: at for at, column in enumerate(columns) for node in column}
    return tuple(
        (each, node)
        for node in number
        for each in dict.fromkeys(operands_of(tape, node))
        if number.get(each, len(columns)) < number[node]
    )


def _passing(columns: Columns, edges: Iterable[Edge]) -> dict[Passing, None]:
    """What passes which columns, in order."""
    number = {node: at for at, column in enumerate(columns) for node in column}
    return dict.fromkeys(
        (operand, at) for operand, node in edges for at in range(number[operand] + 1, number[node])
    )


def is_room(tape: Tape, columns: Columns, room: Room) -> bool:
    """Whether columns of nodes have room."""
    used = sum(room.widest(column, part) for column in columns for part in ("head", "wire"))
    passing = Counter(at for _, at in _passing(columns, edges_between(tape, columns)))
    tallest = max(len(column) * CELL + passing[at] for at, column in enumerate(columns))
    return used + room.gap * (len(columns) - 1) <= room.width and tallest <= room.height


def place(tape: Tape, columns: Columns, room: Room) -> Places:
    """Where the nodes of columns that have room stand; what is left over goes between them."""
    heads = [room.widest(column, "head") for column in columns]
    wires = [room.widest(column, "wire") for column in columns]
    gaps = _gaps(columns, room.gap, room.width - sum(heads) - sum(wires))
    begins = [0]
    for head, wire, gap in zip(heads, wires, gaps, strict=False):
        begins.append(begins[-1] + head + wire + gap)
    starts = tuple(begin + head for begin, head in zip(begins, heads, strict=True))
    ends = tuple(start + wire for start, wire in zip(starts, wires, strict=True))
    edges = edges_between(tape, columns)
    rows, passing = _rows(tape, columns, edges, room.height)
    return Places(columns, rows, passing, tuple(begins), starts, ends, edges, room.is_tight)


def _gaps(columns: Columns, least: int, free: int) -> list[int]:
    """The columns between the columns of nodes: more where more edges have to bend."""
    wanted = [least + max(len(a), len(b)) for a, b in pairwise(columns)]
    gaps = [least] * len(wanted)
    while free > sum(gaps):
        growing = [at for at, gap in enumerate(gaps) if gap < min(wanted[at], WIDEST_GAP)]
        if not growing:
            break
        gaps[max(growing, key=lambda at: wanted[at] - gaps[at])] += 1
    return gaps


def _rows(
    tape: Tape, columns: Columns, edges: Sequence[Edge], height: int
) -> tuple[dict[int, int], dict[Passing, int]]:
    """The rows of the wires: each operation level with the middle of what feeds it.

    What passes a column keeps its row if it can.
    """
    rows: dict[int, int] = {}
    passing: dict[Passing, int] = {}
    for number, column in enumerate(columns):
        pitch = height / max(1, len(column))
        wanted: dict[int | Passing, float] = {}
        for each in _passing(columns, edges):
            if each[1] == number:
                wanted[each] = passing.get((each[0], number - 1), rows[each[0]])
        for at, node in enumerate(column):
            near = [_row_before(rows, passing, each, number) for each in operands_of(tape, node)]
            known = [row for row in near if row is not None]
            if not known and number:
                known = _beside(tape, node, rows, wanted)
            wanted[node] = fsum(known) / len(known) if known else int(pitch * (at + 0.5))
        for found, row in _apart(wanted, height).items():
            if isinstance(found, int):
                rows[found] = row
            else:
                passing[found] = row
    return rows, passing


def _row_before(
    rows: Mapping[int, int], passing: Mapping[Passing, int], operand: int, number: int
) -> float | None:
    """In which row an operand's value comes to a column; None where it is not drawn."""
    return passing.get((operand, number - 1), rows.get(operand))


def _beside(
    tape: Tape, node: int, rows: Mapping[int, int], wanted: Mapping[int | Passing, float]
) -> list[float]:
    """On what level the other operands stand of what uses a value: it is best beside them."""
    found = []
    for user in users(tape).get(node, ()):
        for each in operands_of(tape, user):
            if each in rows or each in wanted:
                found.append(rows.get(each, wanted.get(each, 0)) + CELL)
    return found


def _apart(wanted: Mapping[int | Passing, float], height: int) -> dict[int | Passing, int]:
    """Rows as near as can be to those that are wanted, none over another, all within the height.

    A node has a row above its own and one below; what passes has its own alone.
    """
    order = sorted(wanted, key=lambda each: wanted[each])
    half = [(CELL - 1) // 2 if isinstance(each, int) else 0 for each in order]
    taken = sum(2 * beside + 1 for beside in half)
    # A free row between two, where there is one, so that no number seems to belong to another.
    between = int(taken + len(order) - 1 <= height)
    found: list[int] = []
    top = 0
    for each, beside in zip(order, half, strict=True):
        found.append(max(top + beside, round(wanted[each])))
        top = found[-1] + beside + 1 + between
    bottom = height - 1
    for at in reversed(range(len(found))):
        found[at] = min(found[at], bottom - half[at])
        bottom = found[at] - half[at] - 1 - between
    return dict(zip(order, found, strict=True))
