"""The equations of a step with more decimals, where the numbers that are shown do not come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from nnhs_tui.autodiff.schedule import Step
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.present.panes.explain import explain_step
from nnhs_tui.present.panes.explanation import Explanation
from nnhs_tui.present.text.lines import Line, line_cells, merge, run
from nnhs_tui.present.text.more_decimals import SHORT, WORDS, more_decimals, together

SLOPE, SO_FAR = "slope ", "sum so far "
"""What an equation is of that is not the formula's own."""


def equation_with_more(scene: Scene, written: Callable[[Scene], str]) -> str:
    """An equation with as many decimals as it takes to come out; "" where what is shown does.

    By hand every number is used as it is shown, so that it comes out as it stands.

    Args:
        written: the scene with other decimals → the equation.
    """
    if scene.run.arithmetic.name == "hand":
        return ""
    return more_decimals(lambda digits: written(_with_digits(scene, digits)), scene.digits)


def _with_digits(scene: Scene, digits: int) -> Scene:
    """The scene with other decimals, and without stars: more numbers would differ by them."""
    if scene.base is None and digits == scene.digits:
        return scene
    return replace(scene, digits=digits, base=None)


def formula_with_more(scene: Scene, step: Step) -> str:
    """The formula of a step with more decimals; "" where it comes out."""
    return equation_with_more(scene, lambda here: _formula(here, explain_step(here, step)))


def step_with_more(scene: Scene, step: Step, told: Explanation | None = None) -> str:
    """The line for a step, its formula and its sum so far; "" where both come out."""
    formula, _, running = equations_with_more(scene, step, told, with_local=False)
    return together((formula, running))


def equations_with_more(
    scene: Scene, step: Step, told: Explanation | None = None, *, with_local: bool = True
) -> tuple[str, str, str]:
    """A step's formula, its local derivative, its sum so far; each "" where it comes out.

    Args:
        told: the step explained as it is shown, where that is there already.
    """
    if scene.run.arithmetic.name == "hand":
        return "", "", ""
    known = {scene.digits: told} if told is not None and scene.base is None else {}

    def explained(here: Scene) -> Explanation:
        if here.digits not in known:
            known[here.digits] = explain_step(here, step)
        return known[here.digits]

    formula = equation_with_more(scene, lambda here: _formula(here, explained(here)))
    local = equation_with_more(scene, lambda here: explained(here).local) if with_local else ""
    running = equation_with_more(scene, lambda here: explained(here).running)
    # Of a loss the local derivative is the formula itself.
    is_other = bool(local) and local != formula
    return formula, f"{SLOPE}{local}" * is_other, f"{SO_FAR}{running}" * bool(running)


def beside(block: list[Line], equation: str, width: int) -> tuple[list[Line], str]:
    """The block with the equation behind its last line; as they were where it does not fit."""
    for words in (WORDS, *SHORT) if equation else ():
        line = merge((*block[-1], ("   ", "text"), run(words + equation, "dim")))
        if line_cells(line) <= width:
            return [*block[:-1], line], ""
    return block, equation


def _formula(scene: Scene, told: Explanation) -> str:
    return f"{told.numbers} = {scene.show(told.value)}"
