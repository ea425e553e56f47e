"""What a pupil may do to a login of their own, with the real sshd and ssh; others do not notice."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

pytest.importorskip("pwd")

from tests.ssh.server import Server, eventually
from tests.ui.on_terminal import OnTerminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes in /proc"),
]

FIRST = "hidden.p[1,1]"
KEYS = 100_000
TICKS = os.sysconf("SC_CLK_TCK")


def cpu(process: int) -> float | None:
    """Seconds that a process has computed; None where it is gone."""
    try:
        behind = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2]
    except OSError:
        return None
    state, *others = behind.split()
    return None if state in "ZX" else sum(map(int, others[10:12])) / TICKS


def bytes_read(process: int) -> int:
    """Bytes that a process has read, from its terminal and from files."""
    text = Path(f"/proc/{process}/io").read_text(encoding="ascii")
    return int(re.findall(r"rchar: (\d+)", text)[0])


def private_bytes(process: int) -> int:
    """The memory of a process that no other shares."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii")
    return 1024 * sum(map(int, re.findall(r"(?m)^Private_\w+:\s+(\d+) kB", text)))


def flood(terminal: OnTerminal) -> Thread:
    """Type more keys into a terminal than anybody waits for, as long as the line is there."""

    def type_all() -> None:
        try:
            terminal.type(":" + "x" * KEYS)
        except OSError:
            return

    thread = Thread(target=type_all, daemon=True)
    thread.start()
    return thread


def cut_while_keys_flood_in(terminal: OnTerminal, process: int) -> None:
    """Cut a line in the middle of a flood; the login computes for at most a second more."""
    begun = bytes_read(process)
    flood(terminal)
    eventually(lambda: bytes_read(process) > begun + KEYS // 5, "the keys do not arrive")
    terminal.process.send_signal(signal.SIGKILL)
    computed = [cpu(process) or 0.0]

    def is_gone() -> bool:
        if (now := cpu(process)) is None:
            return True
        computed.append(now)
        return False

    eventually(is_gone, "the program goes on without its terminal")
    assert computed[-1] - computed[0] < 1


def test_a_line_that_is_cut_while_keys_flood_in_leaves_nothing_computing(
    server: Server, login: Callable[..., OnTerminal]
) -> None:
    terminal = login()
    terminal.shows(FIRST)
    (process,) = server.processes()
    cut_while_keys_flood_in(terminal, process)
    assert server.processes() == []
