"""Making an input that fails as small as it can be: Zeller and Hildebrandt's delta debugging.

A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE Transactions on
Software Engineering 28(2), 2002: first on lines, then on bytes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

Fails = Callable[[bytes], bool]


def minimised(data: bytes, fails: Fails, seconds: float) -> bytes:
    """The input without what it does not need to fail.

    Args:
        data: an input that fails.
        fails: whether an input fails in the same way.
        seconds: after which what was reached is taken.
    """
    deadline = time.monotonic() + seconds

    def still_fails(parts: Sequence[bytes]) -> bool:
        return time.monotonic() < deadline and fails(b"".join(parts))

    lines = without_needless(data.splitlines(keepends=True), still_fails)
    joined = b"".join(lines)
    small = without_needless(
        [joined[place : place + 1] for place in range(len(joined))], still_fails
    )
    return b"".join(small)


def without_needless(parts: list[bytes], fails: Callable[[Sequence[bytes]], bool]) -> list[bytes]:
    """The parts without those that can be left out, until none can be left out alone.

    >>> without_needless([b"a", b"b", b"c", b"d"], lambda parts: b"b" in parts and b"d" in parts)
    [b'b', b'd']
    """
    size = len(parts) // 2
    while size:
        place, shorter = 0, False
        while place < len(parts):
            rest = parts[:place] + parts[place + size :]
            if fails(rest):
                parts, shorter = rest, True
            else:
                place += size
        # With single parts, leaving one out may make another one needless.
        size = size // 2 if size > 1 or not shorter else 1
    return parts
