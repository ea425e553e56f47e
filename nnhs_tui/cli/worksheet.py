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
from nnhs_tui.worksheet.orders import Order, copies

_SEPARATORS = {";": ";", ",": ",", "tab": "\t"}
"""What --separator may say, and what stands between the columns then."""


def worksheet(options: argparse.Namespace) -> int:
    """Make the sheets of the options; gives the exit code.

    Raises:
        UsageError: the options do not go together.
        NnhsError: a sheet cannot be made or written.
    """
    for option in ("count", "names", "join"):
        if getattr(options, option) not in (None, False) and options.output is None:
            told = f"--{option} needs --output FOLDER"
            raise UsageError(f"{told}; see nnhs-tui worksheet --help")
    if options.separator is not None and options.format != "csv":
        told = "--separator is for --format csv"
        raise UsageError(f"{told}; see nnhs-tui worksheet --help")
    scenario = load(options.scenario)
    pupils = [] if options.names is None else read_pupils(options.names)
    wanted = copies(options.seed, options.count, pupils)
    order = Order(
        options.format,
        _selection(options),
        options.arithmetic,
        options.digits,
        separator=_SEPARATORS.get(options.separator or "", ""),
        key=options.key,
    )
    try:
        if options.output is None:
            sys.stdout.write(_for_output(order.text(scenario, options.seed), options.format))
        else:
            write = order.join if options.join else order.write
            for path in write(scenario, Path(options.output), wanted):
                print(printable(str(path)))
    except Unfit as refusal:
        raise Refusal(f"{printable(options.scenario)}: {refusal}") from refusal
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error
    return FINE


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
