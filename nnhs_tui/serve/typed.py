"""What somebody types on a terminal, as keys; whatever is no key is dropped."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from nnhs_tui.ui.terminal.terminal_input import Pieces

NAMES = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\x03": "leave",
    "\x04": "leave",
}  # fmt: skip
SEQUENCES = {
    "[A": "up", "[B": "down", "[C": "right", "[D": "left", "[H": "home", "[F": "end",
    "OA": "up", "OB": "down", "OC": "right", "OD": "left", "OH": "home", "OF": "end",
    "[1~": "home", "[4~": "end", "[7~": "home", "[8~": "end",
}  # fmt: skip


class Keys:
    """Cuts what comes into keys."""

    def __init__(self) -> None:
        self._pieces = Pieces()

    def feed(self, text: str) -> Iterator[str]:
        """The keys of what has come; the beginning of a sequence waits for its end."""
        for piece in self._pieces.feed(text):
            if piece.kind == "sequence":
                if key := SEQUENCES.get(piece.text[1:], ""):
                    yield key
                continue
            for sign in piece.text:
                if (key := NAMES.get(sign, sign)).isprintable():
                    yield key


class Rate:
    """Lets so much through a second, and drops the rest.

    Args:
        now: the time in seconds.
    """

    def __init__(self, a_second: int, now: Callable[[], float] = time.monotonic) -> None:
        self._most, self._now = a_second, now
        self._left, self._at = float(a_second), now()

    def lets(self) -> bool:
        """Whether one more goes through."""
        now = self._now()
        self._left = min(self._most, self._left + (now - self._at) * self._most)
        self._at = now
        if self._left < 1:
            return False
        self._left -= 1
        return True
