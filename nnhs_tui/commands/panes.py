"""The table of panes: what each is called, its number, and where it stands on the screen."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PaneRow:
    """One of the debugger's panes."""

    name: str
    """What `panes` calls it."""
    label: str
    """Its title, where it has no other."""
    number: str
    """The digit in front of its title, which is its key."""
    places: str
    """Its classes in nnhs.tcss, which place it in each layout."""
    choosing: str = ""
    """How something is chosen in it by keys; "" where nothing can be."""


NET = PaneRow("net", "net", "1", "-beside-list", "H J K L choose a node, Enter runs there")
MATRICES = PaneRow("matrices", "matrices", "3", "-list")
"""Gives its place to the lists."""
STEP = PaneRow("step", "step", "2", "-across -half -always")
"""Shown in large type, and always on a small screen."""
GRADIENTS = PaneRow("gradients", "gradients", "4", "-across -half")
TIMELINE = PaneRow(
    "timeline",
    "timeline",
    "5",
    "-across -row",
    "H and L choose a step, J and K a phase, Enter runs there",
)
"""Gives its row to long messages and to what completes a command."""

PANES = (NET, MATRICES, STEP, GRADIENTS, TIMELINE)
"""In their order on the screen."""

BY_NUMBER = {each.number: each for each in sorted(PANES, key=lambda pane: pane.number)}
NAMES = tuple(pane.name for pane in BY_NUMBER.values())
"""In the order of their numbers."""
BESIDE = tuple(name for name in NAMES if name != STEP.name)
"""Those that can be shown beside the step in large type."""
