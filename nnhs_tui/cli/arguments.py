"""The arguments of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any, NoReturn

from nnhs_tui import __version__
from nnhs_tui.cli.converters import names, samples, size, speed, whole
from nnhs_tui.commands.panes import BESIDE
from nnhs_tui.scenario.reading.limits import MAX_DIGITS, MAX_ROUNDS

SCENARIO = "a scenario's name, or the path of a .toml file"
THEMES = ("terminal", "dark", "light", "high-contrast", "colour-blind")
FORMATS = ("md", "csv", "tex", "html", "pdf", "xlsx", "moodle")
"""Of worksheets."""


class UsageError(Exception):
    """Arguments that mean nothing; the message is one line."""


class Parser(argparse.ArgumentParser):
    """argparse whose errors are raised, to be told like all others."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def parser() -> Parser:
    """The parser; which command was asked for is in `command`, "pick" where none was."""
    root = Parser(
        prog="nnhs-tui",
        description="Step through the forward and backward pass of a small neural network.",
        epilog="Without a command: opens the list of scenarios. SCENARIO alone: opens it.",
    )
    root.add_argument("--version", action="version", version=f"nnhs-tui {__version__}")
    root.set_defaults(command="pick", ascii=False, theme="terminal")
    _look_options(root, on_screen=True)
    commands = root.add_subparsers(metavar="COMMAND", parser_class=Parser)
    for name, told, add_options in _COMMANDS:
        command = commands.add_parser(name, help=told)
        command.set_defaults(command=name)
        add_options(command)
    return root


def _list_options(listing: argparse.ArgumentParser) -> None:
    listing.add_argument("--json", action="store_true", help="as a list of objects")
    _look_options(listing)


def _show_options(show: argparse.ArgumentParser) -> None:
    show.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)


def _validate_options(validate: argparse.ArgumentParser) -> None:
    validate.add_argument("files", metavar="FILE", nargs="+")
    _look_options(validate)


def _trace_options(trace: argparse.ArgumentParser) -> None:
    trace.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    trace.add_argument("--json", action="store_true", help="in the schema nnhs-trace/1")
    trace.add_argument("--level", choices=("layer", "neuron", "node"))
    trace.add_argument("--rounds", type=whole(1, MAX_ROUNDS), metavar="N")
    _number_options(trace)
    _look_options(trace)


def _resume_options(resume: argparse.ArgumentParser) -> None:
    resume.add_argument(
        "scenario",
        metavar="SCENARIO",
        nargs="?",
        help="the last one of this name, or a number or path of --list",
    )
    resume.add_argument("--list", action="store_true", help="list those that can be gone on with")
    _look_options(resume, on_screen=True)


def _tour_options(tour: argparse.ArgumentParser) -> None:
    told = "its name or number in --list, or the path of a .toml file; else the next open one"
    tour.add_argument("lesson", metavar="LESSON", nargs="?", help=told)
    what = tour.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list the lessons, and what is done")
    what.add_argument("--print", action="store_true", help="print them as a handout")
    tour.add_argument("--json", action="store_true", help="with --list: as a list of objects")
    tour.add_argument(
        "--format", choices=("md", "html"), metavar="FORMAT", help="with --print: md (else) or html"
    )
    tour.add_argument("--key", action="store_true", help="with --print: with the answers")
    _look_options(tour, on_screen=True)


def _notes_options(notes: argparse.ArgumentParser) -> None:
    notes.add_argument("scenario", metavar="SCENARIO", nargs="?", help="of this one's presentation")
    notes.add_argument("--print", action="store_true", help="print them, and go")
    _look_options(notes, on_screen=True)


def _gradcheck_options(gradcheck: argparse.ArgumentParser) -> None:
    gradcheck.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    _look_options(gradcheck)


def _keys_options(keys: argparse.ArgumentParser) -> None:
    keys.add_argument("--toml", action="store_true", help="as a file to change, see docs/keys.md")
    _look_options(keys)


def _run_options(run: argparse.ArgumentParser) -> None:
    run.add_argument("scenarios", metavar="SCENARIO", nargs="+", help=SCENARIO)
    run.add_argument(
        "--kiosk",
        action="store_true",
        help="for an account of a class: only these scenarios, no other file is read and none "
        "written, and only quit leads out; see docs/ssh.md",
    )
    run.add_argument("--replay", metavar="FILE", help="carry out the commands in FILE, one a line")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--speed", type=speed, metavar="N", help="N lines of the replay a second")
    how.add_argument("--stepwise", action="store_true", help="a line of the replay at each .")
    run.add_argument("--record", metavar="FILE", help="write the commands of the session to FILE")
    run.add_argument("--cast", metavar="FILE", help="record the screen to FILE, for asciinema")
    run.add_argument(
        "--fresh",
        action="store_true",
        help="begin at the start, not where one was, and without the first card",
    )
    run.add_argument("--present", action="store_true", help="in large type, for an audience")
    run.add_argument("--panes", metavar="NAMES", help=f"with --present: {', '.join(BESIDE)}")
    _number_options(run)
    _look_options(run, on_screen=True)
    run.set_defaults(rounds=None, level=None, json=False)


def _picture_options(picture: argparse.ArgumentParser) -> None:
    picture.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    picture.add_argument("--output", metavar="FILE.svg", help="write to a file")
    # What is to be done is carried out in the order in which it is asked for.
    orders: dict[str, Any] = {"dest": "orders", "default": []}
    picture.add_argument(
        "--at",
        metavar="STEP|QUANTITY",
        action="append",
        type=lambda text: (f"goto {text}", f"--at {text}"),
        help="go to this step",
        **orders,
    )
    picture.add_argument(
        "--run",
        metavar="COMMAND",
        action="append",
        type=lambda text: (text, f"--run {text}"),
        help="carry out a command, such as zoom; can be given more than once",
        **orders,
    )
    picture.add_argument(
        "--present",
        action="append_const",
        const=("present", "--present"),
        help="in large type",
        **orders,
    )
    told = "the net alone, as circles and lines with the weights on them"
    picture.add_argument("--net", action="store_true", help=told)
    picture.add_argument(
        "--size", metavar="COLUMNSxROWS", type=size, default=(100, 30), help="else 100x30"
    )
    picture.add_argument(
        "--theme", choices=THEMES[1:], default=argparse.SUPPRESS, help="the colours; else light"
    )
    _number_options(picture)


def _worksheet_options(sheet: argparse.ArgumentParser) -> None:
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
    _number_options(sheet)
    _look_options(sheet)


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


def _check_options(check: argparse.ArgumentParser) -> None:
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
    _number_options(check)
    _look_options(check)


def _number_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--arithmetic",
        choices=("exact", "hand"),
        default="",
        help="with all decimals, or every step rounded; else as the file says",
    )
    parser.add_argument(
        "--digits", type=whole(0, MAX_DIGITS), metavar="0…6", help="decimals; else as the file says"
    )


def _look_options(parser: argparse.ArgumentParser, *, on_screen: bool = False) -> None:
    """Signs, and on the screen colours; before the command as well as behind it."""
    kept: Any = argparse.SUPPRESS
    parser.add_argument(
        "--ascii", action="store_true", default=kept, help="draw and print with ASCII signs only"
    )
    if on_screen:
        parser.add_argument("--theme", choices=THEMES, default=kept, help="the colours")


_COMMANDS: tuple[tuple[str, str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("run", "open the step-debugger", _run_options),
    ("list", "list the scenarios", _list_options),
    ("show", "print a scenario's file, to copy and change", _show_options),
    ("validate", "check scenario files", _validate_options),
    ("trace", "print every step", _trace_options),
    ("picture", "draw a step for a slide, as SVG", _picture_options),
    ("worksheet", "print a sheet to fill in by hand", _worksheet_options),
    ("check", "mark filled-in answer sheets", _check_options),
    ("tour", "go through the lessons, from where you were", _tour_options),
    ("resume", "go on with a self-test that was left", _resume_options),
    ("notes", "show a presentation's speaker's notes", _notes_options),
    ("gradcheck", "check every gradient numerically", _gradcheck_options),
    ("keys", "list the keys of all commands", _keys_options),
)
"""Every command with what its help says and what adds its options."""
COMMANDS = tuple(name for name, _, _ in _COMMANDS)
