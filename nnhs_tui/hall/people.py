"""Those who follow: their names, where they are, what they typed last."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from nnhs_tui.characters import printable

LONGEST_NAME = 32
"""Signs of a name; what is behind them is left out."""
LONGEST_TYPED = 40
"""Signs of an answer that is being typed."""


@dataclass(eq=False)
class Person:
    """One who follows."""

    number: int
    name: str
    where: str = ""
    """The step of who steps alone; "" while following."""
    typed: str = ""
    """What was typed last."""
    is_here: bool = True
    is_refused: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    """What stands by the name of each quantity that was asked, the last one last."""


def clean_name(text: str) -> str:
    r"""A name as it may be shown: one line, no signs that move a cursor, not too long.

    >>> clean_name("  Ada\x1b[2J  Lovelace "), clean_name("\u202eadA")
    ('Ada[2J Lovelace', 'adA')
    """
    text = "".join(" " if each in "\t\r\n" else each for each in text[: 8 * LONGEST_NAME])
    kept = (each for each in text if unicodedata.category(each)[0] not in "C")
    return " ".join(printable("".join(kept)).split())[:LONGEST_NAME].strip()


class People:
    """Who is in the hall."""

    def __init__(self) -> None:
        self._all: list[Person] = []

    def come(self, name: str) -> Person:
        """Somebody new; without a name they get one with their number, as does who has the name
        of somebody else: in the results each is told from the others."""
        number = len(self._all) + 1
        wanted = clean_name(name) or f"guest {number}"
        person = Person(number, self._free(wanted))
        self._all.append(person)
        return person

    def _free(self, wanted: str) -> str:
        """A name that nobody has, not even by having typed what would be made of it."""
        taken, name = {each.name for each in self._all}, wanted
        for number in count(len(self._all) + 1):
            if name not in taken:
                break
            name = f"{wanted[: LONGEST_NAME - 1 - len(str(number))]} {number}"
        return name

    def __iter__(self) -> Iterator[Person]:
        """Those who are here."""
        return (each for each in self._all if each.is_here and not each.is_refused)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @property
    def everyone(self) -> list[Person]:
        """Those who left as well."""
        return list(self._all)

    def named(self, name: str) -> Person | None:
        """Who is here and has a name."""
        return next((each for each in self if each.name == name), None)

    @property
    def alone(self) -> list[Person]:
        """Those who step alone, in the order of their names."""
        return sorted((each for each in self if each.where), key=lambda one: one.name)
