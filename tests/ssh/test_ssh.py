"""The guide's class account and its watchers, with the real sshd and ssh on the loopback device.

The settings and scripts are those of docs/ssh.md, for whoever runs the tests in the place of its
accounts. Where one of the programs is missing the tests are skipped, but not in the continuous
build.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

pytest.importorskip("pwd")

from tests.ssh.server import GUIDE, HOST, PROGRAM, Server, need_them
from tests.ui.on_terminal import SECONDS, OnTerminal

pytestmark = pytest.mark.slow

FIRST = "hidden.p[1,1]"
"""What the first step is about."""


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One with a short name, as sockets need it."""
    need_them()
    with TemporaryDirectory(prefix="nnhs-") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    """Where whoever runs the tests is the class; a dead line is noticed sooner."""
    (folder / "class").mkdir()
    times = {"ClientAliveInterval 30": "ClientAliveInterval 1", "CountMax 4": "CountMax 1"}
    running = Server(folder / "class", "class", **times)
    yield running
    running.close()


@pytest.fixture
def login(server: Server) -> Iterator[Callable[..., OnTerminal]]:
    """Logs in, and out again at the end."""
    made: list[OnTerminal] = []

    def begin(*options: str, **environment: str) -> OnTerminal:
        made.append(server.login(*options, **environment))
        return made[-1]

    yield begin
    for each in made:
        each.close()


def eventually(condition: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds that nobody tells of; fails after some seconds."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def test_a_login_is_the_debugger_and_ends_with_it(
    server: Server, login: Callable[..., OnTerminal]
) -> None:
    terminal = login()
    terminal.shows(FIRST)
    terminal.type("nn:goto 7\r")
    terminal.shows("step 7/55")
    terminal.type("q")
    assert terminal.process.wait(SECONDS) == 0
    eventually(lambda: not server.processes(), "something is left of the login")


def test_without_a_terminal_it_prints_and_no_command_is_run(server: Server) -> None:
    told = server.told(HOST, "sh", "-c", "'echo escaped'")
    assert "Two layers with sigmoid" in told and "escaped" not in told


@pytest.mark.parametrize("protocol", ["sftp", "scp"])
def test_no_file_is_copied(server: Server, folder: Path, protocol: str) -> None:
    (folder / "secret").write_text("secret")
    there, here = f"{HOST}:{folder}/{protocol}", str(folder / "secret")
    if protocol == "sftp":
        server.told(f"{HOST}:{here}", str(folder / protocol), program="scp")
    else:
        server.told("-O", here, there, program="scp")
    assert not (folder / protocol).exists()


def test_the_settings_hold_for_the_class(server: Server) -> None:
    settings = server.settings()
    closed = "x11forwarding allowagentforwarding allowtcpforwarding permittunnel permituserrc"
    assert {settings[each] for each in closed.split()} == {"no"}
    assert (settings["disableforwarding"], settings["maxsessions"]) == ("yes", "1")


def test_nothing_is_forwarded(server: Server, folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as inside, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        target, port = inside.getsockname()[1], free.getsockname()[1]
        assert "forwarding failed" in server.told("-W", f"127.0.0.1:{target}", HOST)
        fails = ("-N", "-o", "ExitOnForwardFailure=yes")
        for there in (f"127.0.0.1:0:127.0.0.1:{target}", f"{folder}/socket:{folder}/other"):
            assert "forwarding failed" in server.told(*fails, "-R", there, HOST)
        free.close()
        tunnel = subprocess.Popen(server.ssh("-N", "-L", f"{port}:127.0.0.1:{target}", HOST))
        try:
            eventually(lambda: _closes_at_once(port), "the tunnel leads somewhere")
        finally:
            tunnel.kill()
            tunnel.wait()
        inside.settimeout(0)
        with pytest.raises(BlockingIOError):
            inside.accept()


def _closes_at_once(port: int) -> bool:
    """Whether ssh takes a connection and, as the server refuses it, closes it."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(5)
            return connection.recv(1) == b""
    except ConnectionRefusedError:
        return False
    except ConnectionResetError:
        return True


def test_a_client_says_nothing_about_itself_but_its_language(
    server: Server, login: Callable[..., OnTerminal], folder: Path
) -> None:
    sent = {
        "LD_PRELOAD": "/tmp/nothing.so", "PYTHONSTARTUP": "/tmp/nothing.py", "PYTHONPATH": "/tmp",
        "TEXTUAL_LOG": "/tmp/nothing.log", "XDG_CONFIG_HOME": "/tmp", "LC_TIME": "C.UTF-8",
    }  # fmt: skip
    variables = " ".join(f"{name}={value}" for name, value in sent.items())
    place = folder / "agent"
    agent = subprocess.Popen(["ssh-agent", "-D", "-a", str(place)], stdout=subprocess.DEVNULL)
    try:
        eventually(place.exists, "there is no agent")
        terminal = login("-o", f"SetEnv={variables}", "-A", SSH_AUTH_SOCK=str(place))
        terminal.shows(FIRST)
    finally:
        agent.terminate()
        agent.wait()
    (process,) = server.processes()
    environment = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
    names = {each.split(b"=")[0].decode() for each in environment if each}
    assert names & {*sent, "SSH_AUTH_SOCK"} == {"LC_TIME"}


def test_no_key_leads_out(server: Server, login: Callable[..., OnTerminal]) -> None:
    terminal = login(TERM="../../../etc/passwd;sh")
    terminal.type("\x1a\x1c\x03")
    terminal.shows(FIRST)
    terminal.type("\x1a\x1c\x03n:save out\r")
    terminal.shows("there is no command 'save'")
    terminal.type("\x10")
    terminal.shows("a command, by its name")
    assert "p21 = w21·x2" not in terminal.text
    terminal.type("sh\x1b[27u")
    terminal.shows("p21 = w21·x2")
    terminal.type(":goto 9\r")
    terminal.shows("step 9/55")
    (process,) = server.processes()
    assert b"--kiosk" in Path(f"/proc/{process}/cmdline").read_bytes()
    terminal.type("q")
    assert terminal.process.wait(SECONDS) == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=["cut", "silent"])
def test_a_line_that_is_gone_leaves_nothing_running(
    server: Server, login: Callable[..., OnTerminal], how: signal.Signals
) -> None:
    terminal = login()
    terminal.shows(FIRST)
    terminal.type("t")
    terminal.shows("question 1 of")
    terminal.type("1.2")
    terminal.process.send_signal(how)
    eventually(lambda: not server.processes(), "the program goes on without its terminal")


# Watching

PANES = "#{session_name} #{window_index} #{pane_mode} #{window_width}x#{window_height}"


def tmux(place: Path, *arguments: str) -> str:
    """What tmux answers about the lesson."""
    command = ["tmux", "-S", str(place / "lesson"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def press(watcher: OnTerminal, place: Path, key: str) -> None:
    """Press a key of tmux's: one after the other, as what comes in one piece is a paste."""
    for typed, table in (("\x02", True), (key, False)):
        watcher.type(typed)
        eventually(
            lambda table=table: ("prefix" in tmux(place, "list-clients", "-F", TABLES)) == table,
            f"{key!r} is no key",
        )


TABLES = "#{client_key_table}"


def lesson(folder: Path, command: str) -> str:
    """The guide's command that begins a lesson, with the paths of this test."""
    (found,) = re.findall(r"```sh\n(tmux -S /tmp/lesson new .*?)```", GUIDE, re.DOTALL)
    found = found.replace("/tmp/lesson", str(folder / "lesson")).replace("-r watch", "-r nobody")
    (program,) = re.findall(r"'(nnhs-tui run .*?)'", found)
    return found.replace(program, command.replace("nnhs-tui", PROGRAM))


@pytest.fixture
def presenter(folder: Path) -> Iterator[OnTerminal]:
    (folder / "watch").mkdir()
    command = lesson(folder / "watch", "nnhs-tui run two-layer-sigmoid --fresh")
    environment = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8"}
    environment.pop("TMUX", None)
    terminal = OnTerminal(["sh", "-c", command], env=environment)
    terminal.shows(FIRST)
    yield terminal
    subprocess.run(["tmux", "-S", str(folder / "watch" / "lesson"), "kill-server"], check=False)
    terminal.close()


def test_watchers_see_the_presenter_s_steps_and_can_do_nothing(
    presenter: OnTerminal, folder: Path
) -> None:
    place = folder / "watch"
    server = Server(place, "watch")
    watchers = []
    try:
        for size in ((80, 24), (60, 20)):
            watchers.append(server.login(size=size))
            watchers[-1].shows("forward › hidden › neuron 1 › p11")
        presenter.type(":goto 7\r")
        for watcher in watchers:
            watcher.shows("forward › hidden › neuron 2 › p22")
        before = tmux(place, "list-panes", "-a", "-F", PANES)
        for key in "c%\":sw[&x$,f'!(LDt\x1a\x0f":
            press(watchers[0], place, key)
        watchers[0].shows("Client is read-only")
        watchers[0].type("nq:?t\x03\x1a\x1c\x04")
        presenter.type(":goto 9\r")
        presenter.shows("step 9/55")
        watchers[1].shows("step 9/55")
        assert tmux(place, "list-panes", "-a", "-F", PANES) == before
        press(watchers[0], place, "d")
        assert watchers[0].process.wait(SECONDS) == 0
        presenter.type("q")
        assert watchers[1].process.wait(SECONDS) == 0
        assert "No lesson is being shown now" in server.told("-tt", HOST)
    finally:
        for watcher in watchers:
            watcher.close()
        server.close()
