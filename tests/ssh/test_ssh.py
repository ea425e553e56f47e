"""The guide's class account and its watchers, with the real sshd and ssh on the loopback device.

The settings and scripts are those of docs/ssh.md, for whoever runs the tests in the place of its
accounts. Where one of the programs is missing the tests are skipped, but not in the continuous
build.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("pwd")

from tests.ssh.server import GUIDE, HOST, Server, sshd
from tests.ui.on_terminal import OnTerminal
from tests.waiting import SECONDS, eventually

pytestmark = pytest.mark.slow

FIRST = "hidden.p[1,1]"
"""What the first step is about."""


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


def test_sshd_has_nothing_to_say_about_the_settings(server: Server) -> None:
    asked = [str(sshd()), "-t", "-f", str(server.folder / "sshd_config")]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


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


def test_the_setting_of_the_client_is_for_the_lesson_s_host_alone(folder: Path) -> None:
    """An ssh that does not know the setting takes it too."""
    (settings,) = re.findall(r"(?ms)^```\n(IgnoreUnknown .*?)```", GUIDE)
    (option,) = re.findall(r"`ssh (-o \S+ -o \S+) class@server`", GUIDE)
    file = folder / "config"
    file.write_text(settings, encoding="utf-8")
    told = [_settings_of("-F", str(file), host) for host in ("server", "elsewhere")]
    told.append(_settings_of("-F", "/dev/null", *option.split(), "server"))
    timings = [re.findall(r"(?m)^obscurekeystroketiming (.*)", each) for each in told]
    knows = bool(timings[1])
    assert [each == ["no"] for each in timings] == [knows, False, knows]


def _settings_of(*arguments: str) -> str:
    return subprocess.run(
        ["ssh", "-G", *arguments], capture_output=True, text=True, check=True
    ).stdout


def test_the_program_s_python_is_one_that_the_account_may_run() -> None:
    """A `python3` on root's path may lie in root's home, where nobody else may look."""
    (shell,) = re.findall(r"```sh\n(sudo apt install openssh-server .*?)```", GUIDE, re.DOTALL)
    lines = shell.splitlines()
    (made,) = (each for each in lines if " -m venv " in each)
    assert made == "sudo /usr/bin/python3 -m venv /opt/nnhs-tui"
    assert lines[-1] == "sudo -u nobody /opt/nnhs-tui/bin/nnhs-tui --version"
