"""A list of the pupils of a class: a text file with a name a line."""

from __future__ import annotations

from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.marking.sheets.text import NoSheet, lines_of

MOST = 1000
"""Pupils of a list at most."""
LONGEST = 80
"""Characters of a name at most."""


def read_pupils(path: str) -> list[str]:
    """The names of a file, in its order; empty lines are left out.

    Raises:
        ScenarioError: it cannot be read, has no name, too many, or one that is too long.
    """
    file = printable(path)
    try:
        lines = lines_of(path)
    except NoSheet as error:
        expected = "expected a text file with a name a line"
        raise ScenarioError((Fault(file, error.where, error.found, expected),)) from None
    names = {number: " ".join(line.split()) for number, line in enumerate(lines, 1)}
    names = {number: name.strip("\ufeff") for number, name in names.items() if name}
    if not names:
        raise ScenarioError((Fault(file, "", "it is empty", "expected a name a line"),))
    if len(names) > MOST:
        told = f"{len(names):,} names"
        raise ScenarioError((Fault(file, "", told, f"expected {MOST:,} at most"),))
    for number, name in names.items():
        if len(name) > LONGEST:
            told = f"a name of {len(name)} characters"
            expected = f"expected {LONGEST} at most"
            raise ScenarioError((Fault(file, f"line {number}", told, expected),))
    return list(names.values())
