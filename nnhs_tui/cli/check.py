"""The command `check`: marks answer sheets, one after the other, and prints what became of them."""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from nnhs_tui.characters import in_json
from nnhs_tui.cli.grades import Grades
from nnhs_tui.cli.pages import Pages
from nnhs_tui.errors import printable
from nnhs_tui.marking.sheets.files import sheet_files, told_apart
from nnhs_tui.marking.sheets.jobs import Batch, Job, batches, jobs_for
from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker, Summary
from nnhs_tui.marking.sheets.pupils import read_pupils
from nnhs_tui.present.grades import GradeRow, grade_row
from nnhs_tui.present.marking_report import (
    ANSWER_COLUMNS,
    SCHEMA,
    SUMMARY_COLUMNS,
    answer_rows,
    sheet_json,
    sheet_text,
    summary_json,
    summary_rows,
    summary_text,
)
from nnhs_tui.scenario.model import Scenario

FINE, NOT_RIGHT, BAD_INPUT = 0, 1, 2


def check(
    options: argparse.Namespace,
    scenario: Scenario,
    complain: Callable[[str], None],
    *,
    ascii_only: bool,
) -> int:
    """Mark the sheets of the options; gives the exit code.

    Args:
        complain: prints a line on standard error.
        ascii_only: whether standard output takes no other signs; JSON escapes them.

    Raises:
        ComputationError: the scenario overflows.
    """
    summary, strict = Summary(), options.strict
    grades = None if options.grades is None else Grades(options.grades)
    pages = None if options.output is None else Pages(options.output, scenario.title, strict=strict)
    paths, keys = told_apart(sheet_files(options.sheets))
    for key in keys:
        complain(f"{printable(key)}: a key, left out")
    if not paths:
        complain(f"{printable(options.sheets[0])}: a folder; expected answer sheets in it")
        return BAD_INPUT
    show = partial(_shown, form=Form.of(options, ascii_only))
    job = Job(_maker(options, scenario, paths), show)
    found = batches(jobs_for(options.jobs, len(paths)), job, paths)
    code = FINE

    def texts() -> Iterator[str]:
        nonlocal code
        for batch in _with_bar(found, len(paths)):
            summary.include(batch.summary)
            for sheet in batch.shown:
                for fault in sheet.faults:
                    complain(fault)
                code = max(code, sheet.code)
                if grades is not None:
                    grades.add(sheet.grade)
                if pages is not None:
                    assert sheet.marked is not None
                    pages.write(sheet.marked)
                yield sheet.text

    _print(texts(), scenario, summary, options, ascii_only=ascii_only)
    if grades is not None:
        grades.write()
    return code


def _maker(
    options: argparse.Namespace, scenario: Scenario, paths: list[str]
) -> Callable[[], SheetMarker]:
    """What makes the marker of a process."""
    return partial(
        SheetMarker,
        scenario,
        digits=options.digits,
        arithmetic=options.arithmetic,
        seed=options.seed,
        strict=options.strict,
        beside=paths,
        names=[] if options.names is None else read_pupils(options.names),
    )


@dataclass(frozen=True)
class Form:
    """How sheets are shown: what of the options a process needs that marks them."""

    kind: str
    """text, json or csv; "" where only the summary is."""
    whole: bool
    strict: bool
    ascii_only: bool
    with_pages: bool

    @classmethod
    def of(cls, options: argparse.Namespace, ascii_only: bool) -> Form:
        """That of the options."""
        kind = "json" if options.json else "csv" if options.csv else "text"
        kind = "" if options.summary else kind
        return cls(kind, options.all, options.strict, ascii_only, options.output is not None)


@dataclass(frozen=True)
class Shown:
    """What is printed of a sheet, and what else is made of it."""

    text: str
    faults: tuple[str, ...]
    code: int
    grade: GradeRow
    marked: MarkedSheet | None
    """Only where pages are written."""


def _shown(sheet: MarkedSheet, form: Form) -> Shown:
    faults = tuple(map(str, sheet.faults))
    code = BAD_INPUT if faults else FINE if sheet.is_all_right else NOT_RIGHT
    marked = sheet if form.with_pages else None
    return Shown(_text(sheet, form), faults, code, grade_row(sheet), marked)


def _text(sheet: MarkedSheet, form: Form) -> str:
    """A sheet as it is printed, without the end of its last line."""
    if form.kind == "json":
        return _json(sheet_json(sheet), ascii_only=form.ascii_only)
    if form.kind == "csv":
        return _csv(answer_rows(sheet))
    if form.kind == "text":
        return "\n".join(sheet_text(sheet, whole=form.whole, strict=form.strict))
    return ""


def _json(value: object, *, ascii_only: bool) -> str:
    return in_json(json.dumps(value, ensure_ascii=ascii_only, allow_nan=False))


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().removesuffix("\n")


def _print(
    texts: Iterable[str],
    scenario: Scenario,
    summary: Summary,
    options: argparse.Namespace,
    *,
    ascii_only: bool,
) -> None:
    """Print sheets in the form that was asked for."""
    if options.json:
        _print_json(texts, scenario, summary, options, ascii_only=ascii_only)
    elif options.csv:
        _print_csv(texts, summary, options)
    else:
        _print_text(texts, summary, options)


def _print_text(texts: Iterable[str], summary: Summary, options: argparse.Namespace) -> None:
    for text in texts:
        if not options.summary:
            print(text)
    if options.summary or summary.sheets > 1:
        if not options.summary:
            print()
        for line in summary_text(summary):
            print(line)


def _print_json(
    texts: Iterable[str],
    scenario: Scenario,
    summary: Summary,
    options: argparse.Namespace,
    *,
    ascii_only: bool,
) -> None:
    """Object by object: nothing of a class is held at once."""
    text = partial(_json, ascii_only=ascii_only)
    if options.summary:
        for _ in texts:
            continue
        print(text(summary_json(summary, scenario.name)))
        return
    head = f'{{"schema": {text(SCHEMA)}, "scenario": {text(scenario.name)}, "sheets": ['
    print(head, end="")
    separator = "\n"
    for sheet in texts:
        print(separator, sheet, sep="", end="")
        separator = ",\n"
    print("]}")


def _print_csv(texts: Iterable[str], summary: Summary, options: argparse.Namespace) -> None:
    print(_csv([SUMMARY_COLUMNS if options.summary else ANSWER_COLUMNS]))
    for text in texts:
        if text:
            print(text)
    if options.summary and summary.quantities:
        print(_csv(summary_rows(summary)))


def _with_bar(found: Iterator[Batch[Shown]], count: int) -> Iterator[Batch[Shown]]:
    """A bar on a terminal, unless the sheets themselves are printed there."""
    if count == 1 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from found
        return
    from rich.console import Console
    from rich.progress import Progress

    # Standard output is the results' own; only complaints are put above the bar.
    console = Console(stderr=True)
    with Progress(console=console, transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("marking", total=count)
        for batch in found:
            yield batch
            bar.advance(task, len(batch.shown))
