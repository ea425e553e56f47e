"""The recording of the screen: what a player shows is what the terminal showed."""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from nnhs_tui.errors import ScenarioError
from nnhs_tui.ui.cast import LONGEST_PAUSE, PAGE, Cast, for_players
from tests.ui.examples import SMALL
from tests.ui.terminal import Screen

pyte = pytest.importorskip("pyte")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

from tests.ui.test_terminal import RESTORED, Running  # noqa: E402
from tests.waiting import SECONDS  # noqa: E402

PLAYER = (sys.executable, "-m", "asciinema")
PROGRAM = """
import resource, signal, sys
from nnhs_tui.cli import main
LIMIT
sys.exit(main(["run", "--fresh", sys.argv[1], "--cast", sys.argv[1] + ".cast", *REST]))
"""


def cast_lines(path: Path) -> list[Any]:
    """The lines of a cast, each of them whole."""
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def shown(parts: list[str | tuple[int, int]]) -> list[Any]:
    """The cells of a terminal after what is written to it, and the sizes it is given."""
    screen = Screen(80, 24)
    stream = pyte.Stream(screen)
    for part in parts:
        if isinstance(part, str):
            stream.feed(part)
        else:
            screen.resize(part[1], part[0])
    rows = range(screen.lines)
    return [[tuple(screen.buffer[y][x]) for x in range(screen.columns)] for y in rows]


@pytest.mark.parametrize(
    "asked",
    [
        *("\x1b[?2026$p", "\x1b[?2048$p", "\x1b[c", "\x1b[>c", "\x1b[6n", "\x1b[18t", "\x1b[>29u"),
        *(
            "\x1b[<u",
            "\x1b[?1000h",
            "\x1b[?1003l",
            "\x1b[?1006;1016h",
            "\x1b[?2004h",
            "\x1b[?1004h",
        ),
        *(
            "\x1b[?2026h",
            "\x1b[?25;1000h",
            "\x1b[>4;2m",
            "\x1b[2 q",
            "\x1bZ",
            "\x1bc",
            "\x05",
            "\x9b",
        ),
        *("\x1b]52;c;MC4zMg==\x07", "\x1b]0;title\x1b\\", "\x1bP+q544e\x1b\\", "\x1b[20h"),
    ],
)
def test_what_does_not_draw_is_not_replayed(asked: str) -> None:
    assert for_players(f"a{asked}b") == "ab"


@pytest.mark.parametrize(
    "drawing",
    [
        *("\x1b[H\x1b[2J", "\x1b[12;34H0.32", "\x1b[K", "\x1b[C", "\x1b[3B", "\x1b[40G", "\r\n"),
        *("\x1b[0;1;38;5;12m", "\x1b[38:2::1:2:3m", "\x1b[m", "σ ≈ ─│世", "\x1b(0qqq\x1b(B"),
        *("\x1b[?25l", "\x1b[?25h", "\x1b[?1049h", "\x1b[?1049l", "\x1b[?7l", "\x1b7\x1b8"),
    ],
)
def test_what_draws_is_replayed_as_it_is(drawing: str) -> None:
    assert for_players(drawing) == drawing


def test_a_new_line_begins_at_the_left_as_on_a_terminal() -> None:
    assert for_players("a\nb\r\nc") == "a\r\nb\r\nc"


def test_a_sequence_that_comes_in_two_parts_is_judged_whole(tmp_path: Path) -> None:
    cast = Cast(str(tmp_path / "a.cast"), "a", (80, 24))
    for part in ("a\x1b", "[?2026", "$pb\x1b]52;c;", "MC4z\x07c\x1b[1", ";2H"):
        assert cast.write(part) == ""
    cast.close()
    _, *events = cast_lines(tmp_path / "a.cast")
    assert "".join(data for _, _, data in events) == "abc\x1b[1;2H"


def test_the_header_says_what_a_player_needs(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TERM", "screen")
    Cast(str(tmp_path / "a.cast"), "a net\x1b", (80, 24)).close()
    (header,) = cast_lines(tmp_path / "a.cast")
    assert abs(header.pop("timestamp") - time.time()) < 60
    assert header == {
        **{"version": 2, "width": 80, "height": 24, "idle_time_limit": LONGEST_PAUSE},
        **{"title": "a net\\x1b", "env": {"TERM": "screen"}},
    }


def test_only_another_size_is_recorded(tmp_path: Path) -> None:
    cast = Cast(str(tmp_path / "a.cast"), "a", (80, 24))
    for size in ((80, 24), (100, 30), (100, 30), (80, 24)):
        assert cast.resize(*size) == ""
    cast.close()
    _, *events = cast_lines(tmp_path / "a.cast")
    assert [event[1:] for event in events] == [["r", "100x30"], ["r", "80x24"]]
    assert events[0][0] <= events[1][0]


@pytest.mark.parametrize("text", ["x" * 10_000, "\x1b[1m─" * 3000, "世" * 4000])
def test_no_line_reaches_from_one_page_of_memory_into_the_next(tmp_path: Path, text: str) -> None:
    """A process is killed between the pages of a write, so that half a line would be left."""
    cast = Cast(str(tmp_path / "a.cast"), "a", (80, 24))
    for size in (*range(1, 200, 7), len(text)):
        cast.write(text[:size])
    cast.close()
    begin = 0
    for line in (tmp_path / "a.cast").read_bytes().splitlines(keepends=True):
        assert begin // PAGE == (begin + len(line) - 1) // PAGE
        begin += len(line)
    _, *events = cast_lines(tmp_path / "a.cast")
    assert "".join(data for _, _, data in events).endswith(for_players(text))


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.cast").write_text("mine")
    with pytest.raises(ScenarioError, match="a file of this name already; expected a new name"):
        Cast(str(tmp_path / "a.cast"), "a", (80, 24))
    assert (tmp_path / "a.cast").read_text() == "mine"


def started(tmp_path: Path, limit: str = "", rest: tuple[str, ...] = ()) -> tuple[Running, Path]:
    """The program that records, its first step shown, and its cast."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    program = PROGRAM.replace("LIMIT", limit).replace("REST", repr(list(rest)))
    running = Running(path, program=program)
    running.read_until("quit")
    running.read_until("loss")
    return running, tmp_path / "small.toml.cast"


def rest_of(master: int, seconds: float = 0.2) -> str:
    """What there is to read, until nothing comes for so long."""
    found = b""
    while select.select([master], [], [], seconds)[0]:
        found += os.read(master, 65536)
    return found.decode(errors="replace")


def played(cast: Path) -> str:
    """What the player writes to its own terminal."""
    import pty

    master, slave = pty.openpty()
    player = subprocess.Popen(
        [*PLAYER, "play", "--idle-time-limit", "0.01", str(cast)],
        stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
    )  # fmt: skip
    os.close(slave)
    found = b""
    try:
        while part := os.read(master, 65536):
            found += part
    except OSError:
        pass  # The player has ended, and its terminal with it.
    os.close(master)
    assert player.wait(SECONDS) == 0
    return found.decode()


@pytest.mark.slow
def test_a_player_shows_what_the_terminal_showed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As where the shell exports the size it began with.
    for name, value in (("COLUMNS", "33"), ("LINES", "11")):
        monkeypatch.setenv(name, value)
    running, cast = started(tmp_path)
    try:
        os.write(running.master, b"nnns:goto 7\r")
        running.until_shown("w22·x2")
        before = len(running.output)
        size = (100, 30)
        fcntl.ioctl(running.slave, termios.TIOCSWINSZ, struct.pack("HHHH", *size[::-1], 0, 0))
        running.screen.resize(*size[::-1])
        running.process.send_signal(signal.SIGWINCH)
        running.until_shown("next phase")
        os.write(running.master, b"n")
        running.until_shown("w32·x3")
        os.write(running.master, b"y")
        running.read_until("\x1b]52")
        os.write(running.master, b"q")
        assert running.process.wait(SECONDS) == 0
        running.output += rest_of(running.master)
    finally:
        running.close()
    header, *events = cast_lines(cast)
    assert (header["width"], header["height"]) == (80, 24)
    assert [event[0] for event in events] == sorted(event[0] for event in events)
    assert {event[1] for event in events} == {"o", "r"}, "no keys are recorded"
    everything = "".join(data for _, kind, data in events if kind == "o")
    assert everything.startswith("\x1b[?1049h") and RESTORED[0] in everything
    assert RESTORED[1] in everything and "\x1b]52" in running.output

    # pyte does not know what ends the reports of keys, and shows its last sign.
    on_terminal = [running.output[:before], size, running.output[before:].replace("\x1b[<u", "")]
    in_cast = [data if kind == "o" else size for _, kind, data in events]
    assert in_cast.count(size) == 1
    assert shown(in_cast) == shown(on_terminal)

    # Nobody has switched off that a terminal makes \r\n of \n.
    assert played(cast).replace("\r\r\n", "\r\n") == everything


@pytest.mark.slow
def test_a_killed_program_leaves_whole_lines(tmp_path: Path) -> None:
    replay = tmp_path / "replay.txt"
    replay.write_text("next\nlast\nfirst\n" * 100, encoding="utf-8")
    running, cast = started(tmp_path, rest=("--replay", str(replay), "--speed", "50"))
    try:
        deadline = time.monotonic() + SECONDS
        while cast.stat().st_size < 20_000:
            assert time.monotonic() < deadline
            running.output += rest_of(running.master, 0.01)
        running.process.kill()
        running.process.wait(SECONDS)
    finally:
        running.close()
    assert len(cast_lines(cast)) > 10


@pytest.mark.slow
def test_where_the_disk_is_full_the_session_goes_on(tmp_path: Path) -> None:
    """Files of more than so many bytes cannot be written, which cuts a line in two."""
    limit = "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))"
    running, cast = started(tmp_path, limit)
    try:
        running.until_shown("the cast ends here")
        os.write(running.master, b":goto 7\r")
        running.until_shown("w22·x2")
        os.write(running.master, b"q")
        assert running.process.wait(SECONDS) == 0
        running.output += rest_of(running.master)
    finally:
        running.close()
    assert running.output.count("the cast ends here") == 1
    assert cast_lines(cast) and cast.stat().st_size <= 3000


def test_what_cannot_be_recorded_is_said_and_leaves_no_file(tmp_path: Path) -> None:
    """Through the command line: without a terminal, and beside a recording that is there."""
    path = tmp_path / "a.cast"
    done = subprocess.run(
        [sys.executable, "-m", "nnhs_tui", "run", "two-layer-sigmoid", "--cast", str(path)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1 and "no terminal" in done.stderr
    assert not path.exists()
