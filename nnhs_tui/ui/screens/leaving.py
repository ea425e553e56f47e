"""Leaving a screen once, though what leaves it may come twice in one piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.await_complete import AwaitComplete

if TYPE_CHECKING:
    from textual.screen import Screen

    Base = Screen[Any]
else:
    # Textual gathers styles along the first base that is a screen.
    Base = object

OTHER, BLANK, PAGE, SELF_TEST, PICKER = "other", "blank", "page", "self-test", "picker"
"""What may lie over the debugger."""


class LeftOnce(Base):
    """A screen over others: a double click, or keys over a slow line, leave it and no other."""

    cover = OTHER
    """What it is where it lies over the debugger."""

    def dismiss(self, result: Any = None) -> AwaitComplete:
        # Textual takes away whatever screen is on top by then.
        return super().dismiss(result) if self.is_current else AwaitComplete()
