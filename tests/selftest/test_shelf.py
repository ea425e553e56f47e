"""Self-tests kept in memory behave as those in files, and leave no file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest import log as on_disk
from nnhs_tui.selftest.opening import Opened, open_test
from nnhs_tui.selftest.shelf import Memory, Shelf

opened_files: list[str] | None = None


def _note(event: str, details: tuple[Any, ...]) -> None:
    if event == "open" and opened_files is not None:
        opened_files.append(str(details[0]))


sys.addaudithook(_note)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The files that are opened from here on."""
    global opened_files
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    opened_files = []
    yield opened_files
    opened_files = None


@pytest.fixture(params=["memory", "disk"])
def shelf(request: pytest.FixtureRequest, files: list[str]) -> Shelf:
    return Memory() if request.param == "memory" else on_disk


def session(name: str = "two-layer-sigmoid") -> Session:
    return Session(load(shipped_folder() / f"{name}.toml"))


def do(opened: Opened, *lines: str) -> None:
    """What the screen does with lines, then leaving it."""
    assert opened.log is not None and opened.message == ""
    for line in lines:
        assert opened.log.add(line) == ""
        opened.test.apply(line)
    opened.log.close()
    opened.log.add("type 9")


def test_a_test_that_was_left_goes_on(shelf: Shelf) -> None:
    do(
        open_test(session(), "", shelf),
        "type -0.75",
        "mark",
        "type 0.32",
        "mark",
        "hint",
        "type 0.6",
    )
    opened = open_test(session(), "", shelf)
    assert (opened.test.right, opened.test.text, opened.test.hints) == (2, "0.6", 1)
    assert "going on" in opened.message and opened.shelf is shelf
    do(replace(opened, message=""), "type 0.60")
    assert open_test(session(), "", shelf).test.text == "0.60"


def test_one_in_which_nothing_was_done_does_not(shelf: Shelf) -> None:
    do(open_test(session(), "", shelf))
    assert open_test(session(), "", shelf).message == ""


def test_nor_does_one_of_another_scenario_or_a_finished_one(shelf: Shelf) -> None:
    do(open_test(session("three-samples"), "", shelf), "type -0.75", "mark")
    do(open_test(session(), "", shelf), "type 2", "mark", "finish")
    assert list(shelf.unfinished(session().scenario.path)) == []
    assert open_test(session(), "", shelf).message == ""


def test_what_went_wrong_is_asked_again(shelf: Shelf) -> None:
    with pytest.raises(Refusal, match="nothing went wrong"):
        open_test(session(), "again", shelf)
    do(open_test(session(), "", shelf), "type -0.75", "mark", "type 7", "mark", "finish")
    again = open_test(session(), "again", shelf)
    assert [name for ask in again.test.asks for name in ask.names] == ["hidden.a[1]"]


def test_in_memory_no_file_is_opened(files: list[str]) -> None:
    memory, about = Memory(), session()
    about.execute("level layer")
    open_test(about, "", memory)  # Python reads its modules.
    files.clear()
    do(open_test(about, "", memory), "type -0.75", "mark")
    open_test(about, "", memory)
    do(open_test(about, "seed 3", memory), "type -0.75", "mark", "finish")
    open_test(about, "again", memory)
    assert files == []


def test_what_a_data_file_held_is_kept_with_the_test(shelf: Shelf, tmp_path: Path) -> None:
    for ending in ("toml", "csv"):
        text = (shipped_folder() / f"irises.{ending}").read_text(encoding="utf-8")
        (tmp_path / f"irises.{ending}").write_text(text, encoding="utf-8")
    path = tmp_path / "irises.toml"
    do(open_test(Session(load(path)), "", shelf), "type 1.5", "mark")
    other = (tmp_path / "irises.csv").read_text(encoding="utf-8").replace("1.4,", "1.3,")
    asked = open_test(Session(load(path)), "", shelf)
    assert "going on" in asked.message and asked.test.setting.scenario().samples[0].x[0] == Decimal(
        "1.4"
    )
    assert asked.log is not None
    asked.log.close()
    (tmp_path / "irises.csv").write_text(other, encoding="utf-8")
    # Other numbers are another test; the one that was left still has its own.
    anew = open_test(Session(load(path)), "", shelf)
    assert "going on" not in anew.message
    assert asked.test.setting.scenario().samples != anew.test.setting.scenario().samples
