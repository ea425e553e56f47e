"""Where the session stands, and how its steps are looked at."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cursor:
    """A place in the rounds of a branch."""

    round: int = 0
    """From 0."""
    index: int = 0
    """The node step in the round, from 0: the last one of the step in work."""
    level: str = "node"
    """layer, neuron or node."""
    opened: bool = False
    """Whether one sees what is inside the operation of this step."""


@dataclass(frozen=True)
class View:
    """How a step is written; it changes no number."""

    form: str = ""
    """matrix or scalar; "" as the level has it: a matrix equation at the level `layer`."""
    notation: str = "rows"
    """rows: one row per input, O = X·W; neurons: one row per neuron, o = W·x."""
    drawing: str = "layers"
    """How a network is drawn: as layers of neurons, or as elementary nodes."""
    unsaid: frozenset[int] = frozenset()
    """Ids of parameters whose update, or of the loss that, is not told before its own step."""
