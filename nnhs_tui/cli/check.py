"""The command `check`: marks answer sheets, one after the other, and prints what became of them."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator

from nnhs_tui.characters import in_json
from nnhs_tui.cli.grades import Grades
from nnhs_tui.cli.pages import Pages
from nnhs_tui.errors import printable
from nnhs_tui.marking.sheets.files import sheet_files, told_apart
from nnhs_tui.marking.sheets.marked import MarkedSheet, SheetMarker, Summary, marked
from nnhs_tui.present.grades import grade_row
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
    summary = Summary()
    grades = Grades(options.grades) if options.grades is not None else None
    pages = None
    if options.output is not None:
        pages = Pages(options.output, scenario.title, strict=options.strict)
    paths, keys = told_apart(sheet_files(options.sheets))
    for key in keys:
        complain(f"{printable(key)}: a key, left out")
    if not paths:
        complain(f"{printable(options.sheets[0])}: a folder; expected answer sheets in it")
        return BAD_INPUT
    marker = SheetMarker(
        scenario,
        digits=options.digits,
        arithmetic=options.arithmetic,
        seed=options.seed,
        strict=options.strict,
        beside=paths,
    )
    code = FINE

    def seen() -> Iterator[MarkedSheet]:
        nonlocal code
        for sheet in _with_bar(marked(marker, paths, summary), len(paths)):
            for fault in sheet.faults:
                complain(str(fault))
            code = max(code, BAD_INPUT if sheet.faults else FINE)
            code = max(code, FINE if sheet.is_all_right else NOT_RIGHT)
            if grades is not None:
                grades.add(grade_row(sheet))
            if pages is not None:
                pages.write(sheet)
            yield sheet

    _print(seen(), scenario, summary, options, ascii_only=ascii_only)
    if grades is not None:
        grades.write()
    return code


def _print(
    sheets: Iterable[MarkedSheet],
    scenario: Scenario,
    summary: Summary,
    options: argparse.Namespace,
    *,
    ascii_only: bool,
) -> None:
    """Print sheets in the form that was asked for."""
    if options.json:
        _print_json(sheets, scenario, summary, options, ascii_only=ascii_only)
    elif options.csv:
        _print_csv(sheets, summary, options)
    else:
        _print_text(sheets, summary, options)


def _print_text(
    sheets: Iterable[MarkedSheet], summary: Summary, options: argparse.Namespace
) -> None:
    for sheet in sheets:
        if not options.summary:
            for line in sheet_text(sheet, whole=options.all, strict=options.strict):
                print(line)
    if options.summary or summary.sheets > 1:
        if not options.summary:
            print()
        for line in summary_text(summary):
            print(line)


def _print_json(
    sheets: Iterable[MarkedSheet],
    scenario: Scenario,
    summary: Summary,
    options: argparse.Namespace,
    *,
    ascii_only: bool,
) -> None:
    """Object by object: nothing of a class is held at once."""

    def text(value: object) -> str:
        return in_json(json.dumps(value, ensure_ascii=ascii_only, allow_nan=False))

    if options.summary:
        for _ in sheets:
            continue
        print(text(summary_json(summary, scenario.name)))
        return
    head = f'{{"schema": {text(SCHEMA)}, "scenario": {text(scenario.name)}, "sheets": ['
    print(head, end="")
    separator = "\n"
    for sheet in sheets:
        print(separator, text(sheet_json(sheet)), sep="", end="")
        separator = ",\n"
    print("]}")


def _print_csv(
    sheets: Iterable[MarkedSheet], summary: Summary, options: argparse.Namespace
) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(SUMMARY_COLUMNS if options.summary else ANSWER_COLUMNS)
    for sheet in sheets:
        if not options.summary:
            writer.writerows(answer_rows(sheet))
    if options.summary:
        writer.writerows(summary_rows(summary))


def _with_bar(sheets: Iterator[MarkedSheet], count: int) -> Iterator[MarkedSheet]:
    """A bar on a terminal, unless the sheets themselves are printed there."""
    if count == 1 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield from sheets
        return
    from rich.console import Console
    from rich.progress import Progress

    # Standard output is the results' own; only complaints are put above the bar.
    console = Console(stderr=True)
    with Progress(console=console, transient=True, redirect_stdout=False) as bar:
        yield from bar.track(sheets, total=count, description="marking")
