"""The words of graph expressions, and what a name is."""

import re
from collections.abc import Iterator
from itertools import islice

from nnhs_tui.characters import is_plain

_WORD = re.compile(r"(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[^\W\d]\w*|\*\*|[-+*/(),]|\S")
_OPERATORS = frozenset(("**", *"-+*/(),"))

END = ""
"""The word behind the last one."""


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


def words_of(text: str) -> list[str]:
    """Splits an expression; the last word marks its end. Never raises."""
    # In ASCII no name has to be cut short.
    words = _WORD.findall(text) if text.isascii() else [word for _, word in _placed(text)]
    return [*words, END]


def column_of(text: str, place: int) -> int:
    """In which column, from 1, the word at a place (from 0) begins."""
    found = next(islice(_placed(text), place, None), None)
    return len(text) + 1 if found is None else found[0] + 1


def kind_of(word: str) -> str:
    """number, name, other, end, or the operator or bracket itself."""
    if word in _OPERATORS:
        return word
    if word == END:
        return "end"
    if word[0] in "0123456789" or (word[0] == "." and len(word) > 1):
        return "number"
    return "name" if is_name(word) else "other"


def _placed(text: str) -> Iterator[tuple[int, str]]:
    """The words, and where they begin."""
    position = 0
    while match := _WORD.search(text, position):
        word = match[0]
        if word[0] == "_" or word[0].isalpha():
            word = word[: _word_length(word) or 1]
        elif not word.isascii():
            word = word[0]
        yield match.start(), word
        position = match.start() + len(word)
