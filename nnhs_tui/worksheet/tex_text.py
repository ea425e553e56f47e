r"""Any text as TeX, in ASCII alone, so that every TeX can set it without further packages."""

from __future__ import annotations

import re
import unicodedata

from nnhs_tui.errors import printable

_ESCAPED = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"{\char34}",
    "`": r"{\char96}",
    "'": r"{\char39}",
}
_SIGNS = {
    "·": r"$\cdot$",
    "−": "$-$",
    "×": r"$\times$",
    "÷": r"$\div$",
    "±": r"$\pm$",
    "→": r"$\to$",
    "←": r"$\leftarrow$",
    "≈": r"$\approx$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "≠": r"$\neq$",
    "∞": r"$\infty$",
    "∂": r"$\partial$",
    "∇": r"$\nabla$",
    "√": r"$\surd$",
    "½": r"$\frac12$",
    "¹": "$^1$",
    "²": "$^2$",
    "³": "$^3$",
    "ᵀ": r"$^{\mathrm T}$",
    "…": r"\ldots{}",
    "⋮": r"$\vdots$",
    "–": "--",
    "—": "---",
    "‘": "`",
    "’": "'",
    "“": "``",
    "”": "''",
    "„": ",,",
    "\xa0": "~",
    "ß": r"\ss{}",
    "ø": r"\o{}",
    "Ø": r"\O{}",
    "æ": r"\ae{}",
    "Æ": r"\AE{}",
    "œ": r"\oe{}",
    "Œ": r"\OE{}",
    "ł": r"\l{}",
    "Ł": r"\L{}",
    "ı": r"\i{}",
    "§": r"\S{}",
    "°": r"$^\circ$",
}
_ACCENTS = {
    "\u0300": "`",
    "\u0301": "'",
    "\u0302": "^",
    "\u0303": "~",
    "\u0304": "=",
    "\u0306": "u",
    "\u0307": ".",
    "\u0308": '"',
    "\u030a": "r",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
}
_MINUS = re.compile(r"(?<!\w)-")
"""Between letters it is a hyphen."""
_AS_LETTERS = {"omicron": "o", "final sigma": r"$\varsigma$"}
_LIKE_LATIN = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
"""Greek capitals that TeX has no sign of their own for."""


def tex(text: str) -> str:
    r"""Text as TeX shows it; what it has no sign for stands as its number.

    >>> print(tex("50 % of σ_1 → é, 数"))
    50 \% of $\sigma$\_1 $\to$ {\'{e}}, [U+6570]
    """
    return "".join(map(_character, printable(text)))


def tex_formula(text: str) -> str:
    """A formula or a number: its signs − are as long as a +."""
    return tex(_MINUS.sub("−", text))


def _character(character: str) -> str:
    found = _ESCAPED.get(character) or _SIGNS.get(character)
    if found is not None:
        return found
    if character.isascii():
        return character
    return _greek(character) or _accented(character) or f"[U+{ord(character):04X}]"


def _greek(character: str) -> str:
    if character in _LIKE_LATIN:
        return _LIKE_LATIN[character]
    alphabet, _, letter = unicodedata.name(character, "").partition(" LETTER ")
    if alphabet not in ("GREEK SMALL", "GREEK CAPITAL") or " WITH " in letter:
        return ""
    word = letter.lower().replace("lamda", "lambda")
    if word in _AS_LETTERS:
        return _AS_LETTERS[word]
    return f"$\\{word.title() if alphabet.endswith('CAPITAL') else word}$"


def _accented(character: str) -> str:
    """A letter with one of TeX's accents."""
    letter, *marks = list(unicodedata.normalize("NFD", character))
    if len(marks) != 1 or marks[0] not in _ACCENTS or not (letter.isascii() and letter.isalpha()):
        return ""
    return f"{{\\{_ACCENTS[marks[0]]}{{{letter}}}}}"
