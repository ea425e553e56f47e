"""Bookmarks: where one was in each scenario, in a file of the user's state folder."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path
from typing import Any, Protocol

from nnhs_tui.debugger.whereabouts import Whereabouts, as_data, from_data
from nnhs_tui.scenario.reading.contents import Unreadable, read_bytes

MOST = 100
"""Scenarios remembered; the one left longest ago is forgotten first."""

LARGEST = 8 * 2**20
"""Bytes of the file at most: a larger one is not ours."""


class Places(Protocol):
    """What this module does with a file, wherever it is done."""

    def remembered(self, path: str) -> Whereabouts | None:
        """Where one was in a scenario's file; None where nothing is kept."""

    def remember(self, path: str, place: Whereabouts) -> None:
        """Keep where one is in a scenario's file."""


def places_file() -> Path:
    """Where the bookmarks are kept (platformdirs' state folder)."""
    from platformdirs import user_state_path

    return user_state_path("nnhs-tui", appauthor=False) / "places.json"


def remembered(path: str) -> Whereabouts | None:
    """Where one was in a scenario's file; None where nothing, or nothing sound, is kept."""
    return from_data(_read().get(_key(path), {}).get("place"))


def remember(path: str, place: Whereabouts) -> None:
    """Keep where one is in a scenario's file. What cannot be written is not kept."""
    places = _read()
    key = _key(path)
    if place.is_the_start and key not in places:
        return
    places.pop(key, None)
    if not place.is_the_start:
        places[key] = {"path": os.path.abspath(path), "place": as_data(place)}
    newest = dict(list(places.items())[-MOST:])
    with contextlib.suppress(OSError):
        _write(json.dumps(newest, indent=1))


class InMemory:
    """Bookmarks that are kept as long as the program runs, and never on a disk."""

    def __init__(self) -> None:
        self._kept: dict[str, Whereabouts] = {}

    def remembered(self, path: str) -> Whereabouts | None:
        """Where one was in a scenario's file; None where nothing is kept."""
        return self._kept.get(path)

    def remember(self, path: str, place: Whereabouts) -> None:
        """Keep where one is in a scenario's file."""
        self._kept.pop(path, None)
        if not place.is_the_start:
            self._kept[path] = place


def _key(path: str) -> str:
    """A scenario's key: paths may be long, and hold what no text can."""
    return hashlib.sha256(os.fsencode(os.path.realpath(path))).hexdigest()[:32]


def _read() -> dict[str, Any]:
    try:
        found = json.loads(read_bytes(places_file(), LARGEST))
    except (Unreadable, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: each for key, each in found.items() if isinstance(each, dict)}


def _write(text: str) -> None:
    """Whole or not at all, so that two programs never leave a broken file."""
    file = places_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    # Loaded where it is needed: the first numbers would wait for it.
    import tempfile

    handle, name = tempfile.mkstemp(".json", ".places.", file.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
        os.replace(name, file)
    finally:
        Path(name).unlink(missing_ok=True)
