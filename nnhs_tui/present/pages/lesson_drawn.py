"""What is drawn in a lesson: shapes side by side, two rules beside each other, many starts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from nnhs_tui.lessons.comparing import Compared, Row
from nnhs_tui.lessons.lesson import Shape, fits
from nnhs_tui.lessons.starts import Starts
from nnhs_tui.present.text.lines import Line, Run, cells, fit, run, wrap

LARGEST = 6
"""Rows or columns of a matrix that is drawn; of a larger one only the sizes are told."""


def draw_pair(pair: tuple[Shape, Shape], width: int) -> list[Line]:
    """Two matrices side by side, and whether they can be multiplied: the two sizes that must agree
    stand next to each other, marked."""
    (rows, inner), (height, columns) = pair
    does = fits(pair)
    mark = "current" if does else "error"
    head: Line = (
        ("  ", "text"),
        (f"{rows}×", "text"),
        (str(inner), mark),
        ("  ·  ", "text"),
        (str(height), mark),
        (f"×{columns}", "text"),
        (f"  =  {rows}×{columns}" if does else "  ✗", "text" if does else "error"),
    )
    if max(rows, inner, height, columns) > LARGEST:
        return [head]
    lines = [head, ()]
    first, second = _grid(rows, inner, by_row=True), _grid(height, columns, by_row=False)
    tall = max(len(first), len(second))
    wide = max(map(len, first))
    for place in range(tall):
        left = first[place] if place < len(first) else ""
        right = second[place] if place < len(second) else ""
        dot = "·" if place == tall // 2 else " "
        text = f"  {left:<{wide}}  {dot}  {right}"
        lines.append(((fit(text, width).rstrip(), "text"),))
    told = f"A row of the first has {inner}, a column of the second {height}: " + (
        "they go together." if does else "something is left over, so there is no product."
    )
    return [*lines, (), *wrap((run(told, "text" if does else "error"),), width)]


def _grid(rows: int, columns: int, *, by_row: bool) -> list[str]:
    """A matrix as dots; what is multiplied first, its first row or column, as numbers."""
    lines = []
    for row in range(rows):
        here = []
        for column in range(columns):
            counted_here = row == 0 if by_row else column == 0
            place = column + 1 if by_row else row + 1
            here.append(str(place) if counted_here and place < 10 else "•")
        lines.append(f"[ {' '.join(here)} ]")
    return lines


HEADS = ("", "as printed", "right", "tried")
NARROW = ("", "printed", "right", "tried")
"""Where there is no room for the others."""


def compared_lines(found: Compared, width: int) -> list[Line]:
    """The printed rule and the right one, exact and by hand; where they part is marked."""
    lines: list[Line] = []
    same = [(row.printed, row.right) for row in found.exact]
    by_hand = found.by_hand
    if [(row.printed, row.right) for row in by_hand] == same:
        by_hand = ()
    for told, rows in (
        ("with all decimals", found.exact),
        ("by hand", by_hand),
        ("the loss, round by round", found.losses),
    ):
        if rows:
            lines += [()] if lines else []
            lines += [(run(told, "title"),), *_table(rows, width)]
    return lines


def _table(rows: Sequence[Row], width: int) -> Iterator[Line]:
    columns = len(HEADS) if any(row.tried for row in rows) else len(HEADS) - 1
    texts_of = [(row.name, row.printed, row.right, row.tried) for row in rows]
    for heads, gap in ((HEADS, "  "), (NARROW, " ")):
        table = [heads, *texts_of]
        sizes = [max(cells(row[place]) for row in table) for place in range(columns)]
        if len("≠ ") + sum(sizes) + len(gap) * (columns - 1) <= width:
            break
    for place, texts in enumerate(table):
        parts = place > 0 and rows[place - 1].parts
        runs: list[Run] = [("≠ " if parts else "  ", "error"), run(fit(texts[0], sizes[0]))]
        for text, size in zip(texts[1:columns], sizes[1:], strict=True):
            role = "text" if place else "dim"
            runs += [(gap, "text"), run(fit(text, size, right=True), role)]
        yield from wrap(tuple(runs), width, 2) if _too_wide(runs, width) else [tuple(runs)]


BINS = (0.5, 0.8, 1.0, 1.25, 2.0)
"""What the loss has become, as a multiple of what it was: where one row ends."""


def starts_lines(found: Starts, width: int) -> list[Line]:
    """How the loss went from many starts, by the printed program and by the mended one."""
    count = len(found.before)
    lines: list[Line] = []
    for told, after, risen in (
        ("as printed", found.printed, found.risen[0]),
        ("mended", found.mended, found.risen[1]),
    ):
        lines += [()] if lines else []
        lines += wrap(
            (run(f"{told}: the loss has risen in {risen:,} of {count:,}", "title"),), width
        )
        lines += _histogram((after / found.before).tolist(), width)
    return lines


def _histogram(ratios: Sequence[float], width: int) -> Iterator[Line]:
    counts = [0] * (len(BINS) + 1)
    for ratio in ratios:
        counts[bisect_left(BINS, ratio)] += 1
    names = [f"below {BINS[0]} times"]
    names += [f"{low} to {high} times" for low, high in pairwise(BINS)]
    names.append(f"over {BINS[-1]} times")
    wide, digits = max(map(cells, names)), max(len(str(count)) for count in counts)
    room = max(1, width - wide - digits - 4)
    for name, count in zip(names, counts, strict=True):
        bar = "█" * round(room * count / max(counts))
        yield (
            run(f"  {fit(name, wide)} "),
            run(f"{count:>{digits}} ", "dim"),
            (bar, "text"),
        )


def _too_wide(runs: Sequence[Run], width: int) -> bool:
    return sum(cells(text) for text, _ in runs) > width
