"""One matrix on the screen: its label, its entries, what of them is in work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from nnhs_tui.autodiff.tape import LayerBlock
from nnhs_tui.debugger.scene import UNKNOWN, Scene
from nnhs_tui.present.text.lines import Line, Run, cells, fit, merge, standing_for, what_of, window

Entry = tuple[Any, str]
"""(value or None while unknown, role)."""


@dataclass(frozen=True)
class Block:
    """One matrix on the screen."""

    label: str
    formula: str
    """What it is equal to, said where there is room; "" for what is given."""
    rows: int
    columns: int
    entry: Callable[[int, int], Entry]
    hot: tuple[int | None, int | None] = (None, None)
    """Row and column in work; both: the entry."""
    tells: bool = False
    """Whether it is made wide enough for its formula."""


def inputs_formula(scene: Scene, layer: LayerBlock) -> str:
    """What a layer's inputs X are: what the layer before hands on; "" for those of the sample."""
    before = scene.run.tape.layers[layer.index - 1].name
    return f"A of {before}" if layer.index else ""


def transposed(block: Block) -> Block:
    """A matrix with rows and columns changed places, and ᵀ behind its name."""
    label = block.label[:-1] if block.label.endswith("ᵀ") else f"{block.label}ᵀ"
    return replace(
        block,
        label=label,
        rows=block.columns,
        columns=block.rows,
        entry=lambda row, column: block.entry(column, row),
        hot=(block.hot[1], block.hot[0]),
    )


SMALL = {"Z": "z", "A": "a", "X": "x", "dZ": "dz", "dX": "dx", "dA": "da", "g′(Z)": "g′(z)"}
"""Row vectors by their names as columns."""

FORMULAS = {
    "X·W": "W·x",
    "X·W + b": "W·x + b",
    "g(Z)": "g(z)",
    "Xᵀ·dZ": "dz·xᵀ",
    "dZ·Wᵀ": "Wᵀ·dz",
    "dZ": "dz",
    "dA∘g′(Z)": "da∘g′(z)",
}
"""What a matrix is equal to, by what that is in the notation by neurons."""


def by_neurons(block: Block) -> Block:
    """A matrix in the notation with a row for each neuron: there W is what is Wᵀ by rows."""
    name = block.label.rstrip("ᵀ")
    mark = "ᵀ" if block.label.endswith("ᵀ") else ""
    formula = FORMULAS.get(block.formula, block.formula.replace("A of ", "a of "))
    return replace(transposed(block), label=SMALL.get(name, name) + mark, formula=formula)


def block_width(block: Block, decimals: int) -> int:
    """Columns of a block, one in front of the brackets of several rows for the sign of a row."""
    return _gutter(block) + max(cells(_label(block)), block.columns * (decimals + 1) + 1)


def _gutter(block: Block) -> int:
    return int(block.rows > 1)


def gap(block: Block) -> int:
    """Columns between a block and what stands on its left: two, or the one for the sign."""
    return 2 - _gutter(block)


def _label(block: Block) -> str:
    formula = f" = {block.formula}" if block.formula and block.tells else ""
    return f"{block.label}{formula} ({block.rows}×{block.columns})"


def _longest_label(block: Block, part: str, width: int) -> str:
    """The label with as much of its formula, the part shown and the shape as there is room for."""
    formula = f" = {block.formula}" if block.formula else ""
    shape = f" of {block.rows}×{block.columns}" if part else f" ({block.rows}×{block.columns})"
    texts = (block.label + part + formula + shape, block.label + part + shape)
    return next((text for text in texts if cells(text) <= width), block.label + part)


def has_pointer(block: Block) -> bool:
    """Whether a column may have to be told from others, which takes a line more: at each step, so
    that nothing moves."""
    return min(block.rows, block.columns) > 1


def draw_block(
    scene: Scene, block: Block, decimals: int, width: int, height: int, scroll: tuple[int, int]
) -> list[Line]:
    """A block's label and the part of its entries around the one in work."""
    gutter = _gutter(block)
    fitting = max(1, (width - gutter - 1) // (decimals + 1))
    # A line for the sign below the column, where it does not cost a row of a whole matrix.
    pointed = has_pointer(block) and (height > 1 + block.rows or 6 < height < 1 + block.rows)
    top, bottom = window(block.rows, max(1, height - 1 - pointed), block.hot[0], scroll[0])
    first, last = window(block.columns, fitting, block.hot[1], scroll[1])
    part = ""
    if (bottom - top, last - first) != (block.rows, block.columns):
        rows = f"{top + 1}–{bottom}," if block.rows > 1 else ""
        part = f"[{rows}{first + 1}–{last}]"
    label = _longest_label(block, part, width - gutter)
    space = " " * gutter
    lines: list[Line] = [merge([(space, "text"), (fit(label, width - gutter).rstrip(), "title")])]
    for row in range(top, bottom):
        hot = block.rows > 1 and row == block.hot[0]
        runs: list[Run] = [("►", "mark") if hot else (space, "text")]
        runs.append(("[" if block.rows == 1 else "│", "dim"))
        for column in range(first, last):
            if column > first:
                runs.append((" ", "text"))
            runs += _entry(scene, block, row, column, decimals)
        runs.append(("]" if block.rows == 1 else "│", "dim"))
        lines.append(merge(runs))
    if pointed:
        lines.append(_pointer(block, first, last, decimals))
    return lines


def _pointer(block: Block, first: int, last: int, decimals: int) -> Line:
    """The row below a matrix: ▲ below its column in work, where that is shown."""
    column = block.hot[1]
    if column is None or not first <= column < last:
        return ()
    space = _gutter(block) + (column - first + 1) * (decimals + 1) - 1
    return ((" " * space, "text"), ("▲", "mark"))


def _entry(scene: Scene, block: Block, row: int, column: int, decimals: int) -> list[Run]:
    value, role = block.entry(row, column)
    text = scene.show(value)
    if text == UNKNOWN:
        role = standing_for("unknown", what_of(role))
    hot_row, hot_column = block.hot
    if (row, column) == block.hot:
        role += " current"
    elif block.rows > 1 and (row == hot_row or column == hot_column):
        # In front, so that the colour of a backward value wins over that of the mark.
        role = f"mark {role}"
    sign = "*" if "edited" in role and text != UNKNOWN else ""
    space = " " * (decimals - cells(text) - cells(sign))
    return [(space, "text"), (sign, "edited"), (text, role)]
