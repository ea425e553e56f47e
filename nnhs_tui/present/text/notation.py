"""How numbers and formulas are written."""

from __future__ import annotations

import re
from typing import Any

from nnhs_tui.debugger.naming.short_names import objective_sign
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.operations.numerals import decimals_of, plain, shown


def objective(scene: Scene) -> str:
    """What is differentiated: L with a loss, a graph's output, f for a given upstream gradient."""
    return objective_sign(scene.names, scene.run.tape)


def numeral(scene: Scene, value: Any) -> str:
    """A number inside a formula.

    In hand arithmetic numbers as written in the file may have more decimals than are carried;
    they are used in full, so they are shown in full.
    """
    is_by_hand = scene.run.arithmetic.name == "hand" and value is not None
    if is_by_hand and decimals_of(value) > scene.digits:
        return plain(value)
    return scene.show(value)


def bracketed(text: str) -> str:
    """A negative number inside a formula wears brackets."""
    return f"({text})" if text.startswith("-") else text


def tidy(formula: str) -> str:
    """exp((-1.00)) as exp(-1.00), |(-1.00)| as |-1.00|; alone a negative number has none."""
    formula = re.sub(r"(\(|, |\|)\((-[^()]*)\)(?=[,)|])", r"\1\2", formula)
    return re.sub(r"^\((-[^()]*)\)$", r"\1", formula)


def factor(slope: str) -> str:
    """A local derivative as a factor: brackets where it is a sum, a quotient or negative."""
    bare = slope.startswith("-") or " " in slope or "/" in slope
    return f"({slope})" if bare and not slope.startswith("(") else slope


def chain(*texts: str) -> str:
    """a = b = c, without saying the same thing twice."""
    kept: list[str] = []
    for text in texts:
        if not kept or text.strip("()") != kept[-1].strip("()"):
            kept.append(text)
        elif not text.startswith("("):
            kept[-1] = text
    return " = ".join(kept)


def equals(scene: Scene, value: Any) -> str:
    """`=`, or `≈` before a number of which only a rounded part is shown."""
    if scene.run.arithmetic.name == "hand":
        return "="
    # The last bits of a double are no rounding anybody sees: 1.8 - 3.3 + 0.15 is -1.35.
    rounded = abs(value - float(shown(value, scene.digits))) > 1e-9 * max(1.0, abs(value))
    return "≈" if rounded else "="


def operand_text(scene: Scene, value: Any) -> str:
    """Numbers that go into a formula, a list or a matrix of them, as one line of text."""
    if isinstance(value, list):
        return "[" + " ".join(operand_text(scene, each) for each in value) + "]"
    return numeral(scene, value)


def shown_value(value: Any, digits: int) -> str:
    """A number, a list or a matrix as one line of text."""
    if isinstance(value, list):
        return "[" + " ".join(shown_value(each, digits) for each in value) + "]"
    return shown(value, digits)
