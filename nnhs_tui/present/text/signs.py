"""The signs a terminal has: all of Unicode, those of the Linux console's fonts, or ASCII.

What is drawn uses all of Unicode. For the other two it is spelled anew: a picture's signs one for
one, a formula's so that it keeps its meaning, ² as ^2 and ∂L/∂w as dL/dw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from nnhs_tui.present.text.cells import clusters
from nnhs_tui.present.text.charset import ASCII, CONSOLE, UNICODE
from nnhs_tui.present.text.lines import Line, Run, clip, line_cells
from nnhs_tui.present.text.lines import cells as cells_of

SPELLINGS: dict[str, str] = {
    **dict(zip("─│┌┐└┘├┤┬┴┼╴╵╶╷", "-|+++++++++-|-|", strict=True)),
    **dict(zip("═║╔╗╚╝╠╣╦╩╬", "=##########", strict=True)),
    **dict(zip("▁▂▃▄▅▆▇█▀", '_.:-=+*#"', strict=True)),
    **dict(zip("▔▕▏▎▍▌▋▊▉▐░▒▓▘▝▖▗", "-|||||||||.:#''..", strict=True)),
    **dict(zip("◆◇Δ»›▲►▼◄●○✓✗", "@oD>>^>v<@o+x", strict=True)),
    **{"≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "−": "-", "–": "-", "—": "-", "×": "x"},
    **{"→": "->", "←": "<-", "↑": "^", "↓": "v", "…": "..", "′": "'", "∞": "inf", "√": "sqrt"},
    **{"½": "1/2", "ᵀ": "^T", "∂": "d", "∘": ".*", "∇": "grad ", "Σ": "Sum", "σ": "sigmoid"},
    **{"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": "<<", "°": "deg", "÷": "/"},
    **{"⋮": ":", "‖": "||", "λ": "lambda"},
    **{"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "o"},
    **{"æ": "ae", "œ": "oe", "ł": "l", "ı": "i", "Æ": "Ae", "Œ": "Oe", "Ø": "O", "Ł": "L"},
}  # fmt: skip
"""How a character is written in ASCII; those not named here are looked up by their names."""

ON_A_CONSOLE = frozenset("─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬▀▄█▌▐░▒▓·²½°±»«äöüÄÖÜßéèàç")
"""What the fonts of Linux consoles have in common: the kernel's own and those for Latin letters."""
CONSOLE_SPELLINGS = dict(zip("╴╶╵╷▁▂▃▅▆▇", "──││▄▄▄███", strict=True))

SUPERSCRIPTS = {"⁰": "0", "¹": "1", "²": "2", "³": "3", "⁻": "-"} | {
    chr(0x2070 + digit): str(digit) for digit in range(4, 10)
}
TOP, BOTTOM = 0x01 | 0x08 | 0x02 | 0x10, 0x04 | 0x20 | 0x40 | 0x80
"""The dots of a braille sign in its upper and in its lower half."""

_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (\w+)")


@lru_cache(1024)
def spelled(character: str, signs: str) -> str:
    """A character in a set of signs; one without width is left out.

    >>> spelled("∂", "ascii"), spelled("─", "console"), spelled("λ", "ascii")
    ('d', '─', 'lambda')
    """
    if character.isascii() or signs == UNICODE:
        return character
    if signs == CONSOLE and character in ON_A_CONSOLE:
        return character
    if 0x2800 < ord(character) < 0x2900:
        return _block(ord(character) - 0x2800, signs)
    if signs == CONSOLE and character in CONSOLE_SPELLINGS:
        return CONSOLE_SPELLINGS[character]
    if character in SPELLINGS:
        return SPELLINGS[character]
    if found := _GREEK.fullmatch(unicodedata.name(character, "")):
        return found[2].capitalize() if found[1] == "CAPITAL" else found[2].lower()
    if unicodedata.category(character) == "Zs":
        return " " * cells_of(character)
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return plain if plain.strip() else "?" * cells_of(character)


def _block(dots: int, signs: str) -> str:
    """What stands for a sign of braille dots, of which a console has none."""
    top, bottom = bool(dots & TOP), bool(dots & BOTTOM)
    blocks = "▄▀█" if signs == CONSOLE else ".':"
    return blocks[(2 if bottom else 1) if top else 0]


def spelled_text(text: str, signs: str = ASCII) -> str:
    """A text in a set of signs.

    >>> spelled_text("∂L/∂w = 2·(o − t)², 10⁻⁶")
    'dL/dw = 2*(o - t)^2, 10^-6'
    """
    if text.isascii() or signs == UNICODE:
        return text
    return "".join(_spelled_at(text, place, signs) for place in range(len(text)))


def respelled(text: str, start: int, stop: int) -> str:
    """The part of a text that an encoding cannot write, in ASCII."""
    return "".join(_spelled_at(text, place, ASCII) for place in range(start, stop))


def _spelled_at(text: str, place: int, signs: str) -> str:
    """A character of a text; what it means depends on those beside it."""
    character = text[place]
    if character in SUPERSCRIPTS:
        return _power(text, place, signs)
    if character == "·" and signs == ASCII:
        return _dot(text, place)
    return spelled(character, signs)


def _power(text: str, place: int, signs: str) -> str:
    """A digit of an exponent; ^ stands before the first."""
    start, stop = place, place + 1
    while start and text[start - 1] in SUPERSCRIPTS:
        start -= 1
    while stop < len(text) and text[stop] in SUPERSCRIPTS:
        stop += 1
    if signs == CONSOLE and ON_A_CONSOLE.issuperset(text[start:stop]):
        return text[place]
    return "^" * (place == start) + SUPERSCRIPTS[text[place]]


def _dot(text: str, place: int) -> str:
    """A dot between two factors is *; one that stands alone says that something is not known."""
    before, behind = text[max(0, place - 2) : place], text[place + 1 : place + 3]
    alone = any(each.strip(" ") == "" and len(each) != 1 for each in (before, behind))
    return "." if alone or "→" in before + behind else "*"


def spelled_line(line: Line, signs: str) -> Line:
    """A line in a set of signs. What gets longer takes its room from the blanks behind it."""
    if signs == UNICODE or all(text.isascii() for text, _ in line):
        return line
    found: list[Run] = []
    owed = 0
    for text, role in line:
        new, owed = _spelled_run(text, role, signs, owed)
        found.append((new, role))
    return tuple(found)


def spelled_columns(text: str, signs: str = ASCII) -> str:
    """Lines of text in a set of signs, with their columns where they were as far as that goes.

    >>> spelled_columns("·→·   |")
    '.->.  |'
    """
    return "\n".join(map(partial(_spelled_columns, signs=signs), text.split("\n")))


def _spelled_columns(text: str, signs: str) -> str:
    parts = tuple((part, "text") for part in re.split("( {2,})", text))
    return "".join(part for part, _ in spelled_line(parts, signs))


def _spelled_run(text: str, role: str, signs: str, owed: int) -> tuple[str, int]:
    """A run in a set of signs, and how many cells longer the line is with it.

    Room is taken from behind what got longer, so that what stands before stays where it is; where
    there is none behind, from before it, nearest first.
    """
    if signs == ASCII and text == " · ":
        return " | ", owed
    if signs == ASCII and "unknown" in role.split():
        text = text.replace("·", ".")
    parts = []
    for found in _PART.finditer(text):
        part = "".join(_spelled_at(text, place, signs) for place in range(*found.span()))
        owed += cells_of(part) - cells_of(found[0])
        part, owed = _shortened(part, owed)
        parts.append(part)
    for place in reversed(range(len(parts))):
        parts[place], owed = _shortened(parts[place], owed)
    return "".join(parts), owed


_ROOM = re.compile(r" {2,}|-{3,}|─{3,}")
_PART = re.compile(rf"{_ROOM.pattern}|.+?(?={_ROOM.pattern}|$)", re.DOTALL)


def _shortened(part: str, owed: int) -> tuple[str, int]:
    """A part of a run with so many fewer blanks, or signs of a rule, if it is made of them."""
    if owed <= 0 or not _ROOM.fullmatch(part):
        return part, owed
    spare = min(owed, len(part) - 1)
    return part[spare:], owed - spare


def drawn_in(
    drawing: Callable[[int, int], Sequence[Line]], width: int, height: int, signs: str
) -> Sequence[Line]:
    """What a drawing makes of `width` × `height` cells, in a set of signs.

    Where a line comes out too long, all is drawn again for less room.
    """
    if signs == UNICODE:
        return drawing(width, height)
    room = width
    while True:
        lines = [spelled_line(line, signs) for line in drawing(room, height)]
        over = max((line_cells(line) for line in lines), default=0) - width
        if over <= 0 or room <= width // 2:
            return [_clipped(line, width, signs) for line in lines]
        room -= over


def _clipped(line: Line, width: int, signs: str) -> Line:
    return line if line_cells(line) <= width else spelled_line(clip(line, width - 1), signs)


def one_cell_each(text: str, signs: str) -> str:
    """A text, every character in as many cells as it had: for what nobody laid out anew."""
    if text.isascii() or signs == UNICODE:
        return text
    return _NOT_ASCII.sub(partial(_in_its_cells, signs=signs), text)


_NOT_ASCII = re.compile(r"[ -~]?[^\x00-\x7f]+")
"""With what is before it: it may be part of the first sign, as in a keycap."""


def _in_its_cells(found: re.Match[str], signs: str) -> str:
    return "".join(
        each if each.isascii() else spelled(each[0], signs)[:1].ljust(width)
        for each, width in clusters(found[0])
    )
