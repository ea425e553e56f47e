"""The arguments of the command line."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from nnhs_tui import __version__
from nnhs_tui.core.reading.limits import MAX_DIGITS, MAX_ROUNDS

COMMANDS = (
    "run",
    "list",
    "show",
    "validate",
    "trace",
    "picture",
    "worksheet",
    "check",
    "resume",
    "notes",
    "gradcheck",
    "keys",
)
SCENARIO = "a scenario's name, or the path of a .toml file"
THEMES = ("terminal", "dark", "light", "high-contrast", "colour-blind")
LEAST_SIZE, MOST_SIZE = (40, 12), (400, 200)
"""Columns and rows of a picture."""
SLOWEST, FASTEST = 0.1, 50.0
"""Lines of a replay a second."""


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

    _run_options(commands.add_parser("run", help="open the step-debugger"))

    listing = commands.add_parser("list", help="list the scenarios")
    listing.add_argument("--json", action="store_true", help="as a list of objects")
    _look_options(listing)
    listing.set_defaults(command="list")

    show = commands.add_parser("show", help="print a scenario's file, to copy and change")
    show.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    show.set_defaults(command="show")

    validate = commands.add_parser("validate", help="check scenario files")
    validate.add_argument("files", metavar="FILE", nargs="+")
    validate.set_defaults(command="validate")

    trace = commands.add_parser("trace", help="print every step")
    trace.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    trace.add_argument("--json", action="store_true", help="in the schema nnhs-trace/1")
    trace.add_argument("--level", choices=("layer", "neuron", "node"))
    trace.add_argument("--rounds", type=_whole(1, MAX_ROUNDS), metavar="N")
    _number_options(trace)
    _look_options(trace)
    trace.set_defaults(command="trace")

    _picture_options(commands.add_parser("picture", help="draw a step for a slide, as SVG"))

    _worksheet_options(commands.add_parser("worksheet", help="print a sheet to fill in by hand"))

    _check_options(commands.add_parser("check", help="mark filled-in answer sheets"))

    resume = commands.add_parser("resume", help="go on with a self-test that was left")
    resume.add_argument("scenario", metavar="SCENARIO", nargs="?", help="the last one of this name")
    resume.add_argument("--list", action="store_true", help="list those that can be gone on with")
    _look_options(resume, on_screen=True)
    resume.set_defaults(command="resume")

    notes = commands.add_parser("notes", help="show a presentation's speaker's notes")
    notes.add_argument("scenario", metavar="SCENARIO", nargs="?", help="of this one's presentation")
    notes.add_argument("--print", action="store_true", help="print them, and go")
    _look_options(notes, on_screen=True)
    notes.set_defaults(command="notes")

    gradcheck = commands.add_parser("gradcheck", help="check every gradient numerically")
    gradcheck.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    _look_options(gradcheck)
    gradcheck.set_defaults(command="gradcheck")

    keys = commands.add_parser("keys", help="list the keys of all commands")
    keys.add_argument("--toml", action="store_true", help="as a file to change, see docs/keys.md")
    _look_options(keys)
    keys.set_defaults(command="keys")
    return root


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
    how.add_argument("--speed", type=_speed, metavar="N", help="N lines of the replay a second")
    how.add_argument("--stepwise", action="store_true", help="a line of the replay at each .")
    run.add_argument("--record", metavar="FILE", help="write the commands of the session to FILE")
    run.add_argument("--cast", metavar="FILE", help="record the screen to FILE, for asciinema")
    run.add_argument("--fresh", action="store_true", help="begin at the start, not where one was")
    run.add_argument("--present", action="store_true", help="in large type, for an audience")
    run.add_argument(
        "--panes", metavar="NAMES", help="with --present: net, matrices, gradients, timeline"
    )
    _number_options(run)
    _look_options(run, on_screen=True)
    run.set_defaults(command="run", rounds=None, level=None, json=False)


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
    picture.add_argument(
        "--size", metavar="COLUMNSxROWS", type=_size, default=(100, 30), help="else 100x30"
    )
    picture.add_argument(
        "--theme", choices=THEMES[1:], default=argparse.SUPPRESS, help="the colours; else light"
    )
    _number_options(picture)
    picture.set_defaults(command="picture")


def _worksheet_options(sheet: argparse.ArgumentParser) -> None:
    sheet.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    sheet.add_argument("--key", action="store_true", help="with the answers, and how to find them")
    sheet.add_argument("--format", choices=("md", "csv", "tex", "html"), default="md")
    sheet.add_argument("--level", choices=("node", "neuron", "layer"), default="neuron")
    sheet.add_argument(
        "--phase",
        choices=("forward", "backward", "update"),
        action="append",
        help="ask only this phase; may be given twice",
    )
    sheet.add_argument(
        "--seed", type=_whole(0, 999_999_999), metavar="N", help="other numbers, the same for an N"
    )
    sheet.add_argument(
        "--count",
        type=_whole(2, 1000),
        metavar="2…1000",
        help="so many sheets, with the seeds from --seed (else 1) on",
    )
    sheet.add_argument("--output", metavar="FOLDER", help="write into files in this folder")
    _number_options(sheet)
    sheet.set_defaults(command="worksheet")


def _check_options(check: argparse.ArgumentParser) -> None:
    check.add_argument("scenario", metavar="SCENARIO", help=SCENARIO)
    check.add_argument(
        "sheets", metavar="ANSWERS.csv", nargs="+", help="CSV with the columns quantity and answer"
    )
    form = check.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="in the schema nnhs-check/1")
    form.add_argument("--csv", action="store_true", help="a row for every answer")
    check.add_argument("--summary", action="store_true", help="only what the class did together")
    check.add_argument("--all", action="store_true", help="list the right answers too")
    check.add_argument(
        "--strict", action="store_true", help="do not count `close` and `follows` as right"
    )
    check.add_argument(
        "--seed",
        type=_whole(0, 999_999_999),
        metavar="N",
        help="of the worksheets, where they do not say it",
    )
    _number_options(check)
    _look_options(check)
    check.set_defaults(command="check")


def _number_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--arithmetic", choices=("exact", "hand"), default="")
    parser.add_argument("--digits", type=_whole(0, MAX_DIGITS), metavar="0…6")


def _look_options(parser: argparse.ArgumentParser, *, on_screen: bool = False) -> None:
    """Signs, and on the screen colours; before the command as well as behind it."""
    kept: Any = argparse.SUPPRESS
    parser.add_argument(
        "--ascii", action="store_true", default=kept, help="draw and print with ASCII signs only"
    )
    if on_screen:
        parser.add_argument("--theme", choices=THEMES, default=kept, help="the colours")


def _whole(least: int, most: int) -> Any:
    """A converter for argparse: a whole number in a range."""

    def convert(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            wanted = f"expected a whole number from {least} on"
            raise argparse.ArgumentTypeError(f"{wanted}, found {text!r}")
        if not least <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"expected {least} to {most}, found {text}")
        return int(text)

    return convert


def _size(text: str) -> tuple[int, int]:
    """A converter for argparse: columns and rows."""
    columns, _, rows = text.partition("x")
    if not all(each.isascii() and each.isdigit() and len(each) < 5 for each in (columns, rows)):
        raise argparse.ArgumentTypeError(f"expected columns and rows as 100x30, found {text!r}")
    size = (int(columns), int(rows))
    for each, least, most in zip(size, LEAST_SIZE, MOST_SIZE, strict=True):
        if not least <= each <= most:
            wanted = f"{LEAST_SIZE[0]}x{LEAST_SIZE[1]} to {MOST_SIZE[0]}x{MOST_SIZE[1]}"
            raise argparse.ArgumentTypeError(f"expected {wanted}, found {text}")
    return size


def _speed(text: str) -> float:
    """A converter for argparse: lines a second."""
    try:
        speed = float(text)
    except ValueError:
        speed = 0.0
    if not SLOWEST <= speed <= FASTEST:
        wanted = f"expected a number from {SLOWEST:g} to {FASTEST:g}"
        raise argparse.ArgumentTypeError(f"{wanted}, found {text!r}")
    return speed
