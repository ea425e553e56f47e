"""Reading a number as a person writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, localcontext
from functools import lru_cache

LONGEST = 60
"""Characters of an answer at most."""

_PRECISION = 40

_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u207b\ufe63\uff0d"
_SIGNS = str.maketrans(dict.fromkeys(_DASHES, "-") | {"\u2044": "/", "\u00f7": "/"})
"""Every dash that stands for a minus, and other signs for a division."""

_NUMBER = r"(?:\d+(?:[.,]\d*)?|[.,]\d+)"
_POWER = r"(?:[eE]([+-]?\d{1,3})|\s*[*·×]\s*10\s*\^\s*\(?([+-]?\d{1,3})\)?)?"
_ANSWER = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<number>{_NUMBER}){_POWER}"
    rf"(?:\s*/\s*(?P<below_sign>[+-]?)\s*(?P<below>{_NUMBER}))?\s*(?P<percent>%?)",
    re.ASCII,
)


@dataclass(frozen=True)
class Answer:
    """A number that was written."""

    text: str
    """As it was written."""
    value: Decimal


def read_answer(text: str) -> Answer | None:
    """The number of a text; None where it is none.

    >>> [str(read_answer(each).value) for each in (".37", "0,37", "−0.37", "3/8", "1e-3", "37 %")]
    ['0.37', '0.37', '-0.37', '0.375', '0.001', '0.37']
    >>> [read_answer(each) for each in ("", "?", "1/0", "1.2.3", "nan", "0.3 or 0.4")]
    [None, None, None, None, None, None]
    """
    text = text.strip()
    return _read(text) if len(text) <= 2 * LONGEST else None


@lru_cache(4096)
def _read(text: str) -> Answer | None:
    written = text.translate(_SIGNS).lstrip("=≈~ ")
    if written.startswith("(") and written.endswith(")"):
        written = written[1:-1].strip()
    if len(written) > LONGEST:
        return None
    found = _ANSWER.fullmatch(written)
    if found is None:
        return None
    with localcontext(Context(prec=_PRECISION)):
        try:
            return Answer(text, _value(found) + 0)
        except (DivisionByZero, InvalidOperation):
            return None


def _value(found: re.Match[str]) -> Decimal:
    value = _plain(found["number"]).scaleb(int(found[3] or found[4] or 0))
    if found["below"] is not None:
        below = _plain(found["below"])
        value /= -below if found["below_sign"] == "-" else below
    if found["percent"]:
        value /= 100
    return -value if found["sign"] == "-" else value


def _plain(digits: str) -> Decimal:
    """Digits with a point or a comma."""
    return Decimal(digits.replace(",", "."))
