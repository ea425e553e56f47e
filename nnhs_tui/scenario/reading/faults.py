"""Putting into words what is wrong with a scenario file: places, values found, suggestions."""

import math
import re
from collections.abc import Callable, Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

from nnhs_tui.characters import called, unseen
from nnhs_tui.errors import SHOWN, Fault, ScenarioError, nearest, printable, shorten
from nnhs_tui.labels import counted
from nnhs_tui.scenario.reading.limits import MAX_FAULTS

Path = tuple[str | int, ...]
"""A place in a decoded file: keys, and indices counted from 0."""

_COMPARISONS = 30_000
"""Words compared in one load; looking for a near word costs more than everything else."""


class Unsound:
    """Stands in a decoded file for a value that has been found faulty already."""


UNSOUND: Final = Unsound()


def quote(text: str, limit: int = SHOWN) -> str:
    r"""The text in quotes, harmless and short; a blank that is no ordinary one is told apart.

    >>> print(quote("two\nlines"), quote("w\xa0+ 1"))
    "two\nlines" "w\xa0+ 1"
    """
    escaped = shorten(text, limit).replace("\\", "\\\\").replace('"', '\\"')
    escaped = re.sub(r"[^\S ]", lambda blank: ascii(blank[0])[1:-1], escaped)
    return '"' + printable(escaped) + '"'


def no_name(name: str) -> str:
    r"""What is wrong with a name that is none, the first character that nobody sees told.

    >>> print(no_name("w\u3164"))
    the name "w\u3164" with U+3164 HANGUL FILLER in it
    """
    hidden = unseen(name)
    return f"the name {quote(name)}" + (f" with {called(hidden)} in it" if hidden else "")


def choices(words: Iterable[str]) -> str:
    """The words as a choice.

    >>> print(choices(["a", "b", "c"]))
    "a", "b" or "c"
    """
    *rest, last = map(quote, words)
    return f"{', '.join(rest)} or {last}" if rest else last


def describe_value(value: object) -> str:
    """What a value read from TOML is, in a few words."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # Python refuses to write integers of thousands of digits.
        if value.bit_length() > 200:
            return f"a whole number of about {round(value.bit_length() * math.log10(2))} digits"
        return str(value)
    if isinstance(value, Decimal):
        return shorten(str(value).lower().replace("infinity", "inf"))
    if isinstance(value, str):
        return f"the text {quote(value)}" if value else "an empty text"
    if isinstance(value, list):
        return f"a list of {counted(len(value), 'value')}" if value else "an empty list"
    if isinstance(value, dict):
        return "a table" if value else "an empty table"
    return "a date or time"


def key_path(path: Path) -> str:
    """A place as it is written in messages, indices counting from 1.

    >>> key_path(("network", "layers", 0, "weights", 1, 2))
    'network.layers[1].weights[2,3]'
    """
    text = ""
    for position, part in enumerate(path):
        if isinstance(part, int):
            joined = position > 0 and isinstance(path[position - 1], int)
            text = f"{text[:-1]},{part + 1}]" if joined else f"{text}[{part + 1}]"
        else:
            is_bare = re.fullmatch(r"[\w-]{1,60}", part) and unseen(part) is None
            key = part if is_bare else quote(part)
            text = f"{text}.{key}" if text else key
    return text


class Findings:
    """Collects what is wrong with one file."""

    def __init__(self) -> None:
        self._found: list[tuple[Path, str, str]] = []
        self._more = False
        self._comparisons = 0
        self.elsewhere: Callable[[Path], tuple[str, str] | None] = lambda path: None
        """The file, and the place in it, of what was read from another file; else None."""

    def __len__(self) -> int:
        return len(self._found)

    @property
    def full(self) -> bool:
        """Whether there are more faults than are listed, so that looking on is idle."""
        return self._more

    def add(self, path: Sequence[str | int], found: str, expected: str) -> None:
        """Notes one fault; `expected` starts with "expected" or is a question with the cure."""
        if len(self._found) < MAX_FAULTS:
            self._found.append((tuple(path), found, expected))
        else:
            self._more = True

    def nearest(self, word: str, known: Collection[str]) -> str | None:
        """The known word that is most like `word`, if one is near."""
        if len(word) > SHOWN or self._comparisons >= _COMPARISONS:
            return None
        self._comparisons += len(known)
        by_folded = {name.casefold(): name for name in known}
        near = nearest(word.casefold(), by_folded)
        return None if near is None else by_folded[near]

    def suggestion(self, word: str, known: Collection[str], kind: str) -> str:
        """A cure for a word that is not known: the nearest one, or all there are."""
        near = self.nearest(word, known)
        if near is not None:
            return f"did you mean {quote(near)}?"
        if not known:
            return f"expected {kind}; there is none"
        if len(known) > 12:
            return f"expected {kind}"
        return f"expected {kind}: {choices(known)}"

    def error(self, file: str, data: dict[str, object]) -> ScenarioError:
        """All faults in the order in which their places stand in the file."""
        order = _Order(data)
        self._found.sort(key=lambda finding: order.key(finding[0]))
        faults = [
            Fault(*(self.elsewhere(path) or (file, key_path(path))), found, expected)
            for path, found, expected in self._found
        ]
        if self._more:
            more = f"more than {counted(MAX_FAULTS, 'fault')}, the others are not listed"
            faults.append(Fault(file, "", more, "expected a scenario file"))
        return ScenarioError(tuple(faults))


class _Order:
    """Where in the decoded file a path stands; tables keep the order of the file."""

    def __init__(self, data: dict[str, object]) -> None:
        self._data = data
        self._places: dict[int, dict[str, int]] = {}

    def key(self, path: Path) -> tuple[float, ...]:
        here: object = self._data
        places: list[float] = []
        for part in path:
            if isinstance(here, dict) and isinstance(part, str):
                if id(here) not in self._places:
                    self._places[id(here)] = {key: place for place, key in enumerate(here)}
                # A missing key stands after everything its table holds.
                places.append(self._places[id(here)].get(part, math.inf))
                here = here.get(part)
            elif isinstance(here, list) and isinstance(part, int):
                places.append(part)
                here = here[part] if part < len(here) else None
            else:
                break
        return tuple(places)
