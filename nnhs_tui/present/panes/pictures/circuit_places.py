"""Where elementary nodes stand: in columns by depth, each on the level of what feeds it.

It follows from the tape, how wide what is written at a node may become, and the room; so nothing
moves from step to step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

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

    @property
    def rows(self) -> int:
        """The nodes that have room below one another."""
        return max(1, self.height // CELL)

    def widest(self, column: Sequence[int], part: str) -> int:
        """The columns of cells that a column of nodes takes for its heads, or for its wires."""
        return max((getattr(self.sizes[node], part) for node in column), default=1)

    def fits(self, columns: Columns) -> bool:
        """Whether columns of nodes have room."""
        used = sum(self.widest(column, part) for column in columns for part in ("head", "wire"))
        tallest = max(map(len, columns), default=0)
        return used + self.gap * (len(columns) - 1) <= self.width and tallest <= self.rows


@dataclass(frozen=True)
class Places:
    """Where everything stands, in cells from the upper left corner."""

    columns: Columns
    rows: Mapping[int, int]
    """Of each node the row of its wire."""
    wires: tuple[int, ...]
    """Of each column where its wires begin; its heads end before that."""
    ends: tuple[int, ...]
    """The column of cells behind its wires."""
    is_tight: bool = False
    """Whether value and gradient begin over the circle, and not behind it."""

    def label(self, number: int, head: int) -> int:
        """Where the value of a node in a column begins, whose circle is so wide."""
        return self.wires[number] - head * self.is_tight

    def column(self, node: int) -> int:
        """The number of the column that a node is in."""
        return next(at for at, column in enumerate(self.columns) if node in column)


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
    depth: dict[int, int] = {}
    for node in range(tape.leaves, tape.size):
        depth[node] = 1 + max((depth.get(each, 0) for each in operands_of(tape, node)), default=0)
    for leaf in range(tape.leaves):
        if leaf not in tape.constant_ids:
            depth[leaf] = depth[users(tape)[leaf][0]] - 1 if leaf in users(tape) else 0
    columns: list[list[int]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for node in sorted(depth, key=lambda each: _turn(tape, each)):
        columns[depth[node]].append(node)
    return tuple(map(tuple, columns))


def _turn(tape: Tape, node: int) -> tuple[int, int]:
    """What is given has its turn where it is used first: w11 beside x1."""
    if node >= tape.leaves:
        return node, -1
    first = users(tape).get(node, [tape.size])[0]
    return first, operands_of(tape, first).index(node) if first < tape.size else node


Cut = Callable[[Sequence[int]], Sequence[int]]
"""The part of a column for which there is room."""


def around(tape: Tape, node: int, room: Room, cut: Cut) -> Columns:
    """A node, what feeds it and what uses it, as far as there is room."""
    columns: Columns = ((node,),)
    sides = [_before, _behind]
    while sides:
        for side in list(sides):
            wider = side(tape, columns, cut)
            if len(wider) > len(columns) and room.fits(wider):
                columns = wider
            else:
                sides.remove(side)
    return columns


def _before(tape: Tape, columns: Columns, cut: Cut) -> Columns:
    """With what feeds the first column."""
    more = _new(columns, (each for node in columns[0] for each in operands_of(tape, node)))
    return (tuple(cut(more)), *columns) if more else columns


def _behind(tape: Tape, columns: Columns, cut: Cut) -> Columns:
    """With what uses the last column, and before it whatever else that is made from."""
    *rest, last = columns
    more = cut(_new(columns, (each for node in last for each in users(tape).get(node, ()))))
    others = _new(columns, (each for node in more for each in operands_of(tape, node)))
    last = (*last, *(each for each in others if each not in more))
    return (*rest, tuple(cut(last)), tuple(more)) if more else columns


def _new(columns: Columns, near: Iterable[int]) -> list[int]:
    """Those of some nodes that are in no column yet, each once."""
    seen = {node for column in columns for node in column}
    return list(dict.fromkeys(each for each in near if each not in seen))


def place(tape: Tape, columns: Columns, room: Room) -> Places:
    """Where the nodes of columns that have room stand; what is left over goes between them."""
    heads = [room.widest(column, "head") for column in columns]
    wires = [room.widest(column, "wire") for column in columns]
    gaps = _gaps(columns, room.gap, room.width - sum(heads) - sum(wires))
    begins, ends, left = [], [], 0
    for head, wire, gap in zip(heads, wires, (*gaps, 0), strict=True):
        begins.append(left + head)
        ends.append(left + head + wire)
        left += head + wire + gap
    rows = _rows(tape, columns, room.height)
    return Places(columns, rows, tuple(begins), tuple(ends), room.is_tight)


def _gaps(columns: Columns, least: int, free: int) -> list[int]:
    """The columns between the columns of nodes: more where more edges have to bend."""
    wanted = [least + max(len(a), len(b)) for a, b in pairwise(columns)]
    gaps = [least] * len(wanted)
    free -= sum(gaps)
    while free > 0:
        growing = [at for at, gap in enumerate(gaps) if gap < min(wanted[at], WIDEST_GAP)]
        if not growing:
            break
        gaps[max(growing, key=lambda at: wanted[at] - gaps[at])] += 1
        free -= 1
    return gaps


def _rows(tape: Tape, columns: Columns, height: int) -> dict[int, int]:
    """The rows of the wires: each operation level with the middle of what feeds it."""
    rows: dict[int, int] = {}
    for number, column in enumerate(columns):
        pitch = height / max(1, len(column))
        wanted: dict[int, float] = {}
        for at, node in enumerate(column):
            near: list[float] = [rows[each] for each in operands_of(tape, node) if each in rows]
            if not near and number:
                near = _beside(tape, node, rows, wanted)
            wanted[node] = sum(near) / len(near) if near else int(pitch * (at + 0.5))
        rows.update(_apart(wanted, height))
    return rows


def _beside(
    tape: Tape, node: int, rows: Mapping[int, int], wanted: Mapping[int, float]
) -> list[float]:
    """On what level the other operands stand of what uses a value: it is best beside them."""
    found = []
    for user in users(tape).get(node, ()):
        for each in operands_of(tape, user):
            if each in rows or each in wanted:
                found.append(rows.get(each, wanted.get(each, 0)) + CELL)
    return found


def _apart(wanted: Mapping[int, float], height: int) -> dict[int, int]:
    """Rows as near as can be to those that are wanted, none over another, all within the height."""
    order = sorted(wanted, key=lambda node: wanted[node])
    found: list[int] = []
    for node in order:
        low = found[-1] + CELL if found else 1
        found.append(max(low, round(wanted[node])))
    high = height - CELL + 1
    for at in reversed(range(len(found))):
        found[at] = min(found[at], high)
        high = found[at] - CELL
    return dict(zip(order, found, strict=True))
