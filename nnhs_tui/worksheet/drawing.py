"""The net or graph as the screen draws it, before the first step."""

from __future__ import annotations

from functools import cached_property

from nnhs_tui.autodiff.schedule import FORWARD, Step
from nnhs_tui.debugger.scene import Scene
from nnhs_tui.debugger.session import Session
from nnhs_tui.present.diagrams.elementary import elementary_diagram
from nnhs_tui.present.diagrams.layers import layers_diagram
from nnhs_tui.present.diagrams.shapes import Diagram
from nnhs_tui.present.panes.pictures.circuit import draw_circuit, places_of
from nnhs_tui.present.panes.pictures.net import draw_net
from nnhs_tui.present.panes.pictures.nodes import CELL
from nnhs_tui.present.text.lines import Line

WIDTH = 96
"""Characters that a sheet of A4 has room for."""
CIRCUITS = 80
"""The same where each has 12 pixels."""
PAGE = 760.0
"""The same in pixels of a diagram."""
ROWS = 12
"""Neurons of a layer that are drawn below one another."""
MOST_OPERATIONS = 40
"""Larger graphs are not drawn: their operations are listed anyway."""


class _Unstepped(Scene):
    """A sample of which the inputs are known and nothing else, with no step in work."""

    @cached_property
    def step(self) -> Step:
        return Step(self.index, FORWARD, 0, -1)


def diagram(session: Session) -> Diagram | None:
    """The net as circles and lines, with room for what is to be found; None for a large graph."""
    scene = _unstepped(session)
    if not session.tape.is_graph:
        return layers_diagram(scene, PAGE, 0, to_fill_in=True)
    if len(session.tape.op) > MOST_OPERATIONS:
        return None
    for rows in range(CELL, MOST_OPERATIONS * CELL):
        at, note = places_of(scene, CIRCUITS, rows)
        if not note:
            # A row more for each column of nodes, so that lines are not too steep to follow.
            return elementary_diagram(scene, CIRCUITS, rows + len(at.columns), to_fill_in=True)
    return None


def _unstepped(session: Session) -> Scene:
    return _Unstepped(
        session.scenario, session.run, session.names, 0, 1, 0, session.digits, level="layer"
    )


def drawing(session: Session) -> tuple[tuple[str, ...], str]:
    """(lines of text, what of the net they show where it is not all of it)."""
    scene = _unstepped(session)
    if not session.tape.is_graph:
        # Above it stands its title, below it how many more neurons there are.
        return _text(draw_net(scene, WIDTH, 1 + ROWS * CELL + 1, (0, 0)))
    if len(session.tape.op) > MOST_OPERATIONS:
        return (), ""
    # As low as it goes: in a taller picture the nodes stand further apart than need be.
    for rows in range(1, MOST_OPERATIONS + 1):
        lines, note = _text(draw_circuit(scene, WIDTH, rows * CELL + 1, (0, 0)))
        if not note:
            return lines, ""
    return (), ""


def _text(lines: list[Line]) -> tuple[tuple[str, ...], str]:
    """The picture without the rule above it, and the note that stands in the rule."""
    note = "".join(text for text, role in lines[0] if role == "dim")
    texts = ["".join(text for text, _ in line).rstrip() for line in lines[1:]]
    while texts and not texts[-1]:
        texts.pop()
    while texts and not texts[0]:
        texts.pop(0)
    return tuple(texts), note
