"""The program on a real pseudo-terminal: how it begins, and that it always ends."""

from __future__ import annotations

import codecs
import os
import re
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyte
import pytest

from nnhs_tui.store import progress
from tests.ui.examples import SMALL
from tests.ui.terminal import Screen
from tests.waiting import SECONDS

pty = pytest.importorskip("pty")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")

PROGRAM = """
import sys
from nnhs_tui.scenario.loading import load
from nnhs_tui.ui.app import run
from nnhs_tui.ui.program import Files

def opening():
    from nnhs_tui.debugger.session import Session
    return Session(load(sys.argv[1]))

sys.exit(run(opening, FILES))
"""
COMMAND_LINE = """
import sys
from nnhs_tui.cli import main
sys.exit(main(["run", "--fresh", sys.argv[1]]))
"""
RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1003l")


class Running:
    """The program, and the terminal it is on."""

    def __init__(
        self, path: Path, files: str = "None", program: str = PROGRAM, **environment: str
    ) -> None:
        # Nobody is new here: there is no first card.
        progress.reach(str(path), is_opened=True)
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.process = subprocess.Popen(
            [sys.executable, "-c", program.replace("FILES", files), str(path)],
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )  # fmt: skip
        self.reset()

    def reset(self) -> None:
        """Nothing was written yet."""
        self.output = ""
        self.screen = Screen(80, 24)
        self._stream = pyte.Stream(self.screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode

    def read_until(self, text: str) -> None:
        """Read until a text was written in one piece; after the first frame differences are."""
        self.read_while_not(lambda: text in self.output, text)

    def until_shown(self, text: str) -> None:
        """Read what is written until a text stands on the screen; fails after some seconds."""
        self.read_while_not(lambda: text in self.shown, text)

    @property
    def shown(self) -> str:
        """The screen as text."""
        return "\n".join(self.screen.display)

    def read_while_not(self, condition: Callable[[], bool], text: str) -> None:
        """Read what is written until a condition holds; fails after some seconds."""
        deadline = time.monotonic() + SECONDS
        while not condition():
            told = f"{text!r} never came: {self.output[-500:]!r}\n{self.shown}"
            assert time.monotonic() < deadline, told
            if select.select([self.master], [], [], 0.1)[0]:
                new = self._decode(os.read(self.master, 65536))
                self.output += new
                # pyte takes private parameters such as those of the keyboard for colours.
                self._stream.feed(re.sub(r"\x1b\[[<>=][0-9;]*[a-zA-Z]", "", new))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        for each in (self.master, self.slave):
            try:
                os.close(each)
            except OSError:
                continue  # A test closed it.


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Running]:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    running = Running(path)
    running.read_until("quit")
    running.read_until("loss")
    yield running
    running.close()


@pytest.mark.slow
def test_q_leaves_the_terminal_as_it_was(program: Running) -> None:
    os.write(program.master, b"nnq")
    program.read_until(RESTORED[0])
    assert program.process.wait(SECONDS) == 0
    assert termios.tcgetattr(program.slave) == program.before


@pytest.mark.slow
def test_keys_that_come_in_one_piece_are_taken_in_order(program: Running) -> None:
    """As from a paste or a slow line: the letters behind a colon are a command, not keys."""
    os.write(program.master, b"nn:goto 7\r")
    program.until_shown("w22·x2")
    os.write(program.master, b"q")
    program.read_until(RESTORED[0])
    assert program.process.wait(SECONDS) == 0


@pytest.mark.slow
def test_keys_behind_a_typed_command_are_keys_again(program: Running) -> None:
    os.write(program.master, b":goto 7\rnn:goto 3\rp")
    program.until_shown("step 2/")
    os.write(program.master, b"q")
    assert program.process.wait(SECONDS) == 0


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_leaves_the_terminal_as_it_was(program: Running, number: int) -> None:
    program.process.send_signal(number)
    program.read_until(RESTORED[0])
    assert program.process.wait(SECONDS) == 128 + number
    program.read_until(RESTORED[1])
    assert all(each in program.output for each in RESTORED)
    assert termios.tcgetattr(program.slave) == program.before


@pytest.mark.slow
def test_it_ends_with_its_terminal(program: Running) -> None:
    os.close(program.slave)
    os.close(program.master)
    assert program.process.wait(SECONDS) != 0


@pytest.mark.slow
def test_it_ends_with_its_input(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace("FILES", "None"), str(path)],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False,
        env={**os.environ, "TERM": "xterm-256color"},
    )  # fmt: skip
    assert done.returncode == 128 + signal.SIGHUP


@pytest.mark.slow
def test_what_cannot_be_opened_leaves_the_screen_first(tmp_path: Path) -> None:
    path = tmp_path / "broken.toml"
    path.write_text("title = 3", encoding="utf-8")
    running = Running(path)
    running.read_until("title")
    assert running.process.wait(SECONDS) == 1
    assert running.output.index(RESTORED[0]) < running.output.index("ScenarioError")
    running.close()


@pytest.mark.slow
def test_keys_of_one_s_own_work_on_every_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the command line, as somebody with a keys.toml has it."""
    file = tmp_path / "nnhs-tui" / "keys.toml"
    file.parent.mkdir()
    file.write_text('[keys]\nquit = "X"\nnext = "Enter"\naccept = []\nhelp = "!"\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    path = tmp_path / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    program = Running(path, program=COMMAND_LINE)
    try:
        program.until_shown("X quit")
        program.until_shown("step 1/")
        assert "Enter next" in program.shown and "! help" in program.shown
        os.write(program.master, b"nq\r")
        program.until_shown("p21 =")
        os.write(program.master, b"!")
        program.until_shown("keys and signs")
        os.write(program.master, b"X")
        assert program.process.wait(SECONDS) == 0
    finally:
        program.close()
