"""The words of graph expressions, and what a name is."""

import re
from typing import NamedTuple

from nnhs_tui.core.characters import is_plain

_TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)|(?P<name>[^\W\d]\w*)"
    r"|(?P<op>\*\*|[-+*/(),])|(?P<other>\S)"
)


class Token(NamedTuple):
    """A number, a name, an operator, a bracket or what is none of them."""

    kind: str
    """number, name, other, end, or the operator or bracket itself."""
    text: str
    column: int
    """Counted from 1."""


def is_name(text: str) -> bool:
    """Whether the text is letters, digits and _ that can be seen, not beginning with a digit."""
    return bool(text) and not text[0].isdecimal() and _word_length(text) == len(text)


def _word_length(text: str) -> int:
    """How many characters of the text a name can have: ² and ½ are digits only to Unicode.

    A letter that is drawn as nothing is none either.
    """
    for position, character in enumerate(text):
        is_word = character == "_" or character.isalpha() or character.isdecimal()
        if not (is_word and is_plain(character)):
            return position
    return len(text)


def tokens_of(text: str) -> list[Token]:
    """Splits an expression; the last token marks its end. Never raises."""
    end = Token("end", "the end", len(text) + 1)
    if text.isascii():
        # No name has to be cut short.
        return [_token(each) for each in _TOKEN.finditer(text)] + [end]
    tokens: list[Token] = []
    position = 0
    while match := _TOKEN.search(text, position):
        kind = str(match.lastgroup)
        length = len(match[0])
        if kind == "name":
            length = _word_length(match[0])
            if not length:
                kind, length = "other", 1
        word = match[0][:length]
        tokens.append(Token(word if kind == "op" else kind, word, match.start() + 1))
        position = match.start() + length
    tokens.append(end)
    return tokens


def _token(match: re.Match[str]) -> Token:
    kind, word = match.lastgroup, match[0]
    return Token(word if kind == "op" else str(kind), word, match.start() + 1)
