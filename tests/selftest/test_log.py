"""The file of a self-test: nothing is lost, whatever ends the program."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from nnhs_tui.debugger.session import Session
from nnhs_tui.errors import Refusal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest import log as logs
from nnhs_tui.selftest.log import Log, begin, go_on, unfinished, went_wrong_last_time
from nnhs_tui.selftest.opening import begin_test, open_test, resume, setting_of_session
from nnhs_tui.selftest.setting import Setting


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path


def session() -> Session:
    return Session(load(shipped_folder() / "two-layer-sigmoid.toml"))


def setting() -> Setting:
    return setting_of_session(session())


def done(*lines: str) -> Path:
    """A test in which these lines were done, then left."""
    opened = begin_test(setting())
    assert opened.log is not None and opened.message == ""
    for line in lines:
        assert opened.log.add(line) == ""
        opened.test.apply(line)
    opened.log.close()
    return opened.log.path


def test_a_test_that_was_left_goes_on_as_it_was() -> None:
    done("type -0.75", "mark", "type 0.32", "mark", "hint", "type 0.6")
    opened = open_test(session(), "")
    assert opened.test.right == 2
    assert (opened.test.text, opened.test.hints) == ("0.6", 1)
    assert "going on" in opened.message
    assert opened.log is not None
    opened.log.close()
    again = resume()
    assert again.test.text == "0.6"
    for name in (again.test.setting.name, again.test.setting.path):
        assert again.log is not None
        again.log.close()
        again = resume(name)
        assert again.test.text == "0.6"
    with pytest.raises(Refusal, match="no self-test of another"):
        resume("another")


def test_a_finished_test_is_not_gone_on_with_but_remembered() -> None:
    path = done("type 2.4", "mark", "type -0.75", "mark", "finish")
    assert list(unfinished()) == []
    with pytest.raises(Refusal, match="no self-test"):
        resume()
    assert went_wrong_last_time(setting().path) == ("hidden.z[1]",)
    opened = open_test(session(), "again")
    assert [ask.title for ask in opened.test.asks] == ["hidden.z[1]"]
    assert opened.log is not None and opened.log.path != path


def test_looking_at_a_finished_test_does_not_begin_it_again() -> None:
    done("type -0.75", "mark", "finish", "go 2", "hint")
    assert list(unfinished()) == []
    done("type -0.75", "mark", "finish", "go 2", "type 3")
    assert len(list(unfinished())) == 1


def test_a_line_that_was_cut_off_is_left_out_and_nothing_is_joined_to_it() -> None:
    path = done("type -0.75", "mark", "type 0.32")
    with path.open("ab") as file:
        file.write(b"type 9.")
    test, log = go_on(path)
    assert test.text == "0.32"
    log.add("mark")
    log.close()
    assert go_on(path)[0].right == 2


def test_two_programs_are_never_on_one_file() -> None:
    path = done("type -0.75", "mark")
    _, log = go_on(path)
    script = (
        "import sys\nfrom pathlib import Path\nfrom nnhs_tui.selftest.log import go_on\n"
        "from nnhs_tui.errors import Refusal\n"
        "try:\n    go_on(Path(sys.argv[1]))\nexcept Refusal as refusal:\n    print(refusal)\n"
    )
    command = [sys.executable, "-c", script, str(path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "open in another program" in told
    # The debugger begins a new one meanwhile.
    assert open_test(session(), "").log.path != path  # type: ignore[union-attr]
    log.close()
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == ""


def test_a_full_disk_is_said_and_made_up_for(tmp_path: Path) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    log = Log(os.open("/dev/full", os.O_WRONLY), tmp_path / "x", is_used=True)
    assert "space" in log.add("type -0.75").casefold()
    assert "space" in log.add("mark").casefold()
    os.close(log._handle)  # type: ignore[arg-type]
    file = tmp_path / "room"
    log._handle = os.open(file, os.O_WRONLY | os.O_CREAT)
    assert log.add("hint") == ""
    assert file.read_text() == "type -0.75\nmark\nhint\n"


def test_where_no_file_can_be_made_the_test_goes_on_and_says_so(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (state / "blocked").write_text("a file, no folder")
    monkeypatch.setenv("XDG_STATE_HOME", str(state / "blocked"))
    opened = begin_test(setting())
    assert opened.log is None and "nothing is kept" in opened.message
    assert went_wrong_last_time("x") == ()


def test_other_files_are_left_alone_and_old_ones_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = logs.folder()
    place.mkdir(parents=True)
    for name, data in (("a", b""), ("b", b"\xff\n"), ("c", b"[]\n"), ("d", b'{"format": 1}\nx\n')):
        (place / f"{name}.selftest").write_bytes(data)
    assert list(unfinished()) == []
    with pytest.raises(Refusal, match="no self-test"):
        go_on(place / "b.selftest")
    paths = [done("type -0.75", "mark", "finish") for _ in range(4)]
    monkeypatch.setattr(logs, "KEPT", 2)
    for stamp, path in enumerate(paths):
        os.utime(path, (stamp, stamp))
    kept = done("type -0.75", "mark")
    begin(setting()).close()
    assert kept.exists() and not paths[0].exists()
    # A file that was broken off before anything was asked goes; what is not ours stays.
    assert [(place / f"{name}.selftest").exists() for name in "abcd"] == [False, True, True, True]


def test_a_test_in_which_nothing_was_done_leaves_no_file() -> None:
    opened = begin_test(setting())
    assert opened.log is not None
    opened.log.close()
    assert not opened.log.path.exists()


CHILD = """
import os, sys, random, signal
from nnhs_tui.scenario.library import shipped_folder
from nnhs_tui.scenario.loading import load
from nnhs_tui.selftest.opening import begin_test, setting_of_session
from nnhs_tui.debugger.session import Session

setting = setting_of_session(Session(load(shipped_folder() / "two-layer-sigmoid.toml")))
begin_test(setting).log.close()  # everything is imported and warm
for seed in range(int(sys.argv[1])):
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        random.seed(seed)
        opened = begin_test(setting)
        test, number = opened.test, 0
        while True:
            for line in (f"type {number}", f"type {number}.5", "mark", f"go {number % 30 + 1}"):
                opened.log.add(line, settle=line == "mark")
                test.apply(line)
                # Only now is it on the screen.
                os.write(write, f"{opened.log.path}\\t{line}\\n".encode())
            number += 1
    os.close(write)
    os.read(read, 1)
    random.seed(1000 + seed)
    import time
    deadline = time.monotonic() + random.uniform(0.001, 0.06)
    while time.monotonic() < deadline:
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seen = b"?"
    while part := os.read(read, 65536):
        seen += part
    os.close(read)
    print(seen.decode().removeprefix("?"), end="\\0")
"""


@pytest.mark.slow
def test_killed_at_any_moment_nothing_that_was_seen_is_lost() -> None:
    times = 100
    ran = subprocess.run(
        [sys.executable, "-c", CHILD, str(times)], capture_output=True, text=True, check=True
    )
    sessions = ran.stdout.split("\0")[:-1]
    assert len(sessions) == times
    marked = 0
    for seen in sessions:
        # The first byte was taken to see that it had begun.
        rows = [row.split("\t") for row in f"/{seen.lstrip('/')}".splitlines()]
        path = Path(rows[0][0])
        lines = [row[1] for row in rows]
        kept = path.read_text(encoding="utf-8").split("\n")[1:]
        assert kept[: len(lines)] == lines
        # At most what was just on its way was not seen yet.
        assert len(kept) - 1 - len(lines) <= 1
        test, log = go_on(path)
        log.close()
        marked += lines.count("mark")
        seen_typed = [line for line in lines if line.startswith("type ")]
        assert len([t for t in test.typed.values() if t]) <= len(seen_typed) + 1
    assert marked > times // 4


def test_a_file_cut_anywhere_is_read_up_to_its_last_whole_line() -> None:
    path = done("type -0.75", "mark")
    data = path.read_bytes()
    random, head = Random(1), data.index(b"\n") + 1
    for size in [head, len(data), *(random.randint(head, len(data)) for _ in range(20))]:
        path.write_bytes(data[:size])
        test, log = go_on(path)
        log.close()
        assert test.right == (size == len(data))
        assert test.text == ("-0.75" if b"type -0.75\n" in data[:size] and size < len(data) else "")
