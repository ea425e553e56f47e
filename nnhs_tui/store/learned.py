"""What became of the tasks of each lesson."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from nnhs_tui.store.kept import key_of, read, write

MOST = 1000
"""Lessons of which it is kept."""
FILE = "lessons.json"


class Learned(Protocol):
    """What this module does with a file, wherever it is done."""

    def all_learned(self) -> Mapping[str, tuple[str, ...]]:
        """The outcome of each task, by the key of each lesson's file."""

    def learned(self, path: str) -> tuple[str, ...]:
        """The outcome of each task of a lesson's file; () where nothing is kept."""

    def learn(self, path: str, outcomes: Sequence[str]) -> None:
        """Keep what became of the tasks of a lesson."""


def all_learned() -> dict[str, tuple[str, ...]]:
    """The outcome of each task, by the key of each lesson's file."""
    return {key: _texts(each.get("tasks")) for key, each in read(FILE).items()}


def learned(path: str) -> tuple[str, ...]:
    """The outcome of each task of a lesson's file; () where nothing is kept."""
    return all_learned().get(key_of(path), ())


def learn(path: str, outcomes: Sequence[str]) -> None:
    """Keep what became of the tasks of a lesson."""
    kept, key = read(FILE), key_of(path)
    kept.pop(key, None)
    kept[key] = {"path": path, "tasks": list(outcomes)}
    write(FILE, kept, MOST)


def _texts(value: object) -> tuple[str, ...]:
    is_sound = isinstance(value, list) and all(isinstance(each, str) for each in value)
    return tuple(value) if is_sound else ()  # type: ignore[arg-type]


class InMemory:
    """The same, kept as long as the program runs, and never on a disk."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, ...]] = {}

    def all_learned(self) -> Mapping[str, tuple[str, ...]]:
        """The outcome of each task, by the key of each lesson's file."""
        return self._kept

    def learned(self, path: str) -> tuple[str, ...]:
        """The outcome of each task of a lesson's file; () where nothing is kept."""
        return self._kept.get(key_of(path), ())

    def learn(self, path: str, outcomes: Sequence[str]) -> None:
        """Keep what became of the tasks of a lesson."""
        self._kept[key_of(path)] = tuple(outcomes)
