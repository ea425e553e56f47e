"""The command `worksheet`: prints a sheet, or writes those of a class into a folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from nnhs_tui.cli.arguments import UsageError
from nnhs_tui.cli.common import FINE, in_file, is_utf8, load
from nnhs_tui.errors import ComputationError, Refusal, Unfit, printable
from nnhs_tui.marking.asked_quantities import PHASES
from nnhs_tui.marking.selection import Selection
from nnhs_tui.marking.sheets.pupils import read_pupils
from nnhs_tui.worksheet.orders import BINARY, MOODLE, Order, copies

_SEPARATORS = {";": ";", ",": ",", "tab": "\t"}
"""What --separator may say, and what stands between the columns then."""


def worksheet(options: argparse.Namespace) -> int:
    """Make the sheets of the options; gives the exit code.

    Raises:
        UsageError: the options do not go together.
        NnhsError: a sheet cannot be made or written.
    """
    _check(options)
    scenario = load(options.scenario)
    pupils = [] if options.names is None else read_pupils(options.names)
    wanted = copies(options.seed, options.count, pupils)
    order = Order(
        options.format,
        _selection(options),
        options.arithmetic,
        options.digits,
        by_neurons=options.notation == "neurons",
        separator=_SEPARATORS.get(options.separator or "", ""),
        strict=options.strict,
        with_mistake=options.with_mistake,
        key=options.key,
    )
    try:
        if options.output is None and options.format == MOODLE:
            sys.stdout.write(_for_output(order.quiz(scenario, wanted), "html"))
        elif options.output is None:
            _print(order.text(scenario, options.seed), options.format)
        else:
            kinds = {MOODLE: order.write_quiz}
            write = order.join if options.join else kinds.get(options.format, order.write)
            for path in write(scenario, Path(options.output), wanted):
                print(printable(str(path)))
    except Unfit as refusal:
        raise Refusal(f"{printable(options.scenario)}: {refusal}") from refusal
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error
    return FINE


def _check(options: argparse.Namespace) -> None:
    """See that the options go together.

    Raises:
        UsageError: they do not.
    """
    is_quiz = options.format == MOODLE
    in_folder = ["names", "join"] if is_quiz else ["count", "names", "join"]
    told = ""
    for option in in_folder:
        if getattr(options, option) not in (None, False) and options.output is None:
            told = f"--{option} needs --output FOLDER"
    if options.separator is not None and options.format != "csv":
        told = "--separator is for --format csv"
    elif is_quiz and options.key:
        told = "a quiz has its answers in it: leave out --key"
    elif is_quiz and options.with_mistake:
        told = "--with-mistake is for sheets on paper, not for a quiz"
    elif options.strict and not is_quiz:
        told = "--strict is for --format moodle"
    elif options.format in BINARY and options.output is None and sys.stdout.isatty():
        told = f"--format {options.format} needs --output FOLDER, or a file to be written into"
    if told:
        raise UsageError(f"{told}; see nnhs-tui worksheet --help")


def _print(made: str | bytes, form: str) -> None:
    if isinstance(made, str):
        sys.stdout.write(_for_output(made, form))
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(made)


def _selection(options: argparse.Namespace) -> Selection:
    samples = None if options.sample is None else tuple(options.sample)
    phases = tuple(options.phase or PHASES)
    return Selection(options.level, phases, samples, tuple(options.ask))


def _for_output(text: str, form: str) -> str:
    """A sheet with signs that standard output takes."""
    if is_utf8(sys.stdout):
        return text
    if form == "html":
        return text.encode("ascii", "xmlcharrefreplace").decode()
    if form == "md":
        from nnhs_tui.present.text.signs import spelled_columns

        return spelled_columns(text)
    return text
