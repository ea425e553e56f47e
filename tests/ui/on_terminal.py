"""A process on a pseudo-terminal, and the screen that a person sees there."""

from __future__ import annotations

import os
import struct
import subprocess
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.ui.terminal import Screen
from tests.waiting import SECONDS

pyte = pytest.importorskip("pyte")
pty = pytest.importorskip("pty")
fcntl = pytest.importorskip("fcntl")
termios = pytest.importorskip("termios")


class OnTerminal:
    """A process on a terminal of its own. A thread reads what it writes."""

    def __init__(
        self, command: Sequence[str], size: tuple[int, int] = (80, 24), **keywords: Any
    ) -> None:
        """Begin it.

        Args:
            command: the program and its arguments.
            size: columns and rows.
            keywords: for `Popen`.
        """
        self.master, self.slave = pty.openpty()
        self.resize(*size)
        self.process = subprocess.Popen(
            command, stdin=self.slave, stdout=self.slave, stderr=self.slave,
            **{"start_new_session": True, **keywords},
        )  # fmt: skip
        self.output = b""
        self.screen = Screen(*size)
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        stream = pyte.ByteStream(self.screen)
        found = b"-"
        while found:
            try:
                found = os.read(self.master, 65536)
            except OSError:
                found = b""
            with self.news:
                self.output += found
                stream.feed(found)
                self.news.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until a condition holds, which may once more be written; fails after seconds."""
        with self.news:
            assert self.news.wait_for(condition, SECONDS), "\n".join(self.screen.display)

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    def shows(self, text: str) -> None:
        """Wait until the screen shows a text."""
        self.wait_for(lambda: text in self.text)

    def type(self, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(self.master, data[:1024]) :]

    def resize(self, width: int, height: int) -> None:
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.slave)
        self.reader.join(SECONDS)
        os.close(self.master)
