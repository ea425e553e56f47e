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

from tests.ssh.server import Server
from tests.ui.on_terminal import OnTerminal
from tests.waiting import eventually

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells of processes in /proc"),
]

LARGE = f"""
title = "A large net"
[network]
inputs = 200
[[network.layers]]
neurons = 200
activation = "tanh"
[[network.layers]]
neurons = 10
[loss]
kind = "mse"
[training]
learning_rate = 0.001
[[samples]]
x = {[0.1] * 200}
t = {[0] * 9 + [1]}
"""
"""42,000 parameters: some hundred rounds of them are more than a login may keep."""

FIRST = "hidden.p[1,1]"
KEYS = 100_000
ESCAPE = "\x1b[27u"
"""The key as terminals of the Kitty protocol send it: it does not join what comes after it."""
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


class Neighbour:
    """A second pupil, who steps on and on."""

    def __init__(self, terminal: OnTerminal) -> None:
        self.terminal, self.step = terminal, 1

    def steps(self) -> None:
        """Take a step, and see it."""
        self.step += 1
        self.terminal.type("n")
        self.terminal.shows(f"step {self.step}/55")


def type_half_a_character(terminal: OnTerminal, process: int, neighbour: Neighbour) -> None:
    """An é whose second byte comes when the first was read."""
    begun = bytes_read(process)
    os.write(terminal.master, b"\xc3")
    eventually(lambda: bytes_read(process) > begun, "the byte does not arrive")
    neighbour.steps()
    os.write(terminal.master, b"\xa9")
    terminal.type("n")
    terminal.shows("step 2/55")


def insist(terminal: OnTerminal, keys: str, text: str) -> None:
    """Type keys, and again where they were dropped, until the screen shows a text."""

    def is_shown() -> bool:
        terminal.type(keys)
        with terminal.news:
            return terminal.news.wait_for(lambda: text in terminal.text, 1)

    eventually(is_shown, f"{keys!r} does nothing")


def type_far_too_much(terminal: OnTerminal, process: int, neighbour: Neighbour) -> None:
    """A flood of keys, of which little is kept."""
    begun = bytes_read(process)
    flooding = flood(terminal)
    while flooding.is_alive() and neighbour.step < 20:
        neighbour.steps()
    eventually(lambda: bytes_read(process) > begun + KEYS, "the keys are not taken")
    insist(terminal, f"{ESCAPE}:goto 9\r", "step 9/55")
    assert private_bytes(process) < 64 * 2**20


def train_more_than_there_is_room_for(
    terminal: OnTerminal, process: int, neighbour: Neighbour
) -> None:
    """Rounds of a large net up to the limit, and once more after an edit."""
    terminal.type("o")
    terminal.shows("choose a scenario")
    terminal.type("\x1b[B\r")
    terminal.shows("large · round 1 ")
    for command in ("train 100000", "edit x[1] 3", "train 2000"):
        terminal.type(f":{command}\r")
        if command.startswith("train"):
            terminal.shows("MiB")
        neighbour.steps()
        terminal.type(":goto 9\r")
        terminal.shows("step 9/")
        terminal.wait_for(lambda: "MiB" not in terminal.text)
    assert cpu(process) is not None


def test_whatever_a_pupil_does_another_one_steps_undisturbed(folder: Path) -> None:
    place = folder / "pranks"
    place.mkdir()
    (place / "large.toml").write_text(LARGE, encoding="utf-8")
    server = Server(place, "class", f"two-layer-sigmoid {place}/large.toml")
    terminals = []

    def login() -> OnTerminal:
        terminals.append(server.login())
        terminals[-1].shows(FIRST)
        return terminals[-1]

    try:
        prankster = login()
        (process,) = server.processes()
        neighbour = Neighbour(login())
        for prank in (
            type_half_a_character, type_far_too_much, train_more_than_there_is_room_for
        ):  # fmt: skip
            prank(prankster, process, neighbour)
            neighbour.steps()
        cut_while_keys_flood_in(prankster, process)
        neighbour.steps()
        undisturbed = login()
        undisturbed.type(f":goto {neighbour.step}\r")
        undisturbed.wait_for(lambda: undisturbed.text == neighbour.terminal.text)
    finally:
        for each in terminals:
            each.close()
        server.close()
