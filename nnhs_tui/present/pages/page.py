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
