"""What the hall answered, as a file that `check` reads: a row a person and question."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nnhs_tui.hall.people import Person
from nnhs_tui.hall.poll import Poll

COLUMNS = ("name", "quantity", "answer", "verdict", "mistake", "time")


@dataclass(frozen=True)
class Answered:
    """One answer for the file."""

    name: str
    quantity: str
    answer: str
    verdict: str
    mistake: str
    time: int
    """The first time the question was asked, or the second …"""


def last_answers(polls: Iterable[Poll], people: Iterable[Person]) -> list[Answered]:
    """What each person answered last to each question, in the order of the questions."""
    named = {each.number: each.name for each in people}
    found: dict[tuple[str, int], Answered] = {}
    for poll in polls:
        for time, given in enumerate(poll.times, 1):
            for number, each in given.items():
                name = named.get(number, "")
                row = Answered(name, poll.name, each.text, each.verdict, each.mistake, time)
                found[poll.name, number] = row
    return list(found.values())


def results_text(rows: Iterable[Answered]) -> str:
    """The file's text; a name that a spreadsheet would take for a formula is kept from it."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        name = f"'{row.name}" if row.name[:1] in ("=", "+", "-", "@") else row.name
        told = (name, row.quantity, row.answer, row.verdict, row.mistake, row.time)
        writer.writerow(told)
    return out.getvalue()


def write_results(path: Path, text: str) -> None:
    """Write the file, whole or not at all, for nobody else to read.

    Raises:
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(".csv", f".{path.name}.", path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            stream.write(text)
        os.replace(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
