"""Running the command line in this process, and what holds for every command."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from fuzz.target import Fault, require
from nnhs_tui import cli

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066-\u2069\ufeff]")
"""Characters that command a terminal or deceive who reads: none but newline and tab goes out."""
LONGEST_FAULT = 1000
"""Characters of a line about a fault beside the file's name, whatever else it repeats."""
BEGIN = "nnhs-tui: "
_parser = cache(cli.parser)


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    arguments: tuple[str, ...]
    code: int
    out: str
    err: str


def run(*arguments: str) -> Ran:
    """Run a command of the program in this process, its streams UTF-8 and no terminal."""
    streams = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    with (
        contextlib.redirect_stdout(streams[0]),
        contextlib.redirect_stderr(streams[1]),
        # Making the parser would take most of the time, and depends on nothing.
        patch.object(cli, "parser", _parser),
    ):
        code = cli.main(arguments)
    out, err = (_text_of(stream) for stream in streams)
    return Ran(arguments, code, out, err)


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    try:
        return written.decode()
    except UnicodeDecodeError as error:
        raise Fault("output that is no UTF-8", str(error)) from error


def sound(ran: Ran, *files: str, notes: tuple[str, ...] = ()) -> Ran:
    """Hold a command to what holds for all (docs/cli.md); gives it back.

    Args:
        files: what faults may be about, as given to the command.
        notes: beginnings of other lines on standard error.
    """
    what = " ".join(ran.arguments)
    require(ran.code in (0, 1, 2), "exit code that is none of 0, 1, 2", (what, ran.code))
    for name, text in (("standard output", ran.out), ("standard error", ran.err)):
        found = UNSAFE.search(text)
        require(
            not found,
            f"control character on {name} of {ran.arguments[0]}",
            found and (what, found[0], text[max(0, found.start() - 60) : found.end() + 60]),
        )
    lines = ran.err.splitlines()
    for line in lines:
        begins = [BEGIN + each for each in (*files, *notes)]
        require(line.startswith(tuple(begins)), "a line that names no file", (what, line[:300]))
        longest = LONGEST_FAULT + max(map(len, files), default=0)
        require(len(line) <= longest, "a fault of over 1000 characters", (what, line[:300]))
    faults = [line for line in lines if not line.startswith(tuple(BEGIN + n for n in notes))]
    require((ran.code == 2) == bool(faults), "exit code 2 without a fault, or the reverse", ran)
    return ran


def loaded_json(ran: Ran) -> Any:
    """What a command printed as JSON, without what is no JSON."""

    def refuse(constant: str) -> NoReturn:
        raise Fault("JSON with NaN or Infinity", " ".join(ran.arguments))

    try:
        return json.loads(ran.out, parse_constant=refuse)
    except ValueError as error:
        raise Fault("JSON that does not load", f"{ran.arguments}: {error}") from error


@contextlib.contextmanager
def workplace() -> Iterator[Path]:
    """A folder of its own to work in, and a home that nobody lives in."""
    here = Path.cwd()
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="nnhs-fuzz-") as folder:
        home = Path(folder, "home")
        home.mkdir()
        for name in [name for name in os.environ if name.startswith(("TEXTUAL", "LC_"))]:
            del os.environ[name]
        os.environ |= {"HOME": str(home), "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": str(home / "run")}
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = str(home / kind.lower())
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(here)
            os.environ.clear()
            os.environ.update(before)
            sys.stdout.flush()
