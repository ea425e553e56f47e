"""What a gradebook takes: a row for each pupil."""

from __future__ import annotations

from nnhs_tui.marking.sheets.marked import MarkedSheet

GRADE_COLUMNS = ("name", "right", "wrong", "blank", "of", "mistakes")
GradeRow = tuple[str | int, ...]
"""Under GRADE_COLUMNS."""


def grade_row(sheet: MarkedSheet) -> GradeRow:
    """A pupil's row; of a sheet that could not be read only the name and that it is not marked."""
    if sheet.faults:
        return (sheet.name, "", "", "", "", "not marked")
    other = sheet.numbers_of
    told = [] if other is None else [f"numbers of {other.told}"]
    mistakes = "; ".join([*told, " ".join(sheet.misunderstandings)]).removesuffix("; ")
    # What is no number is as little of an answer as nothing.
    blank = sheet.of - sheet.asked
    return (sheet.name, sheet.right, sheet.wrong, blank, sheet.of, mistakes)
