"""What every sign on the screen means."""

from __future__ import annotations

from collections.abc import Sequence

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, wrap

SIGNS: tuple[tuple[str, str, str], ...] = (
    ("·", "unknown", "not known yet"),
    ("0.25", "current", "what this step is about: reversed"),
    ("0.25", "changed", "what this step changed: bold"),
    ("0.25", "backward", "a backward value: blue, and ∂ before it or in its heading"),
    ("0.25", "backward parameter", "the gradient of a parameter: underlined"),
    ("► ▲", "mark", "the row and the column in work"),
    ("═", "path", "the edge in work: a double line"),
    ("◆ ◇", "key", "on the timeline: a breakpoint; a condition is looked at"),
    ("Δ", "backward", "on the timeline: a watched number changes"),
    ("» ›", "dim", "on the timeline: updates of a parameter, done and to come"),
    ("▼ >h1<", "changed", "the step and the node chosen by keys: Enter runs there"),
    ("● ○", "key", "in the list of breakpoints: on, off; on a curve ● is where this step stands"),
    ("a → b", "text", "in the net: z, and what the activation makes of it"),
    ("∂ a ← b", "backward", "in the net, under it: the gradient of z, and that of a it comes from"),
    ("0.1+", "backward", "a gradient to which more paths are still to come"),
    ("≈", "text", "shown rounded, kept in full; + shows more decimals"),
    ("x1 t1", "text", "input 1; target 1: what output 1 should become"),
    ("z1 a1", "text", "neuron 1's sum; what its activation makes of it (o1 is the output's)"),
    ("w21", "text", "the weight from input 2 to neuron 1; p21 is that input times this weight"),
    ("∂L/∂w21", "backward", "how much the loss L grows for a little more of w21: its gradient"),
    ("dW", "backward", "all of ∂L/∂w of a layer as a matrix; dZ, dX and db likewise; δ is dZ"),
    ("Xᵀ", "text", "X with rows and columns changed places"),
    ("∘", "text", "number times number at the same place, no matrix product"),
    ("via", "text", "along one of several paths; what comes along all of them is added up"),
    ("lr", "text", "the learning rate"),
    ("size", "text", "of a layer's gradient: the root of the sum of its squares"),
    ("*0.25", "edited", "what if: another number than without the edits"),
)


def legend_page() -> Page:
    """What every sign means."""
    return Page("signs", signs)


def signs(width: int, kept: Sequence[tuple[str, str, str]] = SIGNS) -> list[Line]:
    """Each sign with its meaning."""
    lines: list[Line] = []
    for sign, roles, meaning in kept:
        space = " " * (9 - len(sign))
        told: Line = (("  ", "text"), (sign, roles), (space, "text"), (meaning, "text"))
        lines += wrap(told, width, 11)
    return lines
