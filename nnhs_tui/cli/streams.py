"""The standard streams: there, and able to take every sign that is printed."""

from __future__ import annotations

import argparse
import atexit
import codecs
import contextlib
import io
import os
import sys
from typing import TextIO

SPELLED = "nnhs-tui-spelled"
"""The name under which Python knows what to do with a sign that an encoding lacks."""


def steady_streams() -> None:
    """Make the standard streams usable where one is closed, or cannot show every sign."""
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    codecs.register_error(SPELLED, _spelled)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=SPELLED)


def _nowhere() -> TextIO:
    """A stream whose text nobody gets, closed at the end of the program."""
    stream = open(os.devnull, "w")  # noqa: SIM115
    atexit.register(stream.close)
    return stream


def _spelled(error: UnicodeError) -> tuple[str, int]:
    """Signs that an encoding lacks, in ASCII; what could not be read is a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    from nnhs_tui.present.text.signs import respelled

    return respelled(error.object, error.start, error.end), error.end


def use_signs(options: argparse.Namespace) -> None:
    """Print in ASCII where that is asked for, or where the locale knows no more.

    What a program or an editor reads goes on as it is, for it must not lose anything.
    """
    if not options.ascii:
        from nnhs_tui.present.text.charset import ASCII, signs_of

        if signs_of(os.environ, sys.stdout.encoding or "") != ASCII:
            return
    streams = [sys.stderr] if _is_data(options) and not options.ascii else [sys.stdout, sys.stderr]
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="ascii", errors=SPELLED)


def _is_data(options: argparse.Namespace) -> bool:
    """Whether what is printed is read by a program, or kept as a file."""
    asked = (getattr(options, name, False) for name in ("json", "csv", "toml"))
    is_file = getattr(options, "format", "md") != "md"
    return options.command == "show" or is_file or any(asked)


def give_up_on(stream: TextIO) -> None:
    """Let nothing more be written: Python would complain once more when it closes the stream."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
