"""What a page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnhs_tui.present.text.lines import Line


@dataclass(frozen=True)
class Page:
    """Text that can be scrolled."""

    name: str
    text: Callable[[int], list[Line]]
    """Columns → lines."""
    more: Page | None = None
    """What `?` shows in its place."""
    found: Callable[[int, str], list[Line]] | None = None
    """Columns, what is looked for → the lines of it; None: nothing can be looked for."""
