"""`[data]`: samples from a table in a file beside the scenario, a row a sample.

What is read takes the place of `[[samples]]`, so that everything else is checked and built as if it
stood there; what is wrong with it is told with the file and the line it comes from.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Context, Decimal, localcontext
from pathlib import Path
from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.operations.arithmetic import PRECISION
from nnhs_tui.operations.written import read_measured
from nnhs_tui.scenario.model import DataFile, Scaled
from nnhs_tui.scenario.reading.contents import TooLarge, Unreadable, read_bytes
from nnhs_tui.scenario.reading.csv_table import CsvTable, NoTable, read_csv
from nnhs_tui.scenario.reading.faults import (
    UNSOUND,
    Findings,
    describe_value,
    quote,
)
from nnhs_tui.scenario.reading.faults import Path as Place
from nnhs_tui.scenario.reading.limits import MAX_FILE_BYTES, MAX_SAMPLES, MAX_WORDS
from nnhs_tui.scenario.reading.spreadsheets import decoded
from nnhs_tui.scenario.reading.values import is_finite
from nnhs_tui.scenario.writing import followed

_FILE = ("data", "file")
_BESIDE = "expected a CSV file in the folder of this file"
_TOLD = 6
"""Words of a column that a message names."""


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
    if "data" not in data:
        return None
    asked = data["data"]
    if "graph" in data:
        expected = "expected [data] only with a [network]; [[samples]] may override inputs"
        findings.add(("data",), "[data] beside a [graph]", expected)
        return None
    if "samples" in data:
        expected = "expected only one of them: the rows of the file are the samples"
        findings.add(("data",), "[data] beside [[samples]]", expected)
        return None
    if not isinstance(asked, dict):
        return None
    name = asked.get("file")
    if not isinstance(name, str):
        return None
    place = _place_of(name, path, findings)
    if place is None:
        return None
    if text is None:
        text = _text_of(place, name, findings)
    most = asked.get("first")
    try:
        found = None if text is None else read_csv(text, most if type(most) is int else MAX_SAMPLES)
    except NoTable as error:
        findings.add(_FILE, f"{quote(name)}, {error.found}", error.expected)
        return None
    if found is None or text is None:
        return None
    taken = _Rows(asked, found, findings)
    findings.elsewhere = _Elsewhere(os.path.join(os.path.dirname(file), name), file, taken)
    made = taken.make()
    if made is None:
        return None
    data["samples"], about = made
    return replace(about, path=str(place), text=text)


def _place_of(name: str, path: str, findings: Findings) -> Path | None:
    """Where the data file is, links followed; never outside the scenario's own folder."""
    try:
        folder = followed(Path(path)).parent
        place = followed(folder / name)
    except (OSError, ValueError, RuntimeError):
        findings.add(_FILE, f"{quote(name)}, which no file can be called", _BESIDE)
        return None
    if os.path.isabs(name) or not place.is_relative_to(folder):
        findings.add(_FILE, f"{quote(name)}, which is outside the folder of this file", _BESIDE)
        return None
    return place


def _text_of(place: Path, name: str, findings: Findings) -> str | None:
    """The text of the data file."""
    try:
        text = decoded(read_bytes(place, MAX_FILE_BYTES))
    except TooLarge as error:
        expected = f"expected at most {MAX_FILE_BYTES:,} bytes (8 MiB)"
        findings.add(_FILE, f"{quote(name)}, {error}", expected)
        return None
    except Unreadable as error:
        findings.add(_FILE, f"{quote(name)}, {error}", _BESIDE)
        return None
    if text is None:
        findings.add(_FILE, f"{quote(name)}, which is no text", _BESIDE)
    return text


@dataclass
class _Elsewhere:
    """Where in the data file that stands which would stand in `[[samples]]`."""

    csv: str
    file: str
    rows: _Rows

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


class _Rows:
    """The rows of a table as samples."""

    def __init__(self, asked: dict[str, Any], table: CsvTable, findings: Findings) -> None:
        self.asked, self.table, self.findings = asked, table, findings
        self.is_onehot = asked.get("onehot") is True
        self.known = {name: place for place, name in enumerate(table.names) if name}
        self.counts = Counter(table.names)
        self.names = {
            key: [name.strip() if isinstance(name, str) else "" for name in asked[key]]
            for key in ("inputs", "targets")
            if isinstance(asked.get(key), list)
        }

    def make(self) -> tuple[list[Any], DataFile] | None:
        """Samples as they would stand in a scenario, and what was done to get them."""
        inputs, targets = self._places("inputs"), self._places("targets")
        if not self._check_count():
            return None
        samples = self._samples(inputs)
        columns = self._scaled(samples)
        words: tuple[str, ...] = ()
        if not self.is_onehot and targets:
            self._numbers(samples, "t", targets)
        elif targets and targets[0] is not None:
            words = self._choices(samples, targets[0])
        return samples, DataFile("", self.asked.get("scale", "none"), columns, words)

    def _places(self, key: str) -> list[int | None]:
        """Where the columns stand in the table; None for one that is not found."""
        found: list[int | None] = []
        for place, name in enumerate(self.names.get(key, ())):
            path, count = ("data", key, place), self.counts[name]
            found.append(self.known[name] if name and count == 1 else None)
            if not name or count == 1 or self.findings.full:
                continue
            if count:
                expected = "expected a name of its own for each column that is used"
                self.findings.add(
                    path, f"{quote(name)}, which {count} columns are called", expected
                )
            else:
                cure = self.findings.suggestion(name, self.known, "the name of a column")
                self.findings.add(path, f"no column is called {quote(name)}", cure)
        return found

    def _check_count(self) -> bool:
        count, first = len(self.table.rows), self.asked.get("first")
        if not count:
            self.findings.add(
                _FILE, "no rows below the first one", "expected a row for each sample"
            )
        elif type(first) is int and count < first:
            found = f"{first:,}, but there are only {counted(count, 'row')}"
            self.findings.add(("data", "first"), found, f"expected at most {count:,}")
        elif self.table.has_more and type(first) is not int:
            expected = f"expected at most so many, or first = {MAX_SAMPLES} to take those"
            self.findings.add(_FILE, f"more than {MAX_SAMPLES:,} rows", expected)
        else:
            return True
        return False

    def _samples(self, places: Sequence[int | None]) -> list[Any]:
        """A sample for each row, with its inputs; rows of another length are faults."""
        width = len(self.table.names)
        samples: list[Any] = []
        for number, row in enumerate(self.table.rows):
            if len(row.fields) == width:
                samples.append({})
                continue
            samples.append(UNSOUND)
            if row.fault:
                self.findings.add(("samples", number), row.fault, row.cure)
            else:
                found = f"a row of {counted(len(row.fields), 'field')}"
                self.findings.add(
                    ("samples", number), found, f"expected {width}, as in the first row"
                )
        self._numbers(samples, "x", places)
        return samples

    def _numbers(self, samples: list[Any], key: str, places: Sequence[int | None]) -> None:
        """The numbers of some columns, `UNSOUND` in the place of one that cannot be read."""
        for number, (row, sample) in enumerate(zip(self.table.rows, samples, strict=True)):
            if sample is UNSOUND:
                continue
            numbers: list[Any] = [UNSOUND] * len(places)
            sample[key] = numbers
            for column, place in enumerate(places):
                if place is None:
                    continue
                found = read_measured(row.fields[place])
                if found is None or not is_finite(found):
                    self._no_number(("samples", number, key, column), row.fields[place], found)
                else:
                    numbers[column] = found
            if self.findings.full:
                return

    def _no_number(self, path: Place, field: str, number: Decimal | None) -> None:
        expected = "expected a number: digits, with a decimal point or comma"
        if number is not None:
            expected = "expected a finite number, at most 1.8e308 in size"
        found = "an empty field" if not field.strip() else describe_value(field.strip())
        self.findings.add(path, found, expected)

    def _choices(self, samples: list[Any], place: int) -> tuple[str, ...]:
        """A target for each word of a column, in the order in which they appear."""
        words: dict[str, None] = {}
        for number, (row, sample) in enumerate(zip(self.table.rows, samples, strict=True)):
            if sample is UNSOUND:
                continue
            word = row.fields[place].strip()
            if not word:
                self.findings.add(("samples", number, "t", 0), "an empty field", "expected a word")
            words[word] = None
        if "" in words or UNSOUND in samples:
            # How many there are is not known then.
            return ()
        if len(words) > MAX_WORDS:
            expected = f"expected at most {MAX_WORDS:,}, a target for each"
            self.findings.add(("data", "targets"), counted(len(words), "word"), expected)
            return ()
        # One list for all samples with the same word.
        shares = {word: [int(each == word) for each in words] for word in words}
        for row, sample in zip(self.table.rows, samples, strict=True):
            if sample is not UNSOUND:
                sample["t"] = shares[row.fields[place].strip()]
        return tuple(words)

    def _scaled(self, samples: list[Any]) -> tuple[Scaled, ...]:
        """Scale the inputs over all rows; each column by itself."""
        scale = self.asked.get("scale", "none")
        if scale not in _SCALES or any(
            sample is UNSOUND or UNSOUND in sample.get("x", (UNSOUND,)) for sample in samples
        ):
            return ()
        found = []
        for column, name in enumerate(self.names["inputs"]):
            values = [sample["x"][column] for sample in samples]
            if min(values) == max(values):
                told = "1 row" if len(values) == 1 else f"all {len(values):,} rows"
                expected = 'expected different numbers, which can be scaled, or scale = "none"'
                path = ("data", "inputs", column)
                self.findings.add(path, f"{quote(name)}, which is {values[0]} in {told}", expected)
                continue
            with localcontext(Context(prec=PRECISION)):
                made = Scaled(name, *_SCALES[scale](values))
                for sample, value in zip(samples, values, strict=True):
                    # The double nearest to it, in its shortest form: what a file can hold.
                    sample["x"][column] = Decimal(repr(float((value - made.off) / made.by)))
            found.append(made)
        return tuple(found)


def _standard(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """The mean, and the deviation from it, divided by how many there are."""
    mean = sum(values, Decimal(0)) / len(values)
    squares = (value - mean for value in values)
    return mean, (sum((each * each for each in squares), Decimal(0)) / len(values)).sqrt()


def _unit(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    return min(values), max(values) - min(values)


_SCALES = {"standard": _standard, "unit": _unit}
"""What is taken off the numbers of a column, and what they are divided by then."""


def check_sizes(
    data: dict[str, Any],
    beside: DataFile | None,
    inputs: int | None,
    outputs: int | None,
    findings: Findings,
) -> None:
    """Columns against the sizes of the network and the loss.

    Args:
        data: the decoded scenario.
        beside: what was made of its data file, if anything was.
        inputs: those of the network, where they are known.
        outputs: likewise.
        findings: where faults are noted.
    """
    asked = data["data"]
    if not isinstance(asked, dict):
        return
    columns, targets = asked.get("inputs"), asked.get("targets")
    if isinstance(columns, list) and inputs is not None and len(columns) != inputs:
        found = counted(len(columns), "column")
        findings.add(("data", "inputs"), found, f"expected {inputs:,}, one per input")
    path, is_onehot = ("data", "targets"), asked.get("onehot") is True
    if "targets" not in asked and (is_onehot or "loss" in data):
        why = "onehot is true" if is_onehot else "there is a [loss]"
        findings.add(path, "missing", f'expected their columns, targets = ["species"]: {why}')
    if not isinstance(targets, list):
        return
    found, count = counted(len(targets), "column"), len(targets)
    if is_onehot and count != 1:
        findings.add(path, found, "expected one column of words: onehot is true")
        return
    if is_onehot:
        if beside is None or not beside.words:
            return
        words = beside.words
        count, more = len(words), ", …" * (len(words) > _TOLD)
        found = f"{counted(count, 'word')} ({', '.join(map(quote, words[:_TOLD]))}{more})"
    if outputs is not None and count != outputs:
        findings.add(path, found, f"expected {outputs:,}, one per output")
