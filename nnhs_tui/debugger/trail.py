"""The way one came: the steps that `back` undoes, and the level one means to be at."""

from __future__ import annotations

from collections import deque

from nnhs_tui.debugger.cursor import Cursor

LONGEST = 10_000
"""How many steps can be undone one by one."""


class Trail:
    """The cursors before the one in work."""

    def __init__(self, cursor: Cursor) -> None:
        self._behind: deque[Cursor] = deque(maxlen=LONGEST)
        self.stay(cursor)

    def add(self, cursor: Cursor) -> None:
        """A step leaves a cursor."""
        self._behind.append(cursor)

    def clear(self) -> None:
        """There is no way back: one has come by a jump."""
        self._behind.clear()

    def take_back(self) -> Cursor | None:
        """The cursor before the last step; None where there is none."""
        return self._behind.pop() if self._behind else None

    def wanted_level(self, cursor: Cursor) -> str:
        """The level one was at before a jump had to go to a finer one, as long as one stays there.

        The next jump comes back to it, if it can.
        """
        return self._aimed[1] if self._aimed[0] == cursor else cursor.level

    def stay(self, cursor: Cursor) -> None:
        """Come back to no other level than the one in work."""
        self._aimed = (cursor, cursor.level)

    def aim(self, cursor: Cursor, target: Cursor) -> Cursor:
        """Keep the level one is at, for a jump to a target of a finer one; gives the target."""
        self._aimed = (target, self.wanted_level(cursor))
        return target
