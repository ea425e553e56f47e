"""The rows of a table as samples: columns by their head, words as targets, inputs scaled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

from nnhs_tui.labels import counted
from nnhs_tui.operations.arithmetic import PRECISION
from nnhs_tui.operations.written import read_measured
from nnhs_tui.scenario.model import DataFile, Scaled
from nnhs_tui.scenario.reading.faults import (
    UNSOUND,
    Findings,
    describe_value,
    quote,
)
from nnhs_tui.scenario.reading.faults import Path as Place
from nnhs_tui.scenario.reading.limits import MAX_SAMPLES, MAX_WORDS
from nnhs_tui.scenario.reading.table.csv_table import CsvTable
from nnhs_tui.scenario.reading.values import is_finite

FILE = ("data", "file")
"""The key that names the file."""


class Rows:
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
            self.findings.add(FILE, "no rows below the first one", "expected a row for each sample")
        elif type(first) is int and count < first:
            found = f"{first:,}, but there are only {counted(count, 'row')}"
            self.findings.add(("data", "first"), found, f"expected at most {count:,}")
        elif self.table.has_more and type(first) is not int:
            expected = f"expected at most so many, or first = {MAX_SAMPLES} to take those"
            self.findings.add(FILE, f"more than {MAX_SAMPLES:,} rows", expected)
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
