"""Any terminal, any line: on a real pseudo-terminal, with a real shell where one is needed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from tests.ui.examples import SMALL
from tests.ui.test_terminal import RESTORED, Running
from tests.waiting import SECONDS

pty = pytest.importorskip("pty")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")
pytestmark = pytest.mark.slow

RUN = """
import sys
from nnhs_tui.cli import main
sys.exit(main(["run", "--fresh", *ARGUMENTS, sys.argv[1]]))
"""
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the program with some arguments, in an environment."""
    begun: list[Running] = []

    def begin(*arguments: str, shown: str = "quit", **environment: str) -> Running:
        path = tmp_path / "small.toml"
        path.write_text(SMALL, encoding="utf-8")
        program = RUN.replace("ARGUMENTS", repr(list(arguments)))
        begun.append(Running(path, program=program, **environment))
        begun[-1].read_until(shown)
        begun[-1].read_until("loss")
        return begun[-1]

    yield begin
    for each in begun:
        each.close()


def colour_codes(output: str) -> set[str]:
    """The numbers in SGR sequences that set a colour."""
    numbers = {each for found in COLOURS.findall(output) for each in found[2:-1].split(";")}
    plain = {"", "0", "1", "2", "3", "4", "5", "7", "9", "22", "23", "24", "25", "27", "29"}
    return numbers - plain


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "vt100"}], ids=str)
def test_no_colour_code_is_written(
    start: Callable[..., Running], environment: dict[str, str]
) -> None:
    """Backward steps, whose numbers are blue elsewhere, and a theme, which would have a paper."""
    program = start("--theme", "light", **environment)
    os.write(program.master, b"]nn\x10")
    program.until_shown("by its name")
    os.write(program.master, b"\x1b")
    # In the palette Esc waits whether more follows: it may be the beginning of a key's sequence.
    program.read_while_not(lambda: "by its name" not in program.shown, "the palette closed")
    os.write(program.master, b"q")
    assert program.process.wait(SECONDS) == 0
    program.read_until(RESTORED[1])
    assert colour_codes(program.output) == set()


def test_colours_are_written_where_there_are_some(start: Callable[..., Running]) -> None:
    """The test above would pass if nothing were ever coloured."""
    program = start("--theme", "light")
    assert "231" in colour_codes(program.output)


def test_a_vt100_gets_no_jumps_to_a_column(start: Callable[..., Running]) -> None:
    """It does not know them (DEC STD 070); a newer terminal needs fewer bytes with them."""
    jump = re.compile(r"\x1b\[\d+G")
    for term, expected in (("vt100", False), ("xterm-256color", True)):
        program = start(TERM=term)
        os.write(program.master, b"nnn]nn")
        program.until_shown("step 19")
        assert bool(jump.search(program.output)) == expected, term


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        ([], {"LC_ALL": "C"}),
        ([], {"LC_ALL": "de_DE.ISO-8859-1"}),
        (["--ascii"], {}),
        (["--ascii", "--present", "--panes", "net"], {}),
    ],
    ids=str,
)
def test_without_utf_8_all_is_ascii(
    start: Callable[..., Running], arguments: list[str], environment: dict[str, str]
) -> None:
    """On every kind of page; and no escape is shown for what the encoding lacks."""
    program = start(*arguments, **environment)
    for keys, shown in (
        (b"]nn", "step 19"),
        (b"?", "keys and signs"),
        (b"q", "q quit"),
        (b"i", "Esc close"),
        (b"q", "q quit"),
        (b"\x10", "by its name"),
        (b"\x1b", ""),
        (b"o", "choose a scenario"),
    ):
        os.write(program.master, keys)
        program.until_shown(shown)
        if not shown:
            program.read_while_not(lambda: "by its name" not in program.shown, "the palette closed")
    assert program.output.isascii(), sorted(set(program.output) - set(map(chr, range(128))))
    assert "\\u" not in program.output
    assert "dL/d" in program.output


def test_standard_error_may_be_sent_elsewhere(tmp_path: Path) -> None:
    """Textual draws on it, so that the program would be invisible."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    redirected = (
        "import os, sys\nos.dup2(os.open(sys.argv[1] + '.log', os.O_CREAT | os.O_WRONLY), 2)"
    )
    program = Running(path, program=redirected + RUN.replace("ARGUMENTS", "[]"))
    try:
        program.read_until("quit")
        os.write(program.master, b"q")
        program.read_until(RESTORED[1])
        assert program.process.wait(SECONDS) == 0
        assert (tmp_path / "small.toml.log").read_text() == ""
    finally:
        program.close()


def test_a_storm_of_resizes_is_survived(start: Callable[..., Running]) -> None:
    """The last size counts, and the screen is whole."""
    program = start()
    sizes = [(rows, columns) for rows in (1, 24, 50) for columns in (1, 39, 80, 200)]
    for rows, columns in [*sizes * 5, (30, 100)]:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(program.master, termios.TIOCSWINSZ, size)
        program.process.send_signal(signal.SIGWINCH)
    os.write(program.master, b"nnn")

    def display() -> list[str]:
        """The last whole repaint, and what came after it."""
        screen = pyte.Screen(100, 30)
        pyte.Stream(screen).feed(program.output[program.output.rindex("\x1b[2J") :])
        return list(screen.display)

    program.read_while_not(
        lambda: "step 4/" in display()[0] and "quit" in display()[29], "the whole screen"
    )


@pytest.mark.parametrize("ignored", [False, True], ids=["SIGHUP", "SIGHUP ignored"])
def test_a_vanished_terminal_ends_it_without_spinning(tmp_path: Path, ignored: bool) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    before = "import signal; signal.signal(signal.SIGHUP, signal.SIG_IGN)\n" * ignored
    program = Running(path, program=before + RUN.replace("ARGUMENTS", "[]"))
    program.read_until("loss")
    used = sum(os.times()[2:4])
    os.close(program.slave)
    os.close(program.master)
    assert program.process.wait(SECONDS) != 0
    assert sum(os.times()[2:4]) - used < 5, "it was busy until it ended"
    program.process.kill()


class Shell(Running):
    """A shell with job control on a terminal of its own."""

    def __init__(self) -> None:
        self.reset()
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.slave = slave
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile", "-i"],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
            env={**os.environ, "TERM": "xterm-256color", "PS1": "ready> "},
        )  # fmt: skip

    def type(self, text: str) -> None:
        """Type a text; what was written before it is forgotten."""
        self.output = ""
        os.write(self.master, text.encode())


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
@pytest.mark.parametrize("stop", ["the key", "SIGTSTP", "SIGSTOP"])
def test_suspended_and_resumed(tmp_path: Path, stop: str) -> None:
    """The shell gets its terminal as it was, and after fg the whole screen is there again."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    shell = Shell()
    try:
        shell.read_until("ready> ")
        before = termios.tcgetattr(shell.slave)
        shell.type(f"{sys.executable} -m nnhs_tui run --fresh {path}\n")
        shell.read_until("loss")
        shell.type("nnn")
        shell.until_shown("step 4")
        if stop == "the key":
            shell.type("\x1a")
        else:
            os.kill(int(child_of(shell)), getattr(signal, stop))
        shell.read_until("Stopped")
        if stop != "SIGSTOP":
            shell.type("\n")
            shell.read_until("ready> ")
            assert RESTORED[0] in shell.output or termios.tcgetattr(shell.slave)[3] == before[3]
        shell.type("fg\n")
        for text in ("[?1049h", "step 4/", "quit"):
            shell.read_until(text)
        shell.type("n")
        shell.until_shown("step 5/")
        shell.type("q")
        shell.read_until(RESTORED[1])
        shell.type("\n")
        shell.read_until("ready> ")
        assert termios.tcgetattr(shell.slave)[:4] == before[:4]
    finally:
        shell.close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
@pytest.mark.parametrize("stop", [b"\x1a", signal.SIGSTOP], ids=["the key", "SIGSTOP"])
def test_ended_while_it_is_suspended(tmp_path: Path, stop: bytes | signal.Signals) -> None:
    """It goes on behind the shell only to end: what it leaves is left, and the shell untouched."""
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    record = tmp_path / "record.txt"
    shell = Shell()
    try:
        shell.read_until("ready> ")
        shell.type(f"{sys.executable} -m nnhs_tui run {path} --record {record}\n")
        shell.read_until("loss")
        shell.type("nnn")
        shell.until_shown("step 4")
        pid = int(child_of(shell))
        if isinstance(stop, bytes):
            os.write(shell.master, stop)
        else:
            os.kill(pid, stop)
        shell.read_until("Stopped")
        shell.type("bg\n")
        shell.read_while_not(lambda: tells(shell, "Stopped"), "it waits for the terminal")
        shell.type("kill %1\n")
        ended = f"Exit {128 + signal.SIGTERM}"
        shell.read_while_not(lambda: tells(shell, ended), ended)
        assert not any(each in shell.output for each in ("[?1049", "loss")), "it was drawn on"
        assert record.read_text().count("\nnext") == 3
    finally:
        shell.close()


def child_of(shell: Shell) -> bytes:
    """The process that a shell has begun."""
    found = subprocess.run(["pgrep", "-P", str(shell.process.pid)], capture_output=True)
    return found.stdout.split()[0]


def tells(shell: Shell, text: str) -> bool:
    """Whether a shell says so of what it has begun; it does before it is ready again."""
    time.sleep(0.1)
    os.write(shell.master, b"\n")
    return text in shell.output


def test_where_there_is_no_shell_it_is_not_stopped(start: Callable[..., Running]) -> None:
    """Nobody could make it go on."""
    program = start()
    os.write(program.master, b"\x1a")
    program.until_shown("no shell")
    program.process.send_signal(signal.SIGTSTP)
    os.write(program.master, b"n")
    program.until_shown("p21 =")
    os.write(program.master, b"q")
    assert program.process.wait(SECONDS) == 0
