"""Text that tries to get through to a terminal, and text that only looks as if it did.

What may come out is judged here by Unicode's own lists, not by the program's module.
"""

from __future__ import annotations

import re
import unicodedata

IGNORABLE = frozenset(
    chr(code)
    for first, last in (
        *((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5)),
        *((0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F)),
        *((0x3164, 0x3164), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0)),
        *((0xFFF0, 0xFFF8), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF)),
    )
    for code in range(first, last + 1)
)
"""Default_Ignorable_Code_Point of DerivedCoreProperties.txt."""
ENCLOSING = frozenset(
    "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
)
"""Prepended_Concatenation_Mark of PropList.txt: formats that are seen."""
DEPENDENT = frozenset("\u200c\u200d\u180b\u180c\u180d\u180f") | frozenset(
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
)
"""Joiners and selectors, which some text needs."""


def is_refused(character: str) -> bool:
    """Whether a character may stand nowhere, or only in its place."""
    if character in ENCLOSING:
        return False
    bad = unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    return bad or character in IGNORABLE


CONTROLS = "".join(map(chr, (*range(9), *range(11, 32), *range(127, 160))))
FORMATS = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"  # of direction
    "\u200b\u200c\u200d\u2060\u2061\u2064\ufeff\u00ad\u180e\ufff9\ufffb\U0001d173"  # no width
    "\u034f\u115f\u1160\u3164\uffa0\u17b4\u180b\ufe00\ufe0f\U000e0100"  # drawn as nothing
    "\U000e0001\U000e0041\U000e007f\ue000\ufdd0\uffff\U0010ffff"  # tags, private, no characters
)
LINE_ENDS = "\r\n\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
SEQUENCES = "\x1b[31m\x1b]0;t\x07\x1b]52;c;aGk=\x1b\\\x9b2J\x1bP+q\x1b\\[b]x[/b][/][red]\\x1b"
ONE_LINE = "".join(
    f"a{each}b" for each in SEQUENCES + CONTROLS + FORMATS if each not in LINE_ENDS and each != "\0"
)
"""Everything that a title may hold."""
HOSTILE = f"{ONE_LINE}\n" + "".join(f"a{each}b" for each in f"\0{LINE_ENDS}")
"""Everything else too."""

LEGITIMATE = {
    "Arabic": "الشبكة العصبية",
    "a number sign": "\u0600١٢",
    "Persian": "می\u200cخواهم شبکه\u200cهای عصبی",
    "Hebrew": "רשת עצבית",
    "Hindi": "क्\u200dष क्\u200cष हिन्दी",
    "Bengali": "র\u200d্যাম",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "Malayalam": "അവന്\u200d",
    "Kannada": "ಕನ್\u200c",
    "Mongolian": "ᠠ\u180b",
    "Chinese": "神经网络\u3000葛\U000e0100城",
    "Japanese": "ニューラルネット",
    "Korean": "신경망 각",
    "Thai": "กำลัง",
    "accents": "e\u0301 o\u0308\u0304 é",
    "French": "Réseau\xa0: 1\u202f000 poids",
    "a family": "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "an astronaut": "\U0001f469\U0001f3fd\u200d\U0001f680",
    "flags": "\U0001f1e9\U0001f1ea\U0001f3f3\ufe0f\u200d\U0001f308\U0001f3f4\u200d\u2620\ufe0f",
    "skin": "\U0001f44d\U0001f3fd\U0001f44b\U0001f3ff",
    "keycaps": "1\ufe0f\u20e3#\ufe0f\u20e3",
    "a heart": "\u2764\ufe0f\u2764\ufe0e\u2764\ufe0f\u200d\U0001f525",
    "formulas": "∂L/∂w ≈ −0.5·σ(z)² ∩\ufe00",
}


_MISPLACED = re.compile(f"(?:^|[^\\S\\n]|[!-~])([{''.join(DEPENDENT)}])")
_KEYCAP = re.compile("[0-9#*]\ufe0f")


def leaks(text: str, *, but: str = "\n") -> set[str]:
    """What of a text should not have come out.

    Joiners and selectors may, in what people write: never behind a blank or a sign of ASCII, where
    `HOSTILE` has them, but for keycaps.
    """
    bad = {each for each in set(text) if is_refused(each)} - DEPENDENT - set(but)
    return set(map(ascii, bad | set(_MISPLACED.findall(_KEYCAP.sub("", text)))))


_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b\]22;[a-z-]*(?:\x07|\x1b\\)|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"
    r"|\x1b[78=>]|\x1b\([0B]"
)
"""What the program itself writes: CSI, what is copied, and a few of two or three characters."""


def without_sequences(written: str) -> str:
    """What was written to a terminal, without the program's own escape sequences."""
    return _SEQUENCE.sub("", written)


def toml(text: str) -> str:
    """A text in quotes as TOML takes it, in ASCII alone."""
    return '"' + "".join(_in_toml(each) for each in text) + '"'


def _in_toml(character: str) -> str:
    if character in '\\"' or not (character.isascii() and character.isprintable()):
        return f"\\U{ord(character):08x}"
    return character
