"""A command in this process: starting another takes most of the time, and checks the same."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from nnhs_tui.cli import main


class Told(NamedTuple):
    """What came of a command."""

    code: int
    out: bytes
    err: bytes


def told(
    *arguments: str, folder: Path | None = None, environment: Mapping[str, str] | None = None
) -> Told:
    """Run a command, every warning an error. A keys.toml would go on to hold in this process.

    Args:
        folder: where it is run; the present one for None.
        environment: what is set for it, beside what is.

    Its output goes to files, so that the streams are as real as those of a process of its own.
    """
    with (
        patch.dict(os.environ, environment or {}),
        contextlib.chdir(folder or os.curdir),
        open(os.devnull) as nothing,
        patch("sys.stdin", nothing),
        _stream() as out,
        _stream() as err,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        try:
            code = main(arguments)
        except SystemExit as end:
            code = int(end.code or 0)
        return Told(code, _written(out), _written(err))


@contextlib.contextmanager
def _stream() -> Iterator[io.TextIOWrapper]:
    with tempfile.TemporaryFile() as file:
        stream = io.TextIOWrapper(file, encoding="utf-8")
        yield stream
        stream.detach()


def _written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    stream.buffer.seek(0)
    return stream.buffer.read()
