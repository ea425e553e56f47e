"""Whether a sheet's quantities are those of the scenario; what is said where they are not.

All that is done for a sheet that is refused is bounded: how many faults are looked for, how many
are listed, and how many names are compared to say what may have been meant.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nnhs_tui.errors import Fault, Refusal
from nnhs_tui.labels import counted
from nnhs_tui.marking.questions import Questions
from nnhs_tui.marking.sheets.sheet import Rows, SheetRow
from nnhs_tui.marking.sheets.table import SheetError

MANY = 5
"""Unknown quantities from which on a sheet is taken for one of another scenario."""

MOST_FOUND = 50
"""Faults after which a sheet is read no further."""

MOST_LISTED = 20
"""Faults of a sheet that are listed; the others are counted."""

SUGGESTED = 3
"""Unknown quantities for which a similar name is looked for, where all faults are listed."""

COMPARED = 2000
"""Names that an unknown one is compared with."""

_MENDED = "mend the ones above first"
_ONE = "expected the same in all rows"
_ANOTHER = "expected a sheet of this scenario; is it one of another?"


@dataclass
class _Found:
    """What was found so far."""

    faults: list[Fault] = field(default_factory=list)
    unknown: dict[int, SheetRow] = field(default_factory=dict)
    """Place in `faults` → the row whose quantity there is none of."""
    lines: dict[str, int] = field(default_factory=dict)
    """Quantity → the line it stands in."""
    looked: int = 0
    """Rows looked at."""


def checked(sheet: Rows, questions: Questions, seed: str = "") -> list[tuple[str, str]]:
    """The answers of a sheet: (quantity, what was written).

    Args:
        seed: the one that its rows say, where they say any.

    Raises:
        SheetError: rows cannot be read; a quantity is unknown, missing, or there twice.
    """
    found, file = _Found(), sheet.file
    answers: list[tuple[str, str]] = []
    left, last = 0, 0
    for row in sheet.rows():
        if isinstance(row, Fault):
            found.faults.append(row)
        else:
            found.looked += 1
            _look_at(row, file, questions, found)
            if row.seed and row.seed != seed:
                fault = Fault(file, f"line {row.line}", "another seed than above", _ONE)
                found.faults.append(fault)
            answers.append((row.quantity, row.answer))
            last = row.line
        if len(found.faults) >= MOST_FOUND:
            left = max(0, sheet.last - last)
            break
    if found.faults:
        raise SheetError(_listed(sheet, questions, found, left))
    return answers


def _look_at(row: SheetRow, file: str, questions: Questions, found: _Found) -> None:
    """Add what is wrong with a row's quantity."""
    if not row.quantity:
        expected = "expected a name, as in hidden.z[1]"
        fault = Fault(file, f"line {row.line}", "the quantity is missing", expected)
        found.faults.append(fault)
        return
    try:
        name = questions.question(row.quantity, compared=0).plain_name
    except Refusal as refusal:
        found.unknown[len(found.faults)] = row
        found.faults.append(_of(refusal, file, f"line {row.line}"))
        return
    twice = found.lines.setdefault(name, row.line)
    if twice != row.line:
        told = f"{name} stands in line {twice} already"
        fault = Fault(file, f"line {row.line}", told, "expected every quantity once")
        found.faults.append(fault)


def _of(refusal: Refusal, file: str, where: str) -> Fault:
    told, _, cure = str(refusal).partition("; ")
    return Fault(file, where, told, cure or "expected another name")


def _listed(sheet: Rows, questions: Questions, found: _Found, left: int) -> tuple[Fault, ...]:
    """The faults that are told.

    Args:
        left: rows that were not looked at.
    """
    unknown, looked = len(found.unknown), found.looked
    if unknown > MANY and 2 * unknown > looked:
        first = found.faults[next(iter(found.unknown))]
        of = f"its first {looked}" if left else f"its {looked}"
        told = f"{unknown} of {of} quantities are none of this scenario: {first.found}"
        return (Fault(sheet.file, first.where, told, _ANOTHER),)
    faults = found.faults[:MOST_LISTED]
    more = len(found.faults) - len(faults)
    # Who has so many wrong has not misspelled one.
    for place, row in list(found.unknown.items())[: 0 if more else SUGGESTED]:
        faults[place] = _with_suggestion(row, sheet.file, questions)
    if more:
        told = counted(more, "fault more")
        rest = f", and {left:,} more rows that were not looked at" if left else ""
        faults.append(Fault(sheet.file, "", told + rest, _MENDED))
    return tuple(faults)


def _with_suggestion(row: SheetRow, file: str, questions: Questions) -> Fault:
    try:
        questions.question(row.quantity, compared=COMPARED)
    except Refusal as refusal:
        return _of(refusal, file, f"line {row.line}")
    raise AssertionError(f"{row.quantity} was unknown")
