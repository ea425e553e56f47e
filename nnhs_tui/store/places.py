"""Bookmarks: where one was in each scenario, in a file of the user's state folder."""

from __future__ import annotations

import os
from typing import Protocol

from nnhs_tui.debugger.whereabouts import Whereabouts, as_data, from_data
from nnhs_tui.store.kept import key_of, read, write

MOST = 100
"""Scenarios remembered; the one left longest ago is forgotten first."""


class Places(Protocol):
    """What this module does with a file, wherever it is done."""

    def remembered(self, path: str) -> Whereabouts | None:
        """Where one was in a scenario's file; None where nothing is kept."""

    def remember(self, path: str, place: Whereabouts) -> None:
        """Keep where one is in a scenario's file."""


FILE = "places.json"


def remembered(path: str) -> Whereabouts | None:
    """Where one was in a scenario's file; None where nothing, or nothing sound, is kept."""
    return from_data(read(FILE).get(key_of(path), {}).get("place"))


def remember(path: str, place: Whereabouts) -> None:
    """Keep where one is in a scenario's file. What cannot be written is not kept."""
    places = read(FILE)
    key = key_of(path)
    if place.is_the_start and key not in places:
        return
    places.pop(key, None)
    if not place.is_the_start:
        places[key] = {"path": os.path.abspath(path), "place": as_data(place)}
    write(FILE, places, MOST)


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
