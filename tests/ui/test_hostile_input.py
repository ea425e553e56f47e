"""The real program on a pseudo-terminal, fed what no person types: it goes on, and stays small."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from nnhs_tui.ui.widgets.command_line import LONGEST
from tests.ui.on_terminal import OnTerminal
from tests.waiting import SECONDS, eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="needs /proc"),
]

MEGABYTES = 64
"""What a login may take, whatever is typed."""
SCREENS = {
    "debugger": (["run", "--fresh", "two-layer-sigmoid"], "", "hidden.p[1,1]"),
    "picker": ([], "", "choose a scenario"),
    "self-test": (["run", "--fresh", "two-layer-sigmoid"], "t", "question 1 of"),
    "presenting": (["run", "--fresh", "--present", "two-layer-sigmoid"], "", "hidden.p[1,1]"),
    "kiosk": (["run", "--kiosk", "two-layer-sigmoid", "chain-rule"], "", "hidden.p[1,1]"),
    "command line": (["run", "--fresh", "two-layer-sigmoid"], ":", "a command"),
    "palette": (["run", "--fresh", "two-layer-sigmoid"], "\x10", "by its name"),
    "help": (["run", "--fresh", "two-layer-sigmoid"], "?", "keys and signs"),
}
Start = Callable[..., OnTerminal]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Begins the program at one of its screens; what it logs is in the file `log`."""
    running: list[OnTerminal] = []

    def begin(screen: str) -> OnTerminal:
        arguments, opens, shown = SCREENS[screen]
        program = OnTerminal(
            [sys.executable, "-m", "nnhs_tui", *arguments],
            env={
                **os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
                "XDG_STATE_HOME": str(tmp_path), "NNHS_TUI_LOG": str(tmp_path / "log"),
            },
        )  # fmt: skip
        running.append(program)
        program.shows("choose a scenario" if screen == "picker" else "hidden.p[1,1]")
        if opens:
            program.type(opens)
            program.shows(shown)
        return program

    yield begin
    for program in running:
        program.close()


def send(program: OnTerminal, *portions: bytes) -> None:
    """Type bytes; before each further portion the program has read the one before."""
    for portion in portions:
        wanted = heard(program) + len(portion)
        while portion:
            portion = portion[os.write(program.master, portion[:4096]) :]
        eventually(lambda wanted=wanted: heard(program) >= wanted)


def heard(program: OnTerminal) -> int:
    """Bytes read from the terminal: only the first thread reads anything else."""
    pid = program.process.pid
    others = (each for each in Path(f"/proc/{pid}/task").iterdir() if each.name != str(pid))
    return sum(int((each / "io").read_text().split()[1]) for each in others)


def is_awake(program: OnTerminal) -> None:
    """Wait until the program draws its whole screen because it is told to."""
    drawn = program.output.count(b"\x1b[2J")
    program.resize(100, 30) if drawn % 2 else program.resize(90, 28)
    os.kill(program.process.pid, signal.SIGWINCH)
    program.wait_for(lambda: program.output.count(b"\x1b[2J") > drawn)
    assert program.process.poll() is None
    assert b"Traceback" not in program.output


def peak(program: OnTerminal) -> float:
    """The most memory that it ever had, in megabytes."""
    status = Path(f"/proc/{program.process.pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


@pytest.mark.parametrize("screen", SCREENS)
def test_no_bytes_end_it(start: Start, screen: str) -> None:
    """Characters and reports in halves, control strings, reports with zeros: on every screen."""
    program = start(screen)
    portions: Sequence[bytes] = [
        b"\xc3", b"\xa9", b"\xe4", b"x", b"\xe2\x82", b"\x1c", b"\xe2", b"\x80\xa6", b"\xff\xfe",
        b"\x1b[48;24;80;0;0t", b"\x1b[<35;5;5M", b"\x1b[?2048;1$y\x1b[<0;0;0M",
        b"\x1b]52;c;qqa", b"qq\x07", b"\x1bP$q", b"q q\x1b\\", b"\x1b[?64;1", b";2c",
        b"\x1b[55296u", b"\x1b[1114112u", b"\x1b[M", b"qqq", b"\x1b_q\x1b\\", b"\xc2\x9dq\x07",
    ]  # fmt: skip
    send(program, *portions)
    is_awake(program)


def test_half_a_character_becomes_whole(start: Start) -> None:
    program = start("command line")
    send(program, b"caf", b"\xc3", b"\xa9")
    program.shows(":café")


def test_what_was_not_understood_is_in_the_log(start: Start, tmp_path: Path) -> None:
    program = start("debugger")
    send(program, b"\x1b[1114112u", b"n")
    program.shows("p21 =")
    assert "was not understood" in (tmp_path / "log").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("screen", "typed"),
    [
        ("kiosk", b":" + b"x" * 100_000),
        ("kiosk", b":goto " + b"1" * 2_000),
        ("kiosk", b"x" * 300_000),
        ("kiosk", b":\x1b[200~" + b"x" * 1_000_000 + b"\x1b[201~"),
        ("kiosk", b":no\r" * 500),
        ("palette", b"a" * 3_000),
        ("self-test", b"1" * 3_000),
    ],
    ids=["a line", "an argument", "keys", "a paste", "refusals", "palette", "self-test"],
)
def test_a_flood_of_keys_costs_no_memory(start: Start, screen: str, typed: bytes) -> None:
    program = start(screen)
    send(program, typed)
    is_awake(program)
    assert peak(program) < MEGABYTES


def test_a_cut_line_ends_it_though_keys_wait(start: Start) -> None:
    """What waits is dropped: of a flood that takes long no more is carried out than had been read.

    CPU counts, not time: the machine may be busy.
    """
    program = start("kiosk")
    os.set_blocking(program.master, False)
    flood = b":" + b"x" * 100_000
    while flood:
        try:
            flood = flood[os.write(program.master, flood[:4096]) :]
        except BlockingIOError:
            break
    used = cpu(program)
    program.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + SECONDS
    while program.process.poll() is None:
        assert time.monotonic() < deadline
        last = cpu(program) or used
        used_since = last - used
        time.sleep(0.01)
    assert used_since < 1.0
    assert program.process.returncode == 128 + signal.SIGHUP


def cpu(program: OnTerminal) -> float:
    """Seconds that the program has computed; 0 where it has ended."""
    try:
        fields = Path(f"/proc/{program.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_a_line_takes_so_much_and_no_more(start: Start) -> None:
    program = start("command line")
    send(program, b"x" * (LONGEST + 500), b"\r")
    program.shows("there is no command 'xxx")
    send(program, b":", b"\x1b[200~" + b"y" * 5_000 + b"\x1b[201~", b"\r")
    program.shows("there is no command 'yyy")


BROKEN = """
import sys
from nnhs_tui.cli import main
from nnhs_tui.ui.terminal.posix_driver import TerminalDriver
def broken(*details):
    raise RuntimeError("a mistake")
TerminalDriver._hand_on = broken
sys.exit(main(sys.argv[1:]))
"""


def test_a_mistake_where_keys_are_read_is_no_success(tmp_path: Path) -> None:
    program = OnTerminal(
        [sys.executable, "-c", BROKEN, "run", "--fresh", "chain-rule"],
        env={**os.environ, "TERM": "xterm-256color", "XDG_STATE_HOME": str(tmp_path)},
    )
    try:
        program.shows("quit")
        program.type("n")
        assert program.process.wait(SECONDS) == 1
    finally:
        program.close()
