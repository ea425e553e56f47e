"""How many columns of a terminal a text takes, and which of its characters share them.

Terminals agree on single characters, and for lack of better on what is drawn together: a letter
with its accents, a flag, an emoji with its colour or with what it is joined to take the room of
one (Unicode, UAX #29 and UTS #51). Some draw the parts one beside the other; whoever writes to a
terminal must not trust its cursor behind such a cluster.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from nnhs_tui.characters import (
    JOINER,
    MODIFIERS,
    NUMBER_SIGNS,
    becomes_emoji,
    is_pictograph,
)

EMOJI = "\ufe0f"
"""The selector that makes an emoji of what is before it."""
_FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))
"""Two of them are the flag of a country."""
_SHARING = _FLAGS | MODIFIERS
"""What has a width by itself, and none behind another."""
_JAMO = (range(0x1160, 0x1200), range(0xD7B0, 0xD7FC))
"""Vowels and last consonants of Hangul, drawn within the syllable before them."""
_WIDE = (range(0x2630, 0x2638), range(0x268A, 0x2690), range(0x4DC0, 0x4E00))
_WIDE_TOO = (range(0x1D300, 0x1D357), range(0x1D360, 0x1D377))
"""Wide as well, from Unicode 16 on; older Pythons do not know."""


@lru_cache(4096)
def cells(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return len(text) if text.isascii() else sum(width for _, width in clusters(text))


def clusters(text: str) -> tuple[tuple[str, int], ...]:
    r"""What is drawn together, and in how many columns; 0 only where nothing stands before it.

    >>> [width for _, width in clusters("e\u0301x世\U0001f468\u200d\U0001f467\U0001f44d\U0001f3fd")]
    [1, 1, 2, 2, 2]
    """
    alone = [width_of(character) for character in text]
    if 0 not in alone and _SHARING.isdisjoint(text):
        return tuple(zip(text, alone, strict=True))
    starts: list[int] = []
    widths: list[int] = []
    for place in range(len(text)):
        joined = _joined(text, starts[-1], place) if starts else None
        if joined is None:
            starts.append(place)
            widths.append(alone[place])
        else:
            widths[-1] = max(joined, widths[-1])
    stops = [*starts[1:], len(text)]
    return tuple(
        (text[start:stop], width) for start, stop, width in zip(starts, stops, widths, strict=True)
    )


@lru_cache(4096)
def width_of(character: str) -> int:
    """How many columns a character takes by itself."""
    if character in NUMBER_SIGNS:
        return 1
    code = ord(character)
    if unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf", "Cc") or _within(code, _JAMO):
        return 0
    is_wide = unicodedata.east_asian_width(character) in "WF" or _within(code, (*_WIDE, *_WIDE_TOO))
    return 2 if is_wide else 1


def _within(code: int, ranges: tuple[range, ...]) -> bool:
    return any(code in each for each in ranges)


def _joined(text: str, start: int, place: int) -> int | None:
    """The columns of a cluster with one more character; None where that begins a new one."""
    first, last, character = text[start], text[place - 1], text[place]
    if character == EMOJI and place - start == 1 and becomes_emoji(first):
        return 2
    if character in MODIFIERS and (is_pictograph(last) or last == EMOJI):
        return 2
    if character in _FLAGS and place - start == 1 and first in _FLAGS:
        return 2
    if last == JOINER and is_pictograph(character) and is_pictograph(first):
        return 2
    return 0 if width_of(character) == 0 else None
