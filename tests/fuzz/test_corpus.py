"""Every input that once showed a fault shows none."""

from __future__ import annotations

import re

import pytest

from fuzz import corpus, recipes
from fuzz.__main__ import TARGETS, target_of
from fuzz.files import ASPECTS
from fuzz.guard import tried

LARGE = 1_000_000
"""Bytes from which on reading takes seconds."""
ON_LARGE_FILES = ("validate", "show")
ALL = [(target, name) for target in TARGETS for name in corpus.members(target)]


def _aspects(target: str, data: bytes) -> tuple[str, ...]:
    if target == "terminal":
        is_large_net = b":train" in data
        return ("large net",) if is_large_net else ("debugger", "kiosk", "palette")
    if target == "files" and len(data) > LARGE:
        return ON_LARGE_FILES
    return target_of(target).aspects()


def _marks(target: str, name: str) -> list[pytest.MarkDecorator]:
    is_large = name == "too-many-blanks.toml"  # It is short, and makes much.
    is_slow = is_large or target in ("terminal", "paths") or name in recipes.RECIPES.get(target, {})
    return [pytest.mark.slow] if is_slow else []


@pytest.mark.parametrize(
    ("target", "name"),
    [pytest.param(*each, marks=_marks(*each), id=" ".join(each)) for each in ALL],
)
def test_an_input_that_showed_a_fault_shows_none(target: str, name: str) -> None:
    data = corpus.members(target)[name]
    found = {each: tried(target_of(target), data, each) for each in _aspects(target, data)}
    wrong = {aspect: (each.kind, each.detail) for aspect, each in found.items() if each}
    assert not wrong


@pytest.mark.parametrize("target", TARGETS)
def test_every_stored_input_says_what_it_showed(target: str) -> None:
    folder = corpus.FOLDER / target
    listed = re.findall(r"^- `([^`]+)`: \S", (folder / corpus.ABOUT).read_text("utf-8"), re.M)
    assert sorted(listed) == sorted(p.name for p in folder.iterdir() if p.name != corpus.ABOUT)


def test_large_files_are_tried_in_ways_that_there_are() -> None:
    assert set(ON_LARGE_FILES) <= set(ASPECTS)
