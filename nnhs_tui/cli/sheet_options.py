"""The options of `worksheet` and `check`."""

from __future__ import annotations

import argparse

from nnhs_tui.cli.converters import names, samples, whole
from nnhs_tui.cli.shared_options import SCENARIO, look_options, number_options

FORMATS = ("md", "csv", "tex", "html", "pdf", "xlsx", "moodle")
"""Of worksheets."""


def worksheet_options(sheet: argparse.ArgumentParser) -> None:
    sheet.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    sheet.add_argument("--key", action="store_true", help="with the answers, and how to find them")
    sheet.add_argument(
        "--format",
        choices=FORMATS,
        default="md",
        metavar="FORMAT",
        help="md (else), html, pdf or tex for paper; csv or xlsx to be filled in; moodle, a quiz",
    )
    sheet.add_argument(
        "--level",
        choices=("node", "neuron", "layer"),
        default="neuron",
        help="node asks every product too; else neuron",
    )
    sheet.add_argument(
        "--phase",
        choices=("forward", "backward", "update"),
        action="append",
        help="ask only this phase; may be given twice",
    )
    sheet.add_argument(
        "--ask",
        metavar="NAMES",
        action="extend",
        default=[],
        type=names,
        help="ask only these quantities, with commas between them; * stands for anything, as in "
        "'hidden.*' or 'grad *'",
    )
    sheet.add_argument(
        "--sample",
        metavar="N",
        action="extend",
        type=samples,
        help="ask only this sample, may be given twice; all for all of them. Else all, or where "
        "they have too many blanks the first",
    )
    sheet.add_argument(
        "--seed", type=whole(0, 999_999_999), metavar="N", help="other numbers, the same for an N"
    )
    told = "filled in, with one mistake to be found; --key says which; others by --seed"
    sheet.add_argument("--with-mistake", action="store_true", help=told)
    _paper_options(sheet)
    number_options(sheet)
    look_options(sheet)


def _paper_options(sheet: argparse.ArgumentParser) -> None:
    """For whom sheets are, and how they are written."""
    sheet.add_argument(
        "--count",
        type=whole(2, 1000),
        metavar="2…1000",
        help="so many sheets, with the seeds from --seed (else 1) on",
    )
    sheet.add_argument(
        "--names",
        metavar="FILE",
        help="a text file with a pupil's name a line: a sheet for each, with the name on it",
    )
    sheet.add_argument(
        "--notation",
        choices=("rows", "neurons"),
        default="rows",
        help="X·W with a row of W for each input, or W·x with a row for each neuron",
    )
    sheet.add_argument(
        "--strict",
        action="store_true",
        help="with --format moodle: an answer that is one unit of the last digit off is worth half",
    )
    sheet.add_argument(
        "--join",
        action="store_true",
        help="with --format html, tex or pdf: all sheets in one file, for the printer",
    )
    sheet.add_argument(
        "--separator",
        choices=(";", ",", "tab"),
        metavar="SIGN",
        help="with --format csv: ; or , or tab, as a spreadsheet opens it by a double click; ; has "
        "decimal commas",
    )
    sheet.add_argument("--output", metavar="FOLDER", help="write into files in this folder")


def check_options(check: argparse.ArgumentParser) -> None:
    check.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    check.add_argument(
        "sheets",
        metavar="ANSWERS",
        nargs="+",
        help="CSV, XLSX or ODS with the columns quantity and answer, or a folder of them",
    )
    form = check.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="in the schema nnhs-check/1")
    form.add_argument("--csv", action="store_true", help="a row for every answer")
    check.add_argument("--summary", action="store_true", help="only what the class did together")
    check.add_argument(
        "--grades", metavar="FILE", help="a row a pupil, as .csv or .xlsx, for a gradebook"
    )
    check.add_argument(
        "--output", metavar="FOLDER", help="a page a pupil into this folder, as HTML and as text"
    )
    check.add_argument(
        "--names",
        metavar="FILE",
        help="a text file with a pupil's name a line, as for worksheet: in the order of the seeds "
        "from --seed (else 1) on, or of the sheets where they have none",
    )
    check.add_argument(
        "--jobs",
        type=whole(1, 64),
        metavar="N",
        help="so many processes; else one, and for 1,000 files or more as many as there are cores",
    )
    check.add_argument("--all", action="store_true", help="list the right answers too")
    check.add_argument(
        "--strict", action="store_true", help="do not count `close` and `follows` as right"
    )
    check.add_argument(
        "--seed",
        type=whole(0, 999_999_999),
        metavar="N",
        help="of the worksheets, where they do not say it",
    )
    number_options(check)
    look_options(check)
