"""Sheets with commas that were opened where the list separator is another sign.

There a spreadsheet program puts a whole row into the first column; what is typed beside it stands
in the next one, and is saved behind a semicolon: `hidden.z[1],;0,5`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence


def unfolded(lines: Sequence[str], needed: Sequence[str], filled: str) -> list[str] | None:
    """The lines as they were meant, with commas; None where they are not folded.

    Args:
        lines: from the first row on.
        needed: columns that a first row has.
        filled: the column that what stands beside belongs to, where it is empty itself.
    """
    for delimiter in ";\t":
        if delimiter not in lines[0]:
            continue
        try:
            columns = [each.strip().casefold() for each in _within(lines[0], delimiter)[0]]
            if all(each in columns for each in needed):
                place = columns.index(filled)
                return [_meant(line, delimiter, place) for line in lines]
        except csv.Error:
            return None
    return None


def _within(line: str, delimiter: str) -> tuple[list[str], list[str]]:
    """What stands in the first column, taken apart at commas, and what stands beside it."""
    outer = next(csv.reader([line], delimiter=delimiter), [])
    return next(csv.reader(outer[:1]), []), outer[1:]


def _meant(line: str, delimiter: str, place: int) -> str:
    fields, beside = _within(line, delimiter)
    typed = next((each for each in beside if each.strip()), "")
    if typed:
        fields += [""] * (place + 1 - len(fields))
        fields[place] = fields[place].strip() or typed
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(fields)
    return text.getvalue()
