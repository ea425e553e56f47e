"""Rules, bars and braille dots as lines and areas: so they meet, whatever the font.

A cell is 12 × 24. What is drawn is said in the language of the `d` of an SVG path.
"""

from __future__ import annotations

from functools import lru_cache

WIDTH, HEIGHT = 12, 24
"""Of a cell."""
APART = 2
"""How far each line of a double rule is from the middle of the cell."""

_ARMS = ("lr", "ud", "rd", "ld", "ru", "lu", "rud", "lud", "lrd", "lru", "lrud")
LIGHT = dict(zip("─│┌┐└┘├┤┬┴┼╴╶╵╷", (*_ARMS, "l", "r", "u", "d"), strict=True))
DOUBLE = dict(zip("═║╔╗╚╝╠╣╦╩╬", _ARMS, strict=True))
"""Rules, and to which sides they go: left, right, up, down."""

BARS = "▁▂▃▄▅▆▇█"
_QUARTERS = dict(zip("▀▌▐▖▗▘▙▚▛▜▝▞▟", (3, 5, 10, 4, 8, 1, 13, 9, 7, 11, 2, 6, 14), strict=True))
"""Which quarters of a cell are filled: 1 + 2 in the upper half, 4 + 8 in the lower one."""
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of a dot in a braille character, by row and column."""
_DOT = "m-2 0a2 2 0 1 0 4 0a2 2 0 1 0-4 0z"
"""A dot around the place one has come to."""


def is_shape(sign: str) -> bool:
    """Whether a character is drawn and not written."""
    return bool(lines(sign, 0, 0) or areas(sign, 0, 0))


@lru_cache(4096)
def lines(sign: str, x: int, y: int) -> str:
    """The lines of a rule in the cell whose upper left corner is at (x, y).

    >>> lines("┌", 0, 0), lines("a", 0, 0)
    ('M6 12H12M6 12V24', '')
    """
    across, down = x + WIDTH // 2, y + HEIGHT // 2
    if sign in LIGHT:
        ends = {"l": f"H{x}", "r": f"H{x + WIDTH}", "u": f"V{y}", "d": f"V{y + HEIGHT}"}
        return "".join(f"M{across} {down}{ends[arm]}" for arm in LIGHT[sign])
    arms = DOUBLE.get(sign, "")
    found = []
    for near, far, offset in (("u", "d", -APART), ("d", "u", APART)):
        for arm, way, end in (("l", -1, x), ("r", 1, x + WIDTH)):
            start = across + way * _start(arms, near, far)
            found += [f"M{start} {down + offset}H{end}"] if arm in arms else []
    for near, far, offset in (("l", "r", -APART), ("r", "l", APART)):
        for arm, way, end in (("u", -1, y), ("d", 1, y + HEIGHT)):
            start = down + way * _start(arms, near, far)
            found += [f"M{across + offset} {start}V{end}"] if arm in arms else []
    return "".join(found)


def _start(arms: str, near: str, far: str) -> int:
    """Where a line of a double rule begins, counted from the middle towards its end.

    Args:
        near: the side on which the line is; a rule to there cuts it short.
        far: the other side; only a rule to there makes the line go round it.
    """
    if near in arms:
        return APART
    return -APART if far in arms else 0


@lru_cache(4096)
def areas(sign: str, x: int, y: int) -> str:
    """The areas of a bar or of braille dots in the cell whose upper left corner is at (x, y).

    >>> areas("▄", 0, 0), areas("▀", 12, 0)
    ('M0 12h12v12h-12z', 'M12 0h12v12h-12z')
    """
    if len(sign) != 1:
        return ""
    if sign in BARS:
        high = HEIGHT * (BARS.index(sign) + 1) // len(BARS)
        return _area(x, y + HEIGHT - high, WIDTH, high)
    if sign in _QUARTERS:
        return _quarters(_QUARTERS[sign], x, y)
    bits = ord(sign) - 0x2800
    if not 0 < bits < 0x100:
        return ""
    return "".join(
        f"M{x + 3 + 6 * column} {y + 3 + 6 * row}{_DOT}"
        for row, pair in enumerate(_DOTS)
        for column, bit in enumerate(pair)
        if bits & bit
    )


def _quarters(bits: int, x: int, y: int) -> str:
    found = []
    wide, high = WIDTH // 2, HEIGHT // 2
    for row, half in enumerate((bits & 3, bits >> 2)):
        if half == 3:
            found.append(_area(x, y + row * high, WIDTH, high))
        elif half:
            found.append(_area(x + (half - 1) * wide, y + row * high, wide, high))
    return "".join(found)


def _area(x: int, y: int, width: int, height: int) -> str:
    return f"M{x} {y}h{width}v{height}h-{width}z"
