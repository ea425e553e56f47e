"""What is kept of scenarios in a file of the user's state folder: an object for each, by its key.

What cannot be read is as if nothing were kept, and what cannot be written is not kept: none of it
is worth an error to whoever steps through a net.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from nnhs_tui.scenario.reading.contents import Unreadable, read_bytes

LARGEST = 8 * 2**20
"""Bytes of a file at most: a larger one is not ours."""


def kept_file(name: str) -> Path:
    """Where a file of this name is kept (platformdirs' state folder)."""
    from platformdirs import user_state_path

    return user_state_path("nnhs-tui", appauthor=False) / name


def key_of(path: str) -> str:
    """A scenario's key: paths may be long, and hold what no text can."""
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:32]


def read(name: str) -> dict[str, dict[str, Any]]:
    """What is kept, the oldest first; nothing where there is no sound file."""
    try:
        found = json.loads(read_bytes(kept_file(name), LARGEST))
    except (Unreadable, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: each for key, each in found.items() if isinstance(each, dict)}


def write(name: str, kept: dict[str, dict[str, Any]], most: int) -> None:
    """Keep the newest. Whole or not at all, so that two programs never leave a broken file.

    Args:
        most: how many are kept; those written longest ago are forgotten first.
    """
    text = json.dumps(dict(list(kept.items())[-most:]), indent=1)
    # Loaded where it is needed: the first numbers would wait for it.
    import tempfile

    with contextlib.suppress(OSError):
        file = kept_file(name)
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(".json", f".{name}.", file.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(text)
            os.replace(draft, file)
        finally:
            Path(draft).unlink(missing_ok=True)
