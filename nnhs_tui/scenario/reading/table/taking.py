"""Finding and reading the file of `[data]`; its rows take the place of `[[samples]]`.

What is wrong with it is told with the file and the line it comes from.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from nnhs_tui.scenario.model import DataFile
from nnhs_tui.scenario.reading.contents import Missing, TooLarge, Unreadable, read_bytes
from nnhs_tui.scenario.reading.faults import (
    Findings,
    quote,
)
from nnhs_tui.scenario.reading.faults import Path as Place
from nnhs_tui.scenario.reading.limits import MAX_FILE_BYTES, MAX_SAMPLES
from nnhs_tui.scenario.reading.table.csv_table import NoTable, read_csv
from nnhs_tui.scenario.reading.table.rows import FILE, Rows
from nnhs_tui.scenario.reading.table.spreadsheets import decoded
from nnhs_tui.scenario.writing import followed

_BESIDE = "expected a CSV file in the folder of this file"
_LOOKED_AT = 1000
"""Files of a folder, in search of the one that was meant."""


def take(
    data: dict[str, Any], path: str, file: str, findings: Findings, text: str | None = None
) -> DataFile | None:
    """Put the rows of a scenario's data file in the place of its samples.

    Args:
        data: the decoded scenario, its structure checked; it gets its `samples`.
        path: where the scenario is.
        file: what messages call it.
        findings: where faults are noted.
        text: what the data file holds, where it is not to be read again.

    Returns:
        What the file is; None where there is none, or nothing can be made of it.
    """
    name = _asked_for(data, findings)
    if name is None:
        return None
    asked = data["data"]
    place = _place_of(name, path, findings)
    if place is None:
        return None
    if text is None:
        text = _text_of(place, name, findings)
    most = asked.get("first")
    try:
        found = None if text is None else read_csv(text, most if type(most) is int else MAX_SAMPLES)
    except NoTable as error:
        findings.add(FILE, f"{quote(name)}, {error.found}", error.expected)
        return None
    if found is None or text is None:
        return None
    taken = Rows(asked, found, findings)
    findings.elsewhere = _Elsewhere(os.path.join(os.path.dirname(file), name), file, taken)
    made = taken.make()
    if made is None:
        return None
    data["samples"], about = made
    return replace(about, path=str(place), text=text)


def _asked_for(data: dict[str, Any], findings: Findings) -> str | None:
    """The name of the file; None where none is asked for, or none may be."""
    if "data" not in data:
        return None
    if "graph" in data:
        expected = "expected [data] only with a [network]; [[samples]] may override inputs"
        findings.add(("data",), "[data] beside a [graph]", expected)
        return None
    if "samples" in data:
        expected = "expected only one of them: the rows of the file are the samples"
        findings.add(("data",), "[data] beside [[samples]]", expected)
        return None
    asked = data["data"]
    name = asked.get("file") if isinstance(asked, dict) else None
    return name if isinstance(name, str) else None


def _place_of(name: str, path: str, findings: Findings) -> Path | None:
    """Where the data file is, links followed; never outside the scenario's own folder."""
    try:
        folder = followed(Path(path)).parent
        place = followed(folder / name)
    except (OSError, ValueError, RuntimeError):
        findings.add(FILE, f"{quote(name)}, which no file can be called", _BESIDE)
        return None
    if not place.is_relative_to(folder):
        findings.add(FILE, f"{quote(name)}, which is outside the folder of this file", _BESIDE)
        return None
    return place


def _text_of(place: Path, name: str, findings: Findings) -> str | None:
    """The text of the data file."""
    try:
        text = decoded(read_bytes(place, MAX_FILE_BYTES))
    except TooLarge as error:
        expected = f"expected at most {MAX_FILE_BYTES:,} bytes (8 MiB)"
        findings.add(FILE, f"{quote(name)}, {error}", expected)
        return None
    except Unreadable as error:
        near = findings.nearest(name, _tables_in(place.parent)) if type(error) is Missing else None
        cure = _BESIDE if near is None else f"did you mean {quote(near)}?"
        findings.add(FILE, f"{quote(name)}, {error}", cure)
        return None
    if text is None:
        findings.add(FILE, f"{quote(name)}, which is no text", _BESIDE)
    return text


def _tables_in(folder: Path) -> list[str]:
    """Some of the tables in a folder."""
    try:
        with os.scandir(folder) as entries:
            names = [each.name for each in islice(entries, _LOOKED_AT)]
    except OSError:
        return []
    return [name for name in names if name.lower().endswith((".csv", ".tsv", ".txt"))]


@dataclass
class _Elsewhere:
    """Where in the data file that stands which would stand in `[[samples]]`."""

    csv: str
    file: str
    rows: Rows

    def __call__(self, path: Place) -> tuple[str, str] | None:
        if path[:1] != ("samples",):
            return None
        if len(path) == 1:
            return self.file, "data"
        assert isinstance(path[1], int)
        where = f"line {self.rows.table.rows[path[1]].line}"
        if len(path) > 2:
            listed = self.rows.names["inputs" if path[2] == "x" else "targets"]
            # A one-hot target is one column, and its sum is that of all of them.
            column = path[3] if len(path) > 3 and isinstance(path[3], int) else 0
            if len(listed) == 1 or len(path) > 3:
                where += f", column {quote(listed[min(column, len(listed) - 1)])}"
        return self.csv, where
