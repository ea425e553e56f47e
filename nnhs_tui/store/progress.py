"""How far somebody has come in each scenario: opened, seen to the end, tested."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from nnhs_tui.store.kept import key_of, read, write

MOST = 1000
"""Scenarios of which it is kept."""
FILE = "progress.json"


@dataclass(frozen=True)
class Reached:
    """How far somebody has come in a scenario."""

    is_opened: bool = False
    is_seen: bool = False
    """Whether the last step of a round was seen."""
    asked: int = 0
    """Of the last self-test how many were answered, 0 where there was none."""
    wrong: int = 0
    """Of these, how many were not right at once."""


NOTHING = Reached()


class Progress(Protocol):
    """What this module does with a file, wherever it is done."""

    def all_reached(self) -> Mapping[str, Reached]:
        """How far one has come, by the key of each scenario's file."""

    def reached(self, path: str) -> Reached:
        """How far one has come in a scenario's file."""

    def reach(self, path: str, **changes: Any) -> None:
        """Keep that one has come further."""


def all_reached() -> dict[str, Reached]:
    """How far one has come, by the key of each scenario's file."""
    return {key: _from(each) for key, each in read(FILE).items()}


def reached(path: str) -> Reached:
    """How far one has come in a scenario's file."""
    return _from(read(FILE).get(key_of(path), {}))


def reach(path: str, **changes: Any) -> None:
    """Keep that one has come further; `changes` are fields of `Reached`."""
    kept, key = read(FILE), key_of(path)
    before = _from(kept.get(key, {}))
    after = replace(before, **changes)
    if after == before and key in kept:
        return
    kept.pop(key, None)
    kept[key] = {"path": os.path.abspath(path), **asdict(after)}
    write(FILE, kept, MOST)


def _from(data: Mapping[str, Any]) -> Reached:
    """What is kept of one; what is not sound is as if it were not kept."""

    def count(name: str) -> int:
        value = data.get(name)
        return value if type(value) is int and 0 <= value < 10**6 else 0

    return Reached(
        data.get("is_opened") is True, data.get("is_seen") is True, count("asked"), count("wrong")
    )


class InMemory:
    """The same, kept as long as the program runs, and never on a disk."""

    def __init__(self) -> None:
        self._kept: dict[str, Reached] = {}

    def all_reached(self) -> Mapping[str, Reached]:
        """How far one has come, by the key of each scenario's file."""
        return self._kept

    def reached(self, path: str) -> Reached:
        """How far one has come in a scenario's file."""
        return self._kept.get(key_of(path), NOTHING)

    def reach(self, path: str, **changes: Any) -> None:
        """Keep that one has come further."""
        key = key_of(path)
        self._kept[key] = replace(self._kept.get(key, NOTHING), **changes)
