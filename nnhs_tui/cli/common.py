"""What the commands share: loading a scenario, telling what is wrong, exit codes."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

from nnhs_tui.characters import in_json
from nnhs_tui.errors import (
    ComputationError,
    Fault,
    ScenarioError,
    printable,
    shortage,
    shorten,
)

if TYPE_CHECKING:
    from nnhs_tui.debugger.session import Session
    from nnhs_tui.scenario.model import Scenario

FINE, NOT_RIGHT, BAD_INPUT = 0, 1, 2

MOST_REPLAYED = 2**20
"""Bytes of a recording of commands at most."""


LONGEST_LINE = 20_000
"""Characters of a complaint: the longest path a system takes, each byte of it escaped, fits."""


def complain(line: str) -> None:
    with contextlib.suppress(OSError):
        print(f"nnhs-tui: {shorten(printable(line), LONGEST_LINE)}", file=sys.stderr)


def load(name: str) -> Scenario:
    from nnhs_tui.scenario import loading
    from nnhs_tui.scenario.library import find

    path = find(name)
    return loading.load(path, shown_as=name if name.endswith(".toml") else str(path))


def session_of(options: argparse.Namespace) -> Session:
    """The scenario of the options, with its first round computed."""
    return open_session(load(options.scenario), options)


def open_session(scenario: Scenario, options: argparse.Namespace) -> Session:
    """A session of a scenario; an overflow in its first round names the file."""
    from nnhs_tui.debugger.session import Session

    try:
        return Session(scenario, arithmetic=options.arithmetic, digits=options.digits)
    except (ComputationError, MemoryError) as error:
        raise in_file(options.scenario, error) from error


def in_file(name: str, error: ComputationError | MemoryError) -> ScenarioError:
    """What went wrong with a file's numbers, with its name."""
    node = error.node if isinstance(error, ComputationError) else ""
    cause = error if isinstance(error, ComputationError) else shortage(error)
    return ScenarioError((Fault(printable(name), node, cause.found, cause.expected),))


def print_rows(rows: Sequence[tuple[str, ...]]) -> None:
    """Rows of texts under each other, the last of each as long as it is."""
    from nnhs_tui.present.text.lines import cells, fit

    # Spelled before they are aligned.
    told = [tuple(map(output_text, row)) for row in rows]
    widths = [max(map(cells, column)) for column in zip(*told, strict=True)]
    for row in told:
        print("  ".join((*map(fit, row[:-1], widths), row[-1])))


def output_text(text: str) -> str:
    """A text that standard output can take, and that commands no terminal."""
    if is_utf8(sys.stdout):
        return printable(text)
    from nnhs_tui.present.text.signs import spelled_text

    return printable(spelled_text(text))


def as_json(value: object, stream: TextIO) -> str:
    """A value as JSON that a stream can take, and that commands no terminal."""
    import json

    return in_json(json.dumps(value, ensure_ascii=not is_utf8(stream), allow_nan=False))


def has_terminal() -> bool:
    """Whether a person sits at a terminal that can show a screen."""
    # Standard error may be sent elsewhere: nothing is drawn on it.
    streams = (sys.stdin, sys.stdout)
    is_screen = os.environ.get("TERM", "dumb") not in ("", "dumb")
    return is_screen and all(each is not None and each.isatty() for each in streams)


def use_own_keys() -> None:
    """Give the commands the keys of the user's own file, if there is one."""
    from nnhs_tui.commands.commands import use_keys
    from nnhs_tui.commands.keymap import keys_file, load_keys

    use_keys(load_keys(keys_file()))


def read_lines(path: str) -> list[str]:
    """The lines of a text file, as `--replay` takes them.

    Raises:
        ScenarioError: it cannot be read, is too large, or no UTF-8.
    """
    from nnhs_tui.scenario.reading.contents import Unreadable, read_bytes

    try:
        return read_bytes(path, MOST_REPLAYED).decode("utf-8-sig").splitlines()
    except (Unreadable, UnicodeDecodeError) as error:
        reason = "not a UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
        cure = "expected a text file, one command a line"
        raise ScenarioError((Fault(printable(path), "", reason, cure),)) from error


def is_utf8(stream: TextIO) -> bool:
    return (stream.encoding or "").lower() in ("utf-8", "utf8")
