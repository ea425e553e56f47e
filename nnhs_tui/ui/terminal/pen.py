"""The pen of a terminal: which attributes and colours are on, and the shortest way to change them.

A pen is written as the parameters of one "select graphic rendition" sequence, such as "1;34";
"" is the terminal's own.
"""

from __future__ import annotations

from functools import lru_cache

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "6": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "51": "54",
    "52": "54",
    "53": "55",
}


@lru_cache(4096)
def of(style: Style, colors: ColorSystem | None) -> str:
    """The pen of a style. The default colours are left out: they are where a pen begins.

    Args:
        colors: what the terminal can show; None: no colour at all is written.
    """
    codes = Strip.render_ansi(style, colors or ColorSystem.STANDARD)
    attributes, foreground, background = _split(codes)
    if colors is None:
        return ";".join(attributes)
    return ";".join([*attributes, *filter(None, (foreground, background))])


@lru_cache(4096)
def change(old: str, new: str) -> str:
    """The shortest sequence that turns one pen into another.

    >>> change("1", "1;4"), change("1;4", ""), change("1;94", "94")
    ('\\x1b[4m', '\\x1b[m', '\\x1b[22m')
    """
    if old == new:
        return ""
    if not new:
        return "\x1b[m"
    attributes, foreground, background = _split(old)
    wanted, front, back = _split(new)
    codes: list[str] = []
    kept = set(attributes)
    for gone in [each for each in attributes if each not in wanted]:
        if gone in kept:
            codes.append(OFF[gone])
            kept = {each for each in kept if OFF[each] != OFF[gone]}
    codes.extend(each for each in wanted if each not in kept)
    if front != foreground:
        codes.append(front or "39")
    if back != background:
        codes.append(back or "49")
    step, anew = ";".join(codes), f"0;{new}" if old else new
    return f"\x1b[{min(step, anew, key=len)}m"


def _split(codes: str) -> tuple[list[str], str, str]:
    """Attributes, foreground and background of a pen; "" for a default colour."""
    attributes: list[str] = []
    foreground = background = ""
    parts = codes.split(";") if codes else []
    while parts:
        code = parts.pop(0)
        if code in ("38", "48"):
            count = 2 if parts[0] == "5" else 4
            code = ";".join([code, *parts[:count]])
            del parts[:count]
        if code in OFF:
            attributes.append(code)
        elif code.startswith(("38", "3", "9")) and code != "39":
            foreground = code
        elif code.startswith(("4", "10")) and code != "49":
            background = code
    return attributes, foreground, background
