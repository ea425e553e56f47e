"""Who is let in: the code, how often it may be tried, and how many may be here."""

from __future__ import annotations

import hmac
import secrets
import time
from collections import Counter, deque
from collections.abc import Callable

from nnhs_tui.errors import Refusal, printable
from nnhs_tui.serve.limits import (
    ADDRESSES,
    ATTEMPTS,
    ATTEMPTS_OF_ADDRESS,
    CODE_LENGTH,
    SESSIONS,
    SESSIONS_OF_ADDRESS,
    WINDOW,
)

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other when read from a wall."""
DRAWN = 6
LEAST_CODE = 4


def draw_code() -> str:
    """A code that nobody guesses within the attempts there are: one of some 10⁹."""
    return "".join(secrets.choice(LETTERS) for _ in range(DRAWN))


def check_code(code: str) -> str:
    """A code that somebody chose, without the blanks around it.

    Raises:
        Refusal: it is too short, too long, or cannot be typed.
    """
    code = code.strip()
    if not LEAST_CODE <= len(code) <= CODE_LENGTH or printable(code) != code:
        raise Refusal(f"a code has {LEAST_CODE} to {CODE_LENGTH} signs")
    return code


class Gate:
    """Lets people in.

    Args:
        code: what they have to know; "" where they need nothing.
        now: the time in seconds.
    """

    def __init__(self, code: str, now: Callable[[], float] = time.monotonic) -> None:
        self.code = code
        self._now = now
        self._wrong: dict[str, deque[float]] = {}
        self._all_wrong: deque[float] = deque()
        self._here: Counter[str] = Counter()

    @property
    def is_open(self) -> bool:
        """Whether nobody needs a code."""
        return not self.code

    def may_try(self, address: str) -> bool:
        """Whether a code from an address is looked at at all."""
        self._forget()
        mine = self._wrong.get(address, ())
        return len(mine) < ATTEMPTS_OF_ADDRESS and len(self._all_wrong) < ATTEMPTS

    def opens(self, address: str, code: str) -> bool:
        """Whether a code is the right one, in a time that does not tell how much of it is."""
        if self.is_open:
            return True
        if not self.may_try(address):
            return False
        given = code.strip().casefold()[: CODE_LENGTH + 1].encode()
        if hmac.compare_digest(given, self.code.casefold().encode()):
            return True
        now = self._now()
        self._all_wrong.append(now)
        if address in self._wrong or len(self._wrong) < ADDRESSES:
            self._wrong.setdefault(address, deque()).append(now)
        return False

    def come(self, address: str) -> bool:
        """Somebody connects; False where there is no room."""
        if self._here.total() >= SESSIONS or self._here[address] >= SESSIONS_OF_ADDRESS:
            return False
        self._here[address] += 1
        return True

    def go(self, address: str) -> None:
        """Somebody has left."""
        self._here[address] -= 1
        if self._here[address] <= 0:
            del self._here[address]

    @property
    def here(self) -> int:
        """How many are connected."""
        return self._here.total()

    def _forget(self) -> None:
        old = self._now() - WINDOW
        while self._all_wrong and self._all_wrong[0] <= old:
            self._all_wrong.popleft()
        for address in list(self._wrong):
            mine = self._wrong[address]
            while mine and mine[0] <= old:
                mine.popleft()
            if not mine:
                del self._wrong[address]
