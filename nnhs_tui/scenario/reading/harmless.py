r"""TOML for a terminal: no character in it commands one, and it still means the same.

What would is written as TOML's own escape, `\u009b`, where TOML has escapes: in texts in double
quotes. A text in single quotes that holds such a character is put into double ones. Anywhere else
it can only stand in a remark, where the escape is just to be seen.
"""

from __future__ import annotations

import re

from nnhs_tui.characters import is_plain, may_stand

_TEXTS = re.compile(
    r"""
      (?P<remark> \#[^\n]*+ )
    | (?P<lines> \"{3} (?: [^"\\]++ | \\. | "{1,2}+(?!") )*+ "{3,5} )
    | (?P<plain_lines> '{3} (?: [^']++ | '{1,2}+(?!') )*+ '{3,5} )
    | (?P<open_lines> (?: \"{3} | '{3} ) .*+ )
    | (?P<line> " (?: [^"\\\n]++ | \\[^\n] )*+ " )
    | (?P<plain_line> ' [^'\n]*+ ' )
    | (?P<open_line> ["'] [^\n]*+ )
    """,
    re.VERBOSE | re.DOTALL,
)
"""What TOML lets odd characters stand in: remarks, and its four kinds of text.

One that is not closed is no TOML, and taken as far as it could go: nothing is looked at twice.
"""

_IN_QUOTES = {ord("\\"): "\\\\", ord('"'): '\\"'}


def harmless_toml(text: str, encoding: str = "utf-8") -> str:
    r"""A text in TOML in which no character commands a terminal; lines end in \n.

    Args:
        encoding: what it is written in; what that lacks is escaped as well.

    >>> harmless_toml("a = 'soft\u00adhyphen \\ 1'")
    'a = "soft\\u00adhyphen \\\\ 1"'
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    escapes = {ord(c): _escape(c) for c in set(text) if _is_odd(c, text) or not _is_in(c, encoding)}
    if not escapes:
        return text

    def written(found: re.Match[str]) -> str:
        whole = found[0]
        safe = whole.translate(escapes)
        kind = found.lastgroup or ""
        if safe == whole or not kind.startswith("plain"):
            return safe
        mark, quotes = (3, '"""') if kind == "plain_lines" else (1, '"')
        return quotes + whole[mark:-mark].translate(escapes | _IN_QUOTES) + quotes

    # In between nothing of the kind can stand, unless the file is no TOML.
    parts, place = [], 0
    for found in _TEXTS.finditer(text):
        parts += [text[place : found.start()].translate(escapes), written(found)]
        place = found.end()
    return "".join([*parts, text[place:].translate(escapes)])


def _is_odd(character: str, text: str) -> bool:
    """Whether a character may not stand in a text, or not everywhere it does."""
    if is_plain(character) or character in "\n\t":
        return False
    places = re.finditer(re.escape(character), text)
    return not all(may_stand(text, place.start()) for place in places)


def _is_in(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _escape(character: str) -> str:
    number = ord(character)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
