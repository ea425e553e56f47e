"""Where a file goes that a command draws: a new one, or in the place of another of ours."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

from nnhs_tui.errors import Fault, ScenarioError, printable
from nnhs_tui.scenario.reading.contents import Unreadable, first_bytes
from nnhs_tui.scenario.writing import followed, write_whole


@dataclass(frozen=True)
class Kind:
    """A kind of files."""

    name: str
    """What one is called: picture."""
    ending: str
    format: str
    mark: str
    """Stands at the beginning of each of ours."""


def place(name: str, kind: Kind) -> Path:
    """Where a file of a kind goes.

    Raises:
        ScenarioError: another file is there, or the name has another ending.
    """
    if not name.lower().endswith(kind.ending):
        told = f"a {kind.name} is written as {kind.format}"
        raise refused(name, told, f"expected a name that ends in {kind.ending}")
    try:
        path = followed(Path(name))
        if not path.exists():
            return path
        with contextlib.suppress(Unreadable):
            if kind.mark.encode() in first_bytes(path, 1000):
                return path
    except (OSError, ValueError) as error:
        raise unwritable(name, error) from error
    there = f"there is something of this name already that is no {kind.name} of nnhs-tui"
    raise refused(name, there, "expected another name")


def put(path: Path | None, name: str, text: str) -> None:
    """Write a text in UTF-8, whole or not at all.

    Args:
        path: None: to standard output, the same bytes in every locale.
        name: what messages call the file.

    Raises:
        ScenarioError: it cannot be written.
    """
    if path is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode())
        return
    try:
        write_whole(path, text, over=True)
    except OSError as error:
        raise unwritable(name, error) from error


def refused(name: str, found: str, cure: str = "expected another place") -> ScenarioError:
    """What is wrong with the place of a file."""
    return ScenarioError((Fault(printable(name), "", found, cure),))


def unwritable(name: str, error: Exception, cure: str = "expected another place") -> ScenarioError:
    """Why a file cannot be written: what the system says, or that none can have this name."""
    reason = getattr(error, "strerror", None) or "no file can have this name"
    return refused(name, f"it cannot be written ({reason})", cure)
