"""Reading files: regular ones of a bounded size, whatever else has the name; nothing waits."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from nnhs_tui.cli import main
from nnhs_tui.cli.common import read_lines
from nnhs_tui.commands.keymap import load_keys
from nnhs_tui.errors import NnhsError, Refusal
from nnhs_tui.marking.sheets.sheet import read_sheet
from nnhs_tui.scenario.loading import load
from nnhs_tui.scenario.reading import contents
from nnhs_tui.scenario.reading.contents import (
    Missing,
    TooLarge,
    Unreadable,
    first_bytes,
    open_regular,
    read_bytes,
)
from nnhs_tui.selftest import log
from nnhs_tui.store import kept, places

ODD = {
    "folder": "a folder",
    "pipe": "a pipe",
    "socket": "a socket",
    "link-to-zero": "a device",
    "link-to-full": "a device",
    "loop": "it cannot be read",
    "name" * 200: "it cannot be read",
    "nul\0": "no file can have this name",
}


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what is no regular file, entered: a socket's path must be short."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link-to-zero").symlink_to("/dev/zero")
    (tmp_path / "link-to-full").symlink_to("/dev/full")
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket")
    return tmp_path


@pytest.mark.parametrize("read", [read_bytes, first_bytes])
@pytest.mark.parametrize("name", ODD)
def test_what_is_no_regular_file_is_named(
    odd: Path, name: str, read: Callable[[str, int], bytes]
) -> None:
    with pytest.raises(Unreadable) as caught:
        read(name, 100)
    assert str(caught.value).startswith(ODD[name])


READERS: dict[str, Callable[[str], object]] = {
    "scenario": load,
    "sheet": read_sheet,
    "replay": read_lines,
    "keys": lambda name: load_keys(Path(name)),
    "self-test": lambda name: log.go_on(Path(name)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("name", ODD)
def test_every_reader_says_it_in_one_line(odd: Path, name: str, reader: str) -> None:
    with pytest.raises(NnhsError) as caught:
        READERS[reader](name)
    told = str(caught.value)
    assert ODD[name] in told
    assert told.isprintable()


@pytest.mark.parametrize("name", ["pipe", "link-to-zero", "folder", "socket"])
def test_the_commands_say_it_in_one_line(
    odd: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = f"./{name}"
    for arguments in (
        ["show", path],
        ["validate", path],
        ["check", "chain-rule", path],
        ["run", "chain-rule", "--replay", path],
        ["check", "chain-rule", path, "--json"],
    ):
        assert main(arguments) == 2
        _, err = capsys.readouterr()
        assert len(err.splitlines()) == 1
        assert err.startswith(f"nnhs-tui: {path}: {ODD[name]}; expected ")


def test_places_and_left_tests_pass_over_what_is_no_file(
    odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("pipe", "link-to-zero", "folder"):
        monkeypatch.setattr(kept, "kept_file", lambda _file, name=name: odd / name)
        assert places.remembered("a.toml") is None
    state = odd / "state"
    state.mkdir()
    monkeypatch.setattr(log, "folder", lambda: state)
    os.mkfifo(state / f"a{log.ENDING}")
    (state / f"b{log.ENDING}").symlink_to("/dev/zero")
    assert list(log.unfinished()) == []
    assert log.went_wrong_last_time("a.toml") == ()
    monkeypatch.setattr(log, "KEPT", 0)
    log._forget_old(state)
    assert len(os.listdir(state)) == 2


def test_a_scenario_folder_with_a_pipe_in_it_can_be_listed(
    odd: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from nnhs_tui.scenario import library

    own = odd / "own"
    own.mkdir()
    os.mkfifo(own / "a.toml")
    (own / "b.toml").symlink_to("/dev/zero")
    monkeypatch.setattr(library, "own_folder", lambda: own)
    assert main(["list", "--json"]) == 0
    found = {each["name"]: each["shape"] for each in json.loads(capsys.readouterr().out)}
    assert found["a"] == found["b"] == "?"


def test_what_takes_the_name_in_between_is_not_read(
    odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular = odd / "regular"
    regular.write_bytes(b"a")
    status = os.stat(regular)
    before = os.listdir("/proc/self/fd") if os.path.isdir("/proc/self/fd") else []
    monkeypatch.setattr(contents.os, "stat", lambda _: status)
    for name, found in (("pipe", "a pipe"), ("link-to-zero", "a device"), ("folder", "a folder")):
        with pytest.raises(Unreadable, match=found):
            open_regular(name)
    with pytest.raises(Missing):
        open_regular("vanished")
    monkeypatch.undo()
    assert not before or os.listdir("/proc/self/fd") == before


def test_a_large_file_is_not_read(odd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = odd / "large"
    path.write_bytes(b"a" * 100)
    assert read_bytes(path, 100) == b"a" * 100
    os.truncate(path, 100 * 2**30)
    asked: list[int] = []
    monkeypatch.setattr(contents.os, "read", lambda handle, count: asked.append(count) or b"")
    with pytest.raises(TooLarge, match="a file of 107,374,182,400 bytes"):
        read_bytes(path, 100)
    assert not asked


def test_of_a_file_that_grows_for_ever_no_more_is_read_than_it_may_have(
    odd: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = odd / "grows"
    path.write_bytes(b"a")
    given: list[int] = []

    def read(handle: int, count: int) -> bytes:
        given.append(min(count, 10))
        return b"a" * given[-1]

    monkeypatch.setattr(contents.os, "read", read)
    with pytest.raises(TooLarge, match="a file of over 1,000 bytes"):
        read_bytes(path, 1000)
    assert sum(given) == 1001


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (BlockingIOError(11, "Resource temporarily unavailable"), "waits for more"),
        (OSError(116, "Stale file handle"), "it cannot be read (Stale file handle)"),
        (OSError(5, "Input/output error"), "it cannot be read (Input/output error)"),
    ],
)
def test_what_fails_while_it_is_read_is_one_line(
    odd: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    path = odd / "file.toml"
    path.write_bytes(b"title = 'a'\n")

    def read(handle: int, count: int) -> bytes:
        raise error

    monkeypatch.setattr(contents.os, "read", read)
    with pytest.raises(NnhsError) as caught:
        load(path)
    assert words in str(caught.value) and str(caught.value).isprintable()


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="there is no /proc")
def test_files_that_say_they_are_empty_are_read() -> None:
    assert b"Name:" in read_bytes("/proc/self/status", 2**20)
    with pytest.raises(Unreadable):
        read_bytes("/proc/self/mem", 2**20)


def test_a_self_test_that_cannot_be_gone_on_with_stays_as_it_is(odd: Path) -> None:
    path = odd / "a.selftest"
    path.write_bytes(b"no test\nof ours")
    with pytest.raises(Refusal, match="holds no self-test"):
        log.go_on(path)
    assert path.read_bytes() == b"no test\nof ours"
