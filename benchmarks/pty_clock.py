"""The time from starting a program on a terminal to its first whole picture."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence

import pyte

COLUMNS, ROWS = 80, 24
QUIET = 0.15
"""Seconds without output after which a picture counts as finished."""
DEADLINE = 20.0

Seen = Callable[[Sequence[str]], bool]
"""Whether the rows of a screen show what is waited for."""


def seconds_until(
    command: Sequence[str], environment: Mapping[str, str], marks: Sequence[Seen]
) -> list[float]:
    """Start a program on a terminal of 80×24; when its picture reached each of some marks.

    At the last mark the picture is whole: that clock stops with the last output that changed it,
    before nothing more came. What comes is only looked at while nothing comes, so that this takes
    no time from the program.

    Raises:
        RuntimeError: the picture did not come; with what was there instead.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    begin = time.perf_counter()
    child = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
        preexec_fn=_own_terminal,
    )
    os.close(theirs)
    try:
        return _watch(ours, begin, marks)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        os.close(ours)
        child.wait()


def _own_terminal() -> None:
    """In the child: the pseudo-terminal is what ^C and the like come from."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def _watch(terminal: int, begin: float, marks: Sequence[Seen]) -> list[float]:
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    arrived: list[tuple[float, bytes]] = []
    picture, reached, changed = list(screen.display), dict[int, float](), 0.0
    while time.perf_counter() < begin + DEADLINE:
        if select.select([terminal], [], [], QUIET)[0]:
            try:
                data = os.read(terminal, 65536)
            except OSError:  # The program has ended.
                data = b""
            if not data:
                break
            arrived.append((time.perf_counter() - begin, data))
            continue
        for moment, data in arrived:
            stream.feed(data)
            if picture != (picture := list(screen.display)):
                changed = moment
                for place, seen in enumerate(marks):
                    if place not in reached and seen(picture):
                        reached[place] = moment
        arrived.clear()
        if len(reached) == len(marks) and marks[-1](picture):
            return [*(reached[place] for place in range(len(marks) - 1)), changed]
    rest = b"".join(data for _, data in arrived).decode(errors="replace")
    shown = "\n".join(row.rstrip() for row in picture).strip()
    raise RuntimeError(f"the picture that was waited for did not come, but:\n{shown}\n{rest}")
