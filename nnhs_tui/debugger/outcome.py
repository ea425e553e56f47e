"""What becomes of a command."""

from __future__ import annotations

from dataclasses import dataclass

MOVED, UNCHANGED, REFUSED = "moved", "unchanged", "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of a command."""

    kind: str
    """moved, unchanged (nothing to do) or refused."""
    message: str = ""
    pane: str = ""
    """The list that shows what was asked for; "" for none."""
