r"""What a character may be, wherever text of a file, a name or an answer reaches somebody.

Text replaces what may not stand (`printable`), JSON escapes it (`in_json`), a name must not hold it
(`unseen`). Refused is what nobody sees but what changes all that is seen: controls, which command a
terminal; formats, which turn the direction of what follows (UAX #9) or have no width; separators of
lines and paragraphs; halves of surrogate pairs, private and unassigned code points (these are the
general categories C*, Zl and Zp); and the marks and letters that are drawn as nothing
(Default_Ignorable_Code_Point and blank letters, which UTS #39 keeps out of identifiers).

Three kinds of them are part of writing where they stand in their place, and are kept there: the
joiners between letters (UAX #31, section 2.3: in cursive scripts, and beside a virama), the joiner
between emoji (UTS #51), and the selector of a variant behind its base (Unicode, section 23.4).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

NON_JOINER, JOINER = "\u200c", "\u200d"
MODIFIERS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
"""The colours of a skin, behind an emoji."""
NUMBER_SIGNS = frozenset(
    map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD))
)
"""Formats that are seen: they enclose or underline a number (Prepended_Concatenation_Mark)."""

_REFUSED = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159"
)
"""Marks and letters that are drawn as nothing, or as a blank."""
_OF_MONGOLIAN = frozenset("\u180b\u180c\u180d\u180f")
_OF_EMOJI = frozenset("\ufe0e\ufe0f")
_OF_OTHERS = frozenset(map(chr, range(0xFE00, 0xFE0E)))
_OF_IDEOGRAPHS = frozenset(map(chr, range(0xE0100, 0xE01F0)))
SELECTORS = _OF_MONGOLIAN | _OF_EMOJI | _OF_OTHERS | _OF_IDEOGRAPHS
"""Choose a variant of the character before them."""
_SEEN_BY_PYTHON = _UNSEEN | SELECTORS
"""What `str.isprintable` lets pass. It is stricter than `is_plain` in all else: a quick look."""
_CURSIVE = frozenset(
    (
        *("ARABIC", "SYRIAC", "MANDAIC", "NKO", "MONGOLIAN", "PHAGS-PA", "MANICHAEAN", "PSALTER"),
        *("HANIFI", "SOGDIAN", "CHORASMIAN", "ADLAM"),
    )
)
"""The first words of the names of letters that join their neighbours (Joining_Type D, R or L)."""
_WITH_VARIANTS = ("CJK", "MYANMAR", "PHAGS-PA", "MANICHAEAN")
"""Scripts whose letters have them in StandardizedVariants.txt; signs of formulas have too."""
_VIRAMA = 9
"""The combining class of what takes the vowel of a letter away."""
_PICTOGRAPH = "[\u2194\u2195\u2600-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]"
"""What emoji are joined of, and what their modifiers stand behind."""
_BECOMES_EMOJI = "[#*0-9©®‼⁉™ℹ↔-↙↩↪⌚-⏿Ⓜ▪▫▶◀◻-◾☀-➿⤴⤵⬀-⯿〰〽㊗㊙\U0001f000-\U0001faff]"
"""What is drawn as text or as an emoji, by the selector behind it."""


@lru_cache(8192)
def is_plain(character: str) -> bool:
    r"""Whether a character may stand anywhere.

    >>> is_plain("é"), is_plain("\x9b"), is_plain("\u3164")
    (True, False, False)
    """
    if character in _UNSEEN or character in SELECTORS:
        return False
    return unicodedata.category(character) not in _REFUSED or character in NUMBER_SIGNS


def may_stand(text: str, place: int) -> bool:
    r"""Whether the character at a place of a text may stand there.

    >>> may_stand("\u0645\u06cc\u200c\u062e", 2), may_stand("a\u200cb", 1)
    (True, False)
    """
    character = text[place]
    if character in (JOINER, NON_JOINER):
        return _joins(text, place)
    return is_plain(character) or (character in SELECTORS and _selects(text, place))


def printable(text: str) -> str:
    r"""Text that cannot command a terminal, on one line: what may not stand is seen as its number.

    >>> printable("red\x1b[31m")
    'red\\x1b[31m'
    """
    return _replaced(text, lambda character: character.encode("unicode_escape").decode())


def in_json(text: str) -> str:
    r"""JSON in which everything that may not stand is escaped: it means the same.

    Ends of lines stay; within a string JSON has none.

    >>> print(in_json('"a\u202eb \U000e0041"'))
    "a\u202eb \udb40\udc41"
    """
    return _replaced(text, _escaped, "\n")


def unseen(name: str) -> str | None:
    """The first character of a name that may not stand in it; None where there is none.

    Names are compared, so what would be kept in its place within a text has none in them.
    """
    return next((each for each in name if not is_plain(each)), None)


def called(character: str) -> str:
    r"""A character's number and what Unicode calls it.

    >>> called("\u3164"), called("\x1b")
    ('U+3164 HANGUL FILLER', 'U+001B (a control character)')
    """
    kinds = {"Cc": "a control character", "Cs": "half a character", "Co": "for private use"}
    kind = kinds.get(unicodedata.category(character), "no character")
    return f"U+{ord(character):04X} {unicodedata.name(character, f'({kind})')}"


def is_pictograph(character: str) -> bool:
    """Whether emoji are joined of it, and modified by what stands behind it."""
    return re.match(_PICTOGRAPH, character) is not None and character not in MODIFIERS


def becomes_emoji(character: str) -> bool:
    """Whether U+FE0F behind it makes an emoji of it."""
    return re.match(_BECOMES_EMOJI, character) is not None


def _replaced(text: str, replace: Callable[[str], str], kept: str = "") -> str:
    """The text, with something else in place of every character that may not stand where it does.

    However long the text is, each of its different characters is looked at once.
    """
    if text.isprintable() and _SEEN_BY_PYTHON.isdisjoint(text):
        return text
    found = {each for each in set(text) if not is_plain(each) and each not in kept}
    if not found:
        return text
    return "".join(
        each if each not in found or may_stand(text, place) else replace(each)
        for place, each in enumerate(text)
    )


def _escaped(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass")
    pairs = zip(units[::2], units[1::2], strict=True)
    return "".join(f"\\u{high << 8 | low:04x}" for high, low in pairs)


def _joins(text: str, place: int) -> bool:
    """Whether a joiner stands where a script or an emoji needs it."""
    after = text[place + 1 : place + 2]
    if text[place] == JOINER and is_pictograph(after):
        start = place - 1
        while start > 0 and (text[start] in _OF_EMOJI or text[start] in MODIFIERS):
            start -= 1
        return start >= 0 and is_pictograph(text[start])
    start = place - 1
    while start > 0 and unicodedata.category(text[start])[0] == "M":
        start -= 1
    if start < 0 or not after.isalpha() | text[start].isalpha():
        return False
    script = _script(text[start])
    if script in _CURSIVE:
        return after.isalpha() and _script(after) == script
    beside = (text[place - 1], after)
    return any(_is_virama(each) and _script(each) == script for each in beside)


def _is_virama(character: str) -> bool:
    return bool(character) and unicodedata.combining(character) == _VIRAMA


def _script(character: str) -> str:
    """The first word of a character's name, which is that of its script."""
    return unicodedata.name(character, "").partition(" ")[0]


def _selects(text: str, place: int) -> bool:
    """Whether a selector stands behind what has variants."""
    before = text[place - 1] if place else " "
    selector = text[place]
    if selector in _OF_EMOJI:
        return becomes_emoji(before)
    if selector in _OF_OTHERS:
        is_sign = unicodedata.category(before) == "Sm" or before in "0、。！，．：；？"
        return is_sign or (before.isalpha() and _script(before) in _WITH_VARIANTS)
    return before.isalpha() and _script(before) == (
        "MONGOLIAN" if selector in _OF_MONGOLIAN else "CJK"
    )


_HARMLESS = re.compile(r"[=+-]?\s*[\d.,]+\s*%?", re.ASCII)
"""A number that no spreadsheet works out."""


def as_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula, and no terminal for a command.

    >>> as_cell("=cmd()"), as_cell("-0,5"), as_cell("Ada")
    ("'=cmd()", '-0,5', 'Ada')
    """
    text = printable(text)
    if text[:1] in "=+-@\t\r" and text and not _HARMLESS.fullmatch(text):
        return f"'{text}"
    return text
