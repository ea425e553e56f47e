"""What is seen of an expression at a glance: whether it is a plain chain, its fewest nodes."""

import re
from array import array
from collections.abc import Set

from nnhs_tui.operations.table import functions
from nnhs_tui.scenario.reading.elementary import OPS, Expression, Parsed
from nnhs_tui.scenario.reading.limits import MAX_EXPRESSION
from nnhs_tui.scenario.reading.literals import CONSTANTS

_TERM = r"[ \t]*[A-Za-z_][A-Za-z0-9_]*+[ \t]*"
_CHAINS = re.compile(rf"{_TERM}(?:(?:[-+]{_TERM})++|(?:(?:\*(?!\*)|/){_TERM})++)")
"""Names that are only added and taken away, or only multiplied and divided."""
_SIGN = re.compile(r"([-+*/])")


def chain(owner: str, text: str, assigned: Set[str] = frozenset()) -> Parsed | None:
    """A chain such as `a + b - c` or `x * y / z`, from left to right; None where it is none.

    `expression.py`, word by word, makes the same of it. A file may have a million operations in a
    few such chains, and this takes an eighth of the time.
    """
    if not _CHAINS.fullmatch(text):
        return None
    parts = _SIGN.split(text.replace(" ", "").replace("\t", ""))
    terms = parts[::2]
    seen = dict.fromkeys(terms)
    if any(name in seen and name not in assigned for name in (*functions(), *CONSTANTS)):
        return None
    places = {name: ~place for place, name in enumerate(seen)}
    operands = array("i", [0]) * (2 * len(terms) - 2)
    operands[0::2] = array("i", [places[terms[0]], *range(len(terms) - 2)])
    operands[1::2] = array("i", map(places.__getitem__, terms[1:]))
    ops = tuple(OPS[sign] for sign in parts[1::2])
    return Parsed(Expression(owner, ops, (2,) * len(ops), operands, tuple(seen)), tuple(seen), ())


_NAMES = re.compile(r"(?<![\w.])[^\W\d]\w*+\s*+(?!\()|,")


def fewest_nodes(text: str) -> int:
    """Elementary nodes that an expression has at least, without reading it.

    Two names are joined by one operation; only commas join more.
    """
    if len(text) > MAX_EXPRESSION:
        return 0
    found = _NAMES.findall(text)
    commas = found.count(",")
    return max(1, len(found) - 2 * commas - 1)
