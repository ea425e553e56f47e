"""The keys of the boundary."""

from __future__ import annotations

from nnhs_tui.present.pages.page import Page
from nnhs_tui.present.text.lines import Line, fit, wrap

KEYS = (
    ("Space", "train, or pause"),
    ("n", "one epoch: one update with the mean of all points' gradients"),
    ("< >", "fewer, more epochs between two pictures"),
    ("Enter", "step through the update that comes next, in the debugger; V comes back"),
    ("3", "the article's three pictures side by side: 6 tanh, 2 tanh, 6 relu"),
    ("+ -", "more, fewer hidden units"),
    ("a", "another activation"),
    ("p", "points that lie otherwise: circle, moons, spiral, xor, linear"),
    ("w", "other points and weights: the next seed"),
    ("r", "begin again"),
    ("arrows", "move the pointer; a click does too"),
    ("o x", "a point of the first, of the second class where the pointer is"),
    ("g", "carry the nearest point, or put it down"),
    ("d", "take the nearest point away"),
    ("q", "leave"),
)
TOLD = (
    "o and x are two classes of points. The net has to say which is which: above 0.5 on the side "
    "with the colons. A point on the wrong side is reversed. The line is where the output is 0.5; "
    "with tanh it is smooth, with ReLU it has corners.",
    "A single straight line is all that one unit can draw. Two of them cannot close a circle; "
    "three can, with corners cut, and six do it well.",
)


def boundary_page() -> Page:
    """The keys, and what the signs mean."""

    def text(width: int) -> list[Line]:
        lines: list[Line] = []
        for paragraph in TOLD:
            lines += [*wrap(((paragraph, "text"),), width), ()]
        for key, told in KEYS:
            lines += wrap(((fit(f"  {key}", 10), "key"), (told, "text")), width, 10)
        return lines

    return Page("the boundary", text)
